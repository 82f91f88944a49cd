"""Logarithms of sums where one term, or all, are nothing; small arguments keep their digits."""

import numpy as np
import pytest

from autograd_core import Tensor
from tests.autograd_core.checking import derivative

NOTHING = -np.inf


@pytest.mark.parametrize("function", [np.logaddexp, np.logaddexp2])
def test_adding_nothing(function):
    x, y = Tensor([NOTHING, NOTHING, 0.0, 1000.0]), Tensor([NOTHING, 0.5, 0.0, -1000.0])
    function(x, y).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 0, 0.5, 1])
    np.testing.assert_array_equal(y.grad, [0, 1, 0.5, 0])


@pytest.mark.parametrize("function", [np.logaddexp, np.logaddexp2])
def test_adding_nothing_at_second_order(function):
    x = np.array([NOTHING, NOTHING, 1000.0])
    other = np.array([NOTHING, 0.5, -1000.0])
    np.testing.assert_array_equal(derivative(lambda t: function(t, other), x, 2), 0)


@pytest.mark.parametrize("x", [1e-12, -1e-12, 1e-300])
def test_small_arguments_keep_their_digits(x):
    assert derivative(np.expm1, x) == pytest.approx(1, rel=1e-11)
    assert derivative(np.log1p, x) == pytest.approx(1, rel=1e-11)
    assert np.expm1(Tensor(x)).data == np.expm1(x)


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_exp_is_its_own_derivative(order):
    x = np.array([-1.0, 0.0, 2.0])
    np.testing.assert_allclose(derivative(np.exp, x, order), np.exp(x), rtol=1e-14)


@pytest.mark.parametrize(("function", "base"), [(np.log, np.e), (np.log2, 2), (np.log10, 10)])
def test_logarithms_differ_by_a_factor(function, base):
    x = np.array([0.5, 2.0])
    np.testing.assert_allclose(derivative(function, x), 1 / (x * np.log(base)), rtol=1e-14)
    np.testing.assert_allclose(derivative(function, x, 2), -1 / (x**2 * np.log(base)), rtol=1e-14)
