"""median, quantile, percentile and the same without NaN: every argument that NumPy takes."""

import numpy as np
import pytest

from autograd_core import DTypeError, NotDifferentiable, ShapeError, Tensor
from autograd_core.primitives.quantile import CONTINUOUS
from tests.autograd_core.agreement import check_like_numpy, check_value
from tests.autograd_core.checking import check_derivatives, derivative

name = pytest.mark.parametrize
MEDIANS = [np.median, np.nanmedian]
QUANTILES = [np.quantile, np.nanquantile]
PERCENTILES = [np.percentile, np.nanpercentile]
DISCRETE = ["lower", "higher", "nearest", "inverted_cdf", "closest_observation"]
METHODS = [*CONTINUOUS, *DISCRETE, "midpoint", "averaged_inverted_cdf"]
LEVELS = [0.0, 0.1, 0.25, 0.5, 0.61, 0.75, 1.0]


def distinct(rng, *shape):
    return rng.permutation(np.linspace(-1.9, 2, int(np.prod(shape)))).reshape(shape)


@name("function", MEDIANS)
@name("axis", [None, 0, -1, (0, 2), (-1, 1)])
@name("keepdims", [False, True])
@name("shape", [(2, 3, 4), (3, 3, 3)])
def test_the_median(function, axis, keepdims, shape, rng):
    x = distinct(rng, *shape)
    check_like_numpy(lambda t: function(t, axis=axis, keepdims=keepdims), [x], rng)


def test_a_median_may_not_overwrite(rng):
    x = distinct(rng, 5)
    t = Tensor(x)
    assert np.median(t, overwrite_input=True).data == np.median(x)
    assert np.quantile(t, 0.3, overwrite_input=True).data == np.quantile(x, 0.3)
    np.testing.assert_array_equal(t.data, x)


def test_the_median_of_complex_numbers(rng):
    z = distinct(rng, 4) + 1j * distinct(rng, 4)
    check_like_numpy(np.median, [z], rng)


@name("function", [*QUANTILES, *PERCENTILES])
@name("method", METHODS)
def test_every_method_at_every_level(function, method, rng):
    levels = np.array(LEVELS) * (100 if function in PERCENTILES else 1)
    for size in (1, 2, 5, 8):
        x = distinct(rng, 2, size)
        check_like_numpy(lambda t: function(t, levels, axis=1, method=method), [x], rng)


@name("function", QUANTILES)
@name("axis", [None, 0, -1, (0, 2)])
@name("keepdims", [False, True])
@name("q", [0.3, np.float32(0.3), [0.2, 0.7], np.array([]), 0, 1])
def test_shapes_and_types_of_levels(function, axis, keepdims, q, rng):
    x = distinct(rng, 2, 3, 4)
    if np.size(q) == 0:
        found = np.quantile(Tensor(x), q, axis=axis, keepdims=keepdims)
        assert found.shape == np.quantile(x, q, axis=axis, keepdims=keepdims).shape
        return
    check_like_numpy(lambda t: function(t, q, axis=axis, keepdims=keepdims), [x], rng)


@name("function", [*QUANTILES, *PERCENTILES])
@name("method", METHODS)
def test_the_level_may_record(function, method, rng):
    scale = 100 if function in PERCENTILES else 1
    x, q = distinct(rng, 3, 5), np.array([0.37, 0.58]) * scale
    check_derivatives(lambda t, p: function(t, p, axis=1, method=method), [x, q], rng)
    slope = derivative(lambda p: function(x, p, axis=1, method=method), q)
    assert np.all(slope != 0) == (method in CONTINUOUS)


@name("function", [*QUANTILES, *PERCENTILES])
@name("axis", [0, 1])
def test_weights(function, axis, rng):
    levels = np.array([0.1, 0.45, 0.8]) * (100 if function in PERCENTILES else 1)
    x, w = distinct(rng, 4, 4), rng.integers(0, 4, (4, 4)) + np.eye(4)
    options = {"axis": axis, "method": "inverted_cdf"}
    check_like_numpy(lambda t: function(t, levels, weights=w, **options), [x], rng)
    if function in (np.quantile, np.percentile):  # NumPy fails on 1-d weights where NaN is skipped
        check_like_numpy(lambda t: function(t, levels, weights=w[0], **options), [x], rng)
    found = function(Tensor(x), levels, weights=Tensor(w), **options)
    np.testing.assert_array_equal(found.data, function(x, levels, weights=w, **options))


