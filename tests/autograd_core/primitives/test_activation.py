"""Activations far out, where exp overflows, and at their kinks. Every warning is an error here."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives, derivative

FAR = np.array([-1e4, -1000.0, 1000.0, 1e4])


def test_relu_has_no_slope_at_zero():
    x = np.array([-1.0, -0.0, 0.0, 1e-300, 2.0])
    np.testing.assert_array_equal(derivative(ag.relu, x), [0, 0, 0, 1, 1])
    np.testing.assert_array_equal(derivative(ag.relu, x, 2), 0)
    assert derivative(ag.relu, 0.0) == 0


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    ("function", "value", "slope"),
    [
        (ag.sigmoid, [0, 0, 1, 1], [0, 0, 0, 0]),
        (ag.softplus, [0, 0, 1000, 1e4], [0, 0, 1, 1]),
        (np.tanh, [-1, -1, 1, 1], [0, 0, 0, 0]),
    ],
)
def test_far_out_nothing_overflows(function, value, slope, dtype):
    far = FAR.astype(dtype)
    np.testing.assert_array_equal(function(Tensor(far)).data, value)
    np.testing.assert_array_equal(derivative(function, far), slope)
    np.testing.assert_array_equal(derivative(function, far, 2), 0)
    for x, expected in zip(far, slope, strict=True):  # NumPy's scalars warn on their own
        assert derivative(function, x) == expected


def test_softplus_of_large_arguments_keeps_its_digits():
    assert ag.softplus(Tensor(40.0)).data == 40.0
    assert ag.softplus(Tensor(-40.0)).data == pytest.approx(np.exp(-40), rel=1e-15)


def test_softmax_sums_to_one_however_large_its_arguments(rng):
    x = rng.uniform(-1, 1, (4, 5)) * 1e5
    for axis in (0, 1, (0, 1)):
        np.testing.assert_allclose(ag.softmax(Tensor(x), axis).data.sum(axis=axis), 1)


@pytest.mark.parametrize("axis", [0, 1, -1, (0, 1)])
def test_softmax_and_its_logarithm_say_the_same(axis, rng):
    x = Tensor(rng.uniform(-3, 3, (3, 4)))
    np.testing.assert_allclose(
        np.exp(ag.log_softmax(x, axis)).data, ag.softmax(x, axis).data, rtol=1e-14
    )
    naive = np.exp(x.data) / np.exp(x.data).sum(axis=axis, keepdims=True)
    np.testing.assert_allclose(ag.softmax(x, axis).data, naive, rtol=1e-14)


@pytest.mark.parametrize("function", [ag.softmax, ag.log_softmax])
def test_a_class_ruled_out_by_minus_infinity_gets_no_gradient(function):
    x = np.array([-np.inf, 0.3, 1.0])
    direction = np.array([0.0, 1.0, -2.0])
    expected = derivative(lambda t: function(t) @ direction[1:], x[1:])

    def visible(t):
        return function(t)[1:] @ direction[1:]

    found = derivative(visible, x)
    assert found[0] == 0
    np.testing.assert_allclose(found[1:], expected, rtol=1e-13)
    assert np.all(np.isfinite(derivative(visible, x, 2)))


def test_methods_are_the_functions(rng):
    x = rng.uniform(-2, 2, (2, 3))
    for name in ("relu", "sigmoid", "softplus", "softmax"):
        method = getattr(Tensor(x), name)()
        np.testing.assert_array_equal(method.data, getattr(ag, name)(x))
        check_derivatives(getattr(Tensor, name), [x], rng, reference=getattr(ag, name))
