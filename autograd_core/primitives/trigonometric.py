"""Trigonometric and hyperbolic functions and their inverses. Angles are in radians."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..dispatch import plain
from ..primitive import example, primitive

INSIDE_ONE = (-0.9, 0.9)
ABOVE_ONE = (1.2, 3.0)

sin = primitive(np.sin, lambda g, x: g * np.cos(x), latex=r"\sin {x}", javascript="Math.sin({x})")
cos = primitive(np.cos, lambda g, x: -g * np.sin(x), latex=r"\cos {x}", javascript="Math.cos({x})")
tan = primitive(
    np.tan,
    lambda g, out: g * (1 + out * out),
    latex=r"\tan {x}",
    javascript="Math.tan({x})",
    domain=(-1.2, 1.2),
)
arcsin = primitive(
    np.arcsin,
    lambda g, x: g / np.sqrt(1 - x * x),
    singular=True,
    latex=r"\arcsin {x}",
    javascript="Math.asin({x})",
    domain=INSIDE_ONE,
)
arccos = primitive(
    np.arccos,
    lambda g, x: -g / np.sqrt(1 - x * x),
    singular=True,
    latex=r"\arccos {x}",
    javascript="Math.acos({x})",
    domain=INSIDE_ONE,
)
arctan = primitive(
    np.arctan, lambda g, x: g / (1 + x * x), latex=r"\arctan {x}", javascript="Math.atan({x})"
)


def _squared_radius(x: Any, y: Any) -> Any:
    """x² + y²; inf at the origin, where no slope exists: so it is 0 there, at every order."""
    square = x * x + y * y
    return np.where(square == 0, np.inf, square)


arctan2 = primitive(
    np.arctan2,
    x=lambda g, x, y: g * y / _squared_radius(x, y),
    y=lambda g, x, y: -g * x / _squared_radius(x, y),
    singular=True,
    latex=r"\operatorname{{atan2}}({x}, {y})",
    javascript="Math.atan2({x}, {y})",
    domain="nonzero",
)
# The norm of (x, y); its subgradient at (0, 0) is 0, at every order, as for every norm here.
hypot = primitive(
    np.hypot,
    x=lambda g, out, x: g * x / np.where(out == 0, np.inf, out),
    y=lambda g, out, y: g * y / np.where(out == 0, np.inf, out),
    latex=r"\sqrt{{{x}^2 + {y}^2}}",
    javascript="Math.hypot({x}, {y})",
    domain="nonzero",
)
sinh = primitive(
    np.sinh,
    lambda g, x: g * np.cosh(x),
    singular=True,
    latex=r"\sinh {x}",
    javascript="Math.sinh({x})",
)
cosh = primitive(
    np.cosh,
    lambda g, x: g * np.sinh(x),
    singular=True,
    latex=r"\cosh {x}",
    javascript="Math.cosh({x})",
)
tanh = primitive(
    np.tanh, lambda g, out: g - g * (out * out), latex=r"\tanh {x}", javascript="Math.tanh({x})"
)
arcsinh = primitive(
    np.arcsinh,
    lambda g, x: g / np.sqrt(x * x + 1),
    latex=r"\operatorname{{arsinh}} {x}",
    javascript="Math.asinh({x})",
)
arccosh = primitive(
    np.arccosh,
    lambda g, x: g / (np.sqrt(x - 1) * np.sqrt(x + 1)),
    singular=True,
    latex=r"\operatorname{{arcosh}} {x}",
    javascript="Math.acosh({x})",
    domain=ABOVE_ONE,
)
arctanh = primitive(
    np.arctanh,
    lambda g, x: g / (1 - x * x),
    singular=True,
    latex=r"\operatorname{{artanh}} {x}",
    javascript="Math.atanh({x})",
    domain=INSIDE_ONE,
)
deg2rad = primitive(
    np.deg2rad,
    lambda g: g * (math.pi / 180),
    also=[np.radians],
    latex=r"\tfrac{{\pi}}{{180}} {x}",
    javascript="{x} * (Math.PI / 180)",
    precedence=2,
)
rad2deg = primitive(
    np.rad2deg,
    lambda g: g * (180 / math.pi),
    also=[np.degrees],
    latex=r"\tfrac{{180}}{{\pi}} {x}",
    javascript="{x} * (180 / Math.PI)",
    precedence=2,
)


def _unwrap_door(
    p: Any, discont: Any = None, axis: int = -1, *, period: Any = 2 * math.pi
) -> tuple[Any, dict[str, Any]]:
    return (p,), {"discont": plain(discont), "axis": axis, "period": plain(period)}


# Whole periods are added, which are constants; where one more is about to be, it jumps.
unwrap = primitive(
    np.unwrap,
    lambda g: g,
    door=_unwrap_door,
    keywords=["discont", "axis", "period"],
    domain=(-1.2, 1.2),
    examples=[
        example((5,)),
        example((2, 3), axis=0, discont=4.0),
        example((3, 2), period=7.0),
    ],
)
