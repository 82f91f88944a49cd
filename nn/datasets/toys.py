"""Data made on the spot: points in the plane that no line separates, and curves with noise.

Each returns inputs, float32 of shape (rows, columns), and classes, int64 of shape (rows,), or
numbers, float32 of shape (rows, 1). The classes have the same number of rows, but for a rest.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import check_generator, check_whole

Points = tuple[NDArray[Any], NDArray[Any]]


def moons(rows: int = 200, *, noise: float = 0.1, rng: np.random.Generator) -> Points:
    """Two half circles that reach into each other.

    Parameters
    ----------
    rows : int, default 200
    noise : float, default 0.1
        Standard deviation of what is added to both coordinates.
    rng : numpy.random.Generator

    Examples
    --------
    >>> x, y = moons(4, noise=0.0, rng=np.random.default_rng(0))
    >>> y
    array([0, 1, 0, 1])
    """
    check_generator("moons", rng, needed=True)
    labels = _labels("moons", rows, 2)
    angle = rng.uniform(0, np.pi, rows)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    return _noisy(np.where(labels[:, None] == 0, upper, lower), noise, rng), labels


def circles(
    rows: int = 200, *, noise: float = 0.05, factor: float = 0.5, rng: np.random.Generator
) -> Points:
    """A circle of radius 1 (class 0) around one of radius `factor` (class 1).

    Examples
    --------
    >>> x, y = circles(100, noise=0.0, rng=np.random.default_rng(0))
    >>> np.hypot(*x.T)[:2].round(3), y[:2]
    (array([1. , 0.5], dtype=float32), array([0, 1]))
    """
    check_generator("circles", rng, needed=True)
    labels = _labels("circles", rows, 2)
    angle = rng.uniform(0, 2 * np.pi, rows)
    radius = np.where(labels == 0, 1.0, factor)
    return _noisy(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), noise, rng), labels


def spirals(
    rows: int = 300,
    *,
    classes: int = 3,
    turns: float = 0.75,
    noise: float = 0.03,
    rng: np.random.Generator,
) -> Points:
    """Arms that wind around the origin, one for each class.

    Examples
    --------
    >>> x, y = spirals(9, rng=np.random.default_rng(0))
    >>> np.bincount(y)
    array([3, 3, 3])
    """
    check_generator("spirals", rng, needed=True)
    check_whole("spirals", "classes", classes, least=2)
    labels = _labels("spirals", rows, classes)
    radius = np.sqrt(rng.uniform(0.01, 1, rows))
    angle = 2 * np.pi * (turns * radius + labels / classes)
    return _noisy(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), noise, rng), labels


def checkerboard(
    rows: int = 400, *, cells: int = 4, noise: float = 0.0, rng: np.random.Generator
) -> Points:
    """The square from -1 to 1 with `cells` times `cells` fields of two classes.

    Examples
    --------
    >>> x, y = checkerboard(100, cells=2, rng=np.random.default_rng(0))
    >>> bool(np.all(y == (x[:, 0] * x[:, 1] < 0)))
    True
    """
    check_generator("checkerboard", rng, needed=True)
    check_whole("checkerboard", "cells", cells, least=2)
    _check_rows("checkerboard", rows)
    points = rng.uniform(-1, 1, (rows, 2))
    fields = np.floor((points + 1) / 2 * cells).astype(np.int64)
    return _noisy(points, noise, rng), fields.sum(axis=1) % 2


def xor(rows: int = 200, *, noise: float = 0.1, rng: np.random.Generator) -> Points:
    """Four clouds at the corners 0 and 1; class 1 where exactly one coordinate is 1.

    Minsky & Papert, "Perceptrons", 1969: what a single layer cannot learn.

    Examples
    --------
    >>> xor(4, noise=0.0, rng=np.random.default_rng(0))[1]
    array([0, 1, 1, 0])
    """
    check_generator("xor", rng, needed=True)
    _check_rows("xor", rows)
    corner = np.arange(rows) % 4
    bits = np.stack([corner // 2, corner % 2], axis=1)
    return _noisy(bits, noise, rng), np.asarray(bits.sum(axis=1) % 2)


def line(
    rows: int = 100, *, slope: float = 2.0, noise: float = 0.1, rng: np.random.Generator
) -> Points:
    """The line y = slope * x + 1 with noise, x from -1 to 1.

    Examples
    --------
    >>> x, y = line(3, noise=0.0, rng=np.random.default_rng(0))
    >>> bool(np.allclose(y, 2 * x + 1))
    True
    """
    check_generator("line", rng, needed=True)
    _check_rows("line", rows)
    x = rng.uniform(-1, 1, (rows, 1))
    return x.astype(np.float32), _noisy(slope * x + 1, noise, rng)


def sine(
    rows: int = 100, *, periods: float = 1.0, noise: float = 0.1, rng: np.random.Generator
) -> Points:
    """So many periods of a sine with noise, x from -1 to 1.

    Examples
    --------
    >>> x, y = sine(3, noise=0.0, rng=np.random.default_rng(0))
    >>> bool(np.allclose(y, np.sin(np.pi * x), atol=1e-6))
    True
    """
    check_generator("sine", rng, needed=True)
    _check_rows("sine", rows)
    x = rng.uniform(-1, 1, (rows, 1))
    return x.astype(np.float32), _noisy(np.sin(np.pi * periods * x), noise, rng)


def friedman(
    rows: int = 500, *, columns: int = 10, noise: float = 1.0, rng: np.random.Generator
) -> Points:
    """A curved function of five columns; the others say nothing.

    y = 10 sin(pi x1 x2) + 20 (x3 - 0.5)^2 + 10 x4 + 5 x5, inputs from 0 to 1. Friedman,
    "Multivariate adaptive regression splines", Annals of Statistics 19, 1991.

    Examples
    --------
    >>> x, y = friedman(rng=np.random.default_rng(0))
    >>> x.shape, y.shape
    ((500, 10), (500, 1))
    """
    check_generator("friedman", rng, needed=True)
    _check_rows("friedman", rows)
    check_whole("friedman", "columns", columns, least=5)
    x = rng.uniform(0, 1, (rows, columns))
    a, b, c, d, e = x.T[:5]
    y = 10 * np.sin(np.pi * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e
    return x.astype(np.float32), _noisy(y[:, None], noise, rng)


def _check_rows(name: str, rows: int) -> None:
    check_whole(name, "rows", rows)


def _labels(name: str, rows: int, classes: int) -> NDArray[Any]:
    _check_rows(name, rows)
    return np.arange(rows, dtype=np.int64) % classes


def _noisy(points: NDArray[Any], noise: float, rng: np.random.Generator) -> NDArray[Any]:
    return (points + noise * rng.standard_normal(points.shape)).astype(np.float32)
