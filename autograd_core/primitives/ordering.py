"""Sorting: sort, partition, sort_complex.

The permutation is found once, on the plain values, and is a constant: the gradient goes back the
way each element came. Among equal elements it goes to the one that NumPy's order puts there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..primitive import derived, example, primitive
from .reduction import canonical_axes
from .shape import as_operand, ravel
from .taking import take_along_axis


def _axis(a: Any, axis: Any) -> tuple[Any, int]:
    a = as_operand(a)
    if axis is None:
        return ravel(a), 0
    return a, canonical_axes(axis, a.ndim, a)[0]


def _no_fields(order: Any) -> None:
    if order is not None:
        raise ValueError("Cannot specify order when the array has no fields.")


def _sort_door(
    a: Any, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: Any = None
) -> tuple[Any, dict[str, Any]]:
    _no_fields(order)
    a, axis = _axis(a, axis)
    return (a,), {"order": np.argsort(plain(a), axis, kind=kind, stable=stable), "axis": axis}


def _rearranged(x: Any, order: Any, axis: int) -> Any:
    return np.take_along_axis(x, order, axis)


def _put_back(g: Any, order: Any, axis: int) -> Any:
    """The inverse permutation: no place is named twice, so nothing has to be added up."""
    return take_along_axis(g, np.argsort(order, axis), axis)


sort = primitive(
    np.sort,
    _put_back,
    compute=_rearranged,
    door=_sort_door,
    keywords=["order", "axis"],
    latex=r"\operatorname{{sort}}({x})",
    domain="distinct",
    examples=[
        example((2, 4)),
        example((4, 2), axis=0),
        example((2, 3), axis=None),
        example((5,), kind="stable"),
        example((2, 3), axis=-1, stable=True),
        example((0,)),
        example((1, 2, 3), axis=1, kind="heapsort"),
    ],
)


def _partition_door(
    a: Any, kth: Any, axis: Any = -1, kind: Any = "introselect", order: Any = None
) -> tuple[Any, dict[str, Any]]:
    _no_fields(order)
    a, axis = _axis(a, axis)
    # argpartition may leave the others in another order than partition: match sorted values
    x = plain(a)
    parted = np.partition(x, plain(kth), axis, kind=kind)
    ranks = np.argsort(np.argsort(parted, axis), axis)
    return (a,), {"order": np.take_along_axis(np.argsort(x, axis), ranks, axis), "axis": axis}


partition = primitive(
    np.partition,
    _put_back,
    compute=_rearranged,
    door=_partition_door,
    keywords=["order", "axis"],
    latex=r"\operatorname{{partition}}({x})",
    domain="distinct",
    examples=[
        example((3,), kth=1),
        example((2, 4), kth=(1, 2), axis=-1),
        example((3, 2), kth=1, axis=0),
        example((2, 2), kth=[1, -2], axis=None),
    ],
)


@derived(np.sort_complex)
def sort_complex(a: Any) -> Any:
    """As ``numpy.sort_complex``: sorted along the last axis, and complex."""
    x = sort(a)
    if x.dtype.kind == "c":
        return x
    return np.astype(x, "F" if x.dtype.char in "bhBH" else "G" if x.dtype.char == "g" else "D")
