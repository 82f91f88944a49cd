"""Distances between all pairs of two sets of points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import ShapeError, describe
from ..primitive import example, primitive
from .operands import only_real, option


def _door(x: Any, y: Any, p: float = 2.0) -> Any:
    p = option("cdist: p", p, "np.sum(np.abs(x[:, None] - y) ** p, axis=-1) ** (1 / p)")
    if not p >= 1:
        raise ShapeError(f"cdist: p={p} gives no distance; p is 1 or more (np.inf included).")
    shapes = np.shape(x), np.shape(y)
    if min(map(len, shapes)) < 2 or shapes[0][-1] != shapes[1][-1]:
        raise ShapeError(
            "cdist: x has shape (..., n, features) and y (..., m, features), with as many features."
            f" Given: {describe(x, 'x')}; {describe(y, 'y')}. One point is x[None, :]."
        )
    return (x, y), {"p": float(p)}


def _difference(x: Any, y: Any) -> Any:
    return x[..., :, None, :] - y[..., None, :, :]


def _cdist(x: Any, y: Any, p: float = 2.0) -> Any:
    """Distance of every point of `x` to every point of `y`.

    Parameters
    ----------
    x : Tensor or array, shape (..., n, features)
    y : Tensor or array, shape (..., m, features)
        The leading axes broadcast.
    p : float
        Which norm of the difference, at least 1: 2 is the Euclidean distance, 1 the sum of absolute
        differences, ``np.inf`` the largest of them. It gets no gradient.

    Returns
    -------
    Tensor or array, shape (..., n, m)
        As ``scipy.spatial.distance.cdist``. Computed from the differences themselves, all of which
        are held in memory: (..., n, m, features) numbers. The gradient at two equal points is 0;
        for ``p=np.inf``, coordinates that tie share it equally.

    Raises
    ------
    ShapeError
        If the numbers of features differ, or `p` is below 1.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x = ag.Tensor([[0.0, 0.0], [3.0, 0.0]])
    >>> d = ag.cdist(x, np.array([[0.0, 4.0]]))
    >>> d.data
    array([[4.],
           [5.]])
    >>> d.sum().backward()
    >>> x.grad
    array([[ 0. , -1. ],
           [ 0.6, -0.8]])
    """
    only_real("cdist", x, y)
    return np.linalg.norm(_difference(x, y), p, axis=-1)


def _slopes(out: Any, x: Any, y: Any, p: float) -> Any:
    """The derivative of each distance with respect to each coordinate of its point of x."""
    difference = _difference(x, y)
    out = out[..., None]
    if p == 1:
        return np.sign(difference)
    if math.isinf(p):
        ties = np.abs(difference) == out
        return np.sign(difference) * (ties / np.sum(ties, axis=-1, keepdims=True))
    ratio = difference / np.where(out == 0, 1, out)
    if p == 2:
        return ratio
    # An equal coordinate has slope 0 at every order, though for p < 2 the power's own is infinite.
    flat = ratio == 0
    powers = np.abs(np.where(flat, 1, ratio)) ** (p - 1)
    return np.where(flat, 0, np.sign(ratio) * powers)


def _cdist_x(g: Any, out: Any, x: Any, y: Any, p: float) -> Any:
    return np.sum(g[..., None] * _slopes(out, x, y, p), axis=-2)


def _cdist_y(g: Any, out: Any, x: Any, y: Any, p: float) -> Any:
    return -np.sum(g[..., None] * _slopes(out, x, y, p), axis=-3)


cdist = primitive(
    _cdist,
    x=_cdist_x,
    y=_cdist_y,
    name="cdist",
    door=_door,
    keywords=["p"],
    latex=r"\operatorname{{cdist}}({x}, {y})",
    domain="distinct",
    examples=[
        example((3, 2), (4, 2)),
        example((2, 3, 4), (2, 4), p=3.0),
        example((3, 2), (2, 2), p=1.5),
        example((3, 2), (2, 2), p=1),
        example((3, 3), (2, 3), p=np.inf),
        example((3, 1), (2, 1)),
        example((0, 2), (3, 2)),
    ],
)
