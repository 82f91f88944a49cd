"""Whether what was cut out of the graph goes into the loss: its uses in the lines that follow."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .cuts import Arms, Cut, gives_back, statements, targets_of

__all__ = ["Found", "Use", "is_executed", "is_replaced", "uses_of"]


@dataclass(frozen=True, slots=True)
class Found:
    """A cut, or a call with one inside, and the names that then hold what was cut off.

    Examples
    --------
    >>> cut = Cut("train.py", 2, "h = x.detach()", "a value without history")
    >>> Found(cut, range(2, 3), frozenset({"h"}), False).carriers
    frozenset({'h'})
    """

    cut: Cut
    span: range
    carriers: frozenset[str]
    returned: bool
    arms: Arms = ()


@dataclass(frozen=True, slots=True)
class Use:
    """A statement that uses what was cut off, and the names that hold it from there on.

    Examples
    --------
    >>> Use(range(3, 4), False, frozenset({"h", "loss"})).has("loss")
    True
    """

    span: range
    is_return: bool
    carriers: frozenset[str]

    def has(self, name: str | None) -> bool:
        """Whether this variable holds it."""
        return name in self.carriers


def is_replaced(since: Arms, now: Arms) -> bool:
    """Whether an assignment is certainly executed after another: it is in no branch of its own.

    Examples
    --------
    >>> is_replaced(((7, 0),), ()), is_replaced((), ((7, 0),)), is_replaced(((7, 0),), ((7, 1),))
    (True, False, False)
    """
    return since[: len(now)] == now


def is_executed(found: Found, tree: Any, lines: set[int]) -> bool:
    r"""Whether a cut is in no branch, nor one of several returns, or one of `lines` is with it.

    Examples
    --------
    >>> cut = Cut("train.py", 2, "h = x.detach()", "a value without history")
    >>> found = Found(cut, range(2, 3), frozenset({"h"}), False, ((1, 0),))
    >>> tree = ast.parse("if a:\n    h = x.detach()\n    y = h * w")
    >>> is_executed(found, tree, {3}), is_executed(found, tree, {4})
    (True, False)
    """
    if (not found.arms and not found.returned) or not lines.isdisjoint(found.span):
        return True
    inside = [item for item in statements(tree) if item[2][: len(found.arms)] == found.arms]
    if found.returned and sum(gives_back(item[0]) for item in statements(tree)) > 1:
        return False
    return not found.arms or any(
        not lines.isdisjoint(range(s.lineno, (s.end_lineno or s.lineno) + 1)) for s, _, _ in inside
    )


def uses_of(
    found: Found, tree: Any, last: int, reads: Callable[[ast.stmt, set[str]], bool]
) -> Iterator[Use]:
    r"""What uses the cut-off value: from its own statement to the end; `reads` tells who reads.

    Examples
    --------
    >>> cut = Cut("train.py", 1, "h = x.detach()", "a value without history")
    >>> found = Found(cut, range(1, 2), frozenset({"h"}), False)
    >>> tree = ast.parse("h = x.detach()\nloss = h * w")
    >>> uses = uses_of(found, tree, 9, lambda statement, names: "h" in ast.unparse(statement))
    >>> [sorted(use.carriers) for use in uses]
    [['h'], ['h', 'loss'], ['h', 'loss']]
    """
    carriers = set(found.carriers)
    yield Use(found.span, found.returned, frozenset(carriers))
    branches = dict(found.arms)
    since = dict.fromkeys(carriers, found.arms)
    for statement, _, arms in statements(tree):
        if not found.span[-1] < statement.lineno <= last or not carriers:
            continue
        if any(branches.get(branching, arm) != arm for branching, arm in arms):
            continue  # the other branch of an if
        targets = targets_of(statement)
        if not reads(statement, carriers):
            carriers -= {t for t in targets if is_replaced(since.get(t, ()), arms)}
            continue
        carriers |= targets
        since |= dict.fromkeys(targets, arms)
        span = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
        yield Use(span, gives_back(statement), frozenset(carriers))
    yield Use(range(0), False, frozenset(carriers))
