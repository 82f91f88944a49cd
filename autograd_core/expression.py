"""Formulas as text: ``evaluate("tanh(x*w + b)", {...})`` without running anybody's code.

The text is parsed by Python's :mod:`ast` and then walked by us. Only what is listed here has a
meaning: numbers, names that were given a value, ``pi`` and ``e``, ``+ - * / **``, parentheses,
and calls of the engine's elementwise functions, found through its registry. Everything else is
refused with the place in the text, so a formula from a stranger can do nothing but arithmetic.
All numbers are float64, which cannot grow without bound as Python's integers do.
"""

from __future__ import annotations

import ast
import difflib
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np

from .errors import AutogradError
from .parsing import SIGNS, ExpressionError, parse
from .primitive import REGISTRY, Primitive
from .tensor import Tensor

__all__ = ["CONSTANTS", "ExpressionError", "evaluate", "functions"]

#: Names with a fixed value; a variable of the same name wins.
CONSTANTS = {"pi": math.pi, "e": math.e}

BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}

#: The symbols of the primitives behind the operators.
OPERATORS = {"+", "−", "×", "÷", "^"}

#: Functions that mean something for complex numbers only; a formula's numbers are real.
COMPLEX = {"real", "imag", "conjugate"}

#: Functions that people ask for under another name than NumPy's.
SYNONYMS = {"ln": "log(x)", "pow": "x**y", "power": "x**y", "sqr": "x**2"}


def functions() -> dict[str, Primitive]:
    """Return the functions that a formula may call: the registry's elementwise ones.

    Examples
    --------
    >>> known = functions()
    >>> [name in known for name in ("tanh", "sigmoid", "arctan2", "sum", "eval")]
    [True, True, True, False, False]
    """
    found: dict[str, Primitive] = {}
    for primitive in REGISTRY.values():
        if _is_elementwise(primitive):
            found[primitive.name] = primitive
            if primitive.symbol.isidentifier() and primitive.symbol.isascii():
                found.setdefault(primitive.symbol, primitive)  # max(x, y), as pictures write it
    if "absolute" in found:
        found["abs"] = found["absolute"]
    return dict(sorted(found.items()))


def _is_elementwise(primitive: Primitive) -> bool:
    """Whether it makes one number of numbers, and is not what an operator already writes.

    Entries that the tests cannot sweep on operands of any shape alike carry examples.
    """
    return (
        primitive.examples is None
        and not primitive.keyword_names
        and not primitive.variadic
        and not primitive.multiple
        and primitive.symbol not in OPERATORS
        and primitive.name not in COMPLEX
        and hasattr(primitive, "call")
    )


def evaluate(text: str, variables: Mapping[str, Tensor]) -> Tensor:
    """Compute a formula on Tensors, recording it like any other computation.

    Parameters
    ----------
    text : str
        Such as ``"tanh(x*w + b)"``.
    variables : mapping of str to Tensor
        The value of each name.

    Returns
    -------
    Tensor
        Recorded if a variable in it records; a formula of numbers alone gives a constant.

    Raises
    ------
    ExpressionError
        If the text is no formula, uses a name without a value or an unknown function.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(3.0)
    >>> y = evaluate("x**2 + 2*x", {"x": x})
    >>> y.backward()
    >>> float(y), float(x.grad)
    (15.0, 8.0)
    """
    return _Evaluation(text, variables).run()


