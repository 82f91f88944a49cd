"""Where the vertices and edges of the page's picture stand.

Graphviz places them (only its coordinates are taken, the page draws by itself); where no
renderer is at hand, or it fails, the layered layout of ``layered`` does.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

from ..render import PictureError, render
from ..view import GraphView
from .boxes import sizes

__all__ = ["Layout", "Point", "edge_identity", "from_plain", "with_graphviz"]

Point = tuple[float, float]
INCH = 72.0  # pixels of the page; Graphviz reckons in inches
MARGIN = 16.0
#: Inches between two ranks: the amount on an edge fits between the boxes, beside the line.
ROOM = {"LR": 1.1, "TB": 0.62}


@dataclass(frozen=True, slots=True)
class Layout:
    """A placed graph. Pixels, from the top left.

    Attributes
    ----------
    width, height : float
        Of the whole picture.
    vertices : dict
        The centre of each vertex, by identity.
    edges : dict
        The points of each edge, by ``edge_identity``: a start, then three points for each
        cubic Bezier curve, from the operand to the operation that uses it.
    """

    width: float
    height: float
    vertices: dict[str, Point]
    edges: dict[str, tuple[Point, ...]]


def edge_identity(target: str, position: int) -> str:
    """Return what an edge is called: the operation that uses it, and its place there.

    Examples
    --------
    >>> edge_identity("3", 1)
    'e3_1'
    """
    return f"e{target}_{position}"


def with_graphviz(view: GraphView, direction: str) -> Layout:
    """Let Graphviz place the graph.

    Parameters
    ----------
    view : GraphView
    direction : str
        ``"LR"`` or ``"TB"``.

    Raises
    ------
    PictureError
        If no renderer is installed, or it fails.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> layout = with_graphviz(read(ag.Tensor(2.0, name="x") * 3.0), "LR")
    >>> sorted(layout.vertices), sorted(layout.edges)
    (['0', '1', 'c1_1'], ['e1_0', 'e1_1'])
    """
    return from_plain(view, render(_dot(view, direction), "plain").decode())


def _dot(view: GraphView, direction: str) -> str:
    """The graph as DOT text: boxes of a given size, called by their rank, and no labels."""
    rank = {vertex.identity: index for index, vertex in enumerate(view.vertices)}
    lines = [
        f"digraph {{ rankdir={direction}; nodesep=0.3; ranksep={ROOM[direction]};",
        'node [shape=box, fixedsize=true, label=""]; edge [arrowsize=0.7, weight=4];',
    ]
    for identity, (width, height) in sizes(view).items():
        room = f"width={width / INCH:.3f}, height={height / INCH:.3f}"
        lines.append(f"n{rank[identity]} [{room}];")
    lines += [f"n{rank[edge.source]} -> n{rank[edge.target]};" for edge in view.edges]
    return "\n".join([*lines, "}"])


def from_plain(view: GraphView, plain: str) -> Layout:
    r"""Read Graphviz's plain output, whose vertices are called by their rank in ``view``.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> from_plain(read(ag.Tensor(2.0)), 'graph 1 2 1\nnode n0 1 0.5 2 1 "" solid box a b\nstop')
    Layout(width=176.0, height=104.0, vertices={'0': (88.0, 52.0)}, edges={})
    """
    identities = [vertex.identity for vertex in view.vertices]
    # An operand used twice by one operation has two edges; which of them is which is free.
    names: dict[tuple[str, str], deque[str]] = defaultdict(deque)
    for edge in view.edges:
        names[edge.source, edge.target].append(edge_identity(edge.target, edge.position))
    width = height = 0.0
    vertices: dict[str, Point] = {}
    edges: dict[str, tuple[Point, ...]] = {}
    for line in plain.splitlines():
        words = line.split(" ")
        if words[0] == "graph":
            width, height = float(words[2]) * INCH, float(words[3]) * INCH
        elif words[0] == "node":
            vertices[identities[int(words[1][1:])]] = _point(words[2], words[3], height)
        elif words[0] == "edge":
            source, target = (identities[int(word[1:])] for word in words[1:3])
            numbers = words[4 : 4 + 2 * int(words[3])]
            pairs = zip(numbers[::2], numbers[1::2], strict=True)
            points = tuple(_point(x, y, height) for x, y in pairs)
            edges[names[source, target].popleft()] = points
    if len(vertices) != len(view.vertices) or len(edges) != len(view.edges):
        raise PictureError("The renderer's layout lacks some vertices or edges of the graph.")
    return Layout(width + 2 * MARGIN, height + 2 * MARGIN, vertices, edges)


def _point(x: str, y: str, height: float) -> Point:
    return (
        round(float(x) * INCH + MARGIN, 1),
        round(height - float(y) * INCH + MARGIN, 1),
    )
