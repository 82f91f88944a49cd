"""The recorded graph, as data.

A :class:`Node` is one recorded operation: which primitive, from which parents, with which saved
values. Nodes hold no closures and point only backwards, at their parents, so a graph that nobody
refers to is freed at once by reference counting.

A node can only be built from nodes that exist. A creation counter (``birth``) is therefore
already a topological order: no search is needed for one, and nothing here recurses.
"""

from __future__ import annotations

import itertools
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from .overwriting import carried, refreshed
from .provenance import Location, locate

if TYPE_CHECKING:
    from .primitive import Plan, Primitive

#: An operand's value up to this many bytes is kept with its node, for pictures and derivations.
SMALL = 1024

next_birth = itertools.count().__next__
new = object.__new__


class Absent:
    """Stands for a constant operand that was too big to keep with the graph.

    Parameters
    ----------
    shape : tuple of int
    dtype : numpy.dtype

    Examples
    --------
    >>> import numpy as np
    >>> Absent((1000, 3), np.dtype("float32"))
    Absent((1000, 3), float32)
    """

    __slots__ = ("dtype", "shape")

    def __init__(self, shape: tuple[int, ...], dtype: Any) -> None:
        self.shape = shape
        self.dtype = dtype

    def __repr__(self) -> str:
        return f"Absent({self.shape}, {self.dtype})"


class Node:
    """One recorded operation, or a leaf (``op is None``).

    Attributes
    ----------
    op : Primitive or None
        What was computed; ``None`` for a leaf.
    plan : Plan
        Which local derivatives apply, and which values they read from `saved`.
    parents : tuple
        One entry an operand, in order: the operand's node, or the constant itself
        (:class:`Absent` where it was bigger than ``SMALL`` bytes).
    saved : tuple or None
        The values the local derivatives will read. ``None`` once ``backward`` released them.
    keywords : dict or None
        The operation's other arguments, canonical (axes non-negative...).
    birth : int
        Creation number; ascending births are a topological order.
    shape, dtype
        Of the value computed here. For several outputs: the tuple of shapes, of dtypes.
    value : array, numpy scalar or None
        The value itself if it is at most ``SMALL`` bytes or this is a leaf.
    code, offset
        Where the user called the operation; read them through `location`.
    watch : tuple
        ``(source, seen)`` pairs by which an overwritten saved value is noticed.
    grad : array, Tensor or None
        The gradient of a leaf, or of a node whose Tensor asked for ``retain_grad``.
    extras : dict or None
        What few nodes have: a name, the wish to retain the gradient, when the value of a leaf was
        ``"replaced"`` by another or ``"overwritten"`` in place (numbers as of births).
    """

    __slots__ = (
        "birth",
        "code",
        "dtype",
        "extras",
        "grad",
        "keywords",
        "offset",
        "op",
        "parents",
        "plan",
        "saved",
        "shape",
        "value",
        "watch",
    )

    op: Primitive | None
    plan: Plan
    parents: tuple[Any, ...]
    saved: tuple[Any, ...] | None
    keywords: dict[str, Any] | None
    birth: int
    shape: Any
    dtype: Any
    value: Any
    code: Any
    offset: int
    watch: tuple[tuple[Any, Any], ...]
    grad: Any
    extras: dict[str, Any] | None

    @property
    def name(self) -> str | None:
        """The name the user gave to the Tensor computed here, if any."""
        return None if self.extras is None else self.extras.get("name")

    @property
    def location(self) -> Location | None:
        """The user's file and line where the operation was called."""
        return locate(self.code, self.offset)

    def note(self, key: str, value: Any) -> None:
        """Remember one of the things that few nodes have."""
        if self.extras is None:
            self.extras = {}
        self.extras[key] = value

    def __repr__(self) -> str:
        kind = "leaf" if self.op is None else self.op.name
        return f"<Node {self.birth}: {kind}, shape {self.shape}>"

    def __reduce__(self) -> tuple[Any, ...]:
        # A Tensor pickles the list of its ancestors by birth, so each parent is in pickle's memo
        # before the node that refers to it: no recursion, whatever the depth.
        state = (
            self.op,
            getattr(self.plan, "mask", None),
            self.parents,
            self.saved,
            self.keywords,
            self.shape,
            self.dtype,
            self.value,
            self.location,
            carried(self.watch),
        )
        # The gradient may be a Tensor whose history leads back here: after this node is known.
        return _restore, state, (self.grad, self.extras)

    def __setstate__(self, state: tuple[Any, Any]) -> None:
        self.grad, self.extras = state


class _LeafPlan:
    """The plan of a node that passes nothing on: a leaf."""

    edges = ()
    mask = None
    sources = ()


LEAF: Any = _LeafPlan()


def leaf(value: Any) -> Node:
    """A new node without history, for a Tensor that records."""
    node: Node = new(Node)
    node.op = None
    node.plan = LEAF
    node.parents = node.saved = node.watch = ()
    node.keywords = node.extras = node.grad = node.code = None
    node.offset = 0
    node.birth = next_birth()
    node.value = value
    node.shape = value.shape
    node.dtype = value.dtype
    return node


def output_node(output: Primitive, node: Node, index: int) -> Node:
    """The node (of primitive `output`) that stands for one output of a multi-output `node`."""
    result: Node = new(Node)
    result.op = output
    result.plan = LEAF
    result.parents = (node,)
    result.saved = result.watch = ()
    result.keywords = {"index": index}
    result.extras = result.grad = None
    result.code, result.offset = node.code, node.offset
    result.birth = next_birth()
    result.shape, result.dtype = node.shape[index], node.dtype[index]
    result.value = None if node.value is None else node.value[index]
    return result


def _restore(
    op: Primitive | None,
    mask: Any,
    parents: tuple[Any, ...],
    saved: tuple[Any, ...] | None,
    keywords: dict[str, Any] | None,
    shape: Any,
    dtype: Any,
    value: Any,
    location: Location | None,
    watch: tuple[Any, ...],
) -> Node:
    node: Node = new(Node)
    node.op = op
    node.plan = LEAF if op is None or mask is None else op.plan(mask)
    node.parents, node.saved, node.keywords = parents, saved, keywords
    node.shape, node.dtype, node.value = shape, dtype, value
    node.code, node.offset = location, 0
    node.watch = refreshed(watch)
    node.grad = node.extras = None
    node.birth = next_birth()
    return node


def ancestors(node: Node) -> list[Node]:
    """Everything `node` was computed from, itself included, by ascending birth."""
    seen = {node}
    stack = [node]
    while stack:
        for parent in stack.pop().parents:
            if type(parent) is Node and parent not in seen:
                seen.add(parent)
                stack.append(parent)
    return sorted(seen, key=attrgetter("birth"))


def describe_node(node: Node) -> str:
    """The operation with its place in the user's code, as messages say it."""
    name = "a leaf" if node.op is None else node.op.name
    place = node.location
    return name if place is None else f"{name} ({place})"
