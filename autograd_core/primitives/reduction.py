"""Reductions over axes: sum, mean, product, and log-sum-exp; what all reductions share.

The door makes `axis` a tuple of non-negative ints. A rule brings its values back to the rank of
the operand with `keep`; spreading them over the reduced axes is broadcasting, and where a rule
returns something still reduced, the engine spreads it.

Elements that ``where=`` leaves out get the gradient 0. The rules take the mask as `where`, None
for all; those of the functions that skip NaN (``nan.py``) are these, with a mask.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ..conversion import DIFFERENTIABLE_KINDS
from ..dispatch import plain
from ..errors import NotDifferentiable, ShapeError, describe
from ..primitive import example, primitive

#: What NumPy takes as "not given".
_missing: Any = np._NoValue

MASK = np.array([[True, False, True, True], [True, True, True, True], [False, True, False, False]])

EXAMPLES = [
    example((3, 4)),
    example((3, 4), axis=0),
    example((2, 3, 4), axis=(0, -1), keepdims=True),
    example((2, 3), axis=()),
    example(()),
    example((1, 4), axis=0),
    example((3, 4), axis=1, dtype="float64"),
]
MASKED = [
    example((3, 4), axis=1, where=MASK),
    example((2, 3, 4), axis=(0, 2), where=MASK, keepdims=True),
    example((3, 4), where=[[True], [False], [True]]),
]
STARTED = [
    example((3, 4), initial=()),
    example((3, 4), axis=0, initial=0.7, keepdims=True),
    example((3, 4), axis=-1, initial=(), where=MASK),
    example((0, 3), axis=0, initial=()),
]


def canonical_axes(axis: Any, ndim: int, operand: Any = None) -> tuple[int, ...]:
    """`axis` as users write it, as a tuple of distinct non-negative ints."""
    if axis is None:
        return tuple(range(ndim))
    axes = tuple(axis) if isinstance(axis, tuple | list) else (axis,)
    for one in axes:
        if not -ndim <= operator.index(one) < ndim:
            raise ShapeError(
                f"axis {one} does not exist: {describe(operand)} has {ndim} axes,"
                f" so axis goes from {-ndim} to {ndim - 1}."
            )
    axes = tuple(operator.index(one) % ndim for one in axes)
    if len(set(axes)) != len(axes):
        raise ShapeError(f"axis {axis} names the same axis twice.")
    return axes


def refuse_out(out: Any) -> None:
    """Say why there is no ``out=``, for those who give it by position."""
    if out is not None and out is not _missing:
        raise NotDifferentiable(
            "out= would overwrite an array that the reverse pass may need. Leave it away and use"
            " the result."
        )


def given_dtype(x: Any, dtype: Any) -> tuple[Any, dict[str, Any]]:
    """The operand and the keyword for ``dtype=``; with integers or booleans the history ends."""
    if dtype is None or dtype is _missing:
        return x, {}
    dtype = np.dtype(dtype)
    return (x if dtype.kind in DIFFERENTIABLE_KINDS else constant(x)), {"dtype": dtype}


def constant(x: Any) -> Any:
    """A Tensor without its history; anything else as it is."""
    return x.detach() if hasattr(x, "detach") else x


def given_mask(where: Any) -> dict[str, Any]:
    """The keyword for ``where=``: a copy, for its owner may change it before the reverse pass."""
    if where is _missing or where is True or where is None:
        return {}
    return {"where": np.array(plain(where), bool)}


def door(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = False,
    *,
    where: Any = _missing,
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The operand and the canonical keywords of a reduction."""
    refuse_out(out)
    x, keywords = given_dtype(x, dtype)
    axes = canonical_axes(axis, np.ndim(x), x)
    kept = keepdims is not _missing and bool(keepdims)
    return (x,), {"axis": axes, "keepdims": kept, **keywords, **given_mask(where)}


