"""Follow a value by name through the lines of functions, and into those that they call.

Nothing is executed: which function a name stands for is looked up in the variables of the code
that asks, in globals and closures, and in the attributes of modules; the rest is source text.
"""

from __future__ import annotations

import ast
import sys
from collections import ChainMap
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, replace
from types import CodeType, FunctionType, MethodType
from typing import Any

from .callables import (
    UNKNOWN,
    contents,
    function_of,
    note_objects,
    parameters,
    paths_to,
    resolve,
    rest,
)
from .cuts import (
    NO_GRAD,
    Arms,
    Cut,
    gives_back,
    is_description,
    is_look,
    path_of,
    scope_of,
    source_line,
    statements,
    targets_of,
    touches,
    way_out,
)
from .names import named_arrays
from .relevance import Found, is_executed, is_replaced, uses_of

__all__ = ["Follower", "Outcome"]

DEEPEST = 8  # calls within calls
UNREAD = compile("", "", "exec")
MOST_CALLS = 300  # functions that are read, counted once for each way they are called


@dataclass(frozen=True, slots=True)
class Outcome:
    """What following found: the cuts on the way, and whether the result depends on x.

    Examples
    --------
    >>> Outcome((), True).result_depends
    True
    """

    cuts: tuple[Cut, ...]
    result_depends: bool


@dataclass(slots=True)
class _Scope:
    """A function while it is read: what its names stand for, and which of them depend on x."""

    code: CodeType
    objects: MutableMapping[str, Any]
    tracked: set[str]
    depth: int = 0
    certain: bool = True
    always: bool = False  # what is tracked stays so, whatever it is assigned


