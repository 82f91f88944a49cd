"""What an operation did where it passed nothing on, in words and as a ``Cause``."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core.entry import Primitive
from autograd_core.graph import Node

from .cuts import source_line
from .evidence import Cause, Place
from .format import describe_value
from .gradient_flow import Part
from .lost import PRODUCTS, factor_positions

__all__ = ["advice_for", "operand_values", "place_of"]

RELUS = {"relu"}
CLIPS = {"clip", "hardtanh", "hardsigmoid"}
SATURATING = {
    *("sigmoid", "tanh", "softmax", "log_softmax", "softplus", "log_sigmoid", "erf", "erfc"),
    *("ndtr", "silu", "gelu", "mish", "elu", "selu", "celu", "softsign", "arctan"),
    *("softmax_cross_entropy", "logsumexp", "logaddexp", "exp", "exp2", "expm1"),
}
#: Losses of logits, and their parts: their slope is 0 where they are 0, the best they can be.
LOSSES_OF_LOGITS = {"softmax_cross_entropy", "log_softmax", "softplus", "log_sigmoid"}
CHOOSING = {
    *("where", "maximum", "minimum", "fmax", "fmin", "max", "min", "nanmax", "nanmin"),
    *("median", "quantile", "percentile", "choose", "cummax", "cummin", "max_pool"),
}
READING = {
    *("getitem", "take", "take_along_axis", "diagonal", "trace", "tril", "triu", "split"),
    *("unstack", "partition", "real", "imag", "index_update", "nan_to_num", "gather_rows"),
}
#: Operations that are never 0 but where the result is too small for its dtype.
POSITIVE = {"exp", "exp2", "exp10", "sigmoid", "softmax", "ndtr", "erfc"}
#: Operations that are 0 only where an operand is, or where the result is too small.
MULTIPLYING = {"multiply", "divide", "power", "float_power", "square", "reciprocal"}
STEPS = {"sign", "heaviside", "copysign"}

ADVICE = {
    Cause.DEAD_RELU: "lower the learning rate, start the biases at a small positive number, or use"
    " ag.leaky_relu, ag.elu or ag.gelu, which pass something on below 0.",
    Cause.SATURATED: "keep the inputs of this function small (standardised inputs, smaller initial"
    " weights, nn.init), use relu between layers, and a loss that takes logits"
    " (nn.cross_entropy, nn.binary_cross_entropy_with_logits) instead of probabilities.",
    Cause.CERTAIN: "nothing is wrong where this is the loss: it is 0 in this dtype, or nearly: the"
    " prediction is right with certainty, and nothing is left to learn from this example. Inside a"
    " network, keep the inputs of this function small.",
    Cause.MULTIPLIED_BY_ZERO: "if that 0 is data (a feature that is 0 in every row), nothing is"
    " wrong; a mask or an initial value keeps this gradient at 0; weights that all start at 0"
    " never learn: draw them at random (nn.init).",
    Cause.MASKED: "the mask is 0 there: that is right if these elements are to be left out. If it"
    " is a ReLU by hand, as z * (z > 0), it is a dead ReLU: lower the learning rate, start the"
    " biases at a small positive number, or use ag.leaky_relu, ag.elu or ag.gelu.",
    Cause.CLIPPED: "clip what you show rather than what you train on, or use a smooth limit such"
    " as tanh.",
    Cause.NOT_CHOSEN: "the other operand was chosen here; that is right if you meant it. A smooth"
    " choice is ag.logsumexp or ag.softplus.",
    Cause.NOT_USED: "nothing is wrong if these elements were not to be read this time, as the rows"
    " of an embedding that a batch does not look up; else index those that you mean.",
    Cause.STEP: "a step has no slope to follow: train with a smooth one (tanh, sigmoid).",
    Cause.FLAT: "this may be the minimum (or maximum) that you look for; if not, start from another"
    " point: here a small step changes nothing.",
    Cause.UNDERFLOW: "the numbers are too small for their dtype: rescale, compute with logarithms,"
    " or use float64, which reaches down to 1e-308.",
    Cause.ZERO_SEED: "give another seed, or none: then each element of the loss counts once.",
    Cause.CANCELLED: "nothing is wrong: at this point the paths balance. For weights that start"
    " equal, draw them at random.",
    Cause.SHRINKING: "look at the smallest factor first; relu, smaller depth, normalised inputs and"
    " scaled initial weights (nn.init) keep factors near 1.",
    Cause.GROWING: "look at the largest factor first; scale the inputs, lower the learning rate or"
    " the initial weights, or clip: nn.clip_gradient_norm.",
    Cause.HOOK: "remove the hook (handle.remove()), or let it return another gradient.",
}


def advice_for(cause: Cause) -> str:
    """What to do about a cause; empty where nothing is wrong.

    Examples
    --------
    >>> advice_for(Cause.HOOK)
    'remove the hook (handle.remove()), or let it return another gradient.'
    """
    return ADVICE.get(cause, "")


def operand_values(node: Node) -> list[Any]:
    """The operands of an operation as far as the graph still has them; None for the others."""
    assert node.op is not None
    saved = dict(zip(node.plan.names, node.saved or (), strict=False))
    if node.op.variadic:
        kept = saved.get("operands", (None,) * len(node.parents))
        return [
            value if value is not None else _kept(parent)
            for value, parent in zip(kept, node.parents, strict=False)
        ]
    names = node.op.operand_names
    return [
        saved[name] if saved.get(name) is not None else _kept(parent)
        for name, parent in zip(names, node.parents, strict=False)
    ]


def _kept(parent: Any) -> Any:
    if type(parent) is Node:
        return parent.value
    return parent if isinstance(parent, np.ndarray | np.generic | int | float | complex) else None


def place_of(part: Part, label: str) -> Place:
    """What happened at a contribution that is 0, wholly or for some elements."""
    node = part.node
    op = node.op
    assert op is not None
    values = operand_values(node)
    own = values[part.position] if part.position < len(values) else None
    cause, words = _explain(op, own, values, node.value, part)
    location = node.location
    text = f"{op.name} passes nothing on to {label}"
    if part.size > 1:
        where = "all" if part.lost == part.size else f"{part.lost:,} of {part.size:,}"
        text += f" for {where} elements" if part.lost != part.size else f" ({where} elements)"
    text += f": {words}"
    if own is not None and part.index is not None and np.shape(own) == np.shape(_like(part)):
        if part.size > 1:
            text += f"; for example at index {_index(part.index)}, where its value is"
            text += f" {describe_value(np.asarray(own)[part.index])}"
    elif part.index is not None and part.size > 1:
        text += f"; for example at index {_index(part.index)}"
    return Place(
        cause,
        text + ".",
        None if location is None else str(location),
        None if location is None else source_line(location.filename, location.line),
        op.name,
        part.lost,
        part.size,
        part.index,
    )


def _like(part: Part) -> Any:
    return np.broadcast_to(0, part.parent.shape)


def _index(index: tuple[int, ...]) -> str:
    return str(index[0]) if len(index) == 1 else str(index)


def _explain(op: Primitive, own: Any, values: list[Any], out: Any, part: Part) -> tuple[Cause, str]:
    name = op.name
    at = "" if own is None else f" (its input: {describe_value(own)})"
    if name in RELUS:
        return Cause.DEAD_RELU, f"its input is not above 0 there, and its slope is 0{at}"
    if name in CLIPS:
        return Cause.CLIPPED, f"the value lies outside the limits, where the slope is 0{at}"
    if name in STEPS:
        return Cause.STEP, "it is constant almost everywhere"
    if name in CHOOSING:
        return Cause.NOT_CHOSEN, "another operand or element was chosen there"
    if name in READING:
        return Cause.NOT_USED, "it does not read these elements"
    if name == "embedding":
        return Cause.NOT_USED, "nothing is wrong, these rows were not looked up in this batch"
    if name in PRODUCTS:
        return _explain_product(op, values, part)
    if name in LOSSES_OF_LOGITS:
        return Cause.CERTAIN, _certain(name, out, part)
    if name in SATURATING:
        result = "" if out is None else f", its output {describe_value(out)}"
        given = "" if own is None else f": its input is {describe_value(own)}{result}"
        return Cause.SATURATED, f"it is saturated, its slope is 0 in {part.node.dtype}{given}"
    if _underflows(part):
        return Cause.UNDERFLOW, "what arrives is too small for the dtype"
    if name in MULTIPLYING and _never_zero(values):
        return Cause.UNDERFLOW, f"its slope there is too small for the dtype{at}"
    return Cause.FLAT, f"its slope there is 0{at}"


def _certain(name: str, out: Any, part: Part) -> str:
    dtype = part.node.dtype
    if name != "softmax_cross_entropy":
        return f"its slope is 0 in {dtype}, as it is where a loss of logits is 0"
    if out is not None and not np.any(out):
        return f"the prediction is right with certainty in {dtype}, the loss is 0"
    return f"the probabilities there are those of the labels exactly, in {dtype}"


def _explain_product(op: Primitive, values: list[Any], part: Part) -> tuple[Cause, str]:
    positions = factor_positions(op, part.position, len(values))
    factors = [values[i] for i in positions if values[i] is not None]
    if op.name == "linear" and not positions:  # the bias: it is added
        if _underflows(part):
            return Cause.UNDERFLOW, "what arrives is too small for the dtype"
        return Cause.CANCELLED, "what arrives there adds up to 0"
    zero = next((i for i in positions if values[i] is not None and not np.all(values[i])), None)
    if zero is not None:
        return _explain_zero(values[zero], part.node.parents[zero], part)
    if factors or _underflows(part):
        return Cause.UNDERFLOW, "the product is too small for the dtype"
    return Cause.MULTIPLIED_BY_ZERO, "the other operand is 0 there (its value was not kept)"


def _explain_zero(value: Any, factor: Any, part: Part) -> tuple[Cause, str]:
    """What a factor is that is 0."""
    given = f"({describe_value(value)})"
    if factor is part.parent:
        return Cause.FLAT, f"both operands are the same, and 0 there {given}, so the slope is 0"
    if type(factor) is not Node or factor.op is None:
        if _is_mask(value, part):
            return Cause.MASKED, f"the other operand, like a mask, is 0 there {given}"
        return Cause.MULTIPLIED_BY_ZERO, f"the other operand is 0 {given}"
    made = f"the other operand, a result of {factor.op.name},"
    if factor.op.name in RELUS:
        return Cause.DEAD_RELU, f"{made} is 0 there {given}"
    if _underflowed(factor):
        words = f"{made} underflowed to 0 there {given}: what it was computed from is not 0"
        return Cause.UNDERFLOW, words
    own = operand_values(part.node)[part.position]
    if part.parent.op is not None and own is not None and not np.any(own) and not np.any(value):
        return Cause.FLAT, "both operands are 0 there, so the slope is 0"
    return Cause.MULTIPLIED_BY_ZERO, f"{made} is 0 {given}"


def _is_mask(value: Any, part: Part) -> bool:
    """Whether this came from a comparison: booleans, or both 0 and 1 alone, one an element."""
    array = np.asarray(value)
    if array.dtype.kind == "b":
        return True
    binary = bool(np.any(array == 1)) and bool(np.all((array == 0) | (array == 1)))
    return binary and part.node.op is not None and part.node.op.name == "multiply"


def _underflowed(factor: Node) -> bool:
    """Whether a result that is 0 was computed from operands that are not."""
    assert factor.op is not None
    if factor.op.name in POSITIVE:
        return True
    return factor.op.name in MULTIPLYING and _never_zero(operand_values(factor))


def _never_zero(values: list[Any]) -> bool:
    return all(value is not None and bool(np.all(value)) for value in values)


def _underflows(part: Part) -> bool:
    dtype = part.parent.dtype
    return dtype.kind in "fc" and part.arriving < float(np.finfo(dtype).tiny) * 1e20
