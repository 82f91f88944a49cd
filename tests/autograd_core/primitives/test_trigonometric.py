"""Angles: identities at high order, and the origin, where no direction has a slope."""

import numpy as np
import pytest

from autograd_core import Tensor
from tests.autograd_core.checking import derivative, pull

X = np.array([-1.3, 0.0, 0.4, 2.0])


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5, 6])
def test_sines_turn_by_a_right_angle_at_each_order(order):
    expected = np.sin(X + order * np.pi / 2)
    np.testing.assert_allclose(derivative(np.sin, X, order), expected, atol=1e-14)
    expected = np.cos(X + order * np.pi / 2)
    np.testing.assert_allclose(derivative(np.cos, X, order), expected, atol=1e-14)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_hyperbolic_sines_alternate(order):
    expected = [np.sinh, np.cosh][order % 2](X)
    np.testing.assert_allclose(derivative(np.sinh, X, order), expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("function", "inverse"),
    [
        (np.sin, np.arcsin),
        (np.tan, np.arctan),
        (np.sinh, np.arcsinh),
        (np.tanh, np.arctanh),
        (np.deg2rad, np.rad2deg),
        (np.radians, np.degrees),
    ],
)
def test_an_inverse_undoes_its_function_and_its_slope(function, inverse):
    x = np.array([-0.8, 0.1, 0.7])
    np.testing.assert_allclose(derivative(lambda t: inverse(function(t)), x), 1, rtol=1e-12)
    second = derivative(lambda t: inverse(function(t)), x, 2)
    np.testing.assert_allclose(second, 0, atol=1e-11)


@pytest.mark.parametrize("function", [np.hypot, np.arctan2])
def test_at_the_origin_the_slope_is_zero_at_both_orders(function):
    operands = [Tensor([0.0, -0.0]), Tensor([0.0, 0.0])]
    for gradient in pull(function, operands, [np.ones(2)]):
        np.testing.assert_array_equal(gradient, 0)
    direction = np.array([3.0, -4.0])
    found = derivative(lambda t: function(3.0 * t, -4.0 * t), np.zeros(2), 2)
    np.testing.assert_array_equal(found, 0 * direction)


def test_the_norm_points_away_from_the_origin():
    x, y = Tensor([3.0, 0.0]), Tensor([4.0, -2.0])
    np.hypot(x, y).sum().backward()
    np.testing.assert_allclose(x.grad, [0.6, 0])
    np.testing.assert_allclose(y.grad, [0.8, -1])


def test_far_out_the_hyperbolic_tangent_does_not_overflow():
    far = np.array([-1e4, 1e4])
    np.testing.assert_array_equal(derivative(np.tanh, far), 0)
    np.testing.assert_array_equal(derivative(np.tanh, far, 2), 0)


@pytest.mark.parametrize("name", ["sin", "cos", "tan", "sinh", "tanh"])
def test_the_names_of_the_array_standard_are_the_same_functions(name):
    standard, numpys = getattr(np, f"a{name}"), getattr(np, f"arc{name}")
    assert derivative(standard, 0.3) == derivative(numpys, 0.3) != 0
