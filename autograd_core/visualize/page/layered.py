"""A layered layout of our own, so that a page can be made where no renderer is installed.

Sugiyama's scheme: a layer for each step of the longest path, the order within a layer by the
mean position of its neighbours, and a bend in every layer that a long edge passes.
"""

from __future__ import annotations

import itertools
from collections import defaultdict

from ..references import levels
from ..view import GraphView
from .boxes import sizes
from .layout import MARGIN, Layout, Point, edge_identity

__all__ = ["layered"]

BETWEEN_LAYERS, BETWEEN_NEIGHBOURS, BEND = 80.0, 22.0, 12.0
ARROW = 7.0  # before the box that the edge leads to
SWEEPS = 4  # forth and back; more changes little


def layered(view: GraphView, direction: str) -> Layout:
    """Place a graph in layers, left to right (``"LR"``) or top to bottom (``"TB"``).

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> layout = layered(read(ag.Tensor(2.0, name="x") * 3.0), "LR")
    >>> layout.vertices["0"][0] < layout.vertices["1"][0]
    True
    """
    level = levels(view)
    room: dict[str, tuple[float, float]] = {
        identity: (width, height) if direction == "LR" else (height, width)
        for identity, (width, height) in sizes(view).items()
    }
    layers: dict[int, list[str]] = defaultdict(list)
    for vertex in view.vertices:
        layers[level[vertex.identity]].append(vertex.identity)
    paths: dict[str, list[str]] = {}
    for edge in view.edges:
        name = edge_identity(edge.target, edge.position)
        bends = [f"{name}@{at}" for at in range(level[edge.source] + 1, level[edge.target])]
        for at, bend in enumerate(bends, level[edge.source] + 1):
            layers[at].append(bend)
            room[bend] = (0.0, BEND)
        paths[name] = [edge.source, *bends, edge.target]
    order = [layers[at] for at in sorted(layers)]
    _untangle(order, paths)
    return _placed(order, paths, room, direction)


def _untangle(order: list[list[str]], paths: dict[str, list[str]]) -> None:
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for path in paths.values():
        for left, right in itertools.pairwise(path):
            before[right].append(left)
            after[left].append(right)
    place = {name: rank / len(layer) for layer in order for rank, name in enumerate(layer)}
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        neighbours = before if forth else after
        for layer in order if forth else reversed(order):
            wish = {
                name: _mean([place[n] for n in neighbours[name]], place[name]) for name in layer
            }
            layer.sort(key=wish.__getitem__)
            place.update({name: rank / len(layer) for rank, name in enumerate(layer)})


def _mean(numbers: list[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _placed(
    order: list[list[str]],
    paths: dict[str, list[str]],
    room: dict[str, tuple[float, float]],
    direction: str,
) -> Layout:
    lengths = [
        sum(room[name][1] for name in layer) + BETWEEN_NEIGHBOURS * (len(layer) - 1)
        for layer in order
    ]
    across = max(lengths, default=0.0)
    centre: dict[str, Point] = {}
    along = MARGIN
    for layer, length in zip(order, lengths, strict=True):
        depth = max((room[name][0] for name in layer), default=0.0)
        at = MARGIN + (across - length) / 2
        for name in layer:
            centre[name] = (along + depth / 2, at + room[name][1] / 2)
            at += room[name][1] + BETWEEN_NEIGHBOURS
        along += depth + BETWEEN_LAYERS
    edges = {name: _curve(path, centre, room) for name, path in paths.items()}
    vertices = {name: point for name, point in centre.items() if "@" not in name}
    width, height = along - BETWEEN_LAYERS + MARGIN, across + 2 * MARGIN
    if direction == "LR":
        return Layout(width, height, vertices, edges)
    return Layout(
        height,
        width,
        {name: _turned(point) for name, point in vertices.items()},
        {name: tuple(map(_turned, points)) for name, points in edges.items()},
    )


def _curve(
    path: list[str], centre: dict[str, Point], room: dict[str, tuple[float, float]]
) -> tuple[Point, ...]:
    """Out of the first box, level through each bend, into the last box."""
    points: list[Point] = []
    for left, right in itertools.pairwise(path):
        (x0, y0), (x1, y1) = centre[left], centre[right]
        x0, x1 = x0 + room[left][0] / 2, x1 - room[right][0] / 2
        if right == path[-1]:
            x1 -= ARROW
        middle = (x0 + x1) / 2
        points += ([] if points else [(x0, y0)]) + [(middle, y0), (middle, y1), (x1, y1)]
    return tuple(points)


def _turned(point: Point) -> Point:
    return point[1], point[0]
