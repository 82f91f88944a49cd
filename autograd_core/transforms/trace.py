"""One traced call of a function: what all transforms are made of.

The arguments are replaced by fresh Tensors, the function is called with recording on, and
gradients are pulled back from its outputs to exactly those fresh Tensors. Nobody's ``.grad`` is
touched. The pass is recorded itself whenever the graph reaches a recording Tensor other than the
fresh ones (an argument of an enclosing transform, a parameter in a closure): so transforms nest.

A module is not replaced but differentiated where it stands: the gradients are pulled back to its
parameters' own nodes. So nothing that another thread may look at is ever changed. What was
recorded before the call does not depend on its arguments, by definition, and is not looked at:
a transform inside a long computation costs no more than alone.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from ..contributions import own
from ..errors import DTypeError, GraphError, ShapeError, describe
from ..graph import Node, next_birth
from ..hooks import run_hooks
from ..modes import enable_grad, is_recording
from ..primitive import primitive
from ..reverse import gradients_at
from ..tensor import Tensor
from .tree import as_leaf, is_module, map_leaves, parameters_of

# The same value as a new node: an argument that is itself recorded becomes one's own this way.
renew = primitive(
    lambda x: x, lambda g: g, name="argument", latex="+{x}", javascript="{x}", precedence=3
)

#: Parameters of the modules that the enclosing transforms, of this thread or task, differentiate.
_differentiated: ContextVar[frozenset[Node]] = ContextVar(
    "autograd_core_differentiated", default=frozenset()
)


class Trace:
    """A call ``function(*args, **kwargs)`` with the arguments `argnums` made fresh.

    Attributes
    ----------
    output
        What the function returned (without the auxiliary part).
    aux
        The second of the two things returned, where `has_aux`; outside the graph of the call.
    fresh : list of Tensor
        The leaves of the chosen arguments, in order.
    recorded : bool
        Whether the graph reaches a recording Tensor that is not ours.
    since : int
        A birth from before the call.
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
        inside: Trace | None = None,
    ) -> None:
        self.what = what
        self.single, positions = _positions(what, argnums, len(args))
        self.since: int = next_birth() if inside is None else inside.since
        self._recording = is_recording()
        self._enclosing = _differentiated.get()
        self.fresh: list[Tensor] = []
        self._names: dict[int, dict[str, None]] = {}  # of the parameters, by module
        call = list(args)
        with enable_grad():
            for position in positions:
                call[position] = map_leaves(self._freshen, args[position], whole_modules=True)
            nodes = frozenset([nodeof(tensor) for tensor in self.fresh])
            token = _differentiated.set(self._enclosing | nodes)
            try:
                result = function(*call, **kwargs)
            finally:
                _differentiated.reset(token)
        names = self._names
        self._trees = [
            map_leaves(lambda leaf: names.get(id(leaf)), args[position], whole_modules=True)
            for position in positions
        ]
        self._ours = {node for node in nodes if node.op is None} - self._enclosing
        if inside is not None:
            self._ours |= inside._ours
        self.aux = None
        if has_aux:
            if not isinstance(result, tuple) or len(result) != 2:
                raise DTypeError(
                    f"{what}(..., has_aux=True): the function must return (output, auxiliary);"
                    f" it returned {describe(result)}."
                )
            result, aux = result
            self.aux = aux if self._needed_outside(aux) else _plain(aux)
        self.output = result
        self.recorded = self._needed_outside(result)

    def _freshen(self, value: Any) -> Any:
        if is_module(value):
            named = parameters_of(value)
            self.fresh.extend(named.values())
            self._names[id(value)] = dict.fromkeys(named)
            return value
        value = as_leaf(value, self.what)
        if isinstance(value, Tensor) and value.requires_grad and self._recording:
            tensor: Tensor = renew(value)
        else:
            data = value._array if isinstance(value, Tensor) else value
            tensor = Tensor(data, True, copy=False)
        self.fresh.append(tensor)
        return tensor

    def _needed_outside(self, tree: Any) -> bool:
        """Whether `tree` has a history besides what was made fresh for this call."""
        if not self._recording:
            return False
        stack = [t._node for t in tensors_in(tree) if t._node is not None]
        seen = set(stack)
        for node in stack:
            if node in self._ours:
                continue
            if node.op is None or node.birth < self.since:
                return True
            for parent in node.parents:
                if type(parent) is Node and parent not in seen:
                    seen.add(parent)
                    stack.append(parent)
        return False

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

    def records(self, cotangents: Any) -> bool:
        """Whether a pass from these cotangents is to be recorded itself."""
        return is_recording() and (
            self.recorded or any(tensor.requires_grad for tensor in tensors_in(cotangents))
        )

    def pull(self, cotangents: Any, output: Any = None) -> list[Any]:
        """The gradients at the fresh leaves, for the given gradients at the output's leaves."""
        seeds: dict[Node, Any] = {}
        record = self.records(cotangents)
        targets = self.output if output is None else output
        map_leaves(lambda out, c: self._seed(seeds, out, c, record), targets, cotangents)
        nodes = [nodeof(tensor) for tensor in self.fresh]
        if record:
            with enable_grad():
                found = gradients_at(nodes, seeds, revive, since=self.since)
        else:
            found = gradients_at(nodes, seeds, since=self.since)
        return [self._public(found.get(nodeof(tensor)), tensor) for tensor in self.fresh]

    def _seed(self, seeds: dict[Node, Any], output: Any, cotangent: Any, record: bool) -> None:
        if np.shape(_plain(output)) != np.shape(_plain(cotangent)) or cotangent is None:
            raise ShapeError(
                f"{self.what}: a cotangent has the shape of its output; given:"
                f" {describe(output, 'output')}; {describe(cotangent, 'cotangent')}."
            )
        if not isinstance(output, Tensor) or output._node is None:
            return
        seed = output._seed(cotangent)
        if record and not isinstance(seed, Tensor):
            seed = Tensor(seed, False, copy=False)
        elif not record and isinstance(seed, Tensor):
            seed = seed._array
        present = seeds.get(output._node)
        seeds[output._node] = seed if present is None else present + seed

    def _public(self, gradient: Any, tensor: Tensor) -> Any:
        if gradient is None:  # no path leads there: the derivative is 0
            return np.zeros(tensor.shape, tensor.dtype)[()]
        if "hooks" in (nodeof(tensor).extras or ()):
            gradient = own(run_hooks(nodeof(tensor), gradient))
        return gradient.conjugate() if tensor.dtype.kind == "c" else gradient

    def in_shape(self, gradients: Sequence[Any]) -> Any:
        """One gradient a fresh leaf, as the tree (or the tuple of trees) of the arguments."""
        remaining = iter(gradients)
        trees = [map_leaves(lambda _: next(remaining), tree) for tree in self._trees]
        return trees[0] if self.single else tuple(trees)

    def finished(self, tree: Any) -> Any:
        """`tree` as the caller gets it: plain where nothing outside is recorded."""
        return tree if self.recorded else _plain(tree)


