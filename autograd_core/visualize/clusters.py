"""Which part of a program computed a node: its layer, its module, or a group that was named.

The engine knows nothing of layers. A part is a name and the parameters it holds; an operation
that uses a parameter belongs to the part that holds it, and what lies between two parts belongs
to the innermost one around both. Two more hints make this exact for most networks: the code that
the operation was called from, where that is the ``forward`` of one of the modules, and a module
without parameters that is called like the operation (``Tanh``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import CodeType
from typing import Any

from autograd_core.graph import Node, ancestors
from autograd_core.tensor import Tensor

from .format import shorten, visible
from .render import PictureError
from .view import Cluster, GraphView, Kind

__all__ = ["Part", "cluster", "parts_of_mapping", "parts_of_module"]

LONGEST_TITLE = 48
SAME_NUMBERS = {"transpose", "swapaxes", "moveaxis", "reshape", "getitem", "broadcast_to", "astype"}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a program.

    Attributes
    ----------
    name : str
        Dotted: ``"encoder.0"`` is inside ``"encoder"``, if there is such a part.
    title : str
    parameters : sequence of Tensor
        Those that it holds itself.
    code : CodeType or None
        Of its ``forward``.
    kind : str
        Name of its class.
    """

    name: str
    title: str
    parameters: Sequence[Tensor]
    code: CodeType | None = None
    kind: str = ""


def parts_of_module(module: Any) -> list[Part]:
    """Return a part for each module inside ``module``, itself first.

    Parameters
    ----------
    module
        Anything with ``named_modules()`` and ``named_parameters()``.

    Raises
    ------
    PictureError
        If it has not.

    Examples
    --------
    >>> import nn
    >>> [part.title for part in parts_of_module(nn.MLP(2, [3], 1))]
    ['MLP', '0: Linear(2, 3)', '1: ReLU()', '2: Linear(3, 1)']
    """
    if not (hasattr(module, "named_modules") and hasattr(module, "named_parameters")):
        raise PictureError(
            "module must be a model with named_modules() and named_parameters(), such as an"
            f" nn.Module, not {type(module).__name__}. To group other Tensors, use"
            " clusters={name: [tensors]}."
        )
    modules = dict(module.named_modules())
    parameters: dict[str, list[Tensor]] = {name: [] for name in modules}
    for name, parameter in module.named_parameters():
        parameters[_holder(name, modules) or ""].append(parameter)
    return [
        Part(name, _title(name, part), parameters[name], _forward(part), type(part).__name__)
        for name, part in modules.items()
    ]


def parts_of_mapping(groups: Any) -> list[Part]:
    """Return a part for each entry of a mapping from names to Tensors.

    Raises
    ------
    PictureError
        If it is no such mapping.

    Examples
    --------
    >>> import autograd_core as ag
    >>> w = ag.Tensor(1.0)
    >>> [part.title for part in parts_of_mapping({"layer 1": [w]})]
    ['layer 1']
    """
    if not isinstance(groups, Mapping):
        raise PictureError(
            "clusters must be a mapping from names to lists of Tensors, such as"
            f" {{'layer 1': [w1, b1]}}, not {type(groups).__name__}."
        )
    parts = []
    for name, tensors in groups.items():
        held = [tensors] if isinstance(tensors, Tensor) else list(tensors)
        for tensor in held:
            if not isinstance(tensor, Tensor):
                raise PictureError(
                    f"clusters[{name!r}] must hold Tensors, but has a {type(tensor).__name__}."
                )
        parts.append(Part(str(name), shorten(visible(str(name)), LONGEST_TITLE), held))
    return parts


def _holder(name: str, among: Mapping[str, Any]) -> str | None:
    """The longest proper beginning of a dotted name that is a name itself."""
    while "." in name:
        name = name.rpartition(".")[0]
        if name in among:
            return name
    return "" if "" in among and name else None


def _title(name: str, module: Any) -> str:
    text = repr(module)
    if "\n" in text:
        text = type(module).__name__
    return shorten(visible(f"{name}: {text}" if name else text), LONGEST_TITLE)


def _forward(module: Any) -> CodeType | None:
    code = getattr(getattr(type(module), "forward", None), "__code__", None)
    return code if isinstance(code, CodeType) else None


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
            holder = _holder(part.name, numbers)
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
            own = found.get(node) if node.op is not None else None
            later = own if own is not None else _around(after.get(node, ()))
            if later:
                for parent in node.parents:
                    if type(parent) is Node and parent.op is not None:
                        after.setdefault(parent, []).append(later)
        for node in nodes:
            if node.op is not None and node not in found:
                nearby = [found[parent] for parent in node.parents if parent in found]
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
                place
                for parent in parents
                if (place := before.get(parent) or found.get(parent))
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
