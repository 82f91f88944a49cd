"""PyTorch, eager: the loop of its tutorials. OMP_NUM_THREADS sets its threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from benchmarks.contenders import Job, torch_sequences
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

_ACTIVATIONS = {"tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU}
_LOSSES: dict[str, Any] = {
    "mse": torch.nn.functional.mse_loss,
    "cross_entropy": torch.nn.functional.cross_entropy,
}


class Mlp:
    """The training step; ``wrap`` may compile what computes the loss."""

    def __init__(self, shape: Shape, wrap: Callable[[Any], Any] = lambda function: function):
        problem = make_problem(shape)
        modules: list[torch.nn.Module] = []
        for weight, bias in zip(problem.weights, problem.biases, strict=True):
            linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(weight))
                linear.bias.copy_(torch.from_numpy(bias))
            modules += [linear, _ACTIVATIONS[shape.activation]()]
        if not shape.squash_output:
            modules.pop()
        self.model = torch.nn.Sequential(*modules)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=shape.rate)
        self.x, self.target = torch.from_numpy(problem.x), torch.from_numpy(problem.target)
        model, loss = self.model, _LOSSES[shape.loss]
        self.compute_loss = wrap(lambda x, target: loss(model(x), target))

    def step(self) -> None:
        """One pass of the training loop."""
        self.loss = self.compute_loss(self.x, self.target)
        self.optimizer.zero_grad()
        self.loss.backward()
        self.optimizer.step()

    def results(self) -> list[Array]:
        """The last loss, then weight and bias of each layer."""
        parameters = [parameter.detach().numpy() for parameter in self.model.parameters()]
        return [np.array(self.loss.item()), *parameters]


class _Lenet:
    def __init__(self, batch: int) -> None:
        problem = make_lenet_problem(batch)
        self.model = torch.nn.Sequential(
            torch.nn.Conv2d(1, 6, 5, padding=2),
            torch.nn.ReLU(),
            torch.nn.MaxPool2d(2),
            torch.nn.Conv2d(6, 16, 5),
            torch.nn.ReLU(),
            torch.nn.MaxPool2d(2),
            torch.nn.Flatten(),
            torch.nn.Linear(400, 120),
            torch.nn.ReLU(),
            torch.nn.Linear(120, 84),
            torch.nn.ReLU(),
            torch.nn.Linear(84, 10),
        )
        pairs = zip(problem.weights, problem.biases, strict=True)
        starts = [torch.from_numpy(array) for pair in pairs for array in pair]
        with torch.no_grad():
            for parameter, start in zip(self.model.parameters(), starts, strict=True):
                parameter.copy_(start)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=LENET_RATE)
        self.x, self.target = torch.from_numpy(problem.x), torch.from_numpy(problem.target)

    def step(self) -> None:
        self.loss = torch.nn.functional.cross_entropy(self.model(self.x), self.target)
        self.optimizer.zero_grad()
        self.loss.backward()
        self.optimizer.step()

    def results(self) -> list[Array]:
        parameters = [parameter.detach().numpy() for parameter in self.model.parameters()]
        return [np.array(self.loss.item()), *parameters]


class Elementwise:
    """The value and gradient of the elementwise expression, summed."""

    def __init__(self, size: int, wrap: Callable[[Any], Any] = lambda function: function):
        self.x = torch.from_numpy(make_points(size)).requires_grad_()
        self.compute = wrap(lambda x: torch.sum(torch.sin(x) * torch.exp(-(x**2)) + torch.tanh(x)))

    def step(self) -> None:
        """Forward, then backward into a fresh gradient."""
        self.value = self.compute(self.x)
        self.x.grad = None
        self.value.backward()

    def results(self) -> list[Array]:
        """The sum, then its gradient."""
        assert self.x.grad is not None
        return [np.array(self.value.item()), self.x.grad.numpy()]


def _leaf(value: float) -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


class _Readme:
    def step(self) -> None:
        self.a, self.b = _leaf(README_POINT[0]), _leaf(README_POINT[1])
        self.value = readme_expression(self.a, self.b, torch.relu)
        self.value.backward()

    def results(self) -> list[Array]:
        return [np.array(tensor) for tensor in (self.value.item(), self.a.grad, self.b.grad)]


class _Chain:
    def __init__(self, length: int) -> None:
        self.length = length

    def step(self) -> None:
        self.x = _leaf(CHAIN_POINT)
        value = chain(self.x, self.length)
        value.backward()
        self.value = value.item()

    def results(self) -> list[Array]:
        return [np.array(self.value), np.array(self.x.grad)]


def build(workload: Workload) -> Job:
    """Set up the model and its optimiser, or the leaves, of ``workload``."""
    if workload.kind == "mlp":
        return Mlp(workload.shape)
    if workload.kind == "lenet":
        return _Lenet(workload.size)
    if workload.kind in ("lstm", "transformer"):
        return torch_sequences.build(workload)
    if workload.kind == "elementwise":
        return Elementwise(workload.size)
    return _Readme() if workload.kind == "readme" else _Chain(workload.size)
