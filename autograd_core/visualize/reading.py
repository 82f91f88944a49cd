"""Reading a recorded graph into a view: the one place where pictures touch the engine's nodes.

It writes nothing, computes gradients without touching anybody's ``.grad``, and knows no output
format. Every picture of a graph starts here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autograd_core.errors import DTypeError, GraphError
from autograd_core.graph import Absent, Node, ancestors
from autograd_core.reverse import lost_gradients
from autograd_core.tensor import Tensor

from .changes import changed_arrays, changed_nodes
from .edge_gradients import flows_of
from .format import describe_value, shorten, visible
from .gradients import gradients_of, lost_gradient
from .notation import describe_operation
from .view import Edge, Flow, GraphView, Kind, Operation, Quantity, State, Vertex

__all__ = ["read"]

NOT_COMPUTED, RELEASED = Quantity(State.NOT_COMPUTED), Quantity(State.RELEASED)
NOT_KEPT, SEVERAL = Quantity(State.NOT_KEPT), Quantity(State.SEVERAL)
CHANGED_NOTE = "changed after its use: draw before the step"


def read(
    tensor: Tensor,
    names: Mapping[str, Any] | None = None,
    *,
    gradients: bool = True,
    seed: Any = None,
    limit: int | None = None,
    flows: bool = False,
    locations: bool = False,
) -> GraphView:
    """Read the graph that computed ``tensor``.

    Parameters
    ----------
    tensor : Tensor
        The result; it must record.
    names : mapping of str to Tensor or array, optional
        What to call Tensors that have no name of their own, and constant arrays.
    gradients : bool
        Compute the gradient of ``tensor`` with respect to every node.
    seed : array_like, optional
        The gradient at ``tensor``. Without one, gradients are computed only if ``tensor`` is a
        single number: there is no other unambiguous choice.
    limit : int, optional
        Read only this many of the latest nodes, and the leaves that they use; what they need
        from earlier operations becomes one vertex of the kind ``FOLDED``.
    flows : bool
        Give every edge the gradient that is sent back along it; needs ``gradients``.
    locations : bool
        Give every operation the place in the user's code.

    Raises
    ------
    GraphError
        If ``tensor`` does not record.
    DTypeError
        If it is not a Tensor.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(2.0, name="x")
    >>> [vertex.kind.value for vertex in read(x * 3.0 + 1.0).vertices]
    ['leaf', 'constant', 'operation', 'constant', 'result']
    """
    root = _root_of(tensor)
    nodes = ancestors(root)
    kept = set(nodes) if limit is None else _latest(nodes, limit)
    reader = _Reader(tensor, root, names or {}, gradients_of(root, seed) if gradients else {})
    reader.locations = locations
    if flows:
        reader.flows = flows_of(kept, reader.gradients)
    return reader.view(nodes, kept)


def _latest(nodes: list[Node], limit: int) -> set[Node]:
    latest = set(nodes[max(0, len(nodes) - limit) :])
    used = {parent for node in latest for parent in node.parents if type(parent) is Node}
    return latest | {node for node in used if node.op is None}


def _root_of(tensor: Any) -> Node:
    if not isinstance(tensor, Tensor):
        raise DTypeError(
            f"A picture is drawn of a Tensor, not of {type(tensor).__name__}. "
            "Give the Tensor whose computation you want to see, such as the loss."
        )
    if tensor._node is None:
        raise GraphError(
            f"This Tensor (shape {tensor.shape}, {tensor.dtype}) does not record, so there is no"
            " graph to read. It is a constant, or was computed under no_grad() or detached."
        )
    return tensor._node


class _Reader:
    """What one reading looks up again and again: names, gradients, who was released."""

    def __init__(
        self,
        tensor: Tensor,
        root: Node,
        names: Mapping[str, Any],
        gradients: dict[Node, Any],
    ) -> None:
        self.root = root
        self.gradients = gradients
        self.lost: set[Node] = set()
        # A Tensor in the caller's hands still has the value that its node was too big to keep.
        self.data: dict[Node, Any] = {root: tensor.data}
        self.given: dict[Node, str] = {}
        self.constants: dict[int, str] = {}  # by identity; `names` keeps the arrays alive
        for name, named in names.items():
            if not isinstance(named, Tensor):
                self.constants.setdefault(id(named), name)
            elif named._node is not None:
                self.given.setdefault(named._node, name)
                self.data.setdefault(named._node, named.data)
        self.labels: dict[Node, str] = {}
        self.operations: dict[tuple[int, int, bool], Operation] = {}
        self.flows: dict[tuple[Node, int], Flow] = {}
        self.locations = False

    def view(self, nodes: list[Node], kept: set[Node]) -> GraphView:
        """Put the vertices and edges of the nodes in ``kept`` together."""
        if self.gradients and len(self.gradients) < len(nodes):
            self.lost = lost_gradients(self.root)
        self._label(nodes)
        self.changed = changed_nodes(nodes, self.data)
        vertices: list[Vertex] = []
        edges: list[Edge] = []
        shown = {node: str(rank) for rank, node in enumerate(nodes) if node in kept}
        if len(kept) < len(nodes):
            vertices.append(_folded(len(nodes) - len(kept)))
        for node, identity in shown.items():
            from_earlier = False
            for position, parent in enumerate(node.parents):
                if type(parent) is Node:
                    source = shown.get(parent)
                    if source is not None:
                        flow = self.flows.get((node, position))
                        edges.append(Edge(source, identity, position, flow))
                    elif not from_earlier:
                        edges.append(Edge("earlier", identity, position))
                        from_earlier = True
                elif parent is not None:
                    constant = self._constant(node, position, parent, identity)
                    vertices.append(constant)
                    edges.append(Edge(constant.identity, identity, position))
            vertices.append(self._vertex(node, identity))
        return GraphView(tuple(vertices), tuple(edges), len(nodes))

    def _label(self, nodes: Iterable[Node]) -> None:
        """Give every node a label; nobody's generated label is a name that the user chose."""
        named = {node: node.name or self.given.get(node) for node in nodes}
        taken = set(named.values())
        for rank, node in enumerate(nodes):
            label = named[node]
            if label is None:
                label = f"v{rank}"
                while label in taken:
                    label += "_"
            self.labels[node] = shorten(visible(label))
        self.named = {node for node, name in named.items() if name is not None}

    def _vertex(self, node: Node, identity: str) -> Vertex:
        if node.op is None:
            kind = Kind.LEAF
        else:
            kind = Kind.RESULT if node is self.root else Kind.OPERATION
        several = node.op is not None and node.op.multiple
        return Vertex(
            identity=identity,
            kind=kind,
            label=self.labels[node],
            named=node in self.named,
            expression=self._expression(node),
            value=SEVERAL if several else self._value(node),
            gradient=NOT_COMPUTED if several else self._gradient(node),
            shape=None if several else node.shape,
            dtype=None if several else node.dtype,
            operation=self._operation(node),
            location=str(node.location or "") if self.locations and node.op is not None else "",
            note=CHANGED_NOTE if node in self.changed else "",
        )

    def _operation(self, node: Node) -> Operation | None:
        if node.op is None:
            return None
        key = id(node.op), id(node.keywords), node.shape == ()  # most nodes share one
        operation = self.operations.get(key)
        if operation is None:
            op = node.op
            operation = Operation(op.name, op.symbol, self._keywords(node), op.precedence)
            self.operations[key] = operation
        return operation

    def _keywords(self, node: Node) -> dict[str, Any] | None:
        keywords = node.keywords
        if keywords and node.shape == ():  # over all axes: nothing to tell apart
            keywords = {name: value for name, value in keywords.items() if name != "axis"}
        return keywords

    def _expression(self, node: Node) -> str:
        if node.op is None:
            return ""
        if node.op.name == "output":
            return f"{self.labels[node.parents[0]]}[{(node.keywords or {}).get('index')}]"
        operands = [
            self.labels[parent] if type(parent) is Node else self._constant_text(parent)
            for parent in node.parents
            if parent is not None
        ]
        return describe_operation(node.op.symbol, operands, self._keywords(node))

    def _value(self, node: Node) -> Quantity:
        value = node.value if node.value is not None else self.data.get(node)
        if value is None:
            return RELEASED if node.saved is None else NOT_KEPT
        return Quantity(State.CHANGED if node in self.changed else State.KNOWN, value)

    def _gradient(self, node: Node) -> Quantity:
        gradient = self.gradients.get(node)
        if gradient is not None:
            return Quantity(State.KNOWN, gradient)
        return lost_gradient(node) if node in self.lost else NOT_COMPUTED

    def _constant(self, node: Node, position: int, constant: Any, identity: str) -> Vertex:
        array = constant if hasattr(constant, "shape") else np.asarray(constant)
        value = Quantity(State.KNOWN, constant)
        if type(constant) is Absent:
            value = NOT_KEPT
        elif node.watch and id(constant) in changed_arrays(node):
            value = Quantity(State.CHANGED, constant)
        return Vertex(
            identity=f"c{identity}_{position}",
            kind=Kind.CONSTANT,
            label=self._constant_text(constant),
            named=id(constant) in self.constants,
            expression="",
            value=value,
            gradient=NOT_COMPUTED,
            shape=tuple(array.shape),
            dtype=array.dtype,
        )

    def _constant_text(self, constant: Any) -> str:
        """A constant inside an expression: its name, a number as itself, an array by its shape."""
        shape = getattr(constant, "shape", ())
        if shape == () and type(constant) is not Absent:
            return describe_value(constant)
        name = self.constants.get(id(constant))
        return f"array{tuple(shape)}" if name is None else shorten(visible(name))


def _folded(count: int) -> Vertex:
    return Vertex(
        identity="earlier",
        kind=Kind.FOLDED,
        label=f"{count:,} earlier nodes",
        named=False,
        expression="",
        value=NOT_COMPUTED,
        gradient=NOT_COMPUTED,
        shape=None,
        dtype=None,
    )
