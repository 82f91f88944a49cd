"""Arrays that belong together row by row: their number of rows, and their dtype."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

import autograd_core as ag

Array = NDArray[Any]


def cast(array: ArrayLike, dtype: DTypeLike) -> Array:
    """An array of that dtype where it is floating; integers and booleans stay as they are."""
    result = np.asarray(array)
    return result.astype(dtype, copy=False) if result.dtype.kind == "f" else result


def as_rows(who: str, position: int, values: Any) -> Array:
    """One of the arrays that were given.

    Raises
    ------
    ShapeError
        It is a pair of arrays, or a list whose rows differ in length.

    Examples
    --------
    >>> as_rows("Loader", 0, [[1, 2], [3, 4]])
    array([[1, 2],
           [3, 4]])
    """
    try:
        return np.asarray(values)
    except ValueError as error:
        pair = isinstance(values, tuple)
        raise ag.ShapeError(
            f"{who}: array {position} is a {type(values).__name__} "
            + (
                f"of {len(values)} arrays; give them one by one: {who}(x, y)"
                if pair
                else "whose rows differ in length; cut or pad them to one length"
            )
        ) from error


def count_rows(who: str, arrays: tuple[Array, ...]) -> int:
    """The common number of rows."""
    if not arrays:
        raise ag.ShapeError(f"{who}: no arrays were given")
    for position, array in enumerate(arrays):
        if array.ndim == 0:
            raise ag.ShapeError(f"{who}: array {position} is a single number; it has no rows")
        if len(array) != len(arrays[0]):
            raise ag.ShapeError(
                f"{who}: array 0 has {len(arrays[0])} rows, array {position} has {len(array)}; "
                "they must belong together row by row"
            )
    if len(arrays[0]) == 0:
        raise ag.ShapeError(f"{who}: the arrays have no rows")
    return len(arrays[0])


def refuse_objects(who: str, arrays: tuple[Array, ...]) -> None:
    """Refuse arrays of Python objects, such as a DataFrame with a column of text becomes."""
    for position, array in enumerate(arrays):
        if array.dtype.kind != "O" or not array.size:
            continue
        text = next((value for value in array.flat if isinstance(value, str)), None)
        found = "holds Python objects" if text is None else f"holds text, such as {text!r}"
        raise ag.DTypeError(
            f"{who}: array {position} {found} (dtype object), not numbers. Convert numbers with "
            "array.astype(np.float32); text columns become numbers by nn.TableEncoder"
        )
