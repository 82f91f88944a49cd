"""The workloads on sequences: a layer of LSTM, and a small transformer on characters.

Both sides build the model with their own layers, which have the same parameters by name. What
they compute is compared by ``results``: the loss, and how far each parameter has moved along a
fixed direction (``make_sequence_values.py`` recorded the same with PyTorch in float64).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.workloads import Array

WIDTH, STEPS = 128, 64
LAYERS, HEADS, CHARACTERS = 4, 4, 100
LSTM_RATE, TRANSFORMER_RATE = 1.0, 0.1


def make_lstm_data(batch: int) -> tuple[Array, Array]:
    """Inputs and targets, (batch, steps, width)."""
    rng = np.random.default_rng(23)
    x, target = rng.standard_normal((2, batch, STEPS, WIDTH), dtype=np.float32)
    return x, np.tanh(target)


def make_characters(batch: int) -> tuple[Array, Array]:
    """Characters and those that follow them, (batch, steps)."""
    text = np.random.default_rng(24).integers(0, CHARACTERS, (batch, STEPS + 1))
    return text[:, :-1].copy(), text[:, 1:].copy()


def make_start(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """The first values of the parameters, drawn in the order of their names."""
    rng = np.random.default_rng(25)
    values = {}
    for name in sorted(shapes):
        shape = shapes[name]
        drawn = rng.standard_normal(shape) / np.sqrt(shape[-1])
        values[name] = (drawn + ("norm" in name and "weight" in name)).astype(np.float32)
    return values


def results(loss: float, parameters: Mapping[str, Any]) -> list[Array]:
    """The loss, and the change of each parameter since the start along a random direction."""
    start = make_start({name: array.shape for name, array in parameters.items()})
    rng = np.random.default_rng(26)
    moves = []
    for name in sorted(parameters):
        direction = rng.standard_normal(parameters[name].shape)
        change = np.asarray(parameters[name], np.float64) - start[name]
        moves.append(np.sum(change * direction))
    return [np.array(loss), np.array(moves)]
