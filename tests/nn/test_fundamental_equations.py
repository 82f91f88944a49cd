r"""The four fundamental equations of backpropagation, written out by hand, equal the engine.

For a network of three layers of sigmoid neurons and the cost C = 1/2 sum (a^L - y)^2 of one
example (Nielsen, "Neural Networks and Deep Learning", 2015, chapter 2):

    BP1   delta^L = grad_a C * sigma'(z^L)
    BP2   delta^l = ((w^{l+1})^T delta^{l+1}) * sigma'(z^l)
    BP3   dC/db^l = delta^l
    BP4   dC/dw^l = delta^l (a^{l-1})^T
"""

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor

SIZES = [6, 5, 4, 3]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


def by_hand(weights, biases, x, y):
    """Every z, every delta, and the gradients of weights and biases, for one example."""
    activations, zs = [x], []
    for w, b in zip(weights, biases, strict=True):
        zs.append(w @ activations[-1] + b)
        activations.append(sigmoid(zs[-1]))
    deltas = [(activations[-1] - y) * sigmoid_slope(zs[-1])]  # BP1
    for w, z in zip(weights[:0:-1], zs[-2::-1], strict=True):
        deltas.insert(0, (w.T @ deltas[0]) * sigmoid_slope(z))  # BP2
    bias_gradients = deltas  # BP3
    weight_gradients = [
        np.outer(delta, a) for delta, a in zip(deltas, activations[:-1], strict=True)
    ]  # BP4
    return zs, deltas, weight_gradients, bias_gradients


@pytest.fixture
def network(rng):
    model = nn.MLP(
        SIZES[0], SIZES[1:-1], SIZES[-1], "sigmoid", "sigmoid", init="normal", rng=rng,
        dtype=np.float64,
    )  # fmt: skip
    layers = [layer for layer in model if isinstance(layer, nn.Linear)]
    for layer in layers:
        layer.bias.data = rng.standard_normal(layer.out_features)
    return model, layers, rng.standard_normal(SIZES[0]), rng.random(SIZES[-1])


def test_gradients_of_one_example(network):
    model, layers, x, y = network
    (0.5 * ((model(x) - y) ** 2).sum()).backward()
    _, _, weight_gradients, bias_gradients = by_hand(
        [layer.weight.data for layer in layers], [layer.bias.data for layer in layers], x, y
    )
    for layer, weight_gradient, bias_gradient in zip(
        layers, weight_gradients, bias_gradients, strict=True
    ):
        np.testing.assert_allclose(layer.weight.grad, weight_gradient, rtol=1e-12)
        np.testing.assert_allclose(layer.bias.grad, bias_gradient, rtol=1e-12)


def test_the_deltas_are_the_gradients_of_the_weighted_inputs(network):
    """delta^l = dC/dz^l, each z kept by the engine with retain_grad()."""
    _, layers, x, y = network
    a, zs = Tensor(x, requires_grad=False), []
    for layer in layers:
        z = layer(a)
        z.retain_grad()
        zs.append(z)
        a = ag.sigmoid(z)
    (0.5 * ((a - y) ** 2).sum()).backward()
    expected_zs, deltas, _, _ = by_hand(
        [layer.weight.data for layer in layers], [layer.bias.data for layer in layers], x, y
    )
    for z, expected_z, delta in zip(zs, expected_zs, deltas, strict=True):
        np.testing.assert_allclose(z.data, expected_z, rtol=1e-12)
        np.testing.assert_allclose(z.grad, delta, rtol=1e-12)


def test_a_batch_is_the_sum_of_its_examples(network, rng):
    model, layers, _, _ = network
    xs, ys = rng.standard_normal((7, SIZES[0])), rng.random((7, SIZES[-1]))
    (0.5 * ((model(xs) - ys) ** 2).sum()).backward()
    weights = [layer.weight.data for layer in layers]
    biases = [layer.bias.data for layer in layers]
    examples = [by_hand(weights, biases, x, y) for x, y in zip(xs, ys, strict=True)]
    for position, layer in enumerate(layers):
        weight_gradient = sum(example[2][position] for example in examples)
        bias_gradient = sum(example[3][position] for example in examples)
        np.testing.assert_allclose(layer.weight.grad, weight_gradient, rtol=1e-12)
        np.testing.assert_allclose(layer.bias.grad, bias_gradient, rtol=1e-12)
