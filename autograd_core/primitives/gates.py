"""Smooth activations that weigh x by a share between 0 and 1: GELU, SiLU, Mish, softsign."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..errors import ShapeError
from ..primitive import example, primitive
from .activation import sigmoid, softplus
from .error_function import ndtr
from .operands import only_real

#: Of the approximation by tanh: Hendrycks, Gimpel, "Gaussian error linear units", 2016.
SLOPE, CUBE = math.sqrt(2 / math.pi), 0.044715


def _gelu_door(x: Any, approximate: str = "none") -> Any:
    if approximate not in ("none", "tanh"):
        raise ShapeError(f"gelu: approximate is 'none' or 'tanh', not {approximate!r}.")
    return (x,), {"approximate": approximate}


def _gelu(x: Any, approximate: str = "none") -> Any:
    """Gaussian error linear unit: ``x`` times the probability that a normal number is below `x`.

    Parameters
    ----------
    x : Tensor or array
    approximate : {"none", "tanh"}
        ``"tanh"`` computes ``x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x**3)))`` instead, which is
        off by less than 5e-4 and is what some published networks were trained with.

    Returns
    -------
    Tensor or array
        Same shape (Hendrycks and Gimpel, "Gaussian error linear units", 2016). Exact, it keeps
        its digits for very negative `x` too: it is computed with ``erfc``, not with ``1 + erf``.

    Raises
    ------
    ShapeError
        If `approximate` is neither of the two.

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.gelu(ag.Tensor([-1.0, 0.0, 1.0])).data.round(5)
    array([-0.15866,  0.     ,  0.84134])
    >>> ag.gelu(ag.Tensor([-1.0, 0.0, 1.0]), approximate="tanh").data.round(5)
    array([-0.15881,  0.     ,  0.84119])
    """
    only_real("gelu", x)
    if approximate == "tanh":
        return 0.5 * x * (1 + np.tanh(SLOPE * (x + CUBE * x**3)))
    return x * ndtr(x)


def _gelu_x(g: Any, x: Any, approximate: str) -> Any:
    """Phi + x phi, by the product rule; for the approximation with its own Phi and phi."""
    if approximate == "tanh":
        t = np.tanh(SLOPE * (x + CUBE * x**3))
        return g * (0.5 * (1 + t) + 0.5 * SLOPE * x * (1 - t * t) * (1 + 3 * CUBE * x * x))
    return g * (ndtr(x) + x * np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi))


gelu = primitive(
    _gelu,
    _gelu_x,
    name="gelu",
    door=_gelu_door,
    keywords=["approximate"],
    latex=r"\operatorname{{gelu}}({x})",
    javascript="gelu({x}, {approximate})",
    examples=[
        example((2, 3)),
        example(()),
        example((4,), "tanh"),
        example((), approximate="tanh"),
    ],
)


def _silu(x: Any) -> Any:
    """Sigmoid linear unit ``x * sigmoid(x)``, also called swish.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape (Elfwing, Uchibe, Doya, "Sigmoid-weighted linear units for neural network
        function approximation", 2018).

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([-1000.0, 0.0, 1000.0])
    >>> y = ag.silu(x)
    >>> y.data.tolist()
    [-0.0, 0.0, 1000.0]
    >>> y.sum().backward()
    >>> x.grad
    array([-0. ,  0.5,  1. ])
    """
    return x * sigmoid(x)


def _silu_x(g: Any, x: Any) -> Any:
    s = sigmoid(x)
    return g * (s * (1 + x * (1 - s)))


silu = primitive(
    _silu,
    _silu_x,
    name="silu",
    latex=r"{x} \cdot \sigma({x})",
    javascript="{x} / (1 + Math.exp(-{x}))",
    precedence=2,
)


def _mish(x: Any) -> Any:
    """Mish ``x * tanh(softplus(x))``.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape (Misra, "Mish: a self regularized non-monotonic activation function", 2020).

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.mish(ag.Tensor([-1.0, 0.0, 1.0])).data.round(5)
    array([-0.3034,  0.    ,  0.8651])
    """
    only_real("mish", x)
    return x * np.tanh(softplus(x))


def _mish_x(g: Any, x: Any) -> Any:
    t = np.tanh(softplus(x))
    return g * (t + x * (1 - t * t) * sigmoid(x))


mish = primitive(
    _mish,
    _mish_x,
    name="mish",
    latex=r"{x} \tanh \ln(1 + e^{{{x}}})",
    javascript="{x} * Math.tanh(logaddexp({x}, 0))",
    precedence=2,
)


def _softsign(x: Any) -> Any:
    """Softsign ``x / (1 + |x|)``: like tanh, but it saturates slowly.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape, between -1 and 1; its derivative is ``1 / (1 + |x|)**2`` (Bergstra, Desjardins,
        Lamblin, Bengio, "Quadratic polynomials learn better image features", 2009).

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([-3.0, 0.0, 1.0])
    >>> y = ag.softsign(x)
    >>> y.data
    array([-0.75,  0.  ,  0.5 ])
    >>> y.sum().backward()
    >>> x.grad
    array([0.0625, 1.    , 0.25  ])
    """
    only_real("softsign", x)
    return x / (1 + np.abs(x))


# The second derivative jumps at 0, from 2 to -2; it is taken as 0 there, as that of |x| is.
softsign = primitive(
    _softsign,
    lambda g, x: g / np.square(1 + np.abs(x)),
    name="softsign",
    latex=r"\frac{{{x}}}{{1 + \left|{x}\right|}}",
    javascript="{x} / (1 + Math.abs({x}))",
    domain="nonzero",
)
