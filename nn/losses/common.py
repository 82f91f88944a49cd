"""What the losses share: reductions, and checks of shapes and targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag
from autograd_core import Tensor

from ..errors import suggestion

__all__ = [
    "as_target",
    "check_same_shape",
    "first",
    "reduce",
    "refuse_probabilities",
    "rows_of_labels",
    "show",
]

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


def refuse_probabilities(operation: str, name: str, values: Any, axis: int, remedy: str) -> None:
    """Refuse probabilities where their logarithms belong.

    Only what can be nothing else is refused: at least 0 everywhere, and summing to 1 along the
    axis. Anything else may be meant, such as the logarithms of densities, which can be positive.

    Raises
    ------
    ValueError
        Saying what to do instead.

    Examples
    --------
    >>> refuse_probabilities("nll_loss", "log_probabilities", np.log([[0.5, 0.5]]), 1, "Use logs")
    """
    plain = values.data if isinstance(values, Tensor) else values
    # The first question is answered by one pass, and nearly always settles it.
    if plain.shape[axis] < 2 or not plain.size or not plain.min() >= 0.0:
        return
    if (np.abs(plain.sum(axis=axis) - 1.0) < 1e-3).all():
        raise ValueError(
            f"{operation}: {name} are at least 0 and sum to 1 along axis {axis}: these are "
            f"probabilities, not their logarithms. {remedy}"
        )


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
