"""Early stopping: the best epoch so far, its weights, and when to give up on a better one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from . import losses, metrics
from .errors import check_whole, suggestion
from .module import Module
from .snapshot import Snapshot
from .training import Training


@dataclass(frozen=True)
class Monitor:
    """A column of the history that is watched, and which of its values is the best.

    Examples
    --------
    >>> Monitor("validation_loss", smaller_is_better=True).best
    'the smallest'
    """

    column: str
    smaller_is_better: bool

    @property
    def best(self) -> str:
        """The best value, in words."""
        return "the smallest" if self.smaller_is_better else "the largest"

    def signed(self, row: Mapping[str, Any]) -> float:
        """The value of an epoch, turned so that small is better."""
        value = float(row.get(self.column, math.nan))
        return value if self.smaller_is_better else -value

    def best_of(self, rows: Sequence[Mapping[str, Any]]) -> tuple[float, int]:
        """The value, turned so that small is better, and number of the best epoch so far."""
        value, epoch = math.inf, 0
        for row in rows:
            if (here := self.signed(row)) < value:
                value, epoch = here, int(row["epoch"])
        return value, epoch


def watched(monitor: Any, measured: Mapping[str, Any]) -> Monitor:
    """The column and its direction.

    Parameters
    ----------
    monitor : str or (str, "min" or "max")
        Without a direction that of the metric is taken, see `smaller_is_better`.
    measured : mapping of name to function
        The metrics; each fills the column "validation_" + name.

    Raises
    ------
    ValueError
        It is neither.

    Examples
    --------
    >>> import nn
    >>> watched("validation_off", {"off": nn.mean_absolute_error}).best
    'the smallest'
    >>> watched(("validation_score", "max"), {}).best
    'the largest'
    """
    if isinstance(monitor, str):
        metric = measured.get(monitor.removeprefix("validation_"))
        return Monitor(monitor, smaller_is_better(metric, monitor))
    pair = list(monitor) if isinstance(monitor, tuple | list) else []
    if len(pair) != 2 or not isinstance(pair[0], str) or pair[1] not in ("min", "max"):
        raise ValueError(
            "fit: monitor is a column of the history, or a column and which of its values is the "
            f'best, such as ("validation_error", "min"); got {monitor!r}'
        )
    return Monitor(pair[0], pair[1] == "min")


def smaller_is_better(metric: Any, name: str) -> bool:
    """Whether a small value is the better one.

    nn's own metrics and losses are known, whatever name they are given; a function of one's own may
    say it in an attribute `lower_is_better`. Of any other, "loss" or "error" at the end of the name
    says that small is better; all else is best when large.

    Examples
    --------
    >>> import nn
    >>> smaller_is_better(nn.perplexity, "surprise"), smaller_is_better(nn.accuracy, "loss")
    (True, False)
    """
    said = getattr(metric, "lower_is_better", None)
    while said is None and isinstance(metric, partial):
        metric = metric.func
        said = getattr(metric, "lower_is_better", None)
    if said is not None:
        return bool(said)
    home = getattr(metric, "__module__", None) or ""
    if home == metrics.__name__:
        return metric in metrics.LOWER_IS_BETTER
    return home.startswith(f"{losses.__name__}.") or name.endswith(("loss", "error"))


class EarlyStopping:
    """Watches one column of the history.

    Parameters
    ----------
    model : Module
        Whose weights are kept when an epoch was the best so far.
    patience : int
        How many epochs may bring nothing before training stops.
    monitor : Monitor
        The column, and which of its values is the best.
    known : sequence of str
        The columns there will be.
    """

    def __init__(
        self, model: Module, patience: int, monitor: Monitor, known: Sequence[str]
    ) -> None:
        if not known:
            raise ValueError("fit: patience needs validation data to judge by; give validation=")
        column = monitor.column
        if column not in known:
            raise ValueError(f"fit: unknown monitor {column!r}: {suggestion(column, known)}")
        check_whole("fit", "patience", patience)
        self.patience = patience
        self.monitor = monitor
        self.value = math.inf
        self.epoch = 0
        self.snapshot = Snapshot(model)

    def look(self, training: Training) -> None:
        """Keep the weights if this epoch was the best; stop training if none was for too long."""
        value = self.monitor.signed(training.history.rows[-1])
        if value < self.value:
            self.value, self.epoch = value, training.epoch
            self.snapshot.take()
        elif training.epoch - self.epoch >= self.patience:
            training.stop(
                f"no better {self.monitor.column.replace('_', ' ')} for {self.patience} epochs; "
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
