"""What the engine asks of arrays beyond NumPy's dispatch: the file to look at for Dask and CuPy.

NumPy's protocols carry ``np.exp(x)`` to the array's own library. They do not carry what makes an
array out of nothing (``np.zeros``), what writes into one (``a[i] = v``, ``np.add.at``), and what
turns a list into one. Primitives that need these call the functions below.

=========  ==========================================================================
NumPy      as ever; every function here asks for it first
CuPy       allocates like the operand (``np.zeros_like``) and writes in place; `add_at` is the
           place for ``cupy.add.at``
Dask       cannot be written into: the change is one lazy task on the whole array
=========  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .extras import require_extra

Fill = Callable[[Any, Any], None]

NUMPY = (np.ndarray, np.generic, int, float, complex, bool)


def is_foreign(value: Any) -> bool:
    """Whether `value` is an array, but not NumPy's."""
    return not isinstance(value, NUMPY) and hasattr(value, "__array_function__")


def is_lazy(value: Any) -> bool:
    """Whether `value` is a task graph rather than numbers (the protocol of Dask's collections)."""
    return hasattr(value, "__dask_graph__")


def asarray(value: Any, dtype: Any = None) -> Any:
    """`value` as an array; one that is not NumPy's stays where it is."""
    if is_foreign(value):
        return value if dtype is None else value.astype(dtype)
    return np.asarray(value, dtype)


def zeros(shape: Any, dtype: Any, like: Any) -> Any:
    """An array of zeros, of the library that `like` (an array or a Tensor) comes from."""
    like = getattr(like, "_array", like)
    if is_foreign(like):
        return np.zeros_like(like, dtype=dtype, shape=shape)
    return np.zeros(shape, dtype)


def ones(shape: Any, dtype: Any, like: Any) -> Any:
    """An array of ones, of the library that `like` (an array or a Tensor) comes from."""
    like = getattr(like, "_array", like)
    if is_foreign(like):
        return np.ones_like(like, dtype=dtype, shape=shape)
    return np.ones(shape, dtype)


def written(shape: Any, values: Any, fill: Fill) -> Any:
    """Zeros of `shape` that ``fill(result, values)`` has written into; the dtype is of `values`."""
    if is_lazy(values):
        return on_the_whole(lambda v: written(shape, v, fill), shape, values.dtype, values)
    result = zeros(shape, values.dtype, values)
    fill(result, values)
    return result


def rewritten(array: Any, values: Any, fill: Fill, dtype: Any) -> Any:
    """A copy of `array`, in `dtype`, that ``fill(result, values)`` has written into."""
    if is_lazy(array) or is_lazy(values):
        return on_the_whole(
            lambda a, v: rewritten(a, v, fill, dtype), np.shape(array), dtype, array, values
        )
    result = array.astype(dtype) if is_foreign(array) else np.array(array, dtype)
    fill(result, values)
    return result


def add_at(array: Any, index: Any, values: Any) -> None:
    """``array[index] += values`` in which an element named twice is added to twice."""
    np.add.at(array, index, values)


def on_the_whole(function: Callable[..., Any], shape: Any, dtype: Any, *args: Any) -> Any:
    """``function(*args)`` as one lazy task, in which the lazy ones among `args` are NumPy arrays.

    Parameters
    ----------
    function : callable
        Takes NumPy arrays.
    shape, dtype
        Of its result.
    """
    task = require_extra("dask", extra="dask").delayed(function)(*args)
    return require_extra("dask.array", extra="dask").from_delayed(task, shape, dtype)
