"""Finding the layers of a network in a recorded graph: a linear map, then an activation.

A layer is the ``linear`` primitive, or ``matmul`` with or without ``add`` as written by hand,
followed by functions that work element by element. The chain of layers is followed backwards from
the last one, as long as each is used by the next one only: so far the four fundamental equations
of backpropagation hold as they stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .derivation import Derivation
from .symbols import Call, Symbol
from .view import Kind, State, Vertex

__all__ = ["Layer", "find_layers"]

ACTIVATIONS = frozenset(
    [
        "sigmoid",
        "tanh",
        "relu",
        "leaky_relu",
        "elu",
        "celu",
        "selu",
        "gelu",
        "silu",
        "mish",
        "softplus",
        "softsign",
        "hardtanh",
        "hardsigmoid",
        "sin",
        "arctan",
        "exp",
        "maximum",
        "clip",
        "log_sigmoid",
    ]
)
#: The logistic function written out, operation by operation.
BY_HAND = (("negative", "exp", "add", "divide"), ("negative", "exp", "add", "reciprocal"))


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer, by the vertices of its quantities.

    Attributes
    ----------
    number : int
        From 1 at the input.
    previous, weight, weighted_input, output : str
        a of the layer before (or the network's input), W, z, and a.
    bias : str or None
    form : str
        How z is written: ``"rows"`` z = a Wᵀ + b, ``"plain"`` z = a W + b, ``"columns"``
        z = W a + b.
    function : tuple of str
        Names of the operations of the activation; empty where a = z.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> from autograd_core.visualize.replay import derive
    >>> w = ag.Tensor(np.ones((2, 3)))
    >>> loss = np.tanh(ag.linear(np.ones((1, 3)), w)).sum()
    >>> (layer,) = find_layers(derive(loss))
    >>> layer.form, layer.function
    ('rows', ('tanh',))
    """

    number: int
    previous: str
    weight: str
    bias: str | None
    weighted_input: str
    output: str
    form: str
    function: tuple[str, ...]


class _Map(NamedTuple):
    """A linear map as it was found: z and what it was computed from."""

    previous: str
    weight: str
    bias: str | None
    weighted_input: str
    form: str


def find_layers(derivation: Derivation) -> tuple[Layer, ...]:
    """Find the chain of layers that ends in the last linear map, in the order of computation.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize.replay import derive
    >>> x = ag.Tensor(3.0)
    >>> find_layers(derive(x * x))
    ()
    """
    graph = _Graph(derivation)
    maps = {found.weighted_input: found for found in map(graph.linear_map, graph.calls) if found}
    for identity in tuple(maps):  # the matmul inside of matmul + b is not a second map
        inside = graph.inner_product(identity)
        if inside is not None:
            maps.pop(inside, None)
    if not maps:
        return ()
    found = next(reversed(maps.values()))
    output, function = graph.activation(found.weighted_input)
    chain = [(found, output, function)]
    while True:
        before = graph.elementwise_source(found.previous, maps)
        if before is None:
            break
        source, function = before
        chain.append((maps[source], found.previous, function))
        found = maps[source]
    return tuple(
        Layer(number, item.previous, item.weight, item.bias, item.weighted_input, out, item.form, f)
        for number, (item, out, f) in enumerate(reversed(chain), 1)
    )


