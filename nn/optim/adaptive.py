"""Rates of their own for every weight, from running sums of squared gradients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Unpack

import numpy as np

from autograd_core import Tensor

from .groups import not_negative
from .optimizer import Array, Optimizer, Penalties, check_share

__all__ = ["Adadelta", "Adagrad", "RMSprop"]


class Adagrad(Optimizer):
    """Each weight's rate shrinks with the sum of its squared gradients so far.

    Parameters
    ----------
    parameters : iterable of Tensor, or of groups
        What to train: `model.parameters()`.
    lr : float, default 0.01
        Learning rate.
    lr_decay : float, default 0
        The rate of step t is lr / (1 + (t - 1) * lr_decay).
    initial_accumulator : float, default 0
        What the sums start from.
    eps : float, default 1e-10
        Keeps the division finite.
    **penalties
        `weight_decay`, `l1`, `decoupled`: see `Optimizer`.

    Notes
    -----
    Duchi, Hazan & Singer, "Adaptive subgradient methods for online learning and stochastic
    optimization", JMLR 12, 2011, the diagonal form.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> x = Tensor([1.0, 2.0])
    >>> optimizer = nn.Adagrad([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(6)
    array([0.9, 1.9])
    """

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Mapping[str, Any]],
        lr: float = 0.01,
        *,
        lr_decay: float = 0.0,
        initial_accumulator: float = 0.0,
        eps: float = 1e-10,
        **penalties: Unpack[Penalties],
    ) -> None:
        super().__init__(parameters, lr, **penalties)
        self.lr_decay = not_negative("Adagrad", "lr_decay", lr_decay)
        self.eps = not_negative("Adagrad", "eps", eps)
        start = not_negative("Adagrad", "initial_accumulator", initial_accumulator)
        self._square = self._slot("square", start)
        self._steps = self._counter("steps")

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        rate = self._lrs[position] / (1.0 + self._steps[position] * self.lr_decay)
        self._steps[position] += 1
        step, square = self._scratch[position], self._square[position]
        np.multiply(gradient, gradient, out=step)
        np.add(square, step, out=square)
        np.sqrt(square, out=step)
        np.add(step, self.eps, out=step)
        np.divide(gradient, step, out=step)
        np.multiply(step, rate, out=step)
        np.subtract(data, step, out=data)


class Adadelta(Optimizer):
    """Steps in the units of the weights: the ratio of two running averages.

    Parameters
    ----------
    parameters : iterable of Tensor, or of groups
        What to train: `model.parameters()`.
    lr : float, default 1
        Learning rate: a factor on the step.
    rho : float, default 0.9
        How much of each average is kept from step to step.
    eps : float, default 1e-6
        Starts the first steps, and keeps the division finite.
    **penalties
        `weight_decay`, `l1`, `decoupled`: see `Optimizer`.

    Notes
    -----
    Zeiler, "ADADELTA: an adaptive learning rate method", arXiv:1212.5701, algorithm 1.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> x = Tensor([1.0, 2.0])
    >>> optimizer = nn.Adadelta([x])
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(4)
    array([0.9968, 1.9968])
    """

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Mapping[str, Any]],
        lr: float = 1.0,
        *,
        rho: float = 0.9,
        eps: float = 1e-6,
        **penalties: Unpack[Penalties],
    ) -> None:
        super().__init__(parameters, lr, **penalties)
        self.rho = check_share("Adadelta", "rho", rho)
        self.eps = not_negative("Adadelta", "eps", eps)
        self._square = self._slot("square")
        self._moved = self._slot("moved")
        self._second = self._one_buffer()

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        step, other = self._scratch[position], self._second[position]
        square, moved = self._square[position], self._moved[position]
        _average(square, gradient, self.rho, step)
        np.add(square, self.eps, out=step)
        np.sqrt(step, out=step)
        np.add(moved, self.eps, out=other)
        np.sqrt(other, out=other)
        np.divide(other, step, out=step)
        np.multiply(step, gradient, out=step)
        _average(moved, step, self.rho, other)
        np.multiply(step, self._rates[position], out=step)
        np.subtract(data, step, out=data)


class RMSprop(Optimizer):
    """Gradients divided by the root of a running average of their squares.

    Parameters
    ----------
    parameters : iterable of Tensor, or of groups
        What to train: `model.parameters()`.
    lr : float, default 0.01
        Learning rate.
    alpha : float, default 0.99
        How much of the average is kept from step to step.
    eps : float, default 1e-8
        Keeps the division finite; added to the root.
    momentum : float, default 0
        Share of the last step's velocity that is kept.
    centered : bool, default False
        Divide by an estimate of the standard deviation: take the squared mean from the average.
    **penalties
        `weight_decay`, `l1`, `decoupled`: see `Optimizer`.

    Notes
    -----
    Tieleman & Hinton, "Neural networks for machine learning", lecture 6.5, Coursera 2012; the
    centered form is Graves, "Generating sequences with recurrent neural networks",
    arXiv:1308.0850, equations 38-45.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> x = Tensor([1.0, 2.0])
    >>> optimizer = nn.RMSprop([x], lr=0.01)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(6)
    array([0.9, 1.9])
    """

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Mapping[str, Any]],
        lr: float = 0.01,
        *,
        alpha: float = 0.99,
        eps: float = 1e-8,
        momentum: float = 0.0,
        centered: bool = False,
        **penalties: Unpack[Penalties],
    ) -> None:
        super().__init__(parameters, lr, **penalties)
        self.alpha = check_share("RMSprop", "alpha", alpha)
        self.eps = not_negative("RMSprop", "eps", eps)
        self.momentum = not_negative("RMSprop", "momentum", momentum)
        self.centered = centered
        self._square = self._slot("square")
        self._mean = self._slot("mean") if centered else []
        self._velocity = self._slot("velocity") if momentum else []

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        step, square = self._scratch[position], self._square[position]
        _average(square, gradient, self.alpha, step)
        if self.centered:
            mean = self._mean[position]
            np.subtract(gradient, mean, out=step)
            np.multiply(step, 1.0 - self.alpha, out=step)
            np.add(mean, step, out=mean)
            np.multiply(mean, mean, out=step)
            np.subtract(square, step, out=step)
            np.sqrt(step, out=step)
        else:
            np.sqrt(square, out=step)
        np.add(step, self.eps, out=step)
        np.divide(gradient, step, out=step)
        if self.momentum:
            velocity = self._velocity[position]
            np.multiply(velocity, self.momentum, out=velocity)
            np.add(velocity, step, out=velocity)
            np.multiply(velocity, self._rates[position], out=step)
        else:
            np.multiply(step, self._rates[position], out=step)
        np.subtract(data, step, out=data)


def _average(average: Array, values: Array, kept: float, room: Array) -> None:
    """Move a running average of squares on, in place; `room` is overwritten."""
    np.multiply(values, values, out=room)
    np.multiply(room, 1.0 - kept, out=room)
    np.multiply(average, kept, out=average)
    np.add(average, room, out=average)
