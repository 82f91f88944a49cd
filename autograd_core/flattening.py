"""Any function of trees of arrays and modules, seen as one of a flat list of Tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from .conversion import DIFFERENTIABLE_KINDS
from .errors import DTypeError, GraphError, describe
from .tensor import Tensor
from .transforms.tree import is_module, leaves, map_leaves


class Flat:
    """A function of trees as one from Tensors to a list of Tensors.

    Attributes
    ----------
    start : list of array
        The floating and complex leaves of the inputs: the arguments to call this with.
    labels : list of str
        What to call them in messages.
    """

    def __init__(self, what: str, function: Callable[..., Any], inputs: tuple[Any, ...]) -> None:
        self.what = what
        self.function = function
        self.inputs = inputs
        self.labels: list[str] = []
        self.start: list[Any] = []
        for position, tree in enumerate(inputs):
            several = isinstance(tree, dict | list | tuple) or is_module(tree)
            for k, leaf in enumerate(leaves(tree)):
                value = np.asarray(plain(leaf))
                if value.dtype.kind in DIFFERENTIABLE_KINDS:
                    name = getattr(leaf, "name", None)
                    label = f"argument {position}" + (f", leaf {k}" if several else "")
                    self.labels.append(label + (f" ({name!r})" if isinstance(name, str) else ""))
                    self.start.append(value[()])
        if not self.start:
            raise DTypeError(
                f"{self.what}: no input is of floating or complex numbers, so there is nothing"
                f" to check. Write 2.0 instead of 2. Inputs: {describe(list(inputs))}."
            )

    def __call__(self, *values: Any) -> list[Any]:
        """The outputs that are of floating or complex numbers."""
        left = iter(values)

        def fill(leaf: Any) -> Any:
            if np.asarray(plain(leaf)).dtype.kind not in DIFFERENTIABLE_KINDS:
                return leaf
            return next(left)

        with _borrowed() as lend:
            trees = []
            for tree in self.inputs:
                if is_module(tree):
                    for parameter in leaves(tree):
                        lend(parameter, next(left))
                    trees.append(tree)
                else:
                    trees.append(map_leaves(fill, tree))
            result = self.function(*trees)
        outputs = [
            out for out in leaves(result) if np.result_type(plain(out)).kind in DIFFERENTIABLE_KINDS
        ]
        if not outputs:
            raise GraphError(
                f"{self.what}: the function must return floating or complex numbers; it returned"
                f" {describe(result)}."
            )
        return [out if hasattr(out, "shape") else np.float64(out) for out in outputs]


@contextmanager
def _borrowed() -> Iterator[Callable[[Any, Any], None]]:
    """For the time of a call, a module computes with other values in its own parameters."""
    before: list[tuple[Any, Any, Any]] = []

    def lend(parameter: Any, value: Any) -> None:
        before.append((parameter, parameter._array, parameter._node))
        parameter._array, parameter._node = value._array, value._node

    try:
        yield lend
    finally:
        for parameter, data, node in reversed(before):
            parameter._array, parameter._node = data, node


def plain(value: Any) -> Any:
    """The array in a Tensor; anything else as it is."""
    return value._array if isinstance(value, Tensor) else value


def constant(value: Any) -> Tensor:
    """A Tensor that does not record."""
    return Tensor(value, False)
