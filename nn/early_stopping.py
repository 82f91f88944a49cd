"""Early stopping: the best epoch so far, its weights, and when to give up on a better one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .errors import check_whole, suggestion
from .module import Module
from .snapshot import Snapshot
from .training import Training


class EarlyStopping:
    """Watches one column of the history.

    Parameters
    ----------
    model : Module
        Whose weights are kept when an epoch was the best so far.
    patience : int
        How many epochs may bring nothing before training stops.
    monitor : str
        The column; a name ending in "loss" is best when small, others when large.
    known : sequence of str
        The columns there will be.
    """

    def __init__(self, model: Module, patience: int, monitor: str, known: Sequence[str]) -> None:
        if not known:
            raise ValueError("fit: patience needs validation data to judge by; give validation=")
        if monitor not in known:
            raise ValueError(f"fit: unknown monitor {monitor!r}: {suggestion(monitor, known)}")
        check_whole("fit", "patience", patience)
        self.patience = patience
        self.monitor = monitor
        self.sign = 1.0 if monitor.endswith("loss") else -1.0
        self.value = math.inf
        self.epoch = 0
        self.snapshot = Snapshot(model)

    def look(self, training: Training) -> None:
        """Keep the weights if this epoch was the best; stop training if none was for too long."""
        value = self.sign * training.history.rows[-1][self.monitor]
        if value < self.value:
            self.value, self.epoch = value, training.epoch
            self.snapshot.take()
        elif training.epoch - self.epoch >= self.patience:
            training.stop(
                f"no better {self.monitor.replace('_', ' ')} for {self.patience} epochs; "
                f"the weights of epoch {self.epoch}, the best, are restored"
            )

    def state_dict(self) -> dict[str, Any]:
        """The best epoch so far, its value and its weights."""
        return {
            "value": self.value,
            "epoch": self.epoch,
            "weights": [array.copy() for array in self.snapshot.arrays()],
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        self.value, self.epoch = float(state["value"]), int(state["epoch"])
        for kept, array in zip(self.snapshot.arrays(), state["weights"], strict=True):
            np.copyto(kept, array)

    def restore(self, training: Training) -> None:
        """Give the model the weights of its best epoch, if there was one."""
        if self.epoch:
            self.snapshot.restore()
            training.history.best_epoch = self.epoch
