"""Convolution as layers use it, in one and two dimensions, and the transposed convolution.

What signal processing calls cross-correlation: the kernel is not turned around. With the windows
of x laid out as the columns of a matrix, it is one matrix product (Chellapilla, Puri and Simard,
"High performance convolutional neural networks for document processing", 2006).

There are three operations, each bilinear, and the derivatives of each are the other two. Where
``<y, conv(x, w)>`` is the inner product of an output with a convolution,

- ``convolution(x, w)`` is its derivative with respect to y,
- ``convolution_transpose(y, w)`` that with respect to x,
- ``convolution_weight(y, x)`` that with respect to w.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..primitive import example, primitive
from .windows import Axes, Pairs, Sliding, blocks, product

#: Columns of at most so many bytes are made at once, and kept for the gradient of the weight:
#: more would cost more memory than making them again costs time.
KEPT = 1 << 25

KEYWORDS = ["stride", "padding", "dilation", "groups"]


def _sliding(weight_shape: Any, stride: Axes, padding: Pairs, dilation: Axes) -> Sliding:
    return Sliding(weight_shape[2:], stride, padding, dilation)


def _columns(x: Any, sliding: Sliding, groups: int) -> Any:
    """The windows of `x`, padded already: (batch, groups, elements of a window, places)."""
    view = sliding.view(x)
    n, channels = x.shape[:2]
    inner = channels // groups * product(sliding.window)
    return view.reshape(n, groups, inner, product(view.shape[2 + len(sliding.window) :]))


def _column_blocks(x: Any, sliding: Sliding, groups: int) -> Iterator[tuple[slice, Any]]:
    """The columns of so many examples at a time that they stay small."""
    places = product(sliding.places(x.shape[2:]))
    size = x.shape[1] * product(sliding.window) * places * x.itemsize
    padded = sliding.pad(x)
    for block in blocks(len(x), size, KEPT):
        yield block, _columns(padded[block], sliding, groups)


# ------------------------------------------------------------------------------ three operations


def _convolve(
    x: Any, weight: Any, bias: Any, stride: Axes, padding: Pairs, dilation: Axes, groups: int
) -> tuple[Any, Any]:
    """The output, and the columns if they are worth keeping."""
    sliding = _sliding(weight.shape, stride, padding, dilation)
    places = sliding.places(x.shape[2:])
    filters = weight.reshape(groups, len(weight) // groups, -1)
    out = np.empty((len(x), *filters.shape[:2], product(places)), np.result_type(x, weight))
    columns = None
    for block, columns in _column_blocks(x, sliding, groups):
        np.matmul(filters, columns, out=out[block])
    kept = columns if columns is not None and len(columns) == len(x) else None
    return _add_bias(out.reshape(len(x), len(weight), *places), bias), kept


def _add_bias(out: Any, bias: Any) -> Any:
    if bias is None:
        return out
    bias = bias.reshape(-1, *(1,) * (out.ndim - 2))
    if np.result_type(out, bias) == out.dtype:
        out += bias  # ours alone
        return out
    return out + bias


def _transposed(
    y: Any,
    weight: Any,
    bias: Any,
    stride: Axes,
    padding: Pairs,
    dilation: Axes,
    groups: int,
    size: Axes,
) -> Any:
    """Each number of `y`, times the kernel, added up where its window stood."""
    sliding = _sliding(weight.shape, stride, padding, dilation)
    filters = weight.reshape(groups, len(weight) // groups, -1).swapaxes(1, 2)
    channels = groups * weight.shape[1]
    room = sliding.room(size)
    places = y.shape[2:]
    # Rows as long as those of the result, zeros at their ends: then what one element of the
    # window adds to a channel is contiguous, one addition instead of one a row.
    flat = stride == (1, 1)
    if flat:
        wide = np.zeros((*y.shape[:-1], room[-1]), y.dtype)
        wide[..., : places[-1]] = y
        y, places = wide, wide.shape[2:]
    tail = sliding.spans[-1] - 1 if flat else 0  # where the zeros of the last row go
    y = y.reshape(len(y), groups, len(weight) // groups, product(places))
    dtype = np.result_type(y, weight)
    length = product(room)
    result = np.zeros((len(y), channels, length + tail), dtype)
    per_example = filters.shape[1] * groups * product(places) * dtype.itemsize
    for block in blocks(len(y), per_example, KEPT):
        shares = np.matmul(filters, y[block])
        shares = shares.reshape(len(shares), channels, *sliding.window, *places)
        if flat:
            _add_flat(result[block], shares, sliding, room[-1])
        else:
            _add_sliced(result[block].reshape(len(shares), channels, *room), shares, sliding)
    result = result[..., :length].reshape(len(y), channels, *room)
    result = result[sliding.interior(size)] if sliding.padded else result
    return _add_bias(result, bias)


def _add_sliced(result: Any, shares: Any, sliding: Sliding) -> None:
    places = shares.shape[2 + len(sliding.window) :]
    for element, seen in sliding.slices(places):
        result[seen] += shares[(slice(None), slice(None), *element)]


def _add_flat(result: Any, shares: Any, sliding: Sliding, width: int) -> None:
    """As `_add_sliced`, for strides of 1 and rows of the result's own width."""
    length = product(shares.shape[4:])
    shares = shares.reshape(*shares.shape[:4], length)
    down, right = sliding.dilation
    for i, j in np.ndindex(*sliding.window):
        start = i * down * width + j * right
        result[..., start : start + length] += shares[:, :, i, j]


