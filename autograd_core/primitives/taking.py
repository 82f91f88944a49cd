"""Taking elements along an axis: take, take_along_axis, compress, extract, choose.

Which elements is a constant; where one is taken twice, its gradients add up.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import _refuse_out, plain
from ..errors import IndexingError, ShapeError, describe
from ..primitive import derived, example, primitive
from .indexing import scatter
from .reduction import canonical_axes
from .shape import as_operand, ravel


def _take_door(
    a: Any, indices: Any, axis: Any = None, out: Any = None, mode: str = "raise"
) -> tuple[Any, dict[str, Any]]:
    if out is not None:
        _refuse_out(np.take)
    a = as_operand(a)
    if axis is None:
        a, axis = ravel(a), 0
    (axis,) = canonical_axes(axis, a.ndim, a)
    return (a,), {"indices": _settled(plain(indices), a, axis, mode), "axis": axis}


def _settled(indices: Any, a: Any, axis: int, mode: str) -> Any:
    """The indices as NumPy's `mode` reads them, from 0 to the size of the axis."""
    indices, size = np.array(indices), a.shape[axis]  # a copy: their owner may change them
    if indices.dtype.kind not in "iub" and indices.size:
        raise TypeError(f"indices are integers, not {indices.dtype}")
    indices = indices.astype(np.intp)
    if mode == "wrap" and size:
        return indices % size
    if mode == "clip" and size:
        return np.clip(indices, 0, size - 1)
    if mode not in ("raise", "wrap", "clip"):
        raise ValueError(f"mode is 'raise', 'wrap' or 'clip'; {mode!r} was given")
    outside = (indices < -size) | (indices >= size)
    if np.any(outside):
        raise IndexingError(
            f"index {indices[outside].flat[0]} is outside axis {axis} of {describe(a)}. Indices go"
            f" from {-size} to {size - 1}; mode='clip' or mode='wrap' takes others as well."
        )
    return np.where(indices < 0, indices + size, indices)


def _take_x(g: Any, x_shape: Any, indices: Any, axis: int) -> Any:
    return scatter(g, x_shape, (slice(None),) * axis + (indices,))


take = primitive(
    np.take,
    _take_x,
    compute=lambda x, indices, axis: np.take(x, indices, axis),
    door=_take_door,
    keywords=["indices", "axis"],
    symbol="[ ]",
    latex="{{{x}}}_{{{indices}}}",
    examples=[
        example((3, 4), indices=[5, 0, 5, -1]),
        example((3, 4), indices=[[2, 0], [2, 2]], axis=1),
        example((3, 4), indices=1, axis=0),
        example((3, 4), indices=[7, -9, 1], axis=-1, mode="wrap"),
        example((3, 4), indices=[7, -9, 1], axis=0, mode="clip"),
        example((3, 4), indices=[], axis=0),
        example((), indices=0),
    ],
)


def along(shape: tuple[int, ...], indices: Any, axis: int) -> tuple[Any, ...]:
    """The index that reads at `indices` along one axis, and each other place at itself."""
    ndim = len(shape)
    return tuple(
        indices
        if one == axis
        else np.arange(size).reshape((1,) * one + (-1,) + (1,) * (ndim - one - 1))
        for one, size in enumerate(shape)
    )


def _take_along_door(arr: Any, indices: Any, axis: Any = -1) -> tuple[Any, dict[str, Any]]:
    arr, indices = as_operand(arr), np.array(plain(indices))
    if axis is None:
        arr, axis = ravel(arr), 0
    (axis,) = canonical_axes(axis, arr.ndim, arr)
    if indices.ndim != arr.ndim:
        raise ShapeError(
            f"the indices have {indices.ndim} axes, {describe(arr)} has {arr.ndim}. They need as"
            " many; np.take(x, indices, axis) takes the same indices everywhere."
        )
    if indices.dtype.kind not in "iu":
        raise IndexingError(f"indices are integers, not {indices.dtype}.")
    return (arr,), {"indices": indices, "axis": axis}


def _take_along_x(g: Any, x_shape: Any, indices: Any, axis: int) -> Any:
    return scatter(g, x_shape, along(x_shape, indices, axis))


take_along_axis = primitive(
    np.take_along_axis,
    _take_along_x,
    door=_take_along_door,
    keywords=["indices", "axis"],
    symbol="[ ]",
    latex="{{{x}}}_{{{indices}}}",
    examples=[
        example((2, 3), indices=np.array([[2, 0, 2, -1], [1, 1, 0, 0]])),
        example((2, 3), indices=np.array([[1, 0, 1]]), axis=0),
        example((2, 3), indices=np.array([[2], [0]]), axis=1),
        example((2, 3), indices=np.array([4, 4, 0]), axis=None),
    ],
)


@derived(np.compress)
def compress(condition: Any, a: Any, axis: Any = None, out: Any = None) -> Any:
    """As ``numpy.compress``."""
    if out is not None:
        _refuse_out(np.compress)
    condition = np.asarray(plain(condition))
    if condition.ndim != 1:
        raise ShapeError(f"the condition has one axis; its shape is {condition.shape}.")
    return take(a, np.flatnonzero(condition), axis)


@derived(np.extract)
def extract(condition: Any, arr: Any) -> Any:
    """As ``numpy.extract``."""
    return take(ravel(as_operand(arr)), np.flatnonzero(plain(condition)))


# ------------------------------------------------------------------------------ choose


def _choose_door(
    a: Any, choices: Any, out: Any = None, mode: str = "raise"
) -> tuple[Any, dict[str, Any]]:
    if out is not None:
        _refuse_out(np.choose)
    operands = list(map(as_operand, choices))
    index = np.array(plain(a))
    if index.dtype.kind not in "iub":
        raise TypeError(f"the index that chooses is of integers, not {index.dtype}")
    count = len(operands)
    if mode == "wrap" and count:
        index = index % count
    elif mode == "clip":
        index = np.clip(index, 0, count - 1)
    elif mode != "raise":
        raise ValueError(f"mode is 'raise', 'wrap' or 'clip'; {mode!r} was given")
    elif np.any((index < 0) | (index >= count)):
        raise ShapeError(
            f"an index is outside of the {count} choices. Indices go from 0 to {count - 1};"
            " mode='clip' or mode='wrap' takes others as well."
        )
    return operands, {"index": index}


def _choose(choices: Any, index: Any) -> Any:
    return np.choose(index, choices)


choose = primitive(
    np.choose,
    choices=lambda g, index, position: np.where(index == position, g, 0),
    compute=_choose,
    door=_choose_door,
    keywords=["index"],
    variadic=True,
    examples=[
        example(np.array([0, 2, 1, 0]), [(4,), (4,), (4,)]),
        example(np.array([[0], [1]]), [(3,), ()]),
        example(np.array([5, -1, 1]), [(3,), (2, 1)], mode="wrap"),
        example(np.array([5, -1, 1]), [(3,), (3,)], mode="clip"),
        example(1, [(2,), (3, 2)]),
    ],
)
