"""A lower rate when a measure, usually the validation loss, stops improving."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import check_number, check_state, check_whole
from ..optim import Optimizer
from .schedule import plot_rates

__all__ = ["ReduceOnPlateau"]


class ReduceOnPlateau:
    """Multiply the rate by `factor` when a measure has not improved for a while.

    Parameters
    ----------
    optimizer : Optimizer
    factor : float, default 0.1
        Below 1.
    patience : int, default 10
        Steps without improvement that are put up with.
    threshold : float, default 1e-4
        Relative change that counts as an improvement.
    cooldown : int, default 0
        Steps after a reduction in which nothing is counted.
    least : float, default 0
        The rate goes no lower.
    larger_is_better : bool, default False
        Of an accuracy, say.

    Raises
    ------
    ValueError
        A number is out of range; or from `step`, if the measure is NaN.

    Examples
    --------
    >>> import autograd_core as ag, nn
    >>> optimizer = nn.SGD([ag.Tensor([1.0])], lr=1.0)
    >>> schedule = nn.schedules.ReduceOnPlateau(optimizer, factor=0.5, patience=1)
    >>> for loss in [3.0, 2.0, 2.0, 2.0, 2.0]:
    ...     schedule.step(loss)
    >>> optimizer.lr
    0.5
    """

    def __init__(
        self,
        optimizer: Optimizer,
        *,
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        cooldown: int = 0,
        least: float = 0.0,
        larger_is_better: bool = False,
    ) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(
                "ReduceOnPlateau: the first argument is the optimiser whose rate changes; "
                f"got {type(optimizer).__name__}"
            )
        for name, value in (("factor", factor), ("threshold", threshold), ("least", least)):
            check_number("ReduceOnPlateau", name, value)
        if not 0.0 < factor < 1.0:
            raise ValueError(f"ReduceOnPlateau: factor must be between 0 and 1; got {factor}")
        check_whole("ReduceOnPlateau", "patience", patience, least=0)
        check_whole("ReduceOnPlateau", "cooldown", cooldown, least=0)
        if not threshold >= 0.0 or not least >= 0.0:
            raise ValueError(
                f"ReduceOnPlateau: threshold and least must be at least 0; got {threshold}, {least}"
            )
        self.optimizer = optimizer
        self.fall = factor
        self.patience = patience
        self.threshold = threshold
        self.cooldown = cooldown
        self.least = least
        self.larger_is_better = larger_is_better
        self.best = -math.inf if larger_is_better else math.inf
        self.waited = 0
        self.resting = 0
        self.history = [optimizer.lr]

    def step(self, measure: float) -> None:
        """Look at the measure of this step (usually an epoch), and lower the rate if need be."""
        check_number("ReduceOnPlateau.step", "the measure", measure)
        measure = float(measure)
        if math.isnan(measure):
            raise ValueError("ReduceOnPlateau.step: the measure is NaN: training has broken down")
        if self._is_better(measure):
            self.best = measure
            self.waited = 0
        else:
            self.waited += 1
        if self.resting > 0:
            self.resting -= 1
            self.waited = 0
        if self.waited > self.patience:
            self.optimizer.lr = max(self.optimizer.lr * self.fall, self.least)
            self.resting = self.cooldown
            self.waited = 0
        self.history.append(self.optimizer.lr)

    def _is_better(self, measure: float) -> bool:
        if math.isinf(self.best):
            return measure > self.best if self.larger_is_better else measure < self.best
        if self.larger_is_better:
            return measure > self.best * (1.0 + self.threshold)
        return measure < self.best * (1.0 - self.threshold)

    def plot(self, axes: Any = None) -> Any:
        """Draw the rates so far (extra `plot`); what comes depends on the measures.

        Returns
        -------
        matplotlib.axes.Axes
        """
        return plot_rates(self.history, "ReduceOnPlateau", axes)

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Where the schedule is, as arrays."""
        return {
            "best": np.array(self.best),
            "waited": np.array(self.waited),
            "resting": np.array(self.resting),
            "history": np.array(self.history),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        check_state("ReduceOnPlateau", state, ("best", "waited", "resting", "history"))
        self.best = float(state["best"])
        self.waited = int(state["waited"])
        self.resting = int(state["resting"])
        self.history = np.asarray(state["history"]).tolist()
        self.optimizer.lr = self.history[-1]
