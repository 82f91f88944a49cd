"""The yardstick itself is right: its gradients equal finite differences of its own loss."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.hand import HandElementwise, HandMlp, chain_answer, readme_answer
from benchmarks.hand_lenet import HandLenet
from benchmarks.workloads import (
    CHAIN_POINT,
    README_POINT,
    Array,
    Shape,
    chain,
    make_lenet_problem,
    make_problem,
    readme_expression,
)

SHAPES = [
    Shape((3, 5, 4, 2), 6, "tanh", "mse", rate=0.1),
    Shape((3, 5, 2), 6, "sigmoid", "mse", rate=0.1, squash_output=True),
    Shape((3, 5, 4, 3), 6, "relu", "cross_entropy", rate=0.1),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.activation}-{shape.loss}")
def test_the_gradient_of_every_parameter_is_the_slope_of_the_loss(shape: Shape) -> None:
    hand = HandMlp(shape, make_problem(shape, np.float64))
    hand.gradients()
    rng = np.random.default_rng(0)
    pairs = []
    for layer in hand.layers:
        pairs.append((layer.weight, layer.weight_gradient.copy()))
        pairs.append((layer.bias, layer.bias_gradient.copy()))
    for array, gradient in pairs:
        direction, start = rng.standard_normal(array.shape), array.copy()
        losses = []
        for sign in (1, -1):
            array[...] = start + sign * 1e-6 * direction
            losses.append(hand.gradients())
        array[...] = start
        slope = (losses[0] - losses[1]) / 2e-6
        assert slope == pytest.approx(np.sum(gradient * direction), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.activation}-{shape.loss}")
def test_a_step_goes_down_the_gradient(shape: Shape) -> None:
    hand = HandMlp(shape, make_problem(shape, np.float64))
    starts = [(layer.weight.copy(), layer.bias.copy()) for layer in hand.layers]
    hand.step()
    for layer, (weight, bias) in zip(hand.layers, starts, strict=True):
        np.testing.assert_allclose(layer.weight, weight - shape.rate * layer.weight_gradient)
        np.testing.assert_allclose(layer.bias, bias - shape.rate * layer.bias_gradient)
    losses = [hand.gradients()]
    for _ in range(50):
        hand.step()
    assert hand.gradients() < losses[0]


def test_every_gradient_of_lenet_is_the_slope_of_its_loss() -> None:
    hand = HandLenet(3, make_lenet_problem(3, np.float64))
    hand.gradients()
    rng = np.random.default_rng(0)
    pairs = []
    for part in hand.parts:
        pairs.append((part.weight, part.weight_gradient.reshape(part.weight.shape).copy()))
        pairs.append((part.bias, part.bias_gradient.copy()))
    for array, gradient in pairs:
        direction, start = rng.standard_normal(array.shape), array.copy()
        losses = []
        for sign in (1, -1):
            array[...] = start + sign * 1e-7 * direction
            losses.append(hand.gradients())
        array[...] = start
        slope = (losses[0] - losses[1]) / 2e-7
        assert slope == pytest.approx(np.sum(gradient * direction), rel=1e-5, abs=1e-8)
    before = hand.gradients()
    for _ in range(20):
        hand.step()
    assert hand.gradients() < before


def test_cross_entropy_is_minus_the_mean_log_probability_of_the_labels() -> None:
    shape = SHAPES[2]
    problem = make_problem(shape, np.float64)
    out = problem.x
    for weight, bias in zip(problem.weights[:-1], problem.biases[:-1], strict=True):
        out = np.maximum(out @ weight.T + bias, 0)
    logits = out @ problem.weights[-1].T + problem.biases[-1]
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = -np.log(probabilities[np.arange(shape.batch), problem.target]).mean()
    assert HandMlp(shape, problem).gradients() == pytest.approx(expected, rel=1e-12)


def test_the_elementwise_gradient_is_the_slope() -> None:
    hand = HandElementwise(100)
    hand.step()
    x = hand.x

    def value(x: Array) -> Array:
        return np.asarray(np.sin(x) * np.exp(-(x**2)) + np.tanh(x))

    assert hand.value == pytest.approx(value(x).sum(), rel=1e-12)
    slope = (value(x + 1e-6) - value(x - 1e-6)) / 2e-6
    np.testing.assert_allclose(hand.gradient, slope, rtol=1e-6, atol=1e-8)


def test_the_published_answer_of_the_readme_expression() -> None:
    def value(a: float, b: float) -> float:
        return float(readme_expression(a, b, lambda x: max(x, 0.0)))

    a, b = README_POINT
    g, slope_a, slope_b = readme_answer()
    assert value(a, b) == pytest.approx(float(g), abs=5e-5)
    slopes = [
        (value(a + 1e-5, b) - value(a - 1e-5, b)) / 2e-5,
        (value(a, b + 1e-5) - value(a, b - 1e-5)) / 2e-5,
    ]
    assert slopes == pytest.approx([float(slope_a), float(slope_b)], abs=2e-4)


def test_the_answer_of_the_chain_is_its_value_and_slope() -> None:
    value, slope = chain_answer(1000)
    assert float(value) == chain(CHAIN_POINT, 1000)
    measured = (chain(CHAIN_POINT + 1e-3, 1000) - chain(CHAIN_POINT - 1e-3, 1000)) / 2e-3
    assert float(slope) == pytest.approx(measured, rel=1e-9)
