"""Triangular factors: Cholesky's and QR.

Formulas: I. Murray, "Differentiation of the Cholesky decomposition", arXiv:1602.07527, 2016; S.
Walter, L. Lehmann, R. Lamour, "On evaluating higher-order derivatives of the QR decomposition of
tall matrices with full column rank in forward and reverse mode algorithmic differentiation",
Optimization Methods and Software 27, 2012; M. Seeger, A. Hetzel, Z. Dai, E. Meissner, N. Lawrence,
"Auto-differentiating linear algebra", arXiv:1710.08717, 2017.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import LinearAlgebraError, NotDifferentiable
from ..primitive import derived, example, primitive
from .matrices import (
    adjoint,
    conj,
    epsilon,
    fold_complement,
    onto_triangle,
    triangle,
)


def _cholesky_a(g: Any, out: Any, upper: bool) -> Any:
    """L⁻ᴴ Φ(Lᴴ G) L⁻¹, Φ the lower triangle with half the diagonal (Murray)."""
    factor, gradient = (adjoint(out), adjoint(conj(g))) if upper else (out, conj(g))
    across = adjoint(factor)
    half = np.matmul(across, gradient) * triangle(factor)
    whole = np.linalg.solve(across, adjoint(np.linalg.solve(across, adjoint(half))))
    return conj(onto_triangle(whole, upper))


# NumPy reads one triangle and takes the other for its mirror image, so the gradient is at that
# triangle, 0 at the other: it is the derivative of what is computed, whatever stands in the other.
# (PyTorch and JAX give half of it to each.) The same for a matrix made symmetric by the user.
cholesky = primitive(
    np.linalg.cholesky,
    a=_cholesky_a,
    door=lambda a, /, *, upper=False: ((a,), {"upper": bool(upper)}),
    keywords=["upper"],
    latex=r"\operatorname{{chol}} {a}",
    domain="dominant",
    examples=[
        example((3, 3)),
        example((2, 1, 2, 2)),
        example((3, 3), upper=True),
        example((1, 1)),
    ],
)


# ------------------------------------------------------------------------------ QR


def _qr_a(g: Any, out: Any, a_shape: Any) -> Any:
    """(G_Q + Q sym(triu(G_R Rᴴ - Qᴴ G_Q))) R⁻ᴴ, sym(X) = X + Xᴴ with the diagonal taken once.

    Walter, Lehmann and Lamour; Seeger et al. A wide matrix is [A₁ A₂] with
    square A₁ = Q R₁, and R₂ = Qᴴ A₂ is a product.
    """
    (at_q, at_r), (q, r) = g, out
    rows, columns = a_shape[-2:]
    count = min(rows, columns)
    grad_q, grad_r = conj(at_q), conj(at_r)
    if q.shape[-1] > count:
        grad_q = fold_complement(
            grad_q, q, count, "The columns that mode='complete' adds to Q are free"
        )
        q, r, grad_r = q[..., :count], r[..., :count, :], grad_r[..., :count, :]
    beyond = None
    if columns > rows:
        beyond = np.matmul(q, grad_r[..., count:])
        rest = np.matmul(q, r[..., count:])
        grad_q = grad_q + np.matmul(rest, adjoint(grad_r[..., count:]))
        r, grad_r = r[..., :count], grad_r[..., :count]
    _refuse_dependent(r)
    across = np.matmul(grad_r, adjoint(r)) - np.matmul(adjoint(q), grad_q)
    half = across * triangle(across, upper=True)
    total = grad_q + np.matmul(q, half + adjoint(half))
    gradient = adjoint(np.linalg.solve(r, adjoint(total)))
    if beyond is not None:
        gradient = np.concatenate([gradient, beyond], axis=-1)
    return conj(gradient)


def _refuse_dependent(r: Any) -> None:
    diagonal = np.abs(np.diagonal(plain(r), axis1=-2, axis2=-1))
    largest = np.max(diagonal, axis=-1, keepdims=True, initial=0)
    if np.any(diagonal <= r.shape[-1] * epsilon(r) * largest):
        raise LinearAlgebraError(
            "qr: the first columns of the matrix depend on each other, and there Q has no"
            " derivative. np.linalg.svd, np.linalg.pinv and np.linalg.lstsq take such matrices."
        )


_qr: Any = primitive(
    np.linalg.qr,
    a=_qr_a,
    door=lambda a, mode="reduced": ((a,), {"mode": mode}),
    keywords=["mode"],
    multiple=True,
    domain="dominant",
    examples=[
        example((3, 3)),
        example((4, 2)),
        example((2, 4)),
        example((2, 1, 3, 2)),
        example((4, 2), mode="complete"),
        example((2, 3), mode="complete"),
    ],
)


@derived(np.linalg.qr, name="qr")
def qr(a: Any, mode: str = "reduced") -> Any:
    """As ``numpy.linalg.qr``; the mode "raw", LAPACK's own form of Q, is not recorded."""
    if mode in ("reduced", "complete"):
        return _qr(a, mode)
    if mode == "r":
        return _qr(a, "reduced")[1]
    if mode in ("raw", "economic", "e"):
        raise NotDifferentiable(
            f"np.linalg.qr(..., mode={mode!r}) on a Tensor: it gives LAPACK's own form of Q, which"
            " has no derivative here. Use the modes 'reduced', 'complete' or 'r' instead, or leave"
            " the graph on purpose: np.linalg.qr(x.data, mode='raw')."
        )
    factorise: Any = np.linalg.qr
    factorise(plain(a), mode)  # NumPy says what is wrong, and that "full" is deprecated
    return _qr(a, "reduced")
