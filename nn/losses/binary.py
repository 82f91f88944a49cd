"""Losses of yes/no answers, and the focal loss."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from ..errors import check_number
from .classification import check_labels
from .common import as_array, as_target, check_array, check_same_shape, first, reduce, show

__all__ = ["binary_cross_entropy", "binary_cross_entropy_with_logits", "focal_loss"]

LEAST_LOGARITHM = -100.0  # PyTorch's: a sure and wrong answer costs 100, not infinity


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
    targets = _probabilities(operation, logits, targets)
    return reduce(operation, _from_logits(logits, targets), reduction)


def _from_logits(logits: Any, targets: Any) -> Any:
    return targets * ag.softplus(-logits) + (1 - targets) * ag.softplus(logits)


def binary_cross_entropy(probabilities: Tensor, targets: Any, reduction: str = "mean") -> Tensor:
    """Cross-entropy of yes/no answers given as probabilities.

    `binary_cross_entropy_with_logits` loses fewer digits: use it where there is a choice.

    Parameters
    ----------
    probabilities : Tensor of any shape
        Of "yes", 0 to 1: after a sigmoid.
    targets : array_like of the same shape
        Probabilities of "yes": 0 to 1.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError
        The shapes differ.
    ValueError
        A probability or a target is outside 0..1.

    Notes
    -----
    Logarithms are cut at -100, as PyTorch's are: a sure and wrong answer costs 100. Its gradient
    is that of what is left after the cut (PyTorch's divides by at least 1e-12 instead).

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> round(nn.binary_cross_entropy(Tensor([0.5, 1.0]), [1, 1]).item(), 4)
    0.3466
    """
    operation = "binary_cross_entropy"
    targets = _probabilities(operation, probabilities, targets)
    values = _plain(probabilities)
    outside = ~((values >= 0) & (values <= 1))
    if np.any(outside):
        where = first(np.asarray(outside))
        raise ValueError(
            f"{operation}: probabilities[{show(where)}] is {values[where]}, outside 0 to 1. Put a "
            "sigmoid before it, or use binary_cross_entropy_with_logits"
        )
    yes, no = _cut_logarithm(probabilities), _cut_logarithm(1 - probabilities)
    return reduce(operation, -(targets * yes + (1 - targets) * no), reduction)


def _plain(values: Any) -> Any:
    return values.data if isinstance(values, Tensor) else values


def _cut_logarithm(probabilities: Any) -> Any:
    values = _plain(probabilities)
    below = values < np.exp(LEAST_LOGARITHM)
    return np.where(below, LEAST_LOGARITHM, np.log(np.where(below, 1, probabilities)))


def focal_loss(
    logits: Tensor,
    targets: Any,
    gamma: float = 2.0,
    alpha: float | None = None,
    reduction: str = "mean",
) -> Tensor:
    """Cross-entropy that looks away from what is already right.

    Parameters
    ----------
    logits : Tensor
        Of any shape, for yes/no answers; or of shape (rows, classes).
    targets : array_like
        For yes/no answers 0 or 1 (or between), of the logits' shape; else integer labels of
        shape (rows,).
    gamma : float, default 2
        How strongly: the cross-entropy is multiplied by (1 - p) ** gamma, p being the probability
        of the right answer. 0 gives the cross-entropy.
    alpha : float, optional
        Weight of "yes" answers, 0 to 1; "no" answers weigh 1 - alpha. For yes/no answers only.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError, DTypeError, ValueError
        The shapes do not fit, a label is no class, gamma is negative, alpha outside 0..1.

    Notes
    -----
    Lin, Goyal, Girshick, He & Dollár, "Focal loss for dense object detection", ICCV 2017,
    equation 5.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> sure, unsure = nn.focal_loss(Tensor([3.0, 0.0]), [1, 1], reduction="none").data
    >>> bool(sure < unsure / 100)
    True
    """
    check_number("focal_loss", "gamma", gamma)
    if not gamma >= 0.0:
        raise ValueError(f"focal_loss: gamma must be at least 0; got {gamma}")
    if alpha is not None:
        check_number("focal_loss", "alpha", alpha)
    if alpha is not None and not 0.0 <= alpha <= 1.0:
        raise ValueError(f"focal_loss: alpha must be between 0 and 1; got {alpha}")
    check_array("focal_loss", "logits", logits)
    labels = as_array("focal_loss", "targets", targets)
    if labels.ndim == logits.ndim - 1 and (labels.ndim == 1 or labels.dtype.kind in "ui"):
        if alpha is not None:
            raise ValueError("focal_loss: alpha weighs yes against no; labels of classes have none")
        check_labels("focal_loss", logits, labels)
        chosen = ag.log_softmax(logits, axis=1)[np.arange(len(labels)), labels]
        return reduce("focal_loss", -chosen * (1 - np.exp(chosen)) ** gamma, reduction)
    targets = _probabilities("focal_loss", logits, targets)
    probability = ag.sigmoid(logits)
    missed = probability * (1 - targets) + (1 - probability) * targets
    losses = _from_logits(logits, targets) * missed**gamma
    if alpha is not None:
        losses = losses * (alpha * targets + (1 - alpha) * (1 - targets))
    return reduce("focal_loss", losses, reduction)


def _probabilities(operation: str, prediction: Any, targets: Any) -> Any:
    targets = as_target(operation, targets, prediction)
    check_same_shape(operation, prediction, targets)
    values = _plain(targets)
    # Written so that NaN is outside too.
    outside = ~((values >= 0) & (values <= 1))
    if outside.any():
        where = first(outside)
        raise ValueError(
            f"{operation}: targets[{show(where)}] is {values[where]}; a target is a "
            "probability, 0 to 1"
        )
    return targets
