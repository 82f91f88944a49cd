"""Cross-entropy and negative log-likelihood: losses of class labels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag
from autograd_core import Tensor

from ..errors import check_number
from .common import (
    as_array,
    check_array,
    check_same_shape,
    first,
    reduce,
    refuse_probabilities,
    show,
)

__all__ = ["check_labels", "cross_entropy", "nll_loss"]


def cross_entropy(
    logits: Tensor,
    labels: Any,
    reduction: str = "mean",
    *,
    weights: ArrayLike | None = None,
    label_smoothing: float = 0.0,
    ignore_index: int | None = None,
) -> Tensor:
    """Negative log-probability of the right class, after a softmax over the logits.

    Parameters
    ----------
    logits : Tensor of shape (n, classes) or (n, classes, ...)
        Scores before any softmax. Further axes are places, such as pixels or steps. Scores of
        shape (batch, steps, classes), as sequence models give them, become rows by
        ``logits.reshape(-1, classes)``, and their labels by ``labels.reshape(-1)``.
    labels : integers of shape (n,) or (n, ...); or probabilities of the logits' shape
        The right class of each row, 0 to classes - 1; or how probable each class is.
    reduction : {"mean", "sum", "none"}
        "mean" is weighted, where there are weights and the labels are classes.
    weights : array_like of shape (classes,), optional
        How much each class counts.
    label_smoothing : float, default 0
        Share of the probability that is taken from the label and spread over all classes
        (Szegedy et al., "Rethinking the Inception architecture", CVPR 2016, section 7).
    ignore_index : int, optional
        Rows with this label do not count (padding, say). Not with probabilities.

    Raises
    ------
    ShapeError
        There is not one label for each row.
    DTypeError
        The labels are neither integers nor probabilities of the logits' shape.
    ShapeError
        A label is no class; the message names its index and value.
    ValueError
        An option is out of range, every label is ignored, or a row of probabilities does not
        sum to 1.

    Examples
    --------
    >>> import numpy as np, nn
    >>> from autograd_core import Tensor
    >>> loss = nn.cross_entropy(Tensor([[2.0, 0.0], [0.0, 0.0]]), [0, 1])
    >>> round(loss.item(), 4)
    0.41
    >>> soft = nn.cross_entropy(Tensor([[2.0, 0.0]]), [[0.5, 0.5]])
    >>> round(soft.item(), 4)
    1.1269
    """
    check_array("cross_entropy", "logits", logits)
    if not isinstance(labels, Tensor):
        labels = as_array("cross_entropy", "labels", labels)
    plain = weights is None and not label_smoothing and ignore_index is None
    if plain and reduction == "mean" and logits.ndim == 2 and labels.ndim == 1:
        try:
            loss: Tensor = ag.softmax_cross_entropy(logits, labels)
            return loss
        except ag.AutogradError as refused:
            # The engine checks on every call; only after a refusal are more words worth the time.
            problem = refused
        check_labels("cross_entropy", logits, as_array("cross_entropy", "labels", labels))
        raise problem
    check_number("cross_entropy", "label_smoothing", label_smoothing or 0.0)
    if not 0.0 <= (label_smoothing or 0.0) <= 1.0:
        raise ValueError(
            f"cross_entropy: label_smoothing must be between 0 and 1; got {label_smoothing}"
        )
    if labels.shape == logits.shape and labels.dtype.kind == "f":
        if ignore_index is not None:
            raise ValueError("cross_entropy: ignore_index goes with labels, not with probabilities")
        return _soft(logits, labels, reduction, weights, label_smoothing)
    labels = as_array("cross_entropy", "labels", labels)
    return _hard(logits, labels, reduction, weights, label_smoothing, ignore_index)


def nll_loss(
    log_probabilities: Tensor,
    labels: ArrayLike,
    reduction: str = "mean",
    *,
    weights: ArrayLike | None = None,
    ignore_index: int | None = None,
) -> Tensor:
    """Negative log-probability of the right class, of logarithms that are there already.

    ``cross_entropy(z, y)`` is ``nll_loss(ag.log_softmax(z, axis=1), y)``.

    Parameters
    ----------
    log_probabilities : Tensor of shape (n, classes) or (n, classes, ...)
        What `log_softmax` gives. That they are normalised is not checked, for logarithms of
        densities are of use too: scores before a softmax belong into `cross_entropy`.
    labels : integers of shape (n,) or (n, ...)
    reduction, weights, ignore_index
        As `cross_entropy`'s.

    Raises
    ------
    ShapeError, DTypeError, ValueError
        As `cross_entropy`; or these are probabilities, of which nobody took the logarithm.

    Examples
    --------
    >>> import numpy as np, nn
    >>> from autograd_core import Tensor
    >>> round(nn.nll_loss(Tensor(np.log([[0.25, 0.75]])), [1]).item(), 4)
    0.2877
    """
    operation = "nll_loss"
    check_array(operation, "log_probabilities", log_probabilities)
    given = as_array(operation, "labels", labels)
    rows, flat, counts = _prepare(operation, log_probabilities, given, weights, ignore_index)
    remedy = "Use ag.log_softmax instead of a softmax, or cross_entropy of the scores themselves"
    refuse_probabilities(operation, "log_probabilities", rows, 1, remedy)
    losses = -rows[np.arange(len(flat)), flat] * counts
    return _finish(operation, losses, counts, reduction, given.shape)


def _hard(
    logits: Any,
    labels: NDArray[Any],
    reduction: str,
    weights: ArrayLike | None,
    smoothing: float,
    ignore_index: int | None,
) -> Tensor:
    operation = "cross_entropy"
    rows, flat, counts = _prepare(operation, logits, labels, weights, ignore_index)
    logarithms = ag.log_softmax(rows, axis=1)
    losses = -logarithms[np.arange(len(flat)), flat] * counts
    if smoothing:
        scale = _weights(operation, weights, logits)
        if ignore_index is None:
            keep = np.ones(len(flat), logits.dtype)
        else:
            keep = (labels.ravel() != ignore_index).astype(logits.dtype)
        spread = -(logarithms * scale).mean(axis=1) * keep
        losses = (1.0 - smoothing) * losses + smoothing * spread
    return _finish(operation, losses, counts, reduction, labels.shape)


def _soft(
    logits: Any, targets: Any, reduction: str, weights: ArrayLike | None, smoothing: float
) -> Tensor:
    operation = "cross_entropy"
    check_same_shape(operation, logits, targets, ("logits", "labels"))
    if logits.ndim < 2:
        raise ag.ShapeError(
            f"{operation}: logits must have shape (rows, classes); got {logits.shape}"
        )
    classes = logits.shape[1]
    _check_probabilities(operation, targets)
    if not isinstance(targets, Tensor):
        targets = targets.astype(logits.dtype, copy=False)
    if smoothing:
        targets = targets * (1.0 - smoothing) + smoothing / classes
    scale = _weights(operation, weights, logits).reshape(-1, *[1] * (logits.ndim - 2))
    losses = -(targets * (ag.log_softmax(logits, axis=1) * scale)).sum(axis=1)
    return reduce(operation, losses, reduction)


def _check_probabilities(operation: str, targets: Any) -> None:
    values = targets.data if isinstance(targets, Tensor) else targets
    sums = values.sum(axis=1)
    # Written so that NaN is wrong too; 0.001 is room for what was rounded.
    wrong = ~((np.abs(sums - 1.0) < 1e-3) & (values.min(axis=1) >= 0.0))
    if wrong.any():
        row = first(wrong)
        if values.ndim > 2 and (np.abs(values.sum(axis=-1) - 1.0) < 1e-3).all():
            raise ValueError(
                f"{operation}: of logits and labels of shape {values.shape} the classes belong on "
                "axis 1, but these probabilities sum to 1 along the last axis. Make rows of both: "
                f".reshape(-1, {values.shape[-1]})"
            )
        raise ValueError(
            f"{operation}: labels of the logits' shape are probabilities, each row from 0 up and "
            f"summing to 1; row {show(row)} sums to {sums[row]:.4g} and its least is "
            f"{values.min(axis=1)[row]:.4g}. Divide it by its sum, or give the class of each row"
        )


def _prepare(
    operation: str,
    scores: Any,
    labels: NDArray[Any],
    weights: ArrayLike | None,
    ignore_index: int | None,
) -> tuple[Any, NDArray[Any], NDArray[Any]]:
    """Scores of shape (rows, classes), labels of shape (rows,) and how much each row counts."""
    if scores.ndim > 2 and labels.shape == (scores.shape[0], *scores.shape[2:]):
        scores = np.moveaxis(scores, 1, -1).reshape(-1, scores.shape[1])
        labels = labels.ravel()
    if ignore_index is not None and labels.dtype.kind in "ui":
        ignored = labels == ignore_index
        if labels.size and ignored.all():
            raise ValueError(
                f"{operation}: all {labels.size} labels are {ignore_index}, which is ignored, so "
                "there is nothing to average"
            )
        labels = np.where(ignored, 0, labels)
    else:
        ignored = np.zeros(labels.shape, bool)
    check_labels(operation, scores, labels, places=True)
    counts = _weights(operation, weights, scores)[labels] * ~ignored
    return scores, labels, counts.astype(scores.dtype, copy=False)


def _weights(operation: str, weights: ArrayLike | None, scores: Any) -> NDArray[Any]:
    classes = scores.shape[1]
    if weights is None:
        return np.ones(classes, scores.dtype)
    try:
        array = np.asarray(weights, scores.dtype)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{operation}: weights are {classes} numbers, one for each class; got {weights!r}"
        ) from error
    if array.shape != (classes,) or not (array >= 0).all():
        raise ValueError(
            f"{operation}: weights are {classes} numbers of at least 0, one for each class; got "
            f"shape {array.shape}" + (f", least {array.min():g}" if array.size else "")
        )
    return array


def _finish(
    operation: str,
    losses: Any,
    counts: NDArray[Any],
    reduction: str,
    shape: tuple[int, ...],
) -> Tensor:
    if reduction == "mean":
        total = counts.sum()
        if total == 0:
            raise ValueError(f"{operation}: the weights of all labels are 0: nothing to average")
        mean: Tensor = losses.sum() / total
        return mean
    return reduce(operation, losses.reshape(shape), reduction)


def check_labels(
    operation: str, logits: Any, labels: NDArray[Any], *, places: bool = False
) -> None:
    """Refuse labels that are not one class for each row of the logits.

    Parameters
    ----------
    places : bool, default False
        Whether the operation itself takes logits of shape (rows, classes, ...) too.

    Raises
    ------
    ShapeError, DTypeError
        Saying what was given, and what is wanted.

    Examples
    --------
    >>> check_labels("cross_entropy", np.zeros((2, 3)), np.array([0, 2]))
    """
    if logits.ndim != 2:
        raise ag.ShapeError(_wrong_logits_shape(operation, logits.shape, labels, places=places))
    rows, classes = logits.shape
    if labels.shape != (rows,):
        raise ag.ShapeError(_wrong_labels_shape(operation, logits.shape, labels))
    if rows == 0 or classes == 0:
        raise ag.ShapeError(f"{operation}: an empty batch (shape {logits.shape}) has no loss")
    if labels.dtype.kind not in "ui":
        names = labels.dtype.kind in "USTO"
        remedy = (
            "Number them: names, labels = np.unique(labels, return_inverse=True)"
            if names
            else "Convert them: labels.astype(np.int64)"
        )
        raise ag.DTypeError(
            f"{operation}: labels must be integers, the class of each row; got {labels.dtype} "
            f"(labels[0] is {labels[0]}). {remedy}"
        )
    if labels.min() < 0 or labels.max() >= classes:
        where = first((labels < 0) | (labels >= classes))
        raise ag.ShapeError(
            f"{operation}: labels[{show(where)}] is {labels[where]}, but logits of shape "
            f"{logits.shape} have classes 0 to {classes - 1}"
        )


def _wrong_logits_shape(
    operation: str, shape: tuple[int, ...], labels: NDArray[Any], *, places: bool
) -> str:
    if len(shape) > 2:
        remedy = f"logits.reshape(-1, {shape[-1]})"
        several = "" if labels.ndim == 1 else ", labels.reshape(-1)"
        if labels.shape == shape[:-1] or labels.shape == (math.prod(shape[:-1]),):
            wanted = "(rows, classes, ...)" if places else "(rows, classes)"
            return (
                f"{operation}: logits of shape {shape} with labels {labels.shape} look like "
                f"(batch, steps, classes), but the classes belong on axis 1, {wanted}. Make "
                f"rows of the steps: {remedy}{several}"
            )
        if places and labels.shape == shape:
            return _wrong_labels_shape(operation, shape, labels)
    wanted = "(rows, classes)"
    if places and len(shape) > 2:
        wanted += " with labels (rows,), or (rows, classes, ...) with labels (rows, ...)"
    given = f" with labels {labels.shape}" if len(shape) > 2 else ""
    return f"{operation}: logits must have shape {wanted}; got {shape}{given}"


def _wrong_labels_shape(operation: str, logits_shape: tuple[int, ...], labels: NDArray[Any]) -> str:
    if labels.shape == logits_shape:
        return (
            f"{operation}: labels have shape {labels.shape}, like the logits: are they one-hot? "
            "Give the class of each row: labels.argmax(axis=1)"
        )
    if labels.ndim == 1:
        # Naming the edge of the shorter one shows which rows have no partner.
        last = f"; the last is labels[{len(labels) - 1}] = {labels[-1]}" if len(labels) else ""
        return (
            f"{operation}: logits of shape {logits_shape} need {logits_shape[0]} labels, one "
            f"for each row; got {len(labels)}{last}"
        )
    return (
        f"{operation}: labels must have shape ({logits_shape[0]},), one for each row of the "
        f"logits {logits_shape}; got {labels.shape}"
    )
