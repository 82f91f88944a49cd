"""sinc and i0: known values, and derivatives where a formula for the slope would fail."""

import math

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.primitives.families import bessel_i, sinc_slope
from tests.autograd_core.checking import check_derivatives


def sinc_by_quadrature(x, order):
    """``sinc(x) = ∫ cos(πtx) dt`` over 0..1, differentiated under the integral."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    t = (nodes + 1) / 2
    angles = np.pi * np.multiply.outer(x, t) + order * np.pi / 2
    return (np.cos(angles) * (np.pi * t) ** order * weights / 2).sum(axis=-1)


@pytest.mark.parametrize("order", range(1, 7))
def test_every_derivative_of_sinc_is_accurate_near_and_far(order):
    x = np.array([0.0, 1e-300, -1e-9, 1e-3, 0.3, -0.31, 0.32, 0.6, 1.0, 1.9, -2.0, 7.3])
    expected = sinc_by_quadrature(x, order)
    scale = np.pi**order / (order + 1)
    np.testing.assert_allclose(sinc_slope(x, order), expected, rtol=0, atol=1e-13 * scale)


@pytest.mark.parametrize("x", [0.0, 1e-8, 0.25, -3.0])
def test_sinc_to_fourth_order(x, rng):
    check_derivatives(np.sinc, [np.array([x, x + 0.5])], rng, order=4)


def test_sinc_of_complex_numbers(rng):
    z = np.array([0.0, 1e-9j, 0.2 - 0.3j, 2.0 + 1.0j])
    np.testing.assert_array_equal(np.sinc(Tensor(z)).data, np.sinc(z))
    check_derivatives(np.sinc, [z], rng)


@pytest.mark.parametrize(
    ("order", "x", "expected"),  # DLMF 10.25.2 summed to 30 digits
    [
        (1, 1.0, 0.565159103992485027207696027609),
        (1, -1.0, -0.565159103992485027207696027609),
        (2, 1.0, 0.135747669767038281182852569995),
        (1, 1e-12, 5e-13),
        (1, 20.0, 42454973.385127776),
        (3, 0.0, 0.0),
    ],
)
def test_bessel_functions(order, x, expected):
    assert float(bessel_i(np.array(x), order)) == pytest.approx(expected, rel=4e-15)


def test_i0_of_what_is_huge_or_no_number():
    x = Tensor([np.nan, 800.0, 0.0])
    with np.errstate(over="ignore", invalid="ignore"):
        y = np.i0(x)
        assert math.isnan(y.data[0])
        y.backward(np.ones(3))
    assert x.grad[2] == 0.0


def test_i0_is_numpys_and_real():
    x = np.array([0.0, -1.5, 9.0])
    np.testing.assert_array_equal(np.i0(Tensor(x)).data, np.i0(x))
    assert np.i0(Tensor(x, dtype="f4")).dtype == np.i0(x.astype("f4")).dtype
    with pytest.raises(ag.DTypeError, match=r"np\.i0 is of real numbers.*complex128"):
        np.i0(Tensor(x + 1j))
