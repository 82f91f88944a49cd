"""What each operation on the strongest path does to a gradient: symbols, factor, place."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core.graph import Absent, Node
from autograd_core.tensor import Tensor

from .disconnected import Question
from .evidence import Factor
from .format import describe_array, describe_value, shorten, visible
from .gradient_flow import Flow
from .notation import describe_operation

__all__ = ["Labels", "factors"]

LONGEST_EXPRESSION = 40


class Labels:
    """What the nodes of a graph are called: as the user calls them, else as in the picture.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(2.0)
    >>> y = x * 3.0
    >>> labels = Labels(Question(x, y, {"x": x}, None), [x._node, y._node])
    >>> labels.of(y._node), labels.expression(y._node)
    ('v1', 'x × 3')
    """

    def __init__(self, question: Question, nodes: list[Node]) -> None:
        self.ranks = {node: rank for rank, node in enumerate(nodes)}
        self.names: dict[Node, str] = {}
        for name, value in question.variables.items():
            if isinstance(value, Tensor) and value._node is not None:
                self.names.setdefault(value._node, name)
        self.names[question.x._node] = question.name_of(question.x, "x")

    def of(self, node: Node) -> str:
        """The label of a node."""
        name = self.names.get(node) or node.name or f"v{self.ranks[node]}"
        return shorten(visible(name))

    def expression(self, node: Node) -> str:
        """How the operation reads, such as ``x × w``; empty for a leaf."""
        if node.op is None:
            return ""
        operands = [
            self.of(parent) if type(parent) is Node else _constant(parent)
            for parent in node.parents
            if parent is not None  # an optional operand that was not given
        ]
        keywords = node.keywords
        if keywords and node.shape == ():  # over all axes: nothing to tell apart
            keywords = {name: value for name, value in keywords.items() if name != "axis"}
        text = describe_operation(node.op.symbol or node.op.name, operands, keywords)
        return shorten(text, LONGEST_EXPRESSION)


def _constant(value: Any) -> str:
    if type(value) is Absent:
        return describe_array(value.shape, value.dtype)
    if np.ndim(value) == 0:
        return describe_value(value)
    array = np.asarray(value)
    return describe_array(array.shape, array.dtype)


def factors(found: Flow, labels: Labels) -> tuple[Factor, ...]:
    """The factors of the strongest path, from the loss back.

    Parameters
    ----------
    found : Flow
    labels : Labels
    """
    arrivals = found.arrivals()
    return tuple(
        Factor(
            labels.of(part.node),
            part.node.op.name if part.node.op is not None else "",
            part.arriving,
            part.passed,
            None if part.node.location is None else str(part.node.location),
            labels.expression(part.node),
            max(1, arrivals[part.parent]),
            0 in part.parent.shape,
        )
        for part in found.path()
    )
