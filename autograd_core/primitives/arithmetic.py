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
    javascript="{x} + {y}",
    precedence=1,
)
subtract = primitive(
    np.subtract,
    x=lambda g: g,
    y=lambda g: -g,
    compute=operator.sub,
    symbol="−",
    latex="{x} - {y}",
    javascript="{x} - {y}",
    precedence=1,
)
multiply = primitive(
    np.multiply,
    x=lambda g, y: g * y,
    y=lambda g, x: g * x,
    compute=operator.mul,
    symbol="×",
    latex=r"{x} \cdot {y}",
    javascript="{x} * {y}",
    precedence=2,
)
divide = primitive(
    np.divide,
    x=lambda g, y: g / y,
    y=lambda g, out, y: -g * out / y,
    compute=operator.truediv,
    symbol="÷",
    latex=r"\frac{{{x}}}{{{y}}}",
    javascript="{x} / {y}",
    singular=True,
    domain={"y": "nonzero"},
)
negative = primitive(
    np.negative,
    lambda g: -g,
    compute=operator.neg,
    symbol="−",
    latex="-{x}",
    javascript="-{x}",
    precedence=3,
)
positive = primitive(
    np.positive, lambda g: g, symbol="+", latex="+{x}", javascript="{x}", precedence=3
)


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
    javascript="power({x}, {y})",
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
    javascript="power({x}, {y})",
    precedence=4,
    singular=True,
    domain={"x": POSITIVE},
)
reciprocal = primitive(
    np.reciprocal,
    lambda g, out: -g * out * out,
    symbol="1/",
    latex=r"\frac{{1}}{{{x}}}",
    javascript="1 / {x}",
    singular=True,
    domain="nonzero",
)
square = primitive(
    np.square,
    lambda g, x: g * (2 * x),
    symbol="²",
    latex="{{{x}}}^{{2}}",
    javascript="{x} * {x}",
    precedence=4,
)
sqrt = primitive(
    np.sqrt,
    lambda g, out: 0.5 * g / out,
    latex=r"\sqrt{{{x}}}",
    javascript="Math.sqrt({x})",
    symbol="√",
    singular=True,
    domain=POSITIVE,
)
cbrt = primitive(
    np.cbrt,
    lambda g, out: g / (3 * out * out),
    latex=r"\sqrt[3]{{{x}}}",
    javascript="Math.cbrt({x})",
    symbol="∛",
    singular=True,
    domain="nonzero",
)
