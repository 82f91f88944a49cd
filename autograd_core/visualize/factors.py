"""What each operation on the strongest path does to a gradient: symbols, factor, place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_core.graph import Absent, Node
from autograd_core.tensor import Tensor

from .causes import LOSSES_OF_LOGITS, SATURATING, cancels, operand_values, result_of
from .disconnected import Question
from .evidence import STRIKING, Cause, Factor
from .format import describe_array, describe_value, shorten, visible
from .gradient_flow import SLOPED, Flow, Part
from .lost import PRODUCTS, SHARING, probabilities, shares, sharing_axis
from .notation import describe_operation

__all__ = ["Labels", "factors", "shrunk", "steps", "why_small"]

LONGEST_EXPRESSION = 40


class Labels:
    """What the nodes of a graph are called: as the user calls them, else as in the picture.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(2.0)
    >>> y = x * 3.0
    >>> labels = Labels(Question(x, y, {"x": x}, None), [x._node, y._node])
    >>> labels.of(y._node), labels.expression(y._node)
    ('v1', 'x × 3')
    """

    def __init__(self, question: Question, nodes: list[Node]) -> None:
        self.ranks = {node: rank for rank, node in enumerate(nodes)}
        self.names: dict[Node, str] = {}
        for name, value in question.variables.items():
            if isinstance(value, Tensor) and value._node is not None:
                self.names.setdefault(value._node, name)
        self.names[question.x._node] = question.name_of(question.x, "x")

    def of(self, node: Node) -> str:
        """The label of a node."""
        name = self.names.get(node) or node.name or f"v{self.ranks[node]}"
        return shorten(visible(name))

    def expression(self, node: Node) -> str:
        """How the operation reads, such as ``x × w``; empty for a leaf."""
        if node.op is None:
            return ""
        operands = [
            self.of(parent) if type(parent) is Node else _constant(parent)
            for parent in node.parents
            if parent is not None  # an optional operand that was not given
        ]
        keywords = node.keywords
        if keywords and node.shape == ():  # over all axes: nothing to tell apart
            keywords = {name: value for name, value in keywords.items() if name != "axis"}
        text = describe_operation(node.op.symbol or node.op.name, operands, keywords)
        return shorten(text, LONGEST_EXPRESSION)


def _constant(value: Any) -> str:
    if type(value) is Absent:
        return describe_array(value.shape, value.dtype)
    if np.ndim(value) == 0:
        return describe_value(value)
    array = np.asarray(value)
    return describe_array(array.shape, array.dtype)


def factors(found: Flow, labels: Labels) -> tuple[Factor, ...]:
    """The factors of the strongest path, from the loss back, hooks among them.

    Parameters
    ----------
    found : Flow
    labels : Labels
    """
    return tuple(factor for factor, _ in steps(found, labels))


def steps(found: Flow, labels: Labels) -> list[tuple[Factor, Part | Node]]:
    """The same, each with the part of the flow that it measures, or the node with the hook.

    Parameters
    ----------
    found : Flow
    labels : Labels
    """
    arrivals = found.arrivals()
    path: list[tuple[Factor, Part | Node]] = []
    if found.nodes and found.nodes[-1] in found.hooked:
        path.append((_of_a_hook(found.nodes[-1], found, labels), found.nodes[-1]))
    for part in found.path():
        factor = Factor(
            labels.of(part.node),
            part.node.op.name if part.node.op is not None else "",
            part.arriving,
            part.passed,
            None if part.node.location is None else str(part.node.location),
            labels.expression(part.node),
            max(1, arrivals[part.parent]),
            0 in part.parent.shape,
        )
        path.append((factor, part))
        if part.parent in found.hooked:
            path.append((_of_a_hook(part.parent, found, labels), part.parent))
    return path


def _of_a_hook(node: Node, found: Flow, labels: Labels) -> Factor:
    change = found.hooked[node]
    return Factor(labels.of(node), "hook", change.before, change.after, hook=change)


# ------------------------------------------------------------------------------ along the path

#: What multiplies by numbers of the graph: with their results, a network's layers.
LAYERS = {
    *("linear", "matmul", "einsum", "tensordot", "convolution", "convolution_transpose"),
    *("rnn_scan", "gru_scan", "lstm_scan", "recurrence", "scaled_dot_product_attention"),
}
#: Products by which a gradient arrives at weights (or at data): what it meets there is the data.
MEETING = PRODUCTS | LAYERS
#: Of what arrives at a network's output, this much at a layer is too little to learn from beside
#: the last layers. nn.diagnose has the same number; a slope of 1/4 (the sigmoid's steepest) seven
#: times over is less, and networks with ReLU, tanh or a bypass stay far above it.
SHRUNK = 1e-4


def shrunk(path: Sequence[Factor]) -> tuple[tuple[Factor, ...], float]:
    """The part of a path in which a gradient fell below the 1/10,000th, and to how much of it.

    The loss and the data are left out: the gradient of a loss that is nearly at its minimum is
    small, and so is that of the weights of small data, and there nothing is wrong. The loss reaches
    down to the first layer, or to the first activation if that comes sooner, as it may be the
    output's; the data are what is met in the last product.

    Parameters
    ----------
    path : sequence of Factor
        From the loss back.

    Returns
    -------
    tuple of Factor, float
        No factors, and 1, where it did not fall that far.

    Examples
    --------
    >>> names = ["power", "linear", "sigmoid", "linear", "sigmoid", "linear"]
    >>> norms = [1e-3, 2e-3, 2e-4, 2e-5, 2e-7, 2e-8, 1e-9]
    >>> path = [Factor("", *step) for step in zip(names, norms, norms[1:])]
    >>> inside, share = shrunk(path)
    >>> [factor.operation for factor in inside], f"{share:.0e}"
    (['linear', 'sigmoid', 'linear', 'sigmoid'], '1e-05')
    >>> shrunk(path[:3])
    ((), 1.0)
    """
    start = next((i for i, f in enumerate(path) if f.operation in LAYERS | SLOPED), len(path))
    if start < len(path) and path[start].operation in SLOPED:
        start += 1
    last = max((i for i, f in enumerate(path) if f.operation in MEETING), default=len(path))
    inside = tuple(path[start:last])
    end = path[last].arriving if last < len(path) else path[-1].passed
    if not inside or not inside[0].arriving or not 0 < end / inside[0].arriving < SHRUNK:
        return (), 1.0
    return inside, end / inside[0].arriving


# ------------------------------------------------------------------------------ one that is small

NEARLY_CERTAIN = ", as a loss of logits does where it is nearly 0"
NEARLY_ALL = 0.99  # a probability, from which on a softmax is nearly saturated
ROUNDING = 1e-6  # what is left of what cancels, at most


def why_small(part: Part, ratio: float) -> tuple[Cause, str]:
    """Why an operation that passes something on passes on so little of it.

    Parameters
    ----------
    part : Part
    ratio : float
        Norm of what is passed on over that of what arrives.
    """
    node, out = part.node, result_of(part.node)
    name = node.op.name if node.op is not None else ""
    if name in SHARING:
        return _why_little_is_shared(node, operand_values(node)[part.position], out, ratio)
    if name in LOSSES_OF_LOGITS:
        return Cause.CERTAIN, NEARLY_CERTAIN
    if name in SATURATING and ratio < 1 / STRIKING:
        return Cause.SATURATED, ", being nearly saturated"
    return Cause.SHRINKING, ""


def _why_little_is_shared(node: Node, own: Any, out: Any, ratio: float) -> tuple[Cause, str]:
    found = probabilities(node, own, out)
    if found is None:
        return Cause.SHRINKING, ""
    name, axis = node.op.name, sharing_axis(node)  # type: ignore[union-attr]
    alone = shares(found, own, axis).alone
    most = np.max(np.where(alone, 0, found), axis=axis)
    sure = np.count_nonzero(most > NEARLY_ALL)
    if sure and 2 * sure >= np.count_nonzero(most):
        if name in LOSSES_OF_LOGITS:
            return Cause.CERTAIN, NEARLY_CERTAIN
        return Cause.SATURATED, ", being nearly saturated"
    if ratio < ROUNDING * np.max(most, initial=0):
        return Cause.CANCELLED, f": {cancels(name)} but for a rest"
    return Cause.SHRINKING, ""
