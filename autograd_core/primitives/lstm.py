"""The long short-term memory over all steps of a sequence, in one operation."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import example, primitive
from . import recurrence
from .recurrence import Arrays, Loop, sigmoid


class _Loop(Loop):
    """Gates are kept in the order i, f, o, g, each contiguous: the three sigmoids are one call."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.gates, self.tanh_c = self.room(4), self.room()
        self.c = self.carried[1]
        self.turned = np.ascontiguousarray(self.weight.T)
        self.product = np.empty((self.batch, 4 * self.width), self.x.dtype)
        self.parts = self.product.reshape(self.batch, 4, self.width).swapaxes(0, 1)
        self.x4 = self.x.reshape(self.steps, self.batch, 4, self.width).swapaxes(1, 2)
        self.spare = np.empty((self.batch, self.width), self.x.dtype)

    def forward(self, t: int) -> None:
        np.dot(self.h[self.before + t], self.turned, out=self.product)
        gates, parts, x = self.gates[t], self.parts, self.x4[t]
        np.add(parts[:2], x[:2], out=gates[:2])
        np.add(parts[3], x[3], out=gates[2])
        np.add(parts[2], x[2], out=gates[3])
        three = gates[:3]
        three *= 0.5
        np.tanh(gates, out=gates)
        three *= 0.5
        three += 0.5
        i, f, o, g = gates
        c, tanh_c = self.c[self.after + t], self.tanh_c[t]
        np.multiply(f, self.c[self.before + t], out=c)
        np.multiply(i, g, out=self.spare)
        c += self.spare
        np.tanh(c, out=tanh_c)
        np.multiply(o, tanh_c, out=self.h[self.after + t])

    def prepare(self) -> None:
        self.d4 = self.dx.reshape(self.steps, self.batch, 4, self.width).swapaxes(1, 2)
        self.spare = np.empty((self.batch, self.width), self.x.dtype)
        self.slope = np.empty((3, self.batch, self.width), self.x.dtype)
        self.d = np.empty((4, self.batch, self.width), self.x.dtype)

    def backward(self, t: int, slopes: Arrays) -> None:
        dh, dc = slopes
        gates, tanh_c, spare, d, slope = (
            self.gates[t],
            self.tanh_c[t],
            self.spare,
            self.d,
            self.slope,
        )
        i, f, o, g = gates
        np.multiply(tanh_c, tanh_c, out=spare)
        np.subtract(1, spare, out=spare)
        spare *= o
        spare *= dh
        dc += spare
        np.multiply(dc, g, out=d[0])
        np.multiply(dc, self.c[self.before + t], out=d[1])
        np.multiply(dh, tanh_c, out=d[2])
        np.multiply(dc, i, out=d[3])
        dc *= f
        three = gates[:3]
        np.subtract(1, three, out=slope)
        slope *= three
        np.multiply(g, g, out=spare)
        np.subtract(1, spare, out=spare)
        at_x = self.d4[t]
        np.multiply(d[:2], slope[:2], out=at_x[:2])
        np.multiply(d[3], spare, out=at_x[2])
        np.multiply(d[2], slope[2], out=at_x[3])
        np.dot(self.dx[t], self.weight, out=dh)


class _Cell(recurrence.Cell):
    name, gates, states, loop = "lstm_scan", 4, 2, _Loop

    def step(
        self,
        x: Any,
        states: Arrays,
        weight: Any,
        bias: Any,  # noqa: ARG002
    ) -> tuple[Arrays, Any]:
        h, c = states
        z = h @ weight.T + x
        n = weight.shape[1]
        i, f = sigmoid(z[:, :n]), sigmoid(z[:, n : 2 * n])
        g, o = np.tanh(z[:, 2 * n : 3 * n]), sigmoid(z[:, 3 * n :])
        new = f * c + i * g
        tanh_c = np.tanh(new)
        return [o * tanh_c, new], (i, f, g, o, tanh_c)

    def back(self, slopes: Arrays, states: Arrays, kept: Any, weight: Any) -> tuple[Any, ...]:
        (dh, dc), (i, f, g, o, tanh_c) = slopes, kept
        dc = dc + (1 - tanh_c * tanh_c) * o * dh
        at_x = np.concatenate(
            [
                dc * g * ((1 - i) * i),
                dc * states[1] * ((1 - f) * f),
                dc * i * (1 - g * g),
                dh * tanh_c * ((1 - o) * o),
            ],
            axis=1,
        )
        return at_x, at_x, at_x @ weight, dc * f


