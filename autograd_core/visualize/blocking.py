"""Where on the way from a result to one node a gradient was lost, or became tiny or huge."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_core.graph import Node

from .causes import LOSSES_OF_LOGITS, place_of
from .cuts import source_line
from .evidence import STRIKING, Cause, Factor, Place, Verdict
from .factors import Labels, shrunk, steps, why_small
from .format import format_number
from .gradient_flow import SLOPED, Flow, Part, norm

__all__ = ["at", "blocked", "sized", "striking"]

#: From these norms on, a gradient that trains nothing, or blows a step up.
TINY, HUGE = 1e-7, 1e5

#: From here on, a gradient is called small where its path made it so: by an operation that is
#: saturated, or by what all layers together do.
SMALL = 1e-3

MOST_PLACES = 5
SATURATED_BELOW = 0.01  # a sigmoid beyond 4.6, a tanh beyond 3


def blocked(found: Flow, labels: Labels) -> list[Place]:
    """Where something arrived and nothing was passed on.

    What blocks every path comes first, nearest to x; then where most is lost.

    Parameters
    ----------
    found : Flow
    labels : Labels
    """
    if _starts_at_zero(found):
        return [at(found.nodes[-1], Cause.ZERO_SEED, "the seed, the gradient at the loss, is 0.")]
    order = {part: -position for position, part in enumerate(found.parts)}
    lost = [part for part in found.parts if part.lost and (part.arriving or part.probed)]
    certain = [order[p] for p in lost if p.node.op and p.node.op.name in LOSSES_OF_LOGITS]
    first = min(certain, default=0)  # what comes after it belongs to the loss
    lost.sort(
        key=lambda part: (
            part.node not in found.blockers,
            order[part] > first,
            -part.lost / part.size,
            order[part],
        )
    )
    walls = _places([p for p in lost if p.node in found.blockers], labels)
    places = [at(node, Cause.HOOK, "a hook returned 0 here.") for node in found.silenced]
    places += [_cancelled(node, found, labels) for node in found.cancelled]
    if not walls and (not places or norm(found.gradient)):
        dead = [part for part in lost if part.lost == part.size and not part.passed]
        places += _places(dead or lost, labels) or _empty(found, labels)
    places = [_perhaps_a_margin(place, found) for place in [*walls, *places]]
    return list(dict.fromkeys(places))[:MOST_PLACES]


def _perhaps_a_margin(place: Place, found: Flow) -> Place:
    """Say of a ReLU that it may be the loss's own; its graph is that of a network's."""
    loss = found.nodes[-1].value
    known = isinstance(loss, np.ndarray | np.generic)
    if place.cause is not Cause.DEAD_RELU or place.count != place.size or not known or np.any(loss):
        return place
    words = "The loss is 0: if this is its own margin, as that of a hinge, nothing is wrong."
    return replace(place, text=f"{place.text} {words}")


def _cancelled(node: Node, found: Flow, labels: Labels) -> Place:
    text = f"the contributions to {labels.of(node)} are not 0, but their sum is"
    loss = found.nodes[-1].value
    if isinstance(loss, np.ndarray | np.generic) and not np.all(np.isfinite(loss)):
        return at(node, Cause.FORWARD, f"{text}, at numbers that are not finite.")
    return at(node, Cause.CANCELLED, f"{text}.")


def _starts_at_zero(found: Flow) -> bool:
    if not found.parts:  # x is the loss itself
        return found.gradient is not None and not norm(found.gradient) and not found.silenced
    first = found.parts[0].node
    return not found.parts[0].arriving and first not in found.silenced and not _is_empty(first)


def _is_empty(node: Node) -> bool:
    return 0 in node.shape


def _empty(found: Flow, labels: Labels) -> list[Place]:
    """Results without elements, of operands that have some."""
    return [
        at(
            part.node,
            Cause.NOT_USED,
            f"the result of {part.node.op.name} is empty, of shape {part.node.shape}, so it"
            f" depends on no element of {labels.of(part.parent)}.",
        )
        for part in reversed(found.parts)
        if part.node.op is not None and _is_empty(part.node) and not _is_empty(part.parent)
    ]


def _places(parts: list[Part], labels: Labels) -> list[Place]:
    """One for each line and operation, which tells of its first part and how many there are."""
    groups: dict[Any, list[Part]] = {}
    for part in parts:
        where = part.node.location
        key = part.node if where is None else (str(where), part.node.op, part.position)
        groups.setdefault(key, []).append(part)
    places = []
    for group in list(groups.values())[:MOST_PLACES]:
        place = place_of(group[0], labels.of(group[0].parent))
        if len(group) > 1:
            text = f"{place.text} This line did so {len(group):,} times."
            place = replace(place, text=text, times=len(group))
        places.append(place)
    return places


def at(node: Node, cause: Cause, text: str) -> Place:
    """A place at an operation.

    Parameters
    ----------
    node : Node
    cause : Cause
    text : str
    """
    place = node.location
    if place is None:
        return Place(cause, text)
    source = source_line(place.filename, place.line)
    operation = None if node.op is None else node.op.name
    return Place(cause, text, str(place), source, operation)


# ------------------------------------------------------------------------------ by its size


def sized(name: str, length: float, path: tuple[Factor, ...]) -> tuple[Verdict, Cause, str]:
    """What the norm of a gradient alone says, and what its path says where it is small.

    Parameters
    ----------
    name : str
        What x is called.
    length : float
    path : tuple of Factor
    """
    text, number = f"The gradient of {name} is", format_number(length, 3)
    if length < TINY:
        return Verdict.TINY, Cause.SHRINKING, f"{text} tiny: its norm is {number}."
    if length > HUGE:
        return Verdict.HUGE, Cause.GROWING, f"{text} huge: its norm is {number}."
    saturated = [factor for factor in path if _saturated(factor)]
    if length < SMALL and saturated:
        least = min(saturated, key=lambda factor: factor.ratio)
        text += f" small, because of {least.operation}, which is nearly saturated"
        return Verdict.SMALL, Cause.SATURATED, f"{text}: its norm is {number}."
    inside, share = shrunk(path)
    if length < SMALL and inside:
        text += " small: on its way back through the layers it shrank, factor by factor, to"
        text += f" {format_number(share, 3)} of what it was; its norm is {number}."
        return Verdict.SMALL, Cause.SHRINKING, text
    return Verdict.FINE, Cause.FLOWS, f"{text} fine."


def _saturated(factor: Factor) -> bool:
    """Whether an operation is so far in saturation that a small gradient is its doing."""
    return factor.operation in SLOPED and factor.ratio < SATURATED_BELOW


def striking(found: Flow, verdict: Verdict, labels: Labels) -> list[Place]:
    """The operations of the path that made the gradient small, tiny, or huge.

    Parameters
    ----------
    found : Flow
    verdict : Verdict
    labels : Labels
    """
    if verdict is Verdict.FINE:
        return []
    path = steps(found, labels)
    shrink = verdict is not Verdict.HUGE
    pairs = [
        (factor, part)
        for factor, part in path
        if (factor.ratio < 1 / STRIKING if shrink else factor.ratio > STRIKING)
        and (verdict is not Verdict.SMALL or _saturated(factor))
    ]
    pairs.sort(key=lambda pair: pair[0].ratio, reverse=not shrink)
    groups = _grouped(pairs)
    if shrink and not groups:
        inside, _ = shrunk([factor for factor, _ in path])
        layers = set(map(id, inside))
        small = [(factor, part) for factor, part in path if id(factor) in layers]
        small = [pair for pair in small if pair[0].ratio < 1]
        groups = [g for g in _grouped(small) if _product(g) < 1 / STRIKING]
        groups.sort(key=_product)
    return [_by_its_size(group, shrink) for group in groups[:MOST_PLACES]]


_Steps = list[tuple[Factor, Part | Node]]


def _grouped(pairs: _Steps) -> list[_Steps]:
    """Those of one operation on one line together."""
    groups: dict[Any, _Steps] = {}
    for factor, part in pairs:
        key = (factor.location, factor.operation) if factor.location else part
        groups.setdefault(key, []).append((factor, part))
    return list(groups.values())


def _product(group: _Steps) -> float:
    return math.prod(factor.ratio for factor, _ in group)


def _by_its_size(group: _Steps, shrink: bool) -> Place:
    """The place of a group, which tells of its first factor and how many there are."""
    extreme = min if shrink else max
    factor, part = extreme(group, key=lambda pair: pair[0].ratio)
    number = format_number(factor.ratio, 3)
    if isinstance(part, Node):
        return at(part, Cause.HOOK, f"a hook of {factor.label} multiplies the norm by {number}.")
    cause, words = why_small(part, factor.ratio) if shrink else (Cause.GROWING, "")
    text = f"{factor.operation} multiplies the norm by {number}{words}"
    if len(group) > 1:
        worst = "least" if shrink else "most"
        text += f"; it is the {worst} of {len(group):,} such factors on this line"
        text += f", which together make {format_number(_product(group), 3)}"
    return at(part.node, cause, f"{text}.")
