"""Optimisers: how parameters move against their gradients.

The updates equal PyTorch's (torch.optim, version 2). They work in place, in buffers made once:
a step allocates nothing. A parameter without a gradient is left alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_core import Tensor

Array = NDArray[Any]


class Optimizer:
    """Base class: holds the parameters and walks them; a subclass writes `_update`.

    Attributes
    ----------
    parameters : list of Tensor
        Each once, also where it was given twice.

    Examples
    --------
    >>> import numpy as np, nn
    >>> from autograd_core import Tensor
    >>> class SignDescent(nn.Optimizer):
    ...     def _update(self, position, data, gradient):
    ...         data -= self.lr * np.sign(gradient)
    >>> x = Tensor([1.0, -2.0])
    >>> (x * x).sum().backward()
    >>> SignDescent([x], lr=0.5).step()
    >>> x.data
    array([ 0.5, -1.5])
    """

    def __init__(self, parameters: Iterable[Tensor], lr: float) -> None:
        self.parameters = _checked(type(self).__name__, parameters)
        self.lr = lr
        self._scratch = self._one_buffer()

    @property
    def lr(self) -> float:
        """Learning rate; may be set between steps."""
        return self._lr

    @lr.setter
    def lr(self, value: float) -> None:
        self._lr = _not_negative(type(self).__name__, "lr", value)
        # A ufunc takes twice as long with a Python number as with an array of the right dtype.
        self._rates = [np.array(value, parameter.dtype) for parameter in self.parameters]

    def _one_buffer(self) -> list[Array]:
        """For each parameter, room for an intermediate result; all of them the same memory."""
        largest = max(parameter.nbytes for parameter in self.parameters)
        room = np.zeros(largest, np.uint8)
        return [
            room[: parameter.nbytes].view(parameter.dtype).reshape(parameter.shape)
            for parameter in self.parameters
        ]

    def _zeros(self) -> list[Array]:
        return [np.zeros(parameter.shape, parameter.dtype) for parameter in self.parameters]

    def zero_grad(self) -> None:
        """Forget every gradient (sets it to None); call it before `backward()`."""
        for parameter in self.parameters:
            parameter.grad = None

    def step(self) -> None:
        """Move every parameter that has a gradient."""
        for position, parameter in enumerate(self.parameters):
            gradient = parameter.grad
            if gradient is None:
                continue
            if isinstance(gradient, Tensor):  # from backward(create_graph=True)
                gradient = gradient.data
            data = parameter.data
            if data.ndim:
                self._update(position, data, gradient)
                # The setter bumps the version: a graph that saved the old value notices.
                parameter.data = data
            else:
                # A scalar's data is a NumPy scalar, which nothing can change in place.
                box = np.array(data)
                self._update(position, box, gradient)
                parameter.data = box[()]

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        """Change `data`, the value of parameter number `position`, in place; leave `gradient`."""
        raise NotImplementedError


class SGD(Optimizer):
    """Gradient descent, with momentum if wanted.

    Parameters
    ----------
    parameters : iterable of Tensor
        What to train: `model.parameters()`.
    lr : float
        Learning rate.
    momentum : float, default 0
        Share of the last step's velocity that is kept.
    nesterov : bool, default False
        Look ahead: step with the velocity that the next step would have.
    weight_decay : float, default 0
        Adds weight_decay * parameter to the gradient (an L2 penalty).

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
        parameters: Iterable[Tensor],
        lr: float,
        *,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        self.momentum = _not_negative("SGD", "momentum", momentum)
        self.weight_decay = _not_negative("SGD", "weight_decay", weight_decay)
        if nesterov and not momentum:
            raise ValueError("SGD: nesterov=True looks ahead along the momentum; give momentum > 0")
        self.nesterov = nesterov
        self._velocity = self._zeros() if momentum else []

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        step = self._scratch[position]
        if self.weight_decay:
            np.multiply(data, self.weight_decay, out=step)
            gradient = np.add(step, gradient, out=step)
        if self.momentum:
            velocity = self._velocity[position]
            np.multiply(velocity, self.momentum, out=velocity)
            np.add(velocity, gradient, out=velocity)
            if self.nesterov:
                # lr * (g + momentum * v) in two parts, so that one buffer is enough.
                np.multiply(gradient, self._rates[position], out=step)
                np.subtract(data, step, out=data)
                np.multiply(velocity, self.lr * self.momentum, out=step)
                np.subtract(data, step, out=data)
                return
            gradient = velocity
        np.multiply(gradient, self._rates[position], out=step)
        np.subtract(data, step, out=data)


