"""One traced call of a function: what all transforms are made of.

The arguments are replaced by fresh Tensors, the function is called with recording on, and
gradients are pulled back from its outputs to exactly those fresh Tensors. Nobody's ``.grad`` is
touched. The pass is recorded itself whenever the graph reaches a recording Tensor other than the
fresh ones (an argument of an enclosing transform, a parameter in a closure): so transforms nest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import DTypeError, GraphError, describe
from ..graph import Node, ancestors
from ..modes import enable_grad, is_recording
from ..primitive import primitive
from ..reverse import gradients_at
from ..tensor import Tensor
from .tree import as_leaf, is_module, leaves, map_leaves

# The same value as a new node: an argument that is itself recorded becomes one's own this way.
renew = primitive(lambda x: x, lambda g: g, name="argument", latex="{x}")


class Trace:
    """A call ``function(*args, **kwargs)`` with the arguments `argnums` made fresh.

    Attributes
    ----------
    output
        What the function returned (without the auxiliary part).
    aux
        The second of the two things returned, where `has_aux`.
    fresh : list of Tensor
        The leaves of the chosen arguments, in order.
    recorded : bool
        Whether the graph reaches a recording Tensor that is not ours.
    """

    def __init__(
        self,
        what: str,
        function: Callable[..., Any],
        argnums: int | Sequence[int],
        args: Sequence[Any],
        kwargs: dict[str, Any],
        *,
        has_aux: bool = False,
        known: Sequence[Tensor] = (),
    ) -> None:
        self.what = what
        self.single = isinstance(argnums, int | np.integer)
        chosen = (argnums,) if self.single else tuple(argnums)  # type: ignore[arg-type]
        positions = [_position(what, number, len(args)) for number in chosen]  # type: ignore[arg-type]
        outer_recording = is_recording()
        self.fresh: list[Tensor] = []
        call = list(args)
        modules: list[tuple[Any, Any]] = []
        with enable_grad():
            for position in positions:
                call[position] = self._freshen(args[position], modules)
            self.trees = [args[position] for position in positions]
            try:
                result = function(*call, **kwargs)
            finally:
                for parameter, node in modules:
                    parameter._node = node
        self.aux = None
        if has_aux:
            if not isinstance(result, tuple) or len(result) != 2:
                raise DTypeError(
                    f"{what}(..., has_aux=True): the function must return (output, auxiliary);"
                    f" it returned {describe(result)}."
                )
            result, self.aux = result
        self.output = result
        self.recorded = outer_recording and self._reaches_others(known)

    def _freshen(self, tree: Any, modules: list[tuple[Any, Any]]) -> Any:
        def fresh(value: Any) -> Tensor:
            value = as_leaf(value, self.what)
            if isinstance(value, Tensor) and value.requires_grad:
                tensor: Tensor = renew(value)
            else:
                data = value._data if isinstance(value, Tensor) else value
                tensor = Tensor(data, True, copy=False)
            self.fresh.append(tensor)
            return tensor

        if not is_module(tree):
            return map_leaves(fresh, tree)
        # A module computes with its own parameters: give these the fresh nodes for this call.
        for parameter in leaves(tree):
            modules.append((parameter, parameter._node))
            parameter._node = fresh(parameter)._node
        return tree

    def _reaches_others(self, known: Sequence[Tensor]) -> bool:
        ours = {tensor._node for tensor in (*self.fresh, *known)}
        roots = [t._node for t in leaves(self.output) if isinstance(t, Tensor) and t._node]
        return any(
            node.op is None and node not in ours for root in roots for node in ancestors(root)
        )

    def scalar(self) -> Any:
        """The output, checked to be one real number."""
        output = self.output
        if not hasattr(output, "shape") and isinstance(output, (int, float)):
            return np.float64(output)
        if not hasattr(output, "shape") or output.shape != ():
            raise GraphError(
                f"{self.what}: the function must return a single number, and it returned"
                f" {describe(output)}. Reduce it (.sum(), .mean()), or use ag.jacobian."
            )
        if output.dtype.kind == "c":
            raise GraphError(
                f"{self.what}: the function returned a complex number. Return a real one, such as"
                " its absolute value or its real part."
            )
        return output

    def pull(self, cotangents: Any, output: Any = None) -> list[Any]:
        """The gradients at the fresh leaves, for the given gradients at the output's leaves."""
        seeds: dict[Node, Any] = {}
        record = self.recorded or any(_records(c) for c in leaves(cotangents))
        targets = self.output if output is None else output
        map_leaves(lambda out, c: self._seed(seeds, out, c, record), targets, cotangents)
        nodes = [tensor._node for tensor in self.fresh]
        assert None not in nodes
        if record:
            with enable_grad():
                found = gradients_at(nodes, seeds, self.fresh[0]._revive)  # type: ignore[arg-type]
        else:
            found = gradients_at(nodes, seeds)  # type: ignore[arg-type]
        return [self._public(found.get(tensor._node), tensor) for tensor in self.fresh]  # type: ignore[arg-type]

    def _seed(self, seeds: dict[Node, Any], output: Any, cotangent: Any, record: bool) -> None:
        if not isinstance(output, Tensor) or output._node is None:
            return
        seed = output._seed(cotangent)
        if record and not isinstance(seed, Tensor):
            seed = Tensor(seed, False, copy=False)
        elif not record and isinstance(seed, Tensor):
            seed = seed._data
        present = seeds.get(output._node)
        seeds[output._node] = seed if present is None else present + seed

    def _public(self, gradient: Any, tensor: Tensor) -> Any:
        if gradient is None:  # no path leads there: the derivative is 0
            return np.zeros(tensor.shape, tensor.dtype)[()]
        return gradient.conjugate() if tensor.dtype.kind == "c" else gradient

    def in_shape(self, gradients: Sequence[Any]) -> Any:
        """One gradient a fresh leaf, as the tree (or the tuple of trees) of the arguments."""
        remaining = iter(gradients)
        trees = [map_leaves(lambda _: next(remaining), tree) for tree in self.trees]
        return trees[0] if self.single else tuple(trees)

    def finished(self, tree: Any) -> Any:
        """`tree` as the caller gets it: plain where nothing outside is recorded."""
        if self.recorded:
            return tree
        return map_leaves(lambda t: t._data if isinstance(t, Tensor) else t, tree)


def _records(value: Any) -> bool:
    return isinstance(value, Tensor) and value.requires_grad


def _position(what: str, number: int, count: int) -> int:
    if not -count <= number < count:
        raise GraphError(
            f"{what}: argnums={number} names an argument that was not given;"
            f" the function was called with {count} positional argument{'s' * (count != 1)}."
        )
    return int(number) % count
