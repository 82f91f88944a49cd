"""Folding repeats: equal pieces that follow each other become one box that says so.

A loop of 200 steps, ten equal layers or a sum of 500 terms is one thought of whoever wrote it,
and is drawn as one box: ``200 × (v = v × 1.0001 + x)``. The leaves that belong to one piece each,
such as the weights of a layer, go into the box.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from .edge_sums import together
from .notation import describe_keywords
from .periods import LEAF, OTHER, Item, Run, find_runs
from .repeats import common_name, formula
from .view import Edge, Flow, GraphView, Kind, Repeat, State, Vertex

__all__ = ["LEAST", "fold_repeats"]

LEAST = 3  # pieces: two are as quickly read as one that says "2 ×"
ROUNDS = 4  # repeats inside repeats, and sums over what was folded
COMPUTED = {Kind.OPERATION, Kind.RESULT, Kind.REPEAT}


def fold_repeats(view: GraphView, *, least: int = LEAST) -> GraphView:
    """Replace repeats by one vertex of the kind ``REPEAT`` each.

    Parameters
    ----------
    view : GraphView
    least : int
        How many equal pieces are worth it.

    Returns
    -------
    GraphView
        The same view where nothing repeats itself.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> x = z = ag.Tensor(2.0, name="x")
    >>> for _ in range(200):
    ...     z = z * 1.0001 + x
    >>> folded = fold_repeats(read(z))
    >>> [(v.label, v.repeat and (v.repeat.count, v.repeat.body)) for v in folded.vertices]
    [('x', None), ('v400', (200, 'v = v × 1.0001 + x'))]
    """
    for _ in range(ROUNDS):
        folded = _Folder(view).fold(least)
        if folded is view:
            break
        view = folded
    return view


class _Folder:
    """One round over a view."""

    def __init__(self, view: GraphView) -> None:
        self.view = view
        self.vertices = {vertex.identity: vertex for vertex in view.vertices}
        self.computed = [vertex for vertex in view.vertices if vertex.kind in COMPUTED]
        self.operands: dict[str, list[Edge]] = {vertex.identity: [] for vertex in view.vertices}
        self.users: dict[str, list[str]] = {vertex.identity: [] for vertex in view.vertices}
        for edge in view.edges:
            self.operands[edge.target].append(edge)
            self.users[edge.source].append(edge.target)

    def fold(self, least: int) -> GraphView:
        index = {vertex.identity: i for i, vertex in enumerate(self.computed)}
        number = {identity: i for i, identity in enumerate(self.vertices)}
        items = [self._item(vertex, index, number) for vertex in self.computed]
        runs = find_runs(items, least)
        boxes: dict[str, Vertex] = {}  # by the last vertex inside, whose place they take
        inside: dict[str, str] = {}
        for run in runs:
            box, members = self._box(run)
            boxes[self.computed[run.stop - 1].identity] = box
            inside.update(dict.fromkeys(members, box.identity))
        return self._quotient(boxes, inside) if runs else self.view

    def _item(self, vertex: Vertex, index: dict[str, int], number: dict[str, int]) -> Item:
        sources = []
        shapes: list[Hashable] = []
        for edge in self.operands[vertex.identity]:
            source = self.vertices[edge.source]
            kind = LEAF if source.kind is Kind.LEAF else OTHER
            sources.append((index.get(edge.source, kind), number[edge.source]))
            shapes.append((edge.position, source.shape))
        operation = vertex.operation
        doing: Hashable
        if operation is None:
            assert vertex.repeat is not None
            doing = vertex.repeat.body, vertex.repeat.count
        else:
            keywords = {k: v for k, v in (operation.keywords or {}).items() if k != "index"}
            doing = operation.name, *describe_keywords(keywords)
        return Item((doing, vertex.shape, str(vertex.dtype), *shapes), sources)

    def _box(self, run: Run) -> tuple[Vertex, list[str]]:
        """The box of a run, and the identities of what goes into it."""
        operations = self.computed[run.start : run.stop]
        members = [vertex.identity for vertex in operations]
        own = set(members)
        members += self._sources_of_their_own(run, own)
        last, first = operations[-1], operations[run.period - 1]
        repeat = Repeat(
            count=run.count,
            body=self._body(run),
            members=self._members(operations),
            nodes=sum(map(self._nodes, members)),
            first_value=first.value,
            first_gradient=first.gradient,
            result=last.kind is Kind.RESULT or bool(last.repeat and last.repeat.result),
        )
        box = replace(
            last,
            identity=f"f{operations[0].identity}_{last.identity}",
            kind=Kind.REPEAT,
            expression=f"{run.count:,} × ({repeat.body})",
            operation=None,
            location="",
            repeat=repeat,
            cluster=_around([vertex.cluster for vertex in operations], self.view),
        )
        return box, members

    def _sources_of_their_own(self, run: Run, own: set[str]) -> list[str]:
        """Constants, and the leaves that are used inside only and change from piece to piece."""
        found: dict[str, None] = {}
        for offset in range(run.period):
            pieces = range(run.start + offset, run.stop, run.period)
            for slots in zip(*(self._edges(i) for i in pieces), strict=True):
                sources = [self.vertices[edge.source] for edge in slots]
                kinds = {source.kind for source in sources}
                several = len({source.identity for source in sources}) > 1
                if kinds == {Kind.CONSTANT} or (kinds == {Kind.LEAF} and several):
                    found.update((source.identity, None) for source in sources)
        return [identity for identity in found if own.issuperset(self.users[identity])]

    def _edges(self, i: int) -> list[Edge]:
        return self.operands[self.computed[i].identity]

    def _members(self, operations: Sequence[Vertex]) -> str:
        """Which operations are inside, and of which parts of the program."""
        first, last = operations[0], operations[-1]
        count = sum(self._nodes(vertex.identity) for vertex in operations)
        text = f"{first.label} … {last.label}: {count:,} operations"
        titles = {cluster.identity: cluster.title for cluster in self.view.clusters}
        if first.cluster == last.cluster or not (first.cluster and last.cluster):
            return text
        return f"{text}, {titles[first.cluster]} … {titles[last.cluster]}"

    def _nodes(self, identity: str) -> int:
        vertex = self.vertices[identity]
        if vertex.kind is Kind.CONSTANT:
            return 0
        return 1 if vertex.repeat is None else vertex.repeat.nodes

    def _body(self, run: Run) -> str:
        """The second piece as a formula: unlike the first, it follows one of its own kind."""
        start = run.start + run.period
        piece = [
            self._without_what_changes(run, offset) for offset in range(run.period, 2 * run.period)
        ]
        inside = {vertex.identity for vertex in piece}
        before = {self.computed[i].identity: i for i in range(run.start, start)}
        names: dict[tuple[str, int], str] = {}
        carried: dict[tuple[str, int], str] = {}
        for offset, vertex in enumerate(piece):
            for slot, edge in enumerate(self.operands[vertex.identity]):
                place = edge.target, edge.position
                if edge.source in before:
                    carried[place] = self.computed[before[edge.source] + run.period].identity
                elif edge.source not in inside:
                    names[place] = self._role(run, offset, slot, edge)
        used_outside = {
            vertex.identity
            for vertex in piece
            if any(user not in inside for user in self.users[vertex.identity])
        }
        return formula(piece, self.operands, names, carried, used_outside)

    def _role(self, run: Run, offset: int, slot: int, edge: Edge) -> str:
        """What to call an operand from outside, in all pieces together."""
        source = self.vertices[edge.source]
        if source.kind is Kind.REPEAT:
            return "u"
        pieces = range(run.start + offset, run.stop, run.period)
        labels = [self.vertices[self._edges(i)[slot].source].label for i in pieces]
        if source.kind is not Kind.CONSTANT:
            return common_name(labels, "u")
        differ = len(set(labels)) > 1  # numbers have digits, but no pattern
        return "c" if differ and not source.named else common_name(labels, "c")

    def _without_what_changes(self, run: Run, offset: int) -> Vertex:
        """An operation, with an index that differs from piece to piece as dots."""
        vertex = self.computed[run.start + offset]
        operation = vertex.operation
        keywords = operation.keywords if operation is not None else None
        if operation is None or not keywords or "index" not in keywords:
            return vertex
        place = run.start + offset % run.period
        texts = {str(_index_of(self.computed[i])) for i in range(place, run.stop, run.period)}
        if len(texts) == 1:
            return vertex
        return replace(vertex, operation=replace(operation, keywords={**keywords, "index": "…"}))

    def _quotient(self, boxes: dict[str, Vertex], inside: dict[str, str]) -> GraphView:
        vertices = []
        for vertex in self.view.vertices:
            if vertex.identity in boxes:
                vertices.append(boxes[vertex.identity])
            elif vertex.identity not in inside:
                vertices.append(vertex)
        into: dict[str, dict[tuple[str, int], list[Edge]]] = {v.identity: {} for v in vertices}
        for edge in self.view.edges:
            source, target = (inside.get(end, end) for end in (edge.source, edge.target))
            if source != target:
                moved = (source, target) != (edge.source, edge.target)
                # One edge between a box and each of its neighbours.
                key = source, -1 if moved else edge.position
                into[target].setdefault(key, []).append(edge)
        edges = tuple(
            Edge(source, target, rank if position < 0 else position, self._flow(uses))
            for target, arriving in into.items()
            for rank, ((source, position), uses) in enumerate(arriving.items())
        )
        return replace(self.view, vertices=tuple(vertices), edges=edges)

    def _flow(self, edges: Sequence[Edge]) -> Flow | None:
        """What the one edge shows that stands for these; nothing if some of it is unknown."""
        flows = []
        for edge in edges:
            if edge.flow is not None:
                flows.append(edge.flow)
            elif self.vertices[edge.source].gradient.state is not State.KNOWN:
                return None  # else nothing was sent along that edge
        return together(flows) if flows else None


def _index_of(vertex: Vertex) -> object:
    return (vertex.operation.keywords or {}).get("index") if vertex.operation else None


def _around(clusters: Sequence[str], view: GraphView) -> str:
    """The innermost cluster that holds all of these."""
    parents = {cluster.identity: cluster.parent for cluster in view.clusters}
    around: list[str] | None = None
    for identity in dict.fromkeys(clusters):
        path = []
        while identity:
            path.append(identity)
            identity = parents[identity]
        around = path if around is None else [part for part in around if part in path]
    return around[0] if around else ""
