"""Rates that rise or come back: warm-up, cosine with warm restarts, one cycle."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..errors import check_number, check_whole
from ..optim import Optimizer
from .decays import check_end, check_positive
from .schedule import Schedule

__all__ = ["Cosine", "OneCycle", "Warmup"]


class Cosine(Schedule):
    """Fall along half a cosine wave, and begin anew if wanted.

    Parameters
    ----------
    optimizer : Optimizer
    steps : int
        Of one wave.
    end : float, default 0
        The last rate of a wave.
    restarts : bool, default False
        Jump back to the base rate after each wave; without, the rate stays at its end.
    growth : int, default 1
        Each wave is so many times as long as the one before.

    Notes
    -----
    Loshchilov & Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017,
    equation 5.

    Examples
    --------
    >>> import autograd_core as ag, nn
    >>> nn.schedules.Cosine(nn.SGD([ag.Tensor([1.0])], lr=1.0), steps=4).rates(6).round(4)
    array([1.    , 0.8536, 0.5   , 0.1464, 0.    , 0.    ])
    """

    def __init__(
        self,
        optimizer: Optimizer,
        steps: int,
        end: float = 0.0,
        *,
        restarts: bool = False,
        growth: int = 1,
    ) -> None:
        super().__init__(optimizer)
        check_whole("Cosine", "steps", steps)
        check_whole("Cosine", "growth", growth)
        if growth > 1 and not restarts:
            raise ValueError("Cosine: growth is that of restarted waves; give restarts=True")
        self.length = steps
        self.end = check_end("Cosine", end, self.base)
        self.restarts = restarts
        self.growth = growth
        self.start()

    def factor(self, step: int) -> float:
        """The share of the base rate at this step."""
        length = self.length
        if self.restarts and self.growth == 1:
            step %= length
        while self.restarts and step >= length:
            step -= length
            length *= self.growth
        share = min(step / length, 1.0)
        return self.end + (1.0 - self.end) * _fall(share)


class Warmup(Schedule):
    """Rise in a straight line to the base rate, then follow another schedule.

    Parameters
    ----------
    optimizer : Optimizer
    steps : int
        Until the base rate is reached.
    begin : float, default 0
        The first rate, as a share of the base rate; with 0, the first step has 1 / steps of it
        (a step of length zero would be lost).
    then : Schedule, optional
        Of the same optimiser; its step 0 comes when the base rate is reached. By default the
        rate stays.

    Notes
    -----
    Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour",
    arXiv:1706.02677, section 2.2.

    Examples
    --------
    >>> import autograd_core as ag, nn
    >>> optimizer = nn.SGD([ag.Tensor([1.0])], lr=1.0)
    >>> cosine = nn.schedules.Cosine(optimizer, steps=2)
    >>> nn.schedules.Warmup(optimizer, steps=4, then=cosine).rates(8).round(4)
    array([0.25, 0.5 , 0.75, 1.  , 1.  , 0.5 , 0.  , 0.  ])
    """

    def __init__(
        self, optimizer: Optimizer, steps: int, begin: float = 0.0, then: Schedule | None = None
    ) -> None:
        super().__init__(optimizer)
        check_whole("Warmup", "steps", steps)
        check_number("Warmup", "begin", begin)
        if not 0.0 <= begin <= 1.0:
            raise ValueError(f"Warmup: begin is a share of the rate, 0 to 1; got {begin}")
        if then is not None and not isinstance(then, Schedule):
            raise TypeError(
                "Warmup: then is the schedule that follows, over the same optimiser; got "
                f"{then.__name__ if isinstance(then, type) else type(then).__name__}"
            )
        if then is not None and then.optimizer is not optimizer:
            raise ValueError("Warmup: the schedule that follows is of another optimiser")
        self.length = steps
        self.begin = begin
        self.then = then
        if then is not None:
            self.base = then.base  # the other has set the rate of its first step already
        self.start()

    def factor(self, step: int) -> float:
        """The share of the base rate at this step."""
        if step >= self.length:
            return 1.0 if self.then is None else self.then.factor(step - self.length)
        if self.begin == 0.0:
            return (step + 1) / self.length
        return self.begin + (1.0 - self.begin) * step / self.length


class OneCycle(Schedule):
    """One rise to the base rate and one long fall to almost nothing.

    Parameters
    ----------
    optimizer : Optimizer
        Its `lr` is the highest rate of the cycle.
    steps : int
        Of the whole cycle.
    rise : float, default 0.3
        Share of the steps in which the rate rises.
    begin : float, default 25
        The first rate is the highest divided by this.
    end : float, default 10000
        The last rate is the first divided by this.
    momentum : (float, float), optional
        Lowest and highest momentum (or first beta): it moves against the rate. By default it
        stays as it is.

    Raises
    ------
    ValueError
        From `step`, after the last step of the cycle.

    Notes
    -----
    Smith & Topin, "Super-convergence: very fast training of neural networks using large learning
    rates", arXiv:1708.07120, with half cosine waves in place of straight lines.

    Examples
    --------
    >>> import autograd_core as ag, nn
    >>> schedule = nn.schedules.OneCycle(nn.SGD([ag.Tensor([1.0])], lr=1.0), steps=6, rise=0.5)
    >>> schedule.rates(6).round(3)
    array([0.04, 0.52, 1.  , 0.75, 0.25, 0.  ])
    """

    def __init__(
        self,
        optimizer: Optimizer,
        steps: int,
        *,
        rise: float = 0.3,
        begin: float = 25.0,
        end: float = 1e4,
        momentum: tuple[float, float] | None = None,
    ) -> None:
        super().__init__(optimizer)
        check_whole("OneCycle", "steps", steps, least=2)
        check_number("OneCycle", "rise", rise)
        if not 0.0 < rise < 1.0:
            raise ValueError(f"OneCycle: rise is a share of the steps, between 0 and 1; got {rise}")
        self.length = steps
        self.peak = rise * steps - 1.0
        self.begin = 1.0 / check_positive("OneCycle", "begin", begin)
        self.end = self.begin / check_positive("OneCycle", "end", end)
        if momentum is not None and not (hasattr(optimizer, "momentum") or _has_betas(optimizer)):
            raise ValueError(f"OneCycle: {type(optimizer).__name__} has no momentum to move")
        if momentum is not None:
            given: Any = momentum  # whatever its type says
            if not isinstance(given, tuple | list) or len(given) != 2:
                raise ValueError(
                    "OneCycle: momentum is a pair, the lowest and the highest, such as (0.85, "
                    f"0.95); got {momentum!r}"
                )
            for value in momentum:
                check_number("OneCycle", "momentum", value)
        self.momentum = momentum
        self.start()

    def start(self) -> None:
        """Set the rate, and the momentum, of the first step."""
        super().start()
        self._move_momentum()

    def factor(self, step: int) -> float:
        """The share of the highest rate at this step."""
        if step <= self.peak:
            return 1.0 + (self.begin - 1.0) * _fall(step / self.peak)
        share = min((step - self.peak) / (self.length - 1.0 - self.peak), 1.0)
        return self.end + (1.0 - self.end) * _fall(share)

    def step(self) -> None:
        """Go on to the next step's rate and momentum."""
        if self.steps >= self.length - 1:
            raise ValueError(
                f"OneCycle: the cycle has {self.length} steps and is over; give as many steps as "
                "there are (epochs * len(loader), if it steps after every mini-batch)"
            )
        super().step()
        self._move_momentum()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        super().load_state_dict(state)
        self._move_momentum()

    def _move_momentum(self) -> None:
        if self.momentum is None:
            return
        low, high = self.momentum
        if self.steps <= self.peak:
            value = low + (high - low) * _fall(self.steps / self.peak)
        else:
            share = (self.steps - self.peak) / (self.length - 1.0 - self.peak)
            value = high + (low - high) * _fall(share)
        optimizer: Any = self.optimizer
        if _has_betas(optimizer):
            optimizer.betas = (value, *optimizer.betas[1:])
        else:
            optimizer.momentum = value


def _fall(share: float) -> float:
    """Half a cosine wave from 1 to 0, as `share` goes from 0 to 1."""
    return (1.0 + math.cos(math.pi * share)) / 2.0


def _has_betas(optimizer: Optimizer) -> bool:
    return hasattr(optimizer, "betas")
