"""How good an output is, for people: accuracy and the confusion matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag
from autograd_core import Tensor


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
    scores = np.asarray(outputs.data if isinstance(outputs, Tensor) else outputs)
    several = scores.ndim == 2 and scores.shape[1] > 1
    predictions = scores.argmax(axis=1) if several else (scores > 0).ravel()
    return float(np.mean(predictions == np.asarray(labels).ravel()))


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
