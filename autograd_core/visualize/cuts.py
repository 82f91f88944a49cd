"""Where the user's own lines take a value out of the graph: read from the source text.

A detached value has no history, and nothing is remembered on its account (that would cost time on
every operation). But the lines that computed the loss are known, and in them ``h.detach()`` or
``with no_grad():`` stand in plain sight.
"""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from autograd_core.provenance import Location

__all__ = ["LEAVING", "Cut", "cuts_in", "source_line"]

METHODS = {
    **{name: f".{name}() gives a value without history" for name in ("detach", "item", "tolist")},
    "stop_gradient": "stop_gradient makes a constant of it",
    **dict.fromkeys(("asarray", "array"), "a plain array has no history"),
    **{
        name: f"{name} is constant almost everywhere, so its result does not record"
        for name in ("floor", "ceil", "rint", "trunc", "fix", "round", "around", "floor_divide")
    },
    **{
        name: f"{name} gives places, which have no derivative"
        for name in ("argmax", "argmin", "argsort", "searchsorted", "digitize", "nonzero")
    },
}
FUNCTIONS = dict.fromkeys(("float", "int", "bool", "complex"), "a Python number has no history")
FUNCTIONS["round"] = METHODS["round"]
DATA = ".data is the plain array, without history"
NO_GRAD = "under no_grad() nothing is recorded"
DESCRIPTIONS = {"shape", "size", "ndim", "dtype", "nbytes", "name", "grad", "requires_grad"}
DESCRIBING = {"len", "isinstance", "type", "id"}
COMPARISON = "a comparison gives True and False, which have no derivative"

#: Ways out that take the value itself along, rather than a choice or a place made with it.
LEAVING = {
    *(METHODS[name] for name in ("detach", "item", "tolist", "stop_gradient", "asarray")),
    *(FUNCTIONS["float"], DATA, NO_GRAD),
}


@dataclass(frozen=True, slots=True)
class Cut:
    """A line on which something that depends on x leaves the graph; `targets` is assigned there.

    Examples
    --------
    >>> Cut("train.py", 12, "h = x.detach()", "a value without history").line
    12
    """

    filename: str
    line: int
    source: str
    why: str
    targets: frozenset[str] = frozenset()

    @property
    def location(self) -> str:
        """As messages write it."""
        return str(Location(self.filename, self.line, ""))


@dataclass(slots=True)
class _Found:
    cut: Cut
    span: range
    carriers: set[str] = field(default_factory=set)
    used: bool = False


def source_line(filename: str, line: int) -> str | None:
    """The text of a line, stripped, or None where it cannot be read.

    Examples
    --------
    >>> source_line("no such file", 1) is None
    True
    """
    return linecache.getline(filename, line).strip() or None


def cuts_in(
    codes: Iterable[CodeType],
    names: Iterable[str],
    lines: dict[str, set[int]],
    loss: str | None,
    until: Mapping[CodeType, int] | None = None,
) -> list[Cut]:
    """The cuts between variables and the loss, in the functions that computed the loss.

    Parameters
    ----------
    codes : iterable of code objects
        Of the user's functions, as the nodes remember them.
    names : iterable of str
        What `x` is called in the asking function; elsewhere all parameters are followed.
    lines : dict
        File name to the lines on which the operations of the loss were called. Empty where the
        loss does not record: then what leads to the variable `loss` counts.
    loss : str or None
        What the loss is called.
    until : mapping of code object to line, optional
        Where a function that is still running has got to.
    """
    cuts: dict[tuple[str, int], Cut] = {}
    trees: dict[str, Any] = {}
    for code in codes:
        if code.co_filename not in trees:
            trees[code.co_filename] = _tree(code.co_filename)
        scope = _scope(code, trees[code.co_filename])
        if scope is None:
            continue
        last = (until or {}).get(code, sys.maxsize)
        used = lines.get(code.co_filename, set())
        tracked = set(names)
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            tracked |= set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
        for found in _follow(scope, tracked, code.co_filename, last):
            relevant = found.used or any(line in used for line in found.span)
            relevant = relevant or (loss is not None and loss in found.carriers)
            if relevant or _reaches(scope, found, used, loss, last):
                cuts.setdefault((found.cut.filename, found.cut.line), found.cut)
    return list(cuts.values())


