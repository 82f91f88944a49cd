"""A derivation as the page's data, and that data as text that may stand in a script element.

The page's scripts read this and nothing else. Names: a *vertex* is a box of the picture, a
*contribution* what one operation adds to the gradient of one of its operands.
"""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np

from ..derivation import Contribution, Derivation, ForwardStep, ReverseStep
from ..edge_gradients import sign_of
from ..fundamental import fundamental_equations
from ..mathml import to_mathml
from ..references import cut_long_edges
from ..render import PictureError
from ..view import GraphView, Kind, Quantity, State, Vertex
from .boxes import sizes, title_of, title_width
from .formulas import formula, tree
from .functions import what_if
from .layered import layered
from .layout import Layout, edge_identity, with_graphviz
from .quantities import describe

__all__ = ["data_of", "dumps"]

#: What could end the element or a line of it, and what UTF-8 cannot write.
UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
MOST_PLACED = 3_000  # vertices that Graphviz places: its time grows faster than their number
MOST_BOTH = 120  # vertices of a graph that is placed for wide and for tall screens


def data_of(derivation: Derivation, title: str) -> dict[str, Any]:
    """Return everything that the page shows.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(3.0)
    >>> data = data_of(ag.explain(x * x).derivation, "square")
    >>> [vertex["value"]["number"] for vertex in data["vertices"]]
    [3.0, 9.0]
    >>> [step["id"] for step in data["reverse"]]
    ['1', '0']
    """
    view = cut_long_edges(derivation.view)
    forward = {step.identity: step for step in derivation.forward}
    directions = ["LR", "TB"] if len(view.vertices) <= MOST_BOTH else ["LR"]
    room = sizes(view)
    chips = {f"r{edge.target}_{edge.position}": edge.source for edge in derivation.view.edges}
    data: dict[str, Any] = {
        "title": title,
        "scalar": derivation.scalar,
        "notice": derivation.notice,
        "whatIf": what_if(derivation),
        "total": view.total,
        "result": next((v.identity for v in view.vertices if v.kind is Kind.RESULT), None),
        "vertices": [
            _vertex(vertex, forward.get(vertex.identity), room[vertex.identity])
            | ({"of": chips[vertex.identity]} if vertex.kind is Kind.REFERENCE else {})
            for vertex in view.vertices
        ],
        "edges": [
            {
                "id": edge_identity(edge.target, edge.position),
                "from": edge.source,
                "to": edge.target,
                "position": edge.position,
            }
            for edge in view.edges
        ],
        "forward": [step.identity for step in derivation.forward],
        "reverse": [_reverse(step) for step in derivation.reverse],
        "layouts": {direction: _layout(_placed(view, direction)) for direction in directions},
    }
    markup: dict[str, int] = {}
    _number(data, markup)
    equations = map(to_mathml, fundamental_equations(derivation))
    data["equations"] = [markup.setdefault(equation, len(markup)) for equation in equations]
    return data | {"markup": list(markup)}


def _number(data: dict[str, Any], numbers: dict[str, int]) -> None:
    """Each different markup once, in the order they come; formulas then hold its number."""
    holders = [*data["vertices"], *(item for s in data["reverse"] for item in s["contributions"])]
    for holder in holders:
        for key in ("formula", "ruleFormula", "localFormula"):
            if key in holder:
                written = holder[key]
                written["markup"] = numbers.setdefault(written.pop("mathml"), len(numbers))


def _placed(view: GraphView, direction: str) -> Layout:
    if len(view.vertices) > MOST_PLACED:
        return layered(view, direction)
    try:
        return with_graphviz(view, direction)
    except PictureError:
        return layered(view, direction)


def _layout(layout: Layout) -> dict[str, Any]:
    return {
        "width": round(layout.width),
        "height": round(layout.height),
        "vertices": {name: [round(x), round(y)] for name, (x, y) in layout.vertices.items()},
        "edges": {
            name: [round(number) for point in points for number in point]
            for name, points in layout.edges.items()
        },
    }


def _vertex(vertex: Vertex, step: ForwardStep | None, room: tuple[int, int]) -> dict[str, Any]:
    title = title_of(vertex)
    written: dict[str, Any] = {
        "id": vertex.identity,
        "kind": vertex.kind.value,
        "label": vertex.label,
        "named": vertex.named,
        "title": title,
        "titleWidth": round(title_width(vertex, title)),
        "text": vertex.expression,
        "size": list(room),
        "value": describe(vertex.value),
    }
    if vertex.kind in (Kind.LEAF, Kind.OPERATION, Kind.RESULT):
        written["gradient"] = describe(vertex.gradient)
    if vertex.shape is not None:
        written["shape"] = list(vertex.shape)
        written["dtype"] = str(vertex.dtype)
    if step is not None:
        if step.expression is not None:
            written["expression"] = tree(step.expression)
            written["formula"] = formula(step.expression)
        if step.location is not None:
            written["location"] = step.location
        if step.source is not None:
            written["source"] = step.source
    return written


def _reverse(step: ReverseStep) -> dict[str, Any]:
    written = {
        "id": step.identity,
        "incoming": describe(step.incoming),
        "reason": step.reason,
        "consumers": list(step.consumers),
        "branched": step.branched,
        "contributions": [_contribution(step.identity, item) for item in step.contributions],
    }
    return written if step.hooked is None else written | {"hooked": describe(step.hooked)}


def _contribution(source: str, contribution: Contribution) -> dict[str, Any]:
    amount = describe(contribution.amount)
    written: dict[str, Any] = {
        "edge": edge_identity(source, contribution.position),
        "target": contribution.target,
        "position": contribution.position,
        "rule": tree(contribution.rule),
        "ruleFormula": formula(contribution.rule),
        "amount": amount,
        "strength": _strength(contribution.amount),
        "arrival": contribution.arrival,
        "arrivals": contribution.arrivals,
    }
    # The first to arrive is the sum so far: said once, big arrays need not stand there twice.
    if contribution.arrival > 1:
        written["total"] = describe(contribution.total)
    if contribution.output is not None:
        written["output"] = contribution.output
    if contribution.settled:
        written["settled"] = True
    if contribution.local is not None:
        written["local"] = tree(contribution.local)
        written["localFormula"] = formula(contribution.local)
        written["localValue"] = describe(contribution.local_value)
    return written


def _strength(amount: Quantity) -> list[float] | str:
    """Norm and sign of what flows along an edge, for its width and its colour.

    The sign is that of the pictures: 0 where there are both signs, or where numbers have none.
    "broken" where a number is infinite or nan, and nothing where it is not known.
    """
    if amount.state is not State.KNOWN:
        return []
    array = np.ravel(np.asarray(amount.data))
    if array.dtype.kind not in "biufc" or not array.size:
        return []
    if not np.isfinite(array).all():
        return "broken"
    largest = float(np.max(np.abs(array)))
    if largest == 0:
        return [0.0, 0.0]
    return [largest * float(np.linalg.norm(array / largest)), sign_of(array) or 0]


def dumps(data: dict[str, Any]) -> str:
    r"""Return data as JSON that cannot end the script element it stands in.

    Examples
    --------
    >>> dumps({"label": "</script>&"})
    '{"label":"\\u003c/script\\u003e\\u0026"}'
    """
    text = json.dumps(data, allow_nan=False, separators=(",", ":"), ensure_ascii=False)
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
