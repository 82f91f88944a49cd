"""JAX: the whole training step as one jitted function, the old parameters donated.

Each step is waited for, as the others' are done when the call returns: JAX would otherwise run
Python's side of the next step on one thread and this one's arithmetic on another.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.contenders import Job
from benchmarks.workloads import Array, Shape, Workload, make_points, make_problem

_ACTIVATIONS = {"tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu}


def _mean_squared_error(prediction: Any, target: Any) -> Any:
    return jnp.mean((prediction - target) ** 2)


def _cross_entropy(logits: Any, labels: Any) -> Any:
    chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1)
    return -jnp.mean(chosen)


_LOSSES = {"mse": _mean_squared_error, "cross_entropy": _cross_entropy}


class _Mlp:
    def __init__(self, shape: Shape) -> None:
        problem = make_problem(shape)
        self.parameters = [
            (jnp.array(weight), jnp.array(bias))
            for weight, bias in zip(problem.weights, problem.biases, strict=True)
        ]
        self.x, self.target = jnp.array(problem.x), jnp.array(problem.target)
        activation, loss = _ACTIVATIONS[shape.activation], _LOSSES[shape.loss]

        def compute_loss(parameters: Any, x: Any, target: Any) -> Any:
            for index, (weight, bias) in enumerate(parameters):
                x = x @ weight.T + bias
                if shape.squash_output or index < len(parameters) - 1:
                    x = activation(x)
            return loss(x, target)

        def train(parameters: Any, x: Any, target: Any) -> Any:
            value, gradients = jax.value_and_grad(compute_loss)(parameters, x, target)
            updated = jax.tree.map(lambda p, g: p - shape.rate * g, parameters, gradients)
            return value, updated

        self.train = jax.jit(train, donate_argnums=0)

    def step(self) -> None:
        self.loss, self.parameters = self.train(self.parameters, self.x, self.target)
        jax.block_until_ready(self.parameters)

    def results(self) -> list[Array]:
        parameters = [np.asarray(array) for pair in self.parameters for array in pair]
        return [np.asarray(self.loss), *parameters]


class _Elementwise:
    def __init__(self, size: int) -> None:
        jax.config.update("jax_enable_x64", True)
        self.x = jnp.array(make_points(size))
        self.compute = jax.jit(
            jax.value_and_grad(lambda x: jnp.sum(jnp.sin(x) * jnp.exp(-(x**2)) + jnp.tanh(x)))
        )

    def step(self) -> None:
        self.value, self.gradient = self.compute(self.x)
        jax.block_until_ready(self.gradient)

    def results(self) -> list[Array]:
        return [np.asarray(self.value), np.asarray(self.gradient)]


def build(workload: Workload) -> Job:
    """Put data and parameters on the device; the first step compiles."""
    if workload.kind == "mlp":
        return _Mlp(workload.shape)
    return _Elementwise(workload.size)
