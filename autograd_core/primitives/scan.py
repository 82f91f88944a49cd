"""Running sums and products: cumsum, cumprod, and Array API's and NaN-skipping forms of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ShapeError, describe
from ..primitive import derived, example, primitive
from .reduction import canonical_axes, given_dtype, refuse_out


def _door(
    x: Any, axis: Any = None, dtype: Any = None, out: Any = None
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    refuse_out(out)
    x, keywords = given_dtype(x, dtype)
    if axis is None:
        return (np.ravel(x),), {"axis": 0, **keywords}
    return (x,), {"axis": canonical_axes(axis, np.ndim(x), x)[0], **keywords}


def backwards(x: Any, axis: int) -> Any:
    """`x` with the order along one axis reversed."""
    return x[(slice(None),) * axis + (slice(None, None, -1),)]


def cumsum_x(g: Any, axis: int) -> Any:
    """Each element is in its own sum and all later ones."""
    return backwards(np.cumsum(backwards(g, axis), axis=axis), axis)


def cumprod_x(g: Any, x: Any, out: Any, axis: int) -> Any:
    """The sum of g * out from each element on, over it; where one is zero, without dividing."""
    if not np.any(x == 0):
        return cumsum_x(g * out, axis) / x
    x, g = np.moveaxis(x, axis, -1), np.moveaxis(g, axis, -1)
    n = x.shape[-1]
    others = np.where(np.eye(n, dtype=bool), 1, x[..., None, :])  # row j: x without x_j
    later = np.tri(n, dtype=bool).T  # x_j is in the products from j on
    products = np.where(later, np.cumprod(others, axis=-1), 0)
    return np.moveaxis(np.sum(products * g[..., None, :], axis=-1), -1, axis)


SCAN: dict[str, Any] = {
    "door": _door,
    "keywords": ["axis", "dtype"],
    "examples": [
        example((5,)),
        example((2, 3)),
        example((2, 3, 2), axis=1),
        example((2, 3), axis=-1, dtype="float64"),
        example((0, 3), axis=0),
        example(()),
    ],
}
cumsum = primitive(np.cumsum, cumsum_x, latex=r"\operatorname{{cumsum}} {x}", symbol="Σ…", **SCAN)
cumprod = primitive(
    np.cumprod,
    cumprod_x,
    latex=r"\operatorname{{cumprod}} {x}",
    symbol="Π…",
    domain="nonzero",
    **SCAN,
)


@derived(np.nancumsum)
def nancumsum(x: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """As ``numpy.nancumsum``: NaN counts as 0, and gets the gradient 0."""
    return cumsum(np.where(np.isnan(x), 0, x), axis, dtype, out)


@derived(np.nancumprod)
def nancumprod(x: Any, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
    """As ``numpy.nancumprod``: NaN counts as 1, and gets the gradient 0."""
    return cumprod(np.where(np.isnan(x), 1, x), axis, dtype, out)


def _cumulative(
    scan: Any, identity: int, x: Any, axis: Any, dtype: Any, out: Any, include_initial: bool
) -> Any:
    if np.ndim(x) == 0:
        x = np.reshape(x, 1)
    if axis is None:
        if np.ndim(x) > 1:
            raise ShapeError(
                f"{scan.__name__.replace('cum', 'cumulative_')}: along which axis? Give axis= for"
                f" more than one ({describe(x)})."
            )
        axis = 0
    result = scan(x, axis, dtype, out)
    if not include_initial:
        return result
    (axis,) = canonical_axes(axis, np.ndim(x), x)
    shape = (*x.shape[:axis], 1, *x.shape[axis + 1 :])
    return np.concatenate([np.full(shape, identity, result.dtype), result], axis=axis)


@derived(np.cumulative_sum)
def cumulative_sum(
    x: Any,
    /,
    *,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    include_initial: bool = False,
) -> Any:
    """As ``numpy.cumulative_sum``."""
    return _cumulative(cumsum, 0, x, axis, dtype, out, include_initial)


@derived(np.cumulative_prod)
def cumulative_prod(
    x: Any,
    /,
    *,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    include_initial: bool = False,
) -> Any:
    """As ``numpy.cumulative_prod``."""
    return _cumulative(cumprod, 1, x, axis, dtype, out, include_initial)
