"""``np.sinc`` and ``np.i0``, whose derivatives are functions of a family of their own.

A formula for the slope, differentiated once more, would divide 0 by 0 at 0 and cancel near it. So
each family is one primitive that knows its order, and every order is computed on its own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import DTypeError, describe
from ..primitive import example, primitive

EPSILON = np.finfo(float).eps


def _sinc_slope(x: Any, order: int) -> Any:
    """The derivative of ``sin(πx)/(πx)`` of that order.

    With u = πx, from u sinc = sin: by recurrence where u is large, else by the power series.
    """
    u = np.pi * x
    near = np.abs(u) < max(order, 1)
    far = np.where(near, 1, u)
    sines = (np.sin(far), np.cos(far), -np.sin(far), -np.cos(far))
    total = sines[0] / far
    for k in range(1, order + 1):
        total = (sines[k % 4] - k * total) / far
    if np.any(near):
        close = np.where(near, u, 0)
        series: Any = 0
        for n in reversed(range((order + 1) // 2, 12 + 3 * order)):  # small terms first
            power = 2 * n - order
            series = series + (-1) ** n / (math.factorial(power) * (2 * n + 1)) * close**power
        total = np.where(near, series, total)
    return (total * np.pi**order).astype(x.dtype)


sinc_slope: Any = primitive(
    _sinc_slope,
    lambda g, x, order: g * sinc_slope(x, order + 1),
    name="sinc_slope",
    door=lambda x, order: ((x,), {"order": order}),
    keywords=["order"],
    latex=r"\operatorname{{sinc}}^{{({order})}} {x}",
    javascript="sincSlope({x}, {order})",
    examples=[example((2, 3), order=1), example((3,), order=2), example((), order=3)],
)
sinc = primitive(
    np.sinc,
    lambda g, x: g * sinc_slope(x, 1),
    latex=r"\operatorname{{sinc}} {x}",
    javascript="sincSlope({x}, 0)",
)


def _bessel_i(x: Any, order: int) -> Any:
    """Modified Bessel function of the first kind, by its power series (DLMF 10.25.2).

    All terms have one sign, so nothing cancels; about ``|x|`` of them count.
    """
    if order == 0:
        return np.i0(x)[()]
    half = np.asarray(x, float) / 2
    term = total = half**order / math.factorial(order)
    k = 1
    with np.errstate(over="ignore", invalid="ignore"):
        while np.any(np.abs(term) > EPSILON * np.abs(total) / 4):
            term = term * (half * half / (k * (k + order)))
            total = total + term
            k += 1
    return total.astype(x.dtype)[()]


def _bessel_i_x(g: Any, x: Any, order: int) -> Any:
    """I₁ of I₀, else half the sum of the neighbours (DLMF 10.29.1)."""
    if order == 0:
        return g * bessel_i(x, 1)
    return g * ((bessel_i(x, order - 1) + bessel_i(x, order + 1)) / 2)


bessel_i: Any = primitive(
    _bessel_i,
    _bessel_i_x,
    name="bessel_i",
    door=lambda x, order: ((x,), {"order": order}),
    keywords=["order"],
    latex=r"I_{{{order}}}({x})",
    javascript="besselI({x}, {order})",
    domain=(-4.0, 4.0),
    examples=[example((2, 3), order=0), example((3,), order=1), example((), order=2)],
)


def _i0_door(x: Any) -> tuple[Any, dict[str, Any]]:
    if x.dtype.kind == "c":
        raise DTypeError(f"np.i0 is of real numbers; given: {describe(x)}.")
    return (x,), {}


i0 = primitive(
    np.i0,
    lambda g, x: g * bessel_i(x, 1),
    compute=lambda x: np.i0(x)[()],
    door=_i0_door,
    latex="I_0({x})",
    javascript="besselI({x}, 0)",
    domain=(-4.0, 4.0),
)
