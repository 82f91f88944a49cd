"""What recurrent layers share: one operation that runs a cell over all steps of a sequence.

A cell (``elman.py``, ``lstm.py``, ``gru.py``) turns the input of a step, already multiplied by its
weights, and the state before it into the state after it. Each is written twice: `Cell` in plain
NumPy, which records itself on Tensors and so gives derivatives of any order, and `Loop` on arrays,
in place and with one product a step. Back-propagation through time: Werbos, "Backpropagation
through time: what it does and how to do it", Proceedings of the IEEE 78, 1990.

Steps come first: x has shape (steps, batch, ...), a state (batch, width). Where a mask (steps,
batch) is False, the state is carried over and the output is 0.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError, describe
from .operands import only_real

Arrays = list[Any]


class Cell:
    """One step of a recurrence in plain NumPy, forwards and backwards.

    Attributes
    ----------
    name : str
    gates : int
        Over how many blocks of the state's width the products of a step extend.
    states : int
        How many states are carried along: 1, or 2 for an LSTM.
    loop : type
        The same over all steps, on arrays.
    """

    name: str
    gates: int
    states: int
    loop: type[Loop]

    def step(self, x: Any, states: Arrays, weight: Any, bias: Any) -> tuple[Arrays, Any]:
        """The states after a step, and what its reverse needs."""
        raise NotImplementedError

    def back(self, slopes: Arrays, states: Arrays, kept: Any, weight: Any) -> tuple[Any, ...]:
        """From the gradients after a step to those at x, at the product, and before the step."""
        raise NotImplementedError


class Loop:
    """All steps of a recurrence on arrays of one dtype, and later their reverse.

    ``self.h[self.before + t]`` is the output before step t and ``self.h[self.after + t]`` that
    after it, so that all outputs before, and all after, are one array each.
    """

    def __init__(
        self, x: Any, weight: Any, bias: Any, states: Arrays, mask: Any, reverse: bool
    ) -> None:
        self.x, self.weight, self.bias, self.mask = x, weight, bias, mask
        self.steps, (self.batch, self.width) = len(x), states[0].shape
        self.before, self.after = (1, 0) if reverse else (0, 1)
        self.order = range(self.steps)[:: -1 if reverse else 1]
        self.start, self.end = (self.steps, 0) if reverse else (0, self.steps)
        self.shape = (self.steps, self.batch, self.width)
        self.carried = [self._along(state) for state in states]
        self.h = self.carried[0]
        self.memory: tuple[Any, Arrays] | None = None

    def _along(self, state: Any) -> Any:
        room = np.empty((self.steps + 1, self.batch, self.width), state.dtype)
        room[self.start] = state
        return room

    def room(self, *blocks: int) -> Any:
        """An array of so many blocks of a state's size a step."""
        return np.empty((self.steps, *blocks, self.batch, self.width), self.x.dtype)

    def forward(self, t: int) -> None:
        """Compute the states after step t."""
        raise NotImplementedError

    def backward(self, t: int, slopes: Arrays) -> None:
        """From gradients after step t to those before, in place; that at x into ``self.dx``."""
        raise NotImplementedError

    def run(self) -> tuple[Any, ...]:
        """Output at each step, then the states at the end."""
        live = None if self.mask is None else self.mask[..., None]
        for t in self.order:
            self.forward(t)
            if live is not None:
                for room in self.carried:
                    np.copyto(room[self.after + t], room[self.before + t], where=~live[t])
        out = self.h[self.after : self.after + self.steps]
        out = out if live is None else np.where(live, out, out.dtype.type(0))
        return out, *[room[self.end].copy() for room in self.carried]

    def gradients(self, g: Any) -> Arrays:
        """Those at x, weight, bias and the first states, of one reverse pass; once for each."""
        memory = self.memory
        if memory is None or memory[0] is not g:
            # On a copy: two threads may go back through one graph.
            self.memory = memory = (g, copy.copy(self)._reverse(g))
        return memory[1]

    def _reverse(self, g: Any) -> Arrays:
        outputs, *lasts = g
        dtype = self.x.dtype
        slopes = [np.array(last, dtype) for last in lasts]
        self.dx = np.empty_like(self.x)
        self.da = self.dx  # at the product with the weight; the same but in a GRU
        self.prepare()
        live = None if self.mask is None else self.mask[..., None]
        for t in reversed(self.order):
            if live is None:
                slopes[0] += outputs[t]
                self.backward(t, slopes)
                continue
            passing = [np.where(live[t], dtype.type(0), slope) for slope in slopes]
            slopes[0] += outputs[t]
            for slope in slopes:
                slope *= live[t]
            self.backward(t, slopes)
            for slope, past in zip(slopes, passing, strict=True):
                slope += past
        flat = self.da.reshape(-1, len(self.weight))
        before = self.h[self.before : self.before + self.steps].reshape(-1, self.width)
        at_bias = None if self.bias is None else flat.sum(axis=0)
        return [self.dx, flat.T.dot(before), at_bias, *slopes]

    def prepare(self) -> None:
        """Make room for the reverse pass."""


# ------------------------------------------------------------------------------ in plain NumPy


def _order(x: Any, reverse: bool) -> range:
    return range(x.shape[0])[:: -1 if reverse else 1]


def _choose(live: Any, new: Any, old: Any) -> Any:
    return new if live is None else np.where(live, new, old)


