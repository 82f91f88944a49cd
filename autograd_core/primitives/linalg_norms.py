"""Norms of vectors and matrices, and the condition number."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..primitive import derived, example, primitive
from .matrices import conj
from .reduction import canonical_axes, keep

#: Norms of a matrix that treat it as one long vector.
ENTRYWISE = (None, "fro", "f")


def _plain_norm(
    x: Any,
    ord: Any = None,  # noqa: A002
    axis: Any = None,
    keepdims: bool = False,
    vector: bool = False,
) -> Any:
    function: Any = np.linalg.vector_norm if vector else np.linalg.norm
    return function(x, ord=ord, axis=axis, keepdims=keepdims)


def _norm_door(
    x: Any,
    ord: Any = None,  # noqa: A002
    axis: Any = None,
    keepdims: bool = False,
    vector: bool = False,
) -> tuple[Any, dict[str, Any]]:
    return (x,), {"ord": ord, "axis": axis, "keepdims": bool(keepdims), "vector": vector}


def _norm_x(g: Any, x: Any, out: Any, x_shape: Any, ord: Any, axis: Any) -> Any:  # noqa: A002
    """The direction x / ‖x‖; for other orders p, sign(x) (|x| / ‖x‖)ᵖ⁻¹."""
    axes = canonical_axes(axis, len(x_shape), x)
    g, size = keep(g, x_shape, axes), keep(out, x_shape, axes)
    if ord in (*ENTRYWISE, 2):
        zero = plain(size) == 0
        return g * np.where(zero, 0, 1 / np.where(zero, 1, size)) * conj(x)
    lengths = np.abs(x)
    zero = plain(lengths) == 0
    sign: Any = np.sign(plain(x))
    if x.dtype.kind == "c":
        sign = conj(x) * np.where(zero, 0, 1 / np.where(zero, 1, lengths))
    if ord in (np.inf, -np.inf):
        ties = plain(lengths) == plain(size)
        return np.where(ties, g / ties.sum(axis=axes, keepdims=True), 0) * sign
    if ord == 1:
        return g * sign
    share = np.where(zero, 1, lengths) / np.where(plain(size) == 0, 1, size)
    return g * np.where(zero, 0, share ** (ord - 1)) * sign


# At 0 the gradient is 0 (the smallest subgradient, as in PyTorch); elements that tie for a maximum
# share equally; an element that is 0 gets 0 in every order.
_norm: Any = primitive(
    _plain_norm,
    _norm_x,
    name="norm",
    door=_norm_door,
    keywords=["ord", "axis", "keepdims", "vector"],
    symbol="‖·‖",
    latex=r"\left\|{x}\right\|",
    domain="distinct",
    examples=[
        example((3, 4)),
        example((4,), ord=3, keepdims=True),
        example((2, 3, 4)),
        example((3, 4), axis=0),
        example((3, 4), ord=1, axis=1),
        example((3, 4), ord=-1, axis=-1),
        example((3, 4), ord=np.inf, axis=0, keepdims=True),
        example((3, 4), ord=-np.inf, axis=1),
        example((3, 4), ord=1.5, axis=1),
        example((2, 3, 4), ord="fro", axis=(0, -1), keepdims=True),
        example((2, 3, 4), ord=4, axis=(2, 0), vector=True),
        example((2, 3, 2), ord=np.inf, vector=True),
    ],
)


@derived(np.linalg.norm, name="norm")
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002
    """As ``numpy.linalg.norm``, of vectors and of matrices, in every order."""
    axes = tuple(axis) if isinstance(axis, tuple | list) else (axis,)
    matrices = len(axes) == 2 or (axis is None and ord is not None and np.ndim(x) == 2)
    if not matrices or ord in ENTRYWISE:
        if ord == 0:  # it counts: piecewise constant
            return np.linalg.norm(plain(x), ord, axis, keepdims)
        return _norm(x, ord, axis, keepdims)
    size = np.linalg.norm(plain(x), ord, axis, keepdims)  # NumPy says what is wrong
    if not np.size(x):
        return size
    axes = canonical_axes((0, 1) if axis is None else axis, np.ndim(x), x)
    result = _of_matrices(np.moveaxis(x, axes, (-2, -1)), ord)
    return np.reshape(result, np.shape(size)) if keepdims else result


def _of_matrices(x: Any, ord: Any) -> Any:  # noqa: A002
    if ord == "nuc":
        return np.sum(np.linalg.svdvals(x), axis=-1)
    if abs(ord) == 2:
        sizes = np.linalg.svdvals(x)
    else:
        sizes = np.sum(np.abs(x), axis=-2 if abs(ord) == 1 else -1)
    return (np.max if ord > 0 else np.min)(sizes, axis=-1)


@derived(np.linalg.matrix_norm)
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:  # noqa: A002
    """As ``numpy.linalg.matrix_norm``."""
    return norm(x, ord, (-2, -1), keepdims)


@derived(np.linalg.vector_norm)
def vector_norm(
    x: Any,
    /,
    *,
    axis: Any = None,
    keepdims: bool = False,
    ord: Any = 2,  # noqa: A002
) -> Any:
    """As ``numpy.linalg.vector_norm``, over any number of axes."""
    if ord == 0:
        return np.linalg.vector_norm(plain(x), axis=axis, keepdims=keepdims, ord=0)
    return _norm(x, ord, axis, keepdims, vector=True)


# A singular matrix has the condition number inf; there the gradient is 0.
@derived(np.linalg.cond)
def cond(x: Any, p: Any = None) -> Any:
    """As ``numpy.linalg.cond``: the norm of x times that of its inverse."""
    value = np.linalg.cond(plain(x), p)
    infinite = ~np.isfinite(value)
    if np.any(infinite):
        harmless = np.eye(*np.shape(x)[-2:], dtype=x.dtype)
        x = np.where(infinite[..., None, None], harmless, x)
    if p is None or p in (2, -2):
        sizes = np.linalg.svdvals(x)
        result = sizes[..., 0] / sizes[..., -1] if p != -2 else sizes[..., -1] / sizes[..., 0]
    else:
        axes = (-2, -1)
        result = np.linalg.norm(x, p, axes) * np.linalg.norm(np.linalg.inv(x), p, axes)
    return np.where(infinite, value, result) if np.any(infinite) else result
