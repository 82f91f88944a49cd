"""Activations as modules."""

import numpy as np
import pytest

import nn
from autograd_core import Tensor
from nn.activations import ACTIVATIONS, make_activation

X = np.array([[-2.0, 0.0, 3.0]])
EXPONENTIALS = np.exp(X)
EXPECTED = {
    "identity": X,
    "relu": np.maximum(X, 0),
    "tanh": np.tanh(X),
    "sigmoid": 1 / (1 + np.exp(-X)),
    "softplus": np.log(1 + EXPONENTIALS),
    "softmax": EXPONENTIALS / EXPONENTIALS.sum(),
    "log_softmax": np.log(EXPONENTIALS / EXPONENTIALS.sum()),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_of_tensors_and_plain_arrays(name):
    module = make_activation(name)
    np.testing.assert_allclose(module(Tensor(X)).data, EXPECTED[name], rtol=1e-12)
    np.testing.assert_allclose(module(X), EXPECTED[name], rtol=1e-12)
    assert make_activation(type(module)).training
    assert make_activation(module) is module


def test_softmax_along_another_axis():
    module = nn.Softmax(axis=0)
    assert module(Tensor(X)).data.tolist() == [[1.0, 1.0, 1.0]]
    assert repr(module) == "Softmax(axis=0)"
    assert repr(nn.LogSoftmax()) == "LogSoftmax()"


def test_an_unknown_name_gets_a_suggestion(message):
    assert message(ValueError, lambda: nn.MLP(2, [3], 1, activation="Relu")) == (
        "unknown activation 'Relu': did you mean 'relu'? Known: identity, relu, tanh, sigmoid, "
        "softplus, softmax, log_softmax"
    )
