"""``np.emath``: roots and logarithms that leave the real line where their argument does.

Each is the ufunc of that name, on complex numbers as soon as one argument needs them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..dispatch import operation, plain
from ..primitive import derived

ONE: dict[str, Any] = {"arccos": np.arccos, "arcsin": np.arcsin, "arctanh": np.arctanh}
SINGLE = [np.dtype(kind) for kind in ("f4", "i1", "i2", "u1", "u2")]  # become complex64
POSITIVE: dict[str, Any] = {"sqrt": np.sqrt, "log": np.log, "log2": np.log2, "log10": np.log10}


def _complex_where(outside: Callable[[Any], Any], x: Any) -> Any:
    """`x`, or where real numbers in it are `outside`, the same as complex numbers."""
    x = np.asarray(x) if isinstance(x, list | tuple | int | float) else x
    if x.dtype.kind == "c" or not np.any(outside(plain(x))):
        return x
    return operation.astype(x, "c8" if x.dtype in SINGLE else "c16")


def _nonnegative(x: Any) -> Any:
    return _complex_where(lambda value: value < 0, x)


def _enter(name: str, function: Any, outside: Callable[[Any], Any]) -> None:
    @derived(getattr(np.emath, name), name=f"emath.{name}")
    def call(x: Any) -> Any:
        return function(_complex_where(outside, x))


for _name, _function in ONE.items():
    _enter(_name, _function, lambda value: np.abs(value) > 1)
for _name, _function in POSITIVE.items():
    _enter(_name, _function, lambda value: value < 0)


@derived(np.emath.logn, name="emath.logn")
def logn(n: Any, x: Any) -> Any:
    """As ``numpy.emath.logn``: the logarithm of `x` to the base `n`."""
    return np.log(_nonnegative(x)) / np.log(_nonnegative(n))


@derived(np.emath.power, name="emath.power")
def power(x: Any, p: Any) -> Any:
    """As ``numpy.emath.power``: a negative `x` to any power."""
    p = np.asarray(p) if isinstance(p, list | tuple | int | float) else p
    if p.dtype.kind in "iu" and np.any(plain(p) < 0):
        p = p * 1.0
    return np.power(_nonnegative(x), p)
