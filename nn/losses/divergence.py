"""The Kullback-Leibler divergence of one distribution from another."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from .common import as_target, check_same_shape, reduce, refuse_probabilities

__all__ = ["kl_divergence"]


def kl_divergence(
    log_probabilities: Tensor,
    targets: Any,
    *,
    log_targets: bool = False,
    reduction: str = "batchmean",
) -> Tensor:
    """How far a model's distribution is from the target's: sum of t * (log t - log p).

    Parameters
    ----------
    log_probabilities : Tensor of shape (rows, ...)
        Logarithms of the model's probabilities: what `log_softmax` gives.
    targets : array_like or Tensor of the same shape
        Probabilities, or their logarithms. That either sums to 1 is not checked: parts of a
        distribution, and positive measures of another mass, are of use too.
    log_targets : bool, default False
        Whether `targets` are logarithms.
    reduction : {"batchmean", "mean", "sum", "none"}
        "batchmean" divides the sum by the number of rows, which is the divergence's definition;
        "mean" divides by the number of elements.

    Raises
    ------
    ShapeError
        The shapes differ, or there are no rows.
    ValueError
        A target probability is negative; or there are probabilities where their logarithms
        belong.

    Notes
    -----
    Kullback & Leibler, "On information and sufficiency", Annals of Mathematical Statistics 22,
    1951. A target of 0 adds 0.

    Examples
    --------
    >>> import numpy as np, nn
    >>> from autograd_core import Tensor
    >>> p = Tensor(np.log([[0.5, 0.5]]))
    >>> round(nn.kl_divergence(p, [[1.0, 0.0]]).item(), 4)
    0.6931
    """
    targets = as_target("kl_divergence", targets, log_probabilities)
    operation = "kl_divergence"
    check_same_shape(operation, log_probabilities, targets)
    if log_probabilities.ndim:
        remedy = "Use ag.log_softmax instead of a softmax"
        refuse_probabilities(operation, "log_probabilities", log_probabilities, -1, remedy)
    if log_targets:
        if targets.ndim:
            remedy = "Leave out log_targets=True"
            refuse_probabilities(operation, "targets", targets, -1, remedy)
        losses = np.exp(targets) * (targets - log_probabilities)
    else:
        values = targets.data if isinstance(targets, Tensor) else targets
        if not (values >= 0).all():
            raise ValueError(
                f"kl_divergence: targets are probabilities, but the least is {values.min():g}; "
                "give log_targets=True if they are logarithms"
            )
        entropy = np.where(values > 0, targets * np.log(np.where(values > 0, targets, 1)), 0)
        losses = entropy - targets * log_probabilities
    if reduction == "batchmean":
        if losses.ndim == 0:
            raise ag.ShapeError("kl_divergence: batchmean needs rows; the shape is ()")
        mean: Tensor = losses.sum() / losses.shape[0]
        return mean
    return reduce(operation, losses, reduction)
