"""The recorded graph and the reverse pass over it.

A :class:`Node` is one recorded operation, as data: which primitive, from which parents, with
which saved values. Nodes hold no closures and point only backwards, at their parents, so a graph
that nobody refers to is freed at once by reference counting.

A node can only be built from nodes that exist. A creation counter (``birth``) is therefore
already a topological order, and the reverse pass is: collect what is reachable, sort by birth,
walk from the latest to the earliest. Nothing here recurses.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import GraphError, OverwrittenError
from .provenance import Location, locate

if TYPE_CHECKING:
    from .primitive import Plan, Primitive

#: An operand's value up to this many bytes is kept with its node, for pictures and derivations.
SMALL = 1024

float64, FLOAT64 = np.float64, np.dtype(np.float64)
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
        What few nodes have: a name, the wish to retain the gradient.
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
            self.watch,
            self.grad,
            self.extras,
        )
        return _restore, state


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
    grad: Any,
    extras: dict[str, Any] | None,
) -> Node:
    node: Node = new(Node)
    node.op = op
    node.plan = LEAF if op is None or mask is None else op.plan(mask)
    node.parents, node.saved, node.keywords = parents, saved, keywords
    node.shape, node.dtype, node.value = shape, dtype, value
    node.code, node.offset = location, 0
    # A copied array has another address but the same content: its fingerprint is taken anew.
    node.watch = tuple(
        (source, seen if type(source) is list else fingerprint(source)) for source, seen in watch
    )
    node.grad, node.extras = grad, extras
    node.birth = next_birth()
    return node


# ------------------------------------------------------------------ noticing overwritten values


def fingerprint(array: Any) -> int:
    """A number that changes, almost surely, when somebody writes into `array`.

    Arrays of up to 64 elements are read whole; of a bigger one, some 64 elements at an odd
    stride (so that in a table of even width the samples fall into different columns).
    """
    if not isinstance(array, np.ndarray):
        return 0
    if array.flags.c_contiguous:
        sample = array.reshape(-1)[:: (array.size >> 6) | 1]
    else:
        sample = array.flat[:: (array.size >> 6) | 1]
    return hash(sample.tobytes())


def check_not_overwritten(node: Node) -> None:
    """Raise if a value that `node` saved has been changed since."""
    for source, seen in node.watch:
        if type(source) is list:
            if source[0] == seen:
                continue
        elif fingerprint(source) == seen:
            continue
        raise OverwrittenError(
            f"A value that {describe_node(node)} saved for the reverse pass was overwritten"
            " before backward() came to use it, so the gradient would be wrong. Call backward()"
            " before changing the array, or give the operation a copy (x.copy())."
        )


def describe_node(node: Node) -> str:
    """The operation with its place in the user's code, as messages say it."""
    name = "a leaf" if node.op is None else node.op.name
    place = node.location
    return name if place is None else f"{name} ({place})"


# ------------------------------------------------------------------------------ the reverse pass


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


def reverse_order(root: Node) -> list[Node]:
    """The nodes of a reverse pass, latest first, checked to be fit for it.

    All checks come before the first derivative is computed: a pass that starts, ends.

    Raises
    ------
    GraphError
        If an earlier ``backward()`` released what a node had saved.
    OverwrittenError
        If a saved value was changed since.
    """
    seen = {root}
    stack = [root]
    for node in stack:
        if node.saved is None:
            raise GraphError(
                f"The values that {describe_node(node)} saved were released by an earlier"
                " backward() through it. Pass retain_graph=True to that earlier call, or compute"
                " the expression again."
            )
        if node.watch:
            check_not_overwritten(node)
        for parent in node.parents:
            if type(parent) is Node and parent not in seen:
                seen.add(parent)
                stack.append(parent)
    stack.sort(key=attrgetter("birth"), reverse=True)
    return stack


