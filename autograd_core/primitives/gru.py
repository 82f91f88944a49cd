"""The gated recurrent unit over all steps of a sequence, in one operation."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import example, primitive
from . import recurrence
from .recurrence import Arrays, Loop, sigmoid


class _Loop(Loop):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.gates, self.inner = self.room(3), self.room()
        self.turned = np.ascontiguousarray(self.weight.T)
        self.product = np.empty((self.batch, 3 * self.width), self.x.dtype)
        self.parts = self.product.reshape(self.batch, 3, self.width).swapaxes(0, 1)
        self.x3 = self.x.reshape(self.steps, self.batch, 3, self.width).swapaxes(1, 2)

    def forward(self, t: int) -> None:
        before, h = self.h[self.before + t], self.h[self.after + t]
        np.dot(before, self.turned, out=self.product)
        if self.bias is not None:
            self.product += self.bias
        gates, parts, x = self.gates[t], self.parts, self.x3[t]
        two = gates[:2]
        np.add(parts[:2], x[:2], out=two)
        two *= 0.5
        np.tanh(two, out=two)
        two *= 0.5
        two += 0.5
        r, z, n = gates
        inner = self.inner[t]
        inner[...] = parts[2]
        np.multiply(r, inner, out=n)
        n += x[2]
        np.tanh(n, out=n)
        np.subtract(before, n, out=h)
        h *= z
        h += n

    def prepare(self) -> None:
        shape = (self.steps, self.batch, 3, self.width)
        self.da = np.empty_like(self.dx)
        self.dx3 = self.dx.reshape(shape).swapaxes(1, 2)
        self.da3 = self.da.reshape(shape).swapaxes(1, 2)
        self.spare = np.empty((2, self.batch, self.width), self.x.dtype)

    def backward(self, t: int, slopes: Arrays) -> None:
        (dh,) = slopes
        r, z, n = gates = self.gates[t]
        dx, da, spare = self.dx3[t], self.da3[t], self.spare
        candidate, other = spare
        np.subtract(1, z, out=candidate)
        candidate *= dh
        np.multiply(n, n, out=other)
        np.subtract(1, other, out=other)
        candidate *= other  # at what tanh was taken of
        dx[2] = candidate
        np.multiply(candidate, r, out=da[2])
        np.multiply(candidate, self.inner[t], out=dx[0])
        np.subtract(self.h[self.before + t], n, out=other)
        np.multiply(other, dh, out=dx[1])
        two = gates[:2]
        np.subtract(1, two, out=spare)
        spare *= two
        dx[:2] *= spare
        da[:2] = dx[:2]
        dh *= z
        dh += self.da[t].dot(self.weight)


class _Cell(recurrence.Cell):
    name, gates, states, loop = "gru_scan", 3, 1, _Loop

    def step(self, x: Any, states: Arrays, weight: Any, bias: Any) -> tuple[Arrays, Any]:
        (h,) = states
        width = weight.shape[1]
        a = h @ weight.T if bias is None else h @ weight.T + bias
        r = sigmoid(a[:, :width] + x[:, :width])
        z = sigmoid(a[:, width : 2 * width] + x[:, width : 2 * width])
        inner = a[:, 2 * width :]
        n = np.tanh(r * inner + x[:, 2 * width :])
        return [(h - n) * z + n], (r, z, n, inner)

    def back(self, slopes: Arrays, states: Arrays, kept: Any, weight: Any) -> tuple[Any, ...]:
        (dh,), (r, z, n, inner) = slopes, kept
        candidate = (1 - z) * dh * (1 - n * n)
        at_r = candidate * inner * ((1 - r) * r)
        at_z = (states[0] - n) * dh * ((1 - z) * z)
        at_a = np.concatenate([at_r, at_z, candidate * r], axis=1)
        at_x = np.concatenate([at_r, at_z, candidate], axis=1)
        return at_x, at_a, dh * z + at_a @ weight


CELL = _Cell()


def _compute(
    x: Any, weight: Any, bias: Any, hidden: Any, mask: Any, reverse: bool
) -> tuple[Any, Any]:
    return recurrence.compute(CELL, x, weight, bias, [hidden], mask, reverse)


def _forward(
    x: Any, weight: Any, bias: Any, hidden: Any, mask: Any = None, reverse: bool = False
) -> Any:
    """Gated recurrent unit over all steps, its inputs multiplied by their weights already.

    With ``x[t]`` and ``h @ weight.T + bias`` split into three, each step computes the gates
    ``r = sigmoid(x_r + a_r)`` and ``z = sigmoid(x_z + a_z)``, the candidate
    ``n = tanh(x_n + r * a_n)``, and ``h = (1 - z) * n + z * h`` (Cho et al., "Learning phrase
    representations using RNN encoder-decoder", 2014, with r applied after the product, which lets
    one product serve all three).

    Parameters
    ----------
    x : Tensor or array, shape (steps, batch, 3 * width)
        ``inputs @ input_weight.T + input_bias``.
    weight : Tensor or array, shape (3 * width, width)
        From one step's output to the next one's gates.
    bias : Tensor or array, shape (3 * width,), or None
        Added to that product.
    hidden : Tensor or array, shape (batch, width)
        The state before the first step.
    mask : array of bool, shape (steps, batch), optional
        Where False, the state is carried over and the output is 0.
    reverse : bool
        Start from the last step.

    Returns
    -------
    (Tensor or array, Tensor or array)
        The output of each step, (steps, batch, width), and the last state, (batch, width).

    Raises
    ------
    ShapeError
        If the shapes do not agree.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x, weight = ag.Tensor(np.zeros((2, 1, 3))), ag.Tensor(np.zeros((3, 1)))
    >>> out, last = ag.gru_scan(x, weight, None, np.ones((1, 1)))
    >>> out.data.ravel()
    array([0.5 , 0.25])
    """
    return _compute(x, weight, bias, hidden, mask, reverse)[0]


def _door(
    x: Any, weight: Any, bias: Any, hidden: Any, mask: Any = None, reverse: bool = False
) -> tuple[Any, dict[str, Any]]:
    recurrence.check(CELL, x, weight, bias, [hidden], mask)
    return (x, weight, bias, hidden, mask), {"reverse": bool(reverse)}


def _rule(place: int) -> Any:
    def rule(
        g: Any, x: Any, weight: Any, bias: Any, hidden: Any, mask: Any, reverse: Any, loop: Any
    ) -> Any:
        return recurrence.gradients(CELL, g, x, weight, bias, [hidden], mask, reverse, loop)[place]

    return rule


gru_scan = primitive(
    _forward,
    x=_rule(0),
    weight=_rule(1),
    bias=_rule(2),
    hidden=_rule(3),
    mask=None,
    name="gru_scan",
    compute=_compute,
    door=_door,
    keywords=["reverse"],
    residuals={"loop": lambda: None},  # at higher orders the steps are recorded one by one
    multiple=True,
    symbol="GRU",
    latex=r"\operatorname{{GRU}}({x}, {weight}, {bias}, {hidden})",
    examples=[
        example((3, 2, 6), (6, 2), (6,), (2, 2)),
        example((2, 2, 3), (3, 1), None, (2, 1)),
        example(
            (3, 2, 3),
            (3, 1),
            (3,),
            (2, 1),
            np.array([[True, True], [True, False], [True, False]]),
            reverse=True,
        ),
    ],
)