def _walk(
    cell: Cell, x: Any, weight: Any, bias: Any, states: Arrays, mask: Any, reverse: bool
) -> tuple[list[tuple[int, Any, Arrays, Any]], Arrays]:
    """Every step with the states before it and what its reverse needs; the states at the end."""
    steps = []
    for t in _order(x, reverse):
        live = None if mask is None else mask[t][:, None]
        new, kept = cell.step(x[t], states, weight, bias)
        steps.append((t, live, states, kept))
        states = [_choose(live, *pair) for pair in zip(new, states, strict=True)]
    return steps, states


def _plain(
    cell: Cell, x: Any, weight: Any, bias: Any, states: Arrays, mask: Any, reverse: bool
) -> tuple[Any, ...]:
    """Outputs and last states, of any arrays."""
    steps, ends = _walk(cell, x, weight, bias, states, mask, reverse)
    after = [states[0] for _, _, states, _ in steps[1:]] + [ends[0]]
    outputs: Arrays = [None] * len(steps)
    for (t, live, _, _), h in zip(steps, after, strict=False):
        outputs[t] = _choose(live, h, np.zeros_like(h))
    return np.stack(outputs), *ends


def _plain_gradients(
    cell: Cell, g: Any, x: Any, weight: Any, bias: Any, states: Arrays, mask: Any, reverse: bool
) -> Arrays:
    """As `Loop.gradients`, recording itself on Tensors."""
    outputs, *slopes = g
    steps, _ = _walk(cell, x, weight, bias, states, mask, reverse)
    at_x: Arrays = [None] * len(steps)
    at_product: Arrays = [None] * len(steps)
    before: Arrays = [None] * len(steps)
    for t, live, states_before, kept in reversed(steps):
        new = [slopes[0] + outputs[t], *slopes[1:]]
        new = [_choose(live, slope, np.zeros_like(slope)) for slope in new]
        at_x[t], at_product[t], *new = cell.back(new, states_before, kept, weight)
        slopes = [
            slope if live is None else slope + np.where(live, 0.0, old)
            for slope, old in zip(new, slopes, strict=True)
        ]
        before[t] = states_before[0]
    flat = np.concatenate(at_product)
    at_bias = None if bias is None else flat.sum(axis=0)
    return [np.stack(at_x), flat.T @ np.concatenate(before), at_bias, *slopes]


# ------------------------------------------------------------------------------ for both


def compute(
    cell: Cell, x: Any, weight: Any, bias: Any, states: Arrays, mask: Any, reverse: bool
) -> tuple[tuple[Any, ...], Loop | None]:
    """Outputs and last states, and the loop that can run them back, if it ran on arrays."""
    operands = [x, weight, *([] if bias is None else [bias]), *states]
    only_real(cell.name, *operands)
    dtype = np.result_type(*operands)
    if any(type(operand) is not np.ndarray for operand in operands) or dtype.kind != "f":
        return _plain(cell, x, weight, bias, states, mask, reverse), None
    x, weight, *states = (a.astype(dtype, copy=False) for a in (x, weight, *states))
    bias = None if bias is None else bias.astype(dtype, copy=False)
    loop = cell.loop(x, weight, bias, states, mask, reverse)
    return loop.run(), loop


def gradients(
    cell: Cell,
    g: Any,
    x: Any,
    weight: Any,
    bias: Any,
    states: Arrays,
    mask: Any,
    reverse: bool,
    loop: Loop | None,
) -> Arrays:
    """The gradients at x, weight, bias and the first states."""
    if loop is not None:
        return loop.gradients(g)
    return _plain_gradients(cell, g, x, weight, bias, states, mask, reverse)


def check(
    cell: Cell,
    x: Any,
    weight: Any,
    bias: Any,
    states: Sequence[Any],
    mask: Any,
) -> None:
    """Refuse operands that do not fit each other.

    Raises
    ------
    ShapeError
        Naming the shapes that are wanted and those that were given.
    DTypeError
        If the mask is not of booleans.
    """
    shape = np.shape(x)
    width = np.shape(weight)[-1] if np.ndim(weight) else 0
    rows = cell.gates * width
    fits = (
        len(shape) == 3
        and shape[0] > 0
        and shape[2] == rows
        and np.shape(weight) == (rows, width)
        and (bias is None or np.shape(bias) == (rows,))
        and all(np.shape(state) == (shape[1], width) for state in states)
        and (mask is None or np.shape(mask) == shape[:2])
    )
    if not fits:
        names = ["hidden", "cell"][: len(states)]
        blocks = f"{cell.gates} * width" if cell.gates > 1 else "width"
        raise ShapeError(
            f"{cell.name}: x of shape (steps, batch, {blocks}), of one step or more, needs a weight"
            f" of shape ({blocks}, width), "
            + ("" if bias is None else f"a bias of shape ({blocks},), ")
            + f"{' and '.join(names)} of shape (batch, width) and a mask of shape (steps, batch)."
            " Given: "
            + "; ".join(
                [
                    describe(x, "x"),
                    describe(weight, "weight"),
                    *([] if bias is None else [describe(bias, "bias")]),
                    *[describe(s, name) for s, name in zip(states, names, strict=True)],
                    *([] if mask is None else [describe(mask, "mask")]),
                ]
            )
            + "."
        )
    if mask is not None and np.result_type(mask) != np.bool_:
        raise DTypeError(
            f"{cell.name}: the mask says True where a step counts, so it has booleans; it has"
            f" {np.result_type(mask)}. Convert it: mask.astype(bool)."
        )


def sigmoid(x: Any) -> Any:
    """The logistic function by tanh, as the loops compute it."""
    return 0.5 * np.tanh(0.5 * x) + 0.5
