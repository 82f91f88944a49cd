"""``0 * inf`` is 0: what keeps the branch not taken from poisoning a gradient.

``np.where(x > 0, np.log(x), 0)`` sends the gradient 0 into ``log`` where x is not positive, and
there log's own slope is infinite. The product of the two in floating point is NaN; the derivative
of the whole expression is 0. So the rules of primitives marked ``singular`` give exactly 0 where
their cotangent is exactly 0 and their result is not finite.

Only non-finite results are replaced: elsewhere a cotangent of 0 may still carry a second
derivative (``log(x)**2`` at 1), which a mask would cut off.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from .dispatch import plain
from .tensor import Tensor

float64 = np.float64


def guarded(rule: Callable[..., Any]) -> Callable[..., Any]:
    """`rule` with ``0 * inf = 0``."""

    @functools.wraps(rule)
    def guarded_rule(g: Any, *args: Any) -> Any:
        if type(g) is float64 and g != 0:
            return rule(g, *args)
        if isinstance(g, Tensor):
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                return _settle_recorded(rule, g, args)
        if isinstance(g, np.generic):
            if g != 0:
                return rule(g, *args)
            with np.errstate(divide="ignore", invalid="ignore"):
                part = rule(g, *args)
                return part if np.isfinite(part) else part.dtype.type(0)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return _settle(g, rule(g, *args))

    return guarded_rule


def _settle(g: Any, part: Any) -> Any:
    poisoned = _poisoned(g, part)
    return part if poisoned is None else np.where(poisoned, part.dtype.type(0), part)


def _poisoned(g: Any, part: Any) -> Any:
    """Where `part` is not finite although `g` is 0, or None."""
    if np.isfinite(part.sum()):
        return None
    poisoned = (g == 0) & ~np.isfinite(part)
    return poisoned if np.any(poisoned) else None


#: Every singular rule is finite at one of these: 2 is for what starts at 1, such as arccosh.
HARMLESS = (0.5, 2.0)


def _settle_recorded(rule: Callable[..., Any], g: Any, args: tuple[Any, ...]) -> Any:
    """As `_settle`, of a rule that records itself.

    What it recorded holds the infinity, which the next order would multiply by 0 once more. So
    the rule is recorded anew, with a harmless number where the result is not wanted.
    """
    part = rule(g, *args)
    poisoned = _poisoned(g.data, plain(part))
    if poisoned is None:
        return part
    for number in HARMLESS:
        part = rule(g, *[_replaced(arg, poisoned, number) for arg in args])
        if _poisoned(g.data, plain(part)) is None:
            break
    return np.where(poisoned, part.dtype.type(0), part)


def _replaced(arg: Any, poisoned: Any, number: float) -> Any:
    if isinstance(arg, Tensor | np.ndarray | np.generic):
        return np.where(poisoned, number, arg)
    return arg
