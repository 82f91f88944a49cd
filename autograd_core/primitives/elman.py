"""Elman's recurrent network over all steps of a sequence, in one operation."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ShapeError
from ..primitive import example, primitive
from . import recurrence
from .recurrence import Arrays, Loop

ACTIVATIONS = ("tanh", "relu")


class _Loop(Loop):
    activation = "tanh"

    def forward(self, t: int) -> None:
        h = self.h[self.after + t]
        np.dot(self.h[self.before + t], self.weight.T, out=h)
        h += self.x[t]
        if self.activation == "tanh":
            np.tanh(h, out=h)
        else:
            np.maximum(h, 0, out=h)

    def prepare(self) -> None:
        self.spare = np.empty((self.batch, self.width), self.x.dtype)

    def backward(self, t: int, slopes: Arrays) -> None:
        (dh,) = slopes
        h, at_x = self.h[self.after + t], self.dx[t]
        if self.activation == "tanh":
            np.multiply(h, h, out=self.spare)
            np.subtract(1, self.spare, out=self.spare)
            np.multiply(dh, self.spare, out=at_x)
        else:
            np.multiply(dh, h > 0, out=at_x)
        np.dot(at_x, self.weight, out=dh)


class _ReluLoop(_Loop):
    activation = "relu"


class _Cell(recurrence.Cell):
    name, gates, states, loop = "rnn_scan", 1, 1, _Loop

    def step(
        self,
        x: Any,
        states: Arrays,
        weight: Any,
        bias: Any,  # noqa: ARG002
    ) -> tuple[Arrays, Any]:
        h = np.tanh(states[0] @ weight.T + x)
        return [h], h

    def back(
        self,
        slopes: Arrays,
        states: Arrays,  # noqa: ARG002
        kept: Any,
        weight: Any,
    ) -> tuple[Any, ...]:
        at_x = slopes[0] * (1 - kept * kept)
        return at_x, at_x, at_x @ weight


class _ReluCell(_Cell):
    loop = _ReluLoop

    def step(
        self,
        x: Any,
        states: Arrays,
        weight: Any,
        bias: Any,  # noqa: ARG002
    ) -> tuple[Arrays, Any]:
        h = np.maximum(states[0] @ weight.T + x, 0)
        return [h], h

    def back(
        self,
        slopes: Arrays,
        states: Arrays,  # noqa: ARG002
        kept: Any,
        weight: Any,
    ) -> tuple[Any, ...]:
        at_x = slopes[0] * (kept > 0)
        return at_x, at_x, at_x @ weight


CELLS = {"tanh": _Cell(), "relu": _ReluCell()}


def _compute(
    x: Any, weight: Any, hidden: Any, mask: Any, activation: str, reverse: bool
) -> tuple[Any, Any]:
    return recurrence.compute(CELLS[activation], x, weight, None, [hidden], mask, reverse)


def _forward(
    x: Any,
    weight: Any,
    hidden: Any,
    mask: Any = None,
    activation: str = "tanh",
    reverse: bool = False,
) -> Any:
    """Elman's recurrence ``h = tanh(x[t] + h @ weight.T)`` over all steps.

    Parameters
    ----------
    x : Tensor or array, shape (steps, batch, width)
        ``inputs @ input_weight.T + bias``.
    weight : Tensor or array, shape (width, width)
        From one step's output to the next.
    hidden : Tensor or array, shape (batch, width)
        The state before the first step.
    mask : array of bool, shape (steps, batch), optional
        Where False, the state is carried over and the output is 0.
    activation : {"tanh", "relu"}
    reverse : bool
        Start from the last step.

    Returns
    -------
    (Tensor or array, Tensor or array)
        The output of each step, (steps, batch, width), and the last state, (batch, width)
        (Elman, "Finding structure in time", Cognitive Science 14, 1990).

    Raises
    ------
    ShapeError
        If the shapes do not agree, or `activation` is neither of the two.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x, weight = ag.Tensor(np.ones((3, 1, 1))), ag.Tensor([[0.5]])
    >>> out, last = ag.rnn_scan(x, weight, np.zeros((1, 1)), activation="relu")
    >>> out.data.ravel()
    array([1.  , 1.5 , 1.75])
    """
    return _compute(x, weight, hidden, mask, activation, reverse)[0]


def _door(
    x: Any,
    weight: Any,
    hidden: Any,
    mask: Any = None,
    activation: str = "tanh",
    reverse: bool = False,
) -> tuple[Any, dict[str, Any]]:
    if activation not in ACTIVATIONS:
        raise ShapeError(f"rnn_scan: activation is 'tanh' or 'relu', not {activation!r}.")
    recurrence.check(CELLS[activation], x, weight, None, [hidden], mask)
    return (x, weight, hidden, mask), {"activation": activation, "reverse": bool(reverse)}


def _rule(place: int) -> Any:
    def rule(
        g: Any,
        x: Any,
        weight: Any,
        hidden: Any,
        mask: Any,
        activation: Any,
        reverse: Any,
        loop: Any,
    ) -> Any:
        return recurrence.gradients(
            CELLS[activation], g, x, weight, None, [hidden], mask, reverse, loop
        )[place]

    return rule


MASK = np.array([[True, True], [True, False], [True, False]])

rnn_scan = primitive(
    _forward,
    x=_rule(0),
    weight=_rule(1),
    hidden=_rule(3),
    mask=None,
    name="rnn_scan",
    compute=_compute,
    door=_door,
    keywords=["activation", "reverse"],
    residuals={"loop": lambda: None},  # at higher orders the steps are recorded one by one
    multiple=True,
    symbol="RNN",
    latex=r"\operatorname{{RNN}}({x}, {weight}, {hidden})",
    examples=[
        example((3, 2, 2), (2, 2), (2, 2)),
        example((3, 2, 2), (2, 2), (2, 2), activation="relu"),
        example((3, 2, 2), (2, 2), (2, 2), MASK, reverse=True),
    ],
)