class Follower:
    """Follows `x`; `lines` are those, by file, on which operations of the loss were called.

    With `strict` only cuts count that were executed for all that can be told: none in a branch,
    or one of several returns, in which no operation of the loss stands.

    Attributes
    ----------
    visited : set of code objects
        Of the functions that were reached, in which it is known what depends on `x`.

    Examples
    --------
    >>> Follower(None, {}).visited
    set()
    """

    def __init__(self, x: Any, lines: dict[str, set[int]], *, strict: bool = False) -> None:
        self.x = x
        self.lines = lines
        self.strict = strict
        self.visited: set[CodeType] = set()
        self._known: dict[Any, Outcome] = {}
        self._in_the_loss: set[tuple[str, int]] = set()  # cuts whose use is on its lines

    def read(
        self,
        code: CodeType,
        objects: MutableMapping[str, Any],
        tracked: Iterable[str],
        *,
        loss: str | None = None,
        last: int = sys.maxsize,
        anew: Iterable[str] = (),
        certain: bool = True,
        always: bool = False,
    ) -> list[Cut]:
        """The cuts between what is tracked and the loss in one function and those it calls.

        Parameters
        ----------
        code : code object
        objects : mapping
            What the names in it stand for.
        tracked : iterable of str
            Names and dotted names that hold `x`, or what depends on it.
        loss : str, optional
            The variable that the loss is in.
        last : int, optional
            The line that the function has got to.
        anew : iterable of str
            Names of `x`: where one is assigned, everything before concerned another Tensor.
        certain : bool, optional
            Whether it is known that the tracked names depend on `x`.
        always : bool, optional
            Whether they do whatever they are assigned.
        """
        self.visited.add(code)
        scope = _Scope(code, objects, set(tracked), certain=certain, always=always)
        found = self._follow(scope, last, {path.split(".")[0] for path in anew})
        return [item.cut for item in self._relevant(scope, found, last, loss)]

    def _follow(self, scope: _Scope, last: int, anew: set[str]) -> list[Found]:
        """Every cut of something that depends on x; afterwards all that does is tracked."""
        tree = scope_of(scope.code)
        if tree is None:
            return []
        found: list[Found] = []
        start = set(scope.tracked)
        since: dict[str, Arms] = {}  # where a name began to depend on x
        for statement, quiet, arms in statements(tree):
            if statement.lineno > last:
                continue
            targets = targets_of(statement)
            inner = self._calls(statement, scope)
            depends = self._depends(statement, scope)
            if scope.depth:
                note_objects(statement, scope.objects)
            if not depends:
                if targets & anew:  # x = Tensor(...): what was before belongs to another x
                    found, scope.tracked = [], set(start)
                elif not scope.always:
                    scope.tracked -= {t for t in targets if is_replaced(since.get(t, ()), arms)}
                continue
            why = NO_GRAD if quiet else self._cut(statement, scope)
            scope.tracked |= targets
            since |= dict.fromkeys(targets, arms)
            line = statement.lineno
            if why is not None:
                source = source_line(scope.code.co_filename, line) or ""
                filename = scope.code.co_filename
                cut = Cut(filename, line, source, why, frozenset(targets), scope.certain)
                inner = [cut, *([] if quiet else inner)]
            span = range(line, (statement.end_lineno or line) + 1)
            is_return = gives_back(statement)
            if is_return:
                scope.tracked.add("return")
            found += [Found(cut, span, frozenset(targets), is_return, arms) for cut in inner]
        return found

    def _relevant(
        self, scope: _Scope, found: list[Found], last: int, loss: str | None
    ) -> list[Found]:
        """Those on a line that computed the loss, or whose results reach one, or are returned."""
        used = self.lines.get(scope.code.co_filename, set())
        tree = scope_of(scope.code)
        kept: dict[tuple[str, int], Found] = {}
        for item in found:
            place = (item.cut.filename, item.cut.line)
            if self.strict and not is_executed(item, tree, used | {last}):
                continue
            returned = item.returned and (scope.depth > 0 or item.cut.why == NO_GRAD)
            uses = list(uses_of(item, tree, last, self._reads))
            if any(not used.isdisjoint(use.span) for use in uses):
                self._in_the_loss.add(place)
            elif not returned and not uses[-1].has(loss):
                leaves = scope.depth and any(use.is_return for use in uses)
                replaced = item.carriers and not uses[-1].carriers
                if not leaves and (replaced or place not in self._in_the_loss):
                    continue
            kept.setdefault(place, item)
        return list(kept.values())

    def _reads(self, statement: ast.stmt, names: set[str]) -> bool:
        """Whether a statement reads one of these names."""
        return self._depends(statement, _Scope(UNREAD, {}, names))

    def _depends(self, tree: ast.AST, scope: _Scope) -> bool:
        """Whether the value of an expression, or what a statement reads, depends on x."""
        again = tree.target if isinstance(tree, ast.AugAssign) else None  # x += 1 reads x
        stack = [tree]
        while stack:
            node = stack.pop()
            if is_look(node):
                continue
            if isinstance(node, ast.Call):
                outcome = self._call(node, scope)
                if outcome is not None:
                    if outcome.result_depends:
                        return True
                    continue
            path = path_of(node)
            if path is not None:
                if isinstance(getattr(node, "ctx", None), ast.Store) and node is not again:
                    continue
                if not is_description(path) and touches(path, scope.tracked):
                    return True
                if isinstance(node, ast.Subscript):
                    stack.append(node.slice)
                continue
            stack += ast.iter_child_nodes(node)
        return False

    def _cut(self, statement: ast.stmt, scope: _Scope) -> str | None:
        """How a statement takes something that depends on x out of the graph."""
        for node in ast.walk(statement):
            why = way_out(node)
            if why is None or not self._depends(getattr(node, "value", node), scope):
                continue
            if not (isinstance(node, ast.Call) and self._call(node, scope)):
                return why
        return None

    def _calls(self, statement: ast.stmt, scope: _Scope) -> list[Cut]:
        """The cuts inside the functions that a statement calls."""
        outcomes = [
            self._call(node, scope) for node in ast.walk(statement) if isinstance(node, ast.Call)
        ]
        cuts = [cut for outcome in outcomes if outcome is not None for cut in outcome.cuts]
        return list(dict.fromkeys(cuts))

    def _call(self, call: ast.Call, scope: _Scope) -> Outcome | None:
        """What a call does with x; None where the function cannot be read."""
        called = resolve(call.func, scope.objects)
        owner = called.__self__ if isinstance(called, MethodType) else None
        if hasattr(type(owner), "named_parameters") and called.__func__.__name__ == "forward":
            called = owner
        if called is UNKNOWN or isinstance(called, type):
            return None
        function, owner = function_of(called)
        values = [*call.args, *(keyword.value for keyword in call.keywords)]
        if function is not None:
            receiver = call.func
            if isinstance(receiver, ast.Attribute) and isinstance(called, MethodType):
                receiver = receiver.value
            return self._enter(function, owner, receiver, call, scope)
        if hasattr(type(called), "named_parameters"):
            return self._inside(called, any(self._depends(v, scope) for v in values), scope.depth)
        return None

    def _inside(self, module: Any, depends: bool, depth: int) -> Outcome:
        """A module of a library, such as ``Sequential``: the user's modules in it, in order."""
        cuts: list[Cut] = []
        covered: set[int] = set()
        for part in _parts(module):
            function, _ = function_of(part)
            if id(part) in covered:
                continue
            if function is None:
                depends = depends or any(
                    v is self.x for v in getattr(part, "__dict__", {}).values()
                )
                continue
            covered |= {id(inner) for inner in _parts(part)}
            code = function.__code__
            tracked = set(parameters(code)[1:]) if depends else set()
            outcome = self._read_function(function, {parameters(code)[0]: part}, tracked, depth)
            cuts += outcome.cuts
            depends = depends or outcome.result_depends
        depends = depends or any(v is self.x for _, v in named_arrays({"module": module}))
        return Outcome(tuple(cuts), depends)

    def _enter(
        self,
        function: FunctionType,
        owner: Any,
        receiver: ast.expr,
        call: ast.Call,
        scope: _Scope,
    ) -> Outcome:
        """Read a function with the arguments of a call."""
        names = parameters(function.__code__)
        positional = function.__code__.co_argcount
        given: dict[str, ast.expr] = {}
        bound: dict[str, Any] = {}
        if owner is not UNKNOWN and names:
            bound[names[0]] = owner
            given[names[0]] = receiver
            names, positional = names[1:], positional - 1
        tracked: set[str] = set()
        for position, value in enumerate(call.args):
            if isinstance(value, ast.Starred) or position >= positional:
                tracked |= (
                    {*names[position:], *rest(function.__code__)}
                    if self._depends(value, scope)
                    else set()
                )
            else:
                given[names[position]] = value
        for keyword in call.keywords:
            if keyword.arg is not None:
                given[keyword.arg] = keyword.value
            elif self._depends(keyword.value, scope):
                tracked |= {*names, *rest(function.__code__)}
        for name, value in given.items():
            if name not in bound:
                bound[name] = resolve(value, scope.objects)
            tracked |= {name + tail for tail in self._tails(value, bound[name], scope)}
        return self._read_function(function, bound, tracked, scope.depth)

    def _tails(self, value: ast.expr, known: Any, scope: _Scope) -> set[str]:
        """What of an argument depends on x: "" for all of it, ".weight" for that attribute."""
        if known is not UNKNOWN and hasattr(type(known), "named_parameters"):
            return set()  # found by identity
        path = path_of(value)
        if path is None or isinstance(value, ast.Subscript):
            return {""} if self._depends(value, scope) else set()
        inside = {t[len(path) :] for t in scope.tracked if t.startswith(f"{path}.")}
        return inside or ({""} if self._depends(value, scope) else set())

    def _read_function(
        self, function: FunctionType, bound: dict[str, Any], tracked: set[str], depth: int
    ) -> Outcome:
        code = function.__code__
        own = dict.fromkeys((*code.co_varnames, *code.co_cellvars), UNKNOWN)
        enclosing = dict(zip(code.co_freevars, contents(function), strict=False))
        objects = ChainMap({**own, **bound}, enclosing, function.__globals__)
        used = {name: objects.get(name) for name in (*code.co_names, *code.co_freevars, *bound)}
        tracked = tracked | paths_to(self.x, used)
        key = (code, frozenset(tracked), *((name, id(value)) for name, value in bound.items()))
        if key not in self._known:
            unread = depth >= DEEPEST or len(self._known) >= MOST_CALLS
            self._known[key] = Outcome((), bool(tracked))  # while it runs: it may call itself
            if unread or scope_of(code) is None:
                return self._known[key]
            self.visited.add(code)
            scope = _Scope(code, objects, tracked, depth + 1)
            found = self._follow(scope, sys.maxsize, set())
            kept = self._relevant(scope, found, sys.maxsize, None)
            cuts = tuple(replace(item.cut, targets=frozenset()) for item in kept)
            self._known[key] = Outcome(cuts, "return" in scope.tracked)
        return self._known[key]


def _parts(module: Any) -> list[Any]:
    """A module and all inside it; [] for somebody else's object with other methods."""
    if not hasattr(type(module), "modules") or not hasattr(module, "__dict__"):
        return []
    try:
        return list(module.modules())
    except TypeError:
        return []
