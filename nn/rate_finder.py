"""A search for the learning rate: one short training with a rate that grows from step to step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

import autograd_core as ag

from .data import Loader
from .errors import check_generator, check_whole
from .evaluate import Loss, check_loss
from .judge import Rows, pair
from .module import Module
from .optim import Optimizer
from .random_state import generator_state, generators_in, set_generator_state
from .snapshot import Snapshot
from .update import check_optimizer

# The sweep ends when the running mean of the loss is so many times the smallest so far.
DIVERGED = 4.0
# How much of the running mean of the loss is kept at each step.
SMOOTH = 0.9
# Steps before the running mean is trusted.
SETTLED = 10
# How far the suggestion stays below the rate at which the loss was smallest.
MARGIN = 10.0


@dataclass(frozen=True)
class RateSearch:
    """The losses of a sweep over learning rates.

    Attributes
    ----------
    rates, losses : float arrays
        Of each step.
    smoothed : float array
        A running mean of the losses.
    suggestion : float
        A tenth of the rate at which the smoothed loss was smallest: still far from exploding, and
        steadier than the place where it falls fastest, which noise moves.

    Examples
    --------
    >>> import nn
    >>> nn.RateSearch(np.array([0.1, 1.0]), np.array([2.0, 1.0]), np.array([2.0, 1.5]), 0.1)
    RateSearch: 2 steps from 0.1 to 1; suggestion 0.1
    """

    rates: NDArray[np.float64]
    losses: NDArray[np.float64]
    smoothed: NDArray[np.float64]
    suggestion: float

    def plot(self, axes: Any = None) -> Any:
        """Draw the losses over the rates, and the suggestion (extra `plot`).

        Returns
        -------
        matplotlib.axes.Axes
        """
        if axes is None:
            pyplot = ag.require_extra("matplotlib.pyplot", extra="plot")
            _, axes = pyplot.subplots(figsize=(6, 3.5), layout="constrained")
        axes.plot(self.rates, self.losses, color="0.8", label="loss")
        axes.plot(self.rates, self.smoothed, color="#0072b2", label="running mean")
        axes.axvline(
            self.suggestion, color="#d55e00", linestyle=":", label=f"{self.suggestion:.2g}"
        )
        low, high = self.smoothed.min(), self.smoothed[0]
        axes.set(xscale="log", xlabel="learning rate", ylabel="loss")
        axes.set_ylim(low - 0.1 * abs(high - low) - 1e-12, high + 1.5 * abs(high - low) + 1e-12)
        axes.grid(alpha=0.3)
        axes.legend()
        return axes

    def __repr__(self) -> str:
        return (
            f"RateSearch: {len(self.rates)} steps from {self.rates[0]:.2g} to {self.rates[-1]:.2g};"
            f" suggestion {self.suggestion:.2g}"
        )


def find_learning_rate(
    model: Module,
    train: Loader | Rows,
    *,
    loss: Loss,
    optimizer: Optimizer,
    lowest: float = 1e-6,
    highest: float = 10.0,
    steps: int = 100,
    batch_size: int = 32,
    rng: np.random.Generator | None = None,
) -> RateSearch:
    """Train for a few steps with a rate that grows exponentially, and see where the loss falls.

    Model, optimizer, loader and the generators in them are afterwards as they were before.

    Parameters
    ----------
    model : Module
    train : (inputs, targets) or Loader
    loss : function of (outputs, targets)
    optimizer : Optimizer
        Over the parameters to train; its own rate does not matter.
    lowest, highest : float, default 1e-6 and 10
        Where the sweep begins and ends. It ends early when the loss explodes.
    steps : int, default 100
    batch_size, rng
        As for `fit`, where `train` is arrays.

    Returns
    -------
    RateSearch

    Raises
    ------
    ValueError
        The range is empty, or the loss is not finite from the start.

    Notes
    -----
    Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3.3, with an
    exponential sweep.

    Examples
    --------
    >>> import numpy as np, nn
    >>> rng = np.random.default_rng(0)
    >>> x = rng.standard_normal((200, 3))
    >>> model = nn.Linear(3, 1, rng=rng)
    >>> search = nn.find_learning_rate(
    ...     model,
    ...     (x, x.sum(1, keepdims=True)),
    ...     loss=nn.mse_loss,
    ...     optimizer=nn.SGD(model.parameters(), lr=1.0),
    ...     rng=rng,
    ... )
    >>> 0.001 < search.suggestion < 1.0
    True
    """
    check_whole("find_learning_rate", "steps", steps, least=10)
    if not 0.0 < lowest < highest < math.inf:
        raise ValueError(
            f"find_learning_rate: lowest and highest must be 0 < lowest < highest; got {lowest}, "
            f"{highest}"
        )
    check_generator("find_learning_rate", rng)
    check_loss("find_learning_rate", loss)
    check_optimizer("find_learning_rate", model, optimizer)
    dtype = next((p.dtype for p in model.parameters()), np.dtype(np.float32))
    loader = train if isinstance(train, Loader) else _loader(train, batch_size, rng, dtype)
    before = _everything(model, optimizer, loader)
    rates = np.geomspace(lowest, highest, steps)
    modes = [(module, module.training) for module in model.modules()]
    try:
        losses = _sweep(model.train(), loader, loss, optimizer, rates)
    finally:
        _put_back(model, optimizer, loader, before)
        for module, mode in modes:
            module.training = mode
    if len(losses) < 2:
        raise ValueError(
            f"find_learning_rate: the loss is not finite from the start, with a rate of {lowest:g};"
            " nn.fit says where that comes from"
        )
    return _judge(rates[: len(losses)], losses)


def _sweep(
    model: Module, loader: Loader, loss: Loss, optimizer: Optimizer, rates: NDArray[np.float64]
) -> list[float]:
    """The losses until the last rate, or until they explode."""
    losses: list[float] = []
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        batches = iter(loader)
        for rate in rates:
            batch = next(batches, None)
            if batch is None:
                batches = iter(loader)
                batch = next(batches)
            *inputs, targets = batch
            optimizer.zero_grad()
            value = loss(model(*inputs), targets)
            if not math.isfinite(float(value)):
                break
            losses.append(float(value))
            smoothed = _running_mean(losses)[SETTLED:]
            if smoothed.size and smoothed[-1] > DIVERGED * smoothed.min() > 0.0:
                break
            value.backward()
            optimizer.lr = float(rate)
            optimizer.step()
    return losses


def _running_mean(losses: list[float]) -> NDArray[np.float64]:
    smoothed, mean = np.empty(len(losses)), 0.0
    for step, value in enumerate(losses):
        mean = SMOOTH * mean + (1.0 - SMOOTH) * value
        # The mean begins at 0, which this takes out again.
        smoothed[step] = mean / (1.0 - SMOOTH ** (step + 1))
    return smoothed


def _judge(rates: NDArray[np.float64], losses: list[float]) -> RateSearch:
    smoothed = _running_mean(losses)
    # The first means are of few batches, and low by chance.
    settled = min(SETTLED, len(losses) - 1)
    best = settled + int(smoothed[settled:].argmin())
    return RateSearch(rates, np.array(losses), smoothed, float(rates[best]) / MARGIN)


def _everything(model: Module, optimizer: Optimizer, loader: Loader) -> dict[str, Any]:
    return {
        "weights": Snapshot(model),
        "gradients": [parameter.grad for parameter in optimizer.parameters],
        "optimizer": optimizer.state_dict(),
        "loader": loader.state_dict(),
        "generators": {name: generator_state(g) for name, g in generators_in(model).items()},
    }


def _put_back(model: Module, optimizer: Optimizer, loader: Loader, before: dict[str, Any]) -> None:
    before["weights"].restore()
    for parameter, gradient in zip(optimizer.parameters, before["gradients"], strict=True):
        parameter.grad = gradient
    optimizer.load_state_dict(before["optimizer"])
    loader.load_state_dict(before["loader"])
    for name, generator in generators_in(model).items():
        set_generator_state(generator, before["generators"][name])


def _loader(
    train: Rows, batch_size: int, rng: np.random.Generator | None, dtype: DTypeLike
) -> Loader:
    inputs, targets = pair("train", train)
    return Loader(inputs, targets, batch_size=batch_size, shuffle=True, rng=rng, dtype=dtype)
