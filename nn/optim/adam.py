"""Adam and its relatives: steps scaled by running averages of the gradient and of its size."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Unpack

import numpy as np

from autograd_core import Tensor

from .groups import not_negative
from .optimizer import Array, Optimizer, Penalties, check_betas

__all__ = ["Adam", "AdamW", "Adamax", "NAdam", "RAdam"]

Parameters = Iterable[Tensor] | Iterable[Mapping[str, Any]]


class _Moments(Optimizer):
    """What the family shares: the two averages, and how they move."""

    def __init__(
        self,
        parameters: Parameters,
        lr: float,
        betas: tuple[float, float],
        eps: float,
        penalties: Penalties,
    ) -> None:
        super().__init__(parameters, lr, **penalties)
        name = type(self).__name__
        self.betas = check_betas(name, betas)
        self.eps = not_negative(name, "eps", eps)
        self._mean = self._slot("mean")
        self._square = self._slot("square")
        self._steps = self._counter("steps")

    def _average(self, position: int, gradient: Array) -> int:
        """Move both averages on; return the number of this step, from 1."""
        self._steps[position] += 1
        beta1, beta2 = self.betas
        mean, square = self._mean[position], self._square[position]
        step = self._scratch[position]
        np.multiply(gradient, 1.0 - beta1, out=step)
        np.multiply(mean, beta1, out=mean)
        np.add(mean, step, out=mean)
        np.multiply(gradient, gradient, out=step)
        np.multiply(step, 1.0 - beta2, out=step)
        np.multiply(square, beta2, out=square)
        np.add(square, step, out=square)
        steps: int = self._steps[position]
        return steps

    def _root(self, position: int, square: Array, steps: int) -> Array:
        """The root of the unbiased second average, plus eps, in the scratch buffer."""
        # Both averages start at zero; dividing by 1 - beta**steps takes that bias out.
        root = self._scratch[position]
        np.sqrt(square, out=root)
        np.multiply(root, 1.0 / math.sqrt(1.0 - self.betas[1] ** steps), out=root)
        return np.add(root, self.eps, out=root)


class Adam(_Moments):
    """Steps scaled by running averages of the gradient and of its square.

    Parameters
    ----------
    parameters : iterable of Tensor, or of groups
        What to train: `model.parameters()`.
    lr : float, default 0.001
        Learning rate.
    betas : (float, float), default (0.9, 0.999)
        How much of each average is kept from step to step.
    eps : float, default 1e-8
        Keeps the division finite; relative to the square root of the second average.
    amsgrad : bool, default False
        Divide by the largest second average so far (Reddi, Kale & Kumar, ICLR 2018).
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
    Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> x = Tensor([1.0, 2.0])
    >>> optimizer = nn.Adam([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(6)
    array([0.9, 1.9])
    """

    def __init__(
        self,
        parameters: Parameters,
        lr: float = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        amsgrad: bool = False,
        **penalties: Unpack[Penalties],
    ) -> None:
        super().__init__(parameters, lr, betas, eps, penalties)
        self._largest = self._slot("largest") if amsgrad else []

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        steps = self._average(position, gradient)
        square = self._square[position]
        if self._largest:
            square = np.maximum(self._largest[position], square, out=self._largest[position])
        step = self._root(position, square, steps)
        np.divide(self._mean[position], step, out=step)
        np.multiply(step, self._lrs[position] / (1.0 - self.betas[0] ** steps), out=step)
        np.subtract(data, step, out=data)


class AdamW(Adam):
    """Adam with decoupled weight decay, 0.01 by default.

    Parameters
    ----------
    parameters, lr, betas, eps, amsgrad, **penalties
        As `Adam`'s; `weight_decay` is 0.01 and `decoupled` True unless given.

    Notes
    -----
    Loshchilov & Hutter, "Decoupled weight decay regularization", ICLR 2019, algorithm 2.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> x = Tensor([1.0, 2.0])
    >>> optimizer = nn.AdamW([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(6)
    array([0.899, 1.898])
    """

    def __init__(
        self,
        parameters: Parameters,
        lr: float = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        amsgrad: bool = False,
        **penalties: Unpack[Penalties],
    ) -> None:
        penalties.setdefault("weight_decay", 0.01)
        penalties.setdefault("decoupled", True)
        super().__init__(parameters, lr, betas=betas, eps=eps, amsgrad=amsgrad, **penalties)


class NAdam(_Moments):
    """Adam that looks ahead along its momentum, as Nesterov's does.

    Parameters
    ----------
    parameters : iterable of Tensor, or of groups
        What to train: `model.parameters()`.
    lr : float, default 0.002
        Learning rate.
    betas, eps
        As `Adam`'s.
    momentum_decay : float, default 0.004
        How fast the momentum reaches betas[0].
    **penalties
        `weight_decay`, `l1`, `decoupled`: see `Optimizer`.

    Notes
    -----
    Dozat, "Incorporating Nesterov momentum into Adam", ICLR 2016 workshop.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> x = Tensor([1.0, 2.0])
    >>> optimizer = nn.NAdam([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(4)
    array([0.8944, 1.8944])
    """

    def __init__(
        self,
        parameters: Parameters,
        lr: float = 0.002,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        momentum_decay: float = 0.004,
        **penalties: Unpack[Penalties],
    ) -> None:
        super().__init__(parameters, lr, betas, eps, penalties)
        self.momentum_decay = not_negative("NAdam", "momentum_decay", momentum_decay)
        self._product = self._counter("momentum_product", 1.0)
        self._second = self._one_buffer()

    def _momentum(self, steps: int) -> float:
        return self.betas[0] * (1.0 - 0.5 * float(0.96 ** (steps * self.momentum_decay)))

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        steps = self._average(position, gradient)
        momentum, following = self._momentum(steps), self._momentum(steps + 1)
        self._product[position] *= momentum
        product, rate = self._product[position], self._lrs[position]
        root, step = self._root(position, self._square[position], steps), self._second[position]
        np.divide(gradient, root, out=step)
        np.multiply(step, rate * (1.0 - momentum) / (1.0 - product), out=step)
        np.subtract(data, step, out=data)
        np.divide(self._mean[position], root, out=step)
        np.multiply(step, rate * following / (1.0 - product * following), out=step)
        np.subtract(data, step, out=data)


class RAdam(_Moments):
    """Adam whose first steps wait until the second average can be trusted.

    Parameters
    ----------
    parameters : iterable of Tensor, or of groups
        What to train: `model.parameters()`.
    lr, betas, eps
        As `Adam`'s.
    **penalties
        `weight_decay`, `l1`, `decoupled`: see `Optimizer`.

    Notes
    -----
    Liu et al., "On the variance of the adaptive learning rate and beyond", ICLR 2020,
    algorithm 2, with PyTorch's threshold (5) and place of eps.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> x = Tensor([1.0, 2.0])
    >>> optimizer = nn.RAdam([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(6)
    array([0.8, 1.6])
    """

    def __init__(
        self,
        parameters: Parameters,
        lr: float = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        **penalties: Unpack[Penalties],
    ) -> None:
        super().__init__(parameters, lr, betas, eps, penalties)

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        steps = self._average(position, gradient)
        beta1, beta2 = self.betas
        step = self._scratch[position]
        scale = self._lrs[position] / (1.0 - beta1**steps)
        longest = 2.0 / (1.0 - beta2) - 1.0
        length = longest - 2.0 * steps * beta2**steps / (1.0 - beta2**steps)
        if length > 5.0:
            scale *= math.sqrt(
                (length - 4.0) * (length - 2.0) * longest
                / ((longest - 4.0) * (longest - 2.0) * length)
            )  # fmt: skip
            np.sqrt(self._square[position], out=step)
            np.add(step, self.eps, out=step)
            np.divide(self._mean[position], step, out=step)
            scale *= math.sqrt(1.0 - beta2**steps)
            np.multiply(step, scale, out=step)
        else:
            np.multiply(self._mean[position], scale, out=step)
        np.subtract(data, step, out=data)


class Adamax(_Moments):
    """Adam with the largest recent gradient in place of the root of the second average.

    Parameters
    ----------
    parameters : iterable of Tensor, or of groups
        What to train: `model.parameters()`.
    lr : float, default 0.002
        Learning rate.
    betas, eps
        As `Adam`'s; betas[1] is how fast the largest is forgotten.
    **penalties
        `weight_decay`, `l1`, `decoupled`: see `Optimizer`.

    Notes
    -----
    Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015, algorithm 2.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> x = Tensor([1.0, 2.0])
    >>> optimizer = nn.Adamax([x], lr=0.1)
    >>> (x * x).sum().backward()
    >>> optimizer.step()
    >>> x.data.round(6)
    array([0.9, 1.9])
    """

    def __init__(
        self,
        parameters: Parameters,
        lr: float = 0.002,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        **penalties: Unpack[Penalties],
    ) -> None:
        super().__init__(parameters, lr, betas, eps, penalties)

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        self._steps[position] += 1
        beta1, beta2 = self.betas
        mean, largest = self._mean[position], self._square[position]
        step = self._scratch[position]
        np.multiply(gradient, 1.0 - beta1, out=step)
        np.multiply(mean, beta1, out=mean)
        np.add(mean, step, out=mean)
        np.absolute(gradient, out=step)
        np.add(step, self.eps, out=step)
        np.multiply(largest, beta2, out=largest)
        np.maximum(largest, step, out=largest)
        np.divide(mean, largest, out=step)
        rate = self._lrs[position] / (1.0 - beta1 ** self._steps[position])
        np.multiply(step, rate, out=step)
        np.subtract(data, step, out=data)
