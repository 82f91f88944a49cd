"""Slopes from values alone: what ``checking.py`` compares gradients with.

Central differences of order 4, with a step that is made smaller until two neighbours agree, so
that a kink, a pole or the edge of a domain near the point does not spoil them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

#: Steps to try, relative to the size of the element (at least 1).
STEPS = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)

Values = list[Any]
Function = Callable[[Values], Values]


@dataclass(frozen=True)
class Slope:
    """How fast the outputs change with one element of one input.

    Attributes
    ----------
    columns : list of array
        The change of each output.
    value : float
        Weighted with the cotangents, and added up.
    step : float
        The step used.
    doubt : float
        How far the estimate at the next step is from this one.
    noise : float
        What rounding can do to `value`.
    """

    columns: Values
    value: float
    step: float
    doubt: float
    noise: float


def inner(a: Sequence[Any], b: Sequence[Any]) -> float:
    """Real inner product of two lists of arrays."""
    return float(sum(np.sum(np.conj(x) * y).real for x, y in zip(a, b, strict=True)))


def size(a: Sequence[Any], b: Sequence[Any]) -> float:
    """What the rounding of ``inner`` is relative to."""
    return float(sum(np.sum(np.abs(x) * np.abs(y)) for x, y in zip(a, b, strict=True)))


def slope(
    function: Function,
    arrays: Values,
    place: tuple[int, tuple[int, ...]],
    cotangents: Values,
    scale: float,
    *,
    step: float | None = None,
    unit: complex = 1.0,
    relative: float = 1e-8,
) -> Slope:
    """The slope of ``<cotangents, function(arrays)>`` in one element.

    Parameters
    ----------
    function : callable
        From a list of arrays to a list of arrays.
    arrays : list of array
        In double precision.
    place : (int, tuple of int)
        Which array, and which element of it.
    cotangents : list of array
    scale : float
        The size of the terms of ``<cotangents, outputs>``.
    step : float, optional
        The step to use; by default the largest at which two neighbours agree.
    unit : 1 or 1j
        Direction in the complex plane.
    relative : float
        How well they must agree.
    """
    where, index = place
    length = max(1.0, float(np.abs(arrays[where][index])))
    epsilon = float(np.finfo(np.float64).eps)
    best: Slope | None = None
    before: Slope | None = None
    for fraction in (step, step / 4) if step else STEPS:
        h = fraction if step else fraction * length
        noise = 4 * epsilon * scale / h
        columns = _stencil(function, arrays, place, h, unit)
        value = inner(cotangents, columns)
        if before is not None:
            doubt = abs(value - before.value)
            candidate = Slope(before.columns, before.value, before.step, doubt, before.noise)
            if best is None or not doubt >= best.doubt:
                best = candidate
            if np.isfinite(value) and doubt <= relative * abs(value) + noise:
                return candidate
        before = Slope(columns, value, h, np.inf, noise)
    assert best is not None
    return best


def _stencil(
    function: Function, arrays: Values, place: tuple[int, tuple[int, ...]], h: float, unit: complex
) -> Values:
    ahead, behind = (at(function, arrays, place, k * h * unit) for k in (1, -1))
    far, back = (at(function, arrays, place, k * h * unit) for k in (2, -2))
    with np.errstate(all="ignore"):
        return [
            (8 * (a - b) - (f - c)) / (12 * h)
            for a, b, f, c in zip(ahead, behind, far, back, strict=True)
        ]


def one_sided(
    function: Function,
    arrays: Values,
    place: tuple[int, tuple[int, ...]],
    cotangents: Values,
    step: float,
) -> tuple[float, float]:
    """The slopes from the left and from the right, in the real direction."""
    middle = at(function, arrays, place, 0.0)

    def towards(h: float) -> float:
        moved = at(function, arrays, place, h)
        with np.errstate(all="ignore"):
            return inner(cotangents, [(m - x) / h for m, x in zip(moved, middle, strict=True)])

    return towards(-step), towards(step)


def at(
    function: Function, arrays: Values, place: tuple[int, tuple[int, ...]], change: complex
) -> Values:
    """The values of `function` with one element moved."""
    where, index = place
    moved = np.array(arrays[where])
    moved[index] += change if moved.dtype.kind == "c" else change.real
    return function([*arrays[:where], moved[()], *arrays[where + 1 :]])
