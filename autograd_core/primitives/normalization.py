"""Normalisation in one operation: batch, layer, group and root-mean-square.

All are ``weight * (x - mean) / sqrt(variance + epsilon) + bias`` over some axes (the last without
the mean). With h the gradient at the normalised x̂, and means over the same axes, that at x is
``(h - mean(h) - x̂ * mean(h * x̂)) / sqrt(variance + epsilon)`` (Ioffe and Szegedy, "Batch
normalization", ICML 2015, section 3, simplified).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import ShapeError, describe
from ..primitive import example, primitive
from .convolving import as_array
from .operands import only_real
from .reduction import canonical_axes

Axes = tuple[int, ...]


def _rows(x: Any, axis: Axes) -> tuple[Any, bool] | None:
    """`x` with the axes to be averaged last, where that moves nothing, and whether 0 is besides.

    None where there is no such form, or `x` is no array of real numbers: a Tensor is recorded.
    """
    if type(x) is not np.ndarray or x.dtype.kind != "f" or not axis or not x.size:
        return None
    start = x.ndim - len(axis)
    if axis == tuple(range(start, x.ndim)):
        return x.reshape(*x.shape[:start], -1), False
    if axis == (0, *range(2, x.ndim)):
        return x.reshape(*x.shape[:2], -1), True
    return None


def _kept(sums: Any, x: Any, axis: Axes, also_first: bool) -> Any:
    """The mean from sums over the last axes, with all axes kept."""
    if also_first:
        sums = sums.sum(axis=0)
    count = math.prod(x.shape[a] for a in axis)
    shape = [1 if a in axis else n for a, n in enumerate(x.shape)]
    return (sums / x.dtype.type(count)).reshape(shape)


def _mean(x: Any, axis: Axes) -> Any:
    """The mean with the axes kept; of arrays by BLAS, several times as fast as np.mean."""
    form = _rows(x, axis)
    if form is None:
        return np.mean(x, axis=axis, keepdims=True)
    rows, also_first = form
    return _kept(rows @ np.ones(rows.shape[-1], x.dtype), x, axis, also_first)


def _mean_product(a: Any, b: Any, axis: Axes) -> Any:
    """The mean of the products, which need not all exist at once."""
    left, right = _rows(a, axis), _rows(b, axis)
    if left is None or right is None:
        return np.mean(a * b, axis=axis, keepdims=True)
    return _kept(np.vecdot(left[0], right[0]), a, axis, left[1])


def _deviation_scale(x: Any, axis: Axes, epsilon: float, centred: bool) -> tuple[Any, Any]:
    deviation = x - _mean(x, axis) if centred else x
    return deviation, 1 / np.sqrt(_mean_product(deviation, deviation, axis) + epsilon)


def _scale(x: Any, axis: Axes, epsilon: float, centred: bool) -> Any:
    """One over the standard deviation, or the root mean square."""
    return _deviation_scale(x, axis, epsilon, centred)[1]


def _normalized(x: Any, axis: Axes, epsilon: float, centred: bool) -> Any:
    deviation, scale = _deviation_scale(x, axis, epsilon, centred)
    return deviation * scale


def _compute(
    x: Any, weight: Any, bias: Any, axis: Axes, epsilon: float, centred: bool, form: Axes
) -> tuple[Any, Any, Any]:
    deviation, scale = _deviation_scale(x, axis, epsilon, centred)
    if centred and type(deviation) is np.ndarray and deviation.dtype.kind == "f":
        deviation *= scale  # ours alone
        normalized = deviation
    else:
        normalized = deviation * scale
    out = normalized.copy() if weight is None else normalized * weight.reshape(form)
    if bias is not None:
        bias = bias.reshape(form)
        out = np.add(out, bias, out=out) if bias.dtype == out.dtype else out + bias
    return out, normalized, scale


def _forward(
    x: Any,
    weight: Any = None,
    bias: Any = None,
    *,
    axis: Axes,
    epsilon: float,
    centred: bool,
    form: Axes,
) -> Any:
    """The normalisation of canonical arguments; see :func:`layer_norm`."""
    return _compute(x, weight, bias, axis, epsilon, centred, form)[0]


def _x_rule(
    g: Any,
    weight: Any,
    normalized: Any,
    scale: Any,
    axis: Any,
    centred: Any,
    form: Any,
) -> Any:
    h = g if weight is None else g * weight.reshape(form)
    share = _mean_product(h, normalized, axis)
    if type(h) is np.ndarray and type(normalized) is np.ndarray and h.dtype == normalized.dtype:
        slope = normalized * share  # the same as below, in one array
        np.subtract(h, slope, out=slope)
        if centred:
            slope -= _mean(h, axis)
        slope *= scale
        return slope
    slope = h - normalized * share
    return (slope - _mean(h, axis) if centred else slope) * scale


def _elsewhere(values: Any, form: Axes) -> Axes:
    """The axes along which a weight of this form is the same."""
    extra = values.ndim - len(form)
    return tuple(i for i in range(values.ndim) if i < extra or form[i - extra] == 1)


def _weight_rule(g: Any, normalized: Any, weight_shape: Any, form: Any) -> Any:
    axes = _elsewhere(g, form)
    if type(g) is np.ndarray and axes == (0, *range(2, g.ndim)) and g.dtype == normalized.dtype:
        rows = g.reshape(*g.shape[:2], math.prod(g.shape[2:]))
        return np.einsum("ncp,ncp->c", rows, normalized.reshape(rows.shape))
    return _sum(g * normalized, axes, weight_shape)


def _bias_rule(g: Any, bias_shape: Any, form: Any) -> Any:
    return _sum(g, _elsewhere(g, form), bias_shape)


def _sum(values: Any, axes: Axes, shape: Axes) -> Any:
    """The sum over the axes, in this shape; over the first ones by BLAS."""
    if type(values) is np.ndarray and axes == tuple(range(len(axes))):
        rows = values.reshape(math.prod(values.shape[: len(axes)]), math.prod(shape))
        return np.ones(len(rows), values.dtype).dot(rows).reshape(shape)
    return np.sum(values, axis=axes).reshape(shape)


LAST = {"axis": (1,), "epsilon": 1e-2, "centred": True, "form": (4,)}
BATCH = {"axis": (0, 2), "epsilon": 1e-2, "centred": True, "form": (3, 1)}

normalization = primitive(
    _forward,
    x=_x_rule,
    weight=_weight_rule,
    bias=_bias_rule,
    name="normalization",
    compute=_compute,
    keywords=["axis", "epsilon", "centred", "form"],
    residuals={"normalized": _normalized, "scale": _scale},
    symbol="normalise",
    latex=r"\operatorname{{norm}}({x}) \odot {weight} + {bias}",
    precedence=1,
    examples=[
        example((3, 4), (4,), (4,), **LAST),
        example((3, 4), None, None, **LAST),
        example((3, 4), (4,), None, **{**LAST, "centred": False}),
        example((4, 3, 2), (3,), (3,), **BATCH),
        example((2, 3, 4), (3, 4), (3, 4), axis=(1, 2), epsilon=1e-2, centred=True, form=(3, 4)),
        example((0, 4), (4,), (4,), **LAST),
    ],
)


# ------------------------------------------------------------------------------ as people call them


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
