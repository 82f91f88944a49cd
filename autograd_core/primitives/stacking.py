"""NumPy's other ways of joining, by concatenate: vstack... block, append, insert, delete."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import ShapeError
from ..primitive import derived
from .joining import concatenate
from .reduction import canonical_axes
from .shape import (
    as_operand,
    atleast_1d,
    atleast_2d,
    atleast_3d,
    broadcast_to,
    moveaxis,
    ravel,
    reshape,
)
from .taking import take


def _all(raised: Callable[..., Any], arrays: Any) -> list[Any]:
    return [raised(array) for array in arrays]


@derived(np.vstack)
def vstack(tup: Any, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """As ``numpy.vstack``."""
    return concatenate(_all(atleast_2d, tup), 0, dtype=dtype, casting=casting)


@derived(np.hstack)
def hstack(tup: Any, *, dtype: Any = None, casting: str = "same_kind") -> Any:
    """As ``numpy.hstack``."""
    arrays = _all(atleast_1d, tup)
    axis = 0 if arrays and arrays[0].ndim == 1 else 1
    return concatenate(arrays, axis, dtype=dtype, casting=casting)


@derived(np.dstack)
def dstack(tup: Any) -> Any:
    """As ``numpy.dstack``."""
    return concatenate(_all(atleast_3d, tup), 2)


@derived(np.column_stack)
def column_stack(tup: Any) -> Any:
    """As ``numpy.column_stack``: vectors become columns."""
    arrays = map(as_operand, tup)
    return concatenate([reshape(x, (-1, 1)) if x.ndim < 2 else x for x in arrays], 1)


@derived(np.block)
def block(arrays: Any) -> Any:
    """As ``numpy.block``: an array of nested lists of blocks."""
    depth = _depth(arrays)
    if not depth:
        return np.copy(as_operand(arrays))
    ndim = max(depth, *map(np.ndim, _leaves(arrays)))
    return _assembled(arrays, depth, ndim)


def _depth(arrays: Any) -> int:
    """How deep the lists are nested: the same everywhere."""
    if not isinstance(arrays, list):
        return 0
    if not arrays:
        raise ShapeError("a list of blocks is empty; give at least one block.")
    depths = {_depth(inner) for inner in arrays}
    if len(depths) > 1:
        raise ShapeError(
            f"the lists are nested to different depths ({sorted(depths)} within one list); every"
            " block must stand in as many brackets."
        )
    return depths.pop() + 1


def _leaves(arrays: Any) -> list[Any]:
    if not isinstance(arrays, list):
        return [arrays]
    return [leaf for inner in arrays for leaf in _leaves(inner)]


def _assembled(arrays: Any, depth: int, ndim: int) -> Any:
    if not depth:
        x = as_operand(arrays)
        return reshape(x, (1,) * (ndim - x.ndim) + x.shape)
    return concatenate([_assembled(inner, depth - 1, ndim) for inner in arrays], -depth)


# ------------------------------------------------------------------------------ one axis


def _along(arr: Any, axis: Any) -> tuple[Any, int]:
    """The array and the axis to work on: of all elements in a row where none is named."""
    x = as_operand(arr)
    if axis is None:
        return (x if x.ndim == 1 else ravel(x)), 0
    return x, canonical_axes(axis, x.ndim, x)[0]


@derived(np.append)
def append(arr: Any, values: Any, axis: Any = None) -> Any:
    """As ``numpy.append``."""
    if axis is None:
        return concatenate([ravel(as_operand(arr)), ravel(as_operand(values))], 0)
    return concatenate([arr, values], axis)


@derived(np.delete)
def delete(arr: Any, obj: Any, axis: Any = None) -> Any:
    """As ``numpy.delete``."""
    x, axis = _along(arr, axis)
    kept = np.delete(np.arange(x.shape[axis]), plain(obj))
    return take(x, kept, axis)


@derived(np.insert)
def insert(arr: Any, obj: Any, values: Any, axis: Any = None) -> Any:
    """As ``numpy.insert``."""
    x, axis = _along(arr, axis)
    size = x.shape[axis]
    places = _places(plain(obj), size)
    values = np.astype(as_operand(values), x.dtype)
    if places.size == 1:
        values = reshape(values, (1,) * (x.ndim - values.ndim) + values.shape)
        if not places.ndim:  # as x[:, 0, :] = values differs from x[:, [0], :] = values
            values = moveaxis(values, 0, axis)
        count, first = values.shape[axis], operator.index(places.item())
        places = np.full(count, first + size if first < 0 else first)
    else:
        count, places = len(places), np.where(places < 0, places + size, places)
    values = broadcast_to(values, (*x.shape[:axis], count, *x.shape[axis + 1 :]))
    order = np.insert(np.arange(size), places, np.arange(size, size + count))
    return take(concatenate([x, values], axis), order, axis)


def _places(obj: Any, size: int) -> Any:
    """Where to insert, as an array of integers (or one, without an axis)."""
    if isinstance(obj, slice):
        return np.arange(*obj.indices(size))
    places = np.array(obj)
    if places.ndim > 1:
        raise ShapeError(
            f"where to insert is a number, a slice or one axis of numbers; its shape is"
            f" {places.shape}."
        )
    if places.dtype == bool:
        return np.flatnonzero(places)
    if places.size and np.any((places < -size) | (places > size)):
        raise IndexError(f"index {obj} is out of bounds for an axis of size {size}")
    return places if places.size else places.astype(np.intp)
