"""What the losses share: reductions, and checks of shapes and targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag
from autograd_core import Tensor

from ..errors import suggestion

__all__ = ["as_target", "check_same_shape", "first", "reduce", "rows_of_labels", "show"]

REDUCTIONS: dict[str, Callable[[Any], Any]] = {
    "mean": np.mean,
    "sum": np.sum,
    "none": lambda losses: losses,
}


def reduce(operation: str, losses: Tensor, reduction: str) -> Tensor:
    """The mean, the sum, or the losses themselves.

    Raises
    ------
    ValueError
        The reduction is unknown.

    Examples
    --------
    >>> reduce("mse_loss", Tensor([1.0, 3.0]), "mean").item()
    2.0
    """
    if reduction not in REDUCTIONS:
        raise ValueError(
            f"{operation}: unknown reduction {reduction!r}: {suggestion(reduction, REDUCTIONS)}"
        )
    reduced: Tensor = REDUCTIONS[reduction](losses)
    return reduced


def as_target(target: Any, prediction: Tensor) -> Any:
    """A Tensor as it is, anything else as an array.

    Whole numbers get the prediction's dtype: int64 would make float32 float64.
    """
    if isinstance(target, Tensor):
        return target
    array = np.asarray(target)
    return array.astype(prediction.dtype) if array.dtype.kind in "bui" else array


def check_same_shape(
    operation: str, prediction: Any, target: Any, names: tuple[str, str] = ("prediction", "target")
) -> None:
    """Refuse operands of different shapes, and empty ones.

    Raises
    ------
    ShapeError
        NumPy would broadcast (n, 1) against (n,) into an (n, n) table.
    """
    if prediction.shape != target.shape:
        raise ag.ShapeError(
            f"{operation}: the {names[0]} has shape {prediction.shape}, the {names[1]} "
            f"{target.shape}; they must be the same. Reshape one of them"
        )
    if prediction.size == 0:
        raise ag.ShapeError(f"{operation}: an empty batch (shape {prediction.shape}) has no loss")


def rows_of_labels(operation: str, labels: ArrayLike, rows: int, allowed: str) -> NDArray[Any]:
    """Labels of shape (rows,), each one of two values.

    Parameters
    ----------
    allowed : {"-1 or 1", "0 or 1"}

    Raises
    ------
    ShapeError
        There is not one label for each row.
    ValueError
        A label is another value; the message names its index.

    Examples
    --------
    >>> rows_of_labels("hinge_loss", [1, -1], 2, "-1 or 1")
    array([ 1, -1])
    """
    array = np.asarray(labels)
    if array.shape != (rows,):
        raise ag.ShapeError(
            f"{operation}: labels must have shape ({rows},), one for each row; got {array.shape}"
        )
    low = -1 if allowed.startswith("-1") else 0
    wrong = ~((array == low) | (array == 1))
    if wrong.any():
        where = first(wrong)
        raise ValueError(
            f"{operation}: labels[{show(where)}] is {array[where]}; a label is {allowed}"
        )
    return array


def first(mask: NDArray[np.bool_]) -> tuple[int, ...]:
    """Index of the first True.

    Examples
    --------
    >>> first(np.array([False, True, True]))
    (1,)
    """
    return tuple(int(i) for i in np.unravel_index(mask.argmax(), mask.shape))


def show(index: tuple[int, ...]) -> str:
    """An index as it is written between brackets.

    Examples
    --------
    >>> show((1, 2))
    '1, 2'
    """
    return ", ".join(map(str, index)) or "()"