class _Evaluation:
    """One formula on its way from text to Tensor."""

    def __init__(self, text: str, variables: Mapping[str, Tensor]) -> None:
        # One line, with every character that could disturb a terminal replaced one for one.
        self.text = "".join(
            character if character.isprintable() else "�" if not character.isspace() else " "
            for character in text.strip()
        )
        self.variables = variables
        self.functions = functions()

    def run(self) -> Tensor:
        tree = parse(self.text)
        results: list[Any] = []
        pending: list[tuple[ast.expr, bool]] = [(tree, False)]
        with np.errstate(all="ignore"):
            while pending:  # a stack of our own: a long sum is a deep tree
                node, operands_done = pending.pop()
                if operands_done:
                    arity = len(_operands(node))
                    operands = results[len(results) - arity :]
                    del results[len(results) - arity :]
                    results.append(self.apply(node, operands))
                else:
                    self.check(node)
                    pending.append((node, True))
                    pending.extend((operand, False) for operand in reversed(_operands(node)))
        result = results.pop()
        return result if isinstance(result, Tensor) else Tensor(result, requires_grad=False)

    # ------------------------------------------------------------------ what is allowed

    def check(self, node: ast.expr) -> None:
        """Refuse what has no meaning here, before any of it is computed."""
        match node:
            case ast.BinOp(op=op) if type(op) not in BINARY:
                self.refuse_operator(node)
            case ast.UnaryOp(op=op) if type(op) not in UNARY:
                self.fail(node, "only + and - can stand before a value")
            case ast.Call():
                self.check_call(node)
            case ast.Constant(value=value) if type(value) not in (int, float):
                self.fail(node, "only real numbers are allowed here")
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in ("np", "numpy"):
                self.fail(node, f"write {name} without '{module}.'")
            case ast.Attribute(attr=name) if name in self.functions:
                wanted = ", ".join(self.functions[name].operand_names)
                self.fail(node, f"functions are written before their argument: {name}({wanted})")
            case ast.BinOp() | ast.UnaryOp() | ast.Constant() | ast.Name():
                pass
            case _:
                self.fail(node, f"{_kind_of(node)} has no meaning in a formula")

    def check_call(self, node: ast.Call) -> None:
        function = node.func
        if isinstance(function, ast.Attribute):
            self.check(function)
        if not isinstance(function, ast.Name):
            self.fail(function, "this is not a function; to multiply, write *")
        name = function.id
        if name not in self.functions:
            if name in self.variables or name in CONSTANTS:
                self.fail(function, f"{name!r} is a value, not a function; to multiply, write *")
            self.fail(function, f"unknown function {name!r}{self.suggest(name, self.functions)}")
        wanted = self.functions[name].operand_names
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            self.fail(node, f"write the arguments plainly: {name}({', '.join(wanted)})")
        if len(node.args) != len(wanted):
            count = f"{len(wanted)} argument{'s' if len(wanted) > 1 else ''}"
            self.fail(node, f"{name}({', '.join(wanted)}) takes {count}, not {len(node.args)}")

    def refuse_operator(self, node: ast.BinOp) -> NoReturn:
        gap = self.text[self.end(node.left) : self.start(node.right)]
        sign = gap.strip(" ()") or gap.strip()
        column = self.end(node.left) + gap.index(sign)
        instead = f"; write {SIGNS[sign]}" if sign in SIGNS else ""
        raise ExpressionError(
            f"{sign!r} is not an operator here{instead}", self.text, column + 1, len(sign)
        )

    # ------------------------------------------------------------------ what it means

    def apply(self, node: ast.expr, operands: list[Any]) -> Any:
        try:
            match node:
                case ast.Constant(value=value):
                    return self.number(node, value)
                case ast.Name(id=name):
                    return self.look_up(node, name)
                case ast.UnaryOp(op=sign):
                    return UNARY[type(sign)](operands[0])
                case ast.BinOp(op=sign):
                    return BINARY[type(sign)](operands[0], operands[1])
                case ast.Call(func=ast.Name(id=name)):
                    return self.functions[name].call(*operands)
        except ExpressionError:
            raise
        except AutogradError as error:
            raise ExpressionError(str(error), self.text, self.start(node) + 1) from error
        raise AssertionError(f"unchecked {type(node).__name__}")  # pragma: no cover

    def number(self, node: ast.expr, value: Any) -> np.float64:
        try:
            return np.float64(value)
        except OverflowError:
            self.fail(node, "this number is too big for float64 (about 1.8e308)")

    def look_up(self, node: ast.expr, name: str) -> Any:
        if name in self.variables:
            return self.variables[name]
        if name in CONSTANTS:
            return np.float64(CONSTANTS[name])
        if name in self.functions:
            wanted = ", ".join(self.functions[name].operand_names)
            self.fail(node, f"{name!r} is a function; write {name}({wanted})")
        hint = self.suggest(name, self.variables)
        return self.fail(node, f"unknown variable {name!r}{hint}", missing=name)

    # ------------------------------------------------------------------ messages

    def suggest(self, name: str, known: Mapping[str, Any]) -> str:
        if name in SYNONYMS and known is self.functions:
            return f"; write {SYNONYMS[name]}"
        swapped = [other for other in known if sorted(other) == sorted(name)]  # tahn: tanh, not tan
        close = swapped or difflib.get_close_matches(name, known, n=1)
        return f"; did you mean {close[0]!r}?" if close else ""

    def start(self, node: ast.expr) -> int:
        return _characters(self.text, node.col_offset)

    def end(self, node: ast.expr) -> int:
        return _characters(self.text, node.end_col_offset or 0)

    def fail(self, node: ast.expr, problem: str, missing: str | None = None) -> NoReturn:
        start, end = self.start(node), self.end(node)
        raise ExpressionError(problem, self.text, start + 1, end - start, missing)


def _characters(text: str, offset: int) -> int:
    """From ast's offset in UTF-8 bytes to one in characters."""
    return len(text.encode()[:offset].decode(errors="ignore"))


def _operands(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.UnaryOp(operand=operand):
            return [operand]
        case ast.Call(args=arguments):
            return arguments
    return []


def _kind_of(node: ast.expr) -> str:
    kinds: dict[type[ast.expr], str] = {
        ast.Attribute: "a dot after a value",
        ast.BoolOp: "'and' or 'or'",
        ast.Compare: "a comparison",
        ast.IfExp: "'if'",
        ast.JoinedStr: "text in quotes",
        ast.Lambda: "'lambda'",
        ast.List: "a list",
        ast.NamedExpr: "':='",
        ast.Subscript: "an index in brackets",
        ast.Tuple: "a comma outside a function call",
    }
    return kinds.get(type(node), "this")
