"""Products of arrays beside matmul: inner, outer, cross, tensordot, Kronecker's."""

from __future__ import annotations

import operator
import warnings
from typing import Any

import numpy as np

from ..dispatch import _refuse_out
from ..errors import ShapeError, describe
from ..primitive import derived, example, primitive
from .matrices import conj
from .reduction import canonical_axes

# ------------------------------------------------------------------------------ vectors


@derived(np.vdot)
def vdot(a: Any, b: Any, /) -> Any:
    """As ``numpy.vdot``: the product of all elements, those of `a` conjugated."""
    a, b = np.ravel(a), np.ravel(b)
    return np.matmul(conj(a), b)


@derived(np.inner)
def inner(a: Any, b: Any, /) -> Any:
    """As ``numpy.inner``: sums over the last axis of both."""
    if not (np.ndim(a) and np.ndim(b)):
        return np.multiply(a, b)
    if np.ndim(a) == np.ndim(b) == 1:
        return np.matmul(a, b)
    return np.tensordot(a, b, axes=(-1, -1))


def _outer_door(a: Any, b: Any, out: Any = None) -> tuple[Any, dict[str, Any]]:
    if out is not None:
        _refuse_out(np.outer)
    return (a, b), {}


outer = primitive(
    np.outer,
    a=lambda g, b, a_shape: np.reshape(np.matmul(g, np.ravel(b)), a_shape),
    b=lambda g, a, b_shape: np.reshape(np.matmul(np.ravel(a), g), b_shape),
    door=_outer_door,
    symbol="⊗",
    latex=r"{a} \otimes {b}",
    precedence=2,
    examples=[example((3,), (4,)), example((2, 2), (3, 1)), example((), (3,)), example((0,), (2,))],
)


@derived(np.linalg.outer, name="linalg.outer")
def linalg_outer(x1: Any, x2: Any, /) -> Any:
    """As ``numpy.linalg.outer``: of two vectors."""
    if np.ndim(x1) != 1 or np.ndim(x2) != 1:
        raise ShapeError(
            f"linalg.outer: it takes two vectors, not {describe(x1)} and {describe(x2)}. np.outer"
            " takes any arrays, flattened."
        )
    return outer(x1, x2)


# ------------------------------------------------------------------------------ cross product


def _plain_cross(a: Any, b: Any) -> Any:
    return np.cross(a, b)


_cross: Any = primitive(
    _plain_cross,
    a=lambda g, b: np.cross(b, g),
    b=lambda g, a: np.cross(g, a),
    name="cross",
    symbol="×",
    latex=r"{a} \times {b}",
    precedence=2,
    examples=[example((3,), (3,)), example((2, 3), (3,)), example((4, 1, 3), (2, 3))],
)


@derived(np.cross, name="cross")
def cross(
    a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None
) -> Any:
    """As ``numpy.cross``: of vectors with three components (or two, which NumPy deprecates)."""
    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = np.moveaxis(a, axisa, -1), np.moveaxis(b, axisb, -1)
    sizes = (np.shape(a)[-1], np.shape(b)[-1])
    if not {2, 3}.issuperset(sizes):
        raise ShapeError(
            f"cross: vectors have 3 components, not {sizes[0]} and {sizes[1]}. Given:"
            f" {describe(a, 'a')}; {describe(b, 'b')}. Choose the axis with axis=."
        )
    if 2 in sizes:
        warnings.warn(
            "Arrays of 2-dimensional vectors are deprecated. Use arrays of 3-dimensional vectors"
            " instead. (deprecated in NumPy 2.0)",
            DeprecationWarning,
            stacklevel=4,
        )
    flat = sizes == (2, 2)
    result = _cross(
        *[_in_space(v) if size == 2 else v for v, size in zip((a, b), sizes, strict=True)]
    )
    return result[..., 2] if flat else np.moveaxis(result, -1, axisc)


def _in_space(vectors: Any) -> Any:
    nothing = np.zeros((*np.shape(vectors)[:-1], 1), vectors.dtype)
    return np.concatenate([vectors, nothing], axis=-1)


@derived(np.linalg.cross, name="linalg.cross")
def linalg_cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """As ``numpy.linalg.cross``: of vectors with three components."""
    if np.shape(x1)[axis] != 3 or np.shape(x2)[axis] != 3:
        raise ShapeError(
            f"linalg.cross: both need 3 components along axis {axis}. Given: {describe(x1)};"
            f" {describe(x2)}."
        )
    return cross(x1, x2, axis=axis)


# ------------------------------------------------------------------------------ sums over axes


