"""A value or a gradient as the page's data: exact where it is small, a sketch where it is big.

A single number is there in full. An array has its shape, norm and range, and its numbers while
they are few; of more, a grid of at most 16 by 24 of them for a heat map, each one byte.
"""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np

from ..format import format_number
from ..view import Quantity, State

__all__ = ["describe", "number"]

FEW = 36  # numbers of an array that are written out
ROWS, COLUMNS = 16, 24  # of a heat map
LEVELS = 127  # steps of colour on either side of 0; byte 0 is "not a number"


def describe(quantity: Quantity) -> dict[str, Any]:
    """Return a quantity as JSON-able data.

    Examples
    --------
    >>> describe(Quantity(State.KNOWN, 0.5))
    {'state': 'known', 'text': '0.5', 'number': 0.5}
    >>> describe(Quantity(State.RELEASED))
    {'state': 'released', 'text': 'released'}
    >>> array = describe(Quantity(State.KNOWN, np.array([3.0, -4.0])))
    >>> array["shape"], array["norm"], array["numbers"]
    ([2], '5', [3.0, -4.0])
    """
    described: dict[str, Any] = {"state": quantity.state.value, "text": quantity.text}
    if quantity.state is not State.KNOWN:
        return described
    array = np.asarray(quantity.data)
    if array.shape == ():
        if array.dtype.kind in "biufc":
            described["number"] = number(array[()])
        return described
    described["shape"] = list(array.shape)
    described["dtype"] = str(array.dtype)
    if array.size and array.dtype.kind in "biufc":
        described |= _array(array)
    return described


def number(value: Any) -> Any:
    """Return a number that JSON can carry without losing a bit.

    Numbers beyond JSON are words (``"NaN"``, ``"Infinity"``), complex ones a pair.

    Examples
    --------
    >>> number(np.float64(0.1)), number(float("inf")), number(np.complex128(2 - 1j))
    (0.1, 'Infinity', {'re': 2.0, 'im': -1.0})
    """
    if isinstance(value, (complex, np.complexfloating)):
        return {"re": number(float(value.real)), "im": number(float(value.imag))}
    if isinstance(value, (bool, np.bool_)):
        return int(value)
    if isinstance(value, (int, np.integer)) and abs(int(value)) < 2**53:
        return int(value)
    real = float(value)
    if math.isfinite(real):
        return real
    return "NaN" if math.isnan(real) else "Infinity" if real > 0 else "-Infinity"


def _array(array: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Norm, range and what is needed for a picture."""
    # Real and in double precision: the norm of float16 numbers would overflow.
    real = np.abs(array) if array.dtype.kind == "c" else array.astype(np.float64, copy=False)
    finite = np.isfinite(real)
    kept = real[finite] if not finite.all() else real
    largest = float(np.max(np.abs(kept))) if kept.size else 0.0
    scale = largest or 1.0  # squares of 1e200 would overflow
    described: dict[str, Any] = {
        "norm": format_number(scale * float(np.linalg.norm(np.ravel(real) / scale)))
    }
    if kept.size:
        described["low"], described["high"] = (format_number(f(kept)) for f in (np.min, np.max))
    described["undefined"] = int(real.size - kept.size)
    described["zeros"] = int(np.count_nonzero(real == 0))
    if array.size <= FEW:
        described["numbers"] = [number(value) for value in array.ravel()]
    described["grid"] = _grid(real, largest)
    return described


def _grid(array: np.ndarray[Any, Any], largest: float) -> dict[str, Any]:
    """A few of the numbers of the first slice, as colours from -1 to 1 times the largest."""
    leading = array.ndim - 2
    plane = array[None, :] if array.ndim == 1 else array[(0,) * leading]
    picked = [
        _spread(length, most) for length, most in zip(plane.shape, (ROWS, COLUMNS), strict=True)
    ]
    sample = plane[np.ix_(*picked)]
    finite = np.isfinite(sample)
    level = np.zeros(sample.shape)
    np.divide(sample, largest or 1.0, out=level, where=finite)
    byte = np.where(finite, np.rint(level * LEVELS) + LEVELS + 1, 0).astype(np.uint8)
    return {
        "rows": sample.shape[0],
        "columns": sample.shape[1],
        "of": list(plane.shape),
        "slice": "[" + "0, " * leading + ":, :]" if leading > 0 else "",
        "scale": format_number(largest),
        "levels": base64.b64encode(byte.tobytes()).decode("ascii"),
    }


def _spread(length: int, most: int) -> np.ndarray[Any, Any]:
    """At most so many indices, from the first to the last, evenly."""
    return np.unique(np.linspace(0, length - 1, min(length, most)).round().astype(int))
