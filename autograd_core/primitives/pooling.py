"""Pooling: the largest element, or the mean, of every window that slides over an array.

Four linear operations stand behind the derivatives, in two pairs that transpose each other:
reading one element of each window (`window_take`) and writing to it (`max_unpool`), the mean of
each window (`average`) and its share to every element (`average_transpose`).

Where several elements of a window are the largest, the gradient goes to the first (as PyTorch's).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..primitive import example, primitive
from .operands import only_real
from .windows import Axes, Pairs, Sliding

KEYWORDS = ["window", "stride", "padding", "dilation"]

HALVES = {"window": (2, 2), "stride": (2, 2), "padding": ((0, 0), (0, 0)), "dilation": (1, 1)}
APART = {"window": (2,), "stride": (3,), "padding": ((1, 0),), "dilation": (1,)}
OVERLAP = {"window": (3, 2), "stride": (1, 2), "padding": ((1, 1), (0, 1)), "dilation": (1, 2)}
EXAMPLES = [
    example((1, 2, 4, 4), **HALVES),
    example((2, 1, 5, 5), **HALVES),
    example((2, 1, 7), **APART),
    example((1, 2, 4, 4), **OVERLAP),
]


def _like(values: Any, sliding: Sliding, size: Axes) -> tuple[Any, bool]:
    """Room for the padded input, and whether every element of it belongs to exactly one window."""
    room = sliding.room(size)
    tiled = sliding.window == sliding.stride and set(sliding.dilation) == {1}
    tiled = tiled and not any(n % k for n, k in zip(room, sliding.window, strict=True))
    make = np.empty if tiled else np.zeros
    return make((*values.shape[: -len(size)], *room), values.dtype), tiled


def _unpadded(result: Any, sliding: Sliding, size: Axes) -> Any:
    return result[sliding.interior(size)] if sliding.padded else result


# ------------------------------------------------------------------------------ the largest


def _lowest(x: Any) -> Any:
    """What no element is smaller than: the padding of a maximum."""
    return -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min


def _padded_low(x: Any, sliding: Sliding) -> Any:
    return sliding.pad(x, _lowest(x)) if sliding.padded else x


def _max_pool(x: Any, window: Axes, stride: Axes, padding: Pairs, dilation: Axes) -> Any:
    only_real("max_pool", x)
    sliding = Sliding(window, stride, padding, dilation)
    size = x.shape[-len(window) :]
    x = _padded_low(x, sliding)
    first, *others = (x[seen] for _, seen in sliding.slices(sliding.places(size)))
    if not others:
        return first.copy()
    out = np.maximum(first, others[0])
    for other in others[1:]:
        np.maximum(out, other, out=out)
    return out


def first_places(x: Any, out: Any, sliding: Sliding) -> Any:
    """Which element of each window is its first largest: a number from 0, in its order."""
    size = x.shape[-len(sliding.window) :]
    x = _padded_low(x, sliding)
    *views, _ = (x[seen] for _, seen in sliding.slices(sliding.places(size)))
    if len(views) < 127:
        kind: Any = np.int8
    else:
        kind = np.intp
    places = np.zeros(out.shape, kind)
    missing: Any = None
    nan = np.isnan(out) if out.dtype.kind == "f" else None
    nan = nan if nan is not None and nan.any() else None
    for view in views:  # each window whose largest is not yet found moves on by one
        differs = view != out
        if nan is not None:
            differs &= ~(np.isnan(view) & nan)
        missing = differs if missing is None else np.logical_and(missing, differs, out=missing)
        places += missing.view(np.int8)
    return places


def _max_pool_x(
    g: Any, x: Any, out: Any, window: Any, stride: Any, padding: Any, dilation: Any
) -> Any:
    sliding = Sliding(window, stride, padding, dilation)
    return max_unpool(
        g,
        places=first_places(plain(x), plain(out), sliding),
        size=x.shape[-len(window) :],
        window=window,
        stride=stride,
        padding=padding,
        dilation=dilation,
    )


max_pool = primitive(
    _max_pool,
    _max_pool_x,
    name="max_pool",
    keywords=KEYWORDS,
    latex=r"\operatorname{{maxpool}}({x})",
    domain="distinct",
    examples=EXAMPLES,
)


def _max_unpool(
    x: Any,
    places: Any,
    size: Axes,
    window: Axes,
    stride: Axes,
    padding: Pairs,
    dilation: Axes,
) -> Any:
    """Zeros, with each number of `x` added at the element of its window that `places` names."""
    sliding = Sliding(window, stride, padding, dilation)
    result, tiled = _like(x, sliding, size)
    for number, (_, seen) in enumerate(sliding.slices(x.shape[-len(size) :])):
        if tiled:
            np.multiply(x, places == number, out=result[seen])
        else:
            result[seen] += x * (places == number)
    return _unpadded(result, sliding, size)


PLACES = np.array([[[[0, 3], [2, 1]], [[1, 1], [0, 2]]]])

max_unpool: Any = primitive(
    _max_unpool,
    lambda g, places, window, stride, padding, dilation: window_take(
        g, places=places, window=window, stride=stride, padding=padding, dilation=dilation
    ),
    name="max_unpool",
    keywords=["places", "size", *KEYWORDS],
    latex=r"\operatorname{{unpool}}({x})",
    examples=[
        example((1, 2, 2, 2), places=PLACES, size=(4, 4), **HALVES),
        example((1, 2, 2, 2), places=PLACES, size=(5, 4), **HALVES),
        example((1, 1, 2), places=np.array([[[1, 0]]]), size=(4,), **APART),
    ],
)


def _window_take(
    x: Any, places: Any, window: Axes, stride: Axes, padding: Pairs, dilation: Axes
) -> Any:
    """Of each window the element that `places` names."""
    sliding = Sliding(window, stride, padding, dilation)
    size = x.shape[-len(window) :]
    x = sliding.pad(x)
    out: Any = 0
    for number, (_, seen) in enumerate(sliding.slices(sliding.places(size))):
        out = out + x[seen] * (places == number)
    return out


window_take: Any = primitive(
    _window_take,
    lambda g, x_shape, places, window, stride, padding, dilation: max_unpool(
        g,
        places=places,
        size=x_shape[-len(window) :],
        window=window,
        stride=stride,
        padding=padding,
        dilation=dilation,
    ),
    name="window_take",
    keywords=["places", *KEYWORDS],
    latex=r"{x}_{{i}}",
    examples=[
        example((1, 2, 4, 4), places=PLACES, **HALVES),
        example((1, 1, 4), places=np.array([[[1, 0]]]), **APART),
    ],
)


# ------------------------------------------------------------------------------ the mean


def _average(
    x: Any, divisor: Any, window: Axes, stride: Axes, padding: Pairs, dilation: Axes
) -> Any:
    """The sum of each window, over `divisor`: a number, or an array of one for each place."""
    sliding = Sliding(window, stride, padding, dilation)
    size = x.shape[-len(window) :]
    x = sliding.pad(x)
    first, *others = (x[seen] for _, seen in sliding.slices(sliding.places(size)))
    out = first + others[0] if others else first.copy()
    for other in others[1:]:
        out += other
    if out.dtype.kind not in "fc":  # a mean of integers is none
        return out / divisor
    out /= divisor
    return out


avg_pool = primitive(
    _average,
    lambda g, x_shape, divisor, window, stride, padding, dilation: avg_unpool(
        g,
        divisor=divisor,
        size=x_shape[-len(window) :],
        window=window,
        stride=stride,
        padding=padding,
        dilation=dilation,
    ),
    name="avg_pool",
    keywords=["divisor", *KEYWORDS],
    latex=r"\operatorname{{avgpool}}({x})",
    examples=[
        example((1, 2, 4, 4), divisor=4, **HALVES),
        example((2, 1, 7), divisor=2, **APART),
        example((1, 2, 4, 4), divisor=np.array([[2, 3], [4, 5], [6, 4], [3, 3]]), **OVERLAP),
    ],
)


def _average_transpose(
    x: Any,
    divisor: Any,
    size: Axes,
    window: Axes,
    stride: Axes,
    padding: Pairs,
    dilation: Axes,
) -> Any:
    """Each number of `x`, over `divisor`, added to all elements of its window."""
    sliding = Sliding(window, stride, padding, dilation)
    share = (x / divisor).astype(x.dtype, copy=False)
    result, tiled = _like(share, sliding, size)
    for _, seen in sliding.slices(x.shape[-len(size) :]):
        if tiled:
            result[seen] = share
        else:
            result[seen] += share
    return _unpadded(result, sliding, size)


avg_unpool: Any = primitive(
    _average_transpose,
    lambda g, divisor, window, stride, padding, dilation: avg_pool(
        g, divisor=divisor, window=window, stride=stride, padding=padding, dilation=dilation
    ),
    name="avg_unpool",
    keywords=["divisor", "size", *KEYWORDS],
    latex=r"\operatorname{{avgunpool}}({x})",
    examples=[
        example((1, 2, 2, 2), divisor=4, size=(4, 4), **HALVES),
        example((1, 1, 2), divisor=2, size=(4,), **APART),
    ],
)
