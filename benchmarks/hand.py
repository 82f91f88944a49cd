"""The yardstick: each step written out by hand in NumPy, with every buffer preallocated.

This is what a careful person would write who knows the network and needs no engine: every array
a step touches exists before the first step and every call writes into one of them (``out=``), so
a step allocates no array data. The derivatives are worked out on paper. It computes what the
others compute, and no less: the loss, the gradient of every parameter, and the SGD update from
those gradients. Weights are laid out (out, in) as in ``nn`` and PyTorch.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.workloads import (
    CHAIN_POINT,
    Array,
    Problem,
    Shape,
    make_points,
    make_problem,
)


class Layer:
    """One affine layer with its activation, and all the room its two passes need."""

    def __init__(self, x: Array, weight: Array, bias: Array, activation: str | None) -> None:
        dtype, shape = weight.dtype, (len(x), len(weight))
        self.x = x
        self.weight, self.bias = weight.copy(), bias.copy()
        self.weight_gradient, self.bias_gradient = np.empty_like(weight), np.empty_like(bias)
        self.weight_step, self.bias_step = np.empty_like(weight), np.empty_like(bias)
        self.out, self.delta = np.empty(shape, dtype), np.empty(shape, dtype)
        self.slope = np.empty(shape, dtype)
        # Views and constants made once: a transposition or a Python float costs on every use.
        self.weight_t, self.delta_t = self.weight.T, self.delta.T
        self.ones = np.ones(len(x), dtype)
        self.one, self.zero = np.array(1, dtype), np.array(0, dtype)
        passes: dict[str | None, tuple[Callable[[], None], Callable[[], None]]] = {
            None: (lambda: None, lambda: None),
            "tanh": (self._tanh, self._tanh_backward),
            "sigmoid": (self._sigmoid, self._sigmoid_backward),
            "relu": (self._relu, self._relu_backward),
        }
        self.activate, self.activate_backward = passes[activation]

    def forward(self) -> None:
        np.dot(self.x, self.weight_t, out=self.out)  # lighter than matmul by 0.3 µs a call
        np.add(self.out, self.bias, out=self.out)
        self.activate()

    def backward(self, x_delta: Array | None) -> None:
        """Turn ``delta`` (dL/dout) into the two gradients and, unless None, into ``x_delta``."""
        self.activate_backward()
        np.dot(self.delta_t, self.x, out=self.weight_gradient)
        np.dot(self.ones, self.delta, out=self.bias_gradient)  # the sum over rows, by BLAS
        if x_delta is not None:
            np.dot(self.delta, self.weight, out=x_delta)

    def update(self, rate: Array) -> None:
        np.multiply(self.weight_gradient, rate, out=self.weight_step)
        np.subtract(self.weight, self.weight_step, out=self.weight)
        np.multiply(self.bias_gradient, rate, out=self.bias_step)
        np.subtract(self.bias, self.bias_step, out=self.bias)

    def _tanh(self) -> None:
        np.tanh(self.out, out=self.out)

    def _tanh_backward(self) -> None:
        np.multiply(self.out, self.out, out=self.slope)
        np.subtract(self.one, self.slope, out=self.slope)
        np.multiply(self.delta, self.slope, out=self.delta)

    def _sigmoid(self) -> None:
        np.negative(self.out, out=self.out)
        np.exp(self.out, out=self.out)
        np.add(self.out, self.one, out=self.out)
        np.reciprocal(self.out, out=self.out)

    def _sigmoid_backward(self) -> None:
        np.subtract(self.one, self.out, out=self.slope)
        np.multiply(self.slope, self.out, out=self.slope)
        np.multiply(self.delta, self.slope, out=self.delta)

    def _relu(self) -> None:
        np.maximum(self.out, self.zero, out=self.out)

    def _relu_backward(self) -> None:
        np.sign(self.out, out=self.slope)  # 1 where active, else 0: cheaper than a bool mask
        np.multiply(self.delta, self.slope, out=self.delta)


class _SquaredError:
    """mean((p - t)²), and its derivative 2 (p - t) / size."""

    def __init__(self, prediction: Array, target: Array, delta: Array) -> None:
        self.prediction, self.target, self.delta = prediction, target, delta
        self.flat = delta.reshape(-1)
        self.size = delta.size
        self.scale = np.array(2 / delta.size, delta.dtype)

    def __call__(self) -> float:
        np.subtract(self.prediction, self.target, out=self.delta)
        loss = np.dot(self.flat, self.flat) / self.size
        np.multiply(self.delta, self.scale, out=self.delta)
        return float(loss)


class CrossEntropy:
    """mean(log sum exp z - z[label]), and its derivative (softmax(z) - one_hot) / rows."""

    def __init__(self, logits: Array, labels: Array, delta: Array) -> None:
        rows, classes = logits.shape
        self.logits, self.delta = logits, delta
        self.column = np.empty((rows, 1), logits.dtype)
        self.picked = np.empty(rows, logits.dtype)
        self.where = np.arange(rows) * classes + labels
        self.one_hot = np.eye(classes, dtype=logits.dtype)[labels]
        self.flat_logits, self.flat_column = logits.reshape(-1), self.column.reshape(-1)
        self.scale, self.rows = np.array(1 / rows, logits.dtype), rows

    def __call__(self) -> float:
        np.maximum.reduce(self.logits, axis=1, out=self.column, keepdims=True)
        np.subtract(self.logits, self.column, out=self.logits)
        self.flat_logits.take(self.where, out=self.picked, mode="clip")
        np.exp(self.logits, out=self.delta)
        np.add.reduce(self.delta, axis=1, out=self.column, keepdims=True)
        np.divide(self.delta, self.column, out=self.delta)
        np.log(self.column, out=self.column)
        np.subtract(self.flat_column, self.picked, out=self.picked)
        np.subtract(self.delta, self.one_hot, out=self.delta)
        np.multiply(self.delta, self.scale, out=self.delta)
        return float(np.add.reduce(self.picked) / self.rows)


class HandMlp:
    """The training step of an MLP of any depth."""

    def __init__(self, shape: Shape, problem: Problem | None = None) -> None:
        problem = problem or make_problem(shape)
        self.layers: list[Layer] = []
        x = problem.x
        for index, (weight, bias) in enumerate(zip(problem.weights, problem.biases, strict=True)):
            last = index == len(problem.weights) - 1
            activation = None if last and not shape.squash_output else shape.activation
            self.layers.append(Layer(x, weight, bias, activation))
            x = self.layers[-1].out
        loss: type[_SquaredError | CrossEntropy]
        loss = _SquaredError if shape.loss == "mse" else CrossEntropy
        self.compute_loss: Callable[[], float] = loss(x, problem.target, self.layers[-1].delta)
        self.rate = np.array(shape.rate, x.dtype)
        below = [None, *(layer.delta for layer in self.layers[:-1])]
        self.reverse_pass = [*zip(self.layers, below, strict=True)][::-1]
        self.loss = float("nan")

    def gradients(self) -> float:
        """Forward and backward: leaves the gradients in the layers, returns the loss."""
        for layer in self.layers:
            layer.forward()
        loss = self.compute_loss()
        for layer, x_delta in self.reverse_pass:
            layer.backward(x_delta)
        return loss

    def step(self) -> None:
        self.loss = self.gradients()
        for layer in self.layers:
            layer.update(self.rate)

    def results(self) -> list[Array]:
        parameters = [array for layer in self.layers for array in (layer.weight, layer.bias)]
        return [np.array(self.loss), *parameters]


class HandElementwise:
    """y = sin(x) exp(-x²) + tanh(x), the sum of y, and d(sum)/dx.

    dy/dx = (cos x - 2 x sin x) exp(-x²) + 1 - tanh² x
    """

    def __init__(self, size: int) -> None:
        self.x = make_points(size)
        buffers = [np.empty_like(self.x) for _ in range(5)]
        self.sine, self.bell, self.tanh, self.gradient, self.scratch = buffers
        self.one, self.minus_two = np.array(1.0), np.array(-2.0)
        self.value = float("nan")

    def step(self) -> None:
        x, bell, tanh, gradient, scratch = self.x, self.bell, self.tanh, self.gradient, self.scratch
        np.sin(x, out=self.sine)
        np.multiply(x, x, out=bell)
        np.negative(bell, out=bell)
        np.exp(bell, out=bell)
        np.tanh(x, out=tanh)
        np.multiply(self.sine, bell, out=scratch)
        np.multiply(x, scratch, out=gradient)
        np.add(scratch, tanh, out=scratch)
        self.value = float(np.add.reduce(scratch))
        np.multiply(gradient, self.minus_two, out=gradient)
        np.cos(x, out=scratch)
        np.multiply(scratch, bell, out=scratch)
        np.add(gradient, scratch, out=gradient)
        np.multiply(tanh, tanh, out=scratch)
        np.subtract(self.one, scratch, out=scratch)
        np.add(gradient, scratch, out=gradient)

    def results(self) -> list[Array]:
        return [np.array(self.value), self.gradient]


def readme_answer() -> list[Array]:
    """What micrograd's README prints: g, dg/da and dg/db, to four decimals."""
    return [np.array(24.7041), np.array(138.8338), np.array(645.5773)]


def chain_answer(length: int) -> list[Array]:
    """The value of the chain and its derivative, by the recurrence dz' = dz*1.0001 + 1."""
    z, slope = CHAIN_POINT, 1.0
    for _ in range(length):
        z, slope = z * 1.0001 + CHAIN_POINT, slope * 1.0001 + 1.0
    return [np.array(z), np.array(slope)]
