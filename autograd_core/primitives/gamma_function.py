"""Logarithms of the gamma and beta functions, and their derivatives: digamma and polygamma.

Formulas are those of the NIST Digital Library of Mathematical Functions, chapter 5. SciPy computes
the values.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ShapeError
from ..primitive import example, primitive
from .operands import only_real, option
from .scipy_bridge import from_scipy, recorded_for_scipy

POSITIVE = (0.5, 4.0)


def _gammaln(x: Any) -> Any:
    """Logarithm of the absolute value of the gamma function. Needs SciPy.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape; infinite at 0, -1, -2... Its derivative is :func:`digamma`.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(5.0)
    >>> y = ag.gammaln(x)
    >>> round(y.item(), 6)
    3.178054
    >>> y.backward()
    >>> round(float(x.grad), 6)
    1.506118
    """
    only_real("gammaln", x)
    return from_scipy("gammaln")(x)


gammaln = primitive(
    _gammaln,
    lambda g, x: g * digamma(x),
    name="gammaln",
    latex=r"\ln \Gamma({x})",
    singular=True,
    domain=POSITIVE,
)


def _digamma(x: Any) -> Any:
    """Logarithmic derivative of the gamma function. Needs SciPy.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape. Its derivative is ``polygamma(1, x)``.

    Examples
    --------
    >>> import autograd_core as ag
    >>> round(ag.digamma(ag.Tensor(1.0)).item(), 6)
    -0.577216
    """
    only_real("digamma", x)
    return from_scipy("digamma")(x)


digamma: Any = primitive(
    _digamma,
    lambda g, x: g * polygamma(1, x),
    name="digamma",
    latex=r"\psi({x})",
    singular=True,
    domain=POSITIVE,
)


def _polygamma_door(n: Any, x: Any) -> Any:
    order = option("polygamma: n", n, "polygamma of each order by itself")
    if not np.all(np.equal(order, np.round(order)) & np.greater_equal(order, 0)):
        raise ShapeError(f"polygamma: the order n is 0, 1, 2...; it is {order}.")
    return (x,), {"n": order}


def _polygamma(n: Any, x: Any) -> Any:
    """The `n`-th derivative of the digamma function. Needs SciPy.

    Parameters
    ----------
    n : int or array of int
        From 0 on; of a shape that broadcasts with that of `x`. It gets no gradient.
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Of the dtype of `x` where that is floating (SciPy: float64). Its derivative is
        ``polygamma(n + 1, x)``.

    Raises
    ------
    ShapeError
        If `n` is negative or no integer.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(1.0)
    >>> y = ag.polygamma(1, x)
    >>> round(y.item(), 6)
    1.644934
    >>> y.backward()
    >>> round(float(x.grad), 6)
    -2.404114
    """
    only_real("polygamma", x)
    out = from_scipy("polygamma")(n, x)
    return out.astype(np.result_type(x, np.float16))[()]


polygamma: Any = primitive(
    _polygamma,
    lambda g, x, n: g * polygamma(n + 1, x),
    name="polygamma",
    compute=lambda x, n: _polygamma(n, x),
    door=_polygamma_door,
    keywords=["n"],
    latex=r"\psi^{{({n})}}({x})",
    singular=True,
    domain=(1.0, 4.0),
    examples=[
        example(0, (3,)),
        example(1, (2, 3)),
        example(3, ()),
        example(np.array([[0], [2]]), (3,)),
    ],
)


def _betaln(x: Any, y: Any) -> Any:
    """Logarithm of the absolute value of the beta function. Needs SciPy.

    Parameters
    ----------
    x, y : Tensor or array
        Of shapes that broadcast.

    Returns
    -------
    Tensor or array
        ``gammaln(x) + gammaln(y) - gammaln(x + y)``, without their cancellation.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(2.0)
    >>> y = ag.betaln(x, 3.0)
    >>> round(y.item(), 6)
    -2.484907
    >>> y.backward()
    >>> round(float(x.grad), 6)
    -1.083333
    """
    only_real("betaln", x, y)
    return from_scipy("betaln")(x, y)


betaln = primitive(
    _betaln,
    x=lambda g, x, y: g * (digamma(x) - digamma(x + y)),
    y=lambda g, x, y: g * (digamma(y) - digamma(x + y)),
    name="betaln",
    latex=r"\ln B({x}, {y})",
    singular=True,
    domain=POSITIVE,
)
for _name, _record in [("gammaln", gammaln), ("psi", digamma), ("betaln", betaln)]:
    recorded_for_scipy(_name, _record)
