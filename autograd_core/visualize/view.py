"""What a picture, a table or a derivation shows of a graph, as plain records.

Vertices have names, values and gradients; edges tie operands to the operations that use them.
``reading`` makes a view from a recorded graph; what writes DOT or text knows only the view.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from .format import describe_value

__all__ = [
    "Cluster",
    "Edge",
    "Flow",
    "GraphView",
    "Kind",
    "Operation",
    "Quantity",
    "Repeat",
    "State",
    "Vertex",
]


class Kind(Enum):
    """What a vertex is; each kind has a look of its own.

    Examples
    --------
    >>> Kind.LEAF.value
    'leaf'
    """

    LEAF = "leaf"
    CONSTANT = "constant"
    OPERATION = "operation"
    RESULT = "result"
    FOLDED = "folded"
    REFERENCE = "reference"
    REPEAT = "repeat"


class State(Enum):
    """Whether a number is there and, if not, why not. None of these is the number 0.

    Examples
    --------
    >>> State.RELEASED.value
    'released'
    """

    KNOWN = "known"
    NOT_COMPUTED = "not computed"
    RELEASED = "released"
    NOT_KEPT = "not kept"
    STORED = "in .grad"
    CHANGED = "changed since"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value or a gradient, or the reason why there is none.

    Examples
    --------
    >>> Quantity(State.KNOWN, 0.25).text, Quantity(State.RELEASED).text
    ('0.25', 'released')
    >>> Quantity(State.STORED, 0.25).text  # not of this pass alone, perhaps
    'in .grad: 0.25'
    >>> Quantity(State.CHANGED, 0.25).text  # another value than the results were computed with
    'changed since: now 0.25'
    """

    state: State
    data: Any = None

    @property
    def text(self) -> str:
        """The number as a person reads it, or the state in words."""
        if self.state is State.STORED:
            return f"{self.state.value}: {describe_value(self.data)}"
        if self.state is State.CHANGED:
            return f"{self.state.value}: now {describe_value(self.data)}"
        return describe_value(self.data) if self.state is State.KNOWN else self.state.value


@dataclass(frozen=True, slots=True)
class Operation:
    """What a vertex computes, apart from its operands.

    Attributes
    ----------
    name, symbol : str
        Of the primitive: ``"multiply"``, ``"×"``.
    keywords : mapping or None
        Its other arguments.
    precedence : int
        Of the sign, 9 for a function: where a formula needs parentheses.
    """

    name: str
    symbol: str
    keywords: Mapping[str, Any] | None = None
    precedence: int = 9


@dataclass(frozen=True, slots=True)
class Repeat:
    """What one box stands for where equal pieces of a graph follow each other.

    Attributes
    ----------
    count : int
        How many pieces.
    body : str
        One of them as a formula, ``"v = v × 1.0001 + x"``.
    members : str
        What is inside, ``"v3 … v402, 400 operations"``.
    nodes : int
        How many nodes of the graph it replaces.
    first_value, first_gradient : Quantity
        At the end of the first piece; those of the vertex are at the end of the last.
    result : bool
        Whether the result of the whole graph is inside.
    """

    count: int
    body: str
    members: str
    nodes: int
    first_value: Quantity
    first_gradient: Quantity
    result: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """The gradient that the reverse pass sends back along one edge, in short.

    Attributes
    ----------
    size : float
        Its root mean square; may be infinite or NaN.
    sign : int or None
        1 or -1 if no element has the other sign, 0 if all are 0, ``None`` where they are mixed
        or complex.
    text : str
        The gradient as a person reads it.
    """

    size: float
    sign: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """A part of the program that computed some vertices, such as a layer.

    Attributes
    ----------
    identity : str
    title : str
    parent : str
        Identity of the cluster around it; empty for none.
    """

    identity: str
    title: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Vertex:
    """One box of a picture.

    Attributes
    ----------
    identity : str
        Rank of the node's birth in this graph, from ``"0"``; constants are ``"c4_1"``: operand
        1 of node 4. So the same expression always gives the same identities.
    kind : Kind
    label : str
        What it is called: the user's name, else ``v`` and the rank, as in the textbooks.
    named : bool
        Whether the label is the user's.
    expression : str
        How it was computed from the labels of its operands; empty for leaves.
    value, gradient : Quantity
    shape, dtype
        Of the value; ``None`` for an operation with several outputs, which has none of its own.
    operation : Operation or None
        ``None`` for what is not computed.
    location : str
        Where in the user's code, ``"train.py:12"``; empty unless it was asked for.
    cluster : str
        Identity of the cluster that it is in; empty for none.
    repeat : Repeat or None
        For the kind ``REPEAT``.
    note : str
        A remark to be shown with it.
    """

    identity: str
    kind: Kind
    label: str
    named: bool
    expression: str
    value: Quantity
    gradient: Quantity
    shape: tuple[int, ...] | None
    dtype: Any
    operation: Operation | None = None
    location: str = ""
    cluster: str = ""
    repeat: Repeat | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """An operand: from the vertex that is used to the one that uses it, at which position.

    ``flow`` is the gradient sent back along it, where it was asked for and is known.
    """

    source: str
    target: str
    position: int
    flow: Flow | None = None


@dataclass(frozen=True, slots=True)
class GraphView:
    """A graph as it is shown: vertices by ascending birth, and edges.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> x = ag.Tensor(3.0)
    >>> view = read(x * x, {"x": x})
    >>> [(vertex.label, vertex.expression, vertex.gradient.text) for vertex in view.vertices]
    [('x', '', '6'), ('v1', 'x × x', '1')]
    >>> [(edge.source, edge.target, edge.position) for edge in view.edges]
    [('0', '1', 0), ('0', '1', 1)]
    """

    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]
    total: int = field(default=0)  # nodes of the whole graph, drawn or not
    clusters: tuple[Cluster, ...] = ()
