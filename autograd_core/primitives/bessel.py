"""Modified Bessel functions of the first kind, of orders 0 and 1. SciPy computes the values."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import primitive
from .operands import only_real
from .scipy_bridge import from_scipy, recorded_for_scipy


def _i0(x: Any) -> Any:
    """Modified Bessel function of the first kind, order 0. Needs SciPy; ``np.i0`` does not.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape, in the dtype of `x` where that is floating. Its derivative is :func:`i1`
        (NIST Digital Library of Mathematical Functions, chapter 10).

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(1.0)
    >>> y = ag.i0(x)
    >>> round(y.item(), 6)
    1.266066
    >>> y.backward()
    >>> round(float(x.grad), 6)
    0.565159
    """
    only_real("i0", x)
    return from_scipy("i0")(x)


i0 = primitive(
    _i0,
    lambda g, x: g * i1(x),
    name="bessel_i0",
    symbol="i0",
    latex="I_0({x})",
    javascript="besselI({x}, 0)",
)


def _i1(x: Any) -> Any:
    """Modified Bessel function of the first kind, order 1. Needs SciPy.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape. Its derivative is ``i0(x) - i1(x) / x``, and 1/2 at 0 (NIST Digital Library of
        Mathematical Functions, chapter 10).

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([0.0, 1.0])
    >>> y = ag.i1(x)
    >>> y.data.round(6)
    array([0.      , 0.565159])
    >>> y.sum().backward()
    >>> x.grad.round(6)
    array([0.5     , 0.700907])
    """
    only_real("i1", x)
    return from_scipy("i1")(x)


def _i1_x(g: Any, out: Any, x: Any) -> Any:
    zero = x == 0
    quotient = np.where(zero, 0.5, out / np.where(zero, 1, x))
    return g * (i0(x) - quotient)


i1: Any = primitive(
    _i1,
    _i1_x,
    name="bessel_i1",
    symbol="i1",
    latex="I_1({x})",
    javascript="isFinite({x}) ? besselI({x}, 1) : NaN",
)
for _name, _record in [("i0", i0), ("i1", i1)]:
    recorded_for_scipy(_name, _record)
