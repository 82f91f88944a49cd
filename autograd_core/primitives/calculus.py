"""Differences and integrals of sampled functions: diff, ediff1d, gradient, trapezoid."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError, describe
from ..primitive import derived, example, primitive
from .reduction import canonical_axes

_missing: Any = np._NoValue


def as_array(x: Any) -> Any:
    """A list or a number as an array; an array or a Tensor as it is."""
    return x if hasattr(x, "dtype") else np.asarray(x)


def part(axis: int, start: int | None, stop: int | None) -> tuple[slice, ...]:
    """The index of a range along one axis."""
    return (slice(None),) * axis + (slice(start, stop),)


# ------------------------------------------------------------------------------ differences


def _diff_door(
    x: Any, n: int = 1, axis: int = -1, prepend: Any = _missing, append: Any = _missing
) -> tuple[Any, dict[str, Any]]:
    if n < 0:
        raise ValueError(f"n, how often to take differences, cannot be negative; it is {n}")
    if np.ndim(x) == 0:
        raise ShapeError("diff needs at least one axis to take differences along.")
    (axis,) = canonical_axes(axis, np.ndim(x), x)
    ends = [None if end is _missing else as_array(end) for end in (prepend, append)]
    before, after = (_one_row(end, np.shape(x), axis) for end in ends)
    if n and (before is not None or after is not None):
        x = np.concatenate([end for end in (before, x, after) if end is not None], axis=axis)
    return (x,), {"n": n, "axis": axis}


def _one_row(end: Any, shape: tuple[int, ...], axis: int) -> Any:
    """A number before or after the first element, for all of an axis."""
    if end is None or end.ndim:
        return end
    return np.broadcast_to(end, (*shape[:axis], 1, *shape[axis + 1 :]))


def _diff_x(g: Any, x_shape: Any, n: int, axis: int) -> Any:
    """The transposed matrix: differences of g between zeros, with the sign of (-1)ⁿ."""
    if n >= x_shape[axis]:
        return np.zeros(x_shape)
    shape = (*x_shape[:axis], n, *x_shape[axis + 1 :])
    ends = np.zeros(shape, g.dtype)
    differences = np.diff(g, n, axis, prepend=ends, append=ends)
    return -differences if n % 2 else differences


diff = primitive(
    np.diff,
    _diff_x,
    compute=lambda x, n, axis: np.diff(x, n, axis).copy() if n == 0 else np.diff(x, n, axis),
    door=_diff_door,
    keywords=["n", "axis"],
    symbol="Δ",
    latex=r"\Delta {x}",
    examples=[
        example((5,)),
        example((3, 4), n=2, axis=0),
        example((2, 5), n=3, axis=-1, prepend=0.5, append=np.ones((2, 2))),
        example((2, 3), n=0),
        example((2, 3), n=4),
    ],
)


@derived(np.ediff1d)
def ediff1d(x: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """As ``numpy.ediff1d``: differences of the flattened array, between `to_begin` and `to_end`."""
    x = np.ravel(as_array(x))
    parts = []
    for name, end in (("to_begin", to_begin), ("to_end", to_end)):
        if end is None:
            continue
        end = np.ravel(as_array(end))
        if not np.can_cast(end.dtype, x.dtype, casting="same_kind"):
            raise DTypeError(
                f"ediff1d: {name} would lose something in the dtype of x ({describe(end, name)};"
                f" {describe(x, 'x')}). Convert it, or x, first."
            )
        parts.append((name, np.astype(end, x.dtype)))
    ends = dict(parts)
    middle = x[1:] - x[:-1]
    joined = [ends.get("to_begin"), middle, ends.get("to_end")]
    return np.concatenate([one for one in joined if one is not None]) if ends else middle


# ------------------------------------------------------------------------------ derivative


def _spacings(x: Any, spacings: tuple[Any, ...], axes: tuple[int, ...]) -> list[Any]:
    """For each axis the distance of the samples, or the distances between them."""
    if not spacings:
        return [1.0] * len(axes)
    if len(spacings) == 1 and np.ndim(spacings[0]) == 0:
        return list(spacings) * len(axes)
    if len(spacings) != len(axes):
        raise DTypeError(
            f"gradient: {len(spacings)} spacings were given for {len(axes)} axes. Give one number"
            " for all, or for each axis a number or the coordinates."
        )
    return [_distances(given, x.shape[axis]) for given, axis in zip(spacings, axes, strict=True)]


def _distances(given: Any, count: int) -> Any:
    """A number as it is; coordinates as their differences."""
    given = as_array(given)
    if given.ndim == 0:
        return given
    if given.ndim > 1 or len(given) != count:
        raise ShapeError(
            f"gradient: the coordinates along an axis of {count} samples must be {count} numbers"
            f" ({describe(given)})."
        )
    distances = np.diff(np.astype(given, float) if given.dtype.kind in "iu" else given)
    if not getattr(distances, "requires_grad", False) and np.all(distances == distances[0]):
        return distances[0]  # as NumPy does: the uniform formula rounds less
    return distances


def _weights(h: Any, edge_order: int) -> tuple[Any, Any, Any]:
    """The finite-difference weights: inside, at the first and at the last sample.

    At an end of order 1 it is the distance of the two samples there.
    """
    if h.ndim == 0:
        if edge_order == 1:
            return None, h, h
        first = (-1.5 / h, 2.0 / h, -0.5 / h)
        return None, first, tuple(-weight for weight in reversed(first))
    before, after = h[:-1], h[1:]
    whole = before + after
    inside = (
        -after / (before * whole),
        (after - before) / (before * after),
        before / (after * whole),
    )
    if edge_order == 1:
        return inside, h[0], h[-1]
    a, b = h[0], h[1]
    first = (-(2.0 * a + b) / (a * (a + b)), (a + b) / (a * b), -a / (b * (a + b)))
    a, b = h[-2], h[-1]
    last = (b / (a * (a + b)), -(b + a) / (a * b), (2.0 * b + a) / (b * (a + b)))
    return inside, first, last


def _along(x: Any, h: Any, axis: int, edge_order: int) -> Any:
    """The derivative along one axis: second order inside, `edge_order` at the ends."""
    size = x.shape[axis]
    if size < edge_order + 1:
        raise ShapeError(
            f"gradient: axis {axis} has {size} samples; edge_order={edge_order} needs at least"
            f" {edge_order + 1}."
        )
    h = as_array(h)
    inside, first, last = _weights(h, edge_order)
    left, middle, right = (x[part(axis, i, size - 2 + i)] for i in range(3))
    if inside is None:
        interior = (right - left) / (2.0 * h)
    else:
        shape = [-1 if i == axis else 1 for i in range(x.ndim)]
        a, b, c = (np.reshape(weight, shape) for weight in inside)
        interior = a * left + b * middle + c * right
    edges = []
    for weights, start in ((first, 0), (last, size - edge_order - 1)):
        near = [x[part(axis, start + i, start + i + 1)] for i in range(edge_order + 1)]
        if edge_order == 1:
            edges.append((near[1] - near[0]) / weights)
        else:
            edges.append(weights[0] * near[0] + weights[1] * near[1] + weights[2] * near[2])
    return np.concatenate([edges[0], interior, edges[1]], axis=axis, dtype=x.dtype)


@derived(np.gradient)
def gradient(x: Any, *spacings: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """As ``numpy.gradient``; the spacings and coordinates may record, too."""
    x = as_array(x)
    if x.dtype.kind not in "fc":
        x = np.astype(x, float)
    if edge_order > 2:
        raise ValueError("gradient: edge_order is 1 or 2.")
    axes = canonical_axes(axis, x.ndim, x)
    distances = _spacings(x, spacings, axes)
    results = tuple(_along(x, h, one, edge_order) for h, one in zip(distances, axes, strict=True))
    return results[0] if len(results) == 1 else results


# ------------------------------------------------------------------------------ integral


@derived(np.trapezoid)
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """As ``numpy.trapezoid``: ``sum(Δx (y[i] + y[i + 1]) / 2)``; `x` may record, too."""
    y = as_array(y)
    (axis,) = canonical_axes(axis, y.ndim, y)
    if x is None:
        widths = dx
    else:
        x = as_array(x)
        widths = np.diff(x) if x.ndim == 1 else np.diff(x, axis=axis)
        if x.ndim == 1:
            widths = np.reshape(widths, [-1 if i == axis else 1 for i in range(y.ndim)])
    heights = y[part(axis, 1, None)] + y[part(axis, None, -1)]
    return np.sum(widths * heights / 2.0, axis=axis)
