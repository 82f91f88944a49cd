"""Losses of numbers against numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from ..errors import check_number
from .common import as_target, check_same_shape, reduce

__all__ = ["huber_loss", "mae_loss", "mse_loss", "smooth_l1_loss"]


def mse_loss(prediction: Tensor, target: Any, reduction: str = "mean") -> Tensor:
    """Mean of the squared differences.

    Parameters
    ----------
    prediction : Tensor of any shape
    target : array_like or Tensor of the same shape
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError
        The shapes differ. (NumPy would broadcast (n, 1) against (n,) into an (n, n) table.)

    Examples
    --------
    >>> import numpy as np, nn
    >>> from autograd_core import Tensor
    >>> nn.mse_loss(Tensor([1.0, 2.0]), np.array([0.0, 4.0])).item()
    2.5
    """
    target = as_target("mse_loss", target, prediction)
    check_same_shape("mse_loss", prediction, target)
    if reduction == "mean":
        loss: Tensor = ag.squared_error(prediction, target)
        return loss
    return reduce("mse_loss", np.square(prediction - target), reduction)


def mae_loss(prediction: Tensor, target: Any, reduction: str = "mean") -> Tensor:
    """Mean of the absolute differences (L1 loss).

    Parameters
    ----------
    prediction : Tensor of any shape
    target : array_like or Tensor of the same shape
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError
        The shapes differ, or there are no elements.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.mae_loss(Tensor([1.0, 2.0]), [0.0, 4.0]).item()
    1.5
    """
    target = as_target("mae_loss", target, prediction)
    check_same_shape("mae_loss", prediction, target)
    return reduce("mae_loss", np.abs(prediction - target), reduction)


def huber_loss(
    prediction: Tensor, target: Any, delta: float = 1.0, reduction: str = "mean"
) -> Tensor:
    """Squares near the target, absolute values far from it: outliers pull less.

    Parameters
    ----------
    prediction : Tensor of any shape
    target : array_like or Tensor of the same shape
    delta : float, default 1
        Where the one passes into the other.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError
        The shapes differ, or there are no elements.
    ValueError
        `delta` is not positive.

    Notes
    -----
    d**2 / 2 where abs(d) <= delta, else delta * (abs(d) - delta / 2). Huber, "Robust estimation
    of a location parameter", Annals of Mathematical Statistics 35, 1964.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.huber_loss(Tensor([0.5, 3.0]), [0.0, 0.0], reduction="none").data
    array([0.125, 2.5  ])
    """
    check_number("huber_loss", "delta", delta)
    if not delta > 0.0:
        raise ValueError(f"huber_loss: delta must be positive; got {delta}")
    target = as_target("huber_loss", target, prediction)
    check_same_shape("huber_loss", prediction, target)
    return reduce("huber_loss", _bent(prediction - target, delta), reduction)


def smooth_l1_loss(
    prediction: Tensor, target: Any, beta: float = 1.0, reduction: str = "mean"
) -> Tensor:
    """Absolute differences whose kink is rounded off: `huber_loss` divided by its width.

    Parameters
    ----------
    prediction : Tensor of any shape
    target : array_like or Tensor of the same shape
    beta : float, default 1
        Half the width of the rounding; 0 gives `mae_loss`.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError
        The shapes differ, or there are no elements.
    ValueError
        `beta` is negative.

    Notes
    -----
    d**2 / (2 beta) where abs(d) < beta, else abs(d) - beta / 2. Girshick, "Fast R-CNN",
    ICCV 2015, equation 3.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.smooth_l1_loss(Tensor([0.5, 3.0]), [0.0, 0.0], beta=0.5, reduction="none").data
    array([0.25, 2.75])
    """
    check_number("smooth_l1_loss", "beta", beta)
    if not beta >= 0.0:
        raise ValueError(f"smooth_l1_loss: beta must be at least 0; got {beta}")
    target = as_target("smooth_l1_loss", target, prediction)
    check_same_shape("smooth_l1_loss", prediction, target)
    difference = prediction - target
    losses = _bent(difference, beta) / beta if beta else np.abs(difference)
    return reduce("smooth_l1_loss", losses, reduction)


def _bent(difference: Any, width: float) -> Any:
    size = np.abs(difference)
    squared = difference * difference * 0.5
    return np.where(size <= width, squared, width * (size - 0.5 * width))
