"""What the nodes of one graph are called in formulas: identities and labels of its view."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core.graph import Absent, Node

from .format import shorten, visible
from .symbols import Call, Expression, Number, Symbol
from .view import GraphView

__all__ = ["GraphSymbols"]


class GraphSymbols:
    """Symbols for the nodes of a graph and for its constants.

    Parameters
    ----------
    nodes : list of Node
        All of the graph, by ascending birth.
    view : GraphView
        The same graph as it is shown, or the latest part of it.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.graph import ancestors
    >>> from autograd_core.visualize import read
    >>> y = ag.Tensor(2.0, name="x") * 3.0
    >>> symbols = GraphSymbols(ancestors(y._node), read(y))
    >>> symbols.forward(y._node)
    Call(name='multiply', operands=(Symbol(identity='0', label='x', gradient=False), \
Number(value=3.0)), keywords=())
    """

    def __init__(self, nodes: list[Node], view: GraphView) -> None:
        self.labels = {vertex.identity: vertex.label for vertex in view.vertices}
        self.identity = {node: str(rank) for rank, node in enumerate(nodes)}
        self.outputs: dict[tuple[Node, int], Node] = {}
        #: Whether the numbers of a vertex are real, by identity.
        self.real: dict[str, bool] = {}
        for node in nodes:
            if node.op is not None and node.op.name == "output":
                assert node.keywords is not None
                self.outputs[node.parents[0], node.keywords["index"]] = node
            identity = self.identity[node]
            if not isinstance(node.dtype, tuple):
                self.real[identity] = node.dtype.kind != "c"
            for position, parent in enumerate(node.parents):
                if hasattr(parent, "dtype") and type(parent) is not Node:
                    self.real[f"c{identity}_{position}"] = parent.dtype.kind != "c"

    def label(self, node: Node) -> str:
        """What the picture calls the node, or would."""
        identity = self.identity[node]
        if identity in self.labels:
            return self.labels[identity]
        return shorten(visible(node.name or f"v{identity}"))

    def target(self, node: Node) -> str:
        """The vertex that stands for the node."""
        identity = self.identity[node]
        return identity if identity in self.labels else "earlier"

    def value(self, node: Node) -> Symbol:
        """The symbol of the node's value."""
        return Symbol(self.identity[node], self.label(node))

    def gradient(self, node: Node) -> Symbol:
        """The symbol of the gradient with respect to the node."""
        return Symbol(self.identity[node], self.label(node), gradient=True)

    def operand(self, node: Node, position: int) -> Expression:
        """An operand: a node, a constant array, or a number."""
        parent = node.parents[position]
        if type(parent) is Node:
            return self.value(parent)
        if parent is None or (type(parent) is not Absent and np.shape(parent) == ()):
            return Number(parent[()] if isinstance(parent, np.ndarray) else parent)
        identity = f"c{self.identity[node]}_{position}"
        return Symbol(identity, self.labels.get(identity, f"array{parent.shape}"))

    def output_values(self, node: Node) -> tuple[Expression, ...]:
        """Of an operation with several outputs, the symbol of each."""
        return tuple(self._output(node, k) for k in range(len(node.shape)))

    def _output(self, node: Node, index: int) -> Expression:
        part = self.outputs.get((node, index))
        if part is not None:
            return self.value(part)
        return Call("output", (self.value(node),), (("index", index),))

    def output_gradients(self, node: Node) -> tuple[Expression, ...]:
        """The gradient at each output; 0 where nobody uses it."""
        parts = [self.outputs.get((node, k)) for k in range(len(node.shape))]
        return tuple(Number(0) if part is None else self.gradient(part) for part in parts)

    def forward(self, node: Node) -> Expression | None:
        """How the node was computed; None for a leaf."""
        if node.op is None:
            return None
        operands = tuple(self.operand(node, position) for position in range(len(node.parents)))
        keywords: dict[str, Any] = node.keywords or {}
        if node.shape == ():  # over all axes: nothing to tell apart
            keywords = {name: value for name, value in keywords.items() if name != "axis"}
        return Call(node.op.name, operands, tuple(keywords.items()))
