"""Writing a graph view as DOT: what each kind of vertex looks like.

Labels are Graphviz's HTML-like tables; every text from outside is escaped on its way in, so
names like ``<script>`` or ``a|b`` are shown as they are. Colours are from the palette of Okabe
and Ito (2008, https://jfly.uni-koeln.de/color/), which colour-blind readers can tell apart, and
kinds also differ in border and weight, so that a grey print still shows them.
"""

from __future__ import annotations

import html
import unicodedata
from dataclasses import dataclass
from typing import Any

from .format import describe_array, shorten, visible
from .view import GraphView, Kind, Quantity, State, Vertex

__all__ = ["DIRECTIONS", "Style", "write"]

#: Where the result stands, seen from the leaves.
DIRECTIONS = {"LR": "right", "TB": "below", "RL": "left", "BT": "above"}

FONT = "Helvetica"  # both renderers know its measures; browsers map it to what they have
INK, QUIET, LINE = "#1f2933", "#616e7c", "#9aa5b1"
GRADIENT, UNKNOWN = "#a33c00", "#7b8794"
QUIET_EDGE = {"color": LINE, "penwidth": "0.8", "arrowsize": "0.5", "weight": "1"}
LONGEST_EXPRESSION = 48


@dataclass(frozen=True, slots=True)
class Style:
    """The look of one kind of vertex.

    Examples
    --------
    >>> Style(border="#0072b2", fill="#e3f0f8").width
    1
    """

    border: str
    fill: str
    width: int = 1
    dashed: bool = False


STYLES = {
    Kind.LEAF: Style(border="#0072b2", fill="#e3f0f9"),
    Kind.OPERATION: Style(border="#9aa5b1", fill="#f5f7fa"),
    Kind.RESULT: Style(border="#007a5a", fill="#dff3ec", width=2),
    Kind.FOLDED: Style(border="#616e7c", fill="#ffffff", dashed=True),
}


def write(
    view: GraphView,
    graph: Any,
    *,
    direction: str = "LR",
    values: bool = True,
    gradients: bool = True,
    shapes: bool = True,
) -> None:
    """Write ``view`` into ``graph``.

    Parameters
    ----------
    view : GraphView
    graph : graphviz.Digraph
        Gets the attributes, nodes and edges; nothing else of it is used.
    direction : str
        One of ``DIRECTIONS``.
    values, gradients, shapes : bool
        Which rows each vertex has.

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
    graph.attr(
        "graph", rankdir=direction, bgcolor="white", pad="0.15", nodesep="0.22", ranksep="0.38"
    )
    graph.attr("node", shape="plain", fontname=FONT, fontsize="11", fontcolor=INK)
    # The weight keeps chains straight: constants on one side would push each step a bit lower.
    graph.attr("edge", color="#7b8794", arrowsize="0.65", penwidth="1.1", weight="4")
    rows = _Rows(values, gradients, shapes)
    quiet = {Kind.CONSTANT, Kind.REFERENCE}
    kinds = {}
    for vertex in view.vertices:
        kinds[vertex.identity] = vertex.kind
        label = rows.quiet(vertex) if vertex.kind in quiet else rows.card(vertex)
        graph.node(vertex.identity, label=f"<{label}>")
    for edge in view.edges:
        if kinds[edge.source] in quiet:
            graph.edge(edge.source, edge.target, **QUIET_EDGE)
        elif kinds[edge.source] is Kind.FOLDED:
            graph.edge(edge.source, edge.target, style="dashed")
        else:
            graph.edge(edge.source, edge.target)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Builds the labels, with the rows that were asked for."""

    values: bool
    gradients: bool
    shapes: bool

    def card(self, vertex: Vertex) -> str:
        style = STYLES[vertex.kind]
        lines = [_cell(_title(vertex), _title_text(vertex), span=2, align="left")]
        single = vertex.shape is not None
        if self.values and single:
            lines.append(_row("value", vertex.value, INK))
        if self.gradients and single:
            lines.append(_row("grad", vertex.gradient, GRADIENT))
        if self.shapes and _worth_saying(vertex):
            assert vertex.shape is not None
            lines.append(_small_line(describe_array(vertex.shape, vertex.dtype)))
        if vertex.kind is Kind.FOLDED:
            lines.append(_small_line("left out: draw(..., limit=) shows more"))
        border = "rounded,dashed" if style.dashed else "rounded"
        return (
            f'<table border="{style.width}" cellborder="0" cellspacing="0" cellpadding="5"'
            f' style="{border}" color="{style.border}" bgcolor="{style.fill}">'
            f"<tr><td>{_table(lines)}</td></tr></table>"
        )

    def quiet(self, vertex: Vertex) -> str:
        """Constants and references: grey text without a box."""
        label = vertex.label
        if vertex.kind is Kind.REFERENCE:
            content = f'<font color="{QUIET}"><i>{_escape(label)}</i></font>'
        else:
            content = f'<font color="{QUIET}">{_escape(label)}</font>'
        lines = [_cell(content, label, align="center")]
        if vertex.kind is Kind.CONSTANT and vertex.shape:
            if self.values:
                text = vertex.value.text
                lines.append(_cell(_small(text), text, align="center"))
            if self.shapes:  # a nameless array is already called by its shape
                named = vertex.named
                text = describe_array(vertex.shape, vertex.dtype) if named else str(vertex.dtype)
                lines.append(_cell(_small(text), text, align="center"))
        return _table(lines)


