"""Choosing between values: where, maximum, minimum, clip.

At a tie, both operands of ``maximum`` and ``minimum`` get half the gradient (PyTorch's
convention, as of ``max`` and ``min`` over an axis).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import example, primitive


def _where_door(condition: Any, x: Any, y: Any) -> tuple[Any, dict[str, Any]]:
    return (getattr(condition, "_data", condition), x, y), {}


where = primitive(
    np.where,
    condition=None,
    x=lambda g, condition: np.where(condition, g, 0),
    y=lambda g, condition: np.where(condition, 0, g),
    door=_where_door,
    latex=r"{x} \text{{ if }} {condition} \text{{ else }} {y}",
    examples=[
        example(np.array([[True, False, True], [False, False, True]]), (2, 3), (2, 3)),
        example(np.array([True, False, True]), (2, 3), ()),
        example(np.array([[True], [False]]), (3,), (2, 1)),
    ],
)


def _share(g: Any, wins: Any, ties: Any) -> Any:
    return np.where(ties, 0.5 * g, np.where(wins, g, 0))


maximum = primitive(
    np.maximum,
    x=lambda g, x, y: _share(g, x > y, x == y),
    y=lambda g, x, y: _share(g, y > x, x == y),
    symbol="max",
    latex=r"\max({x}, {y})",
    domain="distinct",
)
minimum = primitive(
    np.minimum,
    x=lambda g, x, y: _share(g, x < y, x == y),
    y=lambda g, x, y: _share(g, y < x, x == y),
    symbol="min",
    latex=r"\min({x}, {y})",
    domain="distinct",
)


def _clip_door(
    x: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None, **rest: Any
) -> tuple[Any, dict[str, Any]]:
    low = min if a_min is None else a_min
    high = max if a_max is None else a_max
    if rest:
        raise TypeError(f"clip does not record {', '.join(rest)}")
    return (x, low, high), {}


def _inside(x: Any, low: Any, high: Any) -> Any:
    inside = np.ones(np.shape(x), bool) if low is None else x >= low
    return inside if high is None else inside & (x <= high)


# At a bound itself the gradient passes to x (PyTorch's convention).
clip = primitive(
    np.clip,
    x=lambda g, x, low, high: np.where(_inside(x, low, high), g, 0),
    low=lambda g, x, low, high: np.where((x < low) & _below(low, high), g, 0),
    high=lambda g, x, low, high: np.where((x > high) | ~_below(low, high), g, 0),
    door=_clip_door,
    latex=r"\operatorname{{clip}}({x}, {low}, {high})",
    domain="distinct",
    examples=[
        example((3, 4), -0.73, 0.81),
        example((3, 4), None, 0.4),
        example((3, 4), (4,), None),
        example((3, 4), -0.5, (3, 1)),
    ],
)


def _below(low: Any, high: Any) -> Any:
    """Where the bounds are in order; where they are not, NumPy's clip gives `high`."""
    return np.True_ if high is None or low is None else np.asarray(low <= high)