def fit(gradient: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """Bring a contribution to the shape and dtype of the operand it belongs to.

    Sums over the axes along which the operand was broadcast, spreads over those along which it
    was reduced, takes the real part for a real operand, casts.
    """
    if gradient.dtype.kind == "c" and dtype.kind != "c":
        gradient = gradient.real
    have = gradient.shape
    if type(gradient) is np.ndarray and len(have) == 2 and have[1:] == shape and shape != (1,):
        # A bias: the sum over the rows, by BLAS, which is four times as fast as np.sum.
        gradient = np.ones(have[0], gradient.dtype).dot(gradient)
    elif have != shape:
        extra = len(have) - len(shape)
        if extra > 0:
            axes: tuple[int, ...] = tuple(range(extra))
        else:
            axes, have = (), (1,) * -extra + have
        axes += tuple(
            extra + axis if extra > 0 else axis
            for axis, size in enumerate(shape)
            if size == 1 and have[axis + max(extra, 0)] != 1
        )
        if axes:
            gradient = gradient.sum(axis=axes)
        if gradient.shape != shape:
            if _size(gradient.shape) == _size(shape):
                gradient = gradient.reshape(shape)
            else:
                gradient = np.broadcast_to(gradient, shape)
    if gradient.dtype != dtype:
        gradient = gradient.astype(dtype)
    return gradient


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for length in shape:
        size *= length
    return size


_count_references = getattr(sys, "getrefcount", lambda _: sys.maxsize)


def _references(array: Any) -> int:
    return _count_references(array)


def _sole_references() -> int:
    """What `_references` says of an array that only its caller's local variable refers to."""
    fresh = np.zeros(1)
    return _references(fresh)


# Measured, not written down: Python versions count differently. Without a count: always copy.
_SOLE = _sole_references() if hasattr(sys, "getrefcount") else 0


def own(gradient: Any) -> Any:
    """`gradient` as an array of its owner's own: a copy if anything else may refer to it."""
    if type(gradient) is np.ndarray:
        if gradient.ndim == 0:
            return gradient[()]
        shared = gradient.base is not None or _count_references(gradient) > _SOLE
        if shared or not gradient.flags.writeable:
            return gradient.copy()
    return gradient


def backpropagate(  # noqa: C901 - one loop, kept flat for speed
    order: Iterable[Node],
    root: Node,
    seed: Any,
    *,
    values: Callable[[Node], tuple[Any, ...] | None] | None = None,
    release: bool = False,
    every: bool = False,
) -> list[tuple[Node, Any]]:
    """The reverse pass: from the gradient at `root` to those at the leaves.

    A pure function of the graph (unless `release`): it writes no ``.grad``.

    Parameters
    ----------
    order : iterable of Node
        What is reachable from `root`, latest first.
    root : Node
        Where the pass starts.
    seed : array or Tensor
        The gradient at `root`, of its shape and dtype.
    values : callable, optional
        What the local derivatives of a node read instead of ``node.saved``; Tensors, for a pass
        that is recorded itself. ``None`` from it means: not to be had, go no further here.
    release : bool
        Drop what each node saved once it has been used.
    every : bool
        Return the gradient of every node rather than of leaves and retained nodes.

    Returns
    -------
    list of (Node, gradient)
        In reverse topological order; arrays are nobody else's.
    """
    gradients: dict[Node, Any] = {root: seed}
    del seed
    buffers: set[Node] = set()  # whose sum is an array this pass made, so may be added to in place
    results: list[tuple[Node, Any]] = []
    take = gradients.pop
    for node in order:
        g = take(node, None)
        if g is None:
            continue
        if every or (node.extras is not None and "retain" in node.extras):
            results.append((node, g if type(g) is list else own(g)))
        plan = node.plan
        edges = plan.edges
        if not edges:
            if node.op is None:
                if not every:
                    results.append((node, own(g)))
            else:
                _gather_output(gradients, node, g)
            continue
        saved = node.saved if values is None else values(node)
        if saved is None:
            continue
        if type(g) is list:
            g = _complete(node, g)
        parents = node.parents
        for position, rule, pick in edges:
            part = rule(g, *saved) if pick is None else rule(g, *pick(saved))
            if part is None:
                continue
            parent = parents[position]
            if type(part) is float64:
                if parent.dtype is not FLOAT64 or parent.shape:
                    part = fit(part, parent.shape, parent.dtype)
            elif part.shape != parent.shape or part.dtype is not parent.dtype:
                part = fit(part, parent.shape, parent.dtype)
            present = gradients.get(parent)
            if present is None:
                gradients[parent] = part
            elif parent in buffers:
                present += part
            else:
                gradients[parent] = total = present + part
                if type(total) is np.ndarray:
                    buffers.add(parent)
        part = present = total = None  # else they would count as references in own()
        if release:
            node.saved = None
    return results


def _gather_output(gradients: dict[Node, Any], node: Node, g: Any) -> None:
    """Put the gradient of one output into its place among those of the whole operation."""
    operation = node.parents[0]
    assert node.keywords is not None
    slots = gradients.setdefault(operation, [None] * len(operation.shape))
    slots[node.keywords["index"]] = g


def _complete(node: Node, parts: list[Any]) -> tuple[Any, ...]:
    """The gradients of all outputs; the missing ones are zero."""
    return tuple(
        np.zeros(shape, dtype) if part is None else part
        for part, shape, dtype in zip(parts, node.shape, node.dtype, strict=True)
    )


def node_gradients(root: Node, seed: Any = None) -> dict[Node, Any]:
    """The gradient of `root` with respect to every node it was computed from.

    Pure: touches nobody's ``.grad``, and works after ``backward()`` released the graph wherever
    the values were small enough to stay. A node whose gradient cannot be computed any more, or
    that no gradient reaches, is missing.

    Parameters
    ----------
    root : Node
    seed : array, optional
        The gradient at `root`; ones when left out.
    """
    if seed is None:
        seed = np.ones(root.shape, root.dtype)[()]
    order = ancestors(root)[::-1]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        results = backpropagate(order, root, seed, values=recover, every=True)
    return {node: _public(g) for node, g in results}


def _public(gradient: Any) -> Any:
    """From the convention of the rules (unconjugated) to that of ``.grad`` (see DESIGN)."""
    if type(gradient) is list:
        return [None if part is None else _public(part) for part in gradient]
    return gradient.conjugate() if gradient.dtype.kind == "c" else gradient


def recover(node: Node) -> tuple[Any, ...] | None:
    """What `node` saved; after its release, the same from the small values that stayed."""
    if node.saved is not None:
        return node.saved
    assert node.op is not None
    operands = [parent.value if type(parent) is Node else parent for parent in node.parents]
    if any(value is None or type(value) is Absent for value in operands) or node.value is None:
        # None can be a true operand too (linear without a bias): told apart by not being a node.
        missing = [
            value
            for value, parent in zip(operands, node.parents, strict=True)
            if (value is None and parent is not None) or type(value) is Absent
        ]
        if missing or node.value is None:
            return None
    return node.op.save(node.plan, node.value, operands, node.keywords)
