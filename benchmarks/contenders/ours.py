"""autograd-core and nn, written as a user writes the loop."""

from __future__ import annotations

import numpy as np

import autograd_core as ag
import nn
from benchmarks.contenders import Job, ours_sequences
from benchmarks.workloads import (
    CHAIN_POINT,
    LENET_RATE,
    README_POINT,
    Array,
    Shape,
    Workload,
    chain,
    make_lenet_problem,
    make_points,
    make_problem,
    readme_expression,
)

_ACTIVATIONS = {"tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "relu": nn.ReLU}
_LOSSES = {"mse": nn.mse_loss, "cross_entropy": nn.cross_entropy}


class _Mlp:
    def __init__(self, shape: Shape) -> None:
        problem = make_problem(shape)
        modules: list[nn.Module] = []
        for weight, bias in zip(problem.weights, problem.biases, strict=True):
            linear = nn.Linear(weight.shape[1], weight.shape[0])
            linear.weight.data[...] = weight
            if linear.bias is not None:  # for the type checker: it has one by default
                linear.bias.data[...] = bias
            modules += [linear, _ACTIVATIONS[shape.activation]()]
        if not shape.squash_output:
            modules.pop()
        self.model = nn.Sequential(*modules)
        self.optimizer = nn.SGD(self.model.parameters(), lr=shape.rate)
        self.compute_loss = _LOSSES[shape.loss]
        self.x, self.target = problem.x, problem.target

    def step(self) -> None:
        self.loss = self.compute_loss(self.model(self.x), self.target)
        self.optimizer.zero_grad()
        self.loss.backward()
        self.optimizer.step()

    def results(self) -> list[Array]:
        return [np.array(self.loss.item()), *(p.data for p in self.model.parameters())]


class _Lenet:
    def __init__(self, batch: int) -> None:
        problem = make_lenet_problem(batch)
        self.model = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(400, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, 10),
        )
        pairs = zip(problem.weights, problem.biases, strict=True)
        starts = [array for pair in pairs for array in pair]
        for parameter, start in zip(self.model.parameters(), starts, strict=True):
            parameter.data[...] = start
        self.optimizer = nn.SGD(self.model.parameters(), lr=LENET_RATE)
        self.x, self.target = problem.x, problem.target

    def step(self) -> None:
        self.loss = nn.cross_entropy(self.model(self.x), self.target)
        self.optimizer.zero_grad()
        self.loss.backward()
        self.optimizer.step()

    def results(self) -> list[Array]:
        return [np.array(self.loss.item()), *(p.data for p in self.model.parameters())]


class _Elementwise:
    def __init__(self, size: int) -> None:
        self.x = ag.Tensor(make_points(size), copy=False)

    def step(self) -> None:
        x = self.x
        self.value = np.sum(np.sin(x) * np.exp(-(x**2)) + np.tanh(x))
        x.zero_grad()
        self.value.backward()

    def results(self) -> list[Array]:
        return [np.array(self.value.item()), np.asarray(self.x.grad)]


class _Readme:
    def step(self) -> None:
        self.a, self.b = ag.Tensor(README_POINT[0]), ag.Tensor(README_POINT[1])
        self.value = readme_expression(self.a, self.b, ag.relu)
        self.value.backward()

    def results(self) -> list[Array]:
        return [np.array(self.value.item()), np.array(self.a.grad), np.array(self.b.grad)]


class _Chain:
    def __init__(self, length: int) -> None:
        self.length = length

    def step(self) -> None:
        self.x = ag.Tensor(CHAIN_POINT)
        value = chain(self.x, self.length)
        value.backward()
        self.value = value.item()

    def results(self) -> list[Array]:
        return [np.array(self.value), np.array(self.x.grad)]


def build(workload: Workload) -> Job:
    """Set up the model and its optimiser, or the leaves, of ``workload``."""
    if workload.kind == "mlp":
        return _Mlp(workload.shape)
    if workload.kind == "lenet":
        return _Lenet(workload.size)
    if workload.kind in ("lstm", "transformer"):
        return ours_sequences.build(workload)
    if workload.kind == "elementwise":
        return _Elementwise(workload.size)
    return _Readme() if workload.kind == "readme" else _Chain(workload.size)
