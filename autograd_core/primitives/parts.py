"""Parts of a number: its size and its sign, the whole and the fraction, the real and the imaginary.

Most are piecewise linear: where they jump or bend, the comment at the entry says what is taken.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import NotDifferentiable
from ..primitive import derived, example, primitive

# ------------------------------------------------------------------------------ size and sign


def _absolute_x(g: Any, x: Any, out: Any) -> Any:
    """Sign of x; for complex x the unconjugated conj(x)/|x|. 0 at 0."""
    if x.dtype.kind != "c":
        return g * np.sign(x)
    return g * np.conjugate(x) / np.where(out == 0, 1, out)


absolute = primitive(
    np.absolute,
    _absolute_x,
    compute=abs,
    latex=r"\left|{x}\right|",
    javascript="Math.abs({x})",
    symbol="|·|",
    domain="nonzero",
)
fabs = primitive(
    np.fabs,
    lambda g, x: g * np.sign(x),
    latex=r"\left|{x}\right|",
    javascript="Math.abs({x})",
    symbol="|·|",
    domain="nonzero",
)


def _sign_x(g: Any, x: Any, out: Any) -> Any:
    """0 for real x; for complex x (sign is x/|x|) the part of g across the ray, over |x|."""
    if x.dtype.kind != "c":
        return np.zeros_like(g)[()]
    size = np.where(x == 0, 1, np.absolute(x))
    across = g - np.conjugate(g * out) * np.conjugate(out)
    return np.where(x == 0, 0, across / (2 * size))


sign = primitive(
    np.sign,
    _sign_x,
    latex=r"\operatorname{{sign}} {x}",
    javascript="Math.sign({x})",
    domain="nonzero",
)
# |x| with the sign of y: bends at x = 0, where 0 is taken, and jumps at y = 0 (0 there too).
copysign = primitive(
    np.copysign,
    x=lambda g, x, y: g * (np.sign(x) * np.copysign(1, y)),
    y=lambda g: np.zeros_like(g)[()],
    latex=r"\left|{x}\right| \operatorname{{sign}} {y}",
    javascript="copysign({x}, {y})",
    domain="nonzero",
)
# A step at x = 0, and there y itself: 0 is taken for its slope in x.
heaviside = primitive(
    np.heaviside,
    x=lambda g: np.zeros_like(g)[()],
    y=lambda g, x: np.where(x == 0, g, 0),
    latex=r"\theta({x})",
    javascript="{x} === 0 ? {y} : {x} < 0 ? 0 : {x} > 0 ? 1 : NaN",
    domain="nonzero",
    examples=[
        example((2, 3), np.array([0.5, 1.0, 0.0])),
        example(np.array([[0.0, 1.0], [-1.0, 0.0]]), (2, 2)),
        example(np.array([[0.0], [-1.0]]), (3,)),
    ],
)

# ------------------------------------------------------------------------------ whole and fraction

BETWEEN_JUMPS: dict[str, Any] = {"x": (3.1, 3.5), "y": (1.2, 1.5)}  # where y has a slope

# x - y floor(x/y), which jumps where x is a multiple of y: the slope beside it is taken.
remainder = primitive(
    np.remainder,
    x=lambda g: g,
    y=lambda g, x, y: -g * np.floor_divide(x, y),
    compute=operator.mod,
    singular=True,
    symbol="mod",
    latex=r"{x} \bmod {y}",
    javascript="remainder({x}, {y})",
    precedence=2,
    domain=BETWEEN_JUMPS,
)
# x - y trunc(x/y), the quotient exactly from what is left over.
fmod = primitive(
    np.fmod,
    x=lambda g: g,
    y=lambda g, out, x, y: -g * np.rint((x - out) / y),
    singular=True,
    symbol="fmod",
    latex=r"\operatorname{{fmod}}({x}, {y})",
    javascript="{x} % {y}",
    domain=BETWEEN_JUMPS,
)


@derived(np.divmod, name="divmod")
def quotient_and_remainder(x: Any, y: Any) -> Any:
    """As ``numpy.divmod``: the quotient, a plain array, and the remainder, which is recorded."""
    return np.floor_divide(x, y), remainder(x, y)


def _fraction(x: Any) -> Any:
    """``numpy.modf(x)[0]``."""
    return np.modf(x)[0]


fraction = primitive(
    _fraction,
    lambda g: g,
    name="fraction",
    latex=r"\operatorname{{frac}} {x}",
    javascript="Math.abs({x}) === Infinity ? 0 : {x} % 1",
    domain=(1.1, 1.9),
)


@derived(np.modf)
def modf(x: Any) -> Any:
    """As ``numpy.modf``: the fraction, which is recorded, and the whole, a plain array."""
    return fraction(x), np.modf(plain(x))[1]


ldexp = primitive(
    np.ldexp,
    x=lambda g, n: np.ldexp(g, n),
    n=None,
    latex=r"{x} \cdot 2^{{{n}}}",
    javascript="ldexp({x}, {n})",
    precedence=2,
    examples=[
        example((2, 3), np.array([1, -2, 0])),
        example((), np.array([3, -1])),
        example((3,), 2),
    ],
)


@derived(np.frexp)
def frexp(x: Any) -> Any:
    """As ``numpy.frexp``: the mantissa, which is recorded, and the exponent, a plain array."""
    exponent = np.frexp(plain(x))[1]
    return ldexp(x, -exponent), exponent


# ------------------------------------------------------------------------------ real and imaginary

conjugate = primitive(
    np.conjugate,
    lambda g: np.conjugate(g),
    latex=r"\overline{{{x}}}",
    javascript="{x}",
    symbol="conj",
)
real = primitive(
    np.real,
    lambda g: g,
    latex=r"\operatorname{{Re}} {x}",
    javascript="{x}",
    compute=lambda x: x.real.copy(),
    symbol="Re",
)
imag = primitive(
    np.imag,
    lambda g, x_dtype: g * -1j if x_dtype.kind == "c" else np.zeros_like(g),
    latex=r"\operatorname{{Im}} {x}",
    javascript="0",
    compute=lambda x: x.imag.copy(),
    symbol="Im",
)


@derived(np.angle)
def angle(z: Any, deg: bool = False) -> Any:
    """As ``numpy.angle``: the argument of `z`; its slope at 0 is taken as 0, as of arctan2."""
    z = np.asarray(z) if isinstance(z, list | tuple) else z
    around = np.arctan2(imag(z), real(z)) if z.dtype.kind == "c" else np.arctan2(0, z)
    return around * (180 / np.pi) if deg else around


@derived(np.real_if_close)
def real_if_close(a: Any, tol: float = 100) -> Any:
    """As ``numpy.real_if_close``: the real part, where nothing of size would be lost."""
    return real(a) if np.isrealobj(np.real_if_close(plain(a), tol)) and a.dtype.kind == "c" else a


# ------------------------------------------------------------------------------ not a number


def _nan_to_num_door(
    x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None
) -> tuple[Any, dict[str, Any]]:
    if not copy:
        raise NotDifferentiable(
            "np.nan_to_num(..., copy=False) on a Tensor would overwrite values that the graph"
            " still needs. Leave copy= away and use the result."
        )
    return (x,), {"nan": plain(nan), "posinf": plain(posinf), "neginf": plain(neginf)}


def _nan_to_num_x(g: Any, x: Any) -> Any:
    """The gradient passes where the number was one, in each part of a complex number by itself."""
    if x.dtype.kind != "c":
        return np.where(np.isfinite(x), g, 0)
    x = plain(x)
    return np.where(np.isfinite(x.real), np.real(g), 0) + 1j * np.where(
        np.isfinite(x.imag), np.imag(g), 0
    )


nan_to_num = primitive(
    np.nan_to_num,
    _nan_to_num_x,
    door=_nan_to_num_door,
    keywords=["nan", "posinf", "neginf"],
    javascript="nanToNum({x}, {nan}, {posinf}, {neginf})",
    examples=[example((2, 3)), example((3,), nan=1.0, posinf=2.0, neginf=-2.0), example(())],
)
