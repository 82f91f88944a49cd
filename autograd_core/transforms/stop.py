"""``stop_gradient``: a value taken as a constant."""

from __future__ import annotations

from typing import Any

from ..tensor import Tensor
from .tree import map_leaves


def stop_gradient(value: Any) -> Any:
    """`value` as a constant: no derivative, of any order, goes through it.

    Parameters
    ----------
    value : array, Tensor or tree
        A nested dict, list or tuple of them; anything that is not a Tensor stays as it is.

    Returns
    -------
    array, Tensor or tree
        The same values, sharing memory; :meth:`Tensor.detach` of each Tensor.

    Examples
    --------
    >>> import autograd_core as ag
    >>> float(ag.grad(lambda x: x * ag.stop_gradient(x))(3.0))
    3.0
    """
    return map_leaves(
        lambda leaf: leaf.detach() if isinstance(leaf, Tensor) else leaf, value, whole_modules=True
    )
