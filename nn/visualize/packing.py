"""Arrays as few bytes: what a page carries of a number is what a screen can show of it."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Bounds = tuple[float, float]


def pack(values: NDArray[Any], bounds: Bounds, dtype: DTypeLike = np.uint8) -> NDArray[Any]:
    """Whole numbers from 0 at the lower bound up; the largest of the dtype says "not finite".

    Parameters
    ----------
    values : array of float
        Beyond the bounds they are cut off.
    bounds : (float, float)
        What 0 and the largest but one stand for; equal ones make everything 0.
    dtype : {uint8, uint16}

    Examples
    --------
    >>> import numpy as np
    >>> pack(np.array([0.0, 0.5, 1.0, np.nan]), (0.0, 1.0))
    array([  0, 127, 254, 255], dtype=uint8)
    """
    missing = np.iinfo(np.dtype(dtype)).max
    low, high = bounds
    values = np.asarray(values, np.float64)
    finite = np.isfinite(values)
    width = high - low
    parts = np.where(finite, values, low) - low
    parts = np.clip(parts / width, 0.0, 1.0) if width > 0 else np.zeros(values.shape)
    return np.where(finite, np.rint(parts * (missing - 1)), missing).astype(dtype)


def unpack(packed: NDArray[Any], bounds: Bounds) -> NDArray[np.float64]:
    """The numbers that `pack` wrote down, as exactly as it did; NaN where they were not finite.

    Examples
    --------
    >>> import numpy as np
    >>> unpack(pack(np.array([0.0, 1.0, np.inf]), (0.0, 1.0)), (0.0, 1.0))
    array([ 0.,  1., nan])
    """
    missing = np.iinfo(packed.dtype).max
    low, high = bounds
    values = low + packed / (missing - 1) * (high - low)
    return np.where(packed == missing, np.nan, values)


def bounds_of(values: NDArray[Any]) -> Bounds:
    """Smallest and largest of the finite values; (0, 0) where there are none.

    Examples
    --------
    >>> import numpy as np
    >>> bounds_of(np.array([2.0, np.nan, -1.0])), bounds_of(np.array([np.inf]))
    ((-1.0, 2.0), (0.0, 0.0))
    """
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def text_of(packed: NDArray[Any]) -> str:
    """Bytes as text for a page: little-endian, base64.

    Examples
    --------
    >>> import numpy as np
    >>> text_of(np.array([1, 2], np.uint16))
    'AQACAA=='
    """
    little = packed.astype(packed.dtype.newbyteorder("<"), copy=False)
    return base64.b64encode(little.tobytes()).decode("ascii")


def thin(count: int, most: int) -> NDArray[np.intp]:
    """Indices of at most `most` out of `count`, evenly spread, the first and the last among them.

    Examples
    --------
    >>> thin(9, 5)
    array([0, 2, 4, 6, 8])
    """
    if count <= most:
        return np.arange(count)
    return np.rint(np.linspace(0, count - 1, most)).astype(np.intp)


def short(values: Any, digits: int = 5) -> list[float | None]:
    """Numbers with few digits, for JSON; None for what is not finite or not there.

    Examples
    --------
    >>> import numpy as np
    >>> short([1 / 3, np.inf, None])
    [0.33333, None, None]
    """
    return [
        None if value is None or not np.isfinite(value) else float(f"{value:.{digits}g}")
        for value in values
    ]
