"""Inverse, determinant, linear systems.

Formulas: M. Giles, "An extended collection of matrix derivative results for forward and reverse
mode algorithmic differentiation", Oxford NA-08/01, 2008. They hold for complex matrices as
they stand, with transposes where Giles has them, because gradients inside the engine are
unconjugated.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import LinearAlgebraError, describe
from ..primitive import derived, example, primitive
from .matrices import conj, epsilon, is_missing, transposed


def _one(a: Any) -> tuple[Any, dict[str, Any]]:
    return (a,), {}


def _inv_a(g: Any, out: Any) -> Any:
    """-A⁻ᵀ G A⁻ᵀ (Giles)."""
    across = transposed(out)
    return -np.matmul(across, np.matmul(g, across))


inv = primitive(
    np.linalg.inv,
    a=_inv_a,
    door=_one,
    latex="{{{a}}}^{{-1}}",
    precedence=5,
    domain="dominant",
    examples=[example((3, 3)), example((2, 1, 2, 2)), example((1, 1)), example((0, 0))],
)


# ------------------------------------------------------------------------------ determinant

#: Up to this size, where the inverse is useless, cofactors are computed by products alone.
SMALL_SIZE = 16


def _det_a(g: Any, a: Any, out: Any) -> Any:
    return g[..., None, None] * _cofactors(a, out)


def _cofactors(a: Any, determinant: Any) -> Any:
    """det(A) A⁻ᵀ (Giles), which is a polynomial, finite where the inverse is not."""
    small = a.shape[-1] <= SMALL_SIZE
    if np.all(plain(determinant) != 0):
        inverse = np.linalg.inv(a)
        across, back = (np.linalg.norm(plain(x), axis=(-2, -1)) for x in (a, inverse))
        if not small or np.all(across * back < epsilon(a) ** -0.5):
            return determinant[..., None, None] * transposed(inverse)
    return transposed(_adjugate(a)) if small else _cofactors_of_large(a)


def _cofactors_of_large(a: Any) -> Any:
    """det(U Vᴴ) conj(U) D conj(Vᴴ), D the products of all singular values but one."""
    u, values, vh = np.linalg.svd(a)
    own = np.eye(a.shape[-1], dtype=bool)
    others = np.prod(np.where(own, 1, values[..., None, :]), axis=-1)
    turn = np.linalg.det(np.matmul(u, vh))
    product = np.matmul(conj(u) * others[..., None, :], conj(vh))
    return turn[..., None, None] * product


def _adjugate(a: Any) -> Any:
    """The adjugate by products alone, so of any order of derivative at singular matrices too.

    Faddeev and LeVerrier (Gantmacher, "The Theory of Matrices" I, 1959, chapter IV).
    """
    n = a.shape[-1]
    identity = np.eye(n, dtype=a.dtype)
    term = np.broadcast_to(identity, a.shape)
    for k in range(1, n):
        product = np.matmul(a, term)
        coefficient = -np.sum(product * identity, axis=(-2, -1), keepdims=True) / k
        term = product + coefficient * identity
    return term if n % 2 else -term


det = primitive(
    np.linalg.det,
    a=_det_a,
    door=_one,
    latex=r"\det {a}",
    precedence=2,
    domain="dominant",
    examples=[example((3, 3)), example((2, 1, 2, 2)), example((1, 1)), example((0, 0))],
)


def _slogdet_a(g: Any, a: Any, out: Any) -> Any:
    """A⁻ᵀ times the gradient at log det A, whose imaginary part is the angle of the sign.

    ``d log|det A| = Re t`` and ``d sign = i sign Im t`` with ``t = tr(A⁻¹ dA)``.
    """
    sign, slope = out[0], g[1]
    if a.dtype.kind == "c" and not is_missing(g[0]):
        slope = slope + 1j * np.imag(g[0] * sign)
    singular = plain(sign) == 0
    if not np.any(singular):
        return slope[..., None, None] * transposed(np.linalg.inv(a))
    if np.any(plain(slope)[singular] != 0):
        raise LinearAlgebraError(
            f"slogdet: a matrix is singular ({describe(a)}); the logarithm of its determinant is"
            " -inf there and has no derivative. np.linalg.det has one."
        )
    regular = np.where(singular[..., None, None], np.eye(a.shape[-1], dtype=a.dtype), a)
    return slope[..., None, None] * transposed(np.linalg.inv(regular))


slogdet = primitive(
    np.linalg.slogdet,
    a=_slogdet_a,
    door=_one,
    multiple=True,
    latex=r"\ln \left|\det {a}\right|",
    domain="dominant",
    examples=[example((3, 3)), example((2, 1, 2, 2)), example((1, 1))],
)


# ------------------------------------------------------------------------------ systems


def _solve_b(g: Any, a: Any, b_shape: Any) -> Any:
    """A⁻ᵀ G (Giles)."""
    if len(b_shape) == 1:
        return np.linalg.solve(transposed(a), g[..., None])[..., 0]
    return np.linalg.solve(transposed(a), g)


def _solve_a(g: Any, a: Any, b_shape: Any, out: Any) -> Any:
    """-A⁻ᵀ G Xᵀ (Giles)."""
    at_b = _solve_b(g, a, b_shape)
    if len(b_shape) == 1:
        return -at_b[..., :, None] * out[..., None, :]
    return -np.matmul(at_b, transposed(out))


solve = primitive(
    np.linalg.solve,
    a=_solve_a,
    b=_solve_b,
    door=lambda a, b: ((a, b), {}),
    latex="{{{a}}}^{{-1}} {b}",
    precedence=2,
    domain={"a": "dominant"},
    examples=[
        example((3, 3), (3,)),
        example((3, 3), (3, 2)),
        example((4, 1, 3, 3), (2, 3, 2)),
        example((2, 3, 3), (3,)),
        example((2, 2), (5, 2, 1)),
    ],
)


@derived(np.linalg.tensorinv)
def tensorinv(a: Any, ind: int = 2) -> Any:
    """As ``numpy.linalg.tensorinv``: the inverse of `a` as a matrix from its last axes."""
    if ind <= 0:
        raise ValueError("ind is the number of axes of the result of the map, at least 1")
    shape = np.shape(a)
    inverse = inv(np.reshape(a, (math.prod(shape[ind:]), -1)))
    return np.reshape(inverse, shape[ind:] + shape[:ind])


@derived(np.linalg.tensorsolve)
def tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
    """As ``numpy.linalg.tensorsolve``: x such that ``tensordot(a, x, x.ndim) == b``."""
    if axes is not None:
        order = list(range(np.ndim(a)))
        for axis in axes:
            order.remove(axis)
            order.insert(np.ndim(a), axis)
        a = np.transpose(a, order)
    shape = np.shape(a)[np.ndim(b) :]
    size = math.prod(shape)
    if math.prod(np.shape(a)) != size**2:
        raise LinearAlgebraError(
            "tensorsolve: the axes of a that b does not have must hold as many elements as those"
            f" that it has. Given: {describe(a, 'a')}; {describe(b, 'b')}."
        )
    return np.reshape(solve(np.reshape(a, (size, size)), np.ravel(b)), shape)
