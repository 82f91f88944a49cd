"""sum, mean, prod, max, min, ptp and their nan forms: every argument that NumPy takes."""

import warnings

import numpy as np
import pytest

from autograd_core import DTypeError, NotDifferentiable, ShapeError, Tensor
from tests.autograd_core.agreement import check_like_numpy, check_value
from tests.autograd_core.checking import check_derivatives, derivative

STARTED = [np.sum, np.prod, np.max, np.min, np.nansum, np.nanprod, np.nanmax, np.nanmin]
TYPED = [np.sum, np.prod, np.mean, np.nansum, np.nanprod, np.nanmean]
EXTREMES = [np.max, np.min, np.nanmax, np.nanmin]
SKIPPING = [np.nansum, np.nanprod, np.nanmean, np.nanmax, np.nanmin]
ALL = [*STARTED, np.mean, np.nanmean]

name = pytest.mark.parametrize
MASK = np.array([[True, False, True, True], [True, True, True, True], [False, True, False, False]])


def distinct(rng, *shape):
    return rng.permutation(np.linspace(-1.9, 2, int(np.prod(shape)))).reshape(shape)


@name("function", ALL)
@name("axis", [None, 0, -2, (0, 2), (-1, 1), ()])
@name("keepdims", [False, True])
def test_axes(function, axis, keepdims, rng):
    check_like_numpy(
        lambda t: function(t, axis=axis, keepdims=keepdims), [distinct(rng, 2, 3, 4)], rng
    )


@name("function", STARTED)
@name("axis", [None, 0, (1,)])
@name("initial", [0.6, -3, np.float32(2.5)])
def test_an_initial_value(function, axis, initial, rng):
    x = distinct(rng, 3, 4)
    check_like_numpy(lambda t: function(t, axis=axis, initial=initial), [x], rng)
    check_like_numpy(
        lambda t: function(t, axis=axis, initial=initial, where=MASK, keepdims=True), [x], rng
    )


@name("function", STARTED)
def test_the_initial_value_may_record(function, rng):
    x, start = distinct(rng, 3, 4), 3 * distinct(rng, 1)[0]
    check_derivatives(lambda t, s: function(t, axis=1, initial=s), [x, start], rng)
    check_derivatives(lambda t, s: function(t, initial=s, where=MASK), [x, start], rng)


@name("function", [np.sum, np.mean, np.prod, np.nansum, np.nanmean, np.nanprod])
@name(
    ("mask", "axis"),
    [(MASK, 0), (MASK, (0, 1)), (MASK[0], None), (MASK[:, 3:], 0), ([[True], [True], [False]], 0)],
)
def test_a_mask(function, mask, axis, rng):
    check_like_numpy(lambda t: function(t, axis=axis, where=mask), [distinct(rng, 3, 4)], rng)


@name("function", [np.sum, np.mean, np.prod])
def test_what_the_mask_leaves_out_may_be_anything(function):
    x = np.array([2.0, np.nan, 3.0, np.inf])
    mask = np.array([True, False, True, False])
    for order in (1, 2):
        slope = derivative(lambda t: function(t, where=mask), x, order)
        expected = derivative(function, x[mask], order)
        np.testing.assert_array_equal(slope, [expected[0], 0, expected[1], 0])


def test_a_mask_changed_after_the_call_does_not_change_the_gradient():
    x, mask = Tensor([1.0, 2.0, 3.0]), np.array([True, False, True])
    total = np.sum(x, where=mask)
    mask[:] = False
    total.backward()
    np.testing.assert_array_equal(x.grad, [1, 0, 1])


@name("function", TYPED)
@name("dtype", ["float64", np.float32, complex])
def test_dtype(function, dtype, rng):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_like_numpy(
            lambda t: function(t, axis=1, dtype=dtype), [distinct(rng, 3, 4)], rng, order=0
        )
    x = Tensor(np.float32([1.5, 2.5]))
    out = function(x, dtype=dtype)
    out.backward(np.ones((), out.dtype))
    assert x.grad.dtype == np.float32


@name("function", [np.sum, np.prod])
def test_an_integer_dtype_ends_the_history(function):
    out = function(Tensor([1.5, 2.5]), dtype=int)
    assert not out.requires_grad
    assert out.data == function(np.array([1.5, 2.5]), dtype=int)


@name("function", [*STARTED, np.mean])
def test_integers_and_booleans_as_numpy(function):
    for x in (np.arange(1, 7).reshape(2, 3), np.array([[True, False, True]])):
        out = function(Tensor(x), axis=0)
        expected = function(x, axis=0)
        assert (out.dtype, out.requires_grad) == (expected.dtype, False)
        np.testing.assert_array_equal(out.data, expected)


@name("function", [np.sum, np.prod, np.nansum, np.nanprod])
@name("shape", [(0,), (0, 3), (3, 0)])
def test_nothing_to_reduce(function, shape, rng):
    check_like_numpy(lambda t: function(t, axis=0), [np.zeros(shape)], rng)


