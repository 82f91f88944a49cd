"""``checkpoint``: keep nothing of a part of the computation, and compute it again when needed."""

from __future__ import annotations

import copy
import functools
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import OverwrittenError, describe
from ..graph import Node, next_birth
from ..modes import enable_grad, is_recording
from ..primitive import example, primitive
from ..reverse import gradients_at
from ..tensor import Tensor
from .digest import digest, same
from .trace import nodeof, renew, revive, tensors_in
from .tree import map_leaves

RANDOM = (np.random.Generator, np.random.RandomState)


def checkpoint(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function` that stores nothing for the reverse pass but its arguments.

    Its inside is computed again when the reverse pass comes by, so that of a network cut into
    such pieces only one piece at a time is in memory, for the price of one more forward pass.

    Parameters
    ----------
    function : callable
        Returns an array, or a nested dict, list or tuple of them; a module, for example. What it
        finds in its closure (a module's parameters) is differentiated too.

    Returns
    -------
    callable
        The same function. A ``numpy.random.Generator`` among its arguments (also in dicts, lists,
        tuples) gives the same numbers the second time; the Generator itself moves on only once.

    Raises
    ------
    OverwrittenError
        In the reverse pass, if the second computation gives something else than the first.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x = ag.Tensor(np.ones(3))
    >>> block = ag.checkpoint(lambda x, rng: np.tanh(x) * rng.normal(size=3))
    >>> y = block(x, np.random.default_rng(0))
    >>> y.sum().backward()
    >>> x.grad
    array([ 0.05280347, -0.05548065,  0.26896108])
    """

    @functools.wraps(function, updated=())
    def call(*args: Any, **kwargs: Any) -> Any:
        if not is_recording():
            return function(*args, **kwargs)
        return _first(function, args, kwargs)

    return call


class Place:
    """Where in a tree a Tensor was, by its number."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


class Replay:
    """How to compute a checkpointed call again.

    Attributes
    ----------
    function : callable
    call : tree
        ``(args, kwargs)``, with places for the Tensors that record, and random generators as they
        were before the call.
    outside : tuple of Node
        What else, found by `function` in its closure, the outputs depend on.
    seen : list or None
        The digests of the outputs.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        call: Any,
        outside: Sequence[Node] = (),
        seen: Any = None,
    ) -> None:
        self.function = function
        self.call = call
        self.outside = tuple(outside)
        self.seen = seen
        #: By thread: a gradient at the outputs, and what of its result was not asked for yet.
        self.pending: dict[int, tuple[Any, dict[int, Any]]] = {}

    def run(self, values: Sequence[Any]) -> Any:
        """What the function makes of these in the places."""

        def put(leaf: Any) -> Any:
            if isinstance(leaf, Place):
                return values[leaf.number]
            return copy.deepcopy(leaf) if isinstance(leaf, RANDOM) else leaf

        args, kwargs = map_leaves(put, self.call, whole_modules=True)
        return self.function(*args, **kwargs)

    def gradient(self, g: Any, operands: Sequence[Any], position: int) -> Any:
        """The gradient at one operand; all are computed when the first is asked for."""
        thread = threading.get_ident()
        given, left = self.pending.get(thread, (None, {}))
        if given is not g or position not in left:
            left = self._gradients(g, operands)
            self.pending[thread] = g, left
        result = left.pop(position)
        if not left:
            del self.pending[thread]
        return result

    def _gradients(self, g: Sequence[Any], operands: Sequence[Any]) -> dict[int, Any]:
        count = len(operands) - len(self.outside)
        record = any(isinstance(value, Tensor) for value in (*g, *operands))
        since = next_birth()
        with enable_grad():
            values = [_fresh(value) for value in operands[:count]]
            outs = _recording(self.run(values))
            self._check(outs)
            seeds: dict[Node, Any] = {}
            for out, part in zip(outs, g, strict=True):
                if record and not isinstance(part, Tensor):
                    part = Tensor(part, False, copy=False)
                present = seeds.get(nodeof(out))
                seeds[nodeof(out)] = part if present is None else present + part
            nodes = [*map(nodeof, values), *self.outside]
            found = gradients_at(nodes, seeds, revive if record else None, since=since)
        return {position: found.get(node) for position, node in enumerate(nodes)}

    def _check(self, outs: Sequence[Tensor]) -> None:
        if self.seen is not None and not same(self.seen, [digest(out._array) for out in outs]):
            raise OverwrittenError(
                f"checkpoint: computing {describe_function(self.function)} again gave something"
                " else than the first time, so the gradient would be wrong. If it draws random"
                " numbers, pass it the numpy.random.Generator as an argument; if it reads arrays or"
                " attributes, call backward() before they change."
            )


def _forward(operands: Sequence[Any], replay: Replay) -> tuple[Any, ...]:
    """The outputs, on plain arrays; Tensors in, Tensors out."""
    outs: list[Any] = []
    map_leaves(outs.append, replay.run(operands), whole_modules=True)
    return tuple(outs)


def _pull(g: Any, operands: Any, replay: Any, position: int) -> Any:
    return replay.gradient(g, operands, position)


def _swap(x: Any, y: Any) -> Any:
    """What the tests sweep: no output but depends on both."""
    return np.tanh(x) * y, [x - y**2]


recompute = primitive(
    _forward,
    operands=_pull,
    name="checkpoint",
    compute=lambda operands, replay: (
        replay.__dict__.pop("outs", None) or _forward(operands, replay)
    ),
    door=lambda operands, replay: (list(operands), {"replay": replay}),
    keywords=["replay"],
    variadic=True,
    multiple=True,
    examples=[
        example([(2, 3), (2, 3)], replay=Replay(_swap, ((Place(0), Place(1)), {}))),
        example([(), (2,)], replay=Replay(_swap, ((Place(0), Place(1)), {}))),
    ],
)


def _first(function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
    """The first computation: call, note what is needed to repeat it, forget the rest."""
    arguments = _recording((args, kwargs))
    replay = Replay(function, _without(arguments, (args, kwargs), generators=True))
    since = next_birth()
    values = [_fresh(argument._array) for argument in arguments]
    for value, argument in zip(values, arguments, strict=True):
        value._version = argument._version
    numbers = iter(values)
    args, kwargs = map_leaves(
        lambda leaf: next(numbers) if _records(leaf) else leaf, (args, kwargs), whole_modules=True
    )
    result = function(*args, **kwargs)
    outs = _recording(result)
    if not outs:
        return result
    outside, versions = _surroundings(
        [nodeof(out) for out in outs], set(map(nodeof, values)), since
    )
    replay.outside = tuple(outside)
    replay.seen = [digest(out._array) for out in outs]
    replay.outs = tuple(out._array for out in outs)  # type: ignore[attr-defined]
    recorded = recompute([*arguments, *map(_stand_in, outside)], replay)
    node = nodeof(recorded[0]).parents[0]
    node.watch += versions
    form = _without(outs, result)
    return map_leaves(
        lambda leaf: recorded[leaf.number] if isinstance(leaf, Place) else leaf,
        form,
        whole_modules=True,
    )


def _surroundings(
    roots: Sequence[Node], arguments: set[Node], since: int
) -> tuple[list[Node], tuple[Any, ...]]:
    """What else the roots depend on, and the version counters of what was saved on the way."""
    outside: list[Node] = []
    versions: dict[int, Any] = {}
    stack = list(dict.fromkeys(roots))
    seen = set(stack)
    for node in stack:
        if node in arguments:
            continue
        if node.op is None or node.birth < since:
            outside.append(node)
            continue
        versions.update((id(pair[0]), pair) for pair in node.watch if type(pair[0]) is list)
        for parent in node.parents:
            if type(parent) is Node and parent not in seen:
                seen.add(parent)
                stack.append(parent)
    return outside, tuple(versions.values())


def _records(leaf: Any) -> bool:
    return isinstance(leaf, Tensor) and leaf.requires_grad


def _recording(tree: Any) -> list[Tensor]:
    return [tensor for tensor in tensors_in(tree) if tensor.requires_grad]


def _without(tensors: Sequence[Tensor], tree: Any, generators: bool = False) -> Any:
    """`tree` with places for its recording Tensors, which are `tensors`, in order."""
    numbers = iter(range(len(tensors)))

    def place(leaf: Any) -> Any:
        if _records(leaf):
            return Place(next(numbers))
        return copy.deepcopy(leaf) if generators and isinstance(leaf, RANDOM) else leaf

    return map_leaves(place, tree, whole_modules=True)


def _fresh(value: Any) -> Tensor:
    """One's own recording Tensor with this value, itself recorded where the value is."""
    if _records(value):
        renewed: Tensor = renew(value)
        return renewed
    return Tensor(value._array if isinstance(value, Tensor) else value, True, copy=False)


def _stand_in(node: Node) -> Tensor:
    """A Tensor whose history is `node`, without its value, which nobody asks for."""
    nothing = np.broadcast_to(np.zeros((), node.dtype), node.shape)
    return Tensor._resume(nothing if node.shape else nothing[()], node)


def describe_function(function: Callable[..., Any]) -> str:
    """What a message calls a function."""
    return getattr(function, "__name__", None) or describe(function)
