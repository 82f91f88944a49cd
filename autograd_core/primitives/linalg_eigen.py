"""Eigenvalues and eigenvectors.

Formulas: M. Giles, "An extended collection of matrix derivative results...", Oxford NA-08/01,
2008; for complex matrices and normalised eigenvectors C. Boeddeker, P. Hanebrink, L.
Drude, J. Heymann, R. Haeb-Umbach, "On the computation of complex-valued gradients with application
to statistically optimum beamforming", arXiv:1701.00392, 2017.

An eigenvector may be multiplied by any number of absolute value 1 (for real numbers, -1), and
LAPACK chooses one. What is computed from eigenvectors must not depend on it; for complex ones the
rules check that. Where eigenvalues coincide, eigenvectors have no derivative, and the rules say so.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import LinearAlgebraError
from ..primitive import example, primitive
from .matrices import (
    adjoint,
    columns_used,
    conj,
    diagonal_matrix,
    epsilon,
    is_missing,
    onto_triangle,
    over_gaps,
    refuse_gauge,
    transposed,
)

SQUARE = [example((3, 3)), example((2, 1, 2, 2)), example((1, 1))]


def _gaps(values: Any) -> Any:
    return values[..., None, :] - values[..., :, None]


def _scale(values: Any) -> Any:
    return np.max(np.abs(plain(values)), axis=-1, initial=0)


def _refuse_phase(products: Any, gradient: Any) -> None:
    if products.dtype.kind == "c":
        turning = np.imag(np.diagonal(plain(products), axis1=-2, axis2=-1))
        refuse_gauge(turning, "The phases of eigenvectors are free", gradient)


# ------------------------------------------------------------------------------ Hermitian


_eigh: Any = np.linalg.eigh


def _hermitian_door(a: Any, UPLO: str = "L") -> tuple[Any, dict[str, Any]]:  # noqa: N803
    return (a,), {"UPLO": UPLO.upper()}


def _eigh_a(g: Any, out: Any, UPLO: str) -> Any:  # noqa: N803
    """V (diag(g_w) + Vᴴ G_V / (w_j - w_i)) Vᴴ (Giles), at the triangle that is read."""
    (at_values, at_vectors), (values, vectors) = g, out
    inner = diagonal_matrix(at_values)
    if not is_missing(at_vectors):
        products = np.matmul(adjoint(vectors), conj(at_vectors))
        _refuse_phase(products, at_vectors)
        used = columns_used(at_vectors)
        inner = inner + over_gaps(products, _gaps(values), _scale(values), used, "eigenvalues")
    whole = np.matmul(vectors, np.matmul(inner, adjoint(vectors)))
    return conj(onto_triangle(whole, UPLO == "U"))


# As in `cholesky`: the gradient is at the triangle that NumPy reads, 0 at the other.
eigh = primitive(
    np.linalg.eigh,
    a=_eigh_a,
    door=_hermitian_door,
    keywords=["UPLO"],
    multiple=True,
    domain="dominant",
    examples=[*SQUARE, example((3, 3), UPLO="u")],
)


def _eigvalsh_a(g: Any, a: Any, UPLO: str) -> Any:  # noqa: N803
    """The sum of g_i v_i v_iᴴ (Giles)."""
    vectors = _eigh(a, UPLO)[1]
    whole = np.matmul(vectors * g[..., None, :], adjoint(vectors))
    return conj(onto_triangle(whole, UPLO == "U"))


# Where eigenvalues coincide they have no derivative one by one (they cross); the gradient is then
# that along the eigenvectors LAPACK finds, which is right for every symmetric function of them.
eigvalsh = primitive(
    np.linalg.eigvalsh,
    a=_eigvalsh_a,
    door=_hermitian_door,
    keywords=["UPLO"],
    domain="dominant",
    examples=[*SQUARE, example((3, 3), UPLO="U")],
)


# ------------------------------------------------------------------------------ general


def _one(a: Any) -> tuple[Any, dict[str, Any]]:
    return (a,), {}


def _eig_a(g: Any, out: Any) -> Any:
    """V⁻ᴴ (diag(G_w) + (Vᴴ G_V - Vᴴ V Re diag(Vᴴ G_V)) / conj(w_j - w_i)) Vᴴ.

    Boeddeker et al.; the term with the diagonal is the normalisation to length 1.
    """
    (at_values, at_vectors), (values, vectors) = g, out
    _refuse_defective(vectors)
    across = adjoint(vectors)
    inner = diagonal_matrix(conj(at_values))
    if not is_missing(at_vectors):
        gradient = conj(at_vectors)
        products = np.matmul(across, gradient)
        _refuse_phase(products, gradient)
        along = np.real(np.sum(conj(vectors) * gradient, axis=-2))
        products = products - np.matmul(across, vectors * along[..., None, :])
        used, gaps = columns_used(at_vectors), conj(_gaps(values))
        inner = inner + over_gaps(products, gaps, _scale(values), used, "eigenvalues")
    return conj(np.linalg.solve(across, np.matmul(inner, across)))


def _refuse_defective(vectors: Any) -> None:
    value = plain(vectors)
    if value.size and np.any(np.linalg.cond(value) * epsilon(value) > 0.01):
        raise LinearAlgebraError(
            "eig: a matrix has fewer independent eigenvectors than rows (it is defective); there"
            " the eigenvalues change infinitely fast. Move the matrix off that point, or compute"
            " what you need without its eigenvectors."
        )


eig = primitive(
    np.linalg.eig,
    a=_eig_a,
    door=_one,
    multiple=True,
    domain="dominant",
    examples=SQUARE,
)


def _eigvals_a(g: Any, a: Any, out: Any) -> Any:
    """V⁻ᵀ diag(g) Vᵀ (Giles; holomorphic, so unconjugated)."""
    if a.shape[-1] == 1:  # the number itself; its eigenvector is a phase, and free
        return g[..., None]
    values, vectors = np.linalg.eig(a)
    _refuse_defective(vectors)
    order = _matching(plain(out), plain(values))
    if order is not None:
        g = g[order]
    across = transposed(vectors)
    return np.linalg.solve(across, g[..., :, None] * across)


def _matching(wanted: Any, found: Any) -> Any:
    """The index that brings `wanted` into the order of `found`; None where they agree.

    LAPACK may find eigenvalues in another order when it is not asked for the vectors.
    """
    close = np.abs(wanted - found) <= 1e3 * epsilon(found) * _scale(found)[..., None]
    if np.all(close):
        return None
    n = found.shape[-1]
    rows_wanted, rows_found = wanted.reshape(-1, n), found.reshape(-1, n)
    order = np.empty(rows_found.shape, int)
    for row, (have, need) in enumerate(zip(rows_wanted, rows_found, strict=True)):
        distance = np.abs(have[None, :] - need[:, None])
        for i in range(n):
            order[row, i] = nearest = np.argmin(distance[i])
            distance[:, nearest] = np.inf
    lead = np.ogrid[tuple(slice(size) for size in found.shape)][:-1]
    return (*lead, order.reshape(found.shape))


eigvals = primitive(
    np.linalg.eigvals,
    a=_eigvals_a,
    door=_one,
    domain="dominant",
    examples=SQUARE,
)
