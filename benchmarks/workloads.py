"""What is measured: the work itself, with the numbers every contender starts from.

A workload says *what* is to be computed and never how. Data and first weights come from a fixed
seed, so every contender in every process does the same arithmetic on the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Kind = Literal["mlp", "lenet", "lstm", "transformer", "elementwise", "readme", "chain"]


@dataclass(frozen=True)
class Shape:
    """A multi-layer perceptron and the step that trains it: full forward, backward, plain SGD."""

    sizes: tuple[int, ...]
    batch: int
    activation: Literal["tanh", "sigmoid", "relu"]
    loss: Literal["mse", "cross_entropy"]
    rate: float
    squash_output: bool = False  # is the activation applied after the last layer too?


@dataclass(frozen=True)
class Workload:
    """One row of the table."""

    name: str
    title: str
    kind: Kind
    size: int = 0  # elements of an elementwise workload, links of a chain, examples of a batch
    mlp: Shape | None = None

    @property
    def uses_blas(self) -> bool:
        """Whether the number of threads matters."""
        return self.kind not in ("readme", "chain")

    @property
    def shape(self) -> Shape:
        """The MLP of a workload of that kind."""
        if self.mlp is None:
            raise ValueError(f"workload {self.name} is of kind {self.kind}, it has no MLP")
        return self.mlp


WORKLOADS: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        Workload(
            "mlp-2-16-16-1",
            "MLP 2-16-16-1, batch 100, tanh, MSE",
            "mlp",
            mlp=Shape((2, 16, 16, 1), 100, "tanh", "mse", rate=0.02),
        ),
        Workload(
            "mlp-784-30-10",
            "MLP 784-30-10, batch 10, sigmoid, MSE",
            "mlp",
            mlp=Shape((784, 30, 10), 10, "sigmoid", "mse", rate=0.1, squash_output=True),
        ),
        Workload(
            "mlp-784-128-64-10",
            "MLP 784-128-64-10, batch 64, ReLU, cross-entropy",
            "mlp",
            mlp=Shape((784, 128, 64, 10), 64, "relu", "cross_entropy", rate=0.01),
        ),
        Workload(
            "mlp-784-512-512-10",
            "MLP 784-512-512-10, batch 256, ReLU, cross-entropy",
            "mlp",
            mlp=Shape((784, 512, 512, 10), 256, "relu", "cross_entropy", rate=0.01),
        ),
        Workload(
            "mlp-1024-2048-2048-1024",
            "MLP 1024-2048-2048-1024, batch 256, tanh, MSE",
            "mlp",
            mlp=Shape((1024, 2048, 2048, 1024), 256, "tanh", "mse", rate=1.0),
        ),
        Workload("lenet", "LeNet on 28x28 images, batch 64, ReLU, cross-entropy", "lenet", size=64),
        Workload("lstm", "LSTM, width 128, 64 steps, batch 32, MSE", "lstm", size=32),
        Workload(
            "transformer",
            "transformer, 4 layers, width 128, 64 characters, batch 32, cross-entropy",
            "transformer",
            size=32,
        ),
        Workload(
            "elementwise-1e6",
            "sin(x) exp(-x²) + tanh(x), 10⁶ float64, value and gradient",
            "elementwise",
            size=1_000_000,
        ),
        Workload("readme-expression", "the scalar expression of micrograd's README", "readme"),
        Workload(
            "chain-100k", "z = z*1.0001 + x, 100,000 times, forward and backward", "chain", 100_000
        ),
    )
}


@dataclass(frozen=True)
class Problem:
    """The numbers a training step starts from; a weight is (out, in), everything float32."""

    x: Array
    target: Array
    weights: list[Array]
    biases: list[Array]


def make_problem(shape: Shape, dtype: type[np.floating[Any]] = np.float32) -> Problem:
    """Draw the batch and the first weights of ``shape`` from a fixed seed."""
    rng = np.random.default_rng(20)
    inputs, outputs = shape.sizes[0], shape.sizes[-1]
    x = rng.standard_normal((shape.batch, inputs), dtype=np.float32).astype(dtype)
    if shape.loss == "cross_entropy":
        target: Array = rng.integers(0, outputs, shape.batch)
    else:
        target = rng.random((shape.batch, outputs), dtype=np.float32).astype(dtype)
    weights, biases = [], []
    for fan_in, fan_out in zip(shape.sizes, shape.sizes[1:], strict=False):
        weight = rng.standard_normal((fan_out, fan_in), dtype=np.float32) / np.sqrt(fan_in)
        weights.append(weight.astype(dtype))
        biases.append((0.1 * rng.standard_normal(fan_out, dtype=np.float32)).astype(dtype))
    return Problem(x, target, weights, biases)


# The weights of LeNet as this century writes it (LeCun, Bottou, Bengio and Haffner, "Gradient-based
# learning applied to document recognition", 1998, with ReLU and max pooling): two convolutions, the
# first padded by 2, each with 2 by 2 pooling, and three affine layers.
LENET = ((6, 1, 5, 5), (16, 6, 5, 5), (120, 400), (84, 120), (10, 84))
LENET_RATE = 0.01


def make_lenet_problem(batch: int, dtype: type[np.floating[Any]] = np.float32) -> Problem:
    """Draw the images and the first weights of LeNet from a fixed seed."""
    rng = np.random.default_rng(22)
    x = rng.standard_normal((batch, 1, 28, 28), dtype=np.float32).astype(dtype)
    weights, biases = [], []
    for shape in LENET:
        scale = np.sqrt(2 / np.prod(shape[1:]))
        weights.append((scale * rng.standard_normal(shape)).astype(dtype))
        biases.append((0.1 * rng.standard_normal(shape[0])).astype(dtype))
    return Problem(x, rng.integers(0, 10, batch), weights, biases)


def make_points(size: int) -> Array:
    """The points an elementwise workload is evaluated at, float64."""
    return np.random.default_rng(21).standard_normal(size)


def readme_expression(a: Any, b: Any, relu: Callable[[Any], Any]) -> Any:
    """The worked example of micrograd's README; every ``+=`` written out, for all alike."""
    c = a + b
    d = a * b + b**3
    c = c + (c + 1)
    c = c + (1 + c + (-a))
    d = d + (d * 2 + relu(b + a))
    d = d + (3 * d + relu(b - a))
    e = c - d
    f = e**2
    g = f / 2.0
    return g + 10.0 / f


README_POINT = (-4.0, 2.0)


def chain(x: Any, length: int) -> Any:
    """``length`` links of one multiplication and one addition each."""
    z = x
    for _ in range(length):
        z = z * 1.0001 + x
    return z


CHAIN_POINT = 0.5
