"""DeZero: its own layers, losses and optimiser."""

# ruff: noqa: E402, NPY001 - NumPy is patched before DeZero is imported

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import numpy as np

np.int = int  # type: ignore[attr-defined]  # DeZero (2020) uses the alias NumPy 1.24 removed

import dezero
from dezero import functions, layers

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

_ACTIVATIONS = {"tanh": functions.tanh, "sigmoid": functions.sigmoid, "relu": functions.relu}


class _Mlp:
    def __init__(self, shape: Shape) -> None:
        problem = make_problem(shape)
        self.layers = []
        self.parameters = []
        for weight, bias in zip(problem.weights, problem.biases, strict=True):
            linear = layers.Linear(len(weight), in_size=weight.shape[1])
            linear.W.data, linear.b.data = np.ascontiguousarray(weight.T), bias
            self.layers.append(linear)
            self.parameters += [linear.W, linear.b]
        self.x, self.target, self.shape = problem.x, problem.target, shape

    def step(self) -> None:
        shape, out = self.shape, self.x
        activation = _ACTIVATIONS[shape.activation]
        for index, layer in enumerate(self.layers):
            out = layer(out)
            if shape.squash_output or index < len(self.layers) - 1:
                out = activation(out)
        if shape.loss == "mse":
            # Its mean squared error divides by the rows only, ours and the others' by the size.
            self.loss = functions.mean_squared_error(out, self.target) / np.float32(
                self.target.shape[1]
            )
        else:
            self.loss = functions.softmax_cross_entropy(out, self.target)
        for parameter in self.parameters:
            parameter.cleargrad()
        self.loss.backward()
        for parameter in self.parameters:
            parameter.data -= np.float32(shape.rate) * parameter.grad.data

    def results(self) -> list[Array]:
        weights = [np.array(parameter.data) for parameter in self.parameters]
        return [np.array(self.loss.data), *(w.T if w.ndim == 2 else w for w in weights)]


class _Elementwise:
    def __init__(self, size: int) -> None:
        self.x = dezero.Variable(make_points(size))

    def step(self) -> None:
        x = self.x
        x.cleargrad()
        self.value = functions.sum(functions.sin(x) * functions.exp(-(x**2)) + functions.tanh(x))
        self.value.backward()

    def results(self) -> list[Array]:
        return [np.array(self.value.data), self.x.grad.data]


class _Readme:
    def step(self) -> None:
        self.a, self.b = (dezero.Variable(np.array(number)) for number in README_POINT)
        self.value = readme_expression(self.a, self.b, functions.relu)
        self.value.backward()

    def results(self) -> list[Array]:
        return [
            np.array(variable) for variable in (self.value.data, self.a.grad.data, self.b.grad.data)
        ]


class _Chain:
    def __init__(self, length: int) -> None:
        self.length = length

    def step(self) -> None:
        self.x = dezero.Variable(np.array(CHAIN_POINT))
        value = chain(self.x, self.length)
        value.backward()
        self.value = value.data

    def results(self) -> list[Array]:
        return [np.array(self.value), np.array(self.x.grad.data)]


def build(workload: Workload) -> Job:
    """Set up layers, or variables, of ``workload``."""
    if workload.kind == "mlp":
        return _Mlp(workload.shape)
    if workload.kind == "elementwise":
        return _Elementwise(workload.size)
    return _Readme() if workload.kind == "readme" else _Chain(workload.size)
