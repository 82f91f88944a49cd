"""Nested containers of arrays: what a transform differentiates with respect to, and returns.

A tree is an array, a Tensor or a number (a leaf), or a dict, list, tuple or named tuple of trees,
or an object with ``named_parameters()`` (a module), whose leaves are its recording parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import DTypeError, describe


def map_leaves(
    function: Callable[..., Any], tree: Any, *others: Any, whole_modules: bool = False
) -> Any:
    """`function` at each leaf of `tree` (and of `others`, of the same structure), in its shape.

    A module becomes a dict from parameter names; with `whole_modules` it is a leaf itself.

    Examples
    --------
    >>> from autograd_core.transforms.tree import map_leaves
    >>> map_leaves(lambda a, b: a + b, {"w": 1.0, "b": [2.0]}, {"w": 10.0, "b": [20.0]})
    {'w': 11.0, 'b': [22.0]}
    """
    if not whole_modules:
        tree = parameters_of(tree) if is_module(tree) else tree
        others = tuple(parameters_of(o) if is_module(o) else o for o in others)

    def within(*items: Any) -> Any:
        return map_leaves(function, *items, whole_modules=whole_modules)

    if isinstance(tree, dict):
        _same(tree, others, dict)
        return {key: within(tree[key], *(other[key] for other in others)) for key in tree}
    if isinstance(tree, list | tuple):
        _same(tree, others, list | tuple)
        mapped = [within(*items) for items in zip(tree, *others, strict=True)]
        if isinstance(tree, list):
            return mapped
        return type(tree)(*mapped) if hasattr(tree, "_fields") else tuple(mapped)
    _same(tree, [other for other in others if isinstance(other, dict | list | tuple)], type(tree))
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


def parameters_of(module: Any) -> dict[str, Any]:
    """The parameters of `module` that record, by name: frozen ones are constants."""
    return {name: found for name, found in module.named_parameters() if found.requires_grad}


def as_leaf(value: Any, what: str) -> Any:
    """`value` as something that can record: a Tensor as it is, a number as a NumPy scalar."""
    leaf = value
    if not hasattr(value, "_node") and not hasattr(value, "__array_function__"):
        leaf = np.asarray(value)[()]
    if getattr(leaf, "dtype", np.dtype(object)).kind not in "fc":
        raise DTypeError(
            f"{what}: only floating and complex numbers have derivatives, and an argument is"
            f" {describe(value)}. Write 2.0 instead of 2, convert it (x.astype(float)), or leave it"
            " out of argnums."
        )
    return leaf


def _same(tree: Any, others: Sequence[Any], kind: Any) -> None:
    for other in others:
        same = isinstance(other, kind) and len(other) == len(tree)
        if not same or (isinstance(tree, dict) and set(tree) != set(other)):
            raise DTypeError(
                f"Two trees of different structure: {_shape(tree)} and {_shape(other)}."
            )


def _shape(tree: Any) -> str:
    if isinstance(tree, dict):
        return f"a dict of {sorted(map(str, tree))}"
    if isinstance(tree, list | tuple):
        return f"a {type(tree).__name__} of {len(tree)}"
    return describe(tree)
