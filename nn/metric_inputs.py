"""What the metrics are given, as arrays; refused where measuring it would mean nothing."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag
from autograd_core import Tensor

from .errors import check_number

Array = NDArray[Any]


def plain_array(operation: str, what: str, values: ArrayLike | Tensor) -> Array:
    """An array of what a Tensor holds, or of an array_like.

    Raises
    ------
    ShapeError
        A list whose rows differ in length.

    Examples
    --------
    >>> plain_array("accuracy", "outputs", Tensor([1.0, 2.0]))
    array([1., 2.])
    """
    try:
        return np.asarray(values.data if isinstance(values, Tensor) else values)
    except ValueError as error:
        raise ag.ShapeError(
            f"{operation}: {what} must be one array of numbers; the rows of this "
            f"{type(values).__name__} differ in length"
        ) from error


def predictions(
    operation: str,
    outputs: ArrayLike | Tensor,
    labels: ArrayLike | Tensor,
    threshold: float = 0,
) -> tuple[Array, Array]:
    """The class that each row is taken for, and its label.

    With one output a row it is class 1 above the threshold; outputs of more axes are such single
    answers too, one for each label.

    Raises
    ------
    ShapeError, DTypeError, ValueError
        As `labels_of_rows`; or one output a row has other labels than 0 and 1.

    Warns
    -----
    UserWarning
        The outputs look like probabilities, and the threshold is that of logits.

    Examples
    --------
    >>> predictions("accuracy", [[2.0, 1.0], [0.0, 3.0]], [0, 0])
    (array([0, 1]), array([0, 0]))
    """
    check_number(operation, "threshold", threshold)
    scores = plain_array(operation, "outputs", outputs)
    several = scores.ndim == 2 and scores.shape[1] > 1
    predicted = scores.argmax(axis=1) if several else (scores > threshold).ravel().astype(np.intp)
    given = plain_array(operation, "labels", labels)
    if scores.ndim > 2 and given.size != scores.size:
        raise ag.ShapeError(
            f"{operation}: outputs must have shape (rows, classes), (rows,) or (rows, 1); got "
            f"{scores.shape} with labels {given.shape}. With the classes on the last axis: "
            f"outputs.reshape(-1, {scores.shape[-1]}), labels.ravel()"
        )
    true = labels_of_rows(operation, len(predicted), given)
    if not several and (wrong := (true != 0) & (true != 1)).any():
        place = int(wrong.argmax())
        raise ValueError(
            f"{operation}: with one output a row the labels are 0 and 1; labels[{place}] is "
            f"{true[place]}. Where -1 stands for no: labels > 0"
        )
    if not several and threshold == 0.0 and _look_like_probabilities(scores.ravel(), true):
        warnings.warn(
            f"{operation}: all outputs lie between 0 and 1. If these are probabilities, threshold "
            "0, which is meant for logits, takes every row for class 1. Give threshold=0.5, in "
            f"metrics= as functools.partial(nn.{operation}, threshold=0.5); or leave the sigmoid "
            "out of the model and train with nn.binary_cross_entropy_with_logits",
            UserWarning,
            stacklevel=3,  # where the metric was called
        )
    return predicted, true


# Fewer rows tell nothing.
FEWEST_ROWS = 8


def _look_like_probabilities(scores: Array, labels: Array) -> bool:
    """Whether all are within 0 to 1, and 0.5 parts the labels better than chance would.

    Logits may lie there too, those of an untrained network above all; but then 0.5 is no better
    than any other number at telling the classes apart.

    Examples
    --------
    >>> labels = np.arange(8) % 2
    >>> _look_like_probabilities(0.2 + 0.5 * labels, labels)
    True
    >>> _look_like_probabilities(np.linspace(0.3, 0.9, 8), labels)
    False
    """
    if len(scores) < FEWEST_ROWS or not (scores.min() >= 0.0 and scores.max() <= 1.0):
        return False
    ones, zeros = scores[labels == 1], scores[labels == 0]
    if not len(ones) or not len(zeros):
        return False
    # Two standard deviations of this difference where outputs and labels are unrelated.
    chance = np.sqrt(1 / len(ones) + 1 / len(zeros))
    return bool(np.mean(ones > 0.5) - np.mean(zeros > 0.5) > chance)


def labels_of_rows(operation: str, rows: int, labels: ArrayLike | Tensor) -> Array:
    """The labels, as many as there are rows; a single one would broadcast to all of them.

    Raises
    ------
    ShapeError
        There is not one label for each row, or there are no rows.
    DTypeError
        The labels are text, or not whole numbers.

    Examples
    --------
    >>> labels_of_rows("accuracy", 2, [[0.0], [1.0]])
    array([0., 1.])
    """
    given = plain_array(operation, "labels", labels)
    true = given.ravel()
    if len(true) != rows:
        table = given.ndim == 2 and len(given) == rows
        raise ag.ShapeError(
            f"{operation}: {rows} outputs but {len(true)} labels"
            + (". One-hot labels: labels.argmax(axis=1); outputs come first" if table else "")
        )
    if rows == 0:
        raise ag.ShapeError(f"{operation}: there are no rows to measure")
    if true.dtype.kind not in "iubf":
        raise ag.DTypeError(
            f"{operation}: labels must be integers, the class of each row; got {true.dtype} "
            f"(labels[0] is {true[0]}). {NUMBER_THEM}"
        )
    if true.dtype.kind == "f" and (wrong := true != np.floor(true)).any():
        place = int(wrong.argmax())
        raise ag.DTypeError(
            f"{operation}: labels must be integers, the class of each row; labels[{place}] is "
            f"{true[place]} ({true.dtype}). {MEASURE_NUMBERS}"
        )
    return true


NUMBER_THEM = "Number them: names, labels = np.unique(labels, return_inverse=True)"
MEASURE_NUMBERS = (
    "Numbers are measured by nn.mean_absolute_error, nn.root_mean_squared_error, nn.r2_score; "
    "probabilities of yes become labels by labels > 0.5"
)


def class_indices(operation: str, what: str, values: Array, classes: int) -> Array:
    """Integers from 0 to classes - 1.

    Raises
    ------
    DTypeError
        They are not integers.
    ShapeError
        One is no class; the message names its index.

    Examples
    --------
    >>> class_indices("perplexity", "labels", np.array([True, False]), 2)
    array([1, 0])
    """
    if values.size and values.dtype.kind not in "iub":
        number = values.dtype.kind == "f"
        where = (0,) * values.ndim
        raise ag.DTypeError(
            f"{operation}: {what} must be integers, the class of each row; got {values.dtype} "
            f"({what}[{_show(where)}] is {values[where]}). "
            + (f"Convert them: {what}.astype(np.int64)" if number else NUMBER_THEM)
        )
    indices: Array = values.astype(np.int64)
    wrong = (indices < 0) | (indices >= classes)
    if wrong.any():
        where = tuple(map(int, np.argwhere(wrong)[0]))
        raise ag.ShapeError(
            f"{operation}: {what}[{_show(where)}] is {indices[where]}, but the classes are 0 to "
            f"{classes - 1}. Leave out rows that have no class, such as padding"
        )
    return indices


def numbers(
    operation: str, outputs: ArrayLike | Tensor, targets: ArrayLike | Tensor
) -> tuple[Array, Array]:
    """Both in double precision and of one shape; (n,) beside (n, 1) would broadcast to (n, n).

    Raises
    ------
    ShapeError
        The shapes differ, or there are no rows.
    DTypeError
        Something is no number.

    Examples
    --------
    >>> numbers("r2_score", [1.0], [2])
    (array([1.]), array([2.]))
    """
    found, wanted = (
        _in_double(operation, what, values)
        for what, values in (("outputs", outputs), ("targets", targets))
    )
    if found.shape != wanted.shape:
        raise ag.ShapeError(
            f"{operation}: outputs and targets must have one shape; got {found.shape} and "
            f"{wanted.shape}"
        )
    if not found.size:
        raise ag.ShapeError(f"{operation}: there are no rows to measure (shape {found.shape})")
    return np.atleast_1d(found), np.atleast_1d(wanted)


def _in_double(operation: str, what: str, values: ArrayLike | Tensor) -> Array:
    array = plain_array(operation, what, values)
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError) as error:
        first = array.ravel()[0]
        raise ag.DTypeError(
            f"{operation}: {what} must be numbers; got {array.dtype} (the first is {str(first)!r})"
        ) from error


def _show(index: tuple[int, ...]) -> str:
    return ", ".join(map(str, index)) or "()"
