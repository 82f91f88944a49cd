"""The functions that normalise: layer_norm, batch_norm and the like, as people call them.

Here arguments are checked and made canonical for the operation of ``normalization.py``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ShapeError, describe
from .convolving import as_array
from .normalization import Axes, normalization
from .operands import only_real
from .reduction import canonical_axes


def _normalize(
    name: str,
    x: Any,
    weight: Any,
    bias: Any,
    shape: Axes,
    given: Any = None,
    **keywords: Any,
) -> Any:
    given = x if given is None else given
    only_real(name, x, weight, bias)
    for label, parameter in (("weight", weight), ("bias", bias)):
        if parameter is not None and np.shape(parameter) != shape:
            raise ShapeError(
                f"{name}: the {label} must have shape {shape}."
                f" Given: {describe(given, 'x')}; {describe(parameter, label)}."
            )
    if 0 in (x.shape[axis] for axis in keywords["axis"]):
        raise ShapeError(
            f"{name}: there is nothing to take the mean of: an axis is empty."
            f" Given: {describe(given, 'x')}."
        )
    return normalization(x, weight, bias, **keywords)


def _last_axes(name: str, x: Any, axis: Any) -> Axes:
    axes = tuple(sorted(canonical_axes(axis, x.ndim, x)))
    if not axes or axes != tuple(range(x.ndim - len(axes), x.ndim)):
        raise ShapeError(
            f"{name}: axis={axis} must be the last axes of x, such as -1 or (-2, -1)."
            f" Given: {describe(x, 'x')}."
        )
    return axes


def layer_norm(
    x: Any, weight: Any = None, bias: Any = None, axis: Any = -1, epsilon: float = 1e-5
) -> Any:
    """Each example shifted and scaled to mean 0 and variance 1 over its own axes, in one operation.

    Parameters
    ----------
    x : Tensor or array
    weight, bias : Tensor or array, optional
        What the result is multiplied with, and what is added; of the lengths of `axis`.
    axis : int or tuple of int
        The axes normalised over; the last ones of `x`.
    epsilon : float
        Added to the variance.

    Returns
    -------
    Tensor or array
        Shape of `x`: ``(x - mean) / sqrt(variance + epsilon) * weight + bias``, with the variance
        over n, not n - 1.

    Raises
    ------
    ShapeError
        If the shapes do not fit, or the axes are not the last ones.

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.layer_norm(ag.Tensor([[1.0, 3.0], [0.0, 8.0]]), epsilon=0.0).data
    array([[-1.,  1.],
           [-1.,  1.]])
    """
    x = as_array(x)
    axes = _last_axes("layer_norm", x, axis)
    form = tuple(x.shape[axes[0] :])
    options = {"axis": axes, "epsilon": float(epsilon), "centred": True, "form": form}
    return _normalize("layer_norm", x, weight, bias, form, **options)


def rms_norm(x: Any, weight: Any = None, axis: Any = -1, epsilon: float = 1e-6) -> Any:
    """Each example divided by the root of its mean square over the last axes.

    Parameters
    ----------
    x : Tensor or array
    weight : Tensor or array, optional
        What the result is multiplied with; of the lengths of `axis`.
    axis : int or tuple of int
        The axes normalised over; the last ones of `x`.
    epsilon : float
        Added to the mean square.

    Returns
    -------
    Tensor or array
        Shape of `x`: ``x / sqrt(mean(x**2) + epsilon) * weight`` (Zhang and Sennrich, "Root mean
        square layer normalization", 2019).

    Raises
    ------
    ShapeError
        If the shapes do not fit, or the axes are not the last ones.

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.rms_norm(ag.Tensor([[1.0, 7.0]]), epsilon=0.0).data
    array([[0.2, 1.4]])
    """
    x = as_array(x)
    axes = _last_axes("rms_norm", x, axis)
    form = tuple(x.shape[axes[0] :])
    options = {"axis": axes, "epsilon": float(epsilon), "centred": False, "form": form}
    return _normalize("rms_norm", x, weight, None, form, **options)


def batch_norm(x: Any, weight: Any = None, bias: Any = None, epsilon: float = 1e-5) -> Any:
    """Each channel shifted and scaled to mean 0 and variance 1 over the batch and all places.

    Parameters
    ----------
    x : Tensor or array, shape (batch, channels, ...)
    weight, bias : Tensor or array, shape (channels,), optional
    epsilon : float
        Added to the variance.

    Returns
    -------
    Tensor or array
        Shape of `x`.

    Raises
    ------
    ShapeError
        If the shapes do not fit.

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.batch_norm(ag.Tensor([[1.0, 0.0], [3.0, 8.0]]), epsilon=0.0).data
    array([[-1., -1.],
           [ 1.,  1.]])
    """
    x = as_array(x)
    if x.ndim < 2:
        raise ShapeError(
            f"batch_norm: x has shape (batch, channels, ...). Given: {describe(x, 'x')}."
        )
    axis = (0, *range(2, x.ndim))
    form = (x.shape[1], *(1,) * (x.ndim - 2))
    options = {"axis": axis, "epsilon": float(epsilon), "centred": True, "form": form}
    return _normalize("batch_norm", x, weight, bias, form[:1], **options)


def group_norm(
    x: Any, groups: int, weight: Any = None, bias: Any = None, epsilon: float = 1e-5
) -> Any:
    """Each group of channels of each example shifted and scaled to mean 0 and variance 1.

    Parameters
    ----------
    x : Tensor or array, shape (batch, channels, ...)
    groups : int
        Into how many groups of neighbours the channels are split.
    weight, bias : Tensor or array, shape (channels,), optional
    epsilon : float
        Added to the variance.

    Returns
    -------
    Tensor or array
        Shape of `x` (Wu and He, "Group normalization", 2018).

    Raises
    ------
    ShapeError
        If the shapes do not fit, or the channels do not split.

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.group_norm(ag.Tensor([[1.0, 3.0, 0.0, 8.0]]), 2, epsilon=0.0).data
    array([[-1.,  1., -1.,  1.]])
    """
    x = as_array(x)
    if x.ndim < 2 or groups < 1 or x.shape[1] % groups:
        raise ShapeError(
            f"group_norm: x has shape (batch, channels, ...), and its channels split into"
            f" groups={groups} equal groups. Given: {describe(x, 'x')}."
        )
    n, channels = x.shape[:2]
    split = x.reshape(n, groups, channels // groups, *x.shape[2:])
    form = (groups, channels // groups, *(1,) * (x.ndim - 2))
    axis = tuple(range(2, split.ndim))
    options = {"axis": axis, "epsilon": float(epsilon), "centred": True, "form": form}
    return _normalize("group_norm", split, weight, bias, (channels,), x, **options).reshape(x.shape)
