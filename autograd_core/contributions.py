"""What the reverse pass does to a contribution: fit it to its operand, own it, add it up."""

from __future__ import annotations

import math
import sys
from functools import lru_cache
from typing import Any

import numpy as np


def fit(gradient: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Bring a contribution to the shape and dtype of the operand it belongs to.

    Sums over the axes along which the operand was broadcast, spreads over those along which it
    was reduced, takes the real part for a real operand, casts.
    """
    if gradient.dtype.kind == "c" and dtype.kind != "c":
        gradient = gradient.real
    have = gradient.shape
    if type(gradient) is np.ndarray and len(have) == 2 and have[1:] == shape and shape != (1,):
        # A bias: the sum over the rows, by BLAS, which is four times as fast as np.sum.
        gradient = _ones(have[0], gradient.dtype).dot(gradient)
    elif _is_of_rows(gradient, have, shape):
        count = math.prod(have[: len(have) - len(shape)])
        rows = gradient.reshape(count, math.prod(shape))
        gradient = _ones(count, gradient.dtype).dot(rows).reshape(shape)
    elif have != shape:
        extra = len(have) - len(shape)
        if extra > 0:
            axes: tuple[int, ...] = tuple(range(extra))
        else:
            axes, have = (), (1,) * -extra + have
        axes += tuple(
            extra + axis if extra > 0 else axis
            for axis, size in enumerate(shape)
            if size == 1 and have[axis + max(extra, 0)] != 1
        )
        if axes:
            gradient = gradient.sum(axis=axes)
        if gradient.shape != shape:
            if math.prod(gradient.shape) == math.prod(shape):
                gradient = gradient.reshape(shape)
            else:
                gradient = np.broadcast_to(gradient, shape)
    if gradient.dtype != dtype:
        gradient = gradient.astype(dtype)
    return gradient


def _is_of_rows(gradient: Any, have: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether what belongs to one operand lies row by row in memory, of arrays of any shape."""
    extra = len(have) - len(shape)
    if extra <= 0 or not shape or shape == (1,) or have[extra:] != shape:
        return False
    return type(gradient) is np.ndarray and gradient.flags.c_contiguous and gradient.size > 0


@lru_cache(maxsize=64)
def _ones(n: int, dtype: Any) -> Any:
    """Shared and read-only: batches of one size come by the thousand."""
    ones = np.ones(n, dtype)
    ones.flags.writeable = False
    return ones


_count_references = getattr(sys, "getrefcount", lambda _: sys.maxsize)


def _references(array: Any) -> int:
    return _count_references(array)


def _sole_references() -> int:
    """What `_references` says of an array that only its caller's local variable refers to."""
    fresh = np.zeros(1)
    return _references(fresh)


# Measured, not written down: Python versions count differently. Without a count: always copy.
_SOLE = _sole_references() if hasattr(sys, "getrefcount") else 0


def is_sole(array: Any) -> bool:
    """Whether nothing but the caller's local variable refers to `array`, or to memory of it."""
    return array.base is None and _count_references(array) <= _SOLE and bool(array.flags.writeable)


def own(gradient: Any) -> Any:
    """`gradient` as an array of its owner's own: a copy if anything else may refer to it."""
    if type(gradient) is np.ndarray:
        if gradient.ndim == 0:
            return gradient[()]
        # not is_sole(gradient): one more call would be one more reference
        shared = gradient.base is not None or _count_references(gradient) > _SOLE
        if shared or not gradient.flags.writeable:
            return gradient.copy()
    return gradient
