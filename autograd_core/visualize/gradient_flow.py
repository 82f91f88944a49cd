"""How the gradient flows from a result back to one node: every contribution on the way, measured.

A reverse pass over the paths to that node only, which keeps of each contribution not the array
but its norm, its zeros and whether it is finite. Nothing is written into the graph.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograd_core.contributions import fit
from autograd_core.graph import Node, ancestors
from autograd_core.hooks import run_hooks
from autograd_core.overwriting import changed
from autograd_core.reverse import complete_outputs, gather_output, recover

from .evidence import Hooked, multiple
from .lost import TOLD_APART, first_and_count, lost_elements

__all__ = ["Flow", "Part", "flow", "is_finite", "norm"]

#: Operations whose slope is one number an element, which may be exactly 0.
SLOPED = {
    *("relu", "clip", "hardtanh", "hardsigmoid", "sign", "heaviside"),
    *("sigmoid", "tanh", "softplus", "log_sigmoid", "erf", "erfc", "ndtr", "silu", "gelu", "mish"),
    *("elu", "selu", "celu", "softsign", "arctan", "exp", "exp2", "expm1"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """What one operation passes on to one operand.

    Attributes
    ----------
    node, parent : Node
        The operation and its operand.
    position : int
    arriving, passed : float
        Norms of the gradient at the operation and of what is passed on.
    lost, size : int
        Elements where something arrives and nothing is passed on, of how many.
    index : tuple of int or None
        One of them.
    probed : bool
        Whether `lost` says where the slope is 0, also where nothing arrives.
    where : array of bool or None
        All of them, of the operations that have several reasons; None of the others.
    """

    node: Node
    parent: Node
    position: int
    arriving: float
    passed: float
    lost: int
    size: int
    index: tuple[int, ...] | None
    probed: bool = False
    where: Any = field(default=None, compare=False)


@dataclass(slots=True)
class Flow:
    """What was measured.

    Attributes
    ----------
    gradient : array or None
        At the node that was asked for; None where it cannot be known.
    parts : list of Part
        One for each operand, latest operation first.
    edges : list of Part
        The same with the operands of an operation that are one node, as in ``x * x``, taken
        together: ``passed`` is the norm of their sum.
    blockers : set of Node
        Operations that lie on every path and pass nothing on, whatever arrives.
    cancelled : list of Node
        Nodes whose contributions are not 0 and whose sum is.
    silenced : list of Node
        Nodes where a hook made 0 of a gradient.
    hooked : dict of Node to Hooked
        Nodes where a hook changed it.
    unknown : Node or None
        The first operation whose saved values are gone.
    overwritten : bool
        Whether they were overwritten rather than released.
    nodes : list of Node
        All that the result was computed from, by birth.
    """

    gradient: Any = None
    parts: list[Part] = field(default_factory=list)
    edges: list[Part] = field(default_factory=list)
    blockers: set[Node] = field(default_factory=set)
    cancelled: list[Node] = field(default_factory=list)
    silenced: list[Node] = field(default_factory=list)
    hooked: dict[Node, Hooked] = field(default_factory=dict)
    unknown: Node | None = None
    overwritten: bool = False
    nodes: list[Node] = field(default_factory=list)
    connected: bool = False

    def path(self) -> list[Part]:
        """The strongest path, from the operation next to the loss down to the operand asked for."""
        into: dict[Node, Part] = {}
        for part in self.edges:
            best = into.get(part.parent)
            if best is None or _strength(part) > _strength(best):
                into[part.parent] = part
        path: list[Part] = []
        node = self.edges[-1].parent if self.edges else None
        while node is not None and node in into:
            path.append(into[node])
            node = into[node].node
        return path[::-1]

    def arrivals(self) -> Counter[Node]:
        """From how many operations something arrives at each node."""
        return Counter(edge.parent for edge in self.edges if edge.passed)


def _strength(part: Part) -> tuple[float, float]:
    passed = part.passed if part.passed == part.passed else np.inf
    return passed, part.arriving


def flow(root: Node, target: Node, seed: Any) -> Flow:
    """Take the gradient from `root` to `target`, and measure it on the way.

    Parameters
    ----------
    root, target : Node
    seed : array
        The gradient at `root`, in the convention of the rules.
    """
    found = Flow(nodes=ancestors(root))
    on_path = {target}
    for node in found.nodes:
        if any(type(parent) is Node and parent in on_path for parent in node.parents):
            on_path.add(node)
    found.connected = root in on_path
    if not found.connected:
        return found
    rank = {node: position for position, node in enumerate(found.nodes)}
    reached = len(found.nodes)  # the earliest node that a later operation has among its operands
    gradients: dict[Node, Any] = {root: seed}
    fed: set[Node] = set()
    lost: set[Node] = set()  # whose gradient cannot be known in full
    with np.errstate(all="ignore"):
        for node in reversed(found.nodes):
            if node not in on_path or node.birth < target.birth:
                continue
            g = gradients.pop(node, None)
            if g is not None and node.extras is not None and "hooks" in node.extras:
                g = _hooked(found, node, g)
            if node is target:
                found.gradient = None if node in lost else g
                if node in fed and node not in lost and not norm(g):
                    _note_cancelling(found, node)
                break
            first = len(found.parts)
            _pass_on(found, node, g, gradients, on_path, fed, lost)
            parts = found.parts[first:]
            if rank[node] <= reached and parts and all(map(_blocks, parts)):
                found.blockers.add(node)
            ahead = [rank[p] for p in node.parents if type(p) is Node and p in on_path]
            reached = min(reached, *ahead) if ahead else reached
    return found


def _hooked(found: Flow, node: Node, g: Any) -> Any:
    given, g = g, run_hooks(node, g)
    if g is given or np.array_equal(g, given, equal_nan=True):
        return g
    change = Hooked(norm(given), norm(g), multiple(np.asarray(given), np.asarray(g)))
    found.hooked[node] = change
    if change.before and not change.after:
        found.silenced.append(node)
    return g


def _note_cancelling(found: Flow, node: Node) -> None:
    if node not in found.silenced:  # there it was a hook
        found.cancelled.append(node)


def _pass_on(  # noqa: C901 - one step of the pass, kept in one place
    found: Flow,
    node: Node,
    g: Any,
    gradients: dict[Node, Any],
    on_path: set[Node],
    fed: set[Node],
    lost: set[Node],
) -> None:
    ahead = [parent for parent in node.parents if type(parent) is Node and parent in on_path]
    if node in lost:
        lost.update(ahead)
        return
    if g is None:
        return
    arriving = norm(g)
    if node in fed and not arriving:
        _note_cancelling(found, node)
    if not node.plan.edges:
        gather_output(gradients, node, g)
        if arriving:
            fed.discard(node.parents[0])
        size = int(np.size(g))
        found.parts.append(Part(node, node.parents[0], 0, arriving, arriving, 0, size, None))
        found.edges.append(found.parts[-1])
        return
    saved = recover(node)
    if saved is None:
        if found.unknown is None:
            found.unknown, found.overwritten = node, changed(node.watch)
        lost.update(ahead)
        return
    if isinstance(g, list):
        g = complete_outputs(node, g)
    assert node.op is not None
    probe = _probe(node, g)
    sums: dict[Node, Any] = {}
    edges: dict[Node, Part] = {}
    for position, rule, pick in node.plan.edges:
        parent = node.parents[position]
        if parent not in on_path:
            continue
        given = saved if pick is None else pick(saved)
        part = rule(g, *given)
        if part is None:
            part = np.zeros(parent.shape, parent.dtype)[()]
        sent, slope = (g, part) if probe is None else (probe, rule(probe, *given))
        slope = 0.0 if slope is None else slope
        here = lost_elements(node.op, rule, sent, given, slope, parent.shape)
        kept = here if node.op.name in TOLD_APART and here.shape == parent.shape else None
        counted, probed = first_and_count(here), probe is not None
        part = fit(part, parent.shape, parent.dtype)
        passed = norm(part)
        edge = Part(node, parent, position, arriving, passed, *counted, probed, kept)
        found.parts.append(edge)
        if passed:
            fed.add(parent)
        present = gradients.get(parent)
        gradients[parent] = part if present is None else present + part
        if parent in sums:
            sums[parent] = sums[parent] + part
            edges[parent] = replace(edges[parent], passed=norm(sums[parent]))
        else:
            sums[parent], edges[parent] = part, edge
    found.edges += edges.values()


def _blocks(part: Part) -> bool:
    return part.lost == part.size > 0 and bool(part.arriving or part.probed)


def _probe(node: Node, g: Any) -> Any:
    """What to send through an operation to see where its slope is 0: 1 where nothing arrives."""
    assert node.op is not None
    if node.op.name not in SLOPED or isinstance(g, list | tuple) or np.all(g):
        return None
    return np.where(np.asarray(g) == 0, np.ones_like(g), g)[()]


def norm(gradient: Any) -> float:
    """The 2-norm, of one gradient or of several together, without overflow on the way.

    Examples
    --------
    >>> import numpy as np
    >>> f"{norm(np.array([3e200, 4e200])):.4g}"
    '5e+200'
    """
    if isinstance(gradient, list | tuple):
        parts = [norm(part) for part in gradient if part is not None]
        return norm(np.array(parts)) if parts else 0.0
    array = np.abs(np.asarray(gradient))
    if array.dtype.itemsize < 8:
        array = array.astype(np.float64)
    largest = float(array.max()) if array.size else 0.0
    if largest == 0 or not np.isfinite(largest):
        return largest
    return float(largest * np.sqrt(np.sum(np.square(array / largest))))


def is_finite(value: float) -> bool:
    """Whether a norm is of finite numbers only.

    Examples
    --------
    >>> is_finite(float("nan"))
    False
    """
    return bool(np.isfinite(value))
