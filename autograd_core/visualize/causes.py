"""What an operation did where it passed nothing on, in words and as a ``Cause``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from autograd_core.entry import Primitive
from autograd_core.graph import Node

from .cuts import source_line
from .evidence import Cause, Place
from .format import describe_value
from .gradient_flow import Part
from .lost import (
    MASKING,
    PRODUCTS,
    SHARING,
    factor_positions,
    first_and_count,
    kinks,
    probabilities,
    shares,
    sharing_axis,
)

__all__ = ["cancels", "operand_values", "place_of", "result_of"]

RELUS = {"relu"}
CLIPS = {"clip", "hardtanh", "hardsigmoid"}
SATURATING = {
    *("sigmoid", "tanh", "softplus", "log_sigmoid", "erf", "erfc", "logaddexp"),
    *("ndtr", "silu", "gelu", "mish", "elu", "selu", "celu", "softsign", "arctan"),
    *("exp", "exp2", "expm1"),
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

#: What is the matter where an operation has no derivative.
BEND = "it has a kink there, so no derivative"
KINKS = {
    **dict.fromkeys(
        ("xlogy", "xlog1py"), "its slope there is infinite, that of the logarithm at 0"
    ),
    "arctan2": "it has no derivative there, where all angles meet",
}


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


def result_of(node: Node) -> Any:
    """The value of an operation as far as the graph still has it; None for several results.

    Parameters
    ----------
    node : Node
    """
    if node.value is not None:
        return None if isinstance(node.value, tuple) else node.value
    out = dict(zip(node.plan.names, node.saved or (), strict=False)).get("out")
    return None if isinstance(out, tuple) else out


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
    part, cause, words = _explain_apart(own, values, part)
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


def _explain_apart(own: Any, values: list[Any], part: Part) -> tuple[Part, Cause, str]:
    """What happened, and the part with only those elements that it is said of."""
    node, out = part.node, result_of(part.node)
    assert node.op is not None
    if part.where is not None:
        bent = kinks(node, part.position, values, out)
        if bent is not None and np.any(bent & part.where):
            at = "" if own is None else f" (its input: {describe_value(own)})"
            words = KINKS.get(node.op.name, BEND)
            return _of_these(part, bent), Cause.KINK, f"{words}; 0 is the convention{at}"
        by_hand = node.op.name == "exp" and own is not None  # it may be a softmax
        if by_hand and np.all(np.asarray(own)[part.where] <= MASKING):
            return part, Cause.MASKED, "they are masked out, by scores so low that it is 0"
        if node.op.name in SHARING:
            told = _explain_shares(own, out, part)
            if told is not None:
                return told
    return part, *_explain(node.op, own, values, node.value, part)


def _of_these(part: Part, here: Any) -> Part:
    lost, size, index = first_and_count(part.where & here)
    return replace(part, lost=lost, size=size, index=index)


def _explain_shares(own: Any, out: Any, part: Part) -> tuple[Part, Cause, str] | None:
    """Of a softmax: saturated, or masked out, or what arrives cancels; None if not known."""
    node = part.node
    found = probabilities(node, own, out)
    if found is None:
        return None
    name, dtype = node.op.name, node.dtype  # type: ignore[union-attr]
    axis = sharing_axis(node)
    kinds = shares(found, own, axis)
    if np.any(kinds.ends & part.where):
        part = _of_these(part, kinds.ends)
        if name in LOSSES_OF_LOGITS:
            return part, Cause.CERTAIN, _certain(name, out, part)
        if name == "logsumexp":
            return part, Cause.NOT_CHOSEN, f"too far below the greatest to count in {dtype}"
        given = "" if own is None else f": its input is {describe_value(own)}"
        words = f"it is saturated, its probability is 0 or 1 there in {dtype}{given}"
        return part, Cause.SATURATED, words
    if found.size and not np.any(kinds.masked) and np.all(kinds.alone):
        words = "it has one element only, which is 1 whatever its score is"
        return part, Cause.FLAT, words
    rest = ~kinds.masked & ~kinds.alone
    if np.any(rest & part.where):
        whole = np.any(np.all(part.where, axis=axis))
        return _of_these(part, rest), Cause.CANCELLED, cancels(name, whole=bool(whole))
    masked = int(np.count_nonzero(kinds.masked & part.where))
    alone = int(np.count_nonzero(kinds.alone & part.where))
    texts = [f"{masked:,} {_are(masked)} masked out (probability 0)"] if masked else []
    if alone:
        texts.append(f"{alone:,} {_are(alone)} alone in a softmax (probability 1 in any case)")
    return part, Cause.MASKED, " and ".join(texts)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def cancels(name: str, *, whole: bool = True) -> str:
    """Why nothing is left of what arrives at a softmax that is not saturated.

    Parameters
    ----------
    name : str
        Of the operation.
    whole : bool
        Whether nothing is left for all of its elements.

    Examples
    --------
    >>> cancels("softmax")
    'what arrives is the same for all its elements, whose sum is always 1, so it cancels'
    """
    if name != "softmax":
        what = "in the proportions of its probabilities"
    elif whole:
        what = "the same for all its elements"
    else:
        what = "the average of what arrives at all its elements"
    return f"what arrives is {what}, whose sum is always 1, so it cancels"


def _explain(  # noqa: C901 - a table of kinds of operations
    op: Primitive, own: Any, values: list[Any], out: Any, part: Part
) -> tuple[Cause, str]:
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
    if name == "norm" and (part.node.keywords or {}).get("ord") in (np.inf, -np.inf):
        return Cause.NOT_CHOSEN, "another element is the one that gives this norm"
    if name == "scaled_dot_product_attention" and part.position < 2 and _is_masked(part.node):
        return Cause.MASKED, "a target that may look at one source only gives it all its weight"
    if name in PRODUCTS:
        return _explain_product(op, values, part)
    if name in LOSSES_OF_LOGITS:
        return Cause.CERTAIN, _certain(name, out, part)
    if name in SATURATING | SHARING:
        result = "" if out is None else f", its output {describe_value(out)}"
        given = "" if own is None else f": its input is {describe_value(own)}{result}"
        return Cause.SATURATED, f"it is saturated, its slope is 0 in {part.node.dtype}{given}"
    if _underflows(part):
        return Cause.UNDERFLOW, "what arrives is too small for the dtype"
    if name in MULTIPLYING and _never_zero(values):
        return Cause.UNDERFLOW, f"its slope there is too small for the dtype{at}"
    return Cause.FLAT, f"its slope there is 0{at}"


def _is_masked(node: Node) -> bool:
    """Whether an attention leaves sources out: after the target, by `allowed`, or by a bias."""
    given = [parent is not None for parent in node.parents[3:5]]
    return any(given) or bool(node.keywords and node.keywords["causal"])


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
