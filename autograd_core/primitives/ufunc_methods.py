"""The methods of a ufunc: ``outer``, ``reduce``, ``accumulate``, ``reduceat`` (``at`` is refused).

Where NumPy has a function that is the same (``np.add.reduce`` is ``np.sum``), that is recorded.
Everything else is what the method means, written with the ufunc itself: ``f.reduce`` is
``f(f(x[0], x[1]), x[2])...``, one operation an element of the axis. (NumPy 2.4 itself departs from
that for ``np.power.reduce`` and ``np.arctan2.reduce`` along a contiguous axis: a fault of its.)
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from ..dispatch import METHODS, RECORDED, operation, plain, refuse
from ..errors import NotDifferentiable, ShapeError, raise_failed
from ..primitive import example, primitive
from .reduction import canonical_axes
from .ufunc_keywords import cast

_missing: Any = object()

#: ``ufunc.reduce`` and ``ufunc.accumulate`` that NumPy has as functions.
REDUCTIONS: dict[Any, Any] = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
}
SCANS: dict[Any, Any] = {np.add: np.cumsum, np.multiply: np.cumprod}
EXTREMES = {np.maximum, np.minimum, np.fmax, np.fmin}


def _settle(ufunc: np.ufunc, method: str, x: Any) -> None:
    """Refuse what NumPy refuses, in its words: methods of what does not take two numbers."""
    if ufunc not in RECORDED:
        raise refuse(ufunc)
    if ufunc.nin == 2 and ufunc.nout == 1 and ufunc.signature is None:
        return
    try:
        getattr(ufunc, method)(np.ones((1, 1)), *([0] if method == "reduceat" else []))
    except (ValueError, TypeError, RuntimeError) as error:
        raise_failed(f"{ufunc.__name__}.{method}", ("x",), (x,), _known(error))
    raise refuse(ufunc, f"its method .{method} is not recorded")


def _known(error: Exception) -> Exception:
    return TypeError(*error.args) if isinstance(error, RuntimeError) else error


def _converted(ufunc: np.ufunc, x: Any, dtype: Any) -> Any:
    """`x` in the dtype that the method computes in."""
    if dtype is not None:
        return cast(x, np.dtype(dtype))
    if ufunc in (np.add, np.multiply):  # which widen small integers
        return x
    try:
        return cast(x, ufunc.resolve_dtypes((x.dtype, x.dtype, None))[2])
    except TypeError as error:
        raise_failed(ufunc.__name__, ("x",), (x,), error)


# ------------------------------------------------------------------------------ outer, at


def outer(ufunc: np.ufunc, x: Any, y: Any, **keywords: Any) -> Any:
    """``ufunc`` of every element of `x` with every element of `y`."""
    if ufunc.signature is not None or ufunc.nin != 2:
        _settle(ufunc, "outer", x)
    x, y = (np.asarray(z) if isinstance(z, list | tuple) else z for z in (x, y))
    return ufunc(np.reshape(x, np.shape(x) + (1,) * np.ndim(y)), y, **keywords)


def at(ufunc: np.ufunc, x: Any, index: Any, *values: Any) -> Any:
    """Refused: it writes into its first operand."""
    del x, index, values
    instead = "ag.index_update(x, index, np.{0}(x[index]{1}))"
    if ufunc in (np.add, np.subtract):
        instead = (
            "ag.index_add(x, index, values)"
            if ufunc is np.add
            else ("ag.index_add(x, index, -values)")
        )
    raise NotDifferentiable(
        f"np.{ufunc.__name__}.at on a Tensor: it writes into its first operand, which would change"
        " values that the graph still needs. Use"
        f" {instead.format(ufunc.__name__, ', values' if ufunc.nin == 2 else '')} instead, which"
        " returns a new Tensor."
    )


# ------------------------------------------------------------------------------ reduce


def reduce(
    ufunc: np.ufunc,
    x: Any,
    axis: Any = 0,
    dtype: Any = None,
    keepdims: bool = False,
    initial: Any = _missing,
    where: Any = True,
) -> Any:
    """As ``ufunc.reduce``."""
    _settle(ufunc, "reduce", x)
    x = _converted(ufunc, x, dtype)
    if not np.ndim(x) and axis in (0, -1):
        axis = None  # NumPy lets a scalar have one axis here
    given: dict[str, Any] = {} if initial is _missing else {"initial": initial}
    if where is not True:
        given["where"] = plain(where)
    known = REDUCTIONS.get(ufunc)
    if known is not None and not (initial is None and not np.size(x)):
        return known(x, axis=axis, keepdims=keepdims, **given)
    if ufunc is np.logaddexp and not given and np.size(x):
        return operation.logsumexp(x, axis=axis, keepdims=keepdims)
    if ufunc in EXTREMES:
        return _reduce_extreme(ufunc, x, axis, keepdims, given)
    return _fold(ufunc, x, axis, keepdims, **given)


def _reduce_extreme(ufunc: np.ufunc, x: Any, axis: Any, keepdims: bool, given: Any) -> Any:
    """``np.fmax.reduce``: the largest that is a number; NaN where none is."""
    top = ufunc is np.fmax
    nothing = np.isnan(plain(x))
    filled = np.where(nothing, -np.inf if top else np.inf, x) if np.any(nothing) else x
    result = (np.max if top else np.min)(filled, axis=axis, keepdims=keepdims, **given)
    if not np.any(nothing) or given.get("initial") is not None:
        return result
    selected = given.get("where", True)
    alone = np.all(nothing | ~np.asarray(selected), axis=axis, keepdims=keepdims)
    return np.where(alone, x.dtype.type(np.nan), result) if np.any(alone) else result


def _fold(
    ufunc: np.ufunc,
    x: Any,
    axis: Any,
    keepdims: bool,
    initial: Any = _missing,
    where: Any = _missing,
) -> Any:
    """``f(f(x[0], x[1]), x[2])...`` along the axes, those of each result in memory order."""
    shape, axes = np.shape(x), canonical_axes(axis, np.ndim(x), x)
    name = f"np.{ufunc.__name__}.reduce"
    if len(axes) > 1 and ufunc.identity is None:
        raise ShapeError(
            f"{name}: the order of the elements matters to it, so it takes one axis at a time, not"
            f" {axis}."
        )
    rest = tuple(size for i, size in enumerate(shape) if i not in axes)
    count = math.prod(shape[i] for i in axes)
    if initial is None or initial is _missing:
        identity = ufunc.identity if initial is _missing else None
        initial = _missing
        if not count or where is not _missing:
            if identity is None:
                how = "with where=" if count else "of no elements"
                raise ShapeError(f"{name}: {how} it needs initial=, for it has no identity.")
            initial = identity
    steps = list(_rows(x, axes, count, rest))
    if initial is _missing:
        total, steps = steps[0], steps[1:]
    else:
        total = np.broadcast_to(cast(initial, x.dtype), rest)
        if not steps and not hasattr(total, "_array"):
            total = type(x)(total, requires_grad=False)
    if where is _missing:
        for step in steps:
            total = ufunc(total, step)
    else:
        try:
            masks = np.broadcast_to(np.asarray(where), shape)
        except ValueError as error:
            raise_failed(name, ("x", "where"), (x, where), error)
        for step, mask in zip(steps, _rows(masks, axes, count, rest), strict=True):
            total = np.where(mask, ufunc(total, step), total)
    if keepdims:
        return np.reshape(total, tuple(1 if i in axes else n for i, n in enumerate(shape)))
    return total


def _rows(x: Any, axes: tuple[int, ...], count: int, rest: tuple[int, ...]) -> Iterator[Any]:
    """The parts of `x` that follow each other along `axes`, each of the shape `rest`."""
    if not count:
        return iter(())
    first = np.moveaxis(x, axes, tuple(range(len(axes))))
    parts = np.split(np.reshape(first, (count, *rest)), count, axis=0)
    return (np.reshape(part, rest) for part in parts)


# ------------------------------------------------------------------------------ accumulate


def accumulate(ufunc: np.ufunc, x: Any, axis: int = 0, dtype: Any = None) -> Any:
    """As ``ufunc.accumulate``."""
    _settle(ufunc, "accumulate", x)
    x = _converted(ufunc, x, dtype)
    if not np.ndim(x):
        raise ShapeError(f"np.{ufunc.__name__}.accumulate: a scalar has no axis to go along.")
    (axis,) = canonical_axes(axis, np.ndim(x), x)
    if ufunc in SCANS and SCANS[ufunc] in RECORDED:
        return SCANS[ufunc](x, axis=axis)
    if ufunc in EXTREMES:
        return _running_extreme(ufunc, x, axis)
    if ufunc is np.logaddexp:
        return operation.logcumsumexp(x, axis=axis)
    size = np.shape(x)[axis]
    if size < 2:
        return np.copy(x)
    rest = np.shape(x)[:axis] + np.shape(x)[axis + 1 :]
    total, *steps = _rows(x, (axis,), size, rest)
    totals = [total]
    for step in steps:
        totals.append(ufunc(totals[-1], step))
    return np.stack(totals, axis=axis)


def _running_extreme(ufunc: np.ufunc, x: Any, axis: int) -> Any:
    """Each element of the result is one of `x`: at a tie the latest, as in ``torch.cummax``."""
    values = plain(x)
    leads = values == ufunc.accumulate(values, axis=axis)
    if ufunc in (np.maximum, np.minimum):
        leads |= np.isnan(values)
    shape = [1] * values.ndim
    shape[axis] = -1
    places = np.where(leads, np.arange(values.shape[axis]).reshape(shape), 0)
    index = list(np.ix_(*map(np.arange, values.shape)))
    index[axis] = np.maximum.accumulate(places, axis=axis)
    return x[tuple(index)]


# ------------------------------------------------------------------------------ reduceat


def _segments(indices: Any, size: int) -> list[tuple[int, int]]:
    """From where to where each element of ``reduceat`` reaches; at least one element."""
    stops = pairwise([*map(int, indices), size])
    return [(start, max(stop, start + 1)) for start, stop in stops]


def reduceat(ufunc: np.ufunc, x: Any, indices: Any, axis: int = 0, dtype: Any = None) -> Any:
    """As ``ufunc.reduceat``."""
    _settle(ufunc, "reduceat", x)
    x, indices = _converted(ufunc, x, dtype), np.array(plain(indices), int)
    (axis,) = canonical_axes(axis, np.ndim(x), x)
    size = np.shape(x)[axis]
    if indices.ndim != 1 or np.any((indices < 0) | (indices >= size)):
        raise ShapeError(
            f"np.{ufunc.__name__}.reduceat: the indices are a vector of ints from 0 to {size - 1},"
            f" for axis {axis} has {size} elements; given: {indices.tolist()}."
        )
    if ufunc is np.add:
        return sum_at(x, indices, axis)
    lead = (slice(None),) * axis
    return np.stack(
        [
            reduce(ufunc, x[(*lead, slice(start, stop))], axis)
            for start, stop in _segments(indices, size)
        ],
        axis=axis,
    )


def _sum_at_x(g: Any, x_shape: Any, indices: Any, axis: int) -> Any:
    """To each element the gradients of the sums that it is in."""
    segments = _segments(indices, x_shape[axis])
    elements = np.concatenate([np.arange(*segment) for segment in segments])
    sums = np.repeat(np.arange(len(segments)), [stop - start for start, stop in segments])
    lead = (slice(None),) * axis
    return operation.scatter(g[(*lead, sums)], x_shape, (*lead, elements))


sum_at = primitive(
    lambda x, indices, axis=0: np.add.reduceat(x, indices, axis=axis),
    _sum_at_x,
    name="add.reduceat",
    door=lambda x, indices, axis=0: ((x,), {"indices": indices, "axis": axis}),
    keywords=["indices", "axis"],
    symbol="Σ",
    latex=r"\sum {x}",
    examples=[
        example((6,), indices=[0, 2, 3]),
        example((2, 5), indices=[1, 0, 0, 3], axis=1),
        example((5,), indices=[4]),
    ],
)

METHODS.update(
    {"outer": outer, "at": at, "reduce": reduce, "accumulate": accumulate, "reduceat": reduceat}
)
