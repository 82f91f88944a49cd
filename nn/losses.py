"""Losses: how wrong an output is, as one number to go down on.

Each takes what the model gave and what it should have given, and a `reduction`: "mean" (over
every element, or every row for `cross_entropy`), "sum", or "none" (one value each). Targets and
labels are constants: plain arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag
from autograd_core import Tensor

from .errors import suggestion

REDUCTIONS: dict[str, Callable[[Any], Any]] = {
    "mean": np.mean,
    "sum": np.sum,
    "none": lambda losses: losses,
}


def mse_loss(prediction: Tensor, target: Any, reduction: str = "mean") -> Tensor:
    """Mean of the squared differences.

    Parameters
    ----------
    prediction : Tensor of any shape
    target : array_like or Tensor of the same shape
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError
        The shapes differ. (NumPy would broadcast (n, 1) against (n,) into an (n, n) table.)

    Examples
    --------
    >>> import numpy as np, nn
    >>> from autograd_core import Tensor
    >>> nn.mse_loss(Tensor([1.0, 2.0]), np.array([0.0, 4.0])).item()
    2.5
    """
    target = target if isinstance(target, Tensor) else _as_array(target, prediction)
    _check_same_shape("mse_loss", prediction, target)
    if reduction == "mean":
        loss: Tensor = ag.squared_error(prediction, target)
        return loss
    return _reduce("mse_loss", np.square(prediction - target), reduction)


def cross_entropy(logits: Tensor, labels: ArrayLike, reduction: str = "mean") -> Tensor:
    """Negative log-probability of the right class, after a softmax over the logits.

    Parameters
    ----------
    logits : Tensor of shape (n, classes)
        Scores before any softmax.
    labels : integers of shape (n,)
        The right class of each row, 0 to classes - 1.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError
        There is not one label for each row.
    DTypeError
        The labels are not integers.
    ShapeError
        A label is no class; the message names its index and value.

    Examples
    --------
    >>> import numpy as np, nn
    >>> from autograd_core import Tensor
    >>> loss = nn.cross_entropy(Tensor([[2.0, 0.0], [0.0, 0.0]]), [0, 1])
    >>> round(loss.item(), 4)
    0.41
    """
    labels = np.asarray(labels)
    if reduction == "mean":
        try:
            loss: Tensor = ag.softmax_cross_entropy(logits, labels)
            return loss
        except ag.AutogradError as refused:
            # The engine checks on every call; only after a refusal are more words worth the time.
            problem = refused
        _check_labels(logits, labels)
        raise problem
    _check_labels(logits, labels)
    chosen = ag.log_softmax(logits, axis=1)[np.arange(len(labels)), labels]
    return _reduce("cross_entropy", -chosen, reduction)


def binary_cross_entropy_with_logits(
    logits: Tensor, targets: Any, reduction: str = "mean"
) -> Tensor:
    """Cross-entropy of yes/no answers, after a sigmoid over the logits.

    Parameters
    ----------
    logits : Tensor of any shape
        Scores before any sigmoid.
    targets : array_like of the same shape
        Probabilities of "yes": 0 to 1.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError
        The shapes differ.
    ValueError
        A target is outside 0..1; the message names its index and value.

    Notes
    -----
    -log sigmoid(z) = softplus(-z) and -log(1 - sigmoid(z)) = softplus(z), so the loss
    t * softplus(-z) + (1 - t) * softplus(z) adds terms of one sign: nothing overflows or cancels.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> round(nn.binary_cross_entropy_with_logits(Tensor([0.0, 100.0]), [1, 1]).item(), 4)
    0.3466
    """
    operation = "binary_cross_entropy_with_logits"
    targets = _as_array(targets, logits)
    _check_same_shape(operation, logits, targets)
    # Written so that NaN is outside too.
    outside = ~((targets >= 0) & (targets <= 1))
    if outside.any():
        where = _first(outside)
        raise ValueError(
            f"{operation}: targets[{_show(where)}] is {targets[where]}; a target is a "
            "probability, 0 to 1"
        )
    losses = targets * ag.softplus(-logits) + (1 - targets) * ag.softplus(logits)
    return _reduce(operation, losses, reduction)


def _reduce(operation: str, losses: Tensor, reduction: str) -> Tensor:
    if reduction not in REDUCTIONS:
        raise ValueError(
            f"{operation}: unknown reduction {reduction!r}: {suggestion(reduction, REDUCTIONS)}"
        )
    reduced: Tensor = REDUCTIONS[reduction](losses)
    return reduced


def _as_array(target: ArrayLike, prediction: Tensor) -> NDArray[Any]:
    """An array; whole numbers get the prediction's dtype (int64 would make float32 float64)."""
    array = np.asarray(target)
    return array.astype(prediction.dtype) if array.dtype.kind in "bui" else array


def _check_same_shape(operation: str, prediction: Tensor, target: Any) -> None:
    if prediction.shape != target.shape:
        raise ag.ShapeError(
            f"{operation}: the prediction has shape {prediction.shape}, the target "
            f"{target.shape}; they must be the same. Reshape one of them"
        )
    if prediction.size == 0:
        raise ag.ShapeError(f"{operation}: an empty batch (shape {prediction.shape}) has no loss")


def _check_labels(logits: Tensor, labels: NDArray[Any]) -> None:
    if logits.ndim != 2:
        raise ag.ShapeError(
            f"cross_entropy: logits must have shape (rows, classes); got {logits.shape}"
        )
    rows, classes = logits.shape
    if labels.shape != (rows,):
        raise ag.ShapeError(_wrong_labels_shape(logits.shape, labels))
    if rows == 0 or classes == 0:
        raise ag.ShapeError(f"cross_entropy: an empty batch (shape {logits.shape}) has no loss")
    if labels.dtype.kind not in "ui":
        raise ag.DTypeError(
            f"cross_entropy: labels must be integers, the class of each row; got {labels.dtype} "
            f"(labels[0] is {labels[0]}). Convert them: labels.astype(np.int64)"
        )
    if labels.min() < 0 or labels.max() >= classes:
        where = _first((labels < 0) | (labels >= classes))
        raise ag.ShapeError(
            f"cross_entropy: labels[{_show(where)}] is {labels[where]}, but logits of shape "
            f"{logits.shape} have classes 0 to {classes - 1}"
        )


def _wrong_labels_shape(logits_shape: tuple[int, ...], labels: NDArray[Any]) -> str:
    if labels.shape == logits_shape:
        return (
            f"cross_entropy: labels have shape {labels.shape}, like the logits: are they one-hot? "
            "Give the class of each row: labels.argmax(axis=1)"
        )
    if labels.ndim == 1:
        # Naming the edge of the shorter one shows which rows have no partner.
        last = f"; the last is labels[{len(labels) - 1}] = {labels[-1]}" if len(labels) else ""
        return (
            f"cross_entropy: logits of shape {logits_shape} need {logits_shape[0]} labels, one "
            f"for each row; got {len(labels)}{last}"
        )
    return (
        f"cross_entropy: labels must have shape ({logits_shape[0]},), one for each row of the "
        f"logits {logits_shape}; got {labels.shape}"
    )


def _first(mask: NDArray[np.bool_]) -> tuple[int, ...]:
    """Index of the first True."""
    return tuple(int(i) for i in np.unravel_index(mask.argmax(), mask.shape))


def _show(index: tuple[int, ...]) -> str:
    return ", ".join(map(str, index)) or "()"
