"""Arrays made from other arrays: meshgrid, vander, full_like; a function along an axis."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import ShapeError, describe
from ..primitive import derived, example, primitive
from .reduction import canonical_axes
from .shape import as_operand, broadcast_arrays, broadcast_to, expand_dims, moveaxis, reshape, sizes


@derived(np.meshgrid)
def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> Any:
    """As ``numpy.meshgrid``."""
    if indexing not in ("xy", "ij"):
        raise ValueError(f"indexing is 'xy' or 'ij'; {indexing!r} was given")
    ndim = len(xi)
    axes = list(range(ndim))
    if indexing == "xy" and ndim > 1:
        axes[:2] = 1, 0
    grids = [
        reshape(as_operand(x), (1,) * axis + (-1,) + (1,) * (ndim - axis - 1))
        for x, axis in zip(xi, axes, strict=True)
    ]
    if not sparse:
        grids = list(broadcast_arrays(*grids))
    return tuple(np.copy(grid) if copy else grid for grid in grids)


def _vander_door(x: Any, N: Any = None, increasing: bool = False) -> Any:  # noqa: N803
    x = as_operand(x)
    if x.ndim != 1:
        raise ShapeError(f"the points stand in a vector; this is {describe(x)}. Use np.ravel(x).")
    columns = len(x) if N is None else operator.index(N)
    return (x,), {"N": columns, "increasing": bool(increasing)}


def _vander_x(g: Any, x: Any, N: int, increasing: bool) -> Any:  # noqa: N803
    """Column by column: n times x to the power n - 1, which is the column beside it."""
    powers = np.arange(1, N) if increasing else np.arange(1, N)[::-1]
    g = g[:, 1:] if increasing else g[:, :-1]
    return (g * powers * np.vander(x, max(N - 1, 0), increasing)).sum(axis=1)


vander = primitive(
    np.vander,
    _vander_x,
    door=_vander_door,
    keywords=["N", "increasing"],
    latex=r"V({x})",
    examples=[
        example((3,)),
        example((3,), N=4, increasing=True),
        example((2,), N=1),
        example((2,), N=0),
        example((0,), N=2),
    ],
)


@derived(np.full_like)
def full_like(
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: Any = "K",
    subok: bool = True,
    shape: Any = None,
    *,
    device: Any = None,
) -> Any:
    """As ``numpy.full_like``; recorded if the value is a Tensor, else a plain array."""
    like = np.empty_like(plain(a), dtype, order, subok, shape, device=device)
    if not hasattr(fill_value, "_array"):
        return np.full_like(like, fill_value)
    return np.copy(broadcast_to(np.astype(fill_value, like.dtype), like.shape))


# ------------------------------------------------------------------------------ along an axis


@derived(np.apply_along_axis)
def apply_along_axis(
    func1d: Callable[..., Any], axis: int, arr: Any, *args: Any, **kwargs: Any
) -> Any:
    """As ``numpy.apply_along_axis``: `func1d` gets Tensors of one axis, and is recorded."""
    (axis,) = canonical_axes(axis, np.ndim(arr), arr)
    lines = moveaxis(arr, axis, -1)
    around = lines.shape[:-1]
    if 0 in around:
        raise ShapeError(f"there is nothing to apply the function to in {describe(arr)}.")
    results = [func1d(lines[place], *args, **kwargs) for place in np.ndindex(around)]
    results = [as_operand(result) for result in results]
    stacked = reshape(np.stack(results), around + results[0].shape)
    first = len(around)
    last = stacked.ndim
    return moveaxis(stacked, tuple(range(first, last)), tuple(range(axis, axis + last - first)))


@derived(np.apply_over_axes)
def apply_over_axes(func: Callable[..., Any], a: Any, axes: Any) -> Any:
    """As ``numpy.apply_over_axes``: one axis after the other, which all stay."""
    ndim = np.ndim(a)
    result = a
    for axis in sizes(axes):
        axis += ndim if axis < 0 else 0
        reduced = func(result, axis)
        result = reduced if np.ndim(reduced) == ndim else expand_dims(reduced, axis)
        if np.ndim(result) != ndim:
            raise ShapeError("the function must keep the number of axes, or remove one.")
    return result