def _weight_sum(y: Any, columns: Any) -> Any:
    """The outer products of outputs with windows, summed over places and examples."""
    n, groups, _, places = columns.shape
    y = y.reshape(n, groups, y.shape[1] // groups, places)
    return np.matmul(y, columns.swapaxes(2, 3)).sum(axis=0)


def _correlate(
    y: Any, x: Any, stride: Axes, padding: Pairs, dilation: Axes, groups: int, window: Axes
) -> Any:
    sliding = Sliding(window, stride, padding, dilation)
    shape = (y.shape[1], x.shape[1] // groups, *window)
    total: Any = 0
    for block, columns in _column_blocks(x, sliding, groups):
        total = total + _weight_sum(y[block], columns)
    return total.reshape(shape)


# ------------------------------------------------------------------------------ their rules


def _forward(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: Axes,
    padding: Pairs,
    dilation: Axes,
    groups: int,
) -> Any:
    """The convolution of canonical arguments; see :func:`conv2d`."""
    return _convolve(x, weight, bias, stride, padding, dilation, groups)[0]


def _x_rule(
    g: Any, weight: Any, x_shape: Any, stride: Any, padding: Any, dilation: Any, groups: Any
) -> Any:
    return convolution_transpose(
        g,
        weight,
        None,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        size=x_shape[2:],
    )


def _weight_rule(
    g: Any,
    x: Any,
    columns: Any,
    weight_shape: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
) -> Any:
    if columns is not None:
        return _weight_sum(g, columns).reshape(weight_shape)
    return convolution_weight(
        g,
        x,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        window=weight_shape[2:],
    )


def _bias_rule(g: Any) -> Any:
    """The sum over all but the channels; einsum takes a third of the time of np.sum."""
    return np.einsum("ncp->c", g.reshape(*g.shape[:2], product(g.shape[2:])))


ONE = {"stride": (1,), "padding": ((0, 0),), "dilation": (1,), "groups": 1}
TWO = {"stride": (1, 1), "padding": ((0, 0), (0, 0)), "dilation": (1, 1), "groups": 1}
UNEVEN = {"stride": (2, 1), "padding": ((1, 0), (1, 2)), "dilation": (1, 2), "groups": 2}
PADDED = {**TWO, "padding": ((1, 1), (2, 2))}
STRIDED = {"stride": (2,), "padding": ((1, 1),), "dilation": (2,), "groups": 1}

convolution = primitive(
    _forward,
    x=_x_rule,
    weight=_weight_rule,
    bias=_bias_rule,
    name="convolution",
    compute=_convolve,
    keywords=KEYWORDS,
    residuals={"columns": lambda: None},  # at higher orders they are made from x, recorded
    symbol="conv",
    latex=r"{x} \star {weight} + {bias}",
    precedence=1,
    examples=[
        example((2, 2, 5), (3, 2, 3), (3,), **ONE),
        example((2, 2, 7), (2, 2, 2), None, **STRIDED),
        example((2, 2, 4, 3), (3, 2, 2, 2), (3,), **TWO),
        example((1, 2, 4, 3), (1, 2, 3, 2), (1,), **PADDED),
        example((1, 4, 4, 3), (2, 2, 2, 2), (2,), **UNEVEN),
        example((0, 1, 3, 3), (1, 1, 2, 2), None, **TWO),
    ],
)

convolution_transpose: Any = primitive(
    _transposed,
    y=lambda g, weight, stride, padding, dilation, groups: convolution(
        g, weight, None, stride=stride, padding=padding, dilation=dilation, groups=groups
    ),
    weight=lambda g, y, weight_shape, stride, padding, dilation, groups: convolution_weight(
        y,
        g,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        window=weight_shape[2:],
    ),
    bias=_bias_rule,
    name="convolution_transpose",
    keywords=[*KEYWORDS, "size"],
    symbol="convᵀ",
    latex=r"{y} \star^T {weight} + {bias}",
    precedence=1,
    examples=[
        example((2, 3, 3), (3, 2, 3), (2,), **ONE, size=(5,)),
        example((2, 2, 4), (2, 1, 2), None, **STRIDED, size=(7,)),
        example((2, 3, 3, 2), (3, 2, 2, 2), (2,), **TWO, size=(4, 3)),
        example((1, 2, 4, 6), (2, 1, 3, 2), (1,), **PADDED, size=(4, 3)),
        example((1, 2, 2, 4), (2, 2, 2, 2), (4,), **UNEVEN, size=(4, 3)),
    ],
)

convolution_weight: Any = primitive(
    _correlate,
    y=lambda g, x, stride, padding, dilation, groups: convolution(
        x, g, None, stride=stride, padding=padding, dilation=dilation, groups=groups
    ),
    x=lambda g, y, x_shape, stride, padding, dilation, groups: _x_rule(
        y, g, x_shape, stride, padding, dilation, groups
    ),
    name="convolution_weight",
    keywords=[*KEYWORDS, "window"],
    symbol="∂conv/∂w",
    latex=r"{y} \star {x}",
    precedence=2,
    examples=[
        example((2, 3, 3), (2, 2, 5), **ONE, window=(3,)),
        example((2, 3, 3, 2), (2, 2, 4, 3), **TWO, window=(2, 2)),
        example((1, 2, 2, 4), (1, 4, 4, 3), **UNEVEN, window=(2, 2)),
    ],
)
