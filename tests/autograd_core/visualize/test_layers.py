"""Layers found in a graph: how the linear map was written, which activation follows."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.visualize.layers import find_layers
from autograd_core.visualize.replay import derive

x = np.array([[0.5, -1.0, 2.0]])
y = np.array([[0.0, 1.0]])


def parameters():
    return ag.Tensor(np.linspace(-1, 1, 6).reshape(2, 3)), ag.Tensor([0.1, -0.2])


@pytest.mark.parametrize(
    ("activation", "names"),
    [
        (np.tanh, ("tanh",)),
        (ag.relu, ("relu",)),
        (ag.gelu, ("gelu",)),
        (lambda z: np.maximum(z, 0.0), ("maximum",)),
        (lambda z: 1 / (1 + np.exp(-z)), ("negative", "exp", "add", "divide")),
        (lambda z: z, ()),
    ],
)
@pytest.mark.parametrize("loss", [ag.squared_error, lambda a, y: np.sum((a - y) ** 2)])
def test_where_the_network_ends_and_the_loss_begins(activation, names, loss):
    w, b = parameters()
    (layer,) = find_layers(derive(loss(activation(ag.linear(x, w, b)), y)))
    assert layer.function == names


def test_a_hidden_activation_may_be_any_function_of_each_element():
    w, b = parameters()
    hidden = np.sin(np.square(ag.linear(x, w, b)) * 0.5)
    layers = find_layers(derive(np.sum(ag.linear(hidden, ag.Tensor(np.ones((1, 2)))))))
    assert [layer.function for layer in layers] == [("square", "multiply", "sin"), ()]
    assert layers[0].output == layers[1].previous


def test_many_layers_without_recursion():
    w = ag.Tensor(np.eye(3) * 0.9)
    a = x
    for _ in range(300):
        a = np.tanh(ag.linear(a, w))
    assert len(find_layers(derive(np.sum(a)))) == 300


def test_a_sum_with_another_layer_is_no_bias():
    w, b = parameters()
    both = x @ w.T + np.tanh(ag.linear(x, w, b))
    layers = find_layers(derive(np.sum(both)))
    assert len(layers) == 1
    assert layers[0].function == ("tanh",)
