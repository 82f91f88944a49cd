"""The error function and its kin: erf, erfc, erfinv, and the normal distribution function."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import MissingExtraError
from ..primitive import primitive
from .operands import only_real
from .scipy_bridge import from_scipy, recorded_for_scipy

ROOT_HALF = math.sqrt(0.5)
SLOPE = 2 / math.sqrt(math.pi)  # of erf at 0


def _each(function: Callable[[float], float], x: Any) -> Any:
    """Python's `function` of every number of `x`, in its dtype: for want of SciPy, and slower."""
    x = np.asarray(x) * 1.0  # integers become floats, floats keep their dtype
    return np.asarray(np.frompyfunc(function, 1, 1)(x)).astype(x.dtype)[()]


def _erf(x: Any) -> Any:
    """Error function ``2/sqrt(pi)`` times the integral of ``exp(-t**2)`` from 0 to `x`.

    Parameters
    ----------
    x : Tensor or array
        Complex numbers need SciPy.

    Returns
    -------
    Tensor or array
        Same shape (NIST Digital Library of Mathematical Functions, chapter 7). SciPy computes it
        where it is installed, else Python's ``math.erf``, to the same accuracy but slower.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([0.0, 1.0])
    >>> y = ag.erf(x)
    >>> y.data.round(6)
    array([0.      , 0.842701])
    >>> y.sum().backward()
    >>> x.grad.round(6)
    array([1.128379, 0.415107])
    """
    try:
        return from_scipy("erf")(x)
    except MissingExtraError:
        return _each(math.erf, x)


erf = primitive(
    _erf,
    lambda g, x: g * (SLOPE * np.exp(-x * x)),
    name="erf",
    latex=r"\operatorname{{erf}}({x})",
    javascript="erf({x})",
)


def _erfc(x: Any) -> Any:
    """Complementary error function ``1 - erf(x)``, to full accuracy where that is tiny.

    Parameters
    ----------
    x : Tensor or array
        Complex numbers need SciPy.

    Returns
    -------
    Tensor or array
        Same shape (NIST Digital Library of Mathematical Functions, chapter 7). SciPy computes it
        where it is installed, else Python's ``math.erfc``, to the same accuracy but slower.

    Examples
    --------
    >>> import autograd_core as ag
    >>> f"{ag.erfc(ag.Tensor(10.0)).item():.6e}"
    '2.088488e-45'
    """
    try:
        return from_scipy("erfc")(x)
    except MissingExtraError:
        return _each(math.erfc, x)


erfc = primitive(
    _erfc,
    lambda g, x: g * (-SLOPE * np.exp(-x * x)),
    name="erfc",
    latex=r"\operatorname{{erfc}}({x})",
    javascript="erfc({x})",
)


def _erfinv(x: Any) -> Any:
    """Inverse of the error function: ``erf(erfinv(x)) = x``. Needs SciPy.

    Parameters
    ----------
    x : Tensor or array
        Between -1 and 1.

    Returns
    -------
    Tensor or array
        Same shape. Its derivative is ``sqrt(pi)/2 * exp(out**2)``, that of an inverse function.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(0.5)
    >>> y = ag.erfinv(x)
    >>> round(y.item(), 6), round(ag.erf(y).item(), 6)
    (0.476936, 0.5)
    """
    only_real("erfinv", x)
    return from_scipy("erfinv")(x)


erfinv = primitive(
    _erfinv,
    lambda g, out: g * (np.exp(out * out) / SLOPE),
    name="erfinv",
    latex=r"\operatorname{{erf}}^{{-1}}({x})",
    singular=True,
    domain=(-0.8, 0.8),
)


def _ndtr(x: Any) -> Any:
    """Distribution function of the standard normal: the probability of a number below `x`.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape: ``erfc(-x / sqrt(2)) / 2`` (NIST Digital Library of Mathematical Functions,
        chapter 7), which keeps its digits for very negative `x`.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([-1.96, 0.0])
    >>> y = ag.ndtr(x)
    >>> y.data.round(6)
    array([0.024998, 0.5     ])
    >>> y.sum().backward()
    >>> x.grad.round(6)
    array([0.058441, 0.398942])
    """
    only_real("ndtr", x)
    try:
        return from_scipy("ndtr")(x)
    except MissingExtraError:
        return 0.5 * _each(math.erfc, np.asarray(x) * -ROOT_HALF)


ndtr = primitive(
    _ndtr,
    lambda g, x: g * (np.exp(-0.5 * x * x) * (SLOPE * ROOT_HALF / 2)),
    name="ndtr",
    latex=r"\Phi({x})",
    javascript="erfc(-{x} * Math.SQRT1_2) / 2",
)
for _name, _record in [("erf", erf), ("erfc", erfc), ("erfinv", erfinv), ("ndtr", ndtr)]:
    recorded_for_scipy(_name, _record)
