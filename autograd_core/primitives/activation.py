"""What neurons apply: sigmoid, ReLU, softplus, softmax. Not in NumPy, so ours by name."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import example, primitive
from .reduction import canonical_axes

ZERO = np.float64(0)


def _sigmoid(x: Any) -> Any:
    """Logistic function ``1 / (1 + exp(-x))``.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape, between 0 and 1; its derivative is ``out * (1 - out)``.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(0.0)
    >>> y = ag.sigmoid(x)
    >>> y.backward()
    >>> float(y), float(x.grad)
    (0.5, 0.25)
    """
    # exp(-x) may overflow to inf for a very negative x; 1 / inf = 0 is then the right answer.
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


sigmoid = primitive(
    _sigmoid,
    lambda g, out: g * (out * (1 - out)),
    name="sigmoid",
    symbol="σ",
    latex=r"\sigma({x})",
    javascript="1 / (1 + Math.exp(-{x}))",
)


def _relu(x: Any) -> Any:
    """Rectified linear unit ``max(x, 0)``; its derivative at 0 is taken as 0.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([-1.0, 0.0, 2.0])
    >>> ag.relu(x).sum().backward()
    >>> x.grad
    array([0., 0., 1.])
    """
    if type(x) is np.float64:  # a comparison of scalars is five times as fast as a ufunc
        return ZERO if x <= 0 else x
    return np.maximum(x, 0)


relu = primitive(
    _relu,
    lambda g, out: g * (out > 0),
    name="relu",
    latex=r"\operatorname{{relu}}({x})",
    javascript="Math.max({x}, 0)",
    domain="nonzero",
)


def _softplus(x: Any) -> Any:
    """Smooth ReLU ``log(1 + exp(x))``, computed without overflow; its derivative is the sigmoid.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape.

    Examples
    --------
    >>> import autograd_core as ag
    >>> float(ag.softplus(ag.Tensor(1000.0)))
    1000.0
    """
    return np.logaddexp(x, 0)


softplus = primitive(
    _softplus,
    lambda g, x: g * sigmoid(x),
    name="softplus",
    latex=r"\ln(1 + e^{{{x}}})",
    javascript="logaddexp({x}, 0)",
)


def _log_sigmoid(x: Any) -> Any:
    """Logarithm of :func:`sigmoid`, computed without overflow or ``log(0)``.

    Parameters
    ----------
    x : Tensor or array

    Returns
    -------
    Tensor or array
        Same shape: ``-softplus(-x)``; its derivative is ``sigmoid(-x)``.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([-1000.0, 0.0])
    >>> y = ag.log_sigmoid(x)
    >>> y.data.round(6)
    array([-1.00000e+03, -6.93147e-01])
    >>> y.sum().backward()
    >>> x.grad
    array([1. , 0.5])
    """
    return -np.logaddexp(-x, 0)


log_sigmoid = primitive(
    _log_sigmoid,
    lambda g, x: g * sigmoid(-x),
    name="log_sigmoid",
    latex=r"\ln \sigma({x})",
    javascript="-logaddexp(-{x}, 0)",
)


def _axis_door(x: Any, axis: Any = -1) -> tuple[Any, dict[str, Any]]:
    return (x,), {"axis": canonical_axes(axis, np.ndim(x), x)}


ALONG: dict[str, Any] = {
    "door": _axis_door,
    "keywords": ["axis"],
    "examples": [example((3, 4)), example((3, 4), axis=0), example((2, 3, 2), axis=(1, 2))],
}


def _softmax(x: Any, axis: Any = -1) -> Any:
    """Exponentials normalised to sum to 1 along `axis`.

    Parameters
    ----------
    x : Tensor or array
    axis : int or tuple of int

    Returns
    -------
    Tensor or array
        Same shape, non-negative, summing to 1 along `axis` (shifted by the maximum, so that it
        does not overflow).

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.softmax(ag.Tensor([1000.0, 1000.0])).data
    array([0.5, 0.5])
    """
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


softmax = primitive(
    _softmax,
    lambda g, out, axis: out * (g - (g * out).sum(axis=axis, keepdims=True)),
    name="softmax",
    latex=r"\operatorname{{softmax}}({x})",
    **ALONG,
)


def _log_softmax(x: Any, axis: Any = -1) -> Any:
    """Logarithm of :func:`softmax`, computed without overflow or ``log(0)``.

    Parameters
    ----------
    x : Tensor or array
    axis : int or tuple of int

    Returns
    -------
    Tensor or array
        Same shape: ``x - logsumexp(x)``.

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.log_softmax(ag.Tensor([0.0, 1000.0])).data
    array([-1000.,     0.])
    """
    shifted = x - np.max(x, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))


log_softmax = primitive(
    _log_softmax,
    lambda g, out, axis: g - np.exp(out) * g.sum(axis=axis, keepdims=True),
    name="log_softmax",
    latex=r"\ln \operatorname{{softmax}}({x})",
    **ALONG,
)
