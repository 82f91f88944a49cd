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

from .tensor import Tensor

float64 = np.float64


def guarded(rule: Callable[..., Any]) -> Callable[..., Any]:
    """`rule` with ``0 * inf = 0``."""

    @functools.wraps(rule)
    def guarded_rule(g: Any, *args: Any) -> Any:
        if type(g) is float64 and g != 0:
            return rule(g, *args)
        if isinstance(g, Tensor):
            with np.errstate(divide="ignore", invalid="ignore"):
                return _settle(g._data, rule(g, *args))
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
    value = part._data if isinstance(part, Tensor) else part
    if np.isfinite(value.sum()):
        return part
    poisoned = (g == 0) & ~np.isfinite(value)
    if not np.any(poisoned):
        return part
    return np.where(poisoned, value.dtype.type(0), part)