def started_door(
    x: Any,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    keepdims: Any = False,
    initial: Any = _missing,
    where: Any = _missing,
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """As `door`, with the initial value as a second operand (None where there is none)."""
    operands, keywords = door(x, axis, dtype, out, keepdims, where=where)
    return (*operands, None if initial is _missing else initial), keywords


def _sum_door(
    x: Any, axis: Any = None, *rest: Any, **given: Any
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    if not rest and not given:  # nearly always, and in every training step
        return (x,), {"axis": canonical_axes(axis, np.ndim(x), x), "keepdims": False}
    operands, keywords = started_door(x, axis, *rest, **given)
    return (operands[:1] if operands[1] is None else operands), keywords


def starting(function: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's reduction with its initial value as the second argument."""

    def compute(x: Any, initial: Any = None, **keywords: Any) -> Any:
        if initial is None:
            return function(x, **keywords)
        return function(x, initial=initial, **keywords)

    return compute


def keep(value: Any, x_shape: tuple[int, ...], axis: tuple[int, ...]) -> Any:
    """`value`, reduced over `axis`, with those axes back at size 1."""
    if len(axis) == len(x_shape):
        return value.reshape((1,) * len(x_shape)) if value.shape else value
    shape = tuple(1 if i in axis else size for i, size in enumerate(x_shape))
    return value if value.shape == shape else value.reshape(shape)


def masked(value: Any, where: Any) -> Any:
    """`value` where the mask is set, else 0."""
    return value if where is None else np.where(where, value, 0)


def count(x_shape: tuple[int, ...], axis: tuple[int, ...], where: Any = None) -> Any:
    """How many elements each reduced value stands for; of a mask, with the axes kept."""
    if where is None:
        return math.prod(x_shape[i] for i in axis)
    return np.broadcast_to(where, x_shape).sum(axis=axis, keepdims=True)


def sum_x(g: Any, x_shape: Any, axis: Any, where: Any) -> Any:
    """The same for every element."""
    return masked(keep(g, x_shape, axis), where)


KEYWORDS = ["axis", "keepdims", "dtype", "where"]
SUM: dict[str, Any] = {"keywords": KEYWORDS, "examples": EXAMPLES + MASKED + STARTED}
sum = primitive(
    np.sum,
    x=sum_x,
    initial=lambda g: g,
    compute=starting(np.sum),
    door=_sum_door,
    symbol="Σ",
    latex=r"\sum {x}",
    javascript="{x} + ({initial} ?? 0)",
    precedence=1,
    **SUM,
)


def mean_x(g: Any, x_shape: Any, axis: Any, where: Any) -> Any:
    """An equal part for every element."""
    if where is None:
        return keep(g, x_shape, axis) / count(x_shape, axis)
    return masked(keep(g, x_shape, axis) / np.maximum(count(x_shape, axis, where), 1), where)


mean = primitive(
    np.mean,
    mean_x,
    door=door,
    latex=r"\operatorname{{mean}} {x}",
    javascript="{x}",
    keywords=KEYWORDS,
    examples=EXAMPLES + MASKED,
)


def prod_x(g: Any, x: Any, initial: Any, out: Any, x_shape: Any, axis: Any, where: Any) -> Any:
    """The product of the others: out / x where nothing is zero, else formed one by one."""
    g = keep(g, x_shape, axis)
    x = x if where is None else np.where(where, x, 1)
    if axis and not np.any(x == 0):
        return masked(g * (keep(out, x_shape, axis) / x), where)
    if initial is not None:
        g = g * initial
    return masked(g * _others(x, axis) if axis else g, where)


def _others(x: Any, axis: Any) -> Any:
    """For each element the product of all others along `axis`."""
    order = [i for i in range(x.ndim) if i not in axis] + list(axis)
    rows = np.transpose(x, order).reshape((*[x.shape[i] for i in order[: -len(axis)]], -1))
    n = rows.shape[-1]
    others = np.where(np.eye(n, dtype=bool), 1, rows.reshape((*rows.shape[:-1], 1, n)))
    left = np.prod(others, axis=-1).reshape([x.shape[i] for i in order])
    return np.transpose(left, [order.index(i) for i in range(len(order))])


prod = primitive(
    np.prod,
    x=prod_x,
    initial=lambda g, x, axis, keepdims, where: (
        g * np.prod(x, axis=axis, keepdims=keepdims, where=_missing if where is None else where)
    ),
    compute=starting(np.prod),
    door=started_door,
    symbol="Π",
    latex=r"\prod {x}",
    javascript="{x} * ({initial} ?? 1)",
    precedence=2,
    domain="nonzero",
    **SUM,
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
    keywords=["axis", "keepdims"],
    examples=EXAMPLES[:-1],
)
