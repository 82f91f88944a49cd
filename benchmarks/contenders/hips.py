"""HIPS autograd: `value_and_grad` of a function of the parameters."""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import value_and_grad

from benchmarks.contenders import Job
from benchmarks.workloads import (
    CHAIN_POINT,
    README_POINT,
    Array,
    Shape,
    Workload,
    chain,
    make_points,
    make_problem,
    readme_expression,
)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + anp.exp(-x))


def _relu(x: Any) -> Any:
    return anp.maximum(x, 0)


def _mean_squared_error(prediction: Any, target: Any) -> Any:
    return anp.mean((prediction - target) ** 2)


def _cross_entropy(logits: Any, labels: Any) -> Any:
    shifted = logits - anp.max(logits, axis=1, keepdims=True)
    total = anp.log(anp.sum(anp.exp(shifted), axis=1))
    return anp.mean(total - shifted[np.arange(len(labels)), labels])


_ACTIVATIONS = {"tanh": anp.tanh, "sigmoid": _sigmoid, "relu": _relu}
_LOSSES = {"mse": _mean_squared_error, "cross_entropy": _cross_entropy}


class _Mlp:
    def __init__(self, shape: Shape) -> None:
        problem = make_problem(shape)
        pairs = zip(problem.weights, problem.biases, strict=True)
        self.parameters = [array for pair in pairs for array in pair]
        activation, loss = _ACTIVATIONS[shape.activation], _LOSSES[shape.loss]
        layers, rate = len(problem.weights), shape.rate

        def compute_loss(parameters: Any) -> Any:
            out = problem.x
            for index in range(layers):
                out = anp.dot(out, parameters[2 * index].T) + parameters[2 * index + 1]
                if shape.squash_output or index < layers - 1:
                    out = activation(out)
            return loss(out, problem.target)

        self.value_and_grad, self.rate = value_and_grad(compute_loss), rate

    def step(self) -> None:
        self.loss, gradients = self.value_and_grad(self.parameters)
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            np.subtract(parameter, self.rate * gradient, out=parameter)

    def results(self) -> list[Array]:
        return [np.array(self.loss), *self.parameters]


class _Elementwise:
    def __init__(self, size: int) -> None:
        self.x = make_points(size)
        self.value_and_grad = value_and_grad(
            lambda x: anp.sum(anp.sin(x) * anp.exp(-(x**2)) + anp.tanh(x))
        )

    def step(self) -> None:
        self.value, self.gradient = self.value_and_grad(self.x)

    def results(self) -> list[Array]:
        return [np.array(self.value), self.gradient]


class _Scalars:
    """A function of several numbers and its gradient by all of them."""

    def __init__(self, function: Any, point: tuple[float, ...]) -> None:
        self.point = point
        self.value_and_grad = value_and_grad(function, tuple(range(len(point))))

    def step(self) -> None:
        self.value, self.gradients = self.value_and_grad(*self.point)

    def results(self) -> list[Array]:
        return [np.array(self.value), *(np.array(gradient) for gradient in self.gradients)]


def build(workload: Workload) -> Job:
    """Wrap the function of ``workload``."""
    if workload.kind == "mlp":
        return _Mlp(workload.shape)
    if workload.kind == "elementwise":
        return _Elementwise(workload.size)
    if workload.kind == "readme":
        return _Scalars(lambda a, b: readme_expression(a, b, _relu), README_POINT)
    return _Scalars(lambda x: chain(x, workload.size), (CHAIN_POINT,))
