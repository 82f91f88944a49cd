"""Sampled signals: convolve, correlate, and linear interpolation."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..primitive import derived, example, primitive
from .calculus import as_array
from .indexing import scatter

# ------------------------------------------------------------------------------ convolution


def _convolve_door(x: Any, y: Any, mode: str = "full") -> tuple[Any, dict[str, Any]]:
    operands = (as_array(operand) for operand in (x, y))
    lines = (np.reshape(one, 1) if one.ndim == 0 else one for one in operands)
    return tuple(lines), {"mode": mode}


def _whole(g: Any, shorter: int, length: int, mode: str) -> Any:
    """The gradient at all of the full convolution: 0 where `mode` cut it off."""
    start = {"f": 0, "s": (shorter - 1) // 2, "v": shorter - 1}[mode[0]]
    after = np.zeros(length - start - g.shape[0], g.dtype)
    return np.concatenate([np.zeros(start, g.dtype), g, after])


def _convolve_x(g: Any, x_shape: Any, y: Any, mode: str) -> Any:
    """The gradient correlated with the other operand (which is not conjugated)."""
    n, m = x_shape[0], y.shape[0]
    g = _whole(g, min(n, m), n + m - 1, mode)
    return np.convolve(g, y[::-1], "valid")


convolve = primitive(
    np.convolve,
    x=_convolve_x,
    y=lambda g, x, y_shape, mode: _convolve_x(g, y_shape, x, mode),
    door=_convolve_door,
    keywords=["mode"],
    symbol="∗",
    latex=r"{x} * {y}",
    precedence=2,
    examples=[
        *(
            example(*shapes, mode=mode)
            for mode in ("full", "same", "valid")
            for shapes in (((5,), (3,)), ((4,), (2,)), ((2,), (5,)), ((3,), (3,)), ((1,), (4,)))
        ),
        example((3,), ()),
    ],
)


@derived(np.correlate)
def correlate(x: Any, y: Any, mode: str = "valid") -> Any:
    """As ``numpy.correlate``: the convolution with the second operand reversed and conjugated."""
    (x, y), _ = _convolve_door(x, y)
    if x.shape[0] >= y.shape[0]:
        return convolve(x, np.conjugate(y)[::-1], mode)
    return np.conjugate(convolve(y, np.conjugate(x)[::-1], mode))[::-1]


# ------------------------------------------------------------------------------ interpolation


def _interp_door(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> tuple[Any, dict[str, Any]]:
    x, xp, fp = (as_array(operand) for operand in (x, xp, fp))
    if period is None:
        return (x, xp, fp, left, right), {}
    if period == 0:
        raise ValueError("interp: the period cannot be zero")
    period = abs(period)
    x, xp = (np.astype(operand, float) % period for operand in (x, xp))
    order = np.argsort(plain(xp))
    xp, fp = xp[order], fp[order]
    xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
    return (x, xp, np.concatenate([fp[-1:], fp, fp[:1]]), None, None), {}


class Pieces:
    """Between which two points each of `x` lies, and how far between them."""

    def __init__(self, x: Any, xp: Any) -> None:
        known, points = plain(x), plain(xp)
        last = len(points) - 1
        self.below, self.above = known < points[0], known > points[-1]
        self.inside = (known >= points[0]) & (known <= points[-1])
        found = np.searchsorted(points, known, side="right") - 1
        self.low = np.clip(found, 0, max(last - 1, 0))
        self.high = np.minimum(self.low + 1, last)
        start = xp[self.low]
        width = xp[self.high] - start
        self.width = np.where(width == 0, 1, width)
        self.t = np.where(self.inside, (x - start) / self.width, self.above)

    def slope(self, fp: Any) -> Any:
        """The slope of the piece; 0 outside."""
        return np.where(self.inside, (fp[self.high] - fp[self.low]) / self.width, 0)

    def spread(self, share: Any, count: int) -> Any:
        """`share` to the two points, in the proportions of interpolation."""
        below = scatter(share * (1 - self.t), (count,), (self.low,))
        return below + scatter(share * self.t, (count,), (self.high,))


def _interp_fp(g: Any, x: Any, xp: Any, left: Any, right: Any) -> Any:
    pieces = Pieces(x, xp)
    taken = pieces.inside
    taken = taken | pieces.below if left is None else taken
    taken = taken | pieces.above if right is None else taken
    return pieces.spread(np.where(taken, g, 0), xp.shape[0])


def _interp_xp(g: Any, x: Any, xp: Any, fp: Any) -> Any:
    pieces = Pieces(x, xp)
    return pieces.spread(-g * pieces.slope(fp), xp.shape[0])


# At a point of xp the slope in x is that of the piece to its right (at the last, to its left).
interp = primitive(
    np.interp,
    x=lambda g, x, xp, fp: g * Pieces(x, xp).slope(fp),
    xp=_interp_xp,
    fp=_interp_fp,
    left=lambda g, x, xp: np.where(Pieces(x, xp).below, g, 0),
    right=lambda g, x, xp: np.where(Pieces(x, xp).above, g, 0),
    door=_interp_door,
    latex=r"\operatorname{{interp}}({x}; {xp}, {fp})",
    domain={"xp": (np.array([-1.2, -0.5, 0.2, 0.9]), np.array([-0.9, -0.2, 0.5, 1.2]))},
    examples=[
        example((4,), (4,), (4,)),
        example((3, 4), (4,), (4,), (), ()),
        example((5,), (4,), (4,), -1.0),
        example((), (4,), (4,), None, ()),
        example((4,), (4,), (4,), period=1.7),
    ],
)
