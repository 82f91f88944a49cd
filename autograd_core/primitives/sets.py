"""Arrays as sets: unique, union1d, intersect1d and the others.

What is chosen is chosen by the values, which has no derivative; what comes out are elements of the
operands, which have. Of equal elements the gradient goes to the first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..primitive import derived
from .shape import as_operand, ravel
from .taking import take


@derived(np.unique)
def unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    **keywords: Any,
) -> Any:
    """As ``numpy.unique``: the elements record, where they are and how often does not."""
    ar = as_operand(ar)
    numpys: Any = np.unique
    _, index, *others = numpys(plain(ar), True, return_inverse, return_counts, axis, **keywords)
    values = take(ravel(ar), index) if axis is None else take(ar, index, axis)
    results = (values, *([index] if return_index else []), *others)
    return results if len(results) > 1 else values


def _named(function: Any, x: Any) -> Any:
    """NumPy's named tuple, its values recorded."""
    x = as_operand(x)
    _, first = np.unique(plain(x), return_index=True, equal_nan=False)
    return function(plain(x))._replace(values=take(ravel(x), first))


@derived(np.unique_all)
def unique_all(x: Any, /) -> Any:
    """As ``numpy.unique_all``."""
    return _named(np.unique_all, x)


@derived(np.unique_counts)
def unique_counts(x: Any, /) -> Any:
    """As ``numpy.unique_counts``."""
    return _named(np.unique_counts, x)


@derived(np.unique_inverse)
def unique_inverse(x: Any, /) -> Any:
    """As ``numpy.unique_inverse``."""
    return _named(np.unique_inverse, x)


@derived(np.unique_values)
def unique_values(x: Any, /) -> Any:
    """As ``numpy.unique_values``, in ascending order."""
    return unique(x, equal_nan=False)


@derived(np.union1d)
def union1d(ar1: Any, ar2: Any) -> Any:
    """As ``numpy.union1d``."""
    return unique(np.concatenate([as_operand(ar1), as_operand(ar2)], axis=None))


@derived(np.intersect1d)
def intersect1d(
    ar1: Any, ar2: Any, assume_unique: bool = False, return_indices: bool = False
) -> Any:
    """As ``numpy.intersect1d``: the elements of the first operand that the second one has too."""
    ar1 = as_operand(ar1)
    _, first, second = np.intersect1d(plain(ar1), plain(ar2), assume_unique, return_indices=True)
    values = take(ravel(ar1), first)
    return (values, first, second) if return_indices else values


@derived(np.setdiff1d)
def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """As ``numpy.setdiff1d``."""
    ar1 = ravel(as_operand(ar1)) if assume_unique else unique(ar1)
    missing = np.isin(plain(ar1), plain(ar2), assume_unique=True, invert=True)
    return take(ar1, np.flatnonzero(missing))


@derived(np.setxor1d)
def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """As ``numpy.setxor1d``."""
    parts = [ravel(as_operand(ar)) if assume_unique else unique(ar) for ar in (ar1, ar2)]
    both = np.concatenate(parts)
    _, index, counts = np.unique(plain(both), return_index=True, return_counts=True)
    return take(both, index[counts == 1])
