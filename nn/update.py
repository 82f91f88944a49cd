"""From gradients to new weights: accumulate, clip, step, average, and move the learning rate."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core import Tensor

from .errors import check_number, check_whole, suggestion
from .module import Module
from .optim import LBFGS, ExponentialMovingAverage, Optimizer, clip_gradient_norm
from .schedules import ReduceOnPlateau, Schedule

MOMENTS = ("epoch", "step")


class Update:
    """What `fit` does with the gradients of a batch.

    Attributes
    ----------
    plain : bool
        Nothing but `optimizer.step()` after every batch.
    waiting : int
        Batches whose gradients are summed up and not yet used.
    updates : int
        How often the weights were changed.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        *,
        schedule: Schedule | ReduceOnPlateau | None = None,
        schedule_every: str = "epoch",
        clip: float | None = None,
        accumulate: int = 1,
        average: ExponentialMovingAverage | None = None,
    ) -> None:
        check_whole("fit", "accumulate", accumulate)
        if isinstance(optimizer, LBFGS):
            raise ValueError(
                "fit: LBFGS evaluates the loss several times a step, on all rows; call it in a "
                "loop of your own: optimizer.step(function that clears the gradients, computes "
                "the loss, calls backward() and returns the loss)"
            )
        if schedule_every not in MOMENTS:
            raise ValueError(
                f"fit: unknown schedule_every {schedule_every!r}: "
                f"{suggestion(schedule_every, MOMENTS)}"
            )
        _check_kinds(schedule, clip, average)
        if schedule is not None and schedule.optimizer is not optimizer:
            raise ValueError("fit: the schedule moves the rate of another optimizer than this one")
        if clip is not None and not clip > 0.0:
            raise ValueError(f"fit: clip is the largest norm of the gradients, above 0; got {clip}")
        self.optimizer = optimizer
        self.schedule = schedule
        self.each_step = schedule_every == "step" and isinstance(schedule, Schedule)
        self.clip = clip
        self.accumulate = accumulate
        self.average = average
        self.plain = not self.each_step and clip is None and accumulate == 1 and average is None
        self.waiting = 0
        self.rows = 0
        self.updates = 0

    def backward(self, loss: Tensor, rows: int) -> None:
        """Add the gradients of a batch; change the weights if enough have come together."""
        if self.accumulate == 1:
            loss.backward()
        else:
            # Of the sum over rows: a mean over all of them then comes out exactly, whatever the
            # sizes of the batches.
            loss.backward(np.asarray(rows, loss.dtype)[()])
        self.rows += rows
        self.waiting += 1
        if self.waiting == self.accumulate:
            self.apply()

    def apply(self) -> None:
        """Change the weights by the gradients so far, if there are any."""
        if not self.waiting:
            return
        optimizer = self.optimizer
        if self.accumulate > 1:
            for parameter in optimizer.parameters:
                if parameter.grad is not None:
                    gradient: Any = parameter.grad
                    parameter.grad = gradient * gradient.dtype.type(1.0 / self.rows)
        if self.clip is not None:
            clip_gradient_norm(optimizer.parameters, self.clip)
        # Not after the last step, whose next rate nobody needs (and a cycle does not have).
        if self.each_step and self.updates and isinstance(self.schedule, Schedule):
            self.schedule.step()
        optimizer.step()
        if self.average is not None:
            self.average.update()
        self.updates += 1
        self.waiting = self.rows = 0

    def begin_epoch(self, epoch: int) -> None:
        """Move a rate that changes from epoch to epoch."""
        if epoch > 1 and not self.each_step and isinstance(self.schedule, Schedule):
            self.schedule.step()

    def end_epoch(self, measure: float) -> None:
        """Let a schedule look that waits for a plateau."""
        if isinstance(self.schedule, ReduceOnPlateau):
            self.schedule.step(measure)


def _check_kinds(schedule: Any, clip: Any, average: Any) -> None:
    """Refuse what is no schedule, no number, no average."""
    if not isinstance(schedule, Schedule | ReduceOnPlateau | None):
        raise TypeError(
            "fit: a schedule is made with the optimizer, such as nn.schedules.Cosine(optimizer, "
            f"steps=100); got {schedule!r}"
        )
    if clip is not None:
        check_number("fit", "clip", clip)
    if not isinstance(average, ExponentialMovingAverage | None):
        raise TypeError(
            "fit: average is a decay, such as 0.999, or an nn.ExponentialMovingAverage; got "
            f"{average!r}"
        )


def check_optimizer(who: str, model: Module, optimizer: Optimizer) -> None:
    """Refuse an optimizer that would move nothing of the model."""
    if not isinstance(model, Module):
        raise TypeError(
            f"{who}: the model is a Module, such as nn.MLP(2, [8], 1); got {type(model).__name__}"
        )
    if not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"{who}: the optimizer is made with the model's parameters, such as "
            f"nn.Adam(model.parameters(), lr=0.001); got {optimizer!r}"
        )
    held = {id(parameter) for parameter in optimizer.parameters}
    trained = [parameter for parameter in model.parameters() if id(parameter) in held]
    if not trained:
        raise ValueError(
            f"{who}: the optimizer holds none of the model's parameters; make it with "
            "model.parameters()"
        )
    if not any(parameter.requires_grad for parameter in trained):
        raise ValueError(
            f"{who}: all of the model's parameters that the optimizer holds are frozen; call "
            "model.unfreeze(), or unfreeze() of one of its layers"
        )
