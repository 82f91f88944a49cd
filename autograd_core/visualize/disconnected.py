"""The answers of ``why`` where no gradient can flow: x or the loss does not record, or no path."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from autograd_core.conversion import DIFFERENTIABLE_KINDS
from autograd_core.errors import describe
from autograd_core.graph import Node, ancestors
from autograd_core.provenance import Location
from autograd_core.tensor import Tensor

from .answer import Answer
from .cuts import LEAVING, Cut, scope_of, source_line, statements, targets_of
from .evidence import Cause, Place, Verdict
from .following import Follower
from .format import describe_array, shorten, visible
from .question import MOST_PLACES, Question
from .view import Quantity, State

__all__ = ["Question", "constant_loss", "not_recording", "unconnected"]

NO_GRADIENT = Quantity(State.NOT_COMPUTED)
LISTED = 6  # leaves that the loss does depend on


def _cut_place(cut: Cut, name: str) -> Place:
    text = f"{cut.why}."
    if not cut.certain:
        text = f"{name} may be cut here, if it goes through this line: {text}"
    return Place(Cause.CUT, text, cut.location, cut.source, certain=False)


def not_recording(question: Question) -> Answer:
    """The answer for an `x` that does not record."""
    x, name = question.x, question.name_of(question.x, "x")
    if x.dtype.kind not in DIFFERENTIABLE_KINDS:
        return Answer(
            Verdict.NONE,
            Cause.INTEGER,
            f"{name} has no gradient because it is of {x.dtype}: integers and booleans never"
            " record, since they cannot change by a small step.",
            NO_GRADIENT,
            places=_made(question, Cause.INTEGER),
            advice="write 2.0 instead of 2, or Tensor(data, dtype=float).",
        )
    variable = question.variable_of(x)
    cuts = []
    if variable is not None and question.code is not None:
        everything = {re.split(r"[.\[]", name)[0] for name in question.variables}
        cuts = Follower(x, {}).read(
            question.code,
            question.objects(),
            everything,
            loss=variable,
            last=question.last,
            always=True,
        )
    return Answer(
        Verdict.NONE,
        Cause.FROZEN,
        f"{name} has no gradient because it does not record ({describe(x)}): it was made with"
        " requires_grad=False, detached, computed under no_grad(), or computed from such Tensors"
        " only.",
        NO_GRADIENT,
        places=tuple(_cut_place(cut, name) for cut in cuts[-MOST_PLACES:])
        or _made(question, Cause.FROZEN),
        advice=f"set {name}.requires_grad = True before the forward pass; if it was computed,"
        " leave out what cut it off.",
    )


def _made(question: Question, cause: Cause) -> tuple[Place, ...]:
    """The line of the asking code that made x, where it is assigned there."""
    variable = question.variable_of(question.x)
    tree = None if question.code is None else scope_of(question.code)
    if variable is None or tree is None:
        return ()
    lines = [
        statement.lineno
        for statement, _, _ in statements(tree)
        if variable in targets_of(statement) and statement.lineno <= question.last
    ]
    if not lines:
        return ()
    filename = question.code.co_filename  # type: ignore[union-attr]
    place, source = Location(filename, lines[-1], ""), source_line(filename, lines[-1])
    text = f"{question.name_of(question.x, 'x')} is made here."
    return (Place(cause, text, str(place), source, certain=False),)


def constant_loss(question: Question) -> Answer:
    """The answer for a `loss` that does not record."""
    loss, name = question.loss, question.name_of(question.loss, "the loss")
    if loss.dtype.kind not in DIFFERENTIABLE_KINDS:
        why = f"it is of {loss.dtype}, and integers and booleans never record"
    else:
        why = (
            "it was computed under no_grad(), detached, or computed from Tensors and arrays none"
            " of which records"
        )
    x = question.name_of(question.x, "x")
    cuts = question.cuts(question.x, [])
    return Answer(
        Verdict.NONE,
        Cause.CONSTANT_LOSS,
        f"No gradient can reach {x}: {name} does not record"
        f" ({describe(loss)}); {why}. It depends on nothing that could have a gradient.",
        NO_GRADIENT,
        places=tuple(_cut_place(cut, x) for cut in cuts[-MOST_PLACES:]),
        advice="compute the loss from recording Tensors, outside no_grad(), without .data,"
        " .detach(), .item() or np.asarray on the way.",
    )


def unconnected(question: Question, nodes: list[Node]) -> Answer:
    """The answer for an `x` that is on no path to the loss."""
    x, loss = question.x, question.loss
    name, loss_name = question.name_of(x, "x"), question.name_of(loss, "the loss")
    head = f"No path leads from {name} to {loss_name}, so no gradient comes back: "
    behind = ancestors(x._node)
    if loss._node in behind:
        return Answer(
            Verdict.NONE,
            Cause.SWAPPED,
            f"{head}it is the other way round, {name} was computed from {loss_name}. "
            f"Did you mean why({loss_name}, {name})?",
            NO_GRADIENT,
            advice="the first argument is the Tensor whose gradient is asked for, the second the"
            " loss.",
        )
    known = _constants_that_are(question, nodes)
    rest = {(place.location, place.source) for place in known}
    cuts = question.cuts(x, nodes)
    read = [_cut_place(cut, name) for cut in cuts]
    places = [*known, *(p for p in read if (p.location, p.source) not in rest)]
    twin = _twin(question, nodes)
    later = x._node.birth > loss._node.birth
    shared = not set(behind).isdisjoint(nodes)
    is_leaf = loss._node.op is None
    advice = f"use {name} itself in what computes {loss_name}."
    if known:
        cause, why = Cause.CUT, f"{name} goes in as a constant, its value taken without history"
        advice = _remedy([], name)
    elif twin is not None:
        places = []
        cause, why = Cause.REBOUND, twin
        advice = "keep one Tensor and change its value (p.data -= step), or compute the loss again."
    elif later and shared:
        cause = Cause.LATER
        why = f"{name} was computed from what {loss_name} depends on, but is not used by it itself"
    elif later:
        cause, why = Cause.LATER, f"{name} is newer than {loss_name}, which cannot depend on it"
    elif is_leaf:
        cause = Cause.CUT if places else Cause.UNCONNECTED
        why = f"{loss_name} was made from {_numbers(loss)} and has no history"
        advice = f"make {loss_name} by operations on Tensors, not by Tensor(...) of their values."
    elif cuts and cuts[0].certain:
        cause, why = Cause.CUT, "on the way the value leaves the graph, as the source lines show"
        advice = _remedy(cuts, name)
    elif cuts:
        cause = Cause.CUT
        why = (
            f"no operation is known that used {name}, but on the lines below a value leaves the"
            f" graph, and {name} may have gone through them"
        )
        advice = f"if so: {_remedy(cuts, name)} If not: {advice}"
    else:
        cause = Cause.UNCONNECTED
        why = (
            f"nothing that led to {loss_name} used {name}, as far as the graph and the source"
            " lines show"
        )
        advice = (
            f"{advice[:-1]}; or, if it should be used already, look into the functions called on"
            " the way for .data, .detach(), float() or no_grad()."
        )
    return Answer(
        Verdict.NONE,
        cause,
        f"{head}{why}.",
        NO_GRADIENT,
        places=tuple(places[:MOST_PLACES]),
        notes=() if is_leaf else (_depends_on(question, nodes, loss_name),),
        advice=advice,
    )


def _numbers(tensor: Any) -> str:
    return "numbers" if tensor.ndim else "a number"


def _remedy(cuts: list[Cut], name: str) -> str:
    """What to do about cuts: one that takes the value along is dropped, a step made smooth."""
    texts = []
    if not cuts or any(cut.why in LEAVING for cut in cuts):
        texts.append(
            "use the Tensor itself there, not its value; drop .data, .detach() or no_grad()."
        )
    if any(cut.why not in LEAVING for cut in cuts):
        texts.append(
            f"a result of steps or of places has no slope for {name}: put softmax or another"
            " smooth function in their place, or compute the loss from the numbers that go in"
            " there (the logits)."
        )
    return " ".join(texts)


def _depends_on(question: Question, nodes: list[Node], loss_name: str) -> str:
    known = {value._node: n for n, value in reversed([*_tensors(question)])}
    leaves = [node for node in nodes if node.op is None]
    texts = []
    for node in leaves[:LISTED]:
        called = node.name or known.get(node) or "a leaf without a name"
        texts.append(f"{shorten(visible(called))} ({describe_array(node.shape, node.dtype)})")
    more = f" and {len(leaves) - LISTED:,} more" if len(leaves) > LISTED else ""
    return f"{loss_name} depends on {', '.join(texts)}{more}."


def _tensors(question: Question) -> list[tuple[str, Any]]:
    return [
        (name, value)
        for name, value in question.variables.items()
        if isinstance(value, Tensor) and value._node is not None
    ]


def _constants_that_are(question: Question, nodes: list[Node]) -> list[Place]:
    """Operations that took, as a constant, the very array of x or of what was computed from it."""
    target = question.x._node
    candidates = [(question.name_of(question.x, "x"), question.x._array)]
    for name, tensor in _tensors(question):
        if tensor is not question.x and target in ancestors(tensor._node):
            candidates.append((name, tensor._array))
    places = []
    for node in nodes:
        for constant in _constants(node):
            for name, array in candidates:
                if _same_numbers(constant, array):
                    place = node.location
                    assert node.op is not None
                    places.append(
                        Place(
                            Cause.CUT,
                            f"{node.op.name} takes the value of {name} as a constant.",
                            None if place is None else str(place),
                            None if place is None else source_line(place.filename, place.line),
                            node.op.name,
                        )
                    )
                    break
    return list(dict.fromkeys(places))


def _constants(node: Node) -> list[Any]:
    """The constant operands of an operation, from what it saved where they were big."""
    found = [parent for parent in node.parents if type(parent) is not Node]
    if node.op is not None and not node.op.variadic and node.saved:
        saved = dict(zip(node.plan.names, node.saved, strict=False))
        found += [
            saved.get(name)
            for name, parent in zip(node.op.operand_names, node.parents, strict=False)
            if type(parent) is not Node
        ]
    return found


def _same_numbers(constant: Any, array: Any) -> bool:
    """Whether they are one object, or look at the same memory."""
    if constant is array:
        return isinstance(array, np.ndarray | np.generic)
    both = isinstance(constant, np.ndarray) and isinstance(array, np.ndarray)
    return both and np.may_share_memory(constant, array)


def _twin(question: Question, nodes: list[Node]) -> str | None:
    """Words about a node on the path that has the name of x, or a leaf that nobody holds."""
    x = question.x
    name = x.name or question.variable_of(x)
    if name is not None:
        for node in nodes:
            if node.name == name:
                return (
                    f"another Tensor of the name {visible(name)!r} is on the path"
                    f" ({describe_array(node.shape, node.dtype)}): this one was made separately,"
                    " or the variable was assigned again"
                )
    if x._node.birth < question.loss._node.birth:
        return None
    held = {value._node for _, value in _tensors(question)}
    for node in nodes:
        alike = node.shape == x.shape and node.dtype == x.dtype
        if node.op is None and alike and node not in held:
            return (
                f"{question.name_of(x, 'x')} is newer than the loss, and the loss depends on a"
                f" leaf of the same shape ({describe_array(node.shape, node.dtype)}) that no"
                " variable refers to any more: the variable was assigned again since"
            )
    return None
