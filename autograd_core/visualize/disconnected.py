"""The answers of ``why`` where no gradient can flow: x or the loss does not record, or no path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any

import numpy as np

from autograd_core.conversion import DIFFERENTIABLE_KINDS
from autograd_core.errors import describe
from autograd_core.graph import Node, ancestors
from autograd_core.provenance import locate
from autograd_core.tensor import Tensor

from .answer import Answer
from .cuts import LEAVING, Cut, cuts_in, source_line
from .evidence import Cause, Place, Verdict
from .format import describe_array, shorten, visible
from .view import Quantity, State

__all__ = ["Question", "constant_loss", "not_recording", "unconnected"]

NO_GRADIENT = Quantity(State.NOT_COMPUTED)
LISTED = 6  # leaves that the loss does depend on
MOST_PLACES = 5
MOST_CODES = 50  # functions whose source text is read


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: the two Tensors, what they are called, and the asking code.

    Attributes
    ----------
    x, loss : Tensor
    variables : mapping of str to Tensor or array
        The asking function's.
    code : code object or None
        Of the asking function.
    line : int
        On which it asks.
    """

    x: Any
    loss: Any
    variables: Mapping[str, Any]
    code: CodeType | None
    line: int = 0

    def name_of(self, tensor: Any, otherwise: str) -> str:
        """What the user calls a Tensor."""
        name = tensor.name or self.variable_of(tensor)
        return otherwise if name is None else shorten(visible(name))

    def variable_of(self, tensor: Any) -> str | None:
        """The variable that holds a Tensor."""
        return next((n for n, value in self.variables.items() if value is tensor), None)

    @property
    def _until(self) -> dict[Any, int]:
        return {self.code: self.line} if self.line else {}

    def leaks(self, nodes: list[Node]) -> list[str]:
        """Notes about lines where a value left the graph although other paths lead on.

        Only what is followed by name counts, and only what takes a value out: a comparison
        chooses, an index points.
        """
        names = self._names_of(self.x)
        if not names:
            return []
        notes = [
            f"{cut.location}: a value leaves the graph here, as {cut.why}. What goes through it is"
            f" not in this gradient: {cut.source}"
            for cut in self.cuts(self.x, nodes, by_name=True)
            if cut.why in LEAVING and not cut.targets & names
        ]
        return notes[:MOST_PLACES]

    def _names_of(self, tensor: Any) -> set[str]:
        variable = self.variable_of(tensor)
        return set() if variable is None else {re.split(r"[.\[]", variable)[0]}

    def cuts(self, tensor: Any, nodes: list[Node], *, by_name: bool = False) -> list[Cut]:
        """Where lines that computed the loss from `tensor` left the graph, from their text.

        With `by_name` in the asking code, in modules and cells, and in functions of one
        parameter only: whatever else a function is given need not depend on `tensor`.
        """
        names = self._names_of(tensor)
        lines: dict[str, set[int]] = {}
        codes = [] if self.code is None else [self.code]
        for called, offset in {(node.code, node.offset) for node in nodes}:
            place = locate(called, offset)
            if place is not None:
                lines.setdefault(place.filename, set()).add(place.line)
        for node in nodes:
            if isinstance(node.code, CodeType) and node.code not in codes:
                codes.append(node.code)
        if by_name:
            codes = [code for code in codes if code is self.code or _follows_names(code)]
        loss = None if nodes else self.variable_of(self.loss)
        return cuts_in(codes[:MOST_CODES], names, lines, loss, self._until)


def _follows_names(code: CodeType) -> bool:
    return code.co_name == "<module>" or code.co_argcount + code.co_kwonlyargcount == 1


def _cut_place(cut: Cut) -> Place:
    return Place(Cause.CUT, f"{cut.why}.", cut.location, cut.source, certain=False)


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
            advice="write 2.0 instead of 2, or Tensor(data, dtype=float).",
        )
    variable = question.variable_of(x)
    cuts = []
    if variable is not None and question.code is not None:
        everything = [n for n in question.variables if n.isidentifier()]
        cuts = cuts_in([question.code], everything, {}, variable, question._until)
    return Answer(
        Verdict.NONE,
        Cause.FROZEN,
        f"{name} has no gradient because it does not record ({describe(x)}): it was made with"
        " requires_grad=False, detached, computed under no_grad(), or computed from such Tensors"
        " only.",
        NO_GRADIENT,
        places=tuple(_cut_place(cut) for cut in cuts[-MOST_PLACES:]),
        advice=f"set {name}.requires_grad = True before the forward pass; if it was computed,"
        " leave out what cut it off.",
    )


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
    cuts = question.cuts(question.x, [])
    return Answer(
        Verdict.NONE,
        Cause.CONSTANT_LOSS,
        f"No gradient can reach {question.name_of(question.x, 'x')}: {name} does not record"
        f" ({describe(loss)}); {why}. It depends on nothing that could have a gradient.",
        NO_GRADIENT,
        places=tuple(_cut_place(cut) for cut in cuts[-MOST_PLACES:]),
        advice="compute the loss from recording Tensors, outside no_grad(), without .data,"
        " .detach(), .item() or np.asarray on the way.",
    )


def unconnected(question: Question, nodes: list[Node]) -> Answer:
    """The answer for an `x` that is on no path to the loss."""
    x, loss = question.x, question.loss
    name, loss_name = question.name_of(x, "x"), question.name_of(loss, "the loss")
    head = f"No path leads from {name} to {loss_name}, so no gradient comes back: "
    notes = [_depends_on(question, nodes, loss_name)]
    behind = ancestors(x._node)
    if loss._node in behind:
        return Answer(
            Verdict.NONE,
            Cause.SWAPPED,
            f"{head}it is the other way round, {name} was computed from {loss_name}. "
            f"Did you mean why({loss_name}, {name})?",
            NO_GRADIENT,
            notes=tuple(notes),
            advice="the first argument is the Tensor whose gradient is asked for, the second the"
            " loss.",
        )
    known = _constants_that_are(question, nodes)
    rest = {(place.location, place.source) for place in known}
    read = [_cut_place(cut) for cut in question.cuts(x, nodes)]
    places = [*known, *(p for p in read if (p.location, p.source) not in rest)]
    twin = _twin(question, nodes)
    later = x._node.birth > loss._node.birth
    shared = not set(behind).isdisjoint(nodes)
    advice = f"use {name} itself in what computes {loss_name}."
    if known:
        cause, why = Cause.CUT, f"{name} goes in as a constant, its value taken without history"
        advice = "use the Tensor itself there, not its value; drop .data, .detach() or no_grad()."
    elif twin is not None:
        places = []
        cause, why = Cause.REBOUND, twin
        advice = "keep one Tensor and change its value (p.data -= step), or compute the loss again."
    elif later and shared:
        cause = Cause.LATER
        why = f"{name} was computed from what {loss_name} depends on, but is not used by it itself"
    elif later:
        cause, why = Cause.LATER, f"{name} is newer than {loss_name}, which cannot depend on it"
    elif places:
        cause, why = Cause.CUT, "on the way the value leaves the graph, as the source lines show"
        advice = "use the Tensor itself there, not its value; drop .data, .detach() or no_grad()."
    else:
        cause, why = Cause.UNCONNECTED, f"no operation that led to {loss_name} used it"
    return Answer(
        Verdict.NONE,
        cause,
        f"{head}{why}.",
        NO_GRADIENT,
        places=tuple(places[:MOST_PLACES]),
        notes=tuple(notes),
        advice=advice,
    )


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
