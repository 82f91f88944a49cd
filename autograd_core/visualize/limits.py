"""Leaving out what is far from the result; one box says how much that is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from .view import Edge, GraphView, Kind, Quantity, State, Vertex

__all__ = ["keep_latest", "keep_near"]

NOT_COMPUTED = Quantity(State.NOT_COMPUTED)
EARLIER = "earlier"
SOURCES = {Kind.LEAF, Kind.CONSTANT}


def keep_near(view: GraphView, depth: int) -> GraphView:
    """Keep what is at most ``depth`` steps back from the result.

    Parameters
    ----------
    view : GraphView
    depth : int
        1 keeps the result and its operands.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> x = ag.Tensor(2.0, name="x")
    >>> [vertex.label for vertex in keep_near(read(x * x * x * x), 1).vertices]
    ['1 earlier node', 'x', 'v2', 'v3']
    """
    operands = _operands(view)
    reached = {view.vertices[-1].identity}
    front = list(reached)
    for _ in range(depth):
        front = [source for target in front for source in operands.get(target, ())]
        front = [source for source in dict.fromkeys(front) if source not in reached]
        reached.update(front)
        if not front:
            break
    return _keep(view, reached, "depth")


def keep_latest(view: GraphView, limit: int) -> GraphView:
    """Keep the latest ``limit`` boxes, and the leaves and constants that they use.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> x = ag.Tensor(2.0, name="x")
    >>> [vertex.label for vertex in keep_latest(read(x * x * x * x), 2).vertices]
    ['1 earlier node', 'x', 'v2', 'v3']
    """
    boxes = [vertex.identity for vertex in view.vertices if vertex.kind is not Kind.CONSTANT]
    if len(boxes) <= limit:
        return view
    kept = set(boxes[len(boxes) - limit :])
    sources = {vertex.identity for vertex in view.vertices if vertex.kind in SOURCES}
    kept |= {edge.source for edge in view.edges if edge.target in kept} & sources
    return _keep(view, kept, "limit")


def _operands(view: GraphView) -> dict[str, list[str]]:
    operands: dict[str, list[str]] = {}
    for edge in view.edges:
        operands.setdefault(edge.target, []).append(edge.source)
    return operands


def _keep(view: GraphView, kept: Collection[str], option: str) -> GraphView:
    vertices = tuple(vertex for vertex in view.vertices if vertex.identity in kept)
    left_out = [vertex for vertex in view.vertices if vertex.identity not in kept]
    count = view.total - sum(map(_nodes, vertices))
    if not left_out or count < 1:
        return view
    edges = []
    tied = set()
    for edge in view.edges:
        if edge.target not in kept:
            continue
        if edge.source in kept:
            edges.append(edge)
        elif edge.target not in tied:  # one edge stands for all that came from there
            tied.add(edge.target)
            edges.append(Edge(EARLIER, edge.target, edge.position))
    leaves = sum(vertex.kind is Kind.LEAF for vertex in left_out)
    box = Vertex(
        identity=EARLIER,
        kind=Kind.FOLDED,
        label=f"{count:,} earlier node{'s' * (count > 1)}",
        named=False,
        expression="",
        value=NOT_COMPUTED,
        gradient=NOT_COMPUTED,
        shape=None,
        dtype=None,
        note=_note(leaves, option),
    )
    return replace(view, vertices=(box, *vertices), edges=tuple(edges))


def _nodes(vertex: Vertex) -> int:
    """How many nodes of the graph a vertex stands for."""
    if vertex.kind in (Kind.CONSTANT, Kind.FOLDED, Kind.REFERENCE):
        return 0
    return 1 if vertex.repeat is None else vertex.repeat.nodes


def _note(leaves: int, option: str) -> str:
    inside = f"{leaves:,} of them {'leaves' if leaves > 1 else 'a leaf'}; " if leaves else ""
    return f"{inside}draw(..., {option}=) shows more"
