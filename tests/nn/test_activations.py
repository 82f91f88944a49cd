"""Activations as modules."""

import math

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor
from nn.activations import ACTIVATIONS, make_activation

X = np.array([[-2.0, 0.0, 3.0]])
EXPONENTIALS = np.exp(X)
SIGMOID = 1 / (1 + np.exp(-X))
BELOW = np.array([[math.erfc(-x / math.sqrt(2)) / 2 for x in X[0]]])
EXPECTED = {
    "identity": X,
    "relu": np.maximum(X, 0),
    "relu6": np.clip(X, 0, 6),
    "leaky_relu": np.where(X > 0, X, 0.01 * X),
    "prelu": np.where(X > 0, X, 0.25 * X),
    "elu": np.where(X > 0, X, EXPONENTIALS - 1),
    "celu": np.where(X > 0, X, EXPONENTIALS - 1),
    # Klambauer et al., "Self-normalizing neural networks", NIPS 2017: lambda and alpha
    "selu": 1.0507009873554805 * np.where(X > 0, X, 1.6732632423543772 * (EXPONENTIALS - 1)),
    "gelu": X * BELOW,
    "silu": X * SIGMOID,
    "mish": X * np.tanh(np.log(1 + EXPONENTIALS)),
    "tanh": np.tanh(X),
    "sigmoid": SIGMOID,
    "log_sigmoid": np.log(SIGMOID),
    "softsign": X / (1 + np.abs(X)),
    "hard_tanh": np.clip(X, -1, 1),
    "hard_sigmoid": np.clip(X + 3, 0, 6) / 6,
    "softplus": np.log(1 + EXPONENTIALS),
    "softmax": EXPONENTIALS / EXPONENTIALS.sum(),
    "log_softmax": np.log(EXPONENTIALS / EXPONENTIALS.sum()),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_of_tensors_and_plain_arrays(name):
    module = make_activation(name)
    np.testing.assert_allclose(module(Tensor(X)).data, EXPECTED[name], rtol=1e-12)
    plain = module(X)  # a Tensor where the module has a parameter
    np.testing.assert_allclose(getattr(plain, "data", plain), EXPECTED[name], rtol=1e-12)
    assert make_activation(type(module)).training
    assert make_activation(module) is module


def test_softmax_along_another_axis():
    module = nn.Softmax(axis=0)
    assert module(Tensor(X)).data.tolist() == [[1.0, 1.0, 1.0]]
    assert repr(module) == "Softmax(axis=0)"
    assert repr(nn.LogSoftmax()) == "LogSoftmax()"


def test_an_unknown_name_gets_a_suggestion(message):
    assert message(ValueError, lambda: nn.MLP(2, [3], 1, activation="Relu")) == (
        "unknown activation 'Relu': did you mean 'relu'? Known: identity, relu, relu6, "
        "leaky_relu, prelu, elu, celu, selu, gelu, silu, mish, softplus, tanh, sigmoid, "
        "log_sigmoid, softsign, hard_tanh, hard_sigmoid, softmax, log_softmax"
    )


def test_options_are_used_and_shown():
    assert nn.LeakyReLU(0.5)(X).tolist() == [[-1.0, 0.0, 3.0]]
    assert repr(nn.LeakyReLU(0.5)) == "LeakyReLU(negative_slope=0.5)"
    assert repr(nn.ELU()) == "ELU()"
    assert nn.HardTanh(-0.5, 2.0)(X).tolist() == [[-0.5, 0.0, 2.0]]
    assert repr(nn.HardTanh(-0.5, 2.0)) == "HardTanh(-0.5, 2)"
    # the tanh form of Hendrycks & Gimpel, arXiv:1606.08415
    inner = np.sqrt(2 / np.pi) * (X + 0.044715 * X**3)
    np.testing.assert_allclose(nn.GELU("tanh")(X), 0.5 * X * (1 + np.tanh(inner)), rtol=1e-12)
    assert repr(nn.GELU("tanh")) == "GELU(approximate='tanh')"


def test_a_slope_for_each_channel_is_trained():
    module = nn.PReLU(2, dtype=np.float64)
    x = np.array([[[-1.0, 2.0], [-3.0, -4.0]]])
    module(x).sum().backward()
    assert module.weight.grad.tolist() == [-1.0, -7.0]
    assert repr(module) == "PReLU(2)"


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: nn.PReLU(2)(X), ag.ShapeError,
         ("PReLU: 2 slopes, one for each channel, need an input of shape (batch, 2, ...); "
          "got (1, 3)")),
        (lambda: nn.GELU("fast"), ValueError,
         "GELU: approximate must be 'none' or 'tanh'; got 'fast'"),
        (lambda: nn.HardTanh(1.0, -1.0), ValueError,
         "HardTanh: low must be below high; got 1.0 and -1.0"),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(message, call, error, text):
    assert message(error, call) == text
