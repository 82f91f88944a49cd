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

from ..primitive import example, primitive

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
