"""Weights drawn from one distribution, whatever the layer: zeros, normal, uniform, truncated."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from ..errors import check_generator

__all__ = ["Initializer", "Shape", "normal", "truncated_normal", "uniform", "zeros"]

Shape = tuple[int, ...]
# A string, because naming numpy.random loads it, and that takes as long as loading the engine.
Initializer: TypeAlias = "Callable[[Shape, np.random.Generator, DTypeLike], NDArray[Any]]"


def zeros(
    shape: Shape,
    rng: np.random.Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    """All zero: for biases (weights that start equal stay equal, and no unit learns its own part).

    Examples
    --------
    >>> zeros((2,))
    array([0., 0.], dtype=float32)
    """
    check_generator("zeros", rng)
    return np.zeros(shape, dtype)


def normal(
    shape: Shape,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
    *,
    mean: float = 0.0,
    std: float = 1.0,
) -> NDArray[Any]:
    """Normally distributed with this mean and standard deviation.

    Examples
    --------
    >>> import numpy as np
    >>> normal((1000,), np.random.default_rng(0), std=0.1).std().round(2)
    np.float32(0.1)
    """
    check_generator("normal", rng, needed=True)
    return rng.normal(mean, std, shape).astype(dtype)


def uniform(
    shape: Shape,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
    *,
    low: float = -1.0,
    high: float = 1.0,
) -> NDArray[Any]:
    """Uniformly distributed on [low, high).

    Examples
    --------
    >>> import numpy as np
    >>> array = uniform((1000,), np.random.default_rng(0), low=0.0, high=2.0)
    >>> array.min() >= 0.0 and array.max() <= 2.0
    np.True_
    """
    check_generator("uniform", rng, needed=True)
    return rng.uniform(low, high, shape).astype(dtype)


def truncated_normal(
    shape: Shape,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
    *,
    mean: float = 0.0,
    std: float = 1.0,
    low: float = -2.0,
    high: float = 2.0,
) -> NDArray[Any]:
    """Normally distributed, but nothing outside [low, high]: what falls outside is drawn again.

    Raises
    ------
    ValueError
        If the bounds are not around a part of the distribution that is worth drawing from.

    Examples
    --------
    >>> import numpy as np
    >>> array = truncated_normal((1000,), np.random.default_rng(0), std=1.0)
    >>> bool(np.abs(array).max() <= 2.0)
    True
    """
    check_generator("truncated_normal", rng, needed=True)
    inside = _below((high - mean) / std) - _below((low - mean) / std)
    if not inside > 1e-3:
        raise ValueError(
            f"truncated_normal: only {max(inside, 0):.1g} of a normal distribution with mean "
            f"{mean:g} and standard deviation {std:g} lies between {low:g} and {high:g}"
        )
    values = rng.normal(mean, std, shape)
    while (outside := (values < low) | (values > high)).any():
        values[outside] = rng.normal(mean, std, int(outside.sum()))
    return values.astype(dtype)


def _below(score: float) -> float:
    """The probability that a standard normal number is smaller."""
    return (1.0 + math.erf(score / math.sqrt(2.0))) / 2.0
