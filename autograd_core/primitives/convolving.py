"""The functions that convolve: conv1d, conv2d and the transposed ones, as people call them.

Here arguments are checked and made canonical for the operations of ``convolution.py``.
"""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError, describe
from .convolution import convolution, convolution_transpose
from .windows import LAYOUT, Axes, Pairs, Sliding, check_rank, check_room, per_axis, symmetric

#: The axes of a kernel, for messages.
KERNEL = {1: "length", 2: "height, width"}


def conv1d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Any:
    """Convolve sequences with kernels: ``out[n, o, i] = sum(weight[o] * window i of x[n])``.

    Parameters
    ----------
    x : Tensor or array, shape (batch, channels, length)
    weight : Tensor or array, shape (out channels, channels / groups, length)
    bias : Tensor or array, shape (out channels,), optional
    stride, padding, dilation, groups
        As those of :func:`conv2d`.

    Returns
    -------
    Tensor or array, shape (batch, out channels, places)

    Raises
    ------
    ShapeError
        If shapes or options do not fit.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x = ag.Tensor([[[1.0, 2.0, 4.0, 8.0]]])
    >>> ag.conv1d(x, np.array([[[1.0, -1.0]]])).data
    array([[[-1., -2., -4.]]])
    """
    return _convolve("conv1d", 1, x, weight, bias, stride, padding, dilation, groups)


def conv2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> Any:
    """Convolve images with kernels: each kernel gives one channel of the output.

    The kernel is not turned around, as everywhere in this field: mathematics calls it
    cross-correlation.

    Parameters
    ----------
    x : Tensor or array, shape (batch, channels, height, width)
    weight : Tensor or array, shape (out channels, channels / groups, height, width)
    bias : Tensor or array, shape (out channels,), optional
    stride : int or pair of int
        How far the window moves.
    padding : int, pair of int, "valid" or "same"
        How many zeros are put before and after each axis. "valid" is none; "same" is so many
        that the output is as large as the input (for a stride of 1; an odd one goes to the end).
    dilation : int or pair of int
        How far apart the elements of the window are.
    groups : int
        The channels are split into so many groups, each convolved with its own kernels; as many
        as channels is a depthwise convolution.

    Returns
    -------
    Tensor or array, shape (batch, out channels, places down, places across)
        ``(size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1`` along each axis.

    Raises
    ------
    ShapeError
        If shapes or options do not fit.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x, w = ag.Tensor(np.ones((1, 1, 3, 3))), ag.Tensor(np.ones((1, 1, 2, 2)))
    >>> y = ag.conv2d(x, w)
    >>> y.data
    array([[[[4., 4.],
             [4., 4.]]]])
    >>> y.sum().backward()
    >>> x.grad
    array([[[[1., 2., 1.],
             [2., 4., 2.],
             [1., 2., 1.]]]])
    """
    return _convolve("conv2d", 2, x, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """Transposed convolution of sequences; see :func:`conv_transpose2d`.

    Parameters
    ----------
    x : Tensor or array, shape (batch, channels, length)
    weight : Tensor or array, shape (channels, out channels / groups, length)
    bias : Tensor or array, shape (out channels,), optional
    stride, padding, output_padding, groups, dilation
        As those of :func:`conv_transpose2d`.

    Returns
    -------
    Tensor or array, shape (batch, out channels, length)

    Raises
    ------
    ShapeError
        If shapes or options do not fit.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x = ag.Tensor([[[1.0, 2.0]]])
    >>> ag.conv_transpose1d(x, np.array([[[1.0, 10.0]]]), stride=2).data
    array([[[ 1., 10.,  2., 20.]]])
    """
    options = (stride, padding, output_padding, groups, dilation)
    return _transpose("conv_transpose1d", 1, x, weight, bias, *options)


def conv_transpose2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Any = 1,
    padding: Any = 0,
    output_padding: Any = 0,
    groups: int = 1,
    dilation: Any = 1,
) -> Any:
    """Transposed convolution: every number of `x` times the kernel, laid where its window is.

    It maps the output of :func:`conv2d` with the same options back to the size of its input, as
    the derivative of a convolution does; layers use it to enlarge images.

    Parameters
    ----------
    x : Tensor or array, shape (batch, channels, height, width)
    weight : Tensor or array, shape (channels, out channels / groups, height, width)
    bias : Tensor or array, shape (out channels,), optional
    stride, padding, dilation, groups
        Those of the convolution it transposes, so a larger padding makes the output smaller.
    output_padding : int or pair of int
        How much is added at the end of each axis: with a stride, several sizes of input give one
        of output, and this says which. Less than stride or dilation.

    Returns
    -------
    Tensor or array, shape (batch, out channels, height, width)
        ``(size - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1``.

    Raises
    ------
    ShapeError
        If shapes or options do not fit.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x = ag.Tensor([[[[1.0, 2.0]]]])
    >>> ag.conv_transpose2d(x, np.ones((1, 1, 2, 2)), stride=2).data
    array([[[[1., 1., 2., 2.],
             [1., 1., 2., 2.]]]])
    """
    options = (stride, padding, output_padding, groups, dilation)
    return _transpose("conv_transpose2d", 2, x, weight, bias, *options)


# ------------------------------------------------------------------------------ checks


