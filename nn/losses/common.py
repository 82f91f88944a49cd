"""What the losses share: reductions, and checks of shapes and targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag
from autograd_core import Tensor

from ..errors import suggestion
from ..module import Module

__all__ = [
    "as_array",
    "as_target",
    "check_array",
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


def reduce(operation: str, losses: Tensor, reduction: Any) -> Tensor:
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
    if not isinstance(reduction, str) or reduction not in REDUCTIONS:
        raise ValueError(
            f"{operation}: unknown reduction {reduction!r}: {suggestion(reduction, REDUCTIONS)}"
        )
    reduced: Tensor = REDUCTIONS[reduction](losses)
    return reduced


def check_array(operation: str, name: str, value: Any) -> None:
    """Refuse what is neither a Tensor nor an array where a model's output belongs.

    Raises
    ------
    TypeError
        Saying what was given, and what it may have been meant for.

    Examples
    --------
    >>> check_array("mse_loss", "the prediction", Tensor([1.0]))
    """
    # The first question is the fast one; the second lets in arrays that speak NumPy's protocols.
    if isinstance(value, Tensor) or hasattr(value, "dtype"):
        return
    remedy = {
        "tuple": ". Recurrent layers return (outputs, state): take one of them",
        "list": ". Make it one: ag.Tensor(...)",
        "NoneType": ". Does forward() return its result?",
    }.get(type(value).__name__, "")
    if isinstance(value, Module):
        remedy = ". Call the model on its inputs first: model(x)"
    raise TypeError(
        f"{operation}: {name} must be a Tensor, a model's output; got {type(value).__name__}"
        + remedy
    )


def as_array(operation: str, name: str, value: Any) -> NDArray[Any]:
    """An array of labels or targets; a Tensor's is its data.

    Raises
    ------
    ShapeError
        The rows of a list differ in length.

    Examples
    --------
    >>> as_array("cross_entropy", "labels", Tensor([0, 1]))
    array([0, 1])
    """
    try:
        return np.asarray(value.data if isinstance(value, Tensor) else value)
    except ValueError as error:
        raise ag.ShapeError(
            f"{operation}: {name} must be one array; the rows of this {type(value).__name__} "
            "differ in length"
        ) from error


def as_target(operation: str, target: Any, prediction: Tensor) -> Any:
    """A Tensor as it is, anything else as an array of numbers.

    Whole numbers get the prediction's dtype: int64 would make float32 float64.

    Raises
    ------
    TypeError
        The prediction is no array.
    DTypeError, ShapeError
        The target is text or objects, or a list whose rows differ in length.
    """
    check_array(operation, "the prediction", prediction)
    if isinstance(target, Tensor):
        return target
    array = as_array(operation, "the target", target)
    if array.dtype.kind in "USOMm":
        raise ag.DTypeError(
            f"{operation}: the target must be numbers; got {array.dtype}"
            + (f", such as {array.ravel()[0]!s}" if array.size else "")
        )
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
    if not (hasattr(prediction, "shape") and hasattr(target, "shape")):
        check_array(operation, f"the {names[0]}", prediction)
        check_array(operation, f"the {names[1]}", target)
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
    array = as_array(operation, "labels", labels)
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
