"""What the reverse pass sends back along each edge, in short: how much, and with which sign.

The gradient at a node is the sum over its uses; this tells the uses apart.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from autograd_core.contributions import fit
from autograd_core.graph import Node
from autograd_core.reverse import recover

from .format import describe_value
from .view import Flow

__all__ = ["Part", "Sent", "flows_of", "sign_of", "summarise"]


class Part(NamedTuple):
    """One use of an operand: enough to compute again what the reverse pass sends back there.

    The arrays themselves are not held: a weight that a thousand steps use would be there a
    thousand times.
    """

    node: Node
    position: int
    gradient: Any  # at `node`

    @property
    def receiver(self) -> Node:
        """Whose gradient this is a part of; each output of an operation with several has its own.

        Examples
        --------
        >>> import autograd_core as ag
        >>> x = ag.Tensor(3.0, name="x")
        >>> Part((x * 2.0)._node, 0, np.float64(1.0)).receiver.name
        'x'
        """
        return self.node.parents[self.position] if self.node.plan.edges else self.node

    def amount(self) -> Any:
        """What is sent, as an array; ``None`` if the values needed for it were released."""
        with np.errstate(all="ignore"):
            return next((part for _, part in _parts(self.node, self.gradient, self.position)), None)


@dataclass(frozen=True, slots=True)
class Sent(Flow):
    """A flow that can still be added to others, for it knows which uses it is the sum of."""

    parts: tuple[Part, ...] = field(default=(), compare=False, repr=False)


def flows_of(nodes: Iterable[Node], gradients: Mapping[Node, Any]) -> dict[tuple[Node, int], Flow]:
    """Apply the local derivatives of each node once more, and sum up what they give.

    Parameters
    ----------
    nodes : iterable of Node
    gradients : mapping
        The gradient at each node, as ``node_gradients`` returns it; nodes without one, and
        those whose values were released, are left out.

    Returns
    -------
    dict
        From (node, operand position) to what goes back to that operand.
    """
    flows: dict[tuple[Node, int], Flow] = {}
    with np.errstate(all="ignore"):
        for node in nodes:
            if not node.parents or node not in gradients:
                continue
            gradient = gradients[node]
            for position, amount in _parts(node, gradient):
                short = summarise(amount)
                part = Part(node, position, gradient)
                flows[node, position] = Sent(short.size, short.sign, short.text, (part,))
    return flows


def _parts(node: Node, gradient: Any, wanted: int | None = None) -> Iterator[tuple[int, Any]]:
    """Operand position and what is sent there, or of the position that is wanted only."""
    edges = node.plan.edges
    if not edges:  # one output of an operation with several hands its gradient on
        yield 0, gradient
        return
    saved = recover(node)
    if saved is None:
        return
    incoming = _as_rules_read_it(node, gradient)
    for position, rule, pick in edges:
        if wanted is not None and position != wanted:
            continue
        part = rule(incoming, *(saved if pick is None else pick(saved)))
        if part is not None:
            parent = node.parents[position]
            fitted = fit(np.asarray(part), parent.shape, parent.dtype)
            # Back from the convention of the rules to that of `.grad`.
            yield position, fitted.conjugate() if parent.dtype.kind == "c" else fitted


def _as_rules_read_it(node: Node, gradient: Any) -> Any:
    """Rules work with unconjugated gradients, and want one for each of several outputs."""
    if type(gradient) is not list:
        return gradient.conjugate() if gradient.dtype.kind == "c" else gradient
    return tuple(
        np.zeros(shape, dtype) if part is None else np.conjugate(part)
        for part, shape, dtype in zip(gradient, node.shape, node.dtype, strict=True)
    )


def summarise(gradient: Any) -> Flow:
    """Return size, sign and text of a gradient.

    Examples
    --------
    >>> summarise(np.array([3.0, -4.0]))
    Flow(size=3.5355339059327378, sign=None, text='[3, -4]')
    >>> summarise(np.float64(-2.0)).sign
    -1
    """
    array = np.asarray(gradient)
    text = describe_value(gradient)
    if array.size == 0:
        return Flow(0.0, 0, text)
    largest = float(np.abs(array).max())
    if not math.isfinite(largest) or largest == 0:
        sign = 0 if largest == 0 else sign_of(array)
        return Flow(largest, sign, text)
    scaled = np.abs(array / largest)  # squares of 1e200 would overflow
    return Flow(largest * math.sqrt(float(np.mean(scaled * scaled))), sign_of(array), text)


def sign_of(gradient: Any) -> int | None:
    """1 where all of it is positive, or 0; -1 negative; 0 exactly 0; None for both, or unknown.

    Examples
    --------
    >>> sign_of(2.5), sign_of(np.array([-1.0, 0.0])), sign_of(np.array([1.0, -1.0]))
    (1, -1, None)
    """
    array = np.asarray(gradient)
    if array.dtype.kind == "c" or np.isnan(array).any():
        return None
    positive, negative = bool((array > 0).any()), bool((array < 0).any())
    if positive and negative:
        return None
    return int(positive) - int(negative)
