"""A training run and its steps: what happens to one batch, and what is said when a step fails."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from .data import Loader
from .errors import NonFiniteLoss
from .evaluate import Loss
from .history import History
from .module import Module
from .optim import Optimizer
from .progress import ProgressBar
from .snapshot import Snapshot
from .update import Update
from .watch import all_finite, first_non_finite, place_of_non_finite


@dataclass
class Training:
    """A training run as a callback sees it, after every epoch or every step.

    Attributes
    ----------
    model, optimizer, history
        Those of the run; a callback may set `optimizer.lr`.
    epochs : int
        How many are planned.
    epoch : int
        The one at work or just finished, counted from 1.
    step : int
        Steps made so far, over all epochs.

    Examples
    --------
    >>> def enough(training):
    ...     if training.history["loss"][-1] < 0.1:
    ...         training.stop("the loss is small enough")

    Given as `nn.fit(..., callbacks=[enough])`.
    """

    model: Module
    optimizer: Optimizer
    epochs: int
    history: History = field(default_factory=History)
    epoch: int = 0
    step: int = 0

    def stop(self, reason: str = "a callback stopped it") -> None:
        """End training after this epoch, or from `on_step` at once.

        The reason goes into `history.stopped`.
        """
        self.history.stopped = f"stopped after epoch {self.epoch} of {self.epochs}: {reason}"


class Steps:
    """The steps of an epoch, and what to do when one goes wrong."""

    def __init__(self, training: Training, loader: Loader, loss: Loss, update: Update) -> None:
        self.training = training
        self.loader = loader
        self.loss = loss
        self.update = update
        # Called after every step.
        self.hooks: list[Callable[[], object]] = []
        # Of the epoch so far: the sum of the rows' losses, their number, when it began.
        self.total, self.rows, self.began = 0.0, 0, 0.0
        self.taken_up = False
        # The weights that last gave a finite loss; the update after it may have broken them.
        self.good = Snapshot(training.model)
        self.good_loss = math.nan

    def take_up(self, total: float, rows: int, seconds: float) -> None:
        """Go on in the middle of an epoch, with what it has brought so far."""
        self.total, self.rows = total, rows
        self.began = time.perf_counter() - seconds
        self.taken_up = True

    def seconds(self) -> float:
        """Since the epoch began."""
        return time.perf_counter() - self.began

    def run(self, bar: ProgressBar) -> float:
        """Train on every batch; return the mean loss of a row."""
        training, model, optimizer = self.training, self.training.model, self.training.optimizer
        update, hooks, step_losses = self.update, self.hooks, self.training.history.step_losses
        if not self.taken_up:
            self.total, self.rows, self.began = 0.0, 0, time.perf_counter()
        self.taken_up = False
        total, rows = self.total, self.rows
        inputs: list[Any] = []
        targets: Any = None
        # A value that overflows is found below, and explained; NumPy's warning would come first.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            for *inputs, targets in self.loader:
                if not update.waiting:
                    optimizer.zero_grad()
                loss: Any = self.loss(model(*inputs), targets)
                if not isinstance(loss, Tensor) or loss.size != 1:
                    raise _no_loss(loss)
                value = float(loss)
                training.step += 1
                step_losses.append(value)
                if not math.isfinite(value):
                    self._fail(f"the loss became {value}", inputs, targets)
                self.good.take()
                self.good_loss = value
                if update.plain:
                    loss.backward()
                    optimizer.step()
                else:
                    update.backward(loss, len(targets))
                total += value * len(targets)
                rows += len(targets)
                bar.step()
                if hooks:
                    self.total, self.rows = total, rows
                    for hook in hooks:
                        hook()
                    if training.history.stopped:
                        break
            update.apply()
        self.total, self.rows = total, rows
        if not rows:
            raise ValueError("fit: the loader gave no batches, so there is nothing to train on")
        if not all_finite(list(model.parameters())):
            # No later loss would have told.
            self._fail("the update made weights that are not finite", inputs, targets)
        return total / rows

    def _fail(self, what: str, inputs: list[Any], targets: Any) -> NoReturn:
        training, model = self.training, self.training.model
        batches = self.loader.batches
        pace = "" if batches is None else f"; {batches} steps an epoch"
        layer = None
        restore = True
        if not all_finite([*inputs, targets]):
            where = _first_non_finite_value(self.loader, inputs, targets)
            why = f"The data are to blame: {where}. Mend or drop such rows"
            restore = not all_finite(list(model.parameters()))
        elif source := first_non_finite(model, *inputs):
            layer = source.name
            why = (
                f"The first value that is not finite came out of {source}. Try a smaller learning "
                f"rate than {training.optimizer.lr:g}, or standardise the inputs"
            )
        else:
            name = getattr(self.loss, "__name__", type(self.loss).__name__)
            why = f"Every layer's output is finite, so the loss function ({name}) made it"
        kept = "The weights are as they were before this step"
        if restore and not math.isnan(self.good_loss):
            self.good.restore()
            kept = (
                f"The weights are back to the last good ones, whose loss was {self.good_loss:.4g}"
            )
        training.history.stopped = f"{what} at step {training.step}"
        raise NonFiniteLoss(
            f"fit: {what} at step {training.step} (epoch {training.epoch}{pace}). "
            f"{why}. {kept}; the history so far is in this exception's .history.",
            step=training.step,
            layer=layer,
            history=training.history,
        )


def _no_loss(found: Any) -> Exception:
    """What to say of a loss that cannot be gone down."""
    if isinstance(found, Tensor):
        return ag.ShapeError(
            f"fit: the loss function returned {found.shape}, not one number; take its mean()"
        )
    what = "None" if found is None else f"{found!r} ({type(found).__name__})"
    return TypeError(
        f"fit: the loss function returned {what}; it must return a Tensor that it computed from "
        "the outputs, such as ((outputs - targets) ** 2).mean()"
    )


def _first_non_finite_value(loader: Loader, inputs: list[Any], targets: Any) -> str:
    """Its place among all rows where these are at hand, else in the batch."""
    whole = loader.collate is None and loader.arrays
    arrays = loader.arrays if whole else (*inputs, targets)
    names = ["inputs"] * (len(arrays) - 1) + ["targets"]
    name, array = next(
        (name, np.asarray(array))
        for name, array in zip(names, arrays, strict=True)
        if not all_finite(array)
    )
    if not whole:
        name = f"the batch's {name}"
    return place_of_non_finite(name, array)
