"""Variance and standard deviation, weighted average, covariance and correlation."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import DTypeError, ShapeError, describe
from ..primitive import derived, example, primitive
from .reduction import (
    KEYWORDS,
    MASK,
    canonical_axes,
    count,
    door,
    keep,
    masked,
)

_missing: Any = np._NoValue


def _spread_door(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
    *,
    where: Any = _missing,
    mean: Any = _missing,
    correction: Any = _missing,
) -> tuple[Any, dict[str, Any]]:
    if correction is not _missing:
        if ddof != 0:
            raise ValueError("ddof and correction are two names of one argument; give one of them")
        ddof = correction
    (x,), keywords = door(x, axis, dtype, out, keepdims, where=where)
    return (x, None if mean is _missing else mean), {**keywords, "ddof": ddof}


def knowing_mean(function: Any) -> Any:
    """NumPy's function with the mean, or None, as the second argument."""

    def compute(x: Any, mean: Any = None, **keywords: Any) -> Any:
        if mean is None:
            return function(x, **keywords)
        return function(x, mean=mean, **keywords)

    return compute


def slope(x: Any, mean: Any, axis: Any, ddof: Any, where: Any) -> tuple[Any, Any]:
    """``(x - mean, n - ddof)``, NaN for the latter where there are no degrees of freedom."""
    n = count(x.shape, axis, where)
    x = x if where is None else np.where(where, x, 0)
    if mean is None:
        mean = x.sum(axis=axis, keepdims=True) / np.maximum(n, 1)
    deviation = masked(x - mean, where)
    if x.dtype.kind == "c":
        deviation = np.conjugate(deviation)
    return deviation, np.where(n - ddof > 0, n - ddof, np.nan)[()]


def var_x(g: Any, x: Any, mean: Any, x_shape: Any, axis: Any, ddof: Any, where: Any) -> Any:
    """2 (x - mean) / (n - ddof): a change of the mean itself changes nothing."""
    deviation, freedom = slope(x, mean, axis, ddof, where)
    return keep(g, x_shape, axis) * deviation * (2 / freedom)


def var_mean(g: Any, x: Any, mean: Any, x_shape: Any, axis: Any, ddof: Any, where: Any) -> Any:
    """The same with the other sign, of a mean that was given."""
    return -var_x(g, x, mean, x_shape, axis, ddof, where)


def std_x(
    g: Any, x: Any, mean: Any, out: Any, x_shape: Any, axis: Any, ddof: Any, where: Any
) -> Any:
    """(x - mean) / ((n - ddof) std); 0 at every order where all are equal, as for a norm."""
    out = keep(out, x_shape, axis)
    deviation, freedom = slope(x, mean, axis, ddof, where)
    return keep(g, x_shape, axis) / (np.where(out == 0, np.inf, out) * freedom) * deviation


def std_mean(
    g: Any, x: Any, mean: Any, out: Any, x_shape: Any, axis: Any, ddof: Any, where: Any
) -> Any:
    """The same with the other sign, of a mean that was given."""
    return -std_x(g, x, mean, out, x_shape, axis, ddof, where)


SPREAD: dict[str, Any] = {
    "door": _spread_door,
    "keywords": [*KEYWORDS, "ddof"],
    "examples": [
        example((3, 4)),
        example((3, 4), axis=0, ddof=1),
        example((2, 3, 4), axis=(0, -1), keepdims=True),
        example((3, 4), axis=1, correction=1, mean=(3, 1)),
        example((3, 4), axis=1, where=MASK, ddof=0.5),
        example((2, 3, 4), axis=(0, 2), where=MASK, mean=(1, 3, 1), keepdims=True),
        example((3, 4), axis=(1,), dtype="float64"),
    ],
}
var = primitive(
    np.var,
    x=var_x,
    mean=var_mean,
    compute=knowing_mean(np.var),
    latex=r"\operatorname{{var}} {x}",
    **SPREAD,
)
std = primitive(
    np.std,
    x=std_x,
    mean=std_mean,
    compute=knowing_mean(np.std),
    latex=r"\operatorname{{std}} {x}",
    **SPREAD,
)


# ------------------------------------------------------------------------------ average


def fitting_weights(x: Any, weights: Any, axis: Any) -> Any:
    """Weights of the shape of `x`, or of its `axis`, brought to broadcast with `x`."""
    shape, have = np.shape(x), np.shape(weights)
    if have == shape:
        return weights
    if axis is None:
        raise DTypeError(
            "average: weights of another shape than x need axis= to say where they belong"
            f" ({describe(x, 'x')}; {describe(weights, 'weights')})."
        )
    if have != tuple(shape[i] for i in axis):
        raise ShapeError(
            "average: the weights need the shape of x, or that of its axes"
            f" {axis} ({describe(x, 'x')}; {describe(weights, 'weights')})."
        )
    weights = np.transpose(weights, np.argsort(axis))
    return np.reshape(weights, [size if i in axis else 1 for i, size in enumerate(shape)])


