"""``np.polynomial.polynomial``: polyval2d and polygrid2d, the two that NumPy dispatches."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.polynomial import polynomial

from ..errors import ShapeError
from ..primitive import derived
from .shape import as_operand, reshape


def _horner(x: Any, c: Any, *, grid: bool) -> Any:
    """``sum(c[i] * x**i)``, coefficients along the first axis of `c`.

    With `grid` every point meets every remaining axis of `c`; else the points and the last axes
    of `c` belong together.
    """
    if grid:
        c = reshape(c, c.shape + (1,) * x.ndim)
    total = c[-1] + x * 0
    for i in range(2, len(c) + 1):
        total = c[-i] + total * x
    return total


def _operands(name: str, x: Any, y: Any, c: Any) -> tuple[Any, Any, Any]:
    x, y, c = (as_operand(value) for value in (x, y, c))
    c = c + 0.0 if c.dtype.kind in "iub" else c
    if c.ndim < 2:
        raise ShapeError(
            f"{name}: the coefficients are a table, c[i, j] before x**i * y**j; they have"
            f" {c.ndim} axes."
        )
    return x, y, c


@derived(polynomial.polyval2d)
def polyval2d(x: Any, y: Any, c: Any) -> Any:
    """As ``numpy.polynomial.polynomial.polyval2d``."""
    x, y, c = _operands("polyval2d", x, y, c)
    if np.shape(x) != np.shape(y):
        raise ShapeError(f"polyval2d: x and y have one shape; they have {x.shape} and {y.shape}.")
    return _horner(y, _horner(x, c, grid=True), grid=False)


@derived(polynomial.polygrid2d)
def polygrid2d(x: Any, y: Any, c: Any) -> Any:
    """As ``numpy.polynomial.polynomial.polygrid2d``."""
    x, y, c = _operands("polygrid2d", x, y, c)
    return _horner(y, _horner(x, c, grid=True), grid=True)