CELL = _Cell()


def _compute(
    x: Any, weight: Any, hidden: Any, cell: Any, mask: Any, reverse: bool
) -> tuple[Any, Any]:
    return recurrence.compute(CELL, x, weight, None, [hidden, cell], mask, reverse)


def _forward(
    x: Any, weight: Any, hidden: Any, cell: Any, mask: Any = None, reverse: bool = False
) -> Any:
    """Long short-term memory over all steps, its inputs multiplied by their weights already.

    With ``z = x[t] + h @ weight.T`` split into i, f, g, o, each step computes
    ``c = sigmoid(f) * c + sigmoid(i) * tanh(g)`` and ``h = sigmoid(o) * tanh(c)`` (Hochreiter and
    Schmidhuber, "Long short-term memory", 1997, with the forget gate of Gers, Schmidhuber and
    Cummins, 2000).

    Parameters
    ----------
    x : Tensor or array, shape (steps, batch, 4 * width)
        ``inputs @ input_weight.T + bias``.
    weight : Tensor or array, shape (4 * width, width)
        From one step's output to the next one's gates.
    hidden, cell : Tensor or array, shape (batch, width)
        The state before the first step.
    mask : array of bool, shape (steps, batch), optional
        Where False, the state is carried over and the output is 0.
    reverse : bool
        Start from the last step.

    Returns
    -------
    (Tensor or array, Tensor or array, Tensor or array)
        The output h of each step, (steps, batch, width), and the last h and c, (batch, width).

    Raises
    ------
    ShapeError
        If the shapes do not agree.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x, weight = ag.Tensor(np.zeros((5, 2, 12))), ag.Tensor(np.zeros((12, 3)))
    >>> start = np.zeros((2, 3)), np.ones((2, 3))
    >>> out, h, c = ag.lstm_scan(x, weight, *start)
    >>> out.shape
    (5, 2, 3)
    >>> c.data[0]
    array([0.03125, 0.03125, 0.03125])
    """
    return _compute(x, weight, hidden, cell, mask, reverse)[0]


def _door(
    x: Any, weight: Any, hidden: Any, cell: Any, mask: Any = None, reverse: bool = False
) -> tuple[Any, dict[str, Any]]:
    recurrence.check(CELL, x, weight, None, [hidden, cell], mask)
    return (x, weight, hidden, cell, mask), {"reverse": bool(reverse)}


def _rule(place: int) -> Any:
    def rule(
        g: Any, x: Any, weight: Any, hidden: Any, cell: Any, mask: Any, reverse: Any, loop: Any
    ) -> Any:
        return recurrence.gradients(CELL, g, x, weight, None, [hidden, cell], mask, reverse, loop)[
            place
        ]

    return rule


lstm_scan = primitive(
    _forward,
    x=_rule(0),
    weight=_rule(1),
    hidden=_rule(3),
    cell=_rule(4),
    mask=None,
    name="lstm_scan",
    compute=_compute,
    door=_door,
    keywords=["reverse"],
    residuals={"loop": lambda: None},  # at higher orders the steps are recorded one by one
    multiple=True,
    symbol="LSTM",
    latex=r"\operatorname{{LSTM}}({x}, {weight}, {hidden}, {cell})",
    examples=[
        example((3, 2, 8), (8, 2), (2, 2), (2, 2)),
        example(
            (3, 2, 4),
            (4, 1),
            (2, 1),
            (2, 1),
            np.array([[True, True], [True, False], [True, False]]),
            reverse=True,
        ),
    ],
)
