"""Words of matrix algebra that the rules of ``linalg_*.py`` share.

The literature writes gradients for complex matrices as ``G = dL/dRe + i dL/dIm`` and its formulas
with adjoints. The engine's rules get and give the conjugate of that, so a rule that follows the
literature starts and ends with `conj`, which does nothing to real numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import NotDifferentiable


def conj(x: Any) -> Any:
    """The conjugate; of real numbers, they themselves."""
    return np.conjugate(x) if x.dtype.kind == "c" else x


def transposed(x: Any) -> Any:
    """The last two axes exchanged."""
    return np.swapaxes(x, -1, -2)


def adjoint(x: Any) -> Any:
    """The conjugate transpose."""
    return conj(np.swapaxes(x, -1, -2))


def diagonal_matrix(values: Any) -> Any:
    """Matrices with `values` on their diagonals."""
    return values[..., None] * np.eye(values.shape[-1], dtype=values.dtype)


def triangle(x: Any, upper: bool = False) -> Any:
    """Which elements one triangle holds: 1 inside it, 1/2 on the diagonal, 0 elsewhere."""
    size = x.shape[-1]
    weights = np.tri(size, k=-1) + 0.5 * np.eye(size)
    return (weights.T if upper else weights).astype(np.finfo(x.dtype).dtype)


def onto_triangle(gradient: Any, upper: bool = False) -> Any:
    """The gradient at the triangle that LAPACK reads, from the one at a whole Hermitian matrix.

    An element off the diagonal stands for itself and for its mirror image; of the diagonal, only
    the real part is read.
    """
    return (gradient + adjoint(gradient)) * triangle(gradient, upper)


def from_triangle(x: Any, upper: bool = False) -> Any:
    """The Hermitian matrix that LAPACK makes of the triangle it reads."""
    half = x * triangle(x, upper)
    return half + adjoint(half)


def is_missing(gradient: Any) -> bool:
    """Whether nothing depends on an output: the zeros that stand for its gradient are plain."""
    return isinstance(gradient, np.ndarray | np.generic) and not np.any(gradient)


def epsilon(x: Any) -> float:
    """The rounding error of the numbers of `x`."""
    return float(np.finfo(x.dtype).eps)


def columns_used(*gradients: Any) -> Any:
    """Which vectors something depends on."""
    used: Any = False
    for gradient in gradients:
        used = used | np.any(plain(gradient) != 0, axis=-2)
    return used


def over_gaps(numbers: Any, gaps: Any, scale: Any, used: Any, what: str) -> Any:
    """`numbers` divided by `gaps` off the diagonal, 0 on it.

    Raises
    ------
    NotDifferentiable
        If a gap is 0 (relative to `scale`, to rounding) between values one of whose vectors is
        used: the vectors turn by any angle there, and have no derivative.
    """
    width = np.abs(plain(gaps))
    same = width <= 4 * gaps.shape[-1] * epsilon(gaps) * np.asarray(plain(scale))[..., None, None]
    diagonal = np.eye(gaps.shape[-1], dtype=bool)
    touched = used[..., None, :] | used[..., :, None]
    if np.any(same & ~diagonal & touched):
        raise NotDifferentiable(
            f"{what} coincide, so the vectors that belong to them have no derivative, nor have the"
            f" {what} a second one. Sums over all vectors of equal values have; compute what you"
            " need of the matrix itself (its trace, a norm, np.linalg.solve), or move the matrix"
            " off the degenerate point."
        )
    same = same | diagonal
    return np.where(same, 0, numbers / np.where(same, 1, gaps))


def refuse_gauge(residue: Any, what: str, *gradients: Any) -> None:
    """Refuse a gradient that depends on what LAPACK is free to choose.

    Raises
    ------
    NotDifferentiable
        If `residue`, which is 0 for a function that does not depend on the choice, is not, compared
        with the `gradients` at the vectors.
    """
    size = sum(np.max(np.abs(plain(gradient)), initial=0) for gradient in gradients)
    if np.any(np.abs(plain(residue)) > epsilon(residue) ** (1 / 3) * size):
        raise NotDifferentiable(
            f"{what}: they are not determined, so what is computed from them must not depend on"
            " the choice; here it does. Use what does not, such as absolute values,"
            " projectors v @ v.conj().T, or functions of the whole matrix."
        )


def fold_complement(gradient: Any, vectors: Any, count: int, what: str) -> Any:
    """The gradient at the first `count` columns of a unitary matrix, that at the rest moved there.

    The rest spans the complement, in a basis that LAPACK is free to choose. With
    ``Q₁ᴴ Q₂ = 0`` and no turn within the complement, ``dQ₂ = -Q₁ dQ₁ᴴ Q₂``; so ``G₁ - Q₂ G₂ᴴ Q₁``.
    """
    first, rest = vectors[..., :count], vectors[..., count:]
    at_first, at_rest = gradient[..., :count], gradient[..., count:]
    if is_missing(at_rest):
        return at_first
    turn = np.matmul(adjoint(rest), at_rest)
    refuse_gauge(turn - adjoint(turn), what, at_rest)
    return at_first - np.matmul(rest, np.matmul(adjoint(at_rest), first))
