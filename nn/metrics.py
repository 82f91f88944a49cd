"""How good an output is, for people: accuracy and its relatives, and errors of numbers.

Each takes (outputs, targets) and can stand in the `metrics` of `fit` and `evaluate`; to set an
option there, use `functools.partial(nn.top_k_accuracy, k=3)`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag
from autograd_core import Tensor

from .errors import check_whole, suggestion
from .metric_inputs import (
    class_indices,
    labels_of_rows,
    numbers,
    plain_array,
    predictions,
)

AVERAGES = ("macro", "micro", "binary")


def accuracy(outputs: ArrayLike | Tensor, labels: ArrayLike, *, threshold: float = 0) -> float:
    """Share of rows whose largest output is at the label; with one output a row, its sign decides.

    Parameters
    ----------
    outputs : array_like or Tensor of shape (n, classes), (n,) or (n, 1)
        Logits, or with a threshold of 0.5 probabilities.
    labels : array_like of n integers
        Classes; for one output a row, 0 or 1. Floats do where they are whole numbers.
    threshold : float, default 0
        With one output a row: above it, a row is taken for class 1.

    Raises
    ------
    ShapeError
        There is not one label for each row, or there are no rows.
    DTypeError, ValueError
        The labels are no classes: text, fractions, or for one output a row not 0 and 1.

    Warns
    -----
    UserWarning
        With one output a row: they look like probabilities, and the threshold is 0.

    Examples
    --------
    >>> import nn
    >>> nn.accuracy([[2.0, 1.0], [0.0, 3.0]], [0, 0]), nn.accuracy([-1.0, 3.0], [0, 1])
    (0.5, 1.0)
    >>> nn.accuracy([0.1, 0.8], [0, 1], threshold=0.5)
    1.0
    """
    predicted, true = predictions("accuracy", outputs, labels, threshold)
    return float(np.mean(predicted == true))


def top_k_accuracy(outputs: ArrayLike | Tensor, labels: ArrayLike, k: int = 5) -> float:
    """Share of rows whose label is among the `k` largest outputs.

    Parameters
    ----------
    outputs : array_like or Tensor of shape (n, classes)
    labels : array_like of n integers
    k : int, default 5
        At most the number of classes. Of equal outputs the later ones count as smaller.

    Examples
    --------
    >>> import nn
    >>> nn.top_k_accuracy([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0]], [1, 2], k=2)
    0.5
    """
    scores = plain_array("top_k_accuracy", "outputs", outputs)
    check_whole("top_k_accuracy", "k", k)
    if scores.ndim != 2 or k > scores.shape[1]:
        raise ag.ShapeError(
            f"top_k_accuracy: outputs must have shape (rows, classes) with at least k={k} classes; "
            f"got {scores.shape}"
        )
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    true = labels_of_rows("top_k_accuracy", len(scores), labels)
    return float(np.mean((best == true[:, None]).any(axis=1)))


def precision(
    outputs: ArrayLike | Tensor, labels: ArrayLike, *, average: str = "macro", threshold: float = 0
) -> float:
    """Of the rows taken for a class, the share that is of it.

    Parameters
    ----------
    outputs : array_like or Tensor of shape (n, classes), (n,) or (n, 1)
        Logits, or with a threshold of 0.5 probabilities.
    labels : array_like of n integers
    average : "macro", "micro" or "binary", default "macro"
        Mean over the classes that occur; over all rows together; or for class 1 only. A class
        that no row was taken for counts as 0.
    threshold : float, default 0
        With one output a row: above it, a row is taken for class 1.

    Examples
    --------
    >>> import nn
    >>> nn.precision([1.0, 1.0, -1.0], [1, 0, 0], average="binary")
    0.5
    """
    predicted, true = predictions("precision", outputs, labels, threshold)
    hits, taken, _ = _counts("precision", predicted, true, average)
    return float(np.mean(_share(hits, taken)))


def recall(
    outputs: ArrayLike | Tensor, labels: ArrayLike, *, average: str = "macro", threshold: float = 0
) -> float:
    """Of the rows of a class, the share that was taken for it; arguments as for `precision`.

    Examples
    --------
    >>> import nn
    >>> nn.recall([1.0, 1.0, -1.0], [1, 0, 0], average="binary")
    1.0
    """
    predicted, true = predictions("recall", outputs, labels, threshold)
    hits, _, there = _counts("recall", predicted, true, average)
    return float(np.mean(_share(hits, there)))


def f1_score(
    outputs: ArrayLike | Tensor, labels: ArrayLike, *, average: str = "macro", threshold: float = 0
) -> float:
    """Harmonic mean of precision and recall; arguments as for `precision`.

    Examples
    --------
    >>> import nn
    >>> round(nn.f1_score([1.0, 1.0, -1.0], [1, 0, 0], average="binary"), 4)
    0.6667
    """
    predicted, true = predictions("f1_score", outputs, labels, threshold)
    hits, taken, there = _counts("f1_score", predicted, true, average)
    return float(np.mean(_share(2 * hits, taken + there)))


def confusion_matrix(labels: ArrayLike, predictions: ArrayLike, classes: int) -> NDArray[Any]:
    """Count how often each class (row) was taken for each class (column).

    Parameters
    ----------
    labels, predictions : integers of shape (n,), 0 to classes - 1
    classes : int

    Returns
    -------
    int array of shape (classes, classes)

    Raises
    ------
    ShapeError
        The shapes are not (n,) both, or a number is no class; the message names its index.
    DTypeError
        They are not integers.

    Examples
    --------
    >>> import nn
    >>> nn.confusion_matrix([0, 0, 1], [0, 1, 1], classes=2)
    array([[1, 1],
           [0, 1]])
    """
    operation = "confusion_matrix"
    check_whole(operation, "classes", classes)
    true = plain_array(operation, "labels", labels)
    predicted = plain_array(operation, "predictions", predictions)
    if true.shape != predicted.shape or true.ndim != 1:
        scores = predicted.shape == (true.size, classes) and predicted.dtype.kind == "f"
        raise ag.ShapeError(
            f"{operation}: labels and predictions must both have shape (rows,); got {true.shape} "
            f"and {predicted.shape}"
            + (". Give the class of each row: predictions.argmax(axis=1)" if scores else "")
        )
    true = class_indices(operation, "labels", true, classes)
    predicted = class_indices(operation, "predictions", predicted, classes)
    return np.bincount(true * classes + predicted, minlength=classes**2).reshape(classes, classes)


def perplexity(outputs: ArrayLike | Tensor, labels: ArrayLike) -> float:
    """Exponential of the mean cross-entropy: as unsure as a fair choice among so many classes.

    Parameters
    ----------
    outputs : array_like or Tensor of shape (..., classes)
        Logits.
    labels : array_like of integers of shape (...)

    Raises
    ------
    ShapeError
        The shapes do not fit, there are no labels, or a label is no class; the message names its
        index.
    DTypeError
        The labels are not integers.

    Examples
    --------
    >>> import numpy as np, nn
    >>> round(nn.perplexity(np.zeros((3, 8)), [0, 1, 2]), 6)
    8.0
    """
    operation = "perplexity"
    scores = plain_array(operation, "outputs", outputs).astype(np.float64)
    given = plain_array(operation, "labels", labels)
    if scores.ndim == 0 or scores.shape[:-1] != given.shape:
        raise ag.ShapeError(
            f"perplexity: outputs of shape {scores.shape} need labels of shape "
            f"{scores.shape[:-1]}; got {given.shape}"
            if scores.ndim
            else "perplexity: outputs must have shape (..., classes); got ()"
        )
    if not scores.size:
        raise ag.ShapeError(f"perplexity: there are no rows to measure (shape {scores.shape})")
    classes = class_indices(operation, "labels", given, scores.shape[-1])
    scores = scores - scores.max(axis=-1, keepdims=True)
    at_label = np.take_along_axis(scores, classes[..., None], axis=-1)[..., 0]
    return float(np.exp(np.mean(np.log(np.exp(scores).sum(axis=-1)) - at_label)))


def r2_score(outputs: ArrayLike | Tensor, targets: ArrayLike) -> float:
    """Share of the targets' variance that the outputs explain: 1 is perfect, 0 is their mean.

    Columns count the same, each by its own variance; targets that never change have no R2, and
    give NaN.

    Examples
    --------
    >>> import nn
    >>> nn.r2_score([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), nn.r2_score([2.0, 2.0, 2.0], [1.0, 2.0, 3.0])
    (1.0, 0.0)
    """
    found, wanted = numbers("r2_score", outputs, targets)
    variance = np.square(wanted - wanted.mean(axis=0)).sum(axis=0)
    rest = np.square(found - wanted).sum(axis=0)
    return float(np.mean(1.0 - rest / np.where(variance == 0, np.nan, variance)))


def mean_absolute_error(outputs: ArrayLike | Tensor, targets: ArrayLike) -> float:
    """Mean distance of outputs and targets.

    Examples
    --------
    >>> import nn
    >>> nn.mean_absolute_error([1.0, 2.0], [1.0, 4.0])
    1.0
    """
    found, wanted = numbers("mean_absolute_error", outputs, targets)
    return float(np.mean(np.abs(found - wanted)))


def root_mean_squared_error(outputs: ArrayLike | Tensor, targets: ArrayLike) -> float:
    """Square root of the mean squared distance: in the targets' unit, large errors count more.

    Examples
    --------
    >>> import nn
    >>> nn.root_mean_squared_error([1.0, 2.0, 0.0, 0.0], [1.0, 4.0, 0.0, 0.0])
    1.0
    """
    found, wanted = numbers("root_mean_squared_error", outputs, targets)
    return float(np.sqrt(np.mean(np.square(found - wanted))))


# Of these a small value is the better one; of all others here a large one. Early stopping asks.
LOWER_IS_BETTER = (perplexity, mean_absolute_error, root_mean_squared_error)


def _counts(
    name: str, predicted: NDArray[Any], true: NDArray[Any], average: str
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """For each class that is averaged over: rows that are right, taken for it, and of it."""
    if average not in AVERAGES:
        raise ValueError(f"{name}: unknown average {average!r}: {suggestion(average, AVERAGES)}")
    classes = np.array([1]) if average == "binary" else np.union1d(true, predicted)
    mine, theirs = predicted[:, None] == classes, true[:, None] == classes
    axis = None if average == "micro" else 0
    counts = [np.sum(part, axis=axis) for part in (mine & theirs, mine, theirs)]
    return counts[0], counts[1], counts[2]


def _share(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[Any]:
    """Part of the whole, 0 where there is no whole."""
    return part / np.where(whole == 0, 1, whole)
