"""LeNet's training step written out by hand in NumPy, with every buffer preallocated.

As in ``hand.py``: no engine, no array made during a step, derivatives worked out on paper. The
windows of an image are laid out as the columns of a matrix (a view, copied once into a buffer
that the gradient of the weight reads again), so that a convolution is one matrix product an
image. The gradient at the input of the second convolution is added up from 25 shifted pieces, in
rows as long as the image's, which makes each addition contiguous.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from benchmarks.hand import CrossEntropy, Layer
from benchmarks.workloads import LENET_RATE, Array, Problem, make_lenet_problem


class Convolution:
    """A convolution with stride 1 and ReLU; ``x`` is padded already."""

    def __init__(self, x: Array, weight: Array, bias: Array) -> None:
        n, channels, height, width = x.shape
        outputs, _, kernel, _ = weight.shape
        down, across = height - kernel + 1, width - kernel + 1
        inner, places, dtype = channels * kernel * kernel, down * across, x.dtype
        self.weight, self.bias = weight.copy(), bias.copy()
        self.flat_weight = self.weight.reshape(outputs, inner)
        self.bias_column = self.bias[:, None]
        self.windows = sliding_window_view(x, (kernel, kernel), (2, 3)).transpose(0, 1, 4, 5, 2, 3)
        self.columns = np.empty((n, channels, kernel, kernel, down, across), dtype)
        self.flat_columns = self.columns.reshape(n, inner, places)
        self.flat_columns_t = self.flat_columns.transpose(0, 2, 1)
        self.out = np.empty((n, outputs, down, across), dtype)
        self.flat_out = self.out.reshape(n, outputs, places)
        self.active = np.empty(self.out.shape, bool)
        self.delta = np.empty_like(self.out)
        self.flat_delta = self.delta.reshape(n, outputs, places)
        self.each_weight_gradient = np.empty((n, outputs, inner), dtype)
        self.weight_gradient = np.empty((outputs, inner), dtype)
        self.each_bias_gradient = np.empty(n * outputs, dtype)
        self.bias_gradient = np.empty(outputs, dtype)
        self.weight_step, self.bias_step = np.empty((outputs, inner), dtype), np.empty_like(bias)
        self.ones, self.zero = np.ones(places, dtype), np.array(0, dtype)
        self.shape = (n, channels, height, width, kernel, down, across)

    def forward(self) -> None:
        np.copyto(self.columns, self.windows)
        np.matmul(self.flat_weight, self.flat_columns, out=self.flat_out)
        np.add(self.flat_out, self.bias_column, out=self.flat_out)
        np.maximum(self.out, self.zero, out=self.out)

    def prepare_input_gradient(self) -> None:
        """The room that the gradient at the input takes; the first layer needs none."""
        n, channels, height, width, kernel, down, across = self.shape
        dtype = self.out.dtype
        self.wide_delta = np.zeros((n, len(self.weight), down, width), dtype)  # zeros at row ends
        self.wide_inner = self.wide_delta[..., :across]
        self.flat_wide_delta = self.wide_delta.reshape(n, len(self.weight), down * width)
        self.flat_weight_t = self.flat_weight.T
        self.shares = np.empty((n, channels * kernel * kernel, down * width), dtype)
        self.pieces = self.shares.reshape(n, channels, kernel, kernel, down * width)
        self.padded = np.empty((n, channels, height * width + kernel - 1), dtype)
        inside = self.padded[..., : height * width]
        self.x_delta = inside.reshape(n, channels, height, width)  # a view
        length = down * width
        self.targets = [
            (self.padded[..., i * width + j : i * width + j + length], self.pieces[:, :, i, j])
            for i in range(kernel)
            for j in range(kernel)
        ]

    def backward(self) -> None:
        """Turn ``delta`` (dL/dout) into the two gradients."""
        np.greater(self.out, self.zero, out=self.active)
        np.multiply(self.delta, self.active, out=self.delta)
        np.matmul(self.flat_delta, self.flat_columns_t, out=self.each_weight_gradient)
        np.add.reduce(self.each_weight_gradient, axis=0, out=self.weight_gradient)
        rows = self.flat_delta.reshape(-1, self.flat_delta.shape[2])
        np.dot(rows, self.ones, out=self.each_bias_gradient)  # sums, by BLAS
        by_image = self.each_bias_gradient.reshape(-1, len(self.bias))
        np.add.reduce(by_image, axis=0, out=self.bias_gradient)

    def backward_input(self) -> None:
        """The gradient at the input, into ``x_delta``."""
        np.copyto(self.wide_inner, self.delta)
        np.matmul(self.flat_weight_t, self.flat_wide_delta, out=self.shares)
        self.padded.fill(0)
        for target, piece in self.targets:
            np.add(target, piece, out=target)

    def update(self, rate: Array) -> None:
        np.multiply(self.weight_gradient, rate, out=self.weight_step)
        np.subtract(self.flat_weight, self.weight_step, out=self.flat_weight)
        np.multiply(self.bias_gradient, rate, out=self.bias_step)
        np.subtract(self.bias, self.bias_step, out=self.bias)


class MaxPool:
    """The largest of every 2 by 2 elements; its derivative goes to the first that is largest."""

    def __init__(self, x: Array, out: Array, x_delta: Array) -> None:
        corners = [(i, j) for i in (0, 1) for j in (0, 1)]
        self.x, self.out = [x[..., i::2, j::2] for i, j in corners], out
        self.x_delta = [x_delta[..., i::2, j::2] for i, j in corners]
        self.delta = np.empty(out.shape, out.dtype)
        self.place, self.missing = np.empty(out.shape, np.int8), np.empty(out.shape, bool)
        self.differs, self.chosen = np.empty(out.shape, bool), np.empty(out.shape, bool)

    def forward(self) -> None:
        first, second, third, fourth = self.x
        np.maximum(first, second, out=self.out)
        np.maximum(self.out, third, out=self.out)
        np.maximum(self.out, fourth, out=self.out)

    def backward(self) -> None:
        first, second, third, _ = self.x
        np.not_equal(first, self.out, out=self.missing)
        np.copyto(self.place, self.missing)
        for corner in (second, third):
            np.not_equal(corner, self.out, out=self.differs)
            np.logical_and(self.missing, self.differs, out=self.missing)
            np.add(self.place, self.missing.view(np.int8), out=self.place)
        for number, target in enumerate(self.x_delta):
            np.equal(self.place, number, out=self.chosen)
            np.multiply(self.delta, self.chosen, out=target)


class HandLenet:
    """Two convolutions with pooling, three affine layers, cross-entropy, plain SGD."""

    def __init__(self, batch: int, problem: Problem | None = None) -> None:
        problem = problem or make_lenet_problem(batch)
        weights, biases, dtype = problem.weights, problem.biases, problem.x.dtype
        padded = np.zeros((batch, 1, 32, 32), dtype)
        padded[:, :, 2:-2, 2:-2] = problem.x
        self.convolution1 = Convolution(padded, weights[0], biases[0])
        between = np.empty((batch, 6, 14, 14), dtype)
        self.pool1 = MaxPool(self.convolution1.out, between, self.convolution1.delta)
        self.convolution2 = Convolution(between, weights[1], biases[1])
        self.convolution2.prepare_input_gradient()
        self.pool1.delta = self.convolution2.x_delta
        pooled = np.empty((batch, 16, 5, 5), dtype)
        self.pool2 = MaxPool(self.convolution2.out, pooled, self.convolution2.delta)
        self.layers: list[Layer] = []
        x = pooled.reshape(batch, 400)
        for weight, bias in zip(weights[2:], biases[2:], strict=True):
            self.layers.append(Layer(x, weight, bias, "relu" if len(weight) > 10 else None))
            x = self.layers[-1].out
        self.compute_loss = CrossEntropy(x, problem.target, self.layers[-1].delta)
        below = [self.pool2.delta.reshape(batch, 400), *(layer.delta for layer in self.layers)]
        self.reverse_pass = [*zip(self.layers, below, strict=False)][::-1]
        self.rate = np.array(LENET_RATE, dtype)
        self.parts = (self.convolution1, self.convolution2, *self.layers)
        self.loss = float("nan")

    def gradients(self) -> float:
        """Forward and backward: leaves the gradients in the layers, returns the loss."""
        self.convolution1.forward()
        self.pool1.forward()
        self.convolution2.forward()
        self.pool2.forward()
        for layer in self.layers:
            layer.forward()
        loss = self.compute_loss()
        for layer, x_delta in self.reverse_pass:
            layer.backward(x_delta)
        self.pool2.backward()
        self.convolution2.backward()
        self.convolution2.backward_input()
        self.pool1.backward()
        self.convolution1.backward()
        return loss

    def step(self) -> None:
        self.loss = self.gradients()
        for part in self.parts:
            part.update(self.rate)

    def results(self) -> list[Array]:
        return [np.array(self.loss), *(a for part in self.parts for a in (part.weight, part.bias))]
