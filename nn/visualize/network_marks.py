"""How a number of the picture looks: its text, its colour and its strength."""

from __future__ import annotations

from typing import Any

import numpy as np


def signed(value: float) -> str:
    """A number as it is written beside an arrow or on a line.

    Examples
    --------
    >>> signed(0.5), signed(-12.25), signed(0.00012), signed(0.0), signed(np.nan)
    ('+0.50', '−12.2', '+1.2e-4', '0', 'nan')
    """
    text = plain(abs(value))
    if np.isnan(value):
        return text
    return "0" if value == 0 else ("−" if value < 0 else "+") + text


def plain(value: float) -> str:
    """A number in few characters.

    Examples
    --------
    >>> plain(0.123), plain(-1234.5), plain(0.0)
    ('0.12', '−1.2e3', '0.00')
    """
    size = abs(value)
    if not np.isfinite(size):
        text = "nan" if np.isnan(size) else "inf"
    elif size and (size < 0.005 or size >= 1000):
        mantissa, exponent = f"{size:.1e}".split("e")
        text = f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    else:
        text = f"{size:.2f}" if size < 10 else f"{size:.1f}" if size < 100 else f"{size:.0f}"
    return f"−{text}" if value < 0 else text


def exact(value: Any) -> str:
    """A number with all its digits, for programs.

    Examples
    --------
    >>> exact(np.float32(0.1))
    '0.10000000149011612'
    """
    return repr(float(value))


def direction(change: float) -> str:
    """The colour of a change: up, down, or neither where it is 0 or not a number.

    Examples
    --------
    >>> direction(0.5), direction(-np.inf), direction(0.0), direction(np.nan)
    ('up', 'down', 'soft', 'soft')
    """
    return "up" if change > 0 else "down" if change < 0 else "soft"


def largest_finite(*arrays: Any) -> float:
    """The largest magnitude of the numbers that are finite; 0 where none is.

    Examples
    --------
    >>> largest_finite([1.0, -3.0, np.nan], [-np.inf]), largest_finite([np.nan], None)
    (3.0, 0.0)
    """
    sizes = [np.abs(np.asarray(array, np.float64)).ravel() for array in arrays if array is not None]
    sizes = [size[np.isfinite(size)] for size in sizes]
    return max((float(np.max(size, initial=0.0)) for size in sizes), default=0.0)


def share_of(value: float, largest: float) -> float:
    """The magnitude as a share of the largest, from 0 to 1; infinity is 1, what is no number 0.

    Examples
    --------
    >>> share_of(-1.0, 4.0), share_of(np.inf, 4.0), share_of(np.nan, 4.0), share_of(0.0, 0.0)
    (0.25, 1.0, 0.0, 0.0)
    """
    size = abs(value)
    if np.isnan(size) or size == 0:
        return 0.0
    return min(1.0, size / largest) if largest else 1.0
