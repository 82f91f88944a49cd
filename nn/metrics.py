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

AVERAGES = ("macro", "micro", "binary")


def accuracy(outputs: ArrayLike | Tensor, labels: ArrayLike) -> float:
    """Share of rows whose largest output is at the label; with one output a row, its sign decides.

    Parameters
    ----------
    outputs : array_like or Tensor of shape (n, classes), (n,) or (n, 1)
        Logits.
    labels : array_like of n integers
        Classes; for one output a row, 0 or 1.

    Examples
    --------
    >>> import nn
    >>> nn.accuracy([[2.0, 1.0], [0.0, 3.0]], [0, 0]), nn.accuracy([-1.0, 3.0], [0, 1])
    (0.5, 1.0)
    """
    predicted = _predictions(outputs)
    return float(np.mean(predicted == _one_a_row("accuracy", len(predicted), labels)))


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
    scores = _values(outputs)
    check_whole("top_k_accuracy", "k", k)
    if scores.ndim != 2 or k > scores.shape[1]:
        raise ag.ShapeError(
            f"top_k_accuracy: outputs must have shape (rows, classes) with at least k={k} classes; "
            f"got {scores.shape}"
        )
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    true = _one_a_row("top_k_accuracy", len(scores), labels)
    return float(np.mean((best == true[:, None]).any(axis=1)))


def precision(outputs: ArrayLike | Tensor, labels: ArrayLike, *, average: str = "macro") -> float:
    """Of the rows taken for a class, the share that is of it.

    Parameters
    ----------
    outputs : array_like or Tensor of shape (n, classes), (n,) or (n, 1)
        Logits.
    labels : array_like of n integers
    average : "macro", "micro" or "binary", default "macro"
        Mean over the classes that occur; over all rows together; or for class 1 only. A class
        that no row was taken for counts as 0.

    Examples
    --------
    >>> import nn
    >>> nn.precision([1.0, 1.0, -1.0], [1, 0, 0], average="binary")
    0.5
    """
    hits, taken, _ = _counts("precision", outputs, labels, average)
    return float(np.mean(_share(hits, taken)))


def recall(outputs: ArrayLike | Tensor, labels: ArrayLike, *, average: str = "macro") -> float:
    """Of the rows of a class, the share that was taken for it; arguments as for `precision`.

    Examples
    --------
    >>> import nn
    >>> nn.recall([1.0, 1.0, -1.0], [1, 0, 0], average="binary")
    1.0
    """
    hits, _, there = _counts("recall", outputs, labels, average)
    return float(np.mean(_share(hits, there)))


def f1_score(outputs: ArrayLike | Tensor, labels: ArrayLike, *, average: str = "macro") -> float:
    """Harmonic mean of precision and recall; arguments as for `precision`.

    Examples
    --------
    >>> import nn
    >>> round(nn.f1_score([1.0, 1.0, -1.0], [1, 0, 0], average="binary"), 4)
    0.6667
    """
    hits, taken, there = _counts("f1_score", outputs, labels, average)
    return float(np.mean(_share(2 * hits, taken + there)))


def confusion_matrix(labels: ArrayLike, predictions: ArrayLike, classes: int) -> NDArray[Any]:
    """Count how often each class (row) was taken for each class (column).

    Parameters
    ----------
    labels, predictions : integers of shape (n,), 0 to classes - 1

    Returns
    -------
    int array of shape (classes, classes)

    Examples
    --------
    >>> import nn
    >>> nn.confusion_matrix([0, 0, 1], [0, 1, 1], classes=2)
    array([[1, 1],
           [0, 1]])
    """
    true, predicted = np.asarray(labels), np.asarray(predictions)
    if true.shape != predicted.shape:
        raise ag.ShapeError(
            f"confusion_matrix: {true.shape} labels but {predicted.shape} predictions"
        )
    return np.bincount(true * classes + predicted, minlength=classes**2).reshape(classes, classes)


def perplexity(outputs: ArrayLike | Tensor, labels: ArrayLike) -> float:
    """Exponential of the mean cross-entropy: as unsure as a fair choice among so many classes.

    Parameters
    ----------
    outputs : array_like or Tensor of shape (..., classes)
        Logits.
    labels : array_like of integers of shape (...)

    Examples
    --------
    >>> import numpy as np, nn
    >>> round(nn.perplexity(np.zeros((3, 8)), [0, 1, 2]), 6)
    8.0
    """
    scores, classes = _values(outputs).astype(np.float64), np.asarray(labels)
    if scores.shape[:-1] != classes.shape:
        raise ag.ShapeError(
            f"perplexity: outputs of shape {scores.shape} need labels of shape "
            f"{scores.shape[:-1]}; got {classes.shape}"
        )
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
    found, wanted = _numbers("r2_score", outputs, targets)
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
    found, wanted = _numbers("mean_absolute_error", outputs, targets)
    return float(np.mean(np.abs(found - wanted)))


def root_mean_squared_error(outputs: ArrayLike | Tensor, targets: ArrayLike) -> float:
    """Square root of the mean squared distance: in the targets' unit, large errors count more.

    Examples
    --------
    >>> import nn
    >>> nn.root_mean_squared_error([1.0, 2.0, 0.0, 0.0], [1.0, 4.0, 0.0, 0.0])
    1.0
    """
    found, wanted = _numbers("root_mean_squared_error", outputs, targets)
    return float(np.sqrt(np.mean(np.square(found - wanted))))


def _values(outputs: ArrayLike | Tensor) -> NDArray[Any]:
    return np.asarray(outputs.data if isinstance(outputs, Tensor) else outputs)


def _predictions(outputs: ArrayLike | Tensor) -> NDArray[Any]:
    """The class of each row."""
    scores = _values(outputs)
    several = scores.ndim == 2 and scores.shape[1] > 1
    return scores.argmax(axis=1) if several else (scores > 0).ravel()


def _one_a_row(name: str, rows: int, labels: ArrayLike) -> NDArray[Any]:
    """The labels, as many as there are outputs; a single one would broadcast to all of them."""
    true = np.asarray(labels).ravel()
    if len(true) != rows:
        raise ag.ShapeError(f"{name}: {rows} outputs but {len(true)} labels")
    if rows == 0:
        raise ag.ShapeError(f"{name}: there are no rows to measure")
    return true


def _counts(
    name: str, outputs: ArrayLike | Tensor, labels: ArrayLike, average: str
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """For each class that is averaged over: rows that are right, taken for it, and of it."""
    if average not in AVERAGES:
        raise ValueError(f"{name}: unknown average {average!r}: {suggestion(average, AVERAGES)}")
    predicted = _predictions(outputs).astype(np.int64)
    true = _one_a_row(name, len(predicted), labels)
    classes = np.array([1]) if average == "binary" else np.union1d(true, predicted)
    mine, theirs = predicted[:, None] == classes, true[:, None] == classes
    axis = None if average == "micro" else 0
    counts = [np.sum(part, axis=axis) for part in (mine & theirs, mine, theirs)]
    return counts[0], counts[1], counts[2]


def _share(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[Any]:
    """Part of the whole, 0 where there is no whole."""
    return part / np.where(whole == 0, 1, whole)


def _numbers(
    name: str, outputs: ArrayLike | Tensor, targets: ArrayLike
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Both in double precision and of one shape; (n,) beside (n, 1) would broadcast to (n, n)."""
    found, wanted = _values(outputs).astype(np.float64), np.asarray(targets, np.float64)
    if found.shape != wanted.shape:
        raise ag.ShapeError(
            f"{name}: outputs and targets must have one shape; got {found.shape} and {wanted.shape}"
        )
    return found, wanted
