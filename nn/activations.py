"""Activations as modules: the functions of the engine and NumPy, usable as a layer."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from .errors import suggestion
from .module import Module


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


class ReLU(Module):
    """max(x, 0); its derivative at 0 is 0.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.ReLU()(Tensor([-1.0, 2.0])).data
    array([0., 2.])
    """

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.relu(x)


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


class Softplus(Module):
    """log(1 + exp(x)), a smooth ReLU.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> round(nn.Softplus()(Tensor(0.0)).item(), 4)
    0.6931
    """

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.softplus(x)


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
    "tanh": Tanh,
    "sigmoid": Sigmoid,
    "softplus": Softplus,
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
