"""Order statistics: median, quantile, percentile, and the same without NaN.

Each result is ``(1 - t) * low + t * high`` of two elements that are neighbours in order. The value
is NumPy's own; the rules find the two elements again. Elements that tie with one of them share
its gradient equally (PyTorch's convention for ``median`` of a whole array, and this engine's for
``max``), so that the gradient does not depend on how a sort breaks ties. A quantile at an element
(``t == 0``) has as its slope in `q` that of the interval above.

Where the result is NaN because an element is, the NaNs share the gradient; the functions that skip
NaN give those elements 0.

References
----------
.. [1] R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American
   Statistician 50 (1996), pages 361-365: the methods and their α and β.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import ShapeError, describe
from ..primitive import example, primitive
from .indexing import add_at, scatter
from .reduction import KEYWORDS, canonical_axes, refuse_out

_missing: Any = np._NoValue

#: α and β of the methods that interpolate between any two neighbours [1].
CONTINUOUS: dict[str, tuple[float, float]] = {
    "linear": (1, 1),
    "hazen": (0.5, 0.5),
    "weibull": (0, 0),
    "interpolated_inverted_cdf": (0, 1),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}


class Rows:
    """The elements of `x` as rows to take an order statistic of, and the order in each.

    Attributes
    ----------
    rows : Tensor or array, shape (R, N)
    order : array of int, shape (R, N)
        What sorts each row, NaN last.
    home : array of int, shape (R, N)
        For each element the place of the first in order that equals it: where ties meet.
    ties : array of int, shape (R, N)
        How many elements meet at each such place (1 elsewhere).
    count : array of int, shape (R,)
        How many elements take part.
    """

    def __init__(self, x: Any, axis: tuple[int, ...], skip_nan: bool) -> None:
        self.axes = [i for i in range(x.ndim) if i not in axis] + list(axis)
        self.shape = tuple(x.shape[i] for i in self.axes)
        length = math.prod(x.shape[i] for i in axis)
        height = math.prod(self.shape[: x.ndim - len(axis)])
        self.rows = np.reshape(np.transpose(x, self.axes), (height, length))
        values = plain(self.rows)
        self.order = np.argsort(values, axis=1, kind="stable")
        self.number = np.arange(height)
        ordered = np.take_along_axis(values, self.order, axis=1)
        missing = np.isnan(ordered)
        same = (ordered[:, 1:] == ordered[:, :-1]) | (missing[:, 1:] & missing[:, :-1])
        first = np.ones(ordered.shape, bool)
        first[:, 1:] = ~same
        start = np.maximum.accumulate(np.where(first, np.arange(length), 0), axis=1)
        self.start, self.ordered = start, ordered
        self.home = np.empty_like(start)
        np.put_along_axis(self.home, self.order, start, axis=1)
        self.ties = np.zeros(start.shape, int)
        add_at(self.ties, (self.number[:, None], start), 1)
        self.ties = np.maximum(self.ties, 1)
        self.skip_nan, self.missing = skip_nan, missing
        self.count = length - missing.sum(axis=1) if skip_nan else np.full(height, length)

    def spread(self, parts: list[tuple[Any, Any]]) -> Any:
        """The gradient at x: each ``(place, share)``, of shape (Q, R), to the elements there."""
        total: Any = 0
        for place, share in parts:
            index = (self.number[None, :], self.start[self.number[None, :], place])
            total = total + scatter(share, self.start.shape, index)
        rows = (total / self.ties)[self.number[:, None], self.home]
        if self.skip_nan:
            rows = np.where(np.isnan(plain(self.rows)), 0, rows)
        back = [self.axes.index(i) for i in range(len(self.axes))]
        return np.transpose(np.reshape(rows, self.shape), back)

    def at(self, place: Any) -> Any:
        """The elements at the places (Q, R) in order."""
        number = self.number[None, :]
        return self.rows[number, self.order[number, place]]

    def places(self, q: Any, out: Any, method: str, weighted: bool) -> tuple[Any, Any, Any]:
        """Where the two neighbours are in order, and how far between them: (Q, R) each."""
        n = self.count[None, :]
        levels = np.reshape(q, (-1, 1))
        known = plain(levels)
        if weighted or method not in (*CONTINUOUS, "midpoint", "averaged_inverted_cdf"):
            low = (self.ordered[None] < np.reshape(plain(out), (-1, n.size, 1))).sum(axis=2)
            return self._within(low, low, 0.0)
        if method == "midpoint":
            place = (n - 1) * known
            return self._within(np.floor(place), np.ceil(place), 0.5)
        if method == "averaged_inverted_cdf":
            place = n * known - 1
            return self._within(
                np.floor(place), np.floor(place) + 1, np.where(place % 1 == 0, 0.5, 1.0)
            )
        place = levels * pace(method, n) + (CONTINUOUS[method][0] - 1)
        low = np.floor(plain(place))
        return self._within(low, low + 1, place - low)

    def _within(self, low: Any, high: Any, t: Any) -> tuple[Any, Any, Any]:
        last = np.maximum(self.count - 1, 0)[None, :]
        if not self.skip_nan:  # a NaN anywhere in a row is its result, and comes last in order
            low = np.where(self.missing[:, -1], last, low)
        places = (np.clip(place, 0, last).astype(int) for place in (low, high))
        return (*places, t)


def pace(method: str, n: Any) -> Any:
    """How fast the place in order moves with q."""
    alpha, beta = CONTINUOUS[method]
    return n + 1 - alpha - beta


def _door(
    x: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: str = "linear",
    keepdims: Any = False,
    *,
    weights: Any = None,
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    operands, keywords = _median_door(x, axis, out, overwrite_input, keepdims)
    keywords["method"] = method
    if weights is not None:  # they only choose an element: no gradient
        keywords["weights"] = np.array(plain(weights))
    return (*operands, q), keywords


def _flat_door(x: Any, q: Any, *args: Any, **given: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """As `_door`, of the functions that skip NaN: NumPy's mix up the axes of a 2-d `q`."""
    if np.ndim(q) > 1:
        raise ShapeError(
            f"q must be a number or 1-d where NaN is skipped ({describe(q, 'q')}). Give q.ravel()"
            " and reshape the result."
        )
    return _door(x, q, *args, **given)


