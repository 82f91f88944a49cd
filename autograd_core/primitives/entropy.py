"""Products with logarithms that are 0 where a factor is: xlogy, xlog1py, entr; and logit."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import primitive
from .operands import only_real
from .scipy_bridge import recorded_for_scipy

POSITIVE = (0.2, 3.0)


def _product(x: Any, y: Any, logarithm: Any) -> Any:
    """``x * logarithm(y)``, and 0 where x is 0 and y is a number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((x == 0) & (y == y), 0, x * logarithm(y))[()]  # noqa: PLR0124 - no NaN


def _xlogy(x: Any, y: Any) -> Any:
    """``x * log(y)``, and 0 where `x` is 0, whatever `y` is.

    Parameters
    ----------
    x, y : Tensor or array
        Of shapes that broadcast.

    Returns
    -------
    Tensor or array
        As ``scipy.special.xlogy``. Where `x` is 0 the derivative with respect to `y` is 0, and
        that with respect to `x`, which is ``log(y)``, is taken as 0 where also ``y <= 0``.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x, y = ag.Tensor([0.0, 2.0]), ag.Tensor([0.0, 1.0])
    >>> z = ag.xlogy(x, y)
    >>> z.data
    array([0., 0.])
    >>> z.sum().backward()
    >>> x.grad, y.grad
    (array([0., 0.]), array([0., 2.]))
    """
    only_real("xlogy", x, y)
    return _product(x, y, np.log)


def _log_where_defined(g: Any, x: Any, y: Any) -> Any:
    """Log(y) times g, and 0 where x is 0 and there is no logarithm."""
    dead = (x == 0) & (y <= 0)
    if not np.any(dead):
        return g * np.log(y)
    return np.where(dead, 0, g * np.log(np.where(dead, 1, y)))


def _share(g: Any, x: Any, y: Any) -> Any:
    """Quotient x / y times g, and 0 where x is 0."""
    return np.where(x == 0, g * x, g * x / np.where(x == 0, 1, y))


xlogy = primitive(
    _xlogy,
    x=_log_where_defined,
    y=_share,
    name="xlogy",
    latex=r"{x} \ln {y}",
    javascript="{x} === 0 && !isNaN({y}) ? 0 : {x} * Math.log({y})",
    precedence=2,
    singular=True,
    domain={"y": POSITIVE, "x": "nonzero"},
)


def _xlog1py(x: Any, y: Any) -> Any:
    """``x * log(1 + y)``, and 0 where `x` is 0, whatever `y` is.

    Parameters
    ----------
    x, y : Tensor or array
        Of shapes that broadcast.

    Returns
    -------
    Tensor or array
        As ``scipy.special.xlog1py``. Derivatives where `x` is 0 as for :func:`xlogy`.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x, y = ag.Tensor([0.0, 2.0]), ag.Tensor([-1.0, 1e-20])
    >>> z = ag.xlog1py(x, y)
    >>> z.data
    array([0.e+00, 2.e-20])
    >>> z.sum().backward()
    >>> y.grad
    array([0., 2.])
    """
    only_real("xlog1py", x, y)
    return _product(x, y, np.log1p)


def _log1p_where_defined(g: Any, x: Any, y: Any) -> Any:
    """Log(1 + y) times g, and 0 where x is 0 and there is no logarithm."""
    dead = (x == 0) & (y <= -1)
    if not np.any(dead):
        return g * np.log1p(y)
    return np.where(dead, 0, g * np.log1p(np.where(dead, 0, y)))


xlog1py = primitive(
    _xlog1py,
    x=_log1p_where_defined,
    y=lambda g, x, y: _share(g, x, 1 + y),
    name="xlog1py",
    latex=r"{x} \ln(1 + {y})",
    javascript="{x} === 0 && !isNaN({y}) ? 0 : {x} * Math.log1p({y})",
    precedence=2,
    singular=True,
    domain={"y": (-0.7, 2.0), "x": "nonzero"},
)


def _entr(x: Any) -> Any:
    """A term of the entropy: ``-x * log(x)``, 0 at 0 and minus infinity for negative `x`.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape, as ``scipy.special.entr``. Its derivative ``-log(x) - 1`` is infinite at 0.

    Examples
    --------
    >>> import autograd_core as ag
    >>> p = ag.Tensor([0.5, 0.5])
    >>> entropy = ag.entr(p).sum()
    >>> round(entropy.item(), 6)
    0.693147
    >>> entropy.backward()
    >>> p.grad.round(6)
    array([-0.306853, -0.306853])
    """
    only_real("entr", x)
    return np.where(x < 0, -np.inf, -_product(x, np.where(x < 0, 1, x), np.log))[()]


entr = primitive(
    _entr,
    lambda g, x: -g * (np.log(x) + 1),
    name="entr",
    latex=r"-{x} \ln {x}",
    javascript="{x} < 0 ? -Infinity : {x} === 0 ? 0 : -{x} * Math.log({x})",
    precedence=2,
    singular=True,
    domain=POSITIVE,
)


def _logit(x: Any) -> Any:
    """Inverse of the sigmoid: ``log(x / (1 - x))``.

    Parameters
    ----------
    x : Tensor or array
        Between 0 and 1.

    Returns
    -------
    Tensor or array
        Same shape. Near 1/2, where the quotient is near 1, it is computed as ``log1p(2 d) -
        log1p(-2 d)`` with ``d = x - 1/2``, to keep its digits.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([0.0, 0.5, 0.75])
    >>> y = ag.logit(x)
    >>> y.data.round(6)
    array([    -inf, 0.      , 1.098612])
    >>> y[1:].sum().backward()
    >>> x.grad.round(6)
    array([0.      , 4.      , 5.333333])
    """
    only_real("logit", x)
    twice = 2.0 * (x - 0.5)
    near = np.abs(twice) < 0.4
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.log(x / (1 - np.where(near, 0.5, x)))
        close = np.where(near, twice, 0)
        return np.where(near, np.log1p(close) - np.log1p(-close), far)[()]


logit = primitive(
    _logit,
    lambda g, x: g / (x * (1 - x)),
    name="logit",
    latex=r"\ln \frac{{{x}}}{{1 - {x}}}",
    javascript="logit({x})",
    singular=True,
    domain=(0.1, 0.9),
)
for _name, _record in [("xlogy", xlogy), ("xlog1py", xlog1py), ("entr", entr), ("logit", logit)]:
    recorded_for_scipy(_name, _record)