def nodeof(tensor: Tensor) -> Node:
    """The node of a Tensor that is known to record."""
    assert tensor._node is not None
    return tensor._node


def revive(node: Node) -> tuple[Any, ...]:
    """What `node` saved, as Tensors that know where they came from."""
    assert node.op is not None
    return node.op.revive(node, Tensor._resume)


def tensors_in(tree: Any) -> list[Tensor]:
    """The Tensors among the leaves of `tree`, left to right; modules are not looked into."""
    found: list[Any] = []
    map_leaves(found.append, tree, whole_modules=True)
    return [leaf for leaf in found if isinstance(leaf, Tensor)]


def _plain(tree: Any) -> Any:
    """`tree` with the arrays of its Tensors; what holds none stays the object it is."""
    if not tensors_in(tree):
        return tree
    return map_leaves(lambda t: t._array if isinstance(t, Tensor) else t, tree, whole_modules=True)


def _positions(what: str, argnums: int | Sequence[int], count: int) -> tuple[bool, tuple[int, ...]]:
    """Whether `argnums` is one number, and the positions it names, counted from the front."""
    single = not isinstance(argnums, Sequence)
    numbers: Any = (argnums,) if single else argnums
    try:
        positions = tuple(_position(what, operator.index(number), count) for number in numbers)
    except TypeError:
        raise GraphError(
            f"{what}: argnums is the position of an argument, or a sequence of them;"
            f" it is {argnums!r}."
        ) from None
    if len(set(positions)) != len(positions):
        raise GraphError(f"{what}: argnums={tuple(numbers)} names an argument twice.")
    return single, positions


def _position(what: str, number: int, count: int) -> int:
    if not -count <= number < count:
        raise GraphError(
            f"{what}: argnums={number} names an argument that was not given;"
            f" the function was called with {count} positional argument{'s' * (count != 1)}."
        )
    return number % count
