"""The long short-term memory over all steps of a sequence, in one operation."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import example, primitive
from . import recurrence
from .recurrence import Arrays, Loop, sigmoid

ORDER = (0, 1, 3, 2)  # i, f, o, g: the three sigmoids are one block


class _Loop(Loop):
    """Columns are sequences, so that each gate is contiguous; ``fed[t]`` is what step t multiplies.

    That is x, h and, for the bias, 1. One product a step then gives all gates, and after the
    reverse one product gives the gradients at weight and bias. As sigmoid(z) is
    tanh(z / 2) / 2 + 1 / 2, the weights of three gates are halved, and tanh is one call.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        inputs, columns = self.x.shape[2], self.weight.shape[1]
        fed = np.empty(
            (self.steps + 1, self.batch, columns + (self.bias is not None)), self.x.dtype
        )
        fed[self.before : self.before + self.steps, :, :inputs] = self.x
        fed[:, :, columns:] = 1
        fed[self.start, :, inputs:columns] = self.h[self.start]
        self.fed, self.h = fed, fed[:, :, inputs:columns]
        self.c = np.empty((self.steps + 1, self.width, self.batch), self.x.dtype)
        self.c[self.start] = self.carried[1][self.start].T
        self.carried = [self.h, self.c.swapaxes(1, 2)]
        joined = np.empty((4, self.width, fed.shape[2]), self.x.dtype)
        for place, gate in enumerate(ORDER):
            rows = slice(gate * self.width, (gate + 1) * self.width)
            joined[place, :, :columns] = self.weight[rows]
            if self.bias is not None:
                joined[place, :, columns] = self.bias[rows]
        joined[:3] *= 0.5
        self.joined = joined.reshape(4 * self.width, -1)
        self.gates = np.empty((self.steps, 4, self.width, self.batch), self.x.dtype)
        self.tanh_c = np.empty((self.steps, self.width, self.batch), self.x.dtype)
        self.spare = np.empty((self.width, self.batch), self.x.dtype)

    def forward(self, t: int) -> None:
        gates = self.gates[t]
        np.dot(self.joined, self.fed[self.before + t].T, out=gates.reshape(-1, self.batch))
        np.tanh(gates, out=gates)
        three = gates[:3]
        three *= 0.5
        three += 0.5
        i, f, o, g = gates
        c, tanh_c, spare = self.c[self.after + t], self.tanh_c[t], self.spare
        np.multiply(f, self.c[self.before + t], out=c)
        np.multiply(i, g, out=spare)
        c += spare
        np.tanh(c, out=tanh_c)
        np.multiply(o, tanh_c, out=spare)
        self.h[self.after + t] = spare.T

    def prepare(self, slopes: Arrays) -> Arrays:
        inputs = self.x.shape[2]
        self.spare = np.empty((self.width, self.batch), self.x.dtype)
        self.slope = np.empty((4, self.width, self.batch), self.x.dtype)
        self.at_gates = np.empty((4, self.width, self.steps, self.batch), self.x.dtype)
        by_gate = self.weight[:, inputs:].reshape(4, self.width, self.width)
        self.turned = np.ascontiguousarray(by_gate[list(ORDER)].reshape(-1, self.width).T)
        return [np.ascontiguousarray(slope.T).T for slope in slopes]

    def backward(self, t: int, slopes: Arrays) -> None:
        dh, dc = slopes[0].T, slopes[1].T
        gates, tanh_c, spare, slope = self.gates[t], self.tanh_c[t], self.spare, self.slope
        i, f, o, g = gates
        np.multiply(tanh_c, tanh_c, out=spare)
        np.subtract(1, spare, out=spare)
        spare *= o
        spare *= dh
        dc += spare
        three = gates[:3]
        np.subtract(1, three, out=slope[:3])
        slope[:3] *= three
        np.multiply(g, g, out=slope[3])
        np.subtract(1, slope[3], out=slope[3])
        slope[0] *= g
        slope[1] *= self.c[self.before + t]
        slope[:2] *= dc
        slope[2] *= tanh_c
        slope[2] *= dh
        slope[3] *= i
        slope[3] *= dc
        dc *= f
        np.dot(self.turned, slope.reshape(-1, self.batch), out=dh)
        kept = self.at_gates[:, :, t]
        kept[:2] = slope[:2]
        kept[2] = slope[3]
        kept[3] = slope[2]

    def finish(self) -> Arrays:
        inputs, columns = self.x.shape[2], self.weight.shape[1]
        at_gates = self.at_gates.reshape(4 * self.width, -1)
        fed = self.fed[self.before : self.before + self.steps].reshape(at_gates.shape[1], -1)
        at_joined = at_gates.dot(fed)
        at_bias = None if self.bias is None else at_joined[:, columns].copy()

        def at_x() -> Any:
            return at_gates.T.dot(self.weight[:, :inputs]).reshape(self.x.shape)

        # At x only when it is asked for: the first layer's input is data, as a rule.
        return [at_x, np.ascontiguousarray(at_joined[:, :columns]), at_bias]


