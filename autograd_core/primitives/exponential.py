"""Exponentials and logarithms, differentiated from the output where that is stabler."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..dispatch import plain
from ..primitive import primitive

ABOVE_MINUS_ONE = (-0.8, 3.0)
POSITIVE = (0.2, 3.0)

# Singular, for e^x overflows: in np.where(t > 20, t, np.log(1 + np.exp(t))), 0 * inf must be 0.
exp = primitive(
    np.exp, lambda g, out: g * out, singular=True, latex="e^{{{x}}}", javascript="Math.exp({x})"
)
exp2 = primitive(
    np.exp2,
    lambda g, out: g * out * math.log(2),
    singular=True,
    latex="2^{{{x}}}",
    javascript="Math.pow(2, {x})",
)
expm1 = primitive(
    np.expm1,
    lambda g, out: g * (out + 1),
    singular=True,
    latex="e^{{{x}}} - 1",
    javascript="Math.expm1({x})",
    precedence=1,
)
log = primitive(
    np.log,
    lambda g, x: g / x,
    singular=True,
    latex=r"\ln {x}",
    javascript="Math.log({x})",
    domain=POSITIVE,
)
log2 = primitive(
    np.log2,
    lambda g, x: g / (x * math.log(2)),
    singular=True,
    latex=r"\log_2 {x}",
    javascript="Math.log2({x})",
    domain=POSITIVE,
)
log10 = primitive(
    np.log10,
    lambda g, x: g / (x * math.log(10)),
    singular=True,
    latex=r"\log_{{10}} {x}",
    javascript="Math.log10({x})",
    domain=POSITIVE,
)
log1p = primitive(
    np.log1p,
    lambda g, x: g / (1 + x),
    singular=True,
    latex=r"\ln(1 + {x})",
    javascript="Math.log1p({x})",
    domain=ABOVE_MINUS_ONE,
)


def _share(x: Any, out: Any) -> Any:
    """Logarithm of the slope, x - out: at most 0, so its power cannot overflow.

    Where `out` is infinite: of operands that are both -inf the slope is 0, of one that is inf 1.
    """
    bare = plain(out)
    finite = ~np.isinf(bare)  # NaN stays NaN
    if np.all(finite):
        return x - out
    limit = np.where((bare == np.inf) & (plain(x) == np.inf), 0, -np.inf).astype(bare.dtype)
    return np.where(finite, x - np.where(finite, out, 0), limit)


logaddexp = primitive(
    np.logaddexp,
    x=lambda g, out, x: g * np.exp(_share(x, out)),
    y=lambda g, out, y: g * np.exp(_share(y, out)),
    latex=r"\ln(e^{{{x}}} + e^{{{y}}})",
    javascript="logaddexp({x}, {y})",
)
logaddexp2 = primitive(
    np.logaddexp2,
    x=lambda g, out, x: g * np.exp2(_share(x, out)),
    y=lambda g, out, y: g * np.exp2(_share(y, out)),
    latex=r"\log_2(2^{{{x}}} + 2^{{{y}}})",
    javascript="logaddexp2({x}, {y})",
)
