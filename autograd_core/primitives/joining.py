"""Joining arrays and taking them apart: concatenate, stack, split.

The first two take any number of operands (their rule is told the position asked for), the last
has any number of outputs (its rule gets the gradients of all of them).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ShapeError
from ..primitive import derived, example, primitive
from .reduction import canonical_axes


def _concatenate_door(
    arrays: Any, /, axis: int | None = 0, out: Any = None, *, dtype: Any = None, casting: Any = None
) -> tuple[Any, dict[str, Any]]:
    arrays = list(arrays)
    if not arrays:
        raise ShapeError("concatenate: there is nothing to join; give at least one array.")
    if dtype is not None:
        arrays = [np.astype(array, dtype) for array in arrays]
    if axis is None:
        return [np.ravel(array) for array in arrays], {"axis": 0}
    return arrays, {"axis": canonical_axes(axis, np.ndim(arrays[0]), arrays[0])[0]}


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
    ],
)


def _stack_door(
    arrays: Any, /, axis: int = 0, out: Any = None, *, dtype: Any = None, casting: Any = None
) -> tuple[Any, dict[str, Any]]:
    arrays = list(arrays)
    if not arrays:
        raise ShapeError("stack: there is nothing to join; give at least one array.")
    if dtype is not None:
        arrays = [np.astype(array, dtype) for array in arrays]
    return arrays, {"axis": canonical_axes(axis, np.ndim(arrays[0]) + 1, arrays[0])[0]}


stack = primitive(
    np.stack,
    arrays=lambda g, axis, position: g[(slice(None),) * axis + (position,)],
    door=_stack_door,
    keywords=["axis"],
    variadic=True,
    examples=[example([(2, 3), (2, 3)]), example([(2,), (2,), (2,)], axis=-1), example([(), ()])],
)


def _split_door(x: Any, /, indices_or_sections: Any, axis: int = 0) -> tuple[Any, dict[str, Any]]:
    axis = canonical_axes(axis, np.ndim(x), x)[0]
    if isinstance(indices_or_sections, int | np.integer):
        size, sections = np.shape(x)[axis], int(indices_or_sections)
        if sections <= 0 or size % sections:
            raise ShapeError(
                f"split: axis {axis} has {size} elements, which {sections} equal parts do not"
                " divide. Use np.array_split, or give the indices where to cut."
            )
        points = range(size // sections, size, size // sections)
        return (x,), {"indices": tuple(points)[: sections - 1], "axis": axis}
    return (x,), {"indices": tuple(int(i) for i in indices_or_sections), "axis": axis}


split = primitive(
    np.split,
    lambda g, axis: np.concatenate(g, axis=axis),
    compute=lambda x, indices, axis: np.split(x, list(indices), axis=axis),
    door=_split_door,
    keywords=["indices", "axis"],
    multiple=True,
    examples=[
        example((4, 3), indices_or_sections=2),
        example((2, 5), indices_or_sections=[1, 3], axis=-1),
    ],
)


@derived(np.array_split)
def array_split(x: Any, indices_or_sections: Any, axis: int = 0) -> Any:
    """As ``numpy.array_split``: parts that may differ by one in size."""
    if isinstance(indices_or_sections, int | np.integer):
        size = np.shape(x)[axis]
        sections = int(indices_or_sections)
        sizes = [size // sections + (i < size % sections) for i in range(sections)]
        indices_or_sections = np.cumsum(sizes)[:-1]
    return split(x, list(indices_or_sections), axis=axis)