def _tree(filename: str) -> Any:
    """The syntax tree of a file; None where it cannot be read."""
    text = "".join(linecache.getlines(filename))
    try:
        return ast.parse(text) if text else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _scope(code: CodeType, tree: Any) -> Any:
    """The syntax tree of a code object's function or module; None where there is none."""
    if tree is None:
        return None
    if code.co_name == "<module>":
        return tree
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
    return None


def _statements(scope: Any) -> Iterator[tuple[ast.stmt, bool]]:
    """The simple statements of a function in order, and whether they stand under no_grad()."""
    decorators = getattr(scope, "decorator_list", [])
    stack = [(statement, any(map(_is_no_grad, decorators))) for statement in reversed(scope.body)]
    while stack:
        statement, quiet = stack.pop()
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        blocks = [getattr(statement, name, None) for name in ("body", "orelse", "finalbody")]
        inner = [child for block in blocks if isinstance(block, list) for child in block]
        inner += [child for handler in getattr(statement, "handlers", ()) for child in handler.body]
        if not inner:
            yield statement, quiet
            continue
        if isinstance(statement, ast.With | ast.AsyncWith):
            contexts = [item.context_expr for item in statement.items]
            if any(map(_is_no_grad, contexts)):
                quiet = True
            elif any("enable_grad" in ast.dump(context) for context in contexts):
                quiet = False
        stack += [(child, quiet) for child in reversed(inner)]


def _is_no_grad(expression: ast.expr) -> bool:
    function = expression.func if isinstance(expression, ast.Call) else expression
    return getattr(function, "attr", getattr(function, "id", "")) == "no_grad"


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _values_read(tree: ast.AST) -> set[str]:
    """The names whose values are read, not only their shape or dtype: not x in ``x.shape[0]``."""
    names = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Attribute) and node.attr in DESCRIPTIONS:
            continue
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in DESCRIBING:
            continue
        if isinstance(node, ast.Name):
            names.add(node.id)
        stack += ast.iter_child_nodes(node)
    return names


def _targets(statement: ast.stmt) -> set[str]:
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _read(statement: ast.stmt) -> set[str]:
    """The names that a statement reads; ``x += 1`` reads x."""
    names = {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    if isinstance(statement, ast.AugAssign):
        names |= _names(statement.target)
    return names


def _follow(scope: Any, tracked: set[str], filename: str, last: int) -> list[_Found]:
    """Every cut of something that depends on the tracked names, since they were made anew."""
    found: list[_Found] = []
    start = set(tracked)
    for statement, quiet in _statements(scope):
        if statement.lineno > last:
            continue
        targets = _targets(statement)
        if not _read(statement) & tracked:
            if targets & start:  # x = Tensor(...): what was before belongs to another x
                found, tracked = [], set(start)
            else:
                tracked = tracked - targets
            continue
        why = NO_GRAD if quiet else _cut(statement, tracked)
        tracked = tracked | targets
        if why is not None:
            line = statement.lineno
            source = source_line(filename, line) or ""
            cut = Cut(filename, line, source, why, frozenset(targets))
            span = range(line, (statement.end_lineno or line) + 1)
            is_return = isinstance(statement, ast.Return)
            found.append(_Found(cut, span, targets, used=is_return and quiet))
    return found


def _cut(statement: ast.stmt, tracked: set[str]) -> str | None:
    """How a statement takes something that depends on the tracked names out of the graph."""
    for node in ast.walk(statement):
        why = None
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                why = METHODS.get(node.func.attr)
            elif isinstance(node.func, ast.Name):
                why = FUNCTIONS.get(node.func.id) or METHODS.get(node.func.id)
        elif isinstance(node, ast.Attribute) and node.attr == "data":
            why = DATA if isinstance(node.ctx, ast.Load) else None
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
            why = METHODS["floor_divide"]
        elif isinstance(node, ast.Compare):
            why = COMPARISON
        if why is not None and _values_read(node) & tracked:
            return why
    return None


def _reaches(scope: Any, found: _Found, used: set[int], loss: str | None, last: int) -> bool:
    """Whether what was cut off is used by one of the lines that computed the loss."""
    carriers = set(found.carriers)
    if not carriers:
        return False
    for statement, _ in _statements(scope):
        if not found.cut.line < statement.lineno <= last:
            continue
        if not _read(statement) & carriers:
            carriers -= _targets(statement)
            continue
        carriers |= _targets(statement)
        lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
        if any(line in used for line in lines):
            return True
    return loss is not None and loss in carriers
