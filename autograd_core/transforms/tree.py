"""Nested containers of arrays: what a transform differentiates with respect to, and returns.

A tree is an array, a Tensor or a number (a leaf), or a dict, list, tuple or named tuple of trees,
or an object with ``named_parameters()`` (a module), whose parameters are its leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..errors import DTypeError, describe


def map_leaves(function: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """`function` at each leaf of `tree` (and of `others`, of the same structure), in its shape.

    A module becomes a dict from parameter names.

    Examples
    --------
    >>> from autograd_core.transforms.tree import map_leaves
    >>> map_leaves(lambda a, b: a + b, {"w": 1.0, "b": [2.0]}, {"w": 10.0, "b": [20.0]})
    {'w': 11.0, 'b': [22.0]}
    """
    if is_module(tree):
        tree = dict(tree.named_parameters())
        others = tuple(dict(o.named_parameters()) if is_module(o) else o for o in others)
    if isinstance(tree, dict):
        _same(tree, others, dict, len(tree))
        return {key: map_leaves(function, tree[key], *(o[key] for o in others)) for key in tree}
    if isinstance(tree, list | tuple):
        _same(tree, others, list | tuple, len(tree))
        mapped = [map_leaves(function, *items) for items in zip(tree, *others, strict=True)]
        if isinstance(tree, list):
            return mapped
        return type(tree)(*mapped) if hasattr(tree, "_fields") else tuple(mapped)
    return function(tree, *others)


def leaves(tree: Any) -> list[Any]:
    """The leaves of `tree`, left to right.

    Examples
    --------
    >>> from autograd_core.transforms.tree import leaves
    >>> leaves({"w": 1.0, "b": [2.0, (3.0,)]})
    [1.0, 2.0, 3.0]
    """
    found: list[Any] = []
    map_leaves(found.append, tree)
    return found


def is_module(tree: Any) -> bool:
    """Whether `tree` is an object that names its parameters, such as an ``nn.Module``."""
    return hasattr(tree, "named_parameters")


def as_leaf(value: Any, what: str) -> Any:
    """`value` as something that can record: a Tensor as it is, a number as a NumPy scalar."""
    if hasattr(value, "_node"):
        value = value if value.dtype.kind in "fc" else value.data
    if not hasattr(value, "_node"):
        value = value if hasattr(value, "__array_function__") else np.asarray(value)[()]
    if value.dtype.kind not in "fc":
        raise DTypeError(
            f"{what}: only floating and complex numbers have derivatives, and an argument is"
            f" {describe(value)}. Write 2.0 instead of 2, convert it (x.astype(float)), or leave it"
            " out of argnums."
        )
    return value


def _same(tree: Any, others: Any, kind: Any, size: int) -> None:
    for other in others:
        keys = isinstance(tree, dict) and isinstance(other, dict) and set(tree) != set(other)
        if not isinstance(other, kind) or len(other) != size or keys:
            raise DTypeError(
                f"Two trees of different structure: {_shape(tree)} and {_shape(other)}."
            )


def _shape(tree: Any) -> str:
    if isinstance(tree, dict):
        return f"a dict of {sorted(map(str, tree))}"
    if isinstance(tree, list | tuple):
        return f"a {type(tree).__name__} of {len(tree)}"
    return describe(tree)
