"""The same elements in another order, or several times over: flip, roll, tile, repeat, windows.

Each gradient undoes the rearrangement; where an element appears several times, they add up.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..backend import written
from ..dispatch import plain
from ..errors import ShapeError, describe
from ..primitive import derived, example, primitive
from .indexing import scatter
from .reduction import canonical_axes
from .shape import as_operand, broadcast_to, ravel, reshape, sizes, swapaxes


def _flip_door(m: Any, axis: Any = None) -> tuple[Any, dict[str, Any]]:
    return (m,), {"axis": canonical_axes(axis, np.ndim(m), m)}


flip = primitive(
    np.flip,
    lambda g, axis: np.flip(g, axis),
    door=_flip_door,
    keywords=["axis"],
    view=True,
    latex=r"\operatorname{{flip}}({x})",
    examples=[
        example((2, 3)),
        example((2, 3), axis=-1),
        example((2, 3, 2), axis=(0, -1)),
        example(()),
        example((0, 2), axis=1),
    ],
)


@derived(np.flipud)
def flipud(m: Any) -> Any:
    """As ``numpy.flipud``."""
    if np.ndim(m) < 1:
        raise ShapeError(f"it turns the first axis around, and {describe(m)} has none.")
    return flip(m, 0)


@derived(np.fliplr)
def fliplr(m: Any) -> Any:
    """As ``numpy.fliplr``."""
    if np.ndim(m) < 2:
        raise ShapeError(
            f"it turns the second axis around, and {describe(m)} has {np.ndim(m)}. Use np.flip(m)."
        )
    return flip(m, 1)


def _roll_door(a: Any, shift: Any, axis: Any = None) -> tuple[Any, dict[str, Any]]:
    if axis is None:
        return (a,), {"shift": sum(sizes(plain(shift))), "axis": None}
    pairs = np.broadcast(plain(shift), axis)
    if pairs.ndim > 1:
        raise ShapeError("shift and axis are numbers or one-dimensional sequences.")
    shifts, axes = zip(*pairs, strict=True) if pairs.size else ((), ())
    axes = tuple(canonical_axes(int(one), np.ndim(a), a)[0] for one in axes)
    return (a,), {"shift": tuple(map(int, shifts)), "axis": axes}


def _unroll(g: Any, shift: Any, axis: Any) -> Any:
    return np.roll(g, -shift if axis is None else [-by for by in shift], axis)


roll = primitive(
    np.roll,
    _unroll,
    door=_roll_door,
    keywords=["shift", "axis"],
    latex=r"\operatorname{{roll}}({x})",
    examples=[
        example((2, 3), shift=1),
        example((2, 3), shift=-4),
        example((3, 4), shift=2, axis=-1),
        example((3, 4), shift=(1, -2), axis=(0, 1)),
        example((3, 4), shift=1, axis=(0, 0)),
        example((0, 3), shift=1, axis=0),
        example((), shift=1),
    ],
)


@derived(np.rot90)
def rot90(m: Any, k: int = 1, axes: Any = (0, 1)) -> Any:
    """As ``numpy.rot90``: `k` quarter turns from the first of `axes` to the second."""
    if len(axes) != 2:
        raise ShapeError(f"axes are the two axes of the plane of rotation; {axes} was given.")
    first, second = canonical_axes(tuple(axes), np.ndim(m), m)
    k %= 4
    if k == 0:
        return m[:]
    if k == 2:
        return flip(m, (first, second))
    if k == 1:
        return swapaxes(flip(m, second), first, second)
    return flip(swapaxes(m, first, second), second)


@derived(np.tile)
def tile(A: Any, reps: Any) -> Any:
    """As ``numpy.tile``."""
    repeats = sizes(plain(reps))
    ndim = max(np.ndim(A), len(repeats))
    repeats = (1,) * (ndim - len(repeats)) + repeats
    shape = (1,) * (ndim - np.ndim(A)) + np.shape(A)
    spread = broadcast_to(
        reshape(A, [size for length in shape for size in (1, length)]),
        [size for pair in zip(repeats, shape, strict=True) for size in pair],
    )
    return np.copy(reshape(spread, [r * size for r, size in zip(repeats, shape, strict=True)]))


def _repeat_door(a: Any, repeats: Any, axis: Any = None) -> tuple[Any, dict[str, Any]]:
    if axis is None:
        a, axis = ravel(as_operand(a)), 0
    times = np.array(plain(repeats))  # a copy: its owner may change it
    (axis,) = canonical_axes(axis, np.ndim(a), a)
    return (a,), {"repeats": times.item() if times.size == 1 else times, "axis": axis}


def _repeat_x(g: Any, x_shape: tuple[int, ...], repeats: Any, axis: int) -> Any:
    if isinstance(repeats, int):
        shape = (*x_shape[: axis + 1], repeats, *x_shape[axis + 1 :])
        return np.reshape(g, shape).sum(axis=axis + 1)
    source = np.repeat(np.arange(x_shape[axis]), repeats)
    return scatter(g, x_shape, (slice(None),) * axis + (source,))


repeat = primitive(
    np.repeat,
    _repeat_x,
    door=_repeat_door,
    keywords=["repeats", "axis"],
    latex=r"\operatorname{{repeat}}({x})",
    examples=[
        example((2, 3), repeats=2),
        example((2, 3), repeats=3, axis=0),
        example((2, 3), repeats=[2], axis=-1),
        example((2, 3), repeats=[2, 0, 1], axis=-1),
        example((3,), repeats=np.array([1, 2, 3])),
        example((2, 3), repeats=0, axis=1),
        example((), repeats=2),
    ],
)


@derived(np.resize)
def resize(a: Any, new_shape: Any) -> Any:
    """As ``numpy.resize``: the elements in order, from the start again where they run out."""
    shape = sizes(new_shape)
    if min(shape, default=0) < 0:
        raise ShapeError(f"no size may be negative; the new shape is {shape}.")
    size, elements = math.prod(shape), ravel(as_operand(a))
    if not elements.size or not size:
        return reshape(elements[:0], shape) if not size else np.zeros(shape, elements.dtype)
    repeats = -(-size // elements.size)
    return reshape(tile(elements, repeats)[:size], shape)


@derived(np.trim_zeros)
def trim_zeros(filt: Any, trim: str = "fb", axis: Any = None) -> Any:
    """As ``numpy.trim_zeros``: which elements are zero is a constant."""
    if trim.lower() not in {"fb", "bf", "f", "b"}:
        raise ValueError(f"trim is made of 'f' (front) and 'b' (back); {trim!r} was given")
    ndim = np.ndim(filt)
    present = np.argwhere(plain(filt))
    index = [slice(None)] * ndim
    for one in canonical_axes(axis, ndim, filt):
        places = present[:, one]
        front = int(places.min()) if len(places) else 0
        back = int(places.max()) + 1 if len(places) else 0
        if not len(places):
            index[one] = slice(0, 0)
        else:
            index[one] = slice(
                front if "f" in trim.lower() else None, back if "b" in trim.lower() else None
            )
    return filt[tuple(index)]


# ------------------------------------------------------------------------------ windows


def _windows_door(
    x: Any, window_shape: Any, axis: Any = None, *, subok: bool = False, writeable: bool = False
) -> tuple[Any, dict[str, Any]]:
    window, ndim = sizes(window_shape), np.ndim(x)
    if axis is None:
        axes: tuple[int, ...] = tuple(range(ndim))
    else:
        axes = tuple(canonical_axes(one, ndim, x)[0] for one in sizes(axis))
    if len(window) != len(axes):
        raise ShapeError(
            f"a window of shape {window} needs one axis for each of its sizes, not the axes {axes}"
            f" ({describe(x)}). Name them with axis=."
        )
    return (x,), {"window_shape": window, "axis": axes}


sliding_windows = np.lib.stride_tricks.sliding_window_view


def _overlap_add(x: Any, shape: Any, window_shape: Any, axis: Any) -> Any:
    """Zeros of `shape` to which every window in `x` is added in its place."""

    def fill(result: Any, x: Any) -> None:
        windows = sliding_windows(result, window_shape, axis, writeable=True)
        for place in np.ndindex(*window_shape):  # one element of every window: no overlap
            windows[(..., *place)] += x[(..., *place)]

    return written(shape, x, fill)


overlap_add: Any = primitive(
    _overlap_add,
    lambda g, window_shape, axis: sliding_windows(g, window_shape, axis),
    name="overlap_add",
    keywords=["shape", "window_shape", "axis"],
    door=lambda x, shape, window_shape, axis: (
        (x,),
        {"shape": shape, "window_shape": window_shape, "axis": axis},
    ),
    examples=[example((3, 2), shape=(4,), window_shape=(2,), axis=(0,))],
)

sliding_window_view = primitive(
    sliding_windows,
    lambda g, x_shape, window_shape, axis: overlap_add(g, x_shape, window_shape, axis),
    door=_windows_door,
    keywords=["window_shape", "axis"],
    view=True,
    symbol="windows",
    latex=r"\operatorname{{windows}}({x})",
    examples=[
        example((5,), window_shape=2),
        example((4, 3), window_shape=(2, 3)),
        example((2, 5), window_shape=3, axis=-1),
        example((6,), window_shape=(2, 3), axis=(0, 0)),
        example((3,), window_shape=3),
    ],
)