class _Cell(recurrence.Cell):
    name, gates, states, joined, loop = "lstm_scan", 4, 2, True, _Loop

    def step(self, x: Any, states: Arrays, weight: Any, bias: Any) -> tuple[Arrays, Any]:
        h, c = states
        z = self.multiplied(x, h) @ weight.T
        z = z if bias is None else z + bias
        n = h.shape[1]
        i, f = sigmoid(z[:, :n]), sigmoid(z[:, n : 2 * n])
        g, o = np.tanh(z[:, 2 * n : 3 * n]), sigmoid(z[:, 3 * n :])
        new = f * c + i * g
        tanh_c = np.tanh(new)
        return [o * tanh_c, new], (i, f, g, o, tanh_c)

    def back(self, slopes: Arrays, states: Arrays, kept: Any, weight: Any) -> tuple[Any, ...]:
        (dh, dc), (i, f, g, o, tanh_c) = slopes, kept
        dc = dc + (1 - tanh_c * tanh_c) * o * dh
        at_z = np.concatenate(
            [
                dc * g * ((1 - i) * i),
                dc * states[1] * ((1 - f) * f),
                dc * i * (1 - g * g),
                dh * tanh_c * ((1 - o) * o),
            ],
            axis=1,
        )
        inputs = weight.shape[1] - dh.shape[1]
        return at_z @ weight[:, :inputs], at_z, at_z @ weight[:, inputs:], dc * f


CELL = _Cell()


def _compute(
    x: Any, weight: Any, bias: Any, hidden: Any, cell: Any, mask: Any, reverse: bool
) -> tuple[Any, Any]:
    return recurrence.compute(CELL, x, weight, bias, [hidden, cell], mask, reverse)


def _forward(
    x: Any,
    weight: Any,
    bias: Any,
    hidden: Any,
    cell: Any,
    mask: Any = None,
    reverse: bool = False,
) -> Any:
    """Long short-term memory over all steps.

    With ``z = [x[t], h] @ weight.T + bias`` split into i, f, g, o, each step computes
    ``c = sigmoid(f) * c + sigmoid(i) * tanh(g)`` and ``h = sigmoid(o) * tanh(c)`` (Hochreiter and
    Schmidhuber, "Long short-term memory", 1997, with the forget gate of Gers, Schmidhuber and
    Cummins, 2000).

    Parameters
    ----------
    x : Tensor or array, shape (steps, batch, inputs)
        The input of each step.
    weight : Tensor or array, shape (4 * width, inputs + width)
        From a step's input, and beside it the output before, to its gates.
    bias : Tensor or array, shape (4 * width,), or None
        Added to that product.
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
    >>> x, weight = ag.Tensor(np.ones((5, 2, 7))), ag.Tensor(np.zeros((12, 7 + 3)))
    >>> start = np.zeros((2, 3)), np.ones((2, 3))
    >>> out, h, c = ag.lstm_scan(x, weight, None, *start)
    >>> out.shape
    (5, 2, 3)
    >>> c.data[0]
    array([0.03125, 0.03125, 0.03125])
    """
    return _compute(x, weight, bias, hidden, cell, mask, reverse)[0]


def _door(
    x: Any,
    weight: Any,
    bias: Any,
    hidden: Any,
    cell: Any,
    mask: Any = None,
    reverse: bool = False,
) -> tuple[Any, dict[str, Any]]:
    recurrence.check(CELL, x, weight, bias, [hidden, cell], mask)
    return (x, weight, bias, hidden, cell, mask), {"reverse": bool(reverse)}


def _rule(place: int) -> Any:
    def rule(
        g: Any,
        x: Any,
        weight: Any,
        bias: Any,
        hidden: Any,
        cell: Any,
        mask: Any,
        reverse: Any,
        loop: Any,
    ) -> Any:
        states = [hidden, cell]
        found = recurrence.gradients(CELL, g, x, weight, bias, states, mask, reverse, loop)[place]
        return found() if callable(found) else found

    return rule


lstm_scan = primitive(
    _forward,
    x=_rule(0),
    weight=_rule(1),
    bias=_rule(2),
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
    latex=r"\operatorname{{LSTM}}({x}, {weight}, {bias}, {hidden}, {cell})",
    examples=[
        example((3, 2, 3), (8, 5), (8,), (2, 2), (2, 2)),
        example((2, 2, 1), (4, 2), None, (2, 1), (2, 1)),
        example(
            (3, 2, 2),
            (4, 3),
            (4,),
            (2, 1),
            (2, 1),
            np.array([[True, True], [True, False], [True, False]]),
            reverse=True,
        ),
    ],
)