def _convolve(
    name: str,
    axes: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    groups: Any,
) -> Any:
    x, weight = as_array(x), as_array(weight)
    check_rank(name, x, axes)
    _check_weight(name, axes, weight, "(out channels, channels / groups, {})")
    stride = per_axis(name, "stride", stride, axes)
    dilation = per_axis(name, "dilation", dilation, axes)
    window = tuple(weight.shape[2:])
    pairs = paddings(name, padding, window, stride, dilation)
    channels, outputs = x.shape[1], weight.shape[0]
    _check_groups(name, groups, channels, outputs)
    if weight.shape[1] * groups != channels:
        split = f" in {groups} groups, so {channels // groups} a group" if groups > 1 else ""
        raise ShapeError(
            f"{name}: x has {channels} channels{split}, and the weight is for {weight.shape[1]}."
            f" x is {LAYOUT[axes]}, the weight (out channels, channels / groups, {KERNEL[axes]})."
            f" Given: {describe(x, 'x')}; {describe(weight, 'weight')}."
        )
    _check_bias(name, bias, outputs)
    check_room(name, x, Sliding(window, stride, pairs, dilation))
    return convolution(
        x, weight, bias, stride=stride, padding=pairs, dilation=dilation, groups=groups
    )


def _transpose(
    name: str,
    axes: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    output_padding: Any,
    groups: Any,
    dilation: Any,
) -> Any:
    x, weight = as_array(x), as_array(weight)
    check_rank(name, x, axes)
    _check_weight(name, axes, weight, "(channels, out channels / groups, {})")
    stride = per_axis(name, "stride", stride, axes)
    dilation = per_axis(name, "dilation", dilation, axes)
    padding = per_axis(name, "padding", padding, axes, 0)
    extra = per_axis(name, "output_padding", output_padding, axes, 0)
    channels = x.shape[1]
    _check_groups(name, groups, channels, channels)
    if weight.shape[0] != channels:
        raise ShapeError(
            f"{name}: x has {channels} channels, and the weight is for {weight.shape[0]}. x is"
            f" {LAYOUT[axes]}, the weight (channels, out channels / groups, {KERNEL[axes]})."
            f" Given: {describe(x, 'x')}; {describe(weight, 'weight')}."
        )
    if any(e >= max(s, d) for e, s, d in zip(extra, stride, dilation, strict=True)):
        raise ShapeError(
            f"{name}: output_padding {output_padding!r} must be less than the stride {stride} or"
            f" the dilation {dilation}: more would be rows that no window reaches."
        )
    _check_bias(name, bias, weight.shape[1] * groups)
    sliding = Sliding(tuple(weight.shape[2:]), stride, symmetric(padding), dilation)
    size = tuple(
        (n - 1) * s - 2 * p + span + e
        for n, s, p, span, e in zip(x.shape[2:], stride, padding, sliding.spans, extra, strict=True)
    )
    if min(size) < 1:
        raise ShapeError(
            f"{name}: nothing is left of the output: its axes would have the lengths {size}. Take"
            f" less padding ({padding}). Given: {describe(x, 'x')}; {describe(weight, 'weight')}."
        )
    return convolution_transpose(
        _with_places_of_the_padding(x, extra, stride),
        weight,
        bias,
        stride=stride,
        padding=sliding.padding,
        dilation=dilation,
        groups=groups,
        size=size,
    )


def _with_places_of_the_padding(x: Any, extra: Axes, stride: Axes) -> Any:
    """`x` with zeros at its ends for the windows that stand in the output padding alone.

    The convolution that this transposes has such windows where the padding is a stride or more,
    which a dilation allows.
    """
    more = [e // s for e, s in zip(extra, stride, strict=True)]
    return np.pad(x, [(0, 0), (0, 0), *((0, m) for m in more)]) if any(more) else x


def as_array(value: Any) -> Any:
    """An array or a Tensor as it is; a list as an array."""
    return value if hasattr(value, "shape") and hasattr(value, "dtype") else np.asarray(value)


def paddings(name: str, padding: Any, window: Axes, stride: Axes, dilation: Axes) -> Pairs:
    """`padding` as people write it, as a pair for each axis."""
    if not isinstance(padding, str):
        return symmetric(per_axis(name, "padding", padding, len(window), 0))
    if padding == "valid":
        return symmetric((0,) * len(window))
    if padding != "same":
        raise ShapeError(
            f'{name}: padding is a whole number, one for each axis, "valid" or "same"; it is'
            f" {padding!r}."
        )
    if set(stride) != {1}:
        raise ShapeError(
            f'{name}: padding="same" is for a stride of 1, and the stride is {stride}. Give the'
            f" padding as numbers: half the kernel is {tuple(k // 2 for k in window)}."
        )
    totals = [d * (k - 1) for k, d in zip(window, dilation, strict=True)]
    return tuple((total // 2, total - total // 2) for total in totals)


def _check_weight(name: str, axes: int, weight: Any, layout: str) -> None:
    if weight.ndim != axes + 2 or 0 in weight.shape:
        raise ShapeError(
            f"{name}: the weight has shape {layout.format(KERNEL[axes])}, none of them 0."
            f" Given: {describe(weight, 'weight')}."
        )


def _check_groups(name: str, groups: Any, channels: int, outputs: int) -> None:
    try:
        groups = operator.index(groups)
    except TypeError:
        raise DTypeError(f"{name}: groups is a whole number; it is {groups!r}.") from None
    if groups < 1 or channels % groups or outputs % groups:
        raise ShapeError(
            f"{name}: the {channels} channels of x and the {outputs} kernels must each split into"
            f" groups={groups} equal groups."
        )


def _check_bias(name: str, bias: Any, outputs: int) -> None:
    if bias is not None and np.shape(bias) != (outputs,):
        raise ShapeError(
            f"{name}: the bias has one number for each of the {outputs} output channels."
            f" Given: {describe(bias, 'bias')}."
        )
