"""Weighted counts record; counts are plain arrays, as NumPy gives them."""

import numpy as np
import pytest

from autograd_core import ShapeError, Tensor
from tests.autograd_core.checking import check_derivatives

name = pytest.mark.parametrize
X = np.array([0.0, 0.1, 0.5, 0.5, 1.0, 0.9, -0.3, 1.4])
Y = np.array([1.0, 0.2, 0.4, 0.0, 0.6, 0.9, 0.3, 0.5])


@name("minlength", [0, 3, 9])
def test_bincount(minlength, rng):
    x = np.array([0, 3, 3, 1, 5])
    check_derivatives(lambda w: np.bincount(x, w, minlength), [rng.uniform(-2, 2, 5)], rng)
    w = rng.uniform(-2, 2, 5).astype("float32")
    out = np.bincount(Tensor(x), Tensor(w), minlength)
    assert out.dtype == np.float64
    np.testing.assert_array_equal(out.data, np.bincount(x, w, minlength))
    assert isinstance(np.bincount(Tensor(x)), np.ndarray)


@name("bins", [4, [0.0, 0.1, 0.6, 1.0], [-1, 0, 2]])
@name("limits", [None, (0.0, 1.0)])
@name("density", [False, True])
@name("kind", [float, complex])
def test_histogram(bins, limits, density, kind, rng):
    w = rng.uniform(0.2, 2, 8)
    w = w + 1j * rng.uniform(0.2, 2, 8) if kind is complex else w

    def heights(t):
        return np.histogram(X, bins, limits, density, t)[0]

    check_derivatives(heights, [w], rng)
    for typed, precision in ((w, 1e-14), (w.astype(f"{w.dtype.kind}{w.itemsize // 2}"), 1e-6)):
        out, expected = heights(Tensor(typed)), heights(typed)
        assert (out.dtype, out.shape) == (expected.dtype, expected.shape)
        # with given edges NumPy takes differences of a running sum, which rounds more
        np.testing.assert_allclose(out.data, expected, rtol=precision, atol=precision)
    np.testing.assert_array_equal(
        np.histogram(X, bins, limits, weights=Tensor(w))[1], np.histogram(X, bins, limits)[1]
    )


@name("bins", [3, [2, 3], [[0, 0.5, 1], 2], np.array([0, 0.3, 0.7, 1.0])], ids=str)
@name("density", [False, True])
def test_histograms_of_several_axes(bins, density, rng):
    w = rng.uniform(0.2, 2, 8)
    check_derivatives(lambda t: np.histogram2d(X, Y, bins, None, density, t)[0], [w], rng)
    found = np.histogram2d(X, Y, bins, density=density, weights=Tensor(w))
    expected = np.histogram2d(X, Y, bins, density=density, weights=w)
    for a, b in zip((found[0].data, *found[1:]), expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-14)
    sample, grid = np.stack([X, Y, X * Y], axis=1), (2, 3, 2)
    check_derivatives(lambda t: np.histogramdd(sample, grid, None, density, t)[0], [w], rng)
    np.testing.assert_allclose(
        np.histogramdd(sample, grid, density=density, weights=Tensor(w))[0].data,
        np.histogramdd(sample, grid, density=density, weights=w)[0],
        rtol=1e-14,
    )


def test_counts_of_a_tensor_are_plain():
    for out, expected in (
        (np.histogram(Tensor(X), 4), np.histogram(X, 4)),
        (np.histogram2d(Tensor(X), Tensor(Y), 3), np.histogram2d(X, Y, 3)),
        (np.histogramdd(Tensor(np.stack([X, Y], axis=1)), 3)[:1], [np.histogram2d(X, Y, 3)[0]]),
    ):
        for a, b in zip(out, expected, strict=True):
            assert isinstance(a, np.ndarray)
            np.testing.assert_array_equal(a, b)


def test_wrong_calls():
    w = Tensor([1.0, 2.0])
    with pytest.raises(ShapeError, match="weights need the shape"):
        np.histogram([1.0, 2.0, 3.0], weights=w)
    with pytest.raises(ShapeError, match="need one length"):
        np.histogram2d([1.0, 2.0, 3.0], [1.0, 2.0], weights=w)
    with pytest.raises(ShapeError, match="bincount"):
        np.bincount([1, 2, 3], weights=w)