def _table(lines: list[str]) -> str:
    rows = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table border="0" cellborder="0" cellspacing="0" cellpadding="1">{rows}</table>'


def _title(vertex: Vertex) -> str:
    """The name in bold where it is the user's; the expression after it."""
    name = _escape(vertex.label)
    expression = _escape(shorten(vertex.expression, LONGEST_EXPRESSION))
    if not expression:
        unnamed = vertex.kind is Kind.LEAF and not vertex.named
        return f'<font color="{QUIET}">{name}</font>' if unnamed else f"<b>{name}</b>"
    if vertex.named:
        return f"<b>{name}</b> = {expression}"
    return f'<font color="{QUIET}">{name} =</font> {expression}'


def _title_text(vertex: Vertex) -> str:
    return f"{vertex.label} = {vertex.expression}"[: LONGEST_EXPRESSION + 40]


def _row(caption: str, quantity: Quantity, colour: str) -> str:
    text = _escape(quantity.text)
    if quantity.state is State.KNOWN:
        content = f'<font color="{colour}">{text}</font>'
    elif quantity.state is State.RELEASED:
        content = f'<s><font color="{UNKNOWN}">&#160;{text}&#160;</font></s>'
    else:
        content = f'<i><font color="{UNKNOWN}">{text}</font></i>'
    left = _cell(f'<font color="{QUIET}" point-size="9">{caption}&#160;&#160;</font>', caption)
    return left + _cell(content, quantity.text, align="right")


def _small_line(text: str) -> str:
    return _cell(_small(text), text, span=2, align="left")


def _small(text: str) -> str:
    return f'<font color="{QUIET}" point-size="9">{_escape(text)}</font>'


def _cell(content: str, text: str, *, align: str = "left", span: int = 1) -> str:
    """One table cell; ``text`` is what ``content`` shows, to reserve room for it."""
    attributes = f' align="{align}"'
    if span > 1:
        attributes += f' colspan="{span}"'
    if not text.isascii():
        # Graphviz without a text engine measures letters beyond ASCII as blanks.
        attributes += f' width="{_estimated_width(text)}"'
    return f"<td{attributes}>{content}</td>"


def _estimated_width(text: str, size: float = 11) -> int:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return round(size * (0.5 * (len(text) - wide) + wide)) + 4


def _escape(text: str) -> str:
    # Doubled: Graphviz replaces a backslash and a letter in any label (by the node's name, ...).
    return html.escape(visible(text)).replace("\\", r"\\")


def _worth_saying(vertex: Vertex) -> bool:
    """Shape and dtype are shown unless they are the usual: one float64 number."""
    return vertex.shape is not None and (vertex.shape != () or str(vertex.dtype) != "float64")
