"""Losses fused into one operation: stabler and faster than the steps they are made of."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from .. import backend
from ..errors import DTypeError, ShapeError, describe
from ..primitive import example, primitive

UNSIGNED = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}


@lru_cache(maxsize=64)
def _rows(n: int) -> Any:
    """0, 1, ... n - 1, shared and read-only: batches of one size come by the thousand."""
    rows = np.arange(n)
    rows.flags.writeable = False
    return rows


def _check_labels(logits: Any, labels: Any) -> None:
    """Shapes, dtype and, where they are at hand, the numbers."""
    if logits.ndim != 2 or labels.shape != logits.shape[:1]:
        raise ShapeError(
            "softmax_cross_entropy: logits have shape (examples, classes) and labels (examples,)."
            f" Given: {describe(logits, 'logits')}; {describe(labels, 'labels')}."
        )
    if labels.dtype.kind not in "iu":
        raise DTypeError(
            "softmax_cross_entropy: labels are class numbers, so integers; they are"
            f" {labels.dtype}. Convert them: labels.astype(int)."
        )
    if not len(labels):
        raise ShapeError("softmax_cross_entropy: the batch is empty, so its mean does not exist.")
    if backend.is_lazy(labels):
        return
    classes = logits.shape[1]
    # As unsigned numbers, negative labels are huge: one look finds both kinds.
    if labels.view(UNSIGNED[labels.itemsize]).max() >= classes:
        row = int(np.argmax((labels < 0) | (labels >= classes)))
        raise ShapeError(
            f"softmax_cross_entropy: label {labels[row]} (row {row}) is outside 0..{classes - 1}:"
            f" the logits have {classes} classes."
        )


def _cross_entropy_compute(logits: Any, labels: Any) -> tuple[Any, Any]:
    labels = backend.asarray(labels)
    _check_labels(logits, labels)
    if backend.is_foreign(logits) or backend.is_foreign(labels):
        return _cross_entropy_steps(logits, labels)
    probabilities = logits - np.maximum.reduce(logits, axis=1, keepdims=True)
    rows = _rows(len(labels))
    picked = probabilities[rows, labels]
    np.exp(probabilities, out=probabilities)
    totals = np.add.reduce(probabilities, axis=1, keepdims=True)
    probabilities /= totals
    loss = np.add.reduce(np.log(totals)[:, 0] - picked) / len(labels)
    return loss, probabilities


def _cross_entropy_steps(logits: Any, labels: Any) -> tuple[Any, Any]:
    """The same by functions alone, for arrays that cannot be written into."""
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    powers = np.exp(shifted)
    totals = np.sum(powers, axis=1, keepdims=True)
    picked = np.sum(np.where(_one_hot(labels, logits.shape[1]), shifted, 0), axis=1)
    return np.mean(np.log(totals)[:, 0] - picked), powers / totals


def _one_hot(labels: Any, classes: int) -> Any:
    return np.arange(classes) == labels[:, None]


def _cross_entropy(logits: Any, labels: Any) -> Any:
    """Mean cross-entropy of the softmax of `logits` against class numbers, in one operation.

    Parameters
    ----------
    logits : Tensor or array, shape (examples, classes)
    labels : array of int, shape (examples,)
        From 0 to ``classes - 1``.

    Returns
    -------
    Tensor or number
        ``mean(logsumexp(logits, axis=1) - logits[row, label])``. Its derivative is
        ``(softmax(logits) - onehot(labels)) / examples`` (Bishop, *Pattern Recognition and
        Machine Learning*, 2006, eq. 4.109).

    Raises
    ------
    ShapeError
        If the shapes do not agree, the batch is empty, or a label is out of range.
    DTypeError
        If the labels are not integers.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> logits = ag.Tensor([[0.0, 0.0]])
    >>> loss = ag.softmax_cross_entropy(logits, np.array([1]))
    >>> loss.backward()
    >>> round(float(loss), 4), logits.grad
    (0.6931, array([[ 0.5, -0.5]]))
    """
    return _cross_entropy_compute(logits, labels)[0]


def _cross_entropy_logits(g: Any, labels: Any, probabilities: Any) -> Any:
    n = len(labels)
    if isinstance(probabilities, np.ndarray) and isinstance(labels, np.ndarray):
        slope = probabilities * (g / n)
        slope[_rows(n), labels] -= g / n
        return slope
    return (probabilities - _one_hot(labels, probabilities.shape[1])) * (g / n)


def _probabilities(logits: Any) -> Any:
    e = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


softmax_cross_entropy = primitive(
    _cross_entropy,
    logits=_cross_entropy_logits,
    labels=None,
    name="softmax_cross_entropy",
    compute=_cross_entropy_compute,
    residuals={"probabilities": _probabilities},
    symbol="cross-entropy",
    latex=r"\operatorname{{CE}}({logits}, {labels})",
    examples=[
        example((4, 3), np.array([0, 2, 1, 1])),
        example((1, 2), np.array([1])),
    ],
)


def _squared_error(prediction: Any, target: Any) -> Any:
    """Mean squared error ``mean((prediction - target)**2)``, in one operation.

    Parameters
    ----------
    prediction, target : Tensor or array
        Of one shape.

    Returns
    -------
    Tensor or number

    Raises
    ------
    ShapeError
        If the shapes differ: broadcasting a loss is nearly always a mistake.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> y = ag.Tensor([1.0, 3.0])
    >>> loss = ag.squared_error(y, np.array([1.0, 1.0]))
    >>> loss.backward()
    >>> float(loss), y.grad
    (2.0, array([0., 2.]))
    """
    if np.shape(prediction) != np.shape(target):
        raise ShapeError(
            "squared_error: prediction and target must have the same shape (broadcasting one of"
            f" them would hide a mistake). Given: {describe(prediction, 'prediction')};"
            f" {describe(target, 'target')}. Reshape one: target.reshape(prediction.shape)."
        )
    difference = np.subtract(prediction, target)
    flat = difference.reshape(-1)
    return np.dot(flat, flat) / max(flat.size, 1)


def _error_slope(g: Any, of: Any, other: Any) -> Any:
    return (of - other) * (2 / max(of.size, 1) * g)


squared_error = primitive(
    _squared_error,
    prediction=lambda g, prediction, target: _error_slope(g, prediction, target),
    target=lambda g, prediction, target: _error_slope(g, target, prediction),
    name="squared_error",
    symbol="mean (·−·)²",
    latex=r"\operatorname{{mean}}\left(({prediction} - {target})^2\right)",
    javascript="({prediction} - {target}) ** 2",
    precedence=9,
    examples=[example((3, 2), (3, 2)), example((), ())],
)
