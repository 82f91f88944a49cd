"""MyGrad, with its memory guard off as its documentation advises for speed."""

from __future__ import annotations

import sys
from typing import Any

import mygrad
import numpy as np
from mygrad.nnet.activations import relu, sigmoid, tanh
from mygrad.nnet.losses import softmax_crossentropy

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

mg: Any = mygrad  # its annotations are not meant for a strict reader
mg.turn_memory_guarding_off()

_ACTIVATIONS = {"tanh": tanh, "sigmoid": sigmoid, "relu": relu}


class _Mlp:
    def __init__(self, shape: Shape) -> None:
        problem = make_problem(shape)
        self.parameters = [
            (mg.tensor(weight), mg.tensor(bias))
            for weight, bias in zip(problem.weights, problem.biases, strict=True)
        ]
        self.x, self.target, self.shape = problem.x, problem.target, shape
        # float32 times a Python float is float64 in MyGrad, so its constants are float32 too.
        self.rate = np.float32(shape.rate)

    def step(self) -> None:
        shape = self.shape
        out: Any = self.x
        activation = _ACTIVATIONS[shape.activation]
        for index, (weight, bias) in enumerate(self.parameters):
            out = mg.matmul(out, weight.T) + bias
            if shape.squash_output or index < len(self.parameters) - 1:
                out = activation(out)
        if shape.loss == "mse":
            self.loss = mg.mean(mg.square(out - self.target))
        else:
            self.loss = softmax_crossentropy(out, self.target)
        self.loss.backward()
        for pair in self.parameters:
            for parameter in pair:
                parameter.data -= self.rate * parameter.grad
                parameter.null_grad()

    def results(self) -> list[Array]:
        return [np.array(self.loss.item()), *(p.data for pair in self.parameters for p in pair)]


class _Elementwise:
    def __init__(self, size: int) -> None:
        self.x = mg.tensor(make_points(size))

    def step(self) -> None:
        x = self.x
        x.null_grad()
        self.value = mg.sum(mg.sin(x) * mg.exp(-(x**2)) + mg.tanh(x))
        self.value.backward()

    def results(self) -> list[Array]:
        return [np.array(self.value.item()), self.x.grad]


class _Readme:
    def step(self) -> None:
        self.a, self.b = mg.tensor(README_POINT[0]), mg.tensor(README_POINT[1])
        self.value = readme_expression(self.a, self.b, relu)
        self.value.backward()

    def results(self) -> list[Array]:
        return [np.array(self.value.item()), np.array(self.a.grad), np.array(self.b.grad)]


class _Chain:
    def __init__(self, length: int) -> None:
        # Its backward() walks the graph by recursion, one level or more a link.
        sys.setrecursionlimit(10 * length)
        self.length = length

    def step(self) -> None:
        self.x = mg.tensor(CHAIN_POINT)
        value = chain(self.x, self.length)
        value.backward()
        self.value = value.item()

    def results(self) -> list[Array]:
        return [np.array(self.value), np.array(self.x.grad)]


def build(workload: Workload) -> Job:
    """Set up the parameters, or the leaves, of ``workload``."""
    if workload.kind == "mlp":
        return _Mlp(workload.shape)
    if workload.kind == "elementwise":
        return _Elementwise(workload.size)
    return _Readme() if workload.kind == "readme" else _Chain(workload.size)
