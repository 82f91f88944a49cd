"""Activations of two or three pieces: leaky ReLU, ELU and its kin, hard tanh and hard sigmoid.

At the points where pieces meet, the derivative is the left piece's for the rectifiers and 0, that
of the flat piece, for the hard ones (PyTorch's conventions; docs/non_differentiable.md).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ShapeError
from ..primitive import example, primitive
from .operands import only_real, option


def _negative(x: Any) -> Any:
    """`x` where it is not positive, else 0: what may go into exp without overflow."""
    return np.where(x > 0, 0, x)


def _leaky_door(x: Any, negative_slope: Any = 0.01) -> Any:
    instead = "np.where(x > 0, x, slope * x)"
    return (x,), {"negative_slope": option("leaky_relu: negative_slope", negative_slope, instead)}


def _leaky_relu(x: Any, negative_slope: float = 0.01) -> Any:
    """ReLU that lets a little through where `x` is negative: ``x if x > 0 else slope * x``.

    Parameters
    ----------
    x : Tensor or array
    negative_slope : float
        Its derivative for ``x <= 0``.

    Returns
    -------
    Tensor or array
        Same shape (Maas, Hannun, Ng, "Rectifier nonlinearities improve neural network acoustic
        models", 2013).

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([-2.0, 0.0, 2.0])
    >>> y = ag.leaky_relu(x, 0.1)
    >>> y.data
    array([-0.2,  0. ,  2. ])
    >>> y.sum().backward()
    >>> x.grad
    array([0.1, 0.1, 1. ])
    """
    only_real("leaky_relu", x)
    return np.where(x > 0, x, negative_slope * x)[()]


leaky_relu = primitive(
    _leaky_relu,
    lambda g, x, negative_slope: np.where(x > 0, g, negative_slope * g),
    name="leaky_relu",
    door=_leaky_door,
    keywords=["negative_slope"],
    latex=r"\operatorname{{leakyrelu}}({x})",
    javascript="{x} > 0 ? {x} : {negative_slope} * {x}",
    domain="nonzero",
    examples=[example((2, 3)), example((4,), 0.3), example((), negative_slope=-0.2)],
)


def _elu_door(x: Any, alpha: Any = 1.0) -> Any:
    instead = "np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))"
    return (x,), {"alpha": option("elu: alpha", alpha, instead)}


def _elu(x: Any, alpha: float = 1.0) -> Any:
    """Exponential linear unit: ``x if x > 0 else alpha * (exp(x) - 1)``.

    Parameters
    ----------
    x : Tensor or array
    alpha : float
        Minus the limit for very negative `x`; with 1 the derivative has no jump at 0, where it
        is taken as `alpha`.

    Returns
    -------
    Tensor or array
        Same shape (Clevert, Unterthiner, Hochreiter, "Fast and accurate deep network learning by
        exponential linear units", 2016).

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([-1000.0, 0.0, 2.0])
    >>> y = ag.elu(x, alpha=0.5)
    >>> y.data
    array([-0.5,  0. ,  2. ])
    >>> y.sum().backward()
    >>> x.grad
    array([0. , 0.5, 1. ])
    """
    only_real("elu", x)
    return np.where(x > 0, x, alpha * np.expm1(_negative(x)))[()]


elu = primitive(
    _elu,
    lambda g, x, alpha: np.where(x > 0, g, g * (alpha * np.exp(_negative(x)))),
    name="elu",
    door=_elu_door,
    keywords=["alpha"],
    latex=r"\operatorname{{elu}}({x})",
    javascript="{x} > 0 ? {x} : {alpha} * Math.expm1({x})",
    domain="nonzero",
    examples=[example((2, 3)), example((4,), 0.3), example((), alpha=2)],
)


def _celu_door(x: Any, alpha: Any = 1.0) -> Any:
    instead = "np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0) / alpha))"
    alpha = option("celu: alpha", alpha, instead)
    if alpha == 0:
        raise ShapeError("celu: alpha divides x, so it must not be 0. For alpha -> 0 use relu.")
    return (x,), {"alpha": alpha}


def _celu(x: Any, alpha: float = 1.0) -> Any:
    """Continuously differentiable ELU: ``x if x > 0 else alpha * (exp(x / alpha) - 1)``.

    Parameters
    ----------
    x : Tensor or array
    alpha : float
        Not 0; minus the limit for very negative `x`. The derivative at 0 is 1 for any of them.

    Returns
    -------
    Tensor or array
        Same shape (Barron, "Continuously differentiable exponential linear units", 2017).

    Raises
    ------
    ShapeError
        If `alpha` is 0.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([-1000.0, 0.0, 2.0])
    >>> y = ag.celu(x, alpha=0.5)
    >>> y.data
    array([-0.5,  0. ,  2. ])
    >>> y.sum().backward()
    >>> x.grad
    array([0., 1., 1.])
    """
    only_real("celu", x)
    return np.where(x > 0, x, alpha * np.expm1(_negative(x) / alpha))[()]


celu = primitive(
    _celu,
    lambda g, x, alpha: np.where(x > 0, g, g * np.exp(_negative(x) / alpha)),
    name="celu",
    door=_celu_door,
    keywords=["alpha"],
    latex=r"\operatorname{{celu}}({x})",
    javascript="{x} > 0 ? {x} : {alpha} * Math.expm1({x} / {alpha})",
    domain="nonzero",
    examples=[example((2, 3)), example((4,), 0.3), example((), alpha=2)],
)

# Mean 0 and variance 1 are a fixed point of a layer with these two numbers: Klambauer et al.,
# "Self-normalizing neural networks", 2017.
SELU_ALPHA = 1.6732632423543772
SELU_SCALE = 1.0507009873554805


def _selu(x: Any) -> Any:
    """Self-normalising ELU: ``scale * elu(x, alpha)`` with two fixed numbers.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape. ``alpha = 1.67326...`` and ``scale = 1.05070...`` keep mean 0 and variance 1
        from layer to layer (Klambauer, Unterthiner, Mayr, Hochreiter, "Self-normalizing neural
        networks", 2017). The derivative at 0 is taken as ``scale * alpha``.

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.selu(ag.Tensor([-1000.0, 0.0, 1.0])).data.round(4)
    array([-1.7581,  0.    ,  1.0507])
    """
    only_real("selu", x)
    return np.where(x > 0, SELU_SCALE * x, SELU_SCALE * SELU_ALPHA * np.expm1(_negative(x)))[()]


selu = primitive(
    _selu,
    lambda g, x: g * np.where(x > 0, SELU_SCALE, SELU_SCALE * SELU_ALPHA * np.exp(_negative(x))),
    name="selu",
    latex=r"\operatorname{{selu}}({x})",
    javascript=f"{{x}} > 0 ? {SELU_SCALE} * {{x}} : {SELU_SCALE * SELU_ALPHA} * Math.expm1({{x}})",
    domain="nonzero",
)


def _hardtanh_door(x: Any, min_val: Any = -1.0, max_val: Any = 1.0) -> Any:
    instead = "np.clip(x, low, high)"
    low = option("hardtanh: min_val", min_val, instead)
    high = option("hardtanh: max_val", max_val, instead)
    if not low <= high:
        raise ShapeError(f"hardtanh: min_val {low} must not be above max_val {high}.")
    return (x,), {"min_val": low, "max_val": high}


def _hardtanh(x: Any, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    """`x` cut off at two bounds: ``min(max(x, min_val), max_val)``.

    Parameters
    ----------
    x : Tensor or array
    min_val, max_val : float

    Returns
    -------
    Tensor or array
        Same shape (Collobert, *Large scale machine learning*, 2004). Its derivative is 1 between
        the bounds and 0 at and beyond them; ``np.clip`` has 1 at them.

    Raises
    ------
    ShapeError
        If `min_val` is above `max_val`.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([-2.0, -1.0, 0.5, 1.0])
    >>> y = ag.hardtanh(x)
    >>> y.data
    array([-1. , -1. ,  0.5,  1. ])
    >>> y.sum().backward()
    >>> x.grad
    array([0., 0., 1., 0.])
    """
    only_real("hardtanh", x)
    return np.clip(x, min_val, max_val)


hardtanh = primitive(
    _hardtanh,
    lambda g, x, min_val, max_val: np.where((x > min_val) & (x < max_val), g, 0),
    name="hardtanh",
    door=_hardtanh_door,
    keywords=["min_val", "max_val"],
    latex=r"\operatorname{{hardtanh}}({x})",
    javascript="Math.min(Math.max({x}, {min_val}), {max_val})",
    domain="distinct",
    examples=[example((2, 3)), example((3, 4), -0.4, 0.5), example(())],
)


def _hardsigmoid(x: Any) -> Any:
    """Sigmoid of straight pieces: ``min(max(x + 3, 0), 6) / 6``.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape, between 0 and 1 (Howard et al., "Searching for MobileNetV3", 2019).
        Its derivative is 1/6 for ``-3 < x < 3`` and 0 elsewhere, the bounds included.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([-4.0, 0.0, 3.0])
    >>> y = ag.hardsigmoid(x)
    >>> y.data
    array([0. , 0.5, 1. ])
    >>> y.sum().backward()
    >>> x.grad.round(4)
    array([0.    , 0.1667, 0.    ])
    """
    only_real("hardsigmoid", x)
    return np.clip(x + 3.0, 0.0, 6.0) / 6


hardsigmoid = primitive(
    _hardsigmoid,
    lambda g, x: np.where(np.abs(x) < 3, g / 6, 0),
    name="hardsigmoid",
    latex=r"\operatorname{{hardsigmoid}}({x})",
    javascript="Math.min(Math.max({x} + 3, 0), 6) / 6",
    domain=(-2.5, 2.5),
)