@derived(np.average)
def average(
    x: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: Any = False
) -> Any:
    """As ``numpy.average``: ``sum(weights * x) / sum(weights)``; both may record."""
    x = np.asarray(x) if isinstance(x, list | tuple) else x
    axes = None if axis is None else canonical_axes(axis, np.ndim(x), x)
    keepdims = keepdims is not _missing and bool(keepdims)
    if weights is None:
        mean = np.mean(x, axis=axes, keepdims=keepdims)
        total = mean.dtype.type(math.prod(np.shape(x)) / math.prod(mean.shape))
    else:
        weights = np.asarray(weights) if isinstance(weights, list | tuple) else weights
        weights = fitting_weights(x, weights, axes)
        whole = x.dtype.kind in "iub"
        dtype = np.result_type(x.dtype, weights.dtype, *(["f8"] if whole else []))
        total = np.sum(weights, axis=axes, dtype=dtype, keepdims=keepdims)
        if np.any(total == 0):
            raise ZeroDivisionError("average: the weights sum to zero, so there is no average.")
        products = np.astype(x, dtype) * np.astype(weights, dtype)
        mean = np.sum(products, axis=axes, keepdims=keepdims) / total
    if not returned:
        return mean
    return mean, (total if total.shape == mean.shape else np.broadcast_to(total, mean.shape))


# ------------------------------------------------------------------------------ covariance


def _variables(x: Any, rowvar: bool, dtype: Any, alone: bool) -> Any:
    """One variable a row."""
    if np.ndim(x) > 2:
        raise ShapeError(f"cov: at most two axes: variables and observations ({describe(x)}).")
    turned = not rowvar and (np.ndim(x) != 1 if alone else np.ndim(x) == 2 and x.shape[0] != 1)
    x = np.astype(np.atleast_2d(x), dtype)
    return np.transpose(x) if turned else x


def _observation_weights(weights: Any, name: str, count: int) -> Any:
    if np.ndim(weights) != 1 or np.shape(weights)[0] != count:
        raise ShapeError(
            f"cov: {name} needs one number for each of the {count} observations"
            f" ({describe(weights, name)})."
        )
    if np.any(plain(weights) < 0):
        raise ValueError(f"cov: {name} cannot be negative.")
    return np.astype(weights, float)


def _as_array(x: Any) -> Any:
    return np.asarray(x) if isinstance(x, list | tuple | int | float | complex) else x


@derived(np.cov)
def cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: Any = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    """As ``numpy.cov``; the data and `aweights` may record."""
    if ddof is not None and ddof != int(ddof):
        raise ValueError("cov: ddof must be an integer.")
    m, y, fweights, aweights = map(_as_array, (m, y, fweights, aweights))
    if dtype is None:
        dtype = np.result_type(m.dtype, np.float64 if y is None else y.dtype, np.float64)
    x = _variables(m, rowvar, dtype, alone=True)
    if x.shape[0] == 0:
        return np.zeros((0, 0))
    if y is not None:
        x = np.concatenate([x, _variables(y, rowvar, dtype, alone=False)])
    ddof = int(not bias) if ddof is None else ddof
    weights, samples = None, x.shape[1]
    if fweights is not None:
        weights = _observation_weights(plain(fweights), "fweights", samples)
        if np.any(weights != np.around(weights)):
            raise DTypeError("cov: fweights counts repetitions, so it must hold integers.")
    if aweights is not None:
        aweights = _observation_weights(aweights, "aweights", samples)
        weights = aweights if weights is None else weights * aweights
    mean, total = average(x, axis=1, weights=weights, returned=True)
    total = total[0]
    if weights is None:
        freedom = samples - ddof
    elif ddof == 0 or aweights is None:
        freedom = total - ddof
    else:
        freedom = total - ddof * np.sum(weights * aweights) / total
    if freedom <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=2)
        freedom = 0.0
    x = x - mean[:, None]
    weighted = x if weights is None else x * weights
    return np.squeeze(np.matmul(x, np.conjugate(weighted).T) * np.true_divide(1, freedom))


@derived(np.corrcoef)
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """As ``numpy.corrcoef``: the covariance over the standard deviations, within [-1, 1].

    Where rounding carries a coefficient beyond the bounds it is clipped and has the gradient 0.
    """
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    deviation = np.sqrt(np.real(np.diagonal(c)))
    c = c / deviation[:, None] / deviation
    if c.dtype.kind == "c":
        return np.clip(np.real(c), -1, 1) + 1j * np.clip(np.imag(c), -1, 1)
    return np.clip(c, -1, 1)
