"""Telling whether a computation gave the same again, without keeping what it gave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def digest(array: Any) -> Any:
    """A few numbers that are others, almost surely, where `array` is another."""
    if not array.size:
        return np.zeros(0)
    flat = np.reshape(array, (-1,))
    return np.concatenate([flat[:: max(1, flat.size // 64)], np.sum(flat, keepdims=True)])


def same(seen: Sequence[Any], now: Sequence[Any]) -> bool:
    """Whether the digests agree, up to the rounding of another order of summation."""
    return len(seen) == len(now) and all(
        a.shape == b.shape
        and np.allclose(a, b, rtol=_close(a), atol=_close(a) * _scale(a), equal_nan=True)
        for a, b in zip(seen, now, strict=True)
    )


def _close(array: Any) -> float:
    """A relative difference that rounding may make."""
    return 1000 * float(np.finfo(array.dtype).eps)


def _scale(array: Any) -> float:
    return float(np.max(np.abs(array[np.isfinite(array)]), initial=0.0))
