"""Sums, products, quotients, powers, and what else is arithmetic on numbers.

In the rules, `g` is the gradient at the output, `x` and `y` are the operands, `out` the output.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ..primitive import primitive

NONZERO = (0.3, 2.0)  # also drawn negative: see the tests' sampler
POSITIVE = (0.2, 3.0)

add = primitive(
    np.add,
    x=lambda g: g,
    y=lambda g: g,
    compute=operator.add,
    symbol="+",
    latex="{x} + {y}",
    precedence=1,
)
subtract = primitive(
    np.subtract,
    x=lambda g: g,
    y=lambda g: -g,
    compute=operator.sub,
    symbol="−",
    latex="{x} - {y}",
    precedence=1,
)
multiply = primitive(
    np.multiply,
    x=lambda g, y: g * y,
    y=lambda g, x: g * x,
    compute=operator.mul,
    symbol="×",
    latex=r"{x} \cdot {y}",
    precedence=2,
)
divide = primitive(
    np.divide,
    x=lambda g, y: g / y,
    y=lambda g, out, y: -g * out / y,
    compute=operator.truediv,
    symbol="÷",
    latex=r"\frac{{{x}}}{{{y}}}",
    singular=True,
    domain={"y": "nonzero"},
)
negative = primitive(
    np.negative, lambda g: -g, compute=operator.neg, symbol="−", latex="-{x}", precedence=3
)
positive = primitive(np.positive, lambda g: g, symbol="+", latex="{x}", precedence=3)


def _power_x(g: Any, x: Any, y: Any) -> Any:
    """d(x**y)/dx = y * x**(y - 1), and 0 for y = 0 whatever x is."""
    if isinstance(y, (int, float)):
        if y == 2:
            return g * (x + x)
        return g * (y * x ** (y - 1)) if y != 0 else g * 0.0
    zero = y == 0
    if not np.any(zero):
        return g * (y * x ** (y - 1))
    return np.where(zero, 0.0, g * y * x ** np.where(zero, 1, y - 1))


def _power_y(g: Any, out: Any, x: Any) -> Any:
    """d(x**y)/dy = x**y * log(x), and 0 at x = 0 (its limit for y > 0; PyTorch's convention)."""
    zero = x == 0
    if not np.any(zero):
        return g * out * np.log(x)
    return np.where(zero, 0.0, g * out * np.log(np.where(zero, 1, x)))


power = primitive(
    np.power,
    x=_power_x,
    y=_power_y,
    compute=operator.pow,
    symbol="^",
    latex="{{{x}}}^{{{y}}}",
    precedence=4,
    singular=True,
    domain={"x": POSITIVE},
)
float_power = primitive(
    np.float_power,
    x=_power_x,
    y=_power_y,
    symbol="^",
    latex="{{{x}}}^{{{y}}}",
    precedence=4,
    singular=True,
    domain={"x": POSITIVE},
)
reciprocal = primitive(
    np.reciprocal,
    lambda g, out: -g * out * out,
    symbol="1/",
    latex=r"\frac{{1}}{{{x}}}",
    singular=True,
    domain="nonzero",
)
square = primitive(
    np.square, lambda g, x: g * (2 * x), symbol="²", latex="{{{x}}}^{{2}}", precedence=4
)
sqrt = primitive(
    np.sqrt,
    lambda g, out: 0.5 * g / out,
    latex=r"\sqrt{{{x}}}",
    symbol="√",
    singular=True,
    domain=POSITIVE,
)
cbrt = primitive(
    np.cbrt,
    lambda g, out: g / (3 * out * out),
    latex=r"\sqrt[3]{{{x}}}",
    symbol="∛",
    singular=True,
    domain="nonzero",
)


def _absolute_x(g: Any, x: Any, out: Any) -> Any:
    """Sign of x; for complex x the unconjugated conj(x)/|x|. 0 at 0."""
    if x.dtype.kind != "c":
        return g * np.sign(x)
    return g * np.conjugate(x) / np.where(out == 0, 1, out)


absolute = primitive(
    np.absolute, _absolute_x, compute=abs, latex=r"\left|{x}\right|", symbol="|·|", domain="nonzero"
)
fabs = primitive(
    np.fabs, lambda g, x: g * np.sign(x), latex=r"\left|{x}\right|", symbol="|·|", domain="nonzero"
)


def _sign_x(g: Any, x: Any, out: Any) -> Any:
    """0 for real x; for complex x (sign is x/|x|) the part of g across the ray, over |x|."""
    if x.dtype.kind != "c":
        return np.zeros_like(g)[()]
    size = np.where(x == 0, 1, np.absolute(x))
    across = g - np.conjugate(g * out) * np.conjugate(out)
    return np.where(x == 0, 0, across / (2 * size))


sign = primitive(np.sign, _sign_x, latex=r"\operatorname{{sign}} {x}", domain="nonzero")
remainder = primitive(
    np.remainder,
    x=lambda g: g,
    y=lambda g, x, y: -g * np.floor_divide(x, y),
    compute=operator.mod,
    symbol="mod",
    latex=r"{x} \bmod {y}",
    precedence=2,
    domain={"x": (3.1, 3.5), "y": (1.2, 1.5)},  # between two jumps, where y has a slope
)
conjugate = primitive(
    np.conjugate, lambda g: np.conjugate(g), latex=r"\overline{{{x}}}", symbol="conj"
)
real = primitive(
    np.real,
    lambda g: g,
    latex=r"\operatorname{{Re}} {x}",
    compute=lambda x: x.real.copy(),
    symbol="Re",
)
imag = primitive(
    np.imag,
    lambda g, x_dtype: g * -1j if x_dtype.kind == "c" else np.zeros_like(g),
    latex=r"\operatorname{{Im}} {x}",
    compute=lambda x: x.imag.copy(),
    symbol="Im",
)
