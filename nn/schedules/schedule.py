"""What all schedules have in common: a factor for every step, set on the optimiser, and a plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_core as ag

from ..errors import check_state, check_whole
from ..optim import Optimizer

__all__ = ["Schedule", "plot_rates"]


class Schedule:
    """A learning rate that changes from step to step; a subclass writes `factor`.

    What a step is, is the caller's choice: call `step()` after every epoch, or after every
    mini-batch.

    Parameters
    ----------
    optimizer : Optimizer
        Its `lr` at this moment is what the factors multiply; groups with a rate of their own keep
        it in proportion.

    Attributes
    ----------
    base : float
        The optimiser's rate at the start.
    steps : int
        How often `step` was called.

    Examples
    --------
    >>> import nn
    >>> class Halving(nn.schedules.Schedule):
    ...     def factor(self, step):
    ...         return 0.5**step
    >>> optimizer = nn.SGD([ag.Tensor([1.0])], lr=0.4)
    >>> schedule = Halving(optimizer)
    >>> schedule.step()
    >>> optimizer.lr, schedule.rates(4)
    (0.2, array([0.4 , 0.2 , 0.1 , 0.05]))
    """

    def __init__(self, optimizer: Optimizer) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(
                f"{type(self).__name__}: the first argument is the optimiser whose rate changes; "
                f"got {type(optimizer).__name__}"
            )
        self.optimizer = optimizer
        self.base = optimizer.lr
        self.steps = 0

    def factor(self, step: int) -> float:
        """What the base rate is multiplied by at this step, counted from 0."""
        raise NotImplementedError

    def start(self) -> None:
        """Set the rate of the first step; a subclass calls it at the end of its constructor."""
        self.optimizer.lr = self.base * self.factor(0)

    def step(self) -> None:
        """Go on to the next step's rate."""
        self.steps += 1
        self.optimizer.lr = self.base * self.factor(self.steps)

    def rates(self, steps: int) -> NDArray[np.float64]:
        """The rates of the first `steps` steps; nothing is changed."""
        check_whole(type(self).__name__, "steps", steps)
        return np.array([self.base * self.factor(step) for step in range(steps)])

    def plot(self, steps: int = 100, axes: Any = None) -> Any:
        """Draw the rates of the first `steps` steps (extra `plot`).

        Returns
        -------
        matplotlib.axes.Axes
        """
        return plot_rates(self.rates(steps), type(self).__name__, axes)

    def state_dict(self) -> dict[str, NDArray[Any]]:
        """Where the schedule is, as arrays."""
        return {"steps": np.array(self.steps), "base": np.array(self.base)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        check_state(type(self).__name__, state, ("steps", "base"))
        self.steps = int(state["steps"])
        self.base = float(state["base"])
        self.optimizer.lr = self.base * self.factor(self.steps)


def plot_rates(rates: Sequence[float] | NDArray[Any], title: str, axes: Any = None) -> Any:
    """Draw learning rates over steps, on new axes unless some are given (extra `plot`)."""
    if axes is None:
        pyplot = ag.require_extra("matplotlib.pyplot", extra="plot")
        _, axes = pyplot.subplots(figsize=(6, 3), layout="constrained")
    axes.plot(np.arange(len(rates)), rates, color="#0072b2")
    axes.set(title=title, xlabel="step", ylabel="learning rate", ylim=(0, None))
    axes.grid(alpha=0.3)
    return axes