class Adam(Optimizer):
    """Steps scaled by running averages of the gradient and of its square.

    Parameters
    ----------
    parameters : iterable of Tensor
        What to train: `model.parameters()`.
    lr : float, default 0.001
        Learning rate.
    betas : (float, float), default (0.9, 0.999)
        How much of each average is kept from step to step.
    eps : float, default 1e-8
        Keeps the division finite; relative to the square root of the second average.
    weight_decay : float, default 0
        Adds weight_decay * parameter to the gradient (an L2 penalty).

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
        parameters: Iterable[Tensor],
        lr: float = 0.001,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr)
        for position, beta in enumerate(betas):
            if not 0.0 <= beta < 1.0:
                raise ValueError(f"Adam: betas[{position}] must be in [0, 1); got {beta}")
        self.betas = betas
        self.eps = _not_negative("Adam", "eps", eps)
        self.weight_decay = _not_negative("Adam", "weight_decay", weight_decay)
        self._mean = self._zeros()
        self._square = self._zeros()
        self._decayed = self._zeros() if weight_decay else []
        self._steps = [0] * len(self.parameters)

    def _update(self, position: int, data: Array, gradient: Array) -> None:
        self._steps[position] += 1
        steps = self._steps[position]
        beta1, beta2 = self.betas
        mean, square = self._mean[position], self._square[position]
        step = self._scratch[position]
        if self.weight_decay:
            decayed = np.multiply(data, self.weight_decay, out=self._decayed[position])
            gradient = np.add(decayed, gradient, out=decayed)
        np.multiply(gradient, 1.0 - beta1, out=step)
        np.multiply(mean, beta1, out=mean)
        np.add(mean, step, out=mean)
        np.multiply(gradient, gradient, out=step)
        np.multiply(step, 1.0 - beta2, out=step)
        np.multiply(square, beta2, out=square)
        np.add(square, step, out=square)
        # Both averages start at zero; dividing by 1 - beta**steps takes that bias out.
        np.sqrt(square, out=step)
        np.multiply(step, 1.0 / math.sqrt(1.0 - beta2**steps), out=step)
        np.add(step, self.eps, out=step)
        np.divide(mean, step, out=step)
        np.multiply(step, self.lr / (1.0 - beta1**steps), out=step)
        np.subtract(data, step, out=data)


def _checked(optimizer: str, parameters: Iterable[Tensor]) -> list[Tensor]:
    if isinstance(parameters, Tensor) or not isinstance(parameters, Iterable):
        raise TypeError(
            f"{optimizer}: give the parameters as a list or as model.parameters(); "
            f"got one {type(parameters).__name__}"
        )
    unique: dict[int, Tensor] = {}
    for position, parameter in enumerate(parameters):
        if not isinstance(parameter, Tensor):
            raise TypeError(
                f"{optimizer}: parameter {position} is a {type(parameter).__name__}, not a Tensor"
            )
        if not parameter.is_leaf:
            raise ValueError(
                f"{optimizer}: parameter {position} was computed from other Tensors, so moving it "
                "would change nothing; give the Tensors it was computed from"
            )
        unique[id(parameter)] = parameter
    if not unique:
        raise ValueError(
            f"{optimizer}: no parameters to train. A Module finds Parameters, Modules, and lists, "
            "tuples and dicts of them among its attributes; a plain Tensor is not a Parameter. "
            "(model.parameters() is an iterator: make a new one, once used it is empty)"
        )
    return list(unique.values())


def _not_negative(optimizer: str, name: str, value: float) -> float:
    if not (value >= 0.0 and math.isfinite(value)):
        raise ValueError(f"{optimizer}: {name} must be a finite number of at least 0; got {value}")
    return value
