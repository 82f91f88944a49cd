"""Gradients that are too large, cut: each number, or all of them together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_core import Tensor

from .groups import gather, not_negative

__all__ = ["clip_gradient_norm", "clip_gradient_value"]


def clip_gradient_norm(parameters: Iterable[Tensor], most: float, *, order: float = 2.0) -> float:
    """Scale all gradients by one factor, so that their norm is at most `most`; the direction stays.

    Parameters
    ----------
    parameters : iterable of Tensor
        Those without a gradient do not count.
    most : float
        The largest norm that is left as it is.
    order : float, default 2
        Of the norm of all gradients taken as one vector; ``numpy.inf`` for the largest element.

    Returns
    -------
    float
        The norm before: worth watching, for it tells when training becomes unstable.

    Raises
    ------
    ValueError
        `most` is negative or not finite, or `order` is not positive.

    Notes
    -----
    Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks", ICML
    2013, algorithm 1. A norm that is not finite leaves NaN in the gradients, as in PyTorch:
    training that has broken should be seen.

    Examples
    --------
    >>> import nn
    >>> x = Tensor([3.0, 4.0])
    >>> x.grad = np.array([3.0, 4.0])
    >>> nn.clip_gradient_norm([x], 1.0), x.grad.round(6)
    (5.0, array([0.6, 0.8]))
    """
    not_negative("clip_gradient_norm", "most", most)
    if not order > 0.0:
        raise ValueError(f"clip_gradient_norm: order must be positive; got {order}")
    tensors = [p for p in gather("clip_gradient_norm", parameters)[0] if p.grad is not None]
    norms = [_norm(_plain(parameter.grad), order) for parameter in tensors]
    total = _norm(np.array(norms), order) if norms else 0.0
    factor = most / (total + 1e-6)
    if not factor >= 1.0:  # also where it is not a number
        for parameter in tensors:
            _scale(parameter, factor)
    return total


def clip_gradient_value(parameters: Iterable[Tensor], most: float) -> None:
    """Cut every number of every gradient to the range from ``-most`` to ``most``.

    Parameters
    ----------
    parameters : iterable of Tensor
        Those without a gradient are passed over.
    most : float

    Raises
    ------
    ValueError
        `most` is negative or not finite.

    Examples
    --------
    >>> import nn
    >>> x = Tensor([3.0, 4.0])
    >>> x.grad = np.array([0.5, -4.0])
    >>> nn.clip_gradient_value([x], 1.0)
    >>> x.grad
    array([ 0.5, -1. ])
    """
    not_negative("clip_gradient_value", "most", most)
    for parameter in gather("clip_gradient_value", parameters)[0]:
        if parameter.grad is not None:
            gradient = _plain(parameter.grad)
            if gradient.ndim and parameter.grad is gradient:
                np.clip(gradient, -most, most, out=gradient)
            else:
                parameter.grad = np.clip(gradient, -most, most)


def _plain(gradient: Any) -> Any:
    return gradient.data if isinstance(gradient, Tensor) else gradient


def _norm(values: NDArray[Any], order: float) -> float:
    """In double precision: squares of float32 overflow early."""
    wide = values.ravel().astype(np.promote_types(values.dtype, np.float64), copy=False)
    return float(np.linalg.norm(wide, order)) if wide.size else 0.0


def _scale(parameter: Tensor, factor: float) -> None:
    gradient = _plain(parameter.grad)
    if gradient.ndim and parameter.grad is gradient:
        np.multiply(gradient, factor, out=gradient)
    else:
        parameter.grad = (gradient * factor).astype(gradient.dtype)
