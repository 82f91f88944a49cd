"""Pseudo-inverse and least squares.

Formula: G. Golub, V. Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares
problems whose variables separate", SIAM Journal on Numerical Analysis 10, 1973, for
matrices that keep their rank.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..primitive import derived, example, primitive
from .matrices import adjoint, conj, from_triangle, is_missing, onto_triangle, transposed


def _pinv_door(a: Any, rcond: Any = None, hermitian: bool = False, **rtol: Any) -> Any:
    return (a,), {"rcond": rcond, "hermitian": bool(hermitian), "rtol": rtol or None}


def _pinv_a(g: Any, a: Any, out: Any, hermitian: bool) -> Any:
    """For ``dA⁺ = -A⁺ dA A⁺ + A⁺A⁺ᴴ dAᴴ (1 - AA⁺) + (1 - A⁺A) dAᴴ A⁺ᴴA⁺``."""
    if hermitian:
        return conj(onto_triangle(conj(_pinv_whole(g, from_triangle(a), out))))
    return _pinv_whole(g, a, out)


def _pinv_whole(g: Any, a: Any, p: Any) -> Any:
    across, back = transposed(g), adjoint(p)
    rows, columns = a.shape[-2:]
    gradient = -np.matmul(transposed(p), np.matmul(g, transposed(p)))
    if rows > columns or not _has_full_rank(a, p):
        left = np.matmul(np.matmul(across, p), back)
        gradient = gradient + conj(left - np.matmul(a, np.matmul(p, left)))
    if columns > rows or not _has_full_rank(a, p):
        right = np.matmul(back, np.matmul(p, across))
        gradient = gradient + conj(right - np.matmul(np.matmul(right, p), a))
    return gradient


def _has_full_rank(a: Any, p: Any) -> bool:
    rank = np.trace(np.matmul(plain(p), plain(a)), axis1=-2, axis2=-1).real
    return bool(np.all(rank > min(a.shape[-2:]) - 0.5))


# Where the rank changes (a singular value crosses the cutoff) the pseudo-inverse jumps; the
# derivative is that among matrices of the same rank.
pinv = primitive(
    np.linalg.pinv,
    a=_pinv_a,
    compute=lambda a, rcond, hermitian, rtol: np.linalg.pinv(a, rcond, hermitian, **(rtol or {})),
    door=_pinv_door,
    keywords=["rcond", "hermitian", "rtol"],
    latex="{{{a}}}^+",
    precedence=5,
    domain="dominant",
    examples=[
        example((3, 3)),
        example((4, 2)),
        example((2, 1, 2, 3), rcond=1e-10),
        example((3, 3), hermitian=True),
        example((3, 2), rtol=1e-12),
        example((0, 3)),
    ],
)


def _least_squares(a: Any, b: Any, rcond: float) -> Any:
    x, residuals, _, values = np.linalg.lstsq(a, b, rcond)
    return x, residuals, values


def _lstsq_a(g: Any, a: Any, b: Any, out: Any, rcond: float) -> Any:
    """Through the pseudo-inverse, whose product with b is the solution.

    The residuals, at their minimum, do not depend on x; the singular values are ``svdvals``.
    """
    (at_x, at_residuals, at_values), (x, residuals, _) = g, out
    if b.ndim == 1:
        at_x, b, x = at_x[:, None], b[:, None], x[:, None]
    p = np.linalg.pinv(a, rcond)
    gradient = _pinv_whole(np.matmul(at_x, transposed(b)), a, p)
    if residuals.size and not is_missing(at_residuals):
        misfit = conj(b - np.matmul(a, x)) * (2 * at_residuals)
        gradient = gradient - np.matmul(misfit, transposed(x))
    if not is_missing(at_values):
        u, _, vh = np.linalg.svd(a, full_matrices=False)
        gradient = gradient + np.matmul(conj(u) * at_values, conj(vh))
    return gradient


def _lstsq_b(g: Any, a: Any, b: Any, out: Any, rcond: float) -> Any:
    (at_x, at_residuals, _), (x, residuals, _) = g, out
    gradient = np.matmul(transposed(np.linalg.pinv(a, rcond)), at_x)
    if residuals.size and not is_missing(at_residuals):
        gradient = gradient + conj(b - np.matmul(a, x)) * (2 * at_residuals)
    return gradient


_lstsq: Any = primitive(
    _least_squares,
    a=_lstsq_a,
    b=_lstsq_b,
    name="lstsq",
    door=lambda a, b, rcond: ((a, b), {"rcond": rcond}),
    keywords=["rcond"],
    multiple=True,
    latex="{{{a}}}^{{+}} {b}",
    domain={"a": "dominant"},
    examples=[
        example((4, 2), (4,), 1e-15),
        example((4, 2), (4, 3), 1e-15),
        example((2, 4), (2,), 1e-15),
        example((3, 3), (3, 2), 1e-15),
    ],
)


@derived(np.linalg.lstsq, name="lstsq")
def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    """As ``numpy.linalg.lstsq``: solution, residuals, singular values; the rank is plain."""
    if rcond is None:
        rcond = np.finfo(float).eps * max(np.shape(a)[-2:])  # NumPy computes in double precision
    x, residuals, values = _lstsq(a, b, rcond)
    sizes = plain(values)
    cutoff = np.finfo(float).eps if rcond < 0 else rcond
    rank = np.count_nonzero(sizes > cutoff * np.max(sizes, initial=0))
    return x, residuals, np.int32(rank), values
