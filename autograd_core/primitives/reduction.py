"""Reductions over axes: sum, mean, product, extremes, variance, and log-sum-exp.

The door makes `axis` a tuple of non-negative ints. A rule brings its values back to the rank of
the operand with `keep`; spreading them over the reduced axes is broadcasting, and where a rule
returns something still reduced, the engine spreads it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import NotDifferentiable, ShapeError, describe
from ..primitive import example, primitive

_missing: Any = object()

EXAMPLES = [
    example((3, 4)),
    example((3, 4), axis=0),
    example((2, 3, 4), axis=(0, -1), keepdims=True),
    example((2, 3), axis=()),
    example(()),
    example((1, 4), axis=0),
]


def canonical_axes(axis: Any, ndim: int, operand: Any = None) -> tuple[int, ...]:
    """`axis` as users write it, as a tuple of distinct non-negative ints."""
    if axis is None:
        return tuple(range(ndim))
    axes = tuple(axis) if isinstance(axis, tuple | list) else (axis,)
    for one in axes:
        if not -ndim <= one < ndim:
            raise ShapeError(
                f"axis {one} does not exist: {describe(operand)} has {ndim} axes,"
                f" so axis goes from {-ndim} to {ndim - 1}."
            )
    axes = tuple(one % ndim for one in axes)
    if len(set(axes)) != len(axes):
        raise ShapeError(f"axis {axis} names the same axis twice.")
    return axes


def _door(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = False,
    initial: Any = _missing,
    where: Any = _missing,
    **rest: Any,
) -> tuple[Any, dict[str, Any]]:
    if initial is not _missing or where is not _missing or rest or out is not None:
        named = [n for n, v in [("initial", initial), ("where", where)] if v is not _missing]
        named += [*rest] + (["out"] if out is not None else [])
        raise NotDifferentiable(
            f"A recorded reduction does not take {', '.join(named)}. Use np.where(condition, x, 0)"
            " before it, or combine its result with the initial value."
        )
    if dtype is not None:
        x = x.astype(dtype)
    return (x,), {"axis": canonical_axes(axis, np.ndim(x), x), "keepdims": bool(keepdims)}


def _extreme_door(x: Any, axis: Any = None, out: Any = None, **keywords: Any) -> Any:
    return _door(x, axis, None, out, **keywords)


def keep(value: Any, x_shape: tuple[int, ...], axis: tuple[int, ...]) -> Any:
    """`value`, reduced over `axis`, with those axes back at size 1."""
    if len(axis) == len(x_shape):
        return value.reshape((1,) * len(x_shape)) if value.shape else value
    shape = tuple(1 if i in axis else size for i, size in enumerate(x_shape))
    return value if value.shape == shape else value.reshape(shape)


def count(x_shape: tuple[int, ...], axis: tuple[int, ...]) -> int:
    """How many elements each reduced value stands for."""
    return math.prod(x_shape[i] for i in axis)


SUM: dict[str, Any] = {"keywords": ["axis", "keepdims"], "examples": EXAMPLES}

sum = primitive(
    np.sum,
    lambda g, x_shape, axis: keep(g, x_shape, axis),
    door=_door,
    symbol="Σ",
    latex=r"\sum {x}",
    precedence=1,
    **SUM,
)
mean = primitive(
    np.mean,
    lambda g, x_shape, axis: keep(g, x_shape, axis) / count(x_shape, axis),
    door=_door,
    latex=r"\operatorname{{mean}} {x}",
    **SUM,
)


def _prod_x(g: Any, x: Any, out: Any, x_shape: Any, axis: Any) -> Any:
    """The product of the others: out / x where nothing is zero, else formed one by one."""
    g = keep(g, x_shape, axis)
    if not axis:
        return g
    if not np.any(x == 0):
        return g * (keep(out, x_shape, axis) / x)
    order = [i for i in range(len(x_shape)) if i not in axis] + list(axis)
    rows = np.transpose(x, order).reshape((*[x_shape[i] for i in order[: -len(axis)]], -1))
    n = rows.shape[-1]
    others = np.where(np.eye(n, dtype=bool), 1, rows.reshape((*rows.shape[:-1], 1, n)))
    left = np.prod(others, axis=-1).reshape([x_shape[i] for i in order])
    return g * np.transpose(left, [order.index(i) for i in range(len(order))])


prod = primitive(
    np.prod,
    _prod_x,
    door=_door,
    symbol="Π",
    latex=r"\prod {x}",
    precedence=2,
    domain="nonzero",
    **SUM,
)


def _extreme_x(g: Any, x: Any, out: Any, x_shape: Any, axis: Any) -> Any:
    """Equal shares to all elements that tie for the extreme."""
    ties = x == keep(out, x_shape, axis)
    shares = ties.sum(axis=axis, keepdims=True)
    return np.where(ties, keep(g, x_shape, axis) / shares, 0)


max = primitive(
    np.max,
    _extreme_x,
    door=_extreme_door,
    also=[np.amax],
    latex=r"\max {x}",
    domain="distinct",
    **SUM,
)
min = primitive(
    np.min,
    _extreme_x,
    door=_extreme_door,
    also=[np.amin],
    latex=r"\min {x}",
    domain="distinct",
    **SUM,
)


def _spread_door(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    ddof: Any = 0,
    keepdims: Any = False,
    *,
    correction: Any = None,
    **rest: Any,
) -> tuple[Any, dict[str, Any]]:
    operands, keywords = _door(x, axis, dtype, out, keepdims, **rest)
    return operands, {**keywords, "ddof": ddof if correction is None else correction}


def _deviation(x: Any, axis: Any) -> Any:
    deviation = x - x.mean(axis=axis, keepdims=True)
    return np.conjugate(deviation) if x.dtype.kind == "c" else deviation


SPREAD_EXAMPLES = [
    example((3, 4)),
    example((3, 4), axis=0, ddof=1),
    example((2, 3, 4), axis=(0, -1), keepdims=True),
]
var = primitive(
    np.var,
    lambda g, x, x_shape, axis, ddof: (
        keep(g, x_shape, axis) * _deviation(x, axis) * (2 / (count(x_shape, axis) - ddof))
    ),
    door=_spread_door,
    keywords=["axis", "keepdims", "ddof"],
    latex=r"\operatorname{{var}} {x}",
    examples=SPREAD_EXAMPLES,
)


def _std_x(g: Any, x: Any, out: Any, x_shape: Any, axis: Any, ddof: Any) -> Any:
    """(x - mean) / ((n - ddof) std); 0 at every order where all are equal, as for a norm."""
    out = keep(out, x_shape, axis)
    size = np.where(out == 0, np.inf, out) * (count(x_shape, axis) - ddof)
    scale = keep(g, x_shape, axis) / size
    return scale * _deviation(x, axis)


std = primitive(
    np.std,
    _std_x,
    door=_spread_door,
    keywords=["axis", "keepdims", "ddof"],
    latex=r"\operatorname{{std}} {x}",
    examples=SPREAD_EXAMPLES,
)


def _logsumexp_door(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return (x,), {"axis": canonical_axes(axis, np.ndim(x), x), "keepdims": bool(keepdims)}


def _logsumexp_x(g: Any, x: Any, out: Any, x_shape: Any, axis: Any) -> Any:
    """The softmax of x, from the output; 0 where all of x is -inf."""
    out = keep(out, x_shape, axis)
    return keep(g, x_shape, axis) * np.exp(x - np.where(np.isfinite(out), out, 0))


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Logarithm of the sum of exponentials, computed without overflow.

    Parameters
    ----------
    x : Tensor or array
    axis : int, tuple of int, optional
        Axes summed over; all by default.
    keepdims : bool
        Keep the summed axes with size 1.

    Returns
    -------
    Tensor or array
        ``log(sum(exp(x)))``, shifted by the largest element (Higham, Blanchard, Higham,
        "Accurately computing the log-sum-exp and softmax functions", 2021, eq. 1.3).

    Examples
    --------
    >>> import autograd_core as ag
    >>> float(ag.logsumexp(ag.Tensor([1000.0, 1000.0])))
    1000.6931471805599
    """
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    with np.errstate(divide="ignore"):
        result = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    if keepdims:
        return result
    return np.squeeze(result, axis=axis)[()]


logsumexp = primitive(
    _logsumexp,
    _logsumexp_x,
    name="logsumexp",
    door=_logsumexp_door,
    latex=r"\ln \sum e^{{{x}}}",
    **SUM,
)