def _tensordot_door(a: Any, b: Any, axes: Any = 2) -> tuple[Any, dict[str, Any]]:
    a, b = (np.asarray(x) if isinstance(x, list | tuple) else x for x in (a, b))
    if hasattr(axes, "__iter__"):
        pair = [tuple(one) if hasattr(one, "__iter__") else (one,) for one in axes]
    else:
        count = operator.index(axes)
        pair = [tuple(range(np.ndim(a) - count, np.ndim(a))), tuple(range(count))]
    if len(pair) != 2 or len(pair[0]) != len(pair[1]):
        raise ShapeError(f"tensordot: axes={axes} does not name as many axes of a as of b.")
    first = canonical_axes(pair[0], np.ndim(a), a)
    second = canonical_axes(pair[1], np.ndim(b), b)
    for i, j in zip(first, second, strict=True):
        if np.shape(a)[i] != np.shape(b)[j]:
            raise ShapeError(
                f"tensordot: axis {i} of a has {np.shape(a)[i]} elements and axis {j} of b, with"
                f" which it is summed, {np.shape(b)[j]}. Given: {describe(a, 'a')};"
                f" {describe(b, 'b')}."
            )
    return (a, b), {"axes": (first, second)}


def _free(ndim: int, summed: tuple[int, ...]) -> list[int]:
    return [axis for axis in range(ndim) if axis not in summed]


def _tensordot_a(g: Any, b: Any, a_shape: Any, axes: Any) -> Any:
    """Summed over the free axes of b; what is left comes in the order: free of a, summed of b."""
    ours, theirs = axes
    free = _free(b.ndim, theirs)
    part = np.tensordot(g, b, axes=(list(range(g.ndim - len(free), g.ndim)), free))
    summed = [ours[theirs.index(axis)] for axis in sorted(theirs)]
    return _ordered(part, _free(len(a_shape), ours) + summed)


def _tensordot_b(g: Any, a: Any, b_shape: Any, axes: Any) -> Any:
    """Summed over the free axes of a; what is left comes in the order: summed of a, free of b."""
    theirs, ours = axes
    free = _free(a.ndim, theirs)
    part = np.tensordot(a, g, axes=(free, list(range(len(free)))))
    summed = [ours[theirs.index(axis)] for axis in sorted(theirs)]
    return _ordered(part, summed + _free(len(b_shape), ours))


def _ordered(part: Any, axes: list[int]) -> Any:
    return np.transpose(part, [axes.index(i) for i in range(len(axes))])


tensordot = primitive(
    np.tensordot,
    a=_tensordot_a,
    b=_tensordot_b,
    door=_tensordot_door,
    keywords=["axes"],
    precedence=2,
    examples=[
        example((2, 3), (2, 3)),
        example((2, 3, 4), (3, 4, 2)),
        example((2, 3), (4,), axes=0),
        example((2, 3, 4), (4, 3, 2), axes=([0, 2], [2, 0])),
        example((2, 3, 4), (4, 2, 5), axes=([2, 0], [0, 1])),
        example((3, 4), (4, 2), axes=1),
        example((3, 2), (3, 4), axes=(0, 0)),
        example((3,), (3,), axes=(-1, -1)),
    ],
)


@derived(np.linalg.tensordot, name="linalg.tensordot")
def linalg_tensordot(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    """As ``numpy.linalg.tensordot``."""
    return tensordot(x1, x2, axes)


@derived(np.kron)
def kron(a: Any, b: Any) -> Any:
    """As ``numpy.kron``: every element of `a` times the whole of `b`."""
    ndim = max(np.ndim(a), np.ndim(b))
    first = (1,) * (ndim - np.ndim(a)) + np.shape(a)
    second = (1,) * (ndim - np.ndim(b)) + np.shape(b)
    product = np.multiply(
        np.reshape(a, [size for n in first for size in (n, 1)]),
        np.reshape(b, [size for n in second for size in (1, n)]),
    )
    return np.reshape(product, [n * m for n, m in zip(first, second, strict=True)])


# ------------------------------------------------------------------------------ stacks of matrices


@derived(np.linalg.matmul, name="linalg.matmul")
def linalg_matmul(x1: Any, x2: Any, /) -> Any:
    """As ``numpy.linalg.matmul``."""
    return np.matmul(x1, x2)


@derived(np.linalg.matrix_transpose, name="linalg.matrix_transpose")
def linalg_matrix_transpose(x: Any, /) -> Any:
    """As ``numpy.linalg.matrix_transpose``."""
    return np.matrix_transpose(x)


@derived(np.linalg.diagonal, name="linalg.diagonal")
def linalg_diagonal(x: Any, /, *, offset: int = 0) -> Any:
    """As ``numpy.linalg.diagonal``: of the last two axes."""
    return np.diagonal(x, offset, -2, -1)


@derived(np.linalg.trace, name="linalg.trace")
def linalg_trace(x: Any, /, *, offset: int = 0, dtype: Any = None) -> Any:
    """As ``numpy.linalg.trace``: of the last two axes."""
    return np.trace(x, offset, -2, -1, dtype)
