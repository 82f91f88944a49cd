"""A line search that ends where the strong Wolfe conditions hold.

Nocedal & Wright, "Numerical optimization", 2nd edition, Springer 2006: algorithms 3.5 (bracketing)
and 3.6 (zoom), with cubic interpolation (equation 3.59) and the safeguards of Schmidt's minFunc.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

__all__ = ["Point", "cubic_minimum", "strong_wolfe"]

SUFFICIENT = 1e-4  # c1: share of the decrease that the slope promises which must be there
CURVATURE = 0.9  # c2: share of the slope at the start that may be left
MOST_EVALUATIONS = 25


@dataclass(frozen=True, slots=True)
class Point:
    """A step length along the direction, and what was found there.

    Examples
    --------
    >>> import numpy as np
    >>> Point(0.5, 2.0, np.array([1.0]), -1.0).slope
    -1.0
    """

    length: float
    value: float
    gradient: NDArray[Any]
    slope: float  # of the value along the direction


def strong_wolfe(
    evaluate: Callable[[float], Point], start: Point, length: float, tolerance: float = 0.0
) -> tuple[Point, int]:
    """Find a step length that satisfies the strong Wolfe conditions.

    Parameters
    ----------
    evaluate : function of the step length, returning a Point
    start : Point
        That of length 0; its slope is negative.
    length : float
        The first length to try.
    tolerance : float
        A bracket narrower than this is not divided further.

    Returns
    -------
    point : Point
        The best found; the conditions may fail there when evaluations ran out.
    evaluations : int

    Examples
    --------
    >>> import numpy as np
    >>> def parabola(t):
    ...     return Point(t, (t - 3.0) ** 2, np.array([2 * t - 6]), 2 * t - 6)
    >>> best, evaluations = strong_wolfe(parabola, parabola(0.0), 1.0)
    >>> best.length, evaluations
    (1.0, 1)
    """
    low, high, tried, done = _bracket(evaluate, start, length)
    if done or high is None:
        return low, tried
    return _zoom(evaluate, start, low, high, tried, tolerance)


def _bracket(
    evaluate: Callable[[float], Point], start: Point, length: float
) -> tuple[Point, Point | None, int, bool]:
    """Lengthen the step until a minimum lies between two points, the better of them first."""
    previous, point = start, evaluate(length)
    for tried in range(1, MOST_EVALUATIONS + 1):
        if _too_high(point, start) or (tried > 2 and point.value >= previous.value):
            return *_ordered(previous, point), tried, False
        if abs(point.slope) <= -CURVATURE * start.slope:
            return point, None, tried, True
        if point.slope >= 0:
            return *_ordered(previous, point), tried, False
        nearest = point.length + 0.01 * (point.length - previous.length)
        longer = cubic_minimum(previous, point, (nearest, 10.0 * point.length))
        previous, point = point, evaluate(longer)
    return *_ordered(start, point), MOST_EVALUATIONS + 1, False


def _zoom(  # one loop of the book
    evaluate: Callable[[float], Point],
    start: Point,
    low: Point,
    high: Point,
    tried: int,
    tolerance: float,
) -> tuple[Point, int]:
    """Divide the bracket until a point in it satisfies the conditions."""
    hesitated = False
    while tried <= MOST_EVALUATIONS:
        left, right = sorted((low.length, high.length))
        if right - left < tolerance:
            break
        first, second = (low, high) if low.length < high.length else (high, low)
        length = cubic_minimum(first, second, (left, right))
        margin = 0.1 * (right - left)
        near_an_end = min(right - length, length - left) < margin
        if near_an_end and (hesitated or not left < length < right):
            # Two steps next to an end, or none at all: move inside, or it would creep.
            length = right - margin if right - length < length - left else left + margin
            hesitated = False
        else:
            hesitated = near_an_end
        point = evaluate(length)
        tried += 1
        if _too_high(point, start) or point.value >= low.value:
            low, high = _ordered(low, point)
        else:
            if abs(point.slope) <= -CURVATURE * start.slope:
                return point, tried
            if point.slope * (high.length - low.length) >= 0:
                high = low
            low = point
    return low, tried


def _too_high(point: Point, start: Point) -> bool:
    return not point.value <= start.value + SUFFICIENT * point.length * start.slope


def _ordered(one: Point, other: Point) -> tuple[Point, Point]:
    return (one, other) if one.value <= other.value or math.isnan(other.value) else (other, one)


def cubic_minimum(one: Point, other: Point, bounds: tuple[float, float]) -> float:
    """Where the cubic through two points, with their slopes, is smallest within `bounds`.

    Examples
    --------
    >>> import numpy as np
    >>> a, b = (Point(t, (t - 3.0) ** 2, np.array([]), 2 * t - 6) for t in (0.0, 5.0))
    >>> round(cubic_minimum(a, b, (0.0, 5.0)), 12)
    3.0
    """
    if one.length > other.length:
        one, other = other, one
    span = other.length - one.length
    middle = sum(bounds) / 2.0
    if span == 0.0:
        return middle
    first = one.slope + other.slope - 3.0 * (one.value - other.value) / (-span)
    inner = first * first - one.slope * other.slope
    if not inner >= 0.0:
        return middle
    root = math.sqrt(inner)
    below = other.slope - one.slope + 2.0 * root
    if below == 0.0:
        return middle
    length = other.length - span * ((other.slope + root - first) / below)
    return min(max(length, bounds[0]), bounds[1])
