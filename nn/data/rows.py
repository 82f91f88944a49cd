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
        It is a pair of arrays, a list of pairs, a list whose rows differ in length, or no array.

    Examples
    --------
    >>> as_rows("Loader", 0, [[1, 2], [3, 4]])
    array([[1, 2],
           [3, 4]])
    """
    # Two arrays of one shape would pass for two rows.
    if isinstance(values, tuple) and len(values) == 2 and are_arrays(values):
        raise ag.ShapeError(_uneven(who, position, values))
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ag.ShapeError(_uneven(who, position, values)) from error
    if array.ndim == 0 and array.dtype.kind == "O":
        raise ag.ShapeError(f"{who}: array {position} is a {type(values).__name__}, not an array")
    return array


def are_arrays(values: Any) -> bool:
    """Whether all members are arrays with as many rows.

    Examples
    --------
    >>> are_arrays((np.zeros((3, 2)), np.zeros(3))), are_arrays([np.zeros(2), np.zeros(3)])
    (True, False)
    """
    shapes: list[tuple[int, ...]] = [getattr(value, "shape", ()) for value in values]
    return all(shapes) and len({shape[0] for shape in shapes}) == 1


def _uneven(who: str, position: int, values: Any) -> str:
    """What to do with rows that do not make one array."""
    place = f"{who}: array {position} is a {type(values).__name__}"
    if isinstance(values, tuple) or are_arrays(values):
        return f"{place} of {len(values)} arrays; give them one by one: {who}(x, y)"
    if all(isinstance(value, tuple) for value in values):
        return (
            f"{place} of tuples, such as pairs of input and target; make arrays of them and give "
            f"these one by one: x, y = map(np.array, zip(*rows)), then {who}(x, y)"
        )
    return f"{place} whose rows differ in length; cut or pad them to one length"


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
