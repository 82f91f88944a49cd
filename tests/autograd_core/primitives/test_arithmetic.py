"""Powers at zero, and what is not smooth in arithmetic."""

import numpy as np
import pytest

from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives, derivative

ZEROS = np.zeros(3)

# x ** n at 0 for n = 0, 1, 2, 3: the derivatives of the polynomial, with 0 ** 0 = 1.
AT_ZERO = {0: [0, 0, 0], 1: [1, 0, 0], 2: [0, 2, 0], 3: [0, 0, 6]}


@pytest.mark.parametrize("kind", [int, float, np.float64, np.array, lambda n: np.full(3, float(n))])
@pytest.mark.parametrize("n", AT_ZERO)
def test_powers_at_zero_are_polynomials(n, kind):
    for order, expected in enumerate(AT_ZERO[n], start=1):
        found = derivative(lambda t: t ** kind(n), ZEROS, order)
        np.testing.assert_array_equal(found, np.full(3, expected))


@pytest.mark.parametrize("n", [0, 1, 2, 3, -1, -2])
def test_integer_powers_of_negative_numbers(n):
    x = np.array([-2.0, -0.5])
    np.testing.assert_allclose(derivative(lambda t: t**n, x), n * x ** (n - 1.0))
    np.testing.assert_allclose(derivative(lambda t: t**n, x, 2), n * (n - 1) * x ** (n - 2.0))


@pytest.mark.parametrize(
    "base", [0.0, np.float64(0.0), np.zeros(3)], ids=["number", "0-d", "array"]
)
def test_zero_to_a_power_does_not_change_with_the_exponent(base):
    exponents = np.array([0.5, 1.0, 2.0])
    for order in (1, 2):
        np.testing.assert_array_equal(derivative(lambda y: base**y, exponents, order), 0)


def test_both_operands_of_a_power_at_zero():
    x, y = Tensor(ZEROS), Tensor([0.0, 1.0, 2.0])
    (x**y).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 1, 0])
    np.testing.assert_array_equal(y.grad, [0, 0, 0])


def test_a_number_to_the_power_of_a_tensor(rng):
    check_derivatives(lambda y: 2.0**y, [rng.uniform(-2, 2, (2, 3))], rng, order=3)
    check_derivatives(lambda y: 3**y, [rng.uniform(-2, 2, 3).astype("float64")], rng)


def test_a_power_of_single_precision_stays_single():
    x = Tensor(np.array([0.5, 2.0], np.float32))
    for y in (x**2, x**0.5, x**-1, 2.0**x, 2**x):
        assert y.dtype == np.float32
        y.backward(np.ones(2, np.float32))
        assert x.grad.dtype == np.float32


@pytest.mark.parametrize("function", [np.abs, np.fabs, abs])
def test_the_slope_of_the_absolute_value_at_zero_is_zero(function):
    x = np.array([-2.0, -0.0, 0.0, 3.0])
    np.testing.assert_array_equal(derivative(function, x), [-1, 0, 0, 1])
    np.testing.assert_array_equal(derivative(function, x, 2), 0)


def test_the_absolute_value_of_a_complex_number_at_zero():
    z = Tensor(np.array([0.0, 3 + 4j]))
    np.abs(z).sum().backward()
    np.testing.assert_allclose(z.grad, [0, 0.6 + 0.8j])


def test_a_complex_number_times_a_python_one_stays_numpys():
    z = Tensor(np.complex128(1 + 2j))
    for y in (1j * z, z * 1j, z / 2j, 2j + z):
        assert isinstance(y.data, np.complex128)


def test_the_gradient_of_a_complex_number_points_uphill():
    z = Tensor(3 + 4j)
    (np.real(z) ** 2 + 10 * np.imag(z)).backward()
    assert z.grad == 6 + 10j  # dL/dRe + i dL/dIm


def test_the_sign_is_flat():
    np.testing.assert_array_equal(derivative(np.sign, np.array([-1.0, 0.0, 2.0])), 0)


def test_the_remainder_jumps_but_its_slope_does_not():
    x, y = Tensor([7.0, -7.0]), Tensor([3.0, 3.0])
    np.remainder(x, y).sum().backward()
    np.testing.assert_array_equal(x.grad, [1, 1])
    np.testing.assert_array_equal(y.grad, [-2, 3])  # minus the quotient, rounded down


def test_a_square_is_a_product_of_two_equal_operands():
    x = Tensor([1.5, -2.0])
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [3, -4])
