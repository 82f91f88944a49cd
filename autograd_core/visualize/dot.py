"""Writing a graph view as DOT: boxes, the frames around clusters, and edges.

What a box says is in ``cards``, colours are in ``palette``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import graphviz  # type: ignore[import-untyped]

from .cards import ARROW, QUIET, Cards, Show, escape, text_cell
from .palette import AUTO, DARK, LIGHT, Palette
from .view import Edge, Flow, GraphView, Kind

__all__ = ["DIRECTIONS", "write"]

#: Where the result stands, seen from the leaves.
DIRECTIONS = {"LR": "right", "TB": "below", "RL": "left", "BT": "above"}

FONT = "Helvetica"  # both renderers know its measures; browsers map it to what they have
THINNEST, THICKEST = 0.7, 5.0
DECADES = 3  # an edge whose gradient is 1000 times smaller than the largest is the thinnest
MOST_LABELS, LONGEST_LABEL = 40, 12  # edges that carry their gradient as a number
BIG = 300  # from this many vertices on, edges are straight: splines around boxes cost too much


def write(
    view: GraphView,
    graph: Any,
    *,
    direction: str = "LR",
    values: bool = True,
    gradients: bool = True,
    shapes: bool = True,
    dtypes: bool | None = None,
    operations: bool = True,
    theme: str = "light",
) -> None:
    """Write ``view`` into ``graph``.

    Nodes have the ids ``n3``, edges ``e3_5_0`` (source, target, position), so that a page can
    find them in the SVG; their classes are the kinds.

    Parameters
    ----------
    view : GraphView
    graph : graphviz.Digraph
        Gets the attributes, nodes and edges; nothing else of it is used.
    direction : str
        One of ``DIRECTIONS``.
    values, gradients, shapes, dtypes, operations : bool
        What each box says; `dtypes` follows `shapes` by default.
    theme : str
        ``"light"``, ``"dark"`` or ``"auto"``, which is light until `follow_reader` is applied
        to the SVG.

    Examples
    --------
    >>> import graphviz
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> graph = graphviz.Digraph()
    >>> write(read(ag.Tensor(2.0, name="<x>") * 3.0), graph)
    >>> "&lt;x&gt;" in graph.source, "<x>" in graph.source
    (True, False)
    """
    palette = DARK if theme == "dark" else LIGHT
    cards = Cards(Show(values, gradients, shapes, dtypes, operations), palette)
    _set_defaults(graph, palette, direction, theme, big=len(view.vertices) > BIG)
    frames = {
        cluster.identity: graphviz.Digraph(f"cluster_{cluster.identity}")
        for cluster in view.clusters
    }
    if operations and view.clusters:
        view = _without_numbers(view)
    kinds = {}
    for vertex in view.vertices:
        kinds[vertex.identity] = vertex.kind
        frames.get(vertex.cluster, graph).node(
            vertex.identity,
            label=f"<{cards.label(vertex)}>",
            id=f"n{vertex.identity}",
            **{"class": vertex.kind.value},
        )
    _write_clusters(view, graph, frames, palette)
    _write_edges(view, graph, kinds, palette)


def _set_defaults(graph: Any, palette: Palette, direction: str, theme: str, *, big: bool) -> None:
    cost = {"splines": "line", "nslimit": "2", "mclimit": "0.5"} if big else {}
    graph.attr(
        "graph",
        rankdir=direction,
        bgcolor=palette.page,
        pad="0.15",
        nodesep="0.22",
        ranksep="0.38",
        fontname=FONT,
        fontcolor=palette.quiet,
        fontsize="10",
        **({"class": AUTO} if theme == "auto" else {}),
        **cost,
    )
    graph.attr("node", shape="plain", fontname=FONT, fontsize="11", fontcolor=palette.ink)
    # The weight keeps chains straight: constants on one side would push each step a bit lower.
    graph.attr(
        "edge",
        color=palette.line,
        arrowsize="0.65",
        penwidth="1.1",
        weight="4",
        fontname=FONT,
        fontsize="9",
    )


def _without_numbers(view: GraphView) -> GraphView:
    """Numbers stand in the formulas; beside the frames their edges would go long ways round."""
    numbers = {
        vertex.identity
        for vertex in view.vertices
        if vertex.kind is Kind.CONSTANT and vertex.shape == ()
    }
    return replace(
        view,
        vertices=tuple(vertex for vertex in view.vertices if vertex.identity not in numbers),
        edges=tuple(edge for edge in view.edges if edge.source not in numbers),
    )


def _write_clusters(view: GraphView, graph: Any, frames: dict[str, Any], palette: Palette) -> None:
    """Put each frame into the one around it, innermost first."""
    for cluster in reversed(view.clusters):  # parents stand before their children
        frame = frames[cluster.identity]
        title = text_cell(f"<b>{escape(cluster.title)}</b>", cluster.title)
        frame.attr(
            label=f'<<table border="0" cellborder="0" cellpadding="2"><tr>{title}</tr></table>>',
            id=f"cluster_{cluster.identity}",
            labeljust="l",
            style="rounded,filled",
            color=palette.cluster,
            fillcolor=palette.inner_fill if cluster.parent else palette.cluster_fill,
            margin="10",
        )
        frames.get(cluster.parent, graph).subgraph(frame)


def _write_edges(view: GraphView, graph: Any, kinds: dict[str, Kind], palette: Palette) -> None:
    flows = [edge.flow for edge in view.edges if edge.flow is not None]
    largest = max((flow.size for flow in flows if math.isfinite(flow.size)), default=0.0)
    numbers = [number for flow in flows for number in flow.text.split(ARROW)]
    few = len(flows) <= MOST_LABELS and max(map(len, numbers), default=0) <= LONGEST_LABEL
    for edge in view.edges:
        identity = f"e{edge.source}_{edge.target}_{edge.position}"
        if edge.flow is not None:
            look = _flowing(edge.flow, largest, palette, with_label=few)
        elif flows and kinds[edge.source] not in QUIET:
            look = {"color": palette.faint, "penwidth": str(THINNEST), "style": "dotted"}
        else:
            look = _plain(edge, kinds, palette)
        if view.clusters and kinds[edge.source] is not Kind.LEAF:
            look.setdefault("weight", "20")  # what goes from frame to frame, straight
        graph.edge(edge.source, edge.target, id=identity, **look)
    if flows:
        graph.attr("graph", label=f"<{_legend(view, palette)}>", labelloc="b", labeljust="l")


def _plain(edge: Edge, kinds: dict[str, Kind], palette: Palette) -> dict[str, str]:
    if kinds[edge.source] in QUIET:
        return {"color": palette.faint, "penwidth": "0.8", "arrowsize": "0.5", "weight": "1"}
    return {"style": "dashed"} if kinds[edge.source] is Kind.FOLDED else {}


def _flowing(flow: Flow, largest: float, palette: Palette, *, with_label: bool) -> dict[str, str]:
    """Width by size, colour and line style by sign."""
    if not math.isfinite(flow.size):
        look = {"color": palette.broken, "penwidth": "3", "style": "dotted", "class": "broken"}
    elif flow.size == 0:
        look = {"color": palette.faint, "penwidth": "0.7", "style": "dotted", "class": "zero"}
    else:
        share = 1 + math.log10(flow.size / largest) / DECADES if largest else 0.0
        width = THINNEST + (THICKEST - THINNEST) * min(max(share, 0.0), 1.0)
        colour, style, name = {
            1: (palette.positive, "solid", "positive"),
            -1: (palette.negative, "dashed", "negative"),
        }.get(flow.sign or 0, (palette.quiet, "solid", "mixed"))
        look = {"color": colour, "penwidth": f"{width:.2f}", "style": style, "class": name}
        look["arrowsize"] = f"{max(0.3, 0.7 - 0.07 * width):.2f}"
    if with_label:
        text = text_cell(escape(flow.text), flow.text)
        look["label"] = f'<<table border="0" cellpadding="1"><tr>{text}</tr></table>>'
        look["fontcolor"] = look["color"] if flow.size else palette.quiet
    return look


def _legend(view: GraphView, palette: Palette) -> str:
    flows = [(edge, edge.flow) for edge in view.edges if edge.flow is not None]
    finite = [(edge, flow) for edge, flow in flows if math.isfinite(flow.size)]
    seen = {0 if flow.size == 0 else flow.sign for _, flow in finite}
    without_sign = [edge for edge, flow in finite if flow.size and flow.sign is None]
    parts = [
        (1, palette.positive, "solid: positive"),
        (-1, palette.negative, "dashed: negative"),
        (None, palette.quiet, f"grey: {_why_grey(view, without_sign)}"),
        (0, palette.quiet, "dotted: exactly 0"),
    ]
    words = [
        f'<font color="{colour}">{text}</font>' for sign, colour, text in parts if sign in seen
    ]
    if len(finite) < len(flows):
        words.append(f'<font color="{palette.broken}">dotted, thick: infinite or nan</font>')
    caption = "Edges: the gradient sent back, wider is larger; "
    return f'<font color="{palette.quiet}">{caption}</font>' + ", ".join(words)


def _why_grey(view: GraphView, edges: Iterable[Edge]) -> str:
    """Complex numbers have no sign, and those of an array may have both."""
    dtypes = {vertex.identity: vertex.dtype for vertex in view.vertices}
    # An operation with several outputs has no dtype of its own; what uses it is one of them.
    owners = [edge.target if dtypes[edge.source] is None else edge.source for edge in edges]
    kinds = {getattr(dtypes[owner], "kind", "") for owner in owners}
    if kinds == {"c"}:
        return "complex"
    return "both signs, or complex" if "c" in kinds else "both signs"
