"""Connectionist temporal classification: a loss for sequences whose alignment is not known."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag
from autograd_core import Tensor

from ..errors import check_whole
from .common import as_array, check_array, first, reduce, refuse_probabilities

__all__ = ["ctc_loss"]

IMPOSSIBLE = -1e30  # a logarithm of zero that can be added to itself


def ctc_loss(
    log_probabilities: Tensor,
    targets: ArrayLike,
    input_lengths: ArrayLike,
    target_lengths: ArrayLike,
    blank: int = 0,
    reduction: str = "mean",
) -> Tensor:
    """Negative log-probability of the target sequences, over every way to align them.

    A way to read a target from the input says at each step one class or `blank`; repeats are
    merged, then blanks removed.

    Parameters
    ----------
    log_probabilities : Tensor of shape (steps, batch, classes)
        After a `log_softmax` over the classes.
    targets : integers of shape (batch, longest)
        Padded at the end with anything that is a class.
    input_lengths, target_lengths : integers of shape (batch,)
        How many steps, and how many labels, count.
    blank : int, default 0
        The class that says nothing.
    reduction : {"mean", "sum", "none"}
        "mean" divides each loss by its target's length first, as PyTorch does.

    Raises
    ------
    ShapeError
        The shapes or lengths do not fit, or a target has more labels (and repeats) than its input
        has steps: no alignment exists.
    ValueError
        A target holds the blank or a number that is no class; or there are probabilities where
        their logarithms belong.

    Notes
    -----
    Graves, Fernández, Gomez & Schmidhuber, "Connectionist temporal classification", ICML 2006,
    equations 6-8. The forward recursion is recorded; its reverse pass is the backward recursion.

    Examples
    --------
    >>> import numpy as np, nn
    >>> from autograd_core import Tensor
    >>> even = Tensor(np.log(np.full((2, 1, 3), 1 / 3)))
    >>> # "1" is read from "11", "_1" and "1_": three of nine.
    >>> float(np.exp(-nn.ctc_loss(even, [[1]], [2], [1]).item()).round(6))
    0.333333
    """
    labels, steps, lengths = _checked(
        log_probabilities, targets, input_lengths, target_lengths, blank
    )
    remedy = "Use ag.log_softmax instead of a softmax"
    refuse_probabilities("ctc_loss", "log_probabilities", log_probabilities, 2, remedy)
    batch, longest = labels.shape
    # Blanks around and between the labels: 2 * longest + 1 places to be in.
    places = np.full((1, batch, 2 * longest + 1), blank)
    places[0, :, 1::2] = labels
    # Two places on is allowed where it skips a blank between different labels.
    skips = np.zeros(places.shape, bool)
    skips[:, :, 3::2] = places[:, :, 3::2] != places[:, :, 1:-2:2]
    scores: Any = log_probabilities
    emitted: Any = np.take_along_axis(
        scores,
        np.broadcast_to(places, (len(log_probabilities), *places.shape[1:])),
        axis=2,
    )
    beginning = np.arange(places.shape[2]) < 2
    forward: Any = None
    for step, now in enumerate(np.split(emitted, len(log_probabilities))):
        if step == 0:
            forward = np.where(beginning, now, IMPOSSIBLE)
            continue
        reached = np.logaddexp(forward, _shifted(forward, 1))
        reached = np.logaddexp(reached, np.where(skips, _shifted(forward, 2), IMPOSSIBLE))
        going = (step < steps)[None, :, None]
        forward = np.where(going, reached + now, forward)
    rows = np.arange(batch)
    last = forward[0, rows, 2 * lengths]
    before = np.where(lengths > 0, forward[0, rows, np.maximum(2 * lengths - 1, 0)], IMPOSSIBLE)
    losses = -np.logaddexp(last, before)
    if reduction == "mean":
        losses = losses / np.maximum(lengths, 1).astype(log_probabilities.dtype)
    return reduce("ctc_loss", losses, reduction)


def _shifted(forward: Any, count: int) -> Any:
    """Each place's value moved `count` places on; nothing comes into the first ones."""
    count = min(count, forward.shape[2])
    start = np.full((*forward.shape[:2], count), IMPOSSIBLE, forward.dtype)
    return np.concatenate([start, forward[:, :, : forward.shape[2] - count]], axis=2)


def _checked(
    log_probabilities: Any,
    targets: ArrayLike,
    input_lengths: ArrayLike,
    target_lengths: ArrayLike,
    blank: int,
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    check_array("ctc_loss", "log_probabilities", log_probabilities)
    check_whole("ctc_loss", "blank", blank, least=0)
    labels = as_array("ctc_loss", "targets", targets)
    steps = as_array("ctc_loss", "input_lengths", input_lengths)
    lengths = as_array("ctc_loss", "target_lengths", target_lengths)
    if log_probabilities.ndim != 3 or 0 in log_probabilities.shape:
        raise ag.ShapeError(
            "ctc_loss: log_probabilities must have shape (steps, batch, classes), none of them 0; "
            f"got {log_probabilities.shape}"
        )
    most, batch, classes = log_probabilities.shape
    if labels.ndim != 2 or len(labels) != batch or labels.dtype.kind not in "ui":
        raise ag.ShapeError(
            f"ctc_loss: targets must be integers of shape ({batch}, longest), padded at the end; "
            f"got {labels.dtype} of shape {labels.shape}"
        )
    for name, given, limit in (
        ("input_lengths", steps, most),
        ("target_lengths", lengths, labels.shape[1]),
    ):
        if given.shape != (batch,) or given.dtype.kind not in "ui":
            raise ag.ShapeError(
                f"ctc_loss: {name} must be {batch} integers; got {given.dtype} of shape "
                f"{given.shape}"
            )
        outside = (given < 0) | (given > limit)
        if outside.any():
            (row,) = first(outside)
            raise ag.ShapeError(
                f"ctc_loss: {name}[{row}] is {given[row]}, but at most {limit} are there"
            )
    if not 0 <= blank < classes:
        raise ValueError(f"ctc_loss: blank is {blank}, but the classes are 0 to {classes - 1}")
    counted = np.arange(labels.shape[1]) < lengths[:, None]
    wrong = counted & ((labels < 0) | (labels >= classes) | (labels == blank))
    if wrong.any():
        row, column = first(wrong)
        raise ValueError(
            f"ctc_loss: targets[{row}, {column}] is {labels[row, column]}; a label is one of 0 to "
            f"{classes - 1}, except the blank {blank}"
        )
    repeats = ((labels[:, 1:] == labels[:, :-1]) & counted[:, 1:]).sum(axis=1)
    short = (steps < lengths + repeats) | (steps == 0)
    if short.any():
        (row,) = first(short)
        needed = max(lengths[row] + repeats[row], 1)
        raise ag.ShapeError(
            f"ctc_loss: target {row} has {lengths[row]} labels and {repeats[row]} repeats (a blank "
            f"goes between), so it needs {needed} steps; its input has {steps[row]}"
        )
    return np.where(counted, labels, blank), steps, lengths
