"""Losses that ask for a margin, and losses of pairs and triplets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

import autograd_core as ag
from autograd_core import Tensor

from ..errors import check_number
from .classification import check_labels
from .common import as_array, check_array, check_same_shape, reduce, rows_of_labels

__all__ = [
    "contrastive_loss",
    "cosine_embedding_loss",
    "hinge_loss",
    "multi_margin_loss",
    "triplet_loss",
]

TINY = 1e-12  # added to squared lengths
APART = 1e-6  # added to each difference: a distance of 0 would have no slope


def hinge_loss(
    scores: Tensor, labels: ArrayLike, margin: float = 1.0, reduction: str = "mean"
) -> Tensor:
    """How far a score falls short of being right by a margin: the support vector machine's loss.

    Parameters
    ----------
    scores : Tensor of shape (rows,)
    labels : array of -1 and 1, of shape (rows,)
    margin : float, default 1
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError
        The shapes differ, or there are no rows.
    ValueError
        A label is neither -1 nor 1.

    Notes
    -----
    max(0, margin - label * score). Cortes & Vapnik, "Support-vector networks", Machine Learning
    20, 1995.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.hinge_loss(Tensor([2.0, 0.5]), [1, -1], reduction="none").data
    array([0. , 1.5])
    """
    check_number("hinge_loss", "margin", margin)
    _check_rows("hinge_loss", scores, "scores", 1)
    labels = rows_of_labels("hinge_loss", labels, len(scores), "-1 or 1").astype(scores.dtype)
    return reduce("hinge_loss", ag.relu(margin - labels * scores), reduction)


def multi_margin_loss(
    scores: Tensor,
    labels: ArrayLike,
    margin: float = 1.0,
    power: int = 1,
    reduction: str = "mean",
) -> Tensor:
    """How far the right class falls short of beating each other class by a margin.

    Parameters
    ----------
    scores : Tensor of shape (rows, classes)
    labels : integers of shape (rows,)
        The right class of each row.
    margin : float, default 1
    power : {1, 2}
        Of each shortfall.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError, DTypeError
        As `cross_entropy`.
    ValueError
        `power` is neither 1 nor 2.

    Notes
    -----
    sum over j != y of max(0, margin - s[y] + s[j]) ** power, divided by the number of classes.
    Crammer & Singer, "On the algorithmic implementation of multiclass kernel-based vector
    machines", JMLR 2, 2001, in the sum form.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> nn.multi_margin_loss(Tensor([[1.0, 0.5, -2.0, 1.5]]), [0]).item()
    0.5
    """
    if power not in (1, 2):
        raise ValueError(f"multi_margin_loss: power must be 1 or 2; got {power}")
    check_number("multi_margin_loss", "margin", margin)
    check_array("multi_margin_loss", "scores", scores)
    labels = as_array("multi_margin_loss", "labels", labels)
    check_labels("multi_margin_loss", scores, labels)
    rows = np.arange(len(labels))
    right = scores[rows, labels].reshape(-1, 1)
    others = np.ones(scores.shape, scores.dtype)
    others[rows, labels] = 0
    short = ag.relu(margin - right + scores) * others
    losses = (short if power == 1 else short * short).sum(axis=1) / scores.shape[1]
    return reduce("multi_margin_loss", losses, reduction)


def cosine_embedding_loss(
    first: Tensor, second: Tensor, labels: ArrayLike, margin: float = 0.0, reduction: str = "mean"
) -> Tensor:
    """Small where similar pairs point the same way, and dissimilar ones do not.

    Parameters
    ----------
    first, second : Tensor of shape (rows, features)
    labels : array of -1 and 1, of shape (rows,)
        1 for a similar pair, -1 for a dissimilar one.
    margin : float, default 0
        The cosine that dissimilar pairs may have.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError, ValueError
        The shapes do not fit, or a label is neither -1 nor 1.

    Notes
    -----
    1 - cos for a similar pair, max(0, cos - margin) for a dissimilar one.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> a, b = Tensor([[1.0, 0.0], [1.0, 0.0]]), Tensor([[0.0, 1.0], [2.0, 0.0]])
    >>> nn.cosine_embedding_loss(a, b, [1, -1], reduction="none").data.round(6)
    array([1., 1.])
    """
    check_number("cosine_embedding_loss", "margin", margin)
    labels = _check_pairs("cosine_embedding_loss", first, second, labels, "-1 or 1")
    lengths = ((first * first).sum(axis=1) + TINY) * ((second * second).sum(axis=1) + TINY)
    cosine = (first * second).sum(axis=1) / np.sqrt(lengths)
    losses = np.where(labels == 1, 1 - cosine, ag.relu(cosine - margin))
    return reduce("cosine_embedding_loss", losses, reduction)


def triplet_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """How far the negative falls short of being farther from the anchor than the positive.

    Parameters
    ----------
    anchor, positive, negative : Tensor of shape (rows, features)
    margin : float, default 1
        By how much farther.
    swap : bool, default False
        Take the negative's distance from the positive where that is smaller (Balntas et al.,
        BMVC 2016, section 3).
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError
        The shapes differ, or are not (rows, features).

    Notes
    -----
    max(0, d(a, p) - d(a, n) + margin), d being the Euclidean distance of vectors with 1e-6 added
    to each difference, as in PyTorch. Schroff, Kalenichenko & Philbin, "FaceNet", CVPR 2015.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> a, p, n = Tensor([[0.0, 0.0]]), Tensor([[1.0, 0.0]]), Tensor([[0.0, 1.5]])
    >>> round(nn.triplet_loss(a, p, n).item(), 4)
    0.5
    """
    check_number("triplet_loss", "margin", margin)
    _check_rows("triplet_loss", anchor, "anchor", 2)
    check_same_shape("triplet_loss", anchor, positive, ("anchor", "positive"))
    check_same_shape("triplet_loss", anchor, negative, ("anchor", "negative"))
    far = _distance(anchor, negative)
    if swap:
        far = np.minimum(far, _distance(positive, negative))
    losses = ag.relu(_distance(anchor, positive) - far + margin)
    return reduce("triplet_loss", losses, reduction)


def contrastive_loss(
    first: Tensor, second: Tensor, same: ArrayLike, margin: float = 1.0, reduction: str = "mean"
) -> Tensor:
    """Draws similar pairs together, and pushes dissimilar ones apart up to a margin.

    Parameters
    ----------
    first, second : Tensor of shape (rows, features)
    same : array of 0 and 1 (or booleans), of shape (rows,)
        1 for a similar pair.
    margin : float, default 1
        The distance from which dissimilar pairs cost nothing.
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    ShapeError, ValueError
        The shapes do not fit, or a label is neither 0 nor 1.

    Notes
    -----
    d**2 / 2 for a similar pair, max(0, margin - d)**2 / 2 for a dissimilar one, d being the
    Euclidean distance. Hadsell, Chopra & LeCun, "Dimensionality reduction by learning an
    invariant mapping", CVPR 2006, equation 4.

    Examples
    --------
    >>> import nn
    >>> from autograd_core import Tensor
    >>> a, b = Tensor([[0.0], [0.0]]), Tensor([[2.0], [0.5]])
    >>> nn.contrastive_loss(a, b, [1, 0], reduction="none").data
    array([2.   , 0.125])
    """
    check_number("contrastive_loss", "margin", margin)
    labels = _check_pairs("contrastive_loss", first, second, same, "0 or 1")
    difference = first - second
    distance = np.linalg.norm(difference, axis=1)
    near = (difference * difference).sum(axis=1)
    far = np.square(ag.relu(margin - distance))
    return reduce("contrastive_loss", 0.5 * np.where(labels == 1, near, far), reduction)


def _distance(a: Any, b: Any) -> Any:
    return np.linalg.norm(a - b + APART, axis=1)


def _check_rows(operation: str, value: Any, name: str, dimensions: int) -> None:
    check_array(operation, name, value)
    shape = "(rows, features)" if dimensions == 2 else "(rows,)"
    if value.ndim != dimensions:
        raise ag.ShapeError(f"{operation}: {name} must have shape {shape}; got {value.shape}")
    if value.size == 0:
        raise ag.ShapeError(f"{operation}: an empty batch (shape {value.shape}) has no loss")


def _check_pairs(operation: str, first: Any, second: Any, labels: ArrayLike, allowed: str) -> Any:
    _check_rows(operation, first, "first", 2)
    check_same_shape(operation, first, second, ("first", "second"))
    return rows_of_labels(operation, labels, len(first), allowed)
