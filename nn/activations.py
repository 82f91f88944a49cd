"""Activations as modules: the functions of the engine and NumPy, usable as a layer."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from .errors import suggestion
from .module import Module
from .rectifiers import CELU, ELU, GELU, SELU, LeakyReLU, Mish, PReLU, ReLU, ReLU6, SiLU, Softplus


class Identity(Module):
    """Returns its input.

    Examples
    --------
    >>> import nn
    >>> nn.Identity()(3.0)
    3.0
    """

    def forward(self, x: Any) -> Any:
        """Return `x`."""
        return x


class Tanh(Module):
    """Hyperbolic tangent.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.Tanh()(Tensor(0.0)).item()
    0.0
    """

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        # The method goes straight to the operation; np.tanh asks NumPy's dispatch first.
        return x.tanh() if isinstance(x, Tensor) else np.tanh(x)


class Sigmoid(Module):
    """1 / (1 + exp(-x)).

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.Sigmoid()(Tensor(0.0)).item()
    0.5
    """

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.sigmoid(x)


class LogSigmoid(Module):
    """Logarithm of the sigmoid, computed without underflow.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.LogSigmoid()(Tensor([0.0, -1000.0])).data.round(4)
    array([-6.931e-01, -1.000e+03])
    """

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.log_sigmoid(x)


class Softsign(Module):
    """x / (1 + abs(x)): like tanh, but it saturates slowly.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.Softsign()(Tensor([-1.0, 3.0])).data
    array([-0.5 ,  0.75])
    """

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.softsign(x)


class HardTanh(Module):
    """x cut off at two bounds.

    Parameters
    ----------
    low, high : float, default -1 and 1

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.HardTanh()(Tensor([-3.0, 0.5])).data
    array([-1. ,  0.5])
    """

    def __init__(self, low: float = -1.0, high: float = 1.0) -> None:
        if not low < high:
            raise ValueError(f"HardTanh: low must be below high; got {low} and {high}")
        self.low, self.high = low, high

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.hardtanh(x, self.low, self.high)

    def extra_repr(self) -> str:
        """The bounds, unless they are the usual ones."""
        return "" if (self.low, self.high) == (-1.0, 1.0) else f"{self.low:g}, {self.high:g}"


class HardSigmoid(Module):
    """A sigmoid of straight pieces: min(max(x + 3, 0), 6) / 6.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.HardSigmoid()(Tensor([-9.0, 0.0])).data
    array([0. , 0.5])
    """

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.hardsigmoid(x)


class Softmax(Module):
    """exp(x) over its sum along `axis`: probabilities.

    Parameters
    ----------
    axis : int, default -1
        The axis that sums to one.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.Softmax()(Tensor([0.0, 0.0])).data
    array([0.5, 0.5])
    """

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        """Apply along `self.axis`."""
        return ag.softmax(x, axis=self.axis)

    def extra_repr(self) -> str:
        """The axis, unless it is the last."""
        return "" if self.axis == -1 else f"axis={self.axis}"


class LogSoftmax(Softmax):
    """Logarithm of softmax, computed without underflow.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.LogSoftmax()(Tensor([0.0, -1000.0])).data
    array([    0., -1000.])
    """

    def forward(self, x: Any) -> Any:
        """Apply along `self.axis`."""
        return ag.log_softmax(x, axis=self.axis)


ACTIVATIONS: dict[str, type[Module]] = {
    "identity": Identity,
    "relu": ReLU,
    "relu6": ReLU6,
    "leaky_relu": LeakyReLU,
    "prelu": PReLU,
    "elu": ELU,
    "celu": CELU,
    "selu": SELU,
    "gelu": GELU,
    "silu": SiLU,
    "mish": Mish,
    "softplus": Softplus,
    "tanh": Tanh,
    "sigmoid": Sigmoid,
    "log_sigmoid": LogSigmoid,
    "softsign": Softsign,
    "hard_tanh": HardTanh,
    "hard_sigmoid": HardSigmoid,
    "softmax": Softmax,
    "log_softmax": LogSoftmax,
}


def make_activation(activation: str | type[Module] | Module) -> Module:
    """A module from its name, its class, or as it is.

    Examples
    --------
    >>> make_activation("relu"), make_activation(Tanh)
    (ReLU(), Tanh())
    """
    if isinstance(activation, Module):
        return activation
    if isinstance(activation, type) and issubclass(activation, Module):
        return activation()
    if activation not in ACTIVATIONS:
        raise ValueError(
            f"unknown activation {activation!r}: {suggestion(str(activation), ACTIVATIONS)}"
        )
    return ACTIVATIONS[activation]()
