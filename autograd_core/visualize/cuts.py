"""Where the user's own lines take a value out of the graph: read from the source text.

A detached value has no history, and nothing is remembered on its account (that would cost time on
every operation). But the lines that computed the loss are known, and in them ``h.detach()`` or
``with no_grad():`` stand in plain sight.
"""

from __future__ import annotations

import ast
import functools
import linecache
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, SimpleNamespace
from typing import Any, TypeAlias

from autograd_core.provenance import Location

__all__ = [
    "LEAVING",
    "NO_GRAD",
    "Arms",
    "Cut",
    "gives_back",
    "is_description",
    "is_look",
    "path_of",
    "scope_of",
    "source_line",
    "statements",
    "targets_of",
    "touches",
    "way_out",
]

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


#: In which block of which branching statements, by their lines, something stands.
Arms: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A line on which something that depends on x leaves the graph; `targets` is assigned there.

    It is `certain` where what depends on x was followed to this line by its name, and not where
    nothing is known about the values that the function was given.

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
    certain: bool = True

    @property
    def location(self) -> str:
        """As messages write it."""
        return str(Location(self.filename, self.line, ""))


def source_line(filename: str, line: int) -> str | None:
    """The text of a line, stripped, or None where it cannot be read.

    Examples
    --------
    >>> source_line("no such file", 1) is None
    True
    """
    return linecache.getline(filename, line).strip() or None


def scope_of(code: CodeType) -> Any:
    """The syntax tree of a code object's function, lambda or module; None where it has none.

    Examples
    --------
    >>> scope_of(compile("x = 1", "no such file", "exec")) is None
    True
    """
    tree = _tree("".join(linecache.getlines(code.co_filename)))
    if tree is None or code.co_name == "<module>":
        return tree
    first = code.co_firstlineno
    nodes = list(ast.walk(tree))
    if code.co_name == "<lambda>":
        lambdas = [n for n in nodes if isinstance(n, ast.Lambda) and n.lineno == first]
        if len(lambdas) != 1:
            return None
        value = lambdas[0].body
        return SimpleNamespace(body=[ast.copy_location(ast.Return(value), value)])
    for node in nodes:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        begins = min([node.lineno, *(d.lineno for d in node.decorator_list)])
        if (node.name, begins) == (code.co_name, first):
            return node
    return None


@functools.lru_cache(maxsize=4)  # a file has many functions, and one answer asks for several
def _tree(text: str) -> ast.Module | None:
    try:
        return ast.parse(text) if text else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def statements(scope: Any) -> Iterator[tuple[ast.stmt, bool, Arms]]:
    r"""The simple statements of a function in order, whether under no_grad(), and in which arms.

    Examples
    --------
    >>> tree = ast.parse("with no_grad():\n    y = x\nif y:\n    z = y")
    >>> [(ast.unparse(statement), quiet, arms) for statement, quiet, arms in statements(tree)]
    [('y = x', True, ()), ('z = y', False, ((3, 0),))]
    """
    decorators = getattr(scope, "decorator_list", [])
    start: tuple[bool, Arms] = (any(map(_is_no_grad, decorators)), ())
    stack: list[tuple[ast.stmt, bool, Arms]] = [(s, *start) for s in reversed(scope.body)]
    while stack:
        statement, quiet, arms = stack.pop()
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        blocks = _blocks(statement)
        if not any(blocks):
            yield statement, quiet, arms
            continue
        if isinstance(statement, ast.With | ast.AsyncWith):
            contexts = [item.context_expr for item in statement.items]
            if any(map(_is_no_grad, contexts)):
                quiet = True
            elif any("enable_grad" in ast.dump(context) for context in contexts):
                quiet = False
        if isinstance(statement, ast.For):  # for row in x: row depends on x
            head = ast.Assign([statement.target], statement.iter)
            yield ast.copy_location(head, statement.iter), quiet, arms
        branches = isinstance(statement, ast.If | ast.Match)
        for arm, block in reversed([*enumerate(blocks)]):
            inside = (*arms, (statement.lineno, arm)) if branches else arms
            stack += [(child, quiet, inside) for child in reversed(block)]


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    """The blocks of statements inside of a statement, in order."""
    blocks = [getattr(statement, name, None) for name in ("body", "orelse", "finalbody")]
    inner = [block for block in blocks if isinstance(block, list)]
    inner += [handler.body for handler in getattr(statement, "handlers", ())]
    return inner + [case.body for case in getattr(statement, "cases", ())]


