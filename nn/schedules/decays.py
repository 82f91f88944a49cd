"""Rates that only go down: by steps, exponentially, along a power."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from ..errors import check_number, check_whole
from ..optim import Optimizer
from .schedule import Schedule

__all__ = ["Exponential", "MultiStep", "Polynomial", "Step", "check_positive"]


class Step(Schedule):
    """Multiply the rate by `factor` every so many steps.

    Parameters
    ----------
    optimizer : Optimizer
    every : int
        Steps between two falls.
    factor : float, default 0.1

    Examples
    --------
    >>> import autograd_core as ag, nn
    >>> schedule = nn.schedules.Step(nn.SGD([ag.Tensor([1.0])], lr=1.0), every=2, factor=0.5)
    >>> schedule.rates(5)
    array([1.  , 1.  , 0.5 , 0.5 , 0.25])
    """

    def __init__(self, optimizer: Optimizer, every: int, factor: float = 0.1) -> None:
        super().__init__(optimizer)
        check_whole("Step", "every", every)
        self.every = every
        self.fall = check_positive("Step", "factor", factor)
        self.start()

    def factor(self, step: int) -> float:
        """``fall ** (step // every)``."""
        return float(self.fall ** (step // self.every))


class MultiStep(Schedule):
    """Multiply the rate by `factor` at chosen steps.

    Parameters
    ----------
    optimizer : Optimizer
    milestones : sequence of int
        Ascending; the rate falls when the step counter reaches each.
    factor : float, default 0.1

    Examples
    --------
    >>> import autograd_core as ag, nn
    >>> optimizer = nn.SGD([ag.Tensor([1.0])], lr=1.0)
    >>> nn.schedules.MultiStep(optimizer, [1, 3], factor=0.5).rates(5)
    array([1.  , 0.5 , 0.5 , 0.25, 0.25])
    """

    def __init__(
        self, optimizer: Optimizer, milestones: Sequence[int], factor: float = 0.1
    ) -> None:
        super().__init__(optimizer)
        if not isinstance(milestones, Iterable):
            raise TypeError(
                "MultiStep: milestones are a list of steps, such as [30, 60]; got "
                f"{milestones!r} ({type(milestones).__name__})"
            )
        milestones = list(milestones)
        for milestone in milestones:
            check_whole("MultiStep", "a milestone", milestone)
        if list(milestones) != sorted(milestones):
            raise ValueError(f"MultiStep: milestones must ascend; got {list(milestones)}")
        self.milestones = list(milestones)
        self.fall = check_positive("MultiStep", "factor", factor)
        self.start()

    def factor(self, step: int) -> float:
        """``fall`` to the number of milestones passed."""
        return float(self.fall ** bisect_right(self.milestones, step))


class Exponential(Schedule):
    """Multiply the rate by `factor` at every step.

    Parameters
    ----------
    optimizer : Optimizer
    factor : float

    Examples
    --------
    >>> import autograd_core as ag, nn
    >>> nn.schedules.Exponential(nn.SGD([ag.Tensor([1.0])], lr=1.0), factor=0.5).rates(4)
    array([1.   , 0.5  , 0.25 , 0.125])
    """

    def __init__(self, optimizer: Optimizer, factor: float) -> None:
        super().__init__(optimizer)
        self.ratio = check_positive("Exponential", "factor", factor)
        self.start()

    def factor(self, step: int) -> float:
        """``ratio ** step``."""
        return float(self.ratio**step)


class Polynomial(Schedule):
    """Fall to zero (or `end`) along (1 - step / steps) ** power.

    Parameters
    ----------
    optimizer : Optimizer
    steps : int
        The rate stays at its end from this step on.
    power : float, default 1
        1 for a straight line.
    end : float, default 0
        The last rate.

    Examples
    --------
    >>> import autograd_core as ag, nn
    >>> nn.schedules.Polynomial(nn.SGD([ag.Tensor([1.0])], lr=1.0), steps=4, power=2).rates(6)
    array([1.    , 0.5625, 0.25  , 0.0625, 0.    , 0.    ])
    """

    def __init__(
        self, optimizer: Optimizer, steps: int, power: float = 1.0, end: float = 0.0
    ) -> None:
        super().__init__(optimizer)
        check_whole("Polynomial", "steps", steps)
        self.length = steps
        self.power = check_positive("Polynomial", "power", power)
        self.end = check_end("Polynomial", end, self.base)
        self.start()

    def factor(self, step: int) -> float:
        """The share of the base rate at this step."""
        left = max(0.0, 1.0 - step / self.length)
        return self.end + (1.0 - self.end) * float(left**self.power)


def check_positive(schedule: str, name: str, value: float) -> float:
    """Return `value` if it is a positive finite number.

    Raises
    ------
    ValueError
        Naming the schedule, the argument and what it was.

    Examples
    --------
    >>> check_positive("Step", "factor", 0.1)
    0.1
    """
    check_number(schedule, name, value)
    if not (value > 0.0 and math.isfinite(value)):
        raise ValueError(f"{schedule}: {name} must be a positive finite number; got {value}")
    return value


def check_end(schedule: str, end: float, base: float) -> float:
    """Return the last rate as a share of the base rate.

    Raises
    ------
    ValueError
        If it is negative or above the base rate.

    Examples
    --------
    >>> check_end("Cosine", 0.25, 0.5)
    0.5
    """
    check_number(schedule, "end", end)
    if not 0.0 <= end <= base:
        raise ValueError(
            f"{schedule}: end is the last rate, from 0 to the optimiser's lr {base:g}; got {end}"
        )
    return end / base if base else 0.0