def _median_door(
    x: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    refuse_out(out)  # overwrite_input is only ever a permission
    kept = keepdims is not _missing and bool(keepdims)
    return (x,), {"axis": canonical_axes(axis, np.ndim(x), x), "keepdims": kept}


def rules(percent: bool, skip_nan: bool) -> dict[str, Callable[..., Any]]:
    """The rules of one of the four functions."""
    scale = 100 if percent else 1

    def rule_x(g: Any, x: Any, q: Any, out: Any, axis: Any, method: Any, weights: Any) -> Any:
        rows = Rows(x, axis, skip_nan)
        if not rows.number.size:  # nothing was ordered
            return np.zeros(np.shape(x))
        low, high, t = rows.places(q / scale, out, method, weights is not None)
        g = np.reshape(g, (-1, rows.number.size))
        return rows.spread([(low, g * (1 - t)), (high, g * t)])

    def rule_q(g: Any, x: Any, q: Any, out: Any, axis: Any, method: Any, weights: Any) -> Any:
        if weights is not None or method not in CONTINUOUS:  # a step function of q
            return np.zeros(q.shape)[()]
        rows = Rows(x, axis, skip_nan)
        low, high, _ = rows.places(q / scale, out, method, False)
        speed = pace(method, rows.count[None, :]) / scale
        g = np.reshape(g, (-1, rows.number.size))
        return np.reshape(np.sum(g * (rows.at(high) - rows.at(low)) * speed, axis=1), q.shape)

    return {"x": rule_x, "q": rule_q}


def _median_x(skip_nan: bool) -> Callable[..., Any]:
    rule = rules(False, skip_nan)["x"]
    return lambda g, x, axis: rule(g, x, 0.5, None, axis, "linear", None)


MEDIAN: dict[str, Any] = {
    "door": _median_door,
    "keywords": KEYWORDS[:2],
    "domain": "distinct",
    "latex": r"\operatorname{{median}} {x}",
    "examples": [
        example((3, 4)),
        example((5,)),
        example((3, 4), axis=0),
        example((2, 3, 4), axis=(0, -1), keepdims=True),
        example(()),
    ],
}
median = primitive(np.median, _median_x(False), **MEDIAN)
nanmedian = primitive(np.nanmedian, _median_x(True), **MEDIAN)


def _examples(scale: float, skip_nan: bool) -> list[Any]:
    weights = np.array([[0.5, 0.0, 1.5, 1.0]] * 3)
    every = ["lower", "higher", "nearest", "midpoint", "inverted_cdf", "closest_observation"]
    every += ["averaged_inverted_cdf", *CONTINUOUS]
    return [
        example((3, 4), ()),
        example((7,), (3,)),
        example((3, 4), (2,), axis=0),
        example((2, 3, 4), (2,) if skip_nan else (2, 2), axis=(0, -1), keepdims=True),
        example((3, 4), 0.25 * scale, axis=-1),
        example((3, 4), np.array([0.0, 1.0]) * scale, axis=1, keepdims=True),
        *(example((3, 5), (2,), axis=1, method=method) for method in every),
        example((3, 4), (2,), axis=1, method="inverted_cdf", weights=weights),
    ]


def _settings(percent: bool, skip_nan: bool) -> dict[str, Any]:
    scale = 100 if percent else 1
    return {
        "door": _flat_door if skip_nan else _door,
        "keywords": [*KEYWORDS[:2], "method", "weights"],
        "domain": {"x": "distinct", "q": (0.1 * scale, 0.9 * scale)},
        "latex": r"Q_{{{q} \%}}({x})" if percent else r"Q_{{{q}}}({x})",
        "examples": _examples(scale, skip_nan),
        **rules(percent, skip_nan),
    }


quantile = primitive(np.quantile, **_settings(percent=False, skip_nan=False))
percentile = primitive(np.percentile, **_settings(percent=True, skip_nan=False))
nanquantile = primitive(np.nanquantile, **_settings(percent=False, skip_nan=True))
nanpercentile = primitive(np.nanpercentile, **_settings(percent=True, skip_nan=True))
