"""Joining arrays and taking them apart: concatenate, stack, split, unstack.

The first two take any number of operands (their rule is told the position asked for), the last
two have any number of outputs (their rule gets the gradients of all of them).
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..dispatch import _refuse_out, plain
from ..errors import ShapeError, describe
from ..primitive import derived, example, primitive
from .indexing import scatter
from .reduction import canonical_axes
from .shape import as_operand, ravel


def _operands(function: Any, arrays: Any, out: Any, dtype: Any, casting: str) -> list[Any]:
    """The arrays to join, in the dtype asked for."""
    if out is not None:
        _refuse_out(function)
    operands = list(map(as_operand, arrays))
    if not operands:
        raise ShapeError("there is nothing to join; give at least one array.")
    common = np.result_type(*[x.dtype for x in operands]) if dtype is None else np.dtype(dtype)
    for x in operands:
        if not np.can_cast(x.dtype, common, casting):  # type: ignore[arg-type]
            raise TypeError(f"Cannot cast array data from {x.dtype!r} to {common!r} ({casting=}).")
    return operands if dtype is None else [np.astype(x, common) for x in operands]


def _concatenate_door(
    arrays: Any,
    /,
    axis: int | None = 0,
    out: Any = None,
    *,
    dtype: Any = None,
    casting: str = "same_kind",
) -> tuple[Any, dict[str, Any]]:
    arrays = _operands(np.concatenate, arrays, out, dtype, casting)
    if axis is None:
        return [ravel(array) for array in arrays], {"axis": 0}
    if not arrays[0].ndim:
        raise ShapeError(
            "numbers without an axis cannot be concatenated: use np.stack, or np.concatenate(...,"
            " axis=None)."
        )
    return arrays, {"axis": canonical_axes(axis, arrays[0].ndim, arrays[0])[0]}


def _concatenate_part(g: Any, shapes: Any, axis: int, position: int) -> Any:
    start = sum(shape[axis] for shape in shapes[:position])
    index = (slice(None),) * axis + (slice(start, start + shapes[position][axis]),)
    return g[index]


concatenate = primitive(
    np.concatenate,
    arrays=_concatenate_part,
    door=_concatenate_door,
    also=[np.concat],
    keywords=["axis"],
    variadic=True,
    symbol="concat",
    examples=[
        example([(2, 3), (4, 3)]),
        example([(2, 1), (2, 3), (2, 2)], axis=-1),
        example([(2,), (2, 2), ()], axis=None),
        example([(0,), (2,)]),
        example([(3,)]),
    ],
)


def _stack_door(
    arrays: Any,
    axis: int = 0,
    out: Any = None,
    *,
    dtype: Any = None,
    casting: str = "same_kind",
) -> tuple[Any, dict[str, Any]]:
    arrays = _operands(np.stack, arrays, out, dtype, casting)
    return arrays, {"axis": canonical_axes(axis, arrays[0].ndim + 1, arrays[0])[0]}


stack = primitive(
    np.stack,
    arrays=lambda g, axis, position: g[(slice(None),) * axis + (position,)],
    door=_stack_door,
    keywords=["axis"],
    variadic=True,
    examples=[example([(2, 3), (2, 3)]), example([(2,), (2,), (2,)], axis=-1), example([(), ()])],
)


# ------------------------------------------------------------------------------ apart


def _split_door(ary: Any, indices_or_sections: Any, axis: int = 0) -> tuple[Any, dict[str, Any]]:
    (axis,) = canonical_axes(axis, np.ndim(ary), ary)
    cuts = plain(indices_or_sections)
    if np.iterable(cuts):
        return (ary,), {"indices": tuple(operator.index(cut) for cut in cuts), "axis": axis}
    size, sections = np.shape(ary)[axis], operator.index(cuts)
    if sections <= 0 or size % sections:
        raise ShapeError(
            f"axis {axis} has {size} elements, which {sections} equal parts do not divide. Use"
            " np.array_split, or give the indices where to cut."
        )
    points = [size // sections * part for part in range(1, sections)]
    return (ary,), {"indices": tuple(points), "axis": axis}


def _split(x: Any, indices: Sequence[int], axis: int) -> Any:
    return np.split(x, list(indices), axis=axis)


def _overlapping(indices: Sequence[int], size: int) -> bool:
    """Whether cuts are out of order, so that an element is in several parts or in none."""
    bounds = [0, *[max(cut + size, 0) if cut < 0 else min(cut, size) for cut in indices], size]
    return any(a > b for a, b in itertools.pairwise(bounds))


def _split_x(g: Any, x_shape: Any, indices: Any, axis: int) -> Any:
    if not _overlapping(indices, x_shape[axis]):
        return np.concatenate(g, axis=axis)
    bounds = [0, *indices, None]
    places = [(slice(None),) * axis + (slice(a, b),) for a, b in itertools.pairwise(bounds)]
    return sum(scatter(part, x_shape, place) for part, place in zip(g, places, strict=True))


split = primitive(
    np.split,
    _split_x,
    compute=_split,
    door=_split_door,
    keywords=["indices", "axis"],
    multiple=True,
    view=True,
    examples=[
        example((4, 3), indices_or_sections=2),
        example((2, 5), indices_or_sections=[1, 3], axis=-1),
        example((5,), indices_or_sections=[-2, 9]),
        example((5,), indices_or_sections=[3, 1]),
        example((4,), indices_or_sections=[]),
    ],
)


@derived(np.array_split)
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """As ``numpy.array_split``: parts that may differ by one in size."""
    cuts = plain(indices_or_sections)
    if not np.iterable(cuts):
        size = np.shape(ary)[canonical_axes(axis, np.ndim(ary), ary)[0]]
        sections = operator.index(cuts)
        if sections <= 0:
            raise ShapeError(f"the number of parts must be positive; {sections} was given.")
        sizes = [size // sections + (part < size % sections) for part in range(sections)]
        cuts = np.cumsum(sizes)[:-1]
    return split(ary, cuts, axis=axis)


@derived(np.hsplit)
def hsplit(ary: Any, indices_or_sections: Any) -> Any:
    """As ``numpy.hsplit``: along the second axis, or the only one."""
    _needs(ary, 1, "np.split(x, parts, axis=...)")
    return split(ary, indices_or_sections, axis=1 if np.ndim(ary) > 1 else 0)


@derived(np.vsplit)
def vsplit(ary: Any, indices_or_sections: Any) -> Any:
    """As ``numpy.vsplit``: along the first axis of at least two."""
    _needs(ary, 2, "np.hsplit")
    return split(ary, indices_or_sections, axis=0)


@derived(np.dsplit)
def dsplit(ary: Any, indices_or_sections: Any) -> Any:
    """As ``numpy.dsplit``: along the third axis."""
    _needs(ary, 3, "np.hsplit or np.vsplit")
    return split(ary, indices_or_sections, axis=2)


def _needs(ary: Any, ndim: int, instead: str) -> None:
    if np.ndim(ary) < ndim:
        raise ShapeError(
            f"only for arrays of at least {ndim} axes, and {describe(ary)} has {np.ndim(ary)}. Use"
            f" {instead}."
        )


def _unstack_door(x: Any, /, *, axis: int = 0) -> tuple[Any, dict[str, Any]]:
    if not np.ndim(x):
        raise ShapeError("a number without axes cannot be taken apart.")
    return (x,), {"axis": canonical_axes(axis, np.ndim(x), x)[0]}


def _unstack(x: Any, axis: int) -> Any:
    return tuple([part[()] for part in np.unstack(x, axis=axis)])


unstack = primitive(
    np.unstack,
    lambda g, axis: np.stack(g, axis=axis),
    compute=_unstack,
    door=_unstack_door,
    keywords=["axis"],
    multiple=True,
    view=True,
    examples=[example((2, 3)), example((2, 3), axis=-1), example((3,))],
)
