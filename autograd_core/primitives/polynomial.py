"""Polynomials by their coefficients, the highest power first: polyval, polyder, roots and the rest.

Of ``np.polynomial``, NumPy dispatches ``polynomial.polyval2d`` and ``polygrid2d`` only. Its
``polyval(x, c)`` with a Tensor for x and plain coefficients in one dimension records through the
operators; for recorded coefficients write ``np.polyval(c[::-1], x)``.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import NotDifferentiable, ShapeError
from ..primitive import derived, example, primitive


def _no_poly1d(name: str, *operands: Any) -> None:
    """A ``np.poly1d`` holds plain coefficients, and cannot hold recorded ones."""
    if any(isinstance(operand, np.poly1d) for operand in operands):
        raise NotDifferentiable(
            f"{name} of a np.poly1d and a Tensor: a poly1d cannot hold a Tensor. Give its"
            " coefficients, p.coeffs; for a polynomial of a polynomial see np.polymul."
        )


def _polyval_door(p: Any, x: Any) -> Any:
    _no_poly1d("polyval", p, x)
    return (p, x), {}


def _powers(weights: Any, x: Any, count: int) -> list[Any]:
    """``weights * x**k`` for k from `count` - 1 down to 0."""
    parts = []
    for _ in range(count):
        parts.append(weights)
        weights = weights * x
    return parts[::-1]


def _reduced(part: Any, shape: tuple[int, ...]) -> Any:
    """`part` summed over the axes along which a coefficient of `shape` was broadcast."""
    if part.shape == shape:
        return part
    extra = part.ndim - len(shape)
    axes = tuple(i for i in range(part.ndim) if i < extra or shape[i - extra] != part.shape[i])
    return np.reshape(np.sum(part, axis=axes), shape)


def _polyval_p(g: Any, x: Any, p_shape: tuple[int, ...]) -> Any:
    """The power of x that each coefficient stands before."""
    count, *rest = p_shape
    if not count:
        return np.zeros(p_shape, g.dtype)
    x = np.asarray(x) if not hasattr(x, "dtype") else x
    return np.stack([_reduced(part, tuple(rest)) for part in _powers(g, x, count)])


def _polyval_x(g: Any, p: Any, x: Any) -> Any:
    if len(p) <= 1:
        return g * 0
    degrees = np.arange(len(p) - 1, 0, -1).reshape((-1,) + (1,) * (p.ndim - 1))
    return g * np.polyval(p[:-1] * degrees, x)


polyval = primitive(
    np.polyval,
    p=_polyval_p,
    x=_polyval_x,
    compute=lambda p, x: np.polyval(p, x)[()],
    door=_polyval_door,
    latex="{p}({x})",
    examples=[
        example((4,), (3,)),
        example((4,), (2, 3)),
        example((3,), ()),
        example((1,), (2,)),
        example((3, 2), (2,)),
        example((3, 2, 1), (4,)),
        example((3,), (0,)),
    ],
)


@derived(np.polyder)
def polyder(p: Any, m: int = 1) -> Any:
    """As ``numpy.polyder``."""
    m = int(m)
    if m < 0:
        raise ShapeError("polyder: the order of the derivative m is 0, 1, 2... (see polyint).")
    for _ in range(m):
        p = p[:-1] * np.arange(len(p) - 1, 0, -1)
    return p


@derived(np.polyint)
def polyint(p: Any, m: int = 1, k: Any = None) -> Any:
    """As ``numpy.polyint``; the constants of integration `k` may record."""
    m = int(m)
    _no_poly1d("polyint", p)
    if m < 0:
        raise ShapeError("polyint: the order of the integral m is 0, 1, 2... (see polyder).")
    k = np.zeros(m) if k is None else np.atleast_1d(k)
    if len(k) == 1 and m > 1:
        k = k[0] * np.ones(m)
    if len(k) < m:
        raise ShapeError(f"polyint: k is one number, or {m} of them (m); it has {len(k)}.")
    for i in range(m):
        p = np.concatenate([p / np.arange(len(p), 0, -1), k[i : i + 1]])
    return p


def _of_one_length(x: Any, y: Any) -> tuple[Any, Any]:
    """Both coefficient arrays, the shorter with zeros in front."""
    x, y = np.atleast_1d(x), np.atleast_1d(y)
    missing = len(y) - len(x)
    if missing > 0:
        x = np.concatenate([np.zeros(missing, x.dtype), x])
    elif missing < 0:
        y = np.concatenate([np.zeros(-missing, y.dtype), y])
    return x, y


@derived(np.polyadd)
def polyadd(a1: Any, a2: Any) -> Any:
    """As ``numpy.polyadd``."""
    _no_poly1d("polyadd", a1, a2)
    a1, a2 = _of_one_length(a1, a2)
    return a1 + a2


@derived(np.polysub)
def polysub(a1: Any, a2: Any) -> Any:
    """As ``numpy.polysub``."""
    _no_poly1d("polysub", a1, a2)
    a1, a2 = _of_one_length(a1, a2)
    return a1 - a2


def _trimmed(p: Any) -> Any:
    """Without leading zeros, as a ``poly1d`` has it; at least one coefficient."""
    p = np.atleast_1d(p)
    if p.ndim > 1:
        raise ShapeError(f"polymul: coefficients have one axis; the shape is {p.shape}.")
    (present,) = np.nonzero(plain(p))
    return p[present[0] :] if len(present) else p[-1:]


@derived(np.polymul)
def polymul(a1: Any, a2: Any) -> Any:
    """As ``numpy.polymul``: leading zeros are dropped."""
    _no_poly1d("polymul", a1, a2)
    return np.convolve(_trimmed(a1), _trimmed(a2))


@derived(np.polydiv)
def polydiv(u: Any, v: Any) -> Any:
    """As ``numpy.polydiv``: quotient and remainder, of which leading zeros are dropped."""
    _no_poly1d("polydiv", u, v)
    u, v = np.atleast_1d(u) + 0.0, np.atleast_1d(v) + 0.0
    dtype = np.result_type(u.dtype, v.dtype)
    scale = 1.0 / v[0]
    quotient, remainder = [], u.astype(dtype)
    for k in range(len(u) - len(v) + 1):
        factor = scale * remainder[k]
        quotient.append(factor)
        parts = remainder[:k], remainder[k : k + len(v)] - factor * v, remainder[k + len(v) :]
        remainder = np.concatenate(parts)
    values = plain(remainder)
    start = 0
    while start < len(values) - 1 and np.allclose(values[start], 0, rtol=1e-14):
        start += 1
    return np.stack(quotient) if quotient else np.zeros(1, dtype), remainder[start:]


@derived(np.poly)
def poly(seq_of_zeros: Any) -> Any:
    """As ``numpy.poly``: the coefficients of the polynomial with these roots."""
    roots = np.atleast_1d(seq_of_zeros)
    if roots.ndim == 2 and roots.shape[0] == roots.shape[1] != 0:
        roots = np.linalg.eigvals(roots)
    elif roots.ndim != 1:
        raise ShapeError(
            f"poly: roots have one axis, or are a square matrix; the shape is {roots.shape}."
        )
    if not len(roots):
        return 1.0
    p: Any = np.ones(1, roots.dtype)
    nothing = np.zeros(1, roots.dtype)
    for k in range(len(roots)):
        p = np.concatenate([p, nothing]) - np.concatenate([nothing, p]) * roots[k]
    values = np.sort(plain(roots))
    if values.dtype.kind == "c" and np.all(values == np.sort(values.conjugate())):
        return np.real(p)
    return p


def _roots_door(p: Any) -> Any:
    p = np.atleast_1d(p)
    if p.ndim != 1:
        raise ShapeError(f"roots: coefficients have one axis; the shape is {p.shape}.")
    return (p,), {}


def _roots_p(g: Any, out: Any, p: Any) -> Any:
    """Dr/dp[k] is -r**(n - k) / p'(r), by the theorem on implicit functions.

    It holds for leading zeros, whose own roots are at infinity, as well; at a root that occurs
    several times there is no derivative: p'(r) is 0, and infinities come out.
    """
    weights = -g / np.polyval(polyder(p), out)
    return np.stack([np.sum(part) for part in _powers(weights, out, len(p))])


roots = primitive(
    np.roots,
    p=_roots_p,
    door=_roots_door,
    singular=True,
    latex=r"\operatorname{{roots}} {p}",
    domain=(1.0, 1.4),
    examples=[example((4,)), example((2,)), example((6,))],
)


@derived(np.polyfit)
def polyfit(
    x: Any,
    y: Any,
    deg: int,
    rcond: Any = None,
    full: bool = False,
    w: Any = None,
    cov: Any = False,
) -> Any:
    """As ``numpy.polyfit``: least squares on the scaled columns of a Vandermonde matrix."""
    order = int(deg) + 1
    x, y = (value * 1.0 if hasattr(value, "dtype") else np.asarray(value) * 1.0 for value in (x, y))
    if order < 1 or x.ndim != 1 or not x.size or y.ndim not in (1, 2) or len(x) != len(y):
        raise ShapeError(
            "polyfit: x has shape (n,), y (n,) or (n, m), n is at least 1 and deg at least 0."
            f" Given: x {x.shape}, y {y.shape}, deg {deg}."
        )
    if rcond is None:
        rcond = len(x) * np.finfo(x.dtype).eps
    matrix, right = np.vander(x, order), y
    if w is not None:
        w = np.atleast_1d(w) * 1.0
        if w.shape != x.shape:
            raise ShapeError(f"polyfit: one weight w for each x; given {w.shape} for {x.shape}.")
        matrix = matrix * w[:, None]
        right = right * (w[:, None] if y.ndim == 2 else w)
    scale = np.sqrt((matrix * matrix).sum(axis=0))
    matrix = matrix / scale
    solution, residuals, rank, singular = np.linalg.lstsq(matrix, right, rcond)
    solution = (solution.T / scale).T
    if full:
        return solution, residuals, rank, singular, rcond
    if plain(rank) != order:
        message = "Polyfit may be poorly conditioned"
        warnings.warn(message, np.exceptions.RankWarning, stacklevel=5)
    if not cov:
        return solution
    base = np.linalg.inv(np.dot(matrix.T, matrix)) / np.outer(scale, scale)
    if isinstance(cov, str) and cov == "unscaled":
        factor: Any = 1
    elif len(x) <= order:
        raise ShapeError("polyfit: a scaled covariance needs more points than coefficients.")
    else:
        factor = residuals / (len(x) - order)
    return solution, base * factor if y.ndim == 1 else base[:, :, None] * factor


def _horner(c: Any, x: Any) -> Any:
    """The series with coefficients along the first axis of `c`, the lowest power first."""
    out = c[-1] + x * 0
    for k in range(len(c) - 2, -1, -1):
        out = c[k] + out * x
    return out


@derived(np.polynomial.polynomial.polyval2d)
def polyval2d(x: Any, y: Any, c: Any) -> Any:
    """As ``numpy.polynomial.polynomial.polyval2d``, one of two in that module that dispatch."""
    if np.shape(x) != np.shape(y):
        raise ShapeError(f"polyval2d: x and y have one shape; given {np.shape(x)}, {np.shape(y)}.")
    return _horner(_horner(np.reshape(c, np.shape(c) + (1,) * np.ndim(x)), x), y)


@derived(np.polynomial.polynomial.polygrid2d)
def polygrid2d(x: Any, y: Any, c: Any) -> Any:
    """As ``numpy.polynomial.polynomial.polygrid2d``: at every pair of an x and a y."""
    rows = _horner(np.reshape(c, np.shape(c) + (1,) * np.ndim(x)), x)
    return _horner(np.reshape(rows, np.shape(rows) + (1,) * np.ndim(y)), y)
