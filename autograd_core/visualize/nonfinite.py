"""Where the first number that is not finite was born: in the reverse pass, or before it."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from autograd_core.graph import Node
from autograd_core.ranges import first_of, range_of
from autograd_core.ranges import is_finite as values_finite
from autograd_core.traps import FORWARD, REVERSE, overflow, trap

from .causes import operand_values, result_of
from .cuts import source_line
from .evidence import Cause, Place, advice_for
from .factors import Labels
from .gradient_flow import Flow, Part, is_finite

__all__ = ["birthplace", "in_the_forward_pass"]


def birthplace(found: Flow, labels: Labels) -> tuple[Place, str]:
    """The place where the first number that is not finite came up, and what to do.

    Parameters
    ----------
    found : Flow
        Of a gradient that is not finite.
    labels : Labels
    """
    part = next((p for p in found.parts if is_finite(p.arriving) and not is_finite(p.passed)), None)
    known = {node: value for node in found.nodes if (value := result_of(node)) is not None}
    infinite = [node for node in found.nodes if not values_finite(known.get(node, 0.0))]
    if infinite and (part is None or _spoiled(part)):
        return _forward(infinite[0], result_of(infinite[0]), labels)
    if part is None:
        changed = next((n for n, hook in found.hooked.items() if not is_finite(hook.after)), None)
        if changed is not None:
            text = f"a hook of {labels.of(changed)} returned a gradient that is not finite."
            return Place(Cause.HOOK, text), advice_for(Cause.HOOK)
        text = "contributions that are finite add up to more than the dtype holds."
        return Place(Cause.REVERSE, text), "scale the loss or the inputs down, or use float64."
    return _reverse(part, labels)


def in_the_forward_pass(found: Flow, result: Any, labels: Labels) -> tuple[Place, str] | None:
    """The same for a result that is not finite, whatever its gradient is; None if it is finite.

    Parameters
    ----------
    found : Flow
    result : array
        The value of the last node.
    labels : Labels
    """
    if values_finite(result):
        return None
    for node in found.nodes[:-1]:
        if not values_finite(0.0 if (value := result_of(node)) is None else value):
            return _forward(node, value, labels)
    return _forward(found.nodes[-1], result, labels)


def _spoiled(part: Part) -> bool:
    """Whether the operation computed with numbers that were not finite already."""
    used = [*operand_values(part.node), result_of(part.node), *(part.node.saved or ())]
    return not all(values_finite(value) for value in used if value is not None)


def _forward(node: Node, value: Any, labels: Labels) -> tuple[Place, str]:
    value = np.asarray(value)
    number, index, count = first_of(value)
    if node.op is None:
        text = f"the leaf {labels.of(node)} holds {number} already"
        if value.ndim:
            text += f": {count:,} of {value.size:,} elements, the first at index {index}"
        text += "."
        place = Place(Cause.FORWARD, text, count=count, size=value.size, index=index)
        return place, "look where its data was loaded or computed."
    operands = operand_values(node)
    shown = _ranges(node, operands, labels)
    text = f"{node.op.name} made {number} in the forward pass"
    if value.ndim:
        text += f": {count:,} of {value.size:,} elements, the first at index {index}"
    text += f" ({'; '.join(shown)})." if shown else "."
    if any(x is None and p is not None for x, p in zip(operands, node.parents, strict=False)):
        text = text.replace(f" made {number} in the forward pass", f" has the result {number}", 1)
        text += " What it was computed from was not kept, and may have held that number already."
        advice = "look at the values before this line, or run it under ag.detect_anomaly()."
        return _place(node, Cause.FORWARD, text, count, value.size, index), advice
    words = _in_their_names(trap(FORWARD, node.op.name, operands, node.dtype), node, labels)
    if words is None and any(x is not None and not values_finite(x) for x in operands):
        words = "an operand, a constant, holds a number that is not finite already."
    return _place(node, Cause.FORWARD, text, count, value.size, index), words or overflow(
        node.dtype
    )


def _reverse(part: Part, labels: Labels) -> tuple[Place, str]:
    node = part.node
    assert node.op is not None
    operands: list[Any] = operand_values(node)
    out = result_of(node)
    if node.op.name in ("sqrt", "cbrt") and operands and operands[0] is None:
        operands[0] = out  # 0 where x is 0
    shown = _ranges(node, operands, labels)
    operand = labels.of(part.parent)
    text = f"the derivative of {node.op.name} with respect to {operand} is not finite"
    text += f" ({'; '.join(shown)})." if shown else "."
    words = trap(REVERSE, node.op.name, operands, part.parent.dtype)
    return _place(node, Cause.REVERSE, text), _in_their_names(words, node, labels) or overflow(
        part.parent.dtype
    )


def _ranges(node: Node, operands: list[Any], labels: Labels) -> list[str]:
    """What each operand holds, under the name it has in the user's code or in the picture."""
    shown = [
        f"{labels.of(parent) if type(parent) is Node else 'a constant'}: {range_of(value)}"
        for parent, value in zip(node.parents, operands, strict=False)
        if value is not None and not isinstance(value, tuple)
    ]
    return list(dict.fromkeys(shown))  # x * x says it once


def _in_their_names(words: str | None, node: Node, labels: Labels) -> str | None:
    """Say whom the x and y of general words stand for."""
    if words is None or node.op is None:
        return words
    named = {
        name: labels.of(parent)
        for name, parent in zip(node.op.operand_names, node.parents, strict=False)
        if type(parent) is Node and re.search(rf"\b{name}\b", words)
    }
    stands = [f"{name} stands for {label}" for name, label in named.items() if name != label]
    return f"{words} Here {' and '.join(stands)}." if stands else words


def _place(
    node: Node,
    cause: Cause,
    text: str,
    count: int | None = None,
    size: int | None = None,
    index: tuple[int, ...] | None = None,
) -> Place:
    assert node.op is not None
    place = node.location
    return Place(
        cause,
        text,
        None if place is None else str(place),
        None if place is None else source_line(place.filename, place.line),
        node.op.name,
        count,
        size,
        index,
    )
