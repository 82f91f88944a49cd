"""Numbers from one end to another: linspace, logspace, geomspace, and the edges of a histogram."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ..dispatch import plain
from ..primitive import derived, example, primitive
from .operands import option

SPACES: dict[str, Any] = {
    "keywords": ["num", "endpoint", "dtype", "axis"],
    "examples": [
        example((), (), num=5),
        example((3,), (), num=4, endpoint=False),
        example((2, 1), (3,), num=3, axis=1),
        example((2,), (2,), num=3, axis=-1),
        example((), (), num=1),
    ],
}


def _ends(start: Any, stop: Any) -> Any:
    return tuple(
        np.asarray(end) * 1.0 if isinstance(end, list | tuple) else end for end in (start, stop)
    )


def _weights(num: int, endpoint: bool) -> Any:
    """How far from the start each number is, as a part of the whole way."""
    return np.linspace(0.0, 1.0, num, endpoint=endpoint)


def _gathered(weights: Any, g: Any, axis: int) -> Any:
    """The sum over all numbers of a range, each by its weight."""
    return np.tensordot(weights, np.moveaxis(g, axis, 0), 1)


def _range_door(
    start: Any, stop: Any, num: Any, endpoint: Any, dtype: Any, axis: int
) -> tuple[Any, dict[str, Any]]:
    keywords = {"num": operator.index(num), "endpoint": bool(endpoint), "axis": axis}
    return _ends(start, stop), {**keywords, "dtype": dtype}


_linspace: Any = primitive(
    np.linspace,
    start=lambda g, num, endpoint, axis: _gathered(1 - _weights(num, endpoint), g, axis),
    stop=lambda g, num, endpoint, axis: _gathered(_weights(num, endpoint), g, axis),
    door=lambda start, stop, num=50, endpoint=True, dtype=None, axis=0: _range_door(
        start, stop, num, endpoint, dtype, axis
    ),
    **SPACES,
)


def _is_whole(dtype: Any) -> bool:
    return dtype is not None and np.dtype(dtype).kind not in "fc"


@derived(np.linspace)
def linspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    retstep: bool = False,
    dtype: Any = None,
    axis: int = 0,
    *,
    device: Any = None,
) -> Any:
    """As ``numpy.linspace``; with `retstep` the step is recorded too."""
    if _is_whole(dtype):
        numpys: Any = np.linspace
        return numpys(plain(start), plain(stop), num, endpoint, retstep, dtype, axis)
    samples = _linspace(start, stop, num, endpoint, dtype, axis)
    if not retstep:
        return samples
    start, stop = _ends(start, stop)
    gaps = operator.index(num) - bool(endpoint)
    return samples, (stop - start) / gaps if gaps > 0 else np.nan


@derived(np.logspace)
def logspace(
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: bool = True,
    base: Any = 10.0,
    dtype: Any = None,
    axis: int = 0,
) -> Any:
    """As ``numpy.logspace``; the base may record too."""
    if _is_whole(dtype):
        return np.logspace(plain(start), plain(stop), num, endpoint, plain(base), dtype, axis)
    start, stop = _ends(start, stop)
    if np.ndim(base):
        count = max(map(np.ndim, (start, stop, base)))
        start, stop, base = (
            np.reshape(end, (1,) * (count - np.ndim(end)) + np.shape(end))
            for end in (start, stop, base)
        )
        base = np.expand_dims(base, axis)
    out = np.power(base, linspace(start, stop, num, endpoint, axis=axis))
    return out if dtype is None else out.astype(dtype)


geomspace = primitive(
    np.geomspace,
    start=lambda g, out, start, num, endpoint, axis: (
        _gathered(1 - _weights(num, endpoint), g * out, axis) / start
    ),
    stop=lambda g, out, stop, num, endpoint, axis: (
        _gathered(_weights(num, endpoint), g * out, axis) / stop
    ),
    door=lambda start, stop, num=50, endpoint=True, dtype=None, axis=0: _range_door(
        start, stop, num, endpoint, dtype, axis
    ),
    domain=(0.3, 2.0),
    **SPACES,
)


@derived(np.histogram_bin_edges)
def histogram_bin_edges(
    a: Any,
    bins: Any = 10,
    range: Any = None,  # noqa: A002 - NumPy's name
    weights: Any = None,
) -> Any:
    """As ``numpy.histogram_bin_edges``; the edges move with the least and greatest element."""
    option("histogram_bin_edges: weights", weights, "a plain array")
    edges = np.histogram_bin_edges(plain(a), plain(bins), plain(range), plain(weights))
    if range is not None or np.ndim(bins) or not np.size(plain(a)):
        return edges
    low, high = np.min(a), np.max(a)
    if plain(low) == plain(high):
        low, high = low - 0.5, high + 0.5
    return np.astype(linspace(low, high, len(edges)), edges.dtype)
