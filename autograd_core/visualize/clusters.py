"""Which part of a program computed a node: its layer, its module, or a group that was named.

The engine knows nothing of layers. A part is a name and the parameters it holds; an operation
that uses a parameter belongs to the part that holds it, and what lies between two parts belongs
to the innermost one around both. Two more hints make this exact for most networks: the code that
the operation was called from, where that is the ``forward`` of one of the modules, and a module
without parameters that is called like the operation (``Tanh``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import CodeType

from autograd_core.graph import Node, ancestors
from autograd_core.tensor import Tensor

from .parts import Part, holder_of
from .render import PictureError
from .view import Cluster, GraphView, Kind

__all__ = ["cluster"]

SAME_NUMBERS = {"transpose", "swapaxes", "moveaxis", "reshape", "getitem", "broadcast_to", "astype"}


def cluster(view: GraphView, tensor: Tensor, parts: Sequence[Part]) -> GraphView:
    """Say of each vertex which part it belongs to.

    Parameters
    ----------
    view : GraphView
        Of ``tensor``, as ``read`` made it.
    tensor : Tensor
    parts : sequence of Part

    Raises
    ------
    PictureError
        If the graph uses no parameter of any part.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> from autograd_core.visualize.parts import parts_of_mapping
    >>> x, w = ag.Tensor(1.0), ag.Tensor(1.0)
    >>> y = x * w
    >>> view = cluster(read(y), y, parts_of_mapping({"layer": [w]}))
    >>> [vertex.cluster for vertex in view.vertices], view.clusters[0].title
    (['', 'p0', 'p0'], 'layer')
    """
    assert tensor._node is not None
    nodes = ancestors(tensor._node)
    places = _Places(parts)
    found = places.find(nodes)
    if not found:
        held = sum(len(part.parameters) for part in parts)
        raise PictureError(
            f"This graph uses none of the {held} parameters of {parts[0].title}, so there is"
            " nothing to group. Give the model or the Tensors that computed what is drawn."
            if parts
            else "clusters is empty: give a mapping from names to lists of Tensors."
        )
    identities = {
        str(rank): f"p{found[node][-1]}" for rank, node in enumerate(nodes) if node in found
    }
    targets = {edge.source: edge.target for edge in view.edges}
    vertices = []
    for vertex in view.vertices:
        own = vertex.identity
        if vertex.kind is Kind.CONSTANT and vertex.shape == ():  # arrays are data from outside
            own = targets[own]
        vertices.append(replace(vertex, cluster=identities.get(own, "")))
    used = {number for path in found.values() for number in path}
    clusters = tuple(
        Cluster(f"p{number}", part.title, _parent(places.paths[number]))
        for number, part in enumerate(parts)
        if number in used
    )
    return replace(view, vertices=tuple(vertices), clusters=clusters)


Path = tuple[int, ...]  # numbers of parts, from the outermost in


def _parent(path: Path) -> str:
    return f"p{path[-2]}" if len(path) > 1 else ""


def _around(paths: Iterable[Path]) -> Path:
    """What several paths have in common."""
    common: Path | None = None
    for path in paths:
        if common is None:
            common = path
        while path[: len(common)] != common:
            common = common[:-1]
    return common or ()


class _Places:
    """Looks for the part of each node."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        numbers = {part.name: number for number, part in enumerate(parts)}
        self.paths: list[Path] = []
        for number, part in enumerate(parts):
            holder = holder_of(part.name, numbers)
            outer = () if holder is None else self.paths[numbers[holder]]
            self.paths.append((*outer, number))
        self.held: dict[Node, Path] = {}
        for part, path in zip(parts, self.paths, strict=True):
            for tensor in part.parameters:
                if tensor._node is not None:
                    self.held.setdefault(tensor._node, path)
        self.codes: dict[CodeType, list[Path]] = {}
        self.silent: dict[str, list[Path]] = {}  # modules without parameters, by class
        holders = {number for path in self.held.values() for number in path}
        for number, part in enumerate(parts):
            if part.code is not None:
                self.codes.setdefault(part.code, []).append(self.paths[number])
            if number not in holders:
                self.silent.setdefault(part.kind.lower(), []).append(self.paths[number])

    def find(self, nodes: Sequence[Node]) -> dict[Node, Path]:
        found = {node: self.held[node] for node in nodes if node in self.held}
        if not found:
            return {}
        before = self._use_of_parameters(nodes, found)
        after: dict[Node, list[Path]] = {}
        for node in reversed(nodes):
            placed = node.op is not None and node in found
            later = found[node] if placed else _around(after.get(node, ()))
            if later:
                for parent in node.parents:
                    if type(parent) is Node and parent.op is not None:
                        after.setdefault(parent, []).append(later)
        for node in nodes:
            if node.op is not None and node not in found:
                parents = [parent for parent in node.parents if type(parent) is Node]
                nearby = [found[parent] for parent in parents if parent in found]
                later = _around(after.get(node, ()))
                place = self._between(node, nearby, before.get(node, ()), later)
                if place:
                    found[node] = place
        return found

    def _use_of_parameters(
        self, nodes: Sequence[Node], found: dict[Node, Path]
    ) -> dict[Node, Path]:
        """Place what uses a parameter; return the part before each other operation."""
        weights = dict(found)  # parameters, and what only rearranges one
        before: dict[Node, Path] = {}
        for node in nodes:
            if node.op is None:
                continue
            parents = [parent for parent in node.parents if type(parent) is Node]
            used = [weights[parent] for parent in parents if parent in weights]
            if used:
                found[node] = place = _around(used)
                if len(used) == len(parents) and node.op.name in SAME_NUMBERS:
                    weights[node] = place
            earlier = [
                nearest
                for parent in parents
                if (nearest := before.get(parent) or found.get(parent))
                and parent.op is not None
                and parent not in weights
            ]
            if not used and earlier:
                before[node] = _around(earlier)
        return before

    def _between(self, node: Node, nearby: Sequence[Path], before: Path, after: Path) -> Path:
        """The part of an operation that uses no parameter itself."""
        assert node.op is not None
        by_code = [
            path
            for path in self.codes.get(node.code, ())
            if any(place[: len(path)] == path for place in (*nearby, before, after))
        ]
        common = _around([before, after]) if before and after else ()
        place = max(by_code, key=lambda path: (len(path), path)) if by_code else common
        waiting = self.silent.get(node.op.name, [])
        for path in waiting:
            inside = path[: len(place)] == place and path[:-1] == (before or after)[: len(path) - 1]
            if inside and (not before or path > before) and (not after or path < after):
                waiting.remove(path)
                return path
        return place
