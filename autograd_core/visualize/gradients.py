"""The gradients that pictures show: computed for them alone, or what is left of lost ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core.errors import GraphError
from autograd_core.graph import Node
from autograd_core.reverse import node_gradients

from .view import Quantity, State

__all__ = ["gradients_of", "lost_gradient"]

RELEASED = Quantity(State.RELEASED)


def gradients_of(root: Node, seed: Any = None) -> dict[Node, Any]:
    """Return the gradient at every node, of a single number or with a seed; none otherwise.

    Parameters
    ----------
    root : Node
    seed : array_like, optional
        Of the shape of ``root``, or a single number.

    Raises
    ------
    GraphError
        If ``seed`` has another shape.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(3.0)
    >>> sorted(gradients_of((x * x)._node).values())
    [np.float64(1.0), np.float64(6.0)]
    """
    if seed is None and _size(root.shape) != 1:
        return {}
    if seed is not None:
        seed = np.asarray(seed, root.dtype)
        seed = np.broadcast_to(seed, root.shape)[()] if seed.shape == () else seed
        if seed.shape != root.shape:
            raise GraphError(
                f"seed must have the shape of the drawn Tensor, {root.shape}, but has {seed.shape}."
            )
        seed = seed.conjugate() if root.dtype.kind == "c" else seed
    return node_gradients(root, seed)


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for length in shape:
        size *= length
    return size


def lost_gradient(node: Node) -> Quantity:
    """What is left of a gradient that cannot be computed any more: what ``.grad`` holds, if any.

    Parameters
    ----------
    node : Node

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([1.0, 2.0])
    >>> lost_gradient(x._node).text
    'released'
    >>> (x * x).sum().backward()
    >>> lost_gradient(x._node).text
    'in .grad: [2, 4]'
    """
    if node.grad is None:
        return RELEASED
    return Quantity(State.STORED, np.array(getattr(node.grad, "data", node.grad)))