@name("function", EXTREMES)
def test_the_extreme_of_nothing_is_the_initial_value(function, rng):
    check_like_numpy(lambda t: function(t, axis=0, initial=1.5), [np.zeros((0, 3))], rng)
    with pytest.raises(ShapeError, match="no identity"):
        function(Tensor(np.zeros((0, 3))), axis=0)


@name("function", EXTREMES)
def test_ties_share_equally(function):
    x = np.array([[1.0, 1.0, 1.0], [2.0, 1.0, 2.0]])
    slope = derivative(lambda t: function(t, axis=1), x)
    np.testing.assert_allclose(slope.sum(axis=1), 1)
    np.testing.assert_allclose(slope[0], 1 / 3)
    ties = x[1] == function(x[1])
    np.testing.assert_allclose(slope[1], ties / ties.sum())
    np.testing.assert_array_equal(derivative(function, x, 2), 0)


@name("function", [np.max, np.nanmax])
def test_the_initial_value_ties_as_an_element_does(function):
    x, start = Tensor([3.0, 3.0, 1.0]), Tensor(3.0)
    function(x, initial=start).backward()
    np.testing.assert_allclose([*x.grad, start.grad], [1 / 3, 1 / 3, 0, 1 / 3])


@name("function", [np.max, np.min])
def test_where_the_extreme_is_nan_the_nans_are_what_ties(function):
    x = np.array([[1.0, np.nan, 2.0, np.nan], [1.0, 3.0, 2.0, 0.0]])
    slope = derivative(lambda t: function(t, axis=1), x)
    np.testing.assert_array_equal(slope[0], [0, 0.5, 0, 0.5])
    assert sorted(slope[1]) == [0, 0, 0, 1]


@name("axis", [None, 1, (0, 2)])
@name("keepdims", [False, True])
def test_ptp(axis, keepdims, rng):
    x = distinct(rng, 2, 3, 4)
    check_like_numpy(lambda t: np.ptp(t, axis=axis, keepdims=keepdims), [x], rng)


@name("function", [np.sum, np.prod, np.mean, np.nansum, np.nanprod, np.nanmean])
def test_complex_numbers(function, rng):
    z = distinct(rng, 3, 4) + 1j * distinct(rng, 3, 4)
    check_like_numpy(lambda t: function(t, axis=0), [z], rng)
    check_like_numpy(lambda t: function(t, where=MASK), [z], rng)


# ------------------------------------------------------------------------------ NaN


@name("function", SKIPPING)
@name("axis", [None, 0, 1])
def test_nan_is_skipped_and_gets_no_gradient(function, axis, rng):
    x = distinct(rng, 3, 4)
    holes = np.zeros((3, 4), bool)
    holes[0, 1] = holes[2, 3] = holes[2, 0] = True
    x[holes] = np.nan
    check_value(function(Tensor(x), axis=axis), function(x, axis=axis))

    filled = np.where(holes, 1.0, x)
    check_derivatives(lambda t: function(np.where(holes, np.nan, t), axis=axis), [filled], rng)
    for order in (1, 2):
        slope = derivative(lambda t: function(t, axis=axis), x, order)
        np.testing.assert_array_equal(slope[holes], 0)


@name("function", [np.nanmean, np.nanmax, np.nanmin])
def test_a_row_of_nan_warns_as_numpy_does(function):
    x = np.array([[np.nan, np.nan], [1.0, 2.0]])
    with pytest.warns(RuntimeWarning, match=r"empty slice|All-NaN"):
        out = function(Tensor(x), axis=1)
    assert np.isnan(out.data[0])


# ------------------------------------------------------------------------------ messages


@name("function", ALL)
def test_out_is_refused_by_position_too(function):
    place = 3 if function in TYPED else 2
    arguments = [None] * (place - 1) + [np.zeros(())]
    with pytest.raises(NotDifferentiable, match="out="):
        function(Tensor([1.0, 2.0]), *arguments)


def test_an_axis_must_be_an_integer():
    with pytest.raises(DTypeError, match="integer"):
        np.sum(Tensor([1.0]), axis=0.5)


def test_a_mask_that_does_not_fit():
    with pytest.raises(ShapeError, match=r"sum: .*\(3,\)"):
        np.sum(Tensor(np.ones(3)), where=np.ones((2, 3), bool))


@name("method", ["sum", "prod", "mean", "var", "std"])
def test_the_methods_take_their_arguments_by_position(method, rng):
    x = distinct(rng, 3, 4)
    check_like_numpy(lambda t: getattr(t, method)(0, "float64"), [x], rng, order=0)
    if method in ("sum", "prod"):
        check_like_numpy(lambda t: getattr(t, method)(0, None, None, True, 0.5, MASK), [x], rng)
