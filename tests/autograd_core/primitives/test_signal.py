"""convolve, correlate and interp: every argument, every order of lengths."""

import numpy as np
import pytest

from autograd_core import ShapeError, Tensor
from tests.autograd_core.agreement import check_like_numpy
from tests.autograd_core.checking import check_derivatives, derivative

name = pytest.mark.parametrize
POINTS = np.array([-1.0, -0.2, 0.5, 1.3])


@name("function", [np.convolve, np.correlate])
@name("mode", ["full", "same", "valid"])
@name("lengths", [(5, 3), (3, 5), (4, 2), (2, 4), (6, 4), (3, 3), (1, 4), (4, 1)], ids=str)
@name("kind", [float, complex])
def test_products_of_signals(function, mode, lengths, kind, rng):
    arrays = [rng.uniform(-2, 2, n) for n in lengths]
    if kind is complex:
        arrays = [x + 1j * rng.uniform(-2, 2, x.shape) for x in arrays]
    check_like_numpy(lambda t, u: function(t, u, mode), arrays, rng)
    check_like_numpy(lambda t: function(t, list(arrays[1]), mode=mode), arrays[:1], rng)


@name("left", [None, -1.5])
@name("right", [None, 2.5])
@name("shape", [(), (7,), (2, 3)])
def test_interpolation(left, right, shape, rng):
    x, fp = rng.uniform(-2, 2, shape)[()], rng.uniform(-2, 2, 4)

    def between(t, p, f):
        return np.interp(t, p, f, left=left, right=right)

    check_derivatives(between, [x, POINTS, fp], rng)
    np.testing.assert_array_equal(
        between(Tensor(x), POINTS, Tensor(fp)).data, between(x, POINTS, fp)
    )


def test_interpolation_computes_in_double_precision_as_numpy():
    out = np.interp(Tensor(np.float32([0.1, 0.2])), POINTS, np.float32([1, 2, 3, 4]))
    assert out.dtype == np.float64


@name("period", [1.7, -4.0])
def test_periodic_interpolation(period, rng):
    x, fp = rng.uniform(-5, 5, 6), rng.uniform(-2, 2, 4)
    check_derivatives(lambda t, f: np.interp(t, POINTS, f, period=period), [x, fp], rng)
    found = np.interp(Tensor(x), POINTS, fp, period=period).data
    np.testing.assert_allclose(found, np.interp(x, POINTS, fp, period=period), rtol=1e-14)


def test_complex_values_between_real_points(rng):
    fp = rng.uniform(-2, 2, 4) + 1j * rng.uniform(-2, 2, 4)
    x = rng.uniform(-2, 2, 5)
    check_derivatives(lambda t, f: np.interp(t, POINTS, f), [x, fp], rng)


def test_at_a_point_the_slope_is_that_of_the_piece_to_its_right():
    values = np.array([0.0, 1.0, 3.0, 0.0])
    rises = np.diff(values) / np.diff(POINTS)
    slope = derivative(lambda t: np.interp(t, POINTS, values), POINTS)
    np.testing.assert_allclose(slope, [*rises, rises[-1]])


def test_one_point_and_nan():
    out = derivative(lambda f: np.interp(np.array([-1.0, 0.5, 2.0]), [0.5], f), np.array([3.0]))
    np.testing.assert_array_equal(out, [3.0])
    x = np.array([np.nan, 0.0])
    np.testing.assert_array_equal(
        derivative(lambda f: np.interp(x, [-1.0, 1.0], f)[1], np.ones(2)), 0.5
    )


def test_wrong_calls():
    with pytest.raises(ShapeError, match="period cannot be zero"):
        np.interp(Tensor(1.0), POINTS, POINTS, period=0)
    with pytest.raises(ShapeError, match=r"interp: .*length"):
        np.interp(Tensor(1.0), POINTS, POINTS[:2])
    with pytest.raises(ShapeError, match=r"convolve: .*empty"):
        np.convolve(Tensor([1.0]), [])
