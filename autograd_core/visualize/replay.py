"""Both passes of a recorded graph once more, step by step, as records.

The numbers are the engine's: the gradients of all nodes come from the same walk as those of
pictures, each contribution from the rule that the reverse pass calls. Nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_core.graph import Node, ancestors
from autograd_core.reverse import lost_gradients, recover
from autograd_core.tensor import Tensor

from .derivation import Contribution, Derivation, ForwardStep, ReverseStep
from .gradients import gradients_of, lost_gradient
from .graph_symbols import GraphSymbols
from .order import reason
from .reading import read
from .rule_numbers import fitted, inward, outward, settled_zeros
from .rules_in_symbols import RuleTracer
from .sources import Sources
from .symbols import Expression
from .view import GraphView, Quantity, State

__all__ = ["LIMIT", "derive"]

#: Nodes explained when ``limit`` is not given.
LIMIT = 2_000

#: Bytes of contributions and running sums that are kept; what comes later is *not kept*.
BUDGET = 64 << 20

#: What the gradient at a node is when all that was sent to it has arrived.
COMPLETE = (State.KNOWN, State.STORED, State.SEVERAL)
NOT_COMPUTED, RELEASED = Quantity(State.NOT_COMPUTED), Quantity(State.RELEASED)
NOT_KEPT, SEVERAL = Quantity(State.NOT_KEPT), Quantity(State.SEVERAL)


def derive(
    tensor: Tensor,
    names: Mapping[str, Any] | None = None,
    *,
    seed: Any = None,
    limit: int | None = LIMIT,
) -> Derivation:
    """Replay how ``tensor`` was computed and how its gradient flows back.

    Parameters
    ----------
    tensor : Tensor
    names, seed, limit
        As in :func:`autograd_core.explain`.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x, w = ag.Tensor(2.0, name="x"), ag.Tensor(3.0, name="w")
    >>> for step in derive(x * w).reverse:
    ...     print(step.identity, step.incoming.text, [c.amount.text for c in step.contributions])
    2 1 ['3', '2']
    0 3 []
    1 2 []
    """
    view = read(tensor, names, gradients=False, limit=limit)
    root = tensor._node
    assert root is not None
    nodes = ancestors(root)
    symbols = GraphSymbols(nodes, view)
    gradients = gradients_of(root, seed)
    start = np.broadcast_to(np.asarray(1 if seed is None else seed, root.dtype), root.shape)[()]
    walk = _Walk(root, nodes, symbols, gradients, start)
    view = _settled(view, nodes, gradients, walk.missing)
    values = {vertex.identity: vertex.value for vertex in view.vertices}
    sources = Sources()
    forward = tuple(
        ForwardStep(
            symbols.identity[node],
            symbols.forward(node),
            values[symbols.identity[node]],
            *sources.of(node),
        )
        for node in walk.shown
    )
    return Derivation(view, forward, walk.reverse(), _is_scalar(view))


def _is_scalar(view: GraphView) -> bool:
    return all(
        vertex.shape == () and np.dtype(vertex.dtype).kind in "fiub" for vertex in view.vertices
    )


def _settled(
    view: GraphView, nodes: list[Node], gradients: Mapping[Node, Any], missing: Any
) -> GraphView:
    """The view with all gradients, and with values that stay what they are now."""
    vertices = []
    for vertex in view.vertices:
        value = vertex.value
        if isinstance(value.data, np.ndarray):
            value = Quantity(value.state, value.data.copy())
        gradient = vertex.gradient
        if vertex.identity.isdigit():
            node = nodes[int(vertex.identity)]
            present = gradients.get(node)
            gradient = missing(node) if present is None else _quantity(node, present)
        vertices.append(replace(vertex, value=value, gradient=gradient))
    return replace(view, vertices=tuple(vertices))


def _quantity(node: Node, gradient: Any) -> Quantity:
    several = node.op is not None and node.op.multiple
    return SEVERAL if several else Quantity(State.KNOWN, gradient)


class _Walk:
    """The reverse pass over the nodes that are shown, with everything that it adds."""

    def __init__(
        self,
        root: Node,
        nodes: list[Node],
        symbols: GraphSymbols,
        gradients: dict[Node, Any],
        start: Any,
    ) -> None:
        self.root, self.symbols, self.gradients = root, symbols, gradients
        self.start = start
        self.shown = [node for node in nodes if symbols.identity[node] in symbols.labels]
        self.seeded = root in gradients
        self.totals: dict[tuple[Node, int | None], Any] = {}
        # Whose gradient misses what something released would have sent.
        self.lost = lost_gradients(root) if self.seeded else set()
        # How much has arrived: by node, and by output where a node has several.
        self.arrived: dict[tuple[Node, int | None], int] = {}
        self.kept = 0
        self.tracer = RuleTracer(symbols, symbols.real)
        self.consumers = self._consumers(nodes)

    def _consumers(self, nodes: list[Node]) -> dict[Node, dict[str, str]]:
        """For each node what used it: identities in the view, and labels."""
        consumers: dict[Node, dict[str, str]] = {node: {} for node in self.shown}
        for node in nodes:
            for parent in node.parents:
                if type(parent) is Node and parent in consumers:
                    target = self.symbols.target(node)
                    label = self.symbols.label(node) if target != "earlier" else "earlier nodes"
                    consumers[parent][target] = label
        return consumers

    def missing(self, node: Node) -> Quantity:
        """Why there is no gradient at a node."""
        return lost_gradient(node) if node in self.lost else NOT_COMPUTED

    def reverse(self) -> tuple[ReverseStep, ...]:
        """All steps: operations from the latest on, then the leaves as they were made."""
        operations = [node for node in reversed(self.shown) if node.op is not None]
        leaves = [node for node in self.shown if node.op is None]
        drafts = [(node, self._contributions(node)) for node in operations]
        return tuple(
            self._step(
                node,
                [replace(c, arrivals=self.arrived[parent, c.output]) for parent, c in parts],
                b,
            )
            for node, (parts, b) in [*drafts, *((leaf, ([], False)) for leaf in leaves)]
        )

    def _step(self, node: Node, parts: list[Contribution], branched: bool) -> ReverseStep:
        gradient = self.gradients.get(node)
        several = node.op is not None and node.op.multiple
        incoming = self.missing(node) if gradient is None else _quantity(node, gradient)
        consumers = self.consumers[node]
        arrives = gradient is not None or not self.seeded or (node, None) in self.arrived
        return ReverseStep(
            identity=self.symbols.identity[node],
            incoming=incoming,
            contributions=tuple(parts),
            consumers=tuple(consumers),
            reason=reason(
                self.symbols.label(node),
                list(consumers.values()),
                result=node is self.root,
                leaf=node.op is None,
                reached=arrives or node in self.lost,
                complete=incoming.state in COMPLETE or not self.seeded,
            ),
            branched=branched,
            hooked=self._hooked(node, incoming),
            outputs=len(node.shape) if several else 0,
        )

    def _hooked(self, node: Node, incoming: Quantity) -> Quantity | None:
        """What had arrived at a node, where a hook made something else of it."""
        if incoming.state is not State.KNOWN or "hooks" not in (node.extras or ()):
            return None
        arrived = self.start if node is self.root else self.totals.get((node, None))
        if arrived is None or np.array_equal(arrived, incoming.data, equal_nan=True):
            return None
        return self._kept(arrived)

    def _contributions(self, node: Node) -> tuple[list[tuple[Node, Contribution]], bool]:
        gradient = self.gradients.get(node)
        if self.seeded and gradient is None and node not in self.lost:
            return [], False  # no gradient reaches it, so it passes none on
        if not node.plan.edges:
            return [self._to_operation(node, gradient)], False
        found, branched = [], False
        saved = recover(node)
        g = None if gradient is None else inward(node, gradient)
        for edge in node.plan.edges:
            position, rule, pick = edge
            parent = node.parents[position]
            part = local = None
            settled = False
            formula, expression = self.tracer.formula(node, edge, saved, g)
            branched |= formula.branched
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                if g is not None and saved is not None:
                    arguments = saved if pick is None else pick(saved)
                    part = rule(g, *arguments)
                    if part is None:
                        continue
                    settled = settled_zeros(rule, g, arguments, part)
                    part = outward(fitted(part, parent))
                if expression is not None and saved is not None:
                    one = np.ones(node.shape, node.dtype)[()]
                    local = rule(one, *(saved if pick is None else pick(saved)))
            gone = NOT_COMPUTED if not self.seeded else RELEASED
            amount = gone if part is None else Quantity(State.KNOWN, part)
            slope = RELEASED if saved is None else NOT_COMPUTED
            if local is not None:
                slope = self._kept(local)
            added = self._contribution(
                parent, position, formula.expression, amount, expression, slope
            )
            found.append((parent, replace(added, settled=settled)))
        return found, branched

    def _to_operation(self, node: Node, gradient: Any) -> tuple[Node, Contribution]:
        """What one output hands to the operation with several of them: its gradient."""
        parent = node.parents[0]
        assert node.keywords is not None
        gone = NOT_COMPUTED if not self.seeded else RELEASED
        amount = gone if gradient is None else Quantity(State.KNOWN, gradient)
        rule = self.symbols.gradient(node)
        output = node.keywords["index"]
        return parent, self._contribution(parent, 0, rule, amount, None, NOT_COMPUTED, output)

    def _contribution(
        self,
        parent: Node,
        position: int,
        rule: Expression,
        amount: Quantity,
        local: Expression | None,
        local_value: Quantity,
        output: int | None = None,
    ) -> Contribution:
        place = parent, output
        self.arrived[place] = self.arrived.get(place, 0) + 1
        total = amount
        if amount.state is State.KNOWN:
            present = self.totals.get(place)
            with np.errstate(over="ignore", invalid="ignore"):
                sum_ = amount.data if present is None else present + amount.data
            self.totals[place] = sum_
            partial = parent in self.lost and output is None
            total = RELEASED if partial else Quantity(State.KNOWN, sum_)
        return Contribution(
            target=self.symbols.target(parent),
            position=position,
            local=local,
            local_value=local_value,
            rule=rule,
            amount=self._kept(amount.data) if amount.state is State.KNOWN else amount,
            total=self._kept(total.data) if total.state is State.KNOWN else total,
            arrival=self.arrived[place],
            arrivals=0,
            output=output,
        )

    def _kept(self, value: Any) -> Quantity:
        self.kept += getattr(value, "nbytes", 0)
        return Quantity(State.KNOWN, value) if self.kept <= BUDGET else NOT_KEPT
