"""Rectifiers as modules: ReLU and those that came after it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike

import autograd_core as ag

from .errors import check_whole
from .module import Module
from .parameter import Parameter


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


class ReLU6(Module):
    """min(max(x, 0), 6).

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.ReLU6()(Tensor([-1.0, 2.0, 9.0])).data
    array([0., 2., 6.])
    """

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.hardtanh(x, 0.0, 6.0)


class LeakyReLU(Module):
    """x where it is positive, a little of it where it is not.

    Parameters
    ----------
    negative_slope : float, default 0.01
        How much of a negative x gets through.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.LeakyReLU(0.1)(Tensor([-1.0, 2.0])).data
    array([-0.1,  2. ])
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = negative_slope

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.leaky_relu(x, self.negative_slope)

    def extra_repr(self) -> str:
        """The number, unless it is the usual one."""
        return "" if self.negative_slope == 0.01 else f"negative_slope={self.negative_slope:g}"


class PReLU(Module):
    """A leaky ReLU whose slope is trained.

    Parameters
    ----------
    channels : int, default 1
        One slope for everything, or one for each channel: axis 1 of the input.
    init : float, default 0.25
        Where the slopes start.
    dtype : data-type, default float32

    Notes
    -----
    He, Zhang, Ren & Sun, "Delving deep into rectifiers", ICCV 2015, equation 1.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.PReLU(dtype=float)(Tensor([-1.0, 2.0])).data
    array([-0.25,  2.  ])
    """

    def __init__(
        self, channels: int = 1, init: float = 0.25, *, dtype: DTypeLike = np.float32
    ) -> None:
        check_whole("PReLU", "channels", channels)
        self.channels = channels
        self.weight = Parameter(np.full(channels, init), dtype=dtype)

    def forward(self, x: Any) -> Any:
        """Apply to (batch, channels, ...), or with one slope to any shape."""
        slope = self.weight
        if self.channels > 1:
            if x.ndim < 2 or x.shape[1] != self.channels:
                raise ag.ShapeError(
                    f"PReLU: {self.channels} slopes, one for each channel, need an input of shape "
                    f"(batch, {self.channels}, ...); got {x.shape}"
                )
            slope = slope.reshape(-1, *[1] * (x.ndim - 2))
        return np.where(np.greater(x, 0), x, slope * x)

    def extra_repr(self) -> str:
        """The number of slopes, unless it is one."""
        return "" if self.channels == 1 else str(self.channels)


class ELU(Module):
    """x where it is positive, alpha * (exp(x) - 1) where it is not.

    Parameters
    ----------
    alpha : float, default 1
        Minus the limit on the left.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.ELU()(Tensor([-1.0, 2.0])).data.round(4)
    array([-0.6321,  2.    ])
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.elu(x, self.alpha)

    def extra_repr(self) -> str:
        """The number, unless it is the usual one."""
        return "" if self.alpha == 1.0 else f"alpha={self.alpha:g}"


class CELU(Module):
    """ELU whose slope is continuous for every alpha: alpha * (exp(x / alpha) - 1).

    Parameters
    ----------
    alpha : float, default 1
        Minus the limit on the left.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.CELU(2.0)(Tensor([-1.0, 2.0])).data.round(4)
    array([-0.7869,  2.    ])
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.celu(x, self.alpha)

    def extra_repr(self) -> str:
        """The number, unless it is the usual one."""
        return "" if self.alpha == 1.0 else f"alpha={self.alpha:g}"


class SELU(Module):
    """ELU scaled so that activations keep mean 0 and variance 1 (with LeCun's initialiser).

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.SELU()(Tensor([-1.0, 2.0])).data.round(4)
    array([-1.1113,  2.1014])
    """

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.selu(x)


class GELU(Module):
    """x times the probability that a normal number is below it.

    Parameters
    ----------
    approximate : {"none", "tanh"}, default "none"
        Whether to compute the probability exactly or by a tanh, which is a little quicker.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.GELU()(Tensor([-1.0, 2.0])).data.round(4)
    array([-0.1587,  1.9545])
    """

    def __init__(self, approximate: str = "none") -> None:
        if approximate not in ("none", "tanh"):
            raise ValueError(f"GELU: approximate must be 'none' or 'tanh'; got {approximate!r}")
        self.approximate = approximate

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.gelu(x, approximate=self.approximate)

    def extra_repr(self) -> str:
        """The approximation, where there is one."""
        return "" if self.approximate == "none" else f"approximate={self.approximate!r}"


class SiLU(Module):
    """x * sigmoid(x), also called swish.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.SiLU()(Tensor([-1.0, 2.0])).data.round(4)
    array([-0.2689,  1.7616])
    """

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.silu(x)


class Mish(Module):
    """x * tanh(softplus(x)).

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.Mish()(Tensor([-1.0, 2.0])).data.round(4)
    array([-0.3034,  1.944 ])
    """

    def forward(self, x: Any) -> Any:
        """Apply to an array or Tensor of any shape."""
        return ag.mish(x)


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
