"""Steps along the gradient, or along its sign: SGD with momentum, and Lion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Unpack

import numpy as np

from autograd_core import Tensor

from .groups import not_negative
from .optimizer import Array, Optimizer, Penalties, check_betas

__all__ = ["SGD", "Lion"]


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted.

    Parameters
    ----------
    parameters : iterable of Tensor, or of groups
        What to train: `model.parameters()`.
    lr : float
        Learning rate.
    momentum : float, default 0
        Share of the last step's velocity that is kept.
    nesterov : bool, default False
        Look ahead: step with the velocity that the next step would have.
    **penalties
        `weight_decay`, `l1`, `decoupled`: see `Optimizer`.

    Raises
    ------
    ValueError
        There is nothing to train, or a number is out of range.
    TypeError
        Something is not a Tensor.

    Notes
    -----
    v = momentum * v + g; parameter -= lr * v (Nesterov: lr * (g + momentum * v)), as in
    Sutskever, Martens, Dahl & Hinton, "On the importance of initialization and momentum in deep
    learning", ICML 2013, in PyTorch's form (the learning rate outside the velocity).

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> x = Tensor([1.0, 2.0])
    >>> optimizer = nn.SGD([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data
    array([0.8, 1.6])
    """

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Mapping[str, Any]],
        lr: float,
        *,
        momentum: float = 0.0,
        nesterov: bool = False,
        **penalties: Unpack[Penalties],
    ) -> None:
        super().__init__(parameters, lr, **penalties)
        self.momentum = not_negative("SGD", "momentum", momentum)
        if nesterov and not momentum:
            raise ValueError("SGD: nesterov=True looks ahead along the momentum; give momentum > 0")
        self.nesterov = nesterov
        self._velocity = self._slot("velocity") if momentum else []

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        step = self._scratch[position]
        if self.momentum:
            velocity = self._velocity[position]
            np.multiply(velocity, self.momentum, out=velocity)
            np.add(velocity, gradient, out=velocity)
            if self.nesterov:
                # lr * (g + momentum * v) in two parts, so that one buffer is enough.
                np.multiply(gradient, self._rates[position], out=step)
                np.subtract(data, step, out=data)
                np.multiply(velocity, self._lrs[position] * self.momentum, out=step)
                np.subtract(data, step, out=data)
                return
            gradient = velocity
        np.multiply(gradient, self._rates[position], out=step)
        np.subtract(data, step, out=data)


class Lion(Optimizer):
    """Steps of one size, along the sign of an average of the gradients.

    Parameters
    ----------
    parameters : iterable of Tensor, or of groups
        What to train: `model.parameters()`.
    lr : float, default 0.0001
        Learning rate: how far every weight moves in a step.
    betas : (float, float), default (0.9, 0.99)
        Share of the average in the step's direction, and kept from step to step.
    **penalties
        `weight_decay`, `l1`, `decoupled` (here True by default): see `Optimizer`.

    Notes
    -----
    Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023, algorithm 2.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> x = Tensor([1.0, -2.0])
    >>> optimizer = nn.Lion([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data
    array([ 0.9, -1.9])
    """

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Mapping[str, Any]],
        lr: float = 0.0001,
        *,
        betas: tuple[float, float] = (0.9, 0.99),
        **penalties: Unpack[Penalties],
    ) -> None:
        penalties.setdefault("decoupled", True)
        super().__init__(parameters, lr, **penalties)
        self.betas = check_betas("Lion", betas)
        self._mean = self._slot("mean")

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        step, mean = self._scratch[position], self._mean[position]
        beta1, beta2 = self.betas
        # beta1 * m + (1 - beta1) * g as m + (1 - beta1) * (g - m): one buffer is enough.
        np.subtract(gradient, mean, out=step)
        np.multiply(step, 1.0 - beta1, out=step)
        np.add(step, mean, out=step)
        np.sign(step, out=step)
        np.multiply(step, self._rates[position], out=step)
        np.subtract(data, step, out=data)
        np.subtract(gradient, mean, out=step)
        np.multiply(step, 1.0 - beta2, out=step)
        np.add(mean, step, out=mean)