class _Graph:
    """What is looked up again and again: operations, shapes, and who uses whom."""

    def __init__(self, derivation: Derivation) -> None:
        self.vertices: dict[str, Vertex] = {v.identity: v for v in derivation.view.vertices}
        self.calls: dict[str, Call] = {
            step.identity: step.expression
            for step in derivation.forward
            if isinstance(step.expression, Call)
        }
        self.users: dict[str, list[str]] = {}
        for edge in derivation.view.edges:
            self.users.setdefault(edge.source, []).append(edge.target)
        self.elementwise = {
            step.identity
            for step in derivation.reverse
            if step.contributions and all(c.local is not None for c in step.contributions)
        }

    def shape(self, identity: str) -> tuple[int, ...]:
        vertex = self.vertices.get(identity)
        return () if vertex is None or vertex.shape is None else vertex.shape

    def linear_map(self, identity: str) -> _Map | None:
        """The linear map computed at a vertex, if that is what it is."""
        call = self.calls[identity]
        operands = [part.identity if isinstance(part, Symbol) else None for part in call.operands]
        if call.name == "linear":
            x, weight = operands[0], operands[1]
            bias = operands[2] if len(operands) > 2 else None
            if x and weight and len(self.shape(x)) in (1, 2):
                return _Map(x, weight, bias, identity, "rows")
        if call.name == "matmul":
            return self._product(identity, None, identity)
        if call.name == "add":
            inner = self.inner_product(identity)
            bias = next((part for part in operands if part != inner), None)
            if inner and bias:
                return self._product(inner, bias, identity)
        return None

    def inner_product(self, identity: str) -> str | None:
        """The matmul to which an addition adds a bias: a leaf or a constant, one number a unit."""
        call = self.calls[identity]
        if call.name != "add" or not all(isinstance(part, Symbol) for part in call.operands):
            return None
        left, right = (part.identity for part in call.operands if isinstance(part, Symbol))
        for inner, bias in ((left, right), (right, left)):
            product = self.calls.get(inner)
            is_bias = self.vertices[bias].kind in (Kind.LEAF, Kind.CONSTANT)
            fits = self.shape(inner) == self.shape(identity)
            if product is not None and product.name == "matmul" and is_bias and fits:
                return inner if self.users.get(inner) == [identity] else None
        return None

    def _product(self, inner: str, bias: str | None, identity: str) -> _Map | None:
        left, right = self.calls[inner].operands
        if not (isinstance(left, Symbol) and isinstance(right, Symbol)):
            return None
        x, y = left.identity, right.identity
        transposed = self.calls.get(y)
        if self._is_parameter(x) and len(self.shape(x)) == 2 and len(self.shape(y)) in (1, 2):
            return _Map(y, x, bias, identity, "columns")
        if transposed is not None and transposed.name == "transpose":
            weight = transposed.operands[0]
            if isinstance(weight, Symbol) and self._is_parameter(weight.identity):
                return _Map(x, weight.identity, bias, identity, "rows")
        if self._is_parameter(y) and len(self.shape(y)) == 2 and len(self.shape(x)) in (1, 2):
            return _Map(x, y, bias, identity, "plain")
        return None

    def _is_parameter(self, identity: str) -> bool:
        vertex = self.vertices[identity]
        return vertex.kind is Kind.LEAF and vertex.gradient.state is State.KNOWN

    def activation(self, identity: str) -> tuple[str, tuple[str, ...]]:
        """The output of the last layer: behind a function known as an activation, else z."""
        names: list[str] = []
        ends = [identity]
        while len(users := self.users.get(ends[-1], [])) == 1 and len(names) < len(BY_HAND[0]):
            if not self._keeps_shape(users[0], ends[-1]):
                break
            names.append(self.calls[users[0]].name)
            ends.append(users[0])
        if names and names[0] in ACTIVATIONS and self._is_only_operand(ends[1]):
            return ends[1], (names[0],)
        if tuple(names) in BY_HAND:
            return ends[-1], tuple(names)
        return identity, ()

    def elementwise_source(
        self, identity: str, maps: dict[str, _Map]
    ) -> tuple[str, tuple[str, ...]] | None:
        """The linear map before, and the functions between; each used only by what follows."""
        names: list[str] = []
        while len(set(self.users.get(identity, []))) == 1:
            if identity in maps:
                return identity, tuple(names)
            call = self.calls.get(identity)
            if call is None or identity not in self.elementwise:
                return None
            symbols = [part.identity for part in call.operands if isinstance(part, Symbol)]
            if len(symbols) != 1 or self.shape(symbols[0]) != self.shape(identity):
                return None
            names.insert(0, call.name)
            identity = symbols[0]
        return None

    def _keeps_shape(self, identity: str, operand: str) -> bool:
        return identity in self.elementwise and self.shape(identity) == self.shape(operand)

    def _is_only_operand(self, identity: str) -> bool:
        return sum(isinstance(part, Symbol) for part in self.calls[identity].operands) == 1
