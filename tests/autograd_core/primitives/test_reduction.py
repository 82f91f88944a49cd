"""Reductions at their special points, and the arguments NumPy takes."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import NotDifferentiable, ShapeError, Tensor
from tests.autograd_core.checking import check_derivatives, derivative

REDUCTIONS = [np.sum, np.mean, np.prod, np.max, np.min, np.var, np.std]


def products_of_the_others(x):
    return np.array([np.prod(np.delete(x, i)) for i in range(x.size)])


def pairs(x):
    """Row sums of the Hessian of the product: products that leave out two elements."""
    n = x.size
    others = [[np.prod(np.delete(x, [i, j])) * (i != j) for j in range(n)] for i in range(n)]
    return np.sum(others, axis=1)


@pytest.mark.parametrize(
    "x",
    [[2.0, 3.0, 4.0], [0.0, 3.0, 4.0], [0.0, 3.0, 0.0, 5.0], [0.0, 0.0, 0.0], [0.0], [-0.0, 2.0]],
    ids=str,
)
def test_the_product_has_derivatives_where_elements_are_zero(x):
    x = np.array(x)
    np.testing.assert_allclose(derivative(np.prod, x), products_of_the_others(x))
    np.testing.assert_allclose(derivative(np.prod, x, 2), pairs(x))


@pytest.mark.parametrize("axis", [0, 1, -1, (0, 2), (), None])
def test_the_product_along_axes_with_zeros(axis, rng):
    x = rng.uniform(0.5, 2, (2, 3, 4))
    x[0, 1, 2] = x[1, 1, 2] = x[0, 0, 0] = 0.0
    check_derivatives(lambda t: np.prod(t, axis=axis), [x], rng, order=3)


def test_the_spread_of_equal_numbers_has_slope_zero():
    equal = np.full((2, 3), 1.5)
    for order in (1, 2):
        np.testing.assert_array_equal(derivative(np.std, equal, order), 0)
        np.testing.assert_array_equal(derivative(lambda t: np.std(t, axis=1), equal, order), 0)
    mixed = np.array([[1.5, 1.5, 1.5], [1.0, 2.0, 4.0]])
    rows = derivative(lambda t: np.std(t, axis=1) * [3.0, 1.0], mixed)
    np.testing.assert_array_equal(rows[0], 0)
    deviations = mixed[1] - mixed[1].mean()
    np.testing.assert_allclose(rows[1], deviations / (3 * mixed[1].std()))


@pytest.mark.parametrize("function", [np.var, np.std])
def test_degrees_of_freedom_by_both_spellings(function, rng):
    x = rng.uniform(-2, 2, (3, 4))
    expected = derivative(lambda t: function(t, axis=0, ddof=1), x)
    found = derivative(lambda t: function(t, axis=0, correction=1), x)
    np.testing.assert_array_equal(found, expected)


def test_the_variance_of_complex_numbers_is_real(rng):
    z = rng.uniform(-1, 1, 4) + 1j * rng.uniform(-1, 1, 4)
    assert np.var(Tensor(z)).dtype == float
    check_derivatives(np.var, [z], rng)
    check_derivatives(np.std, [z], rng)


# ------------------------------------------------------------------------------ log-sum-exp


def test_the_logarithm_of_no_probability_at_all():
    nothing = np.full(3, -np.inf)
    assert ag.logsumexp(Tensor(nothing)).data == -np.inf
    for order in (1, 2):
        np.testing.assert_array_equal(derivative(ag.logsumexp, nothing, order), 0)


def test_minus_infinity_takes_no_part_in_the_logarithm_of_a_sum():
    x = np.array([-np.inf, 0.5, -1.0])
    found = derivative(ag.logsumexp, x)
    assert found[0] == 0
    np.testing.assert_allclose(found[1:], np.exp(x[1:]) / np.exp(x[1:]).sum())
    assert np.all(np.isfinite(derivative(ag.logsumexp, x, 2)))


def test_the_logarithm_of_a_sum_of_huge_terms():
    x = np.array([1e4, 1e4 - 1, -1e4])
    assert ag.logsumexp(Tensor(x)).data == pytest.approx(1e4 + np.log1p(np.exp(-1)))
    e = np.array([1, np.exp(-1), 0])
    np.testing.assert_allclose(derivative(ag.logsumexp, x), e / e.sum())


def test_one_row_of_minus_infinity_does_not_touch_the_others():
    x = np.array([[-np.inf, -np.inf], [0.1, 0.7]])
    found = derivative(lambda t: ag.logsumexp(t, axis=1)[1], x)
    np.testing.assert_array_equal(found[0], 0)
    np.testing.assert_allclose(found[1].sum(), 1)


# ------------------------------------------------------------------------------ arguments


@pytest.mark.parametrize("function", REDUCTIONS)
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1), [1]])
@pytest.mark.parametrize("keepdims", [False, True])
def test_axes_by_any_spelling(function, axis, keepdims, rng):
    x = rng.uniform(0.5, 2, (3, 4))
    numpys = tuple(axis) if isinstance(axis, list) else axis
    expected = function(x, axis=numpys, keepdims=keepdims)
    for out in (
        function(Tensor(x), axis=axis, keepdims=keepdims),
        getattr(Tensor(x), function.__name__)(axis, keepdims=keepdims),
    ):
        np.testing.assert_allclose(out.data, expected, rtol=1e-15)


@pytest.mark.parametrize("function", REDUCTIONS)
@pytest.mark.parametrize(("axis", "word"), [(2, "does not exist"), ((0, -2), "twice")])
def test_axes_that_make_no_sense(function, axis, word):
    with pytest.raises(ShapeError, match=word):
        function(Tensor(np.ones((3, 4))), axis=axis)


def test_a_reduction_in_another_precision():
    x = Tensor(np.ones(4, np.float32))
    total = np.sum(x, dtype="float64")
    assert total.dtype == np.float64
    total.backward()
    assert x.grad.dtype == np.float32


def test_an_output_array_is_refused_with_the_way_out():
    with pytest.raises(NotDifferentiable, match=r"out=.*use the result"):
        np.sum(Tensor([1.0, 2.0]), out=np.zeros(()))


@pytest.mark.parametrize(
    ("reduce", "function"),
    [(np.add, np.sum), (np.multiply, np.prod), (np.maximum, np.max), (np.minimum, np.min)],
)
def test_the_reduce_of_a_ufunc_is_the_reduction_over_the_first_axis(reduce, function, rng):
    x = rng.uniform(0.5, 2, (3, 4))
    np.testing.assert_allclose(reduce.reduce(Tensor(x)).data, function(x, axis=0))
    expected = derivative(lambda t: function(t, axis=0), x)
    np.testing.assert_array_equal(derivative(reduce.reduce, x), expected)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_sums_of_nothing(shape):
    x = Tensor(np.zeros(shape))
    for function, empty in ((np.sum, 0.0), (np.prod, 1.0)):
        out = function(x)
        assert out.data == empty
        out.backward()
        assert x.grad.shape == shape
        x.zero_grad()
