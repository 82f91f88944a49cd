"""Weighted counts: bincount, histogram, histogram2d, histogramdd.

What is counted has no derivative; what it weighs has: each weight gets the gradient of its bin.
Without a Tensor as weights, plain arrays come out, as NumPy gives them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..conversion import DIFFERENTIABLE_KINDS
from ..dispatch import plain
from ..errors import ShapeError, describe
from ..primitive import derived, example, primitive


def _records(weights: Any) -> bool:
    return hasattr(weights, "_array") and weights.dtype.kind in DIFFERENTIABLE_KINDS


def _bincount_door(x: Any, /, weights: Any, minlength: int = 0) -> tuple[Any, dict[str, Any]]:
    return (np.array(plain(x)), weights), {"minlength": minlength}


_weighted = primitive(
    np.bincount,
    x=None,
    weights=lambda g, x: g[x],
    door=_bincount_door,
    keywords=["minlength"],
    examples=[
        example(np.array([0, 2, 0, 3, 2]), (5,)),
        example(np.array([1, 1]), (2,), minlength=4),
        example(np.array([], int), (0,), minlength=2),
    ],
)


@derived(np.bincount)
def bincount(x: Any, /, weights: Any = None, minlength: int = 0) -> Any:
    """As ``numpy.bincount``; `weights` may record."""
    if _records(weights):
        return _weighted(x, weights, minlength)
    return np.bincount(plain(x), plain(weights), minlength)


def _per_bin(index: Any, weights: Any, count: int) -> Any:
    """The weights in each of `count` bins, summed in double precision as NumPy does."""
    if weights.dtype.kind != "c":
        return bincount(index, weights, count)
    real, imag = (bincount(index, part, count) for part in (weights.real, weights.imag))
    return real + 1j * imag


@derived(np.histogram)
def histogram(
    x: Any,
    bins: Any = 10,
    range: Any = None,  # noqa: A002 - NumPy's name for it
    density: Any = None,
    weights: Any = None,
) -> tuple[Any, Any]:
    """As ``numpy.histogram``; `weights` may record. The edges are a plain array."""
    x, bins, limits = plain(x), plain(bins), plain(range)
    if not _records(weights):
        return np.histogram(x, bins, limits, density, plain(weights))
    x = np.asarray(x)
    if x.shape != weights.shape:
        raise ShapeError(
            f"histogram: weights need the shape of what is counted ({describe(x, 'x')};"
            f" {describe(weights, 'weights')})."
        )
    edges = np.histogram_bin_edges(x, bins, limits, plain(weights))
    x, weights = x.ravel(), np.ravel(weights)
    if np.ndim(bins) == 0:  # as NumPy does; edges that were given may be integers
        x = x.astype(edges.dtype)
    index = np.searchsorted(edges, x, side="right") - 1
    index[x == edges[-1]] = len(edges) - 2
    within = (x >= edges[0]) & (x <= edges[-1])
    heights = _per_bin(index[within], weights[within], len(edges) - 1)
    heights = np.astype(heights, weights.dtype)
    if density:
        return heights / np.diff(edges).astype(float) / np.sum(heights), edges
    return heights, edges


@derived(np.histogramdd)
def histogramdd(
    sample: Any,
    bins: Any = 10,
    range: Any = None,  # noqa: A002 - see above
    density: Any = None,
    weights: Any = None,
) -> tuple[Any, Any]:
    """As ``numpy.histogramdd``; `weights` may record. The edges are plain arrays."""
    sample, bins, limits = plain(sample), plain(bins), plain(range)
    if not _records(weights):
        return np.histogramdd(sample, bins, limits, density, plain(weights))
    points = sample if hasattr(sample, "shape") else np.atleast_2d(sample).T
    _, edges = np.histogramdd(sample, bins, limits)
    inside, places = np.ones(len(points), bool), []
    for column, edge in zip(points.T, edges, strict=True):
        place = np.searchsorted(edge, column, side="right") - 1
        place[column == edge[-1]] = len(edge) - 2
        inside &= (place >= 0) & (place < len(edge) - 1)
        places.append(place)
    shape = tuple(len(edge) - 1 for edge in edges)
    index = np.ravel_multi_index([place[inside] for place in places], shape)
    heights = np.reshape(bincount(index, weights[inside], int(np.prod(shape))), shape)
    if density:
        volumes = np.array(1.0)
        for edge in edges:
            volumes = np.multiply.outer(volumes, np.diff(edge))
        heights = heights / volumes / np.sum(heights)
    return heights, edges


@derived(np.histogram2d)
def histogram2d(
    x: Any,
    y: Any,
    bins: Any = 10,
    range: Any = None,  # noqa: A002 - see above
    density: Any = None,
    weights: Any = None,
) -> tuple[Any, Any, Any]:
    """As ``numpy.histogram2d``; `weights` may record. The edges are plain arrays."""
    if len(x) != len(y):
        raise ShapeError(
            f"histogram2d: x and y need one length ({describe(x, 'x')}; {describe(y, 'y')})."
        )
    bins = plain(bins)
    if hasattr(bins, "__len__") and len(bins) not in (1, 2):
        bins = [np.asarray(bins)] * 2
    heights, edges = histogramdd([plain(x), plain(y)], bins, range, density, weights)
    return heights, edges[0], edges[1]
