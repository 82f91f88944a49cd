"""What ``why`` is asked: the Tensors, their names, and the code that asks."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from autograd_core.graph import Node
from autograd_core.provenance import locate

from .callables import paths_to
from .cuts import LEAVING, Cut
from .following import Follower
from .format import shorten, visible
from .names import variables_of

__all__ = ["MOST_PLACES", "Question"]

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
    def last(self) -> int:
        """The line that the asking code has got to."""
        return self.line or sys.maxsize

    def objects(self) -> dict[str, Any]:
        """All that the names of the asking code stand for: it is still running, further out."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code is not self.code:
            frame = frame.f_back
        return variables_of(frame)

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

        What is found by following `tensor` by its name comes first and alone. In a function that
        was not reached that way, all parameters are followed: whether `tensor` goes through it is
        not known. With `by_name` only those of one parameter are read.
        """
        lines: dict[str, set[int]] = {}
        for called, offset in {(node.code, node.offset) for node in nodes}:
            place = locate(called, offset)
            if place is not None:
                lines.setdefault(place.filename, set()).add(place.line)
        loss = self.variable_of(self.loss)
        if loss is None and self.code is not None and not by_name:  # why(x, f(x))
            lines.setdefault(self.code.co_filename, set()).add(self.line)
        objects = self.objects()
        paths = paths_to(tensor, objects)
        follower = Follower(tensor, lines, strict=by_name)
        found: list[Cut] = []
        if self.code is not None and (paths or by_name):
            found = follower.read(self.code, objects, paths, loss=loss, last=self.last, anew=paths)
        codes = {n.code: None for n in nodes if isinstance(n.code, CodeType)}
        if self.code is not None:
            codes.setdefault(self.code)
        unread = [code for code in codes if code not in follower.visited]
        if by_name:
            unread = [code for code in unread if _follows_names(code)]
        elif found:
            return found
        for code in unread[:MOST_CODES]:
            tracked = _may_hold(code, paths)
            last = self.last if code is self.code else sys.maxsize
            found += follower.read(
                code, {}, tracked, loss=loss, last=last, anew=paths, certain=by_name
            )
        return found


def _may_hold(code: CodeType, paths: set[str]) -> set[str]:
    """The names in a function that may hold a Tensor, or what depends on it.

    That is its own name and every parameter, but of ``self`` only the attribute where the Tensor
    is known as one: ``self.head.weight`` or ``self.weight`` for ``model.head.weight``.
    """
    names = set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    tails = [path.split(".")[1:] for path in paths if "." in path]
    if tails and "self" in names:
        names.remove("self")
        names |= {".".join(["self", *tail[i:]]) for tail in tails for i in range(len(tail))}
    return names | (paths - set(code.co_varnames))


def _follows_names(code: CodeType) -> bool:
    return code.co_name == "<module>" or code.co_argcount + code.co_kwonlyargcount == 1
