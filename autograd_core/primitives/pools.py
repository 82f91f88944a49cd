"""The functions that pool: max_pool2d, avg_pool2d and the like, as people call them.

Here arguments are checked and made canonical for the operations of ``pooling.py``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ShapeError, describe
from .convolving import as_array
from .operands import only_real
from .pooling import avg_pool, max_pool
from .windows import Axes, Pairs, Sliding, check_rank, check_room, per_axis, symmetric


def max_pool1d(
    x: Any,
    window: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
) -> Any:
    """The largest element of each window of sequences; see :func:`max_pool2d`.

    Parameters
    ----------
    x : Tensor or array, shape (batch, channels, length)
    window, stride, padding, dilation : int
    ceil_mode : bool

    Returns
    -------
    Tensor or array, shape (batch, channels, places)

    Raises
    ------
    ShapeError
        If the window does not fit.

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.max_pool1d(ag.Tensor([[[1.0, 3.0, 2.0, 0.0]]]), 2).data
    array([[[3., 2.]]])
    """
    return _max("max_pool1d", 1, x, window, stride, padding, dilation, ceil_mode)


def max_pool2d(
    x: Any,
    window: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
) -> Any:
    """The largest element of each window of images.

    Its gradient goes to that element; of several that are the largest, to the first, row by row.

    Parameters
    ----------
    x : Tensor or array, shape (batch, channels, height, width)
    window : int or pair of int
        The size of the window.
    stride : int or pair of int, optional
        How far it moves; by default by its size.
    padding : int or pair of int
        How many elements, smaller than all others, are put before and after each axis; at most
        half the window.
    dilation : int or pair of int
        How far apart the elements of the window are.
    ceil_mode : bool
        Keep the last window of an axis where it reaches over the end, if it begins before that.

    Returns
    -------
    Tensor or array, shape (batch, channels, places down, places across)

    Raises
    ------
    ShapeError
        If the window does not fit.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x = ag.Tensor(np.arange(8.0).reshape(1, 1, 2, 4))
    >>> y = ag.max_pool2d(x, 2)
    >>> y.data
    array([[[[5., 7.]]]])
    >>> y.sum().backward()
    >>> x.grad
    array([[[[0., 0., 0., 0.],
             [0., 1., 0., 1.]]]])
    """
    return _max("max_pool2d", 2, x, window, stride, padding, dilation, ceil_mode)


def avg_pool1d(
    x: Any,
    window: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:
    """The mean of each window of sequences; see :func:`avg_pool2d`.

    Parameters
    ----------
    x : Tensor or array, shape (batch, channels, length)
    window, stride, padding : int
    ceil_mode, count_include_pad : bool

    Returns
    -------
    Tensor or array, shape (batch, channels, places)

    Raises
    ------
    ShapeError
        If the window does not fit.

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.avg_pool1d(ag.Tensor([[[1.0, 3.0, 2.0, 0.0]]]), 2).data
    array([[[2., 1.]]])
    """
    return _average("avg_pool1d", 1, x, window, stride, padding, ceil_mode, count_include_pad)


def avg_pool2d(
    x: Any,
    window: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:
    """The mean of each window of images.

    Parameters
    ----------
    x : Tensor or array, shape (batch, channels, height, width)
    window, stride, padding, ceil_mode
        As those of :func:`max_pool2d`; the padding is zeros.
    count_include_pad : bool
        Whether the zeros of `padding` count as elements of the window.

    Returns
    -------
    Tensor or array, shape (batch, channels, places down, places across)

    Raises
    ------
    ShapeError
        If the window does not fit.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x = ag.Tensor(np.arange(8.0).reshape(1, 1, 2, 4))
    >>> ag.avg_pool2d(x, 2).data
    array([[[[2.5, 4.5]]]])
    """
    return _average("avg_pool2d", 2, x, window, stride, padding, ceil_mode, count_include_pad)


def adaptive_avg_pool1d(x: Any, output_size: Any) -> Any:
    """The means of so many windows as the output shall have; see :func:`adaptive_avg_pool2d`.

    Parameters
    ----------
    x : Tensor or array, shape (batch, channels, length)
    output_size : int

    Returns
    -------
    Tensor or array, shape (batch, channels, output_size)

    Raises
    ------
    ShapeError
        If `x` has not these axes, or none of an axis.

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.adaptive_avg_pool1d(ag.Tensor([[[1.0, 2.0, 3.0]]]), 2).data
    array([[[1.5, 2.5]]])
    """
    return _adaptive("adaptive_avg_pool1d", 1, x, output_size)


def adaptive_avg_pool2d(x: Any, output_size: Any) -> Any:
    """The means of so many windows as the output shall have, whatever the size of the images.

    Parameters
    ----------
    x : Tensor or array, shape (batch, channels, height, width)
    output_size : int or pair of (int or None)
        None keeps the size of that axis. Window i of n along an axis of length m goes from
        ``floor(i * m / n)`` to ``ceil((i + 1) * m / n)``.

    Returns
    -------
    Tensor or array, shape (batch, channels, *output_size)

    Raises
    ------
    ShapeError
        If `x` has not these axes, or none of an axis.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x = ag.Tensor(np.arange(8.0).reshape(1, 1, 2, 4))
    >>> ag.adaptive_avg_pool2d(x, 1).data
    array([[[[3.5]]]])
    """
    return _adaptive("adaptive_avg_pool2d", 2, x, output_size)


# ------------------------------------------------------------------------------ checks


def _sliding(
    name: str,
    axes: int,
    x: Any,
    window: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
) -> Sliding:
    """The canonical arguments; what `ceil_mode` adds is padding at the end."""
    check_rank(name, x, axes)
    window = per_axis(name, "window", window, axes)
    stride = window if stride is None else per_axis(name, "stride", stride, axes)
    padding = per_axis(name, "padding", padding, axes, 0)
    dilation = per_axis(name, "dilation", dilation, axes)
    if any(2 * p > k for p, k in zip(padding, window, strict=True)):
        raise ShapeError(
            f"{name}: padding {padding} is more than half the window {window}, so that some"
            " windows would hold nothing else. Take less padding."
        )
    sliding = Sliding(window, stride, symmetric(padding), dilation)
    check_room(name, x, sliding)
    if not ceil_mode:
        return sliding
    pairs = []
    for n, p, span, s in zip(x.shape[2:], padding, sliding.spans, stride, strict=True):
        places = -(-(n + 2 * p - span) // s) + 1
        if (places - 1) * s >= n + p:  # it would begin after the end
            places -= 1
        pairs.append((p, max(p, (places - 1) * s + span - n - p)))
    return Sliding(window, stride, tuple(pairs), dilation)


def _keywords(sliding: Sliding) -> dict[str, Any]:
    return {
        "window": sliding.window,
        "stride": sliding.stride,
        "padding": sliding.padding,
        "dilation": sliding.dilation,
    }


def _max(
    name: str,
    axes: int,
    x: Any,
    window: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    ceil_mode: bool,
) -> Any:
    x = as_array(x)
    only_real(name, x)
    sliding = _sliding(name, axes, x, window, stride, padding, dilation, ceil_mode)
    return max_pool(x, **_keywords(sliding))


def _average(
    name: str,
    axes: int,
    x: Any,
    window: Any,
    stride: Any,
    padding: Any,
    ceil_mode: bool,
    count_include_pad: bool,
) -> Any:
    x = as_array(x)
    sliding = _sliding(name, axes, x, window, stride, padding, 1, ceil_mode)
    given = symmetric(per_axis(name, "padding", padding, axes, 0)) if count_include_pad else None
    return avg_pool(x, divisor=_divisor(sliding, x.shape[2:], given), **_keywords(sliding))


def _divisor(sliding: Sliding, size: Axes, counted: Pairs | None) -> Any:
    """How many elements each mean is over: a number, or where the edges differ an array.

    The padding in `counted` counts; what ``ceil_mode`` added beyond it never does.
    """
    whole = sliding.padding == (counted or symmetric((0,) * len(size)))
    if whole:
        return int(np.prod(sliding.window))
    counts: Any = np.ones((1,) * len(size), int)
    for axis, (n, k, s, (before, _)) in enumerate(
        zip(size, sliding.window, sliding.stride, sliding.padding, strict=True)
    ):
        start = np.arange(sliding.places(size)[axis]) * s - before
        low, high = (0, n) if counted is None else (-counted[axis][0], n + counted[axis][1])
        along = np.minimum(start + k, high) - np.maximum(start, low)
        counts = counts * along.reshape([-1 if i == axis else 1 for i in range(len(size))])
    return counts


def _adaptive(name: str, axes: int, x: Any, output_size: Any) -> Any:
    x = as_array(x)
    check_rank(name, x, axes)
    size = tuple(x.shape[2:])
    asked = tuple(output_size) if isinstance(output_size, tuple | list) else (output_size,) * axes
    if len(asked) == axes:
        asked = tuple(n if a is None else a for a, n in zip(asked, size, strict=True))
    target = per_axis(name, "output_size", asked, axes)
    if 0 in size:
        raise ShapeError(f"{name}: an axis of x is empty. Given: {describe(x, 'x')}.")
    if not any(n % t for n, t in zip(size, target, strict=True)):
        window = tuple(n // t for n, t in zip(size, target, strict=True))
        whole = Sliding(window, window, symmetric((0,) * axes), (1,) * axes)
        return avg_pool(x, divisor=int(np.prod(window)), **_keywords(whole))
    kind = x.dtype if x.dtype.kind in "fc" else np.dtype(float)
    x = x @ _means(size[-1], target[-1], kind).T
    return _means(size[0], target[0], kind) @ x if axes == 2 else x


def _means(length: int, windows: int, dtype: Any) -> Any:
    """The matrix that takes the means along one axis."""
    matrix = np.zeros((windows, length), dtype)
    for i in range(windows):
        start, end = i * length // windows, -(-(i + 1) * length // windows)
        matrix[i, start:end] = 1 / (end - start)
    return matrix
