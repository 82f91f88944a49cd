"""What an edge shows that stands for many, as those into and out of a folded loop do: their sum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_core.graph import Node

from .cards import ARROW
from .edge_gradients import Part, Sent, summarise
from .format import describe_value
from .view import Flow, GraphView

__all__ = ["together", "without_parts"]


def together(flows: Iterable[Flow]) -> Flow | None:
    """What one edge shows that stands for several: the sum of all that they send to one receiver.

    Parameters
    ----------
    flows : iterable of Flow
        As `flows_of` or this function made them.

    Returns
    -------
    Flow or None
        The edge of a box of many pieces goes back to each of them. It shows then what the box
        shows: of numbers the first and the last, of arrays the last. ``None`` if that cannot be
        computed any more.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize.edge_gradients import flows_of
    >>> x = ag.Tensor(3.0)
    >>> square = (x * x)._node
    >>> flows = flows_of([square], {square: np.float64(1.0)})
    >>> [flow.text for flow in flows.values()], together(flows.values()).text
    (['3', '3'], '6')
    """
    flows = list(flows)
    if len(flows) == 1:
        return flows[0]
    parts = tuple(part for flow in flows if isinstance(flow, Sent) for part in flow.parts)
    if not parts:
        return None
    by_receiver: dict[Node, list[Part]] = {}
    # The order of the reverse pass, so that a sum is the gradient to the last bit.
    for part in sorted(parts, key=lambda part: (-part.node.birth, part.position)):
        by_receiver.setdefault(part.receiver, []).append(part)
    receivers = sorted(by_receiver, key=lambda node: node.birth)
    kinds = {(node.op, node.shape) for node in receivers}
    if len(kinds) > 1 or receivers[-1].shape != ():
        receivers = receivers[-1:]
    sums = [_sum(by_receiver[node]) for node in receivers]
    if any(amount is None for amount in sums):
        return None
    short = summarise(np.stack(sums))
    first, last = describe_value(sums[0]), describe_value(sums[-1])
    text = last if first == last else f"{first}{ARROW}{last}"
    return Sent(short.size, short.sign, text, parts)


def _sum(parts: Iterable[Part]) -> Any:
    """The sum of what goes to one receiver; ``None`` if any of it is gone."""
    total: Any = None
    for part in parts:
        amount = part.amount()
        if amount is None:
            return None
        if total is None:
            total = np.array(amount)  # a copy: rules hand on arrays that are not theirs
        else:
            with np.errstate(all="ignore"):
                total += amount
    return total


def without_parts(view: GraphView) -> GraphView:
    """The same view with flows that are numbers only: a picture keeps no recorded graph alive.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> x = ag.Tensor(2.0)
    >>> type(without_parts(read(x * 3.0, flows=True)).edges[0].flow).__name__
    'Flow'
    """
    edges = (
        replace(edge, flow=Flow(edge.flow.size, edge.flow.sign, edge.flow.text))
        if isinstance(edge.flow, Sent)
        else edge
        for edge in view.edges
    )
    return replace(view, edges=tuple(edges))
