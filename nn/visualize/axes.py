"""Axes of a chart: where it begins and ends, whether by factors of ten, and round numbers on it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

# A range of more than this factor is read better by factors of ten.
WIDE = 50.0
LOWEST_SHARE = 1e-8  # values below this share of the largest would stretch the axis for nothing

LARGEST = 1e300  # so that the difference of two is a number


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Attributes
    ----------
    low, high : float
        Its ends.
    logarithmic : bool
    ticks : tuple of (float, str)
        Where a line stands and what is written at it.
    """

    low: float
    high: float
    logarithmic: bool
    ticks: tuple[tuple[float, str], ...]

    def place(self, value: float) -> float:
        """From 0 at the low end to 1 at the high one.

        Examples
        --------
        >>> axis_of([1.0, 100.0]).place(10.0)
        0.5
        """
        if not self.logarithmic:
            return (value - self.low) / (self.high - self.low)
        if value <= 0:
            return 0.0
        return math.log(value / self.low) / math.log(self.high / self.low)


def axis_of(values: Iterable[float | None], *, zero: bool = False) -> Axis:
    """The axis on which these values are read best.

    Parameters
    ----------
    values : floats; None and what is not finite is passed over
    zero : bool, default False
        Begin a linear axis of positive values at 0.

    Examples
    --------
    >>> axis = axis_of([0.2, 1.0], zero=True)
    >>> axis.low, axis.high, [label for _, label in axis.ticks]
    (0.0, 1.0, ['0', '0.2', '0.4', '0.6', '0.8', '1.0'])
    >>> [label for _, label in axis_of([0.003, 20.0]).ticks]
    ['0.01', '0.1', '1', '10']
    """
    finite = (value for value in values if value is not None and math.isfinite(value))
    numbers = [min(LARGEST, max(-LARGEST, value)) for value in finite]
    positive = [value for value in numbers if value > 0]
    if not numbers:
        return linear_axis(0.0, 1.0)
    if positive and min(numbers) >= 0:
        high = max(positive)
        low = max(min(positive), high * LOWEST_SHARE)
        if high / low > WIDE:
            return _logarithmic(low, high)
    low = 0.0 if zero and min(numbers) >= 0 else min(numbers)
    high = max(numbers)
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        pad = abs(high) or 1.0
        low, high = (0.0 if zero and low >= 0 else low - pad), high + pad
    return linear_axis(low, high)


def linear_axis(low: float, high: float) -> Axis:
    """Round numbers between two ends that stay as they are.

    Examples
    --------
    >>> [label for _, label in linear_axis(-1.1, 1.1).ticks]
    ['-1.0', '-0.5', '0', '0.5', '1.0']
    """
    step = _round_step((high - low) / 5)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    ticks = tuple((k * step, _label(k * step, step)) for k in range(first, last + 1))
    return Axis(low, high, False, ticks)


def _logarithmic(low: float, high: float) -> Axis:
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    stride = max(1, math.ceil((last - first + 1) / 5))
    ticks = tuple((10.0**k, _power(k)) for k in range(first, last + 1, stride))
    if len(ticks) < 2:
        finer = [m * 10.0**k for k in range(first - 1, last + 1) for m in (1, 2, 5)]
        ticks = tuple((value, f"{value:g}") for value in finer if low <= value <= high)
    return Axis(low, high, True, ticks)


def _round_step(rough: float) -> float:
    """The smallest of 1, 2, 5 times a power of ten that is not below `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def _label(value: float, step: float) -> str:
    if value == 0:
        return "0"
    if abs(value) >= 1e5 or step < 1e-4:
        return f"{value:.3g}"
    return f"{value:.{max(0, -math.floor(math.log10(step) + 1e-9))}f}"


def _power(exponent: int) -> str:
    return f"{10.0**exponent:g}" if -4 < exponent < 5 else f"1e{exponent}"
