"""Activations with options: their kinks, their far ends, what they refuse."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import derivative

FAR = np.array([-1e4, -1000.0, 1000.0, 1e4])
AT = np.array([-3.0, -1.0, 0.0, 1.0, 3.0])


@pytest.mark.parametrize(
    ("function", "slopes"),
    [
        (lambda x: ag.leaky_relu(x, 0.1), [0.1, 0.1, 0.1, 1, 1]),
        (lambda x: ag.elu(x, 0.5), [0.5 * np.exp(-3), 0.5 * np.exp(-1), 0.5, 1, 1]),
        (lambda x: ag.celu(x, 0.5), [np.exp(-6), np.exp(-2), 1, 1, 1]),
        (ag.hardtanh, [0, 0, 1, 0, 0]),
        (ag.hardsigmoid, [0, 1 / 6, 1 / 6, 1 / 6, 0]),
        (ag.softsign, [1 / 16, 1 / 4, 1, 1 / 4, 1 / 16]),
    ],
)
def test_slopes_at_and_around_kinks(function, slopes):
    np.testing.assert_allclose(derivative(function, AT), slopes, rtol=1e-15)
    for x, slope in zip(AT, slopes, strict=True):
        assert derivative(function, x) == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(
    ("function", "value", "slope"),
    [
        (ag.log_sigmoid, [-1e4, -1000, 0, 0], [1, 1, 0, 0]),
        (ag.elu, [-1, -1, 1000, 1e4], [0, 0, 1, 1]),
        (ag.celu, [-1, -1, 1000, 1e4], [0, 0, 1, 1]),
        (ag.gelu, [0, 0, 1000, 1e4], [0, 0, 1, 1]),
        (lambda x: ag.gelu(x, "tanh"), [0, 0, 1000, 1e4], [0, 0, 1, 1]),
        (ag.silu, [0, 0, 1000, 1e4], [0, 0, 1, 1]),
        (ag.mish, [0, 0, 1000, 1e4], [0, 0, 1, 1]),
        (ag.hardtanh, [-1, -1, 1, 1], [0, 0, 0, 0]),
        (ag.hardsigmoid, [0, 0, 1, 1], [0, 0, 0, 0]),
    ],
)
def test_far_out_nothing_overflows(function, value, slope, dtype):
    far = FAR.astype(dtype)
    out = function(Tensor(far))
    assert out.dtype == dtype
    np.testing.assert_array_equal(out.data, value)
    np.testing.assert_array_equal(derivative(function, far), slope)
    np.testing.assert_array_equal(derivative(function, far, 2), 0)
    for x, expected in zip(far, slope, strict=True):  # NumPy's scalars warn on their own
        assert derivative(function, x) == expected


def test_selu_keeps_mean_0_and_variance_1(rng):
    out = ag.selu(rng.normal(size=400_000))
    assert np.mean(out) == pytest.approx(0, abs=0.01)
    assert np.var(out) == pytest.approx(1, abs=0.01)


def test_gelu_keeps_its_digits_far_to_the_left():
    # x Phi(x), by the asymptotic series of Phi: its last term shown is 1e-10 of the first
    x = -30.0
    series = 1 - 1 / x**2 + 3 / x**4 - 15 / x**6 + 105 / x**8
    expected = -np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * series
    assert float(ag.gelu(Tensor(x))) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize(
    "name", ["leaky_relu", "elu", "celu", "selu", "gelu", "mish", "hardtanh", "hardsigmoid"]
)
def test_integers_and_plain_numbers(name):
    function = getattr(ag, name)
    expected = function(np.array([-2.0, 0.0, 1.0]))
    np.testing.assert_array_equal(function(Tensor([-2, 0, 1])).data, expected)
    assert function(1.0) == expected[-1]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (ag.leaky_relu, r"leaky_relu: negative_slope is an option.*np\.where"),
        (ag.elu, r"elu: alpha is an option.*np\.where"),
        (ag.celu, r"celu: alpha is an option.*np\.where"),
        (ag.hardtanh, r"hardtanh: min_val is an option.*np\.clip"),
        (lambda x, a: ag.hardtanh(x, -5, a), r"hardtanh: max_val is an option.*np\.clip"),
    ],
)
def test_an_option_that_records_is_refused(call, message):
    x = Tensor([-1.0, 2.0])
    with pytest.raises(ag.NotDifferentiable, match=message):
        call(x, Tensor(0.5))
    constant = Tensor(0.5, requires_grad=False)
    assert call(x, constant).shape == (2,)


def test_options_without_meaning():
    x = Tensor([1.0])
    with pytest.raises(ag.ShapeError, match=r"celu: alpha .* must not be 0.*relu"):
        ag.celu(x, 0)
    with pytest.raises(ag.ShapeError, match=r"hardtanh: min_val 2 must not be above max_val 1"):
        ag.hardtanh(x, 2, 1)
    with pytest.raises(ag.ShapeError, match=r"gelu: approximate is 'none' or 'tanh', not True"):
        ag.gelu(x, True)
