"""The calls that are compared with PyTorch's, written once for both sides.

A case is a layer by name with its options, which are the same in PyTorch and here, the shapes of
its inputs and, of recurrent layers, the lengths of the sequences.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Recurrent:
    """A recurrent layer on a batch of 3 sequences of 5 steps."""

    layer: str
    options: dict[str, Any] = field(default_factory=dict)
    lengths: tuple[int, ...] | None = None
    state: bool = False

    @property
    def name(self) -> str:
        options = [f"{key}={value}" for key, value in self.options.items()]
        lengths = [] if self.lengths is None else [f"lengths {self.lengths}"]
        return " ".join([self.layer, *options, *lengths, *["state"] * self.state])


SIZES = {"input_size": 4, "hidden_size": 3}
BATCH, STEPS = 3, 5

RECURRENT = [
    Recurrent(layer, options, lengths, state)
    for layer in ("RNN", "LSTM", "GRU")
    for options, lengths, state in [
        ({}, None, False),
        ({"bias": False}, None, True),
        ({"num_layers": 2, "bidirectional": True}, None, True),
        ({}, (2, 5, 3), False),
        ({"num_layers": 2, "bidirectional": True}, (5, 1, 4), True),
    ]
] + [
    Recurrent("RNN", {"nonlinearity": "relu"}, (5, 3, 2)),
    Recurrent("LSTM", {"batch_first": False, "num_layers": 2}, None),
]


@dataclass(frozen=True)
class Attention:
    """Multi-head attention of width 6, of 4 places on themselves or on 5 others."""

    heads: int
    cross: bool = False
    causal: bool = False
    padding: bool = False
    mask: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        parts = ["cross"] * self.cross + ["causal"] * self.causal + ["padding"] * self.padding
        parts += [f"{self.mask} mask"] if self.mask else []
        parts += [f"{key}={value}" for key, value in self.options.items()]
        return " ".join([f"attention, {self.heads} heads", *parts])


WIDTH, TARGETS, SOURCES = 6, 4, 5

ATTENTION = [
    Attention(1),
    Attention(3),
    Attention(2, options={"bias": False}),
    Attention(2, causal=True),
    Attention(2, padding=True),
    Attention(2, causal=True, padding=True),
    Attention(2, cross=True),
    Attention(2, cross=True, padding=True),
    Attention(3, cross=True, mask="boolean"),
    Attention(3, cross=True, mask="float", padding=True),
]


@dataclass(frozen=True)
class Block:
    """One layer of a transformer, encoder or decoder."""

    layer: str
    options: dict[str, Any] = field(default_factory=dict)
    causal: bool = False
    padding: bool = False

    @property
    def name(self) -> str:
        options = [f"{key}={value}" for key, value in self.options.items()]
        flags = ["causal"] * self.causal + ["padding"] * self.padding
        return " ".join([self.layer, *options, *flags])


BLOCKS = [
    Block(layer, options, causal, padding)
    for layer in ("TransformerEncoderLayer", "TransformerDecoderLayer")
    for options, causal, padding in [
        ({}, False, False),
        ({"norm_first": True, "activation": "gelu"}, True, False),
        ({"bias": False}, True, True),
    ]
]


def numbers(shape: tuple[int, ...], seed: int) -> Any:
    """The same numbers on both sides."""
    return np.random.default_rng(seed).uniform(-1, 1, shape)


def parameter_values(shapes: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    """What the parameters of a layer are set to."""
    return {name: numbers(shape, 7 + i) for i, (name, shape) in enumerate(sorted(shapes.items()))}


def padding_mask(places: int) -> Any:
    """True where the padding of a batch of three is: the second has two less, the third one."""
    return np.arange(places) >= np.array([places, places - 2, places - 1])[:, None]


def attention_mask(kind: str) -> Any:
    """Boolean: True where a target may not look; float: added to the scores."""
    if kind == "boolean":
        return numbers((TARGETS, SOURCES), 3) > 0.3
    return numbers((TARGETS, SOURCES), 3)
