"""Running extremes and log-sum-exp, the k largest, and distances between points."""

import numpy as np
import pytest
from scipy.spatial import distance

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives, derivative


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -3])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    ("ours", "ufunc"),
    [(ag.cummax, np.maximum), (ag.cummin, np.minimum), (ag.logcumsumexp, np.logaddexp)],
)
def test_values_are_numpys(ours, ufunc, axis, dtype, rng):
    x = rng.normal(size=(2, 5, 3)).astype(dtype)
    out = ours(Tensor(x), axis)
    assert out.dtype == dtype
    np.testing.assert_array_equal(out.data, ufunc.accumulate(x, axis=axis))


def test_a_record_that_is_equalled_passes_to_the_latest():
    x = np.array([2.0, 2.0, 1.0, 2.0, 3.0, 3.0])
    np.testing.assert_array_equal(derivative(ag.cummax, x), [1, 2, 0, 1, 1, 1])
    np.testing.assert_array_equal(derivative(ag.cummin, -x), [1, 2, 0, 1, 1, 1])
    np.testing.assert_array_equal(derivative(ag.cummax, x, 2), 0)


def test_from_the_first_nan_on_the_running_extreme_is_nan():
    x = Tensor([1.0, np.nan, 3.0])
    y = ag.cummax(x)
    np.testing.assert_array_equal(y.data, [1, np.nan, np.nan])
    y.backward([1.0, 10.0, 100.0])
    np.testing.assert_array_equal(x.grad, [1, 110, 0])


def test_logcumsumexp_of_huge_and_of_infinite_numbers():
    x = Tensor([-np.inf, -1e4, 1e4, -1e4, 1e4])
    y = ag.logcumsumexp(x)
    np.testing.assert_allclose(y.data, [-np.inf, -1e4, 1e4, 1e4, 1e4 + np.log(2)], rtol=1e-15)
    y.sum().backward()
    np.testing.assert_allclose(x.grad, [0, 1, 2.5, 0, 0.5], rtol=1e-12)


def test_logcumsumexp_has_the_gradient_of_the_cumulative_sum(rng):
    x = rng.normal(size=6)
    check_derivatives(ag.logcumsumexp, [x], rng)
    weights = np.tril(np.exp(x - np.logaddexp.accumulate(x)[:, None]))
    np.testing.assert_allclose(derivative(ag.logcumsumexp, x), weights.sum(axis=0), rtol=1e-13)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("k", [0, 1, 2, 3])
@pytest.mark.parametrize("largest", [True, False])
def test_topk(k, axis, largest, rng):
    x = rng.permutation(12.0 * np.ones(12) + np.arange(12)).reshape(3, 4)
    values, indices = ag.topk(Tensor(x), k, axis, largest)
    ordered = np.sort(x, axis=axis)
    if largest:
        ordered = np.flip(ordered, axis)
    expected = np.take(ordered, range(k), axis)
    np.testing.assert_array_equal(values.data, expected)
    np.testing.assert_array_equal(np.take_along_axis(x, indices, axis), expected)
    assert isinstance(indices, np.ndarray)
    check_derivatives(lambda t: ag.topk(t, k, axis, largest).values ** 2, [x / 10], rng)


def test_topk_of_equal_elements_takes_the_first_and_of_nan_that():
    assert ag.topk(Tensor([1.0, 2.0, 2.0, 2.0]), 2).indices.tolist() == [1, 2]
    assert ag.topk(Tensor([2.0, 1.0, 1.0]), 1, largest=False).indices.tolist() == [1]
    assert ag.topk(Tensor([1.0, np.nan, 2.0]), 2).indices.tolist() == [1, 2]


def test_topk_of_plain_arrays_and_of_integers():
    values, indices = ag.topk(np.array([3, 1, 2]), 2)
    assert (values.tolist(), indices.tolist()) == ([3, 2], [0, 2])
    assert isinstance(values, np.ndarray)
    assert ag.topk(Tensor([3, 1, 2]), 1).values.data.tolist() == [3]


def test_topk_refuses():
    x = Tensor(np.ones((2, 3)))
    with pytest.raises(ag.ShapeError, match=r"topk: axis 1 of .*\(2, 3\).* 3 elements.*it is 4"):
        ag.topk(x, 4)
    with pytest.raises(ag.ShapeError, match="axis 2 does not exist"):
        ag.topk(x, 1, 2)
    with pytest.raises(ag.DTypeError, match="topk is defined for real numbers"):
        ag.topk(Tensor([1j]), 1)


METRICS = [(2.0, "euclidean"), (1.0, "cityblock"), (np.inf, "chebyshev"), (3.0, "minkowski")]


@pytest.mark.parametrize(("p", "metric"), METRICS)
def test_distances_are_scipys(p, metric, rng):
    x, y = rng.normal(size=(4, 3)), rng.normal(size=(5, 3))
    options = {"p": p} if metric == "minkowski" else {}
    expected = distance.cdist(x, y, metric, **options)
    np.testing.assert_allclose(ag.cdist(Tensor(x), y, p).data, expected, rtol=1e-15)
    single = ag.cdist(Tensor(x.astype("float32")), y.astype("float32"), p)
    assert single.dtype == "float32"
    np.testing.assert_allclose(single.data, expected, rtol=1e-5)


def test_distances_of_far_points_keep_their_digits():
    x = Tensor([[1e8, 0.0]])
    d = ag.cdist(x, np.array([[1e8 + 1, 1.0]]))
    assert float(d.data[0, 0]) == pytest.approx(np.sqrt(2), rel=1e-15)
    d.backward([[1.0]])
    np.testing.assert_allclose(x.grad, [[-np.sqrt(0.5)] * 2], rtol=1e-15)


@pytest.mark.parametrize("p", [1.0, 1.5, 2.0, 3.0, np.inf])
def test_equal_points_have_no_gradient(p):
    x = Tensor([[1.0, 2.0], [1.0, 3.0]])
    ag.cdist(x, x, p).sum().backward(create_graph=True)
    gradient = x.grad
    np.testing.assert_array_equal(gradient.data, [[0, -2], [0, 2]])
    x.grad = None
    (gradient * gradient).sum().backward()
    assert np.all(np.isfinite(x.grad))


def test_largest_differences_that_tie_share():
    x = Tensor([[1.0, -1.0, 0.5]])
    ag.cdist(x, np.zeros((1, 3)), np.inf).sum().backward()
    np.testing.assert_array_equal(x.grad, [[0.5, -0.5, 0]])


def test_distances_refuse():
    x = Tensor(np.ones((2, 3)))
    with pytest.raises(
        ag.ShapeError, match=r"cdist: x has shape \(\.\.\., n, features\).*\(4, 2\)"
    ):
        ag.cdist(x, np.ones((4, 2)))
    with pytest.raises(ag.ShapeError, match=r"cdist: .*One point is x\[None, :\]"):
        ag.cdist(x[0], np.ones((4, 3)))
    with pytest.raises(ag.ShapeError, match=r"cdist: p=0\.5 gives no distance"):
        ag.cdist(x, x, 0.5)
    with pytest.raises(ag.NotDifferentiable, match="cdist: p is an option"):
        ag.cdist(x, x, Tensor(2.0))
