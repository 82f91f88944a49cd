"""Choosing between values: where, select, piecewise, maximum, minimum, clip.

At a tie, both operands of ``maximum`` and ``minimum`` get half the gradient (PyTorch's
convention, as of ``max`` and ``min`` over an axis).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import _refuse_out, plain
from ..errors import NotDifferentiable, ShapeError
from ..primitive import derived, example, primitive
from .indexing import index_update
from .shape import as_operand

_missing: Any = object()


def _where_door(condition: Any, x: Any, y: Any) -> tuple[Any, dict[str, Any]]:
    return (plain(condition), x, y), {}


recorded_where = primitive(
    np.where,
    condition=None,
    x=lambda g, condition: np.where(condition, g, 0),
    y=lambda g, condition: np.where(condition, 0, g),
    door=_where_door,
    latex=r"\begin{{cases}}{x} & {condition} \\ {y} & \text{{otherwise}}\end{{cases}}",
    precedence=0,
    javascript="{condition} != 0 ? {x} : {y}",
    examples=[
        example(np.array([[True, False, True], [False, False, True]]), (2, 3), (2, 3)),
        example(np.array([True, False, True]), (2, 3), ()),
        example(np.array([[True], [False]]), (3,), (2, 1)),
    ],
)


@derived(np.where)
def where(condition: Any, x: Any = _missing, y: Any = _missing, /) -> Any:
    """As ``numpy.where``; of a condition alone, the places where it holds."""
    if x is _missing:
        return np.where(plain(condition))
    if y is _missing:
        raise ValueError("give both x and y, or neither of them")
    return recorded_where(condition, x, y)


@derived(np.select)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """As ``numpy.select``: of several conditions that hold, the first one counts."""
    conditions, choices = [np.asarray(plain(c)) for c in condlist], list(choicelist)
    if not conditions or len(conditions) != len(choices):
        raise ShapeError(
            f"{len(conditions)} conditions with {len(choices)} choices; give one choice for each"
            " condition, and at least one."
        )
    for i, condition in enumerate(conditions):
        if condition.dtype != bool:
            raise TypeError(f"condition {i} is of {condition.dtype}, not bool")
    values = [
        value if type(value) in (int, float, complex) else as_operand(value)
        for value in (*choices, default)
    ]
    dtype = np.result_type(*map(plain, values))
    *values, result = (np.astype(as_operand(value), dtype) for value in values)
    for condition, value in zip(conditions[::-1], values[::-1], strict=True):
        result = where(condition, value, result)
    return result


@derived(np.piecewise)
def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """As ``numpy.piecewise``: each function gets, and is recorded on, the elements it is for."""
    conditions = plain(condlist)
    if np.isscalar(conditions) or (not isinstance(conditions[0], list | np.ndarray) and np.ndim(x)):
        conditions = [conditions]
    conditions = np.asarray(conditions, bool)
    if len(conditions) == len(funclist) - 1:
        rest = ~np.any(conditions, axis=0, keepdims=True)
        conditions = np.concatenate([conditions, rest], axis=0)
    if len(conditions) != len(funclist):
        raise ShapeError(
            f"{len(conditions)} conditions with {len(funclist)} functions; give one for each"
            " condition, and if you like one more for everywhere else."
        )
    result: Any = np.zeros(np.shape(x), x.dtype)
    for condition, function in zip(conditions, funclist, strict=True):
        value = function
        if callable(function):
            if not np.any(condition):
                continue
            value = function(x[condition], *args, **kw)
        result = index_update(result, condition, np.astype(as_operand(value), x.dtype))
    return result


def _share(g: Any, wins: Any, ties: Any) -> Any:
    return np.where(ties, 0.5 * g, np.where(wins, g, 0))


maximum = primitive(
    np.maximum,
    x=lambda g, x, y: _share(g, x > y, x == y),
    y=lambda g, x, y: _share(g, y > x, x == y),
    symbol="max",
    latex=r"\max({x}, {y})",
    javascript="Math.max({x}, {y})",
    domain="distinct",
)
minimum = primitive(
    np.minimum,
    x=lambda g, x, y: _share(g, x < y, x == y),
    y=lambda g, x, y: _share(g, y < x, x == y),
    symbol="min",
    latex=r"\min({x}, {y})",
    javascript="Math.min({x}, {y})",
    domain="distinct",
)
# As maximum and minimum, but a NaN loses against a number; between two NaNs x is taken.
fmax = primitive(
    np.fmax,
    x=lambda g, x, y: _share(g, (x > y) | np.isnan(y), x == y),
    y=lambda g, x, y: _share(g, (y > x) | (np.isnan(x) & ~np.isnan(y)), x == y),
    symbol="fmax",
    latex=r"\max({x}, {y})",
    javascript="isNaN({x}) ? {y} : isNaN({y}) ? {x} : Math.max({x}, {y})",
    domain="distinct",
)
fmin = primitive(
    np.fmin,
    x=lambda g, x, y: _share(g, (x < y) | np.isnan(y), x == y),
    y=lambda g, x, y: _share(g, (y < x) | (np.isnan(x) & ~np.isnan(y)), x == y),
    symbol="fmin",
    latex=r"\min({x}, {y})",
    javascript="isNaN({x}) ? {y} : isNaN({y}) ? {x} : Math.min({x}, {y})",
    domain="distinct",
)


def _clip_door(
    x: Any,
    a_min: Any = _missing,
    a_max: Any = _missing,
    out: Any = None,
    *,
    min: Any = None,
    max: Any = None,
    **options: Any,
) -> tuple[Any, dict[str, Any]]:
    if out is not None:
        _refuse_out(np.clip)
    if a_min is _missing and a_max is _missing:
        a_min, a_max = min, max
    elif a_min is _missing or a_max is _missing:
        raise TypeError("give both bounds, None for one that is not wanted")
    elif min is not None or max is not None:
        raise ValueError("give the bounds as a_min and a_max or as min= and max=, not both")
    if options.pop("where", True) is not True:
        raise NotDifferentiable(
            "np.clip(..., where=...) leaves the other elements undefined. Use"
            " np.where(condition, np.clip(x, low, high), x)."
        )
    operands = [x, a_min, a_max]
    dtype = options.get("dtype")
    if options:  # NumPy's own words on dtype, casting, or what else was given
        empty: Any = [
            None if v is None else np.empty(0, plain(as_operand(v)).dtype) for v in operands
        ]
        np.clip(*empty, **options)
    if dtype is not None:
        operands = [None if one is None else np.astype(as_operand(one), dtype) for one in operands]
    return operands, {}


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
    javascript="clip({x}, {low}, {high})",
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
