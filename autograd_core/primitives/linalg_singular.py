"""The singular value decomposition.

Formulas: Z.-Q. Wan, S.-X. Zhang, "Automatic differentiation for complex valued SVD",
arXiv:1909.02659, 2019; J. Townsend, "Differentiating the singular value decomposition", 2016; for
singular values alone M. Giles, "An extended collection of matrix derivative results...", 2008.

Left and right singular vectors may be turned together (for real numbers, change sign together),
and LAPACK chooses how. What is computed from them must not depend on it; for complex ones, and for
the extra vectors of ``full_matrices=True``, the rules check that. Where singular values coincide or
vanish, vectors have no derivative, and the rules say so.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import NotDifferentiable
from ..primitive import derived, example, primitive
from .matrices import (
    adjoint,
    columns_used,
    conj,
    diagonal_matrix,
    epsilon,
    fold_complement,
    is_missing,
    over_gaps,
    refuse_gauge,
)

SVDResult: Any = type(np.linalg.svd(np.eye(1)))  # which NumPy does not export


def _svd_a(g: Any, out: Any, a_shape: Any) -> Any:
    """U (diag(g_s) + skew(Uᴴ G_U)/E S + S skew(Vᴴ G_V)/E) Vᴴ and the parts outside the spans.

    With ``E_jk = s_k² - s_j²`` and ``skew(X) = X - Xᴴ``; for complex matrices the diagonal of
    ``i Im(Uᴴ G_U) / s`` as well (Wan and Zhang).
    """
    (at_u, at_values, at_vh), (u, values, vh) = g, out
    count = values.shape[-1]
    if is_missing(at_u) and is_missing(at_vh):
        return conj(np.matmul(u[..., :count] * at_values[..., None, :], vh[..., :count, :]))
    v = adjoint(vh)
    extra = "The vectors that full_matrices=True adds are free"
    grad_u = fold_complement(conj(at_u), u, count, extra)
    grad_v = fold_complement(adjoint(conj(at_vh)), v, count, extra)
    u, v = u[..., :count], v[..., :count]
    across = adjoint(v)
    along_u, along_v = np.matmul(adjoint(u), grad_u), np.matmul(across, grad_v)
    used = columns_used(grad_u, grad_v)
    whole = a_shape[-1] == a_shape[-2] and u.dtype.kind != "c"
    safe = _without_zeros(values, used, whole)
    gaps = _sums(values) * (values[..., None, :] - values[..., :, None])
    scale = np.max(plain(values), axis=-1, initial=0) ** 2
    of_u, of_v = (
        over_gaps(part - adjoint(part), gaps, scale, used, "singular values")
        for part in (along_u, along_v)
    )
    inner = diagonal_matrix(at_values) + of_u * values[..., None, :] + values[..., :, None] * of_v
    if u.dtype.kind == "c":
        inner = inner + 1j * diagonal_matrix(_phase(along_u, along_v, at_u, at_vh) / safe)
    gradient = np.matmul(u, np.matmul(inner, across))
    if a_shape[-2] > count:
        outside = (grad_u - np.matmul(u, along_u)) / safe[..., None, :]
        gradient = gradient + np.matmul(outside, across)
    if a_shape[-1] > count:
        outside = (grad_v - np.matmul(v, along_v)) / safe[..., None, :]
        gradient = gradient + np.matmul(u, adjoint(outside))
    return conj(gradient)


def _sums(values: Any) -> Any:
    return values[..., None, :] + values[..., :, None]


def _vanishing(values: Any, shape: Any) -> Any:
    """Which singular values are 0 to rounding, as ``matrix_rank`` decides it."""
    largest = np.max(values, axis=-1, keepdims=True, initial=0)
    return values <= max(shape) * epsilon(values) * largest


def _without_zeros(values: Any, used: Any, whole: bool) -> Any:
    """The singular values to divide by."""
    zero = _vanishing(plain(values), values.shape[-1:])
    if not whole and np.any(zero & used):
        raise NotDifferentiable(
            "A singular value is 0, so the singular vectors that belong to it have no derivative."
            " Compute what you need without them, or move the matrix off the point where it loses"
            " rank."
        )
    return np.where(zero, 1, values)


def _phase(along_u: Any, along_v: Any, *gradients: Any) -> Any:
    """Im diag(Uᴴ G_U), which Im diag(Vᴴ G_V) cancels where nothing depends on the phases."""
    at_u, at_v = (np.imag(np.einsum("...ii->...i", part)) for part in (along_u, along_v))
    refuse_gauge(at_u + at_v, "The phases of singular vectors are free", *gradients)
    return at_u


_svd: Any = primitive(
    np.linalg.svd,
    a=_svd_a,
    door=lambda a, full_matrices=True: ((a,), {"full_matrices": bool(full_matrices)}),
    keywords=["full_matrices"],
    multiple=True,
    domain="dominant",
    examples=[
        example((3, 3)),
        example((4, 2)),
        example((2, 4)),
        example((4, 2), full_matrices=False),
        example((2, 1, 2, 3), full_matrices=False),
        example((1, 1)),
    ],
)


def _svdvals_a(g: Any, a: Any, out: Any) -> Any:
    """The sum of g_i u_i v_iᴴ (Giles)."""
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    g = np.where(_vanishing(plain(out), a.shape[-2:]), 0, g)
    return conj(np.matmul(u * g[..., None, :], vh))


# A singular value that is 0 has a kink there, as |x| has: slope 0. Coinciding ones cross; the
# gradient is that along the vectors LAPACK finds, right for every symmetric function of them.
svdvals = primitive(
    np.linalg.svdvals,
    a=_svdvals_a,
    name="svdvals",
    door=lambda a: ((a,), {}),
    domain="dominant",
    examples=[example((3, 3)), example((4, 2)), example((2, 1, 2, 3)), example((1, 1))],
)


@derived(np.linalg.svd, name="svd")
def svd(
    a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False
) -> Any:
    """As ``numpy.linalg.svd``; of Hermitian matrices through their eigenvalues."""
    if not hermitian:
        return _svd(a, full_matrices=full_matrices) if compute_uv else svdvals(a)
    values, vectors = np.linalg.eigh(a) if compute_uv else (np.linalg.eigvalsh(a), None)
    sizes = plain(values)
    order = np.argsort(np.abs(sizes))[..., ::-1]
    lead = np.ogrid[tuple(slice(size) for size in sizes.shape)][:-1]
    sign = np.copysign(sizes.dtype.type(1), sizes)[(*lead, order)]
    values = values[(*lead, order)] * sign
    if vectors is None:
        return values
    vectors = np.swapaxes(np.swapaxes(vectors, -1, -2)[(*lead, order)], -1, -2)
    return SVDResult(vectors, values, adjoint(vectors * sign[..., None, :]))
