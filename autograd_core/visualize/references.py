"""Cutting edges that would cross the whole picture: a small reference stands in for them.

A leaf that all of a thousand steps use (``z = z * r + x``) would be tied to each of them by an
edge as long as the picture. Nobody can follow those, and laying them out costs the square of
their number. Beyond a number of steps, an edge therefore starts from a chip with the name of its
source, next to where it is used.
"""

from __future__ import annotations

from dataclasses import replace

from .view import Edge, GraphView, Kind, Vertex

__all__ = ["cut_long_edges", "levels"]

FREE = 300  # a picture whose edges cross at most this many steps in all is left as it is
LONGEST = 12  # steps that an edge may cross in a picture that is bigger


def levels(view: GraphView) -> dict[str, int]:
    """Return for each vertex the number of steps before it; sources stand next to their use.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> x = ag.Tensor(2.0)
    >>> levels(read(x * x + x))
    {'0': 0, '1': 1, '2': 2}
    """
    level = {vertex.identity: 0 for vertex in view.vertices}
    used = {edge.target for edge in view.edges}
    first_use: dict[str, int] = {}
    # Vertices stand by ascending birth and edges by their targets: one pass settles each level.
    for edge in view.edges:
        level[edge.target] = max(level[edge.target], level[edge.source] + 1)
    for edge in view.edges:
        if edge.source not in used:
            before = level[edge.target] - 1
            first_use[edge.source] = min(first_use.get(edge.source, before), before)
    return level | first_use


def cut_long_edges(view: GraphView, *, free: int = FREE, longest: int = LONGEST) -> GraphView:
    """Replace edges that cross more than ``longest`` steps by references, if it is worth it.

    Parameters
    ----------
    view : GraphView
    free : int
        Nothing is replaced while all edges together cross at most this many steps.
    longest : int
        Steps that an edge may cross otherwise.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> x = z = ag.Tensor(2.0, name="x")
    >>> for _ in range(5):
    ...     z = z + x
    >>> cut = cut_long_edges(read(z), free=5, longest=3)
    >>> [vertex.identity for vertex in cut.vertices if vertex.kind.value == "reference"]
    ['r4_1', 'r5_1']
    """
    level = levels(view)
    spans = [level[edge.target] - level[edge.source] for edge in view.edges]
    if sum(spans) <= free:
        return view
    vertices = {vertex.identity: vertex for vertex in view.vertices}
    references: dict[str, Vertex] = {}
    edges = []
    for edge, span in zip(view.edges, spans, strict=True):
        if span > longest:
            chip = _reference(vertices[edge.source], edge)
            references[chip.identity] = chip
            edges.append(replace(edge, source=chip.identity))
        else:
            edges.append(edge)
    return replace(view, vertices=(*view.vertices, *references.values()), edges=tuple(edges))


def _reference(source: Vertex, edge: Edge) -> Vertex:
    return replace(
        source, identity=f"r{edge.target}_{edge.position}", kind=Kind.REFERENCE, expression=""
    )
