"""Shapes and ranges of numbers, and which of them are not finite: for messages."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import backend


def _inexact(value: Any) -> bool:
    """Whether `value` is NumPy's, of floating or complex numbers."""
    return getattr(getattr(value, "dtype", None), "kind", "") in "fc" and not backend.is_foreign(
        value
    )


def is_finite(value: Any) -> bool:
    """Whether all of `value` is; true of what is not of floating or complex numbers."""
    if isinstance(value, float | complex | list):
        value = np.asarray(value)
    return not _inexact(value) or bool(np.isfinite(value).all())


def has_nan(value: Any) -> bool:
    """Whether `value` holds a NaN."""
    if isinstance(value, float | complex | list):
        value = np.asarray(value)
    return _inexact(value) and bool(np.isnan(value).any())


def first_of(value: Any) -> tuple[Any, tuple[int, ...], int]:
    """The first number that is not finite, where it is, and how many there are."""
    bad = np.argwhere(~np.isfinite(value))
    index = tuple(map(int, bad[0]))
    return np.asarray(value)[index].item(), index, len(bad)


def form(value: Any) -> str:
    """Shape and dtype."""
    return f"shape {value.shape}, {value.dtype}"


def range_of(value: Any) -> str:
    """Shape, dtype and range of an operand."""
    if value is None or isinstance(value, str):
        return repr(value)
    array = np.asarray(value)
    if array.dtype.kind not in "fciub" or not array.size:
        return form(array)
    if array.ndim == 0:
        return f"the number {array}"
    real = np.abs(array) if array.dtype.kind == "c" else array
    finite = real[np.isfinite(real)]
    what = "in absolute value " if array.dtype.kind == "c" else ""
    between = f"{what}from {finite.min():.6g} to {finite.max():.6g}" if finite.size else "no finite"
    lost = array.size - finite.size
    return f"{form(array)}, {between}" + (f", {lost} not finite" if lost else "")