def _is_no_grad(expression: ast.expr) -> bool:
    function = expression.func if isinstance(expression, ast.Call) else expression
    return getattr(function, "attr", getattr(function, "id", "")) == "no_grad"


def path_of(expression: ast.AST) -> str | None:
    """What an expression names: ``self.net`` for ``self.net[0].weight``; None where it is no name.

    Examples
    --------
    >>> path_of(ast.parse("self.net[0].weight", mode="eval").body)
    'self.net'
    """
    parts: list[str] = []
    node = expression
    while isinstance(node, ast.Attribute | ast.Subscript):
        parts = [] if isinstance(node, ast.Subscript) else [node.attr, *parts]
        node = node.value
    return ".".join([node.id, *parts]) if isinstance(node, ast.Name) else None


def is_description(path: str) -> bool:
    """Whether it is a shape, a dtype and the like rather than a value: ``x.shape``.

    Examples
    --------
    >>> is_description("x.shape"), is_description("x.T")
    (True, False)
    """
    return not DESCRIPTIONS.isdisjoint(path.split(".")[1:])


def is_look(call: ast.AST) -> bool:
    """Whether it is a call that looks at no values, such as ``len(x)``.

    Examples
    --------
    >>> is_look(ast.parse("len(x)", mode="eval").body)
    True
    """
    return isinstance(call, ast.Call) and getattr(call.func, "id", "") in DESCRIBING


def touches(path: str, tracked: set[str]) -> bool:
    """Whether a name is one of the others, or an attribute of it, or the other way round.

    Examples
    --------
    >>> touches("self", {"self.weight"}), touches("self.bias", {"self.weight"})
    (True, False)
    """
    return any(
        path == other or path.startswith(f"{other}.") or other.startswith(f"{path}.")
        for other in tracked
    )


#: Methods that put what they are given into the object they belong to.
FILLING = {"append", "extend", "insert", "add", "update"}


def targets_of(statement: ast.stmt) -> set[str]:
    """The names and attributes that a statement gives a value, also by ``h.append(x)``.

    Examples
    --------
    >>> sorted(targets_of(ast.parse("a, self.b, c[0] = x").body[0]))
    ['a', 'c', 'self.b']
    """
    found = {
        path_of(node)
        for node in ast.walk(statement)
        if isinstance(node, ast.Name | ast.Attribute | ast.Subscript)
        and isinstance(node.ctx, ast.Store)
    }
    call = statement.value if isinstance(statement, ast.Expr) else None
    method = call.func if isinstance(call, ast.Call) else None
    if isinstance(method, ast.Attribute) and method.attr in FILLING:
        found.add(path_of(method.value))
    return {path for path in found if path is not None}


def gives_back(statement: ast.stmt) -> bool:
    """Whether a statement hands a value to the caller: return, or yield.

    Examples
    --------
    >>> gives_back(ast.parse("yield x").body[0]), gives_back(ast.parse("y = x").body[0])
    (True, False)
    """
    if isinstance(statement, ast.Return):
        return True
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(statement))


def way_out(node: ast.AST) -> str | None:
    """How an expression takes what it is given out of the graph, or None where it does not.

    Examples
    --------
    >>> way_out(ast.parse("x.detach()", mode="eval").body)
    '.detach() gives a value without history'
    """
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            return METHODS.get(node.func.attr)
        if isinstance(node.func, ast.Name):
            return FUNCTIONS.get(node.func.id) or METHODS.get(node.func.id)
    if isinstance(node, ast.Attribute) and node.attr == "data":
        return DATA if isinstance(node.ctx, ast.Load) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        return METHODS["floor_divide"]
    return COMPARISON if isinstance(node, ast.Compare) else None