# ------------------------------------------------------------------------------ conventions


@name("function", [np.median, np.nanmedian])
def test_ties_share_equally(function):
    x = np.array([1.0, 2.0, 2.0, 2.0, 5.0])
    np.testing.assert_allclose(derivative(function, x), [0, 1 / 3, 1 / 3, 1 / 3, 0])
    x = np.array([2.0, 2.0, 3.0, 1.0])  # the mean of two equal ones
    np.testing.assert_allclose(derivative(function, x), [0.5, 0.5, 0, 0])
    np.testing.assert_array_equal(derivative(function, x, 2), 0)


@name("method", METHODS)
def test_the_gradient_does_not_depend_on_the_order_of_ties(method, rng):
    x = np.array([1.0, 2.0, 2.0, 3.0, 3.0, 3.0])
    order = rng.permutation(6)

    def level(t):
        return np.quantile(t, 0.4, method=method)

    np.testing.assert_allclose(derivative(level, x[order]), derivative(level, x)[order])
    np.testing.assert_allclose(derivative(level, x).sum(), 1)


def test_nan_in_a_row_is_its_median_and_takes_the_gradient():
    x = np.array([[1.0, np.nan, 3.0, np.nan], [1.0, 2.0, 3.0, 4.0]])
    slope = derivative(lambda t: np.median(t, axis=1), x)
    np.testing.assert_array_equal(slope, [[0, 0.5, 0, 0.5], [0, 0.5, 0.5, 0]])
    slope = derivative(lambda t: np.quantile(t, 0.0, axis=1), x)
    np.testing.assert_array_equal(slope, [[0, 0.5, 0, 0.5], [1, 0, 0, 0]])


@name("axis", [None, 0, 1])
@name("method", METHODS)
def test_nan_is_skipped_and_gets_no_gradient(axis, method, rng):
    x = distinct(rng, 4, 5)
    holes = np.zeros((4, 5), bool)
    holes[0, 1] = holes[2, 3] = holes[2, 0] = True
    broken = np.where(holes, np.nan, x)

    def levels(t):
        return np.nanquantile(np.where(holes, np.nan, t), [0.3, 0.6], axis=axis, method=method)

    check_value(levels(Tensor(x)), levels(x))
    check_derivatives(levels, [x], rng)
    slope = derivative(lambda t: np.nanquantile(t, 0.3, axis=axis, method=method), broken)
    np.testing.assert_array_equal(slope[holes], 0)
    check_derivatives(lambda t: np.nanmedian(np.where(holes, np.nan, t), axis=axis), [x], rng)


def test_a_row_of_nan_has_no_quantile_and_no_gradient():
    x = np.array([[np.nan, np.nan], [1.0, 2.0]])
    for level in (np.nanmedian, lambda t, axis: np.nanquantile(t, 0.5, axis=axis)):
        t = Tensor(x)
        with pytest.warns(RuntimeWarning, match="All-NaN"):
            out = level(t, axis=1)
        assert np.isnan(out.data[0])
        out.backward(np.ones(2))
        np.testing.assert_array_equal(t.grad, [[0, 0], [0.5, 0.5]])


def test_infinities_have_a_place_in_order():
    x = np.array([-np.inf, 1.0, 2.0, np.inf])
    np.testing.assert_array_equal(derivative(np.median, x), [0, 0.5, 0.5, 0])


# ------------------------------------------------------------------------------ messages


def test_wrong_calls():
    x = Tensor([1.0, 2.0, 3.0])
    with pytest.raises(ShapeError, match=r"quantile: .*range \[0, 1\]"):
        np.quantile(x, 1.5)
    with pytest.raises(ShapeError, match="not a valid method"):
        np.quantile(x, 0.5, method="guess")
    with pytest.raises(ShapeError, match="axis 1 does not exist"):
        np.median(x, axis=1)
    with pytest.raises(DTypeError, match="real numbers"):
        np.quantile(Tensor([1j, 2.0]), 0.5)
    with pytest.raises(NotDifferentiable, match="out="):
        np.median(x, None, np.zeros(()))
    with pytest.raises(ShapeError, match=r"q\.ravel\(\)"):
        np.nanquantile(x, [[0.5]])


def test_over_no_axes_of_an_empty_array():
    x = Tensor(np.zeros(0))
    np.nanmedian(x, axis=()).backward(np.zeros(0))
    assert x.grad.shape == (0,)
