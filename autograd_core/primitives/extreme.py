"""The largest and the smallest element over axes: max, min, ptp, nanmax, nanmin.

Ties share the gradient equally (as PyTorch's ``amax`` and ``amin`` do). Where the result is NaN,
the NaNs are what ties.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..primitive import derived, example, primitive
from .reduction import EXAMPLES, KEYWORDS, MASK, STARTED, keep, started_door, starting


def extreme_door(
    x: Any, axis: Any = None, out: Any = None, keepdims: Any = False, **keywords: Any
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """As `started_door`, for functions without ``dtype=``."""
    return started_door(x, axis, None, out, keepdims, **keywords)


def extreme_shares(x: Any, initial: Any, out: Any, axis: Any, where: Any) -> tuple[Any, Any]:
    """Which elements tie for the extreme, and how many there are, the initial value included.

    Where the extreme is NaN, the NaNs are what ties (as in PyTorch's ``max`` of a whole tensor).
    """
    ties = x == out
    if np.any(out != out):  # noqa: PLR0124 - NaN
        ties = ties | ((x != x) & (out != out))  # noqa: PLR0124
    if where is not None:
        ties = ties & where
    shares = ties.sum(axis=axis, keepdims=True)
    if initial is not None:
        shares = shares + reaches(initial, out)
    return ties, np.maximum(shares, 1)


def reaches(initial: Any, out: Any) -> Any:
    """Where the initial value, in the dtype it was compared in, is the extreme."""
    return out == np.asarray(plain(initial), out.dtype)


def extreme_x(g: Any, x: Any, initial: Any, out: Any, x_shape: Any, axis: Any, where: Any) -> Any:
    """Equal shares to all elements that tie for the extreme (PyTorch's convention)."""
    ties, shares = extreme_shares(x, initial, keep(out, x_shape, axis), axis, where)
    return np.where(ties, keep(g, x_shape, axis) / shares, 0)


def extreme_initial(
    g: Any, x: Any, initial: Any, out: Any, x_shape: Any, axis: Any, where: Any
) -> Any:
    """The share of the initial value, which ties as an element does."""
    out = keep(out, x_shape, axis)
    _, shares = extreme_shares(x, initial, out, axis, where)
    return np.where(reaches(initial, out), keep(g, x_shape, axis) / shares, 0)


EXTREME: dict[str, Any] = {
    "x": extreme_x,
    "initial": extreme_initial,
    "door": extreme_door,
    "domain": "distinct",
    "keywords": KEYWORDS,
}
EXTREME_EXAMPLES = [*EXAMPLES[:-1], *STARTED, example((3, 4), axis=0, where=MASK, initial=-9.0)]
max = primitive(
    np.max,
    compute=starting(np.max),
    also=[np.amax],
    latex=r"\max {x}",
    javascript="Math.max({x}, {initial} ?? -Infinity)",
    examples=EXTREME_EXAMPLES,
    **EXTREME,
)
min = primitive(
    np.min,
    compute=starting(np.min),
    also=[np.amin],
    latex=r"\min {x}",
    javascript="Math.min({x}, {initial} ?? Infinity)",
    examples=EXTREME_EXAMPLES,
    **EXTREME,
)


@derived(np.ptp)
def ptp(x: Any, axis: Any = None, out: Any = None, keepdims: Any = False) -> Any:
    """As ``numpy.ptp``: the largest minus the smallest."""
    return max(x, axis, out, keepdims) - min(x, axis, out, keepdims)


nanmax = primitive(
    np.nanmax,
    compute=starting(np.nanmax),
    latex=r"\max {x}",
    examples=EXTREME_EXAMPLES,
    **EXTREME,
)
nanmin = primitive(
    np.nanmin,
    compute=starting(np.nanmin),
    latex=r"\min {x}",
    examples=EXTREME_EXAMPLES,
    **EXTREME,
)
