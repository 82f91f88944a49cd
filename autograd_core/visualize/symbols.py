"""Formulas as data: a quantity of the graph, a number, or an operation applied to formulas.

What an operation computed and what its local derivative adds are both written with these three
records. ``tracing`` makes them; text, LaTeX and the page are written from them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

from autograd_core.entry import REGISTRY

from .format import describe_value
from .notation import BEHIND, PLACE, TRANSPOSED, describe_operation, describe_transpose

__all__ = [
    "Call",
    "Expression",
    "Number",
    "Symbol",
    "fold",
    "replace_symbols",
    "symbols_of",
    "to_text",
    "transform",
]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A quantity of the graph, or the gradient of the result with respect to it.

    Attributes
    ----------
    identity : str
        That of the vertex in the view: ``"3"``, or ``"c4_1"`` for a constant array.
    label : str
        What the picture calls it.
    gradient : bool
        Whether this is the gradient with respect to the quantity rather than its value.

    Examples
    --------
    >>> Symbol("3", "v3").label
    'v3'
    """

    identity: str
    label: str
    gradient: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a formula, such as the 2 of ``2 × x``.

    ``Number(None)`` keeps the place of an operand that was not given, such as the bias of a
    linear map without one.

    Examples
    --------
    >>> Number(0.5).value
    0.5
    """

    value: Any


@dataclass(frozen=True, slots=True)
class Call:
    """An operation applied to formulas.

    Attributes
    ----------
    name : str
        The primitive's, or that of the NumPy function where there is no primitive (``"greater"``).
    operands : tuple of Expression
    keywords : tuple of (str, object)
        The operation's other arguments.

    Examples
    --------
    >>> x = Symbol("0", "x")
    >>> Call("multiply", (Number(2), x)).operands[1].label
    'x'
    """

    name: str
    operands: tuple[Expression, ...]
    keywords: tuple[tuple[str, Any], ...] = ()


Expression: TypeAlias = "Symbol | Number | Call"


def fold(expression: Expression, make: Callable[[Expression, list[Any]], Any]) -> Any:
    """Make something of a formula from the innermost outwards: ``make(part, of its operands)``.

    Without recursion, and a part that occurs twice is made once.

    Examples
    --------
    >>> sum_of_products = Call("add", (Call("multiply", (Number(2), Number(3))), Number(4)))
    >>> fold(sum_of_products, lambda part, depths: 1 + max(depths, default=0))
    3
    """
    done: dict[int, Any] = {}
    stack = [expression]
    while stack:
        part = stack[-1]
        operands = part.operands if isinstance(part, Call) else ()
        waiting = [operand for operand in operands if id(operand) not in done]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        if id(part) not in done:
            done[id(part)] = make(part, [done[id(operand)] for operand in operands])
    return done[id(expression)]


def transform(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Rebuild a formula from the innermost outwards, each part through ``change``.

    Examples
    --------
    >>> double = Call("add", (Symbol("0", "x"), Symbol("0", "x")))
    >>> transform(double, lambda part: Number(1) if isinstance(part, Symbol) else part)
    Call(name='add', operands=(Number(value=1), Number(value=1)), keywords=())
    """

    def rebuilt(part: Expression, operands: list[Expression]) -> Expression:
        if isinstance(part, Call) and any(map(operator.is_not, operands, part.operands)):
            part = replace(part, operands=tuple(operands))
        return change(part)

    result: Expression = fold(expression, rebuilt)
    return result


def symbols_of(expression: Expression) -> tuple[Symbol, ...]:
    """The different symbols of a formula, in the order they are read.

    Examples
    --------
    >>> x, w = Symbol("0", "x"), Symbol("1", "w")
    >>> [symbol.label for symbol in symbols_of(Call("multiply", (w, Call("add", (x, w)))))]
    ['w', 'x']
    """
    found: dict[Symbol, None] = {}
    seen: set[int] = set()
    stack = [expression]
    while stack:
        part = stack.pop()
        if isinstance(part, Symbol):
            found.setdefault(part)
        elif isinstance(part, Call) and id(part) not in seen:
            seen.add(id(part))
            stack.extend(reversed(part.operands))
    return tuple(found)


def replace_symbols(expression: Expression, replacements: dict[Symbol, Expression]) -> Expression:
    """Put formulas in the place of symbols.

    Examples
    --------
    >>> x = Symbol("0", "x")
    >>> replace_symbols(Call("negative", (x,)), {x: Number(3)})
    Call(name='negative', operands=(Number(value=3),), keywords=())
    """
    return transform(
        expression,
        lambda part: replacements.get(part, part) if isinstance(part, Symbol) else part,
    )


# ------------------------------------------------------------------------------ as text

SIGNS = {
    "greater": ">",
    "greater_equal": "≥",
    "less": "<",
    "less_equal": "≤",
    "equal": "=",
    "not_equal": "≠",
    "logical_and": "and",
    "logical_or": "or",
    "bitwise_and": "and",
    "bitwise_or": "or",
}
CHOICE, COMPARISON, SUM, PRODUCT, SIGN, POWER, WHOLE = -1, 0, 1, 2, 3, 4, 9
PLAIN_WORDS = {"broadcast_to": "broadcast", "conjugate": "conj"}
ASSOCIATIVE = {"+": ("+", "−"), "×": ("×", "÷")}


class _Text(NamedTuple):
    """A piece of text, how tightly it holds together, and its sign if it is an operation."""

    text: str
    binding: int = WHOLE
    sign: str = ""

    def inside(self, least: int) -> str:
        return self.text if self.binding >= least else f"({self.text})"


def to_text(expression: Expression) -> str:
    """Write a formula for the terminal; the gradient with respect to x is ``grad x``.

    Examples
    --------
    >>> g, x, w = Symbol("3", "v3", gradient=True), Symbol("0", "x"), Symbol("1", "w")
    >>> to_text(Call("multiply", (Call("cos", (x,)), Call("add", (w, Number(-1))))))
    'cos(x) × (w + (-1))'
    >>> to_text(Call("where", (Call("greater", (x, Number(0))), g, Number(0))))
    'grad v3 if x > 0 else 0'
    >>> to_text(Call("matmul", (g, Call("transpose", (w,)))))
    'grad v3 @ wᵀ'
    """
    text: str = fold(expression, _text).text
    return text


def _text(part: Expression, operands: list[_Text]) -> _Text:
    if isinstance(part, Symbol):
        return _Text(f"grad {part.label}" if part.gradient else part.label)
    if isinstance(part, Number):
        return _number_text(part.value)
    pairs = zip(operands, part.operands, strict=True)
    operands = [text for text, given in pairs if not _absent(given)]
    keywords = dict(part.keywords)
    op = REGISTRY.get(part.name)
    sign = SIGNS.get(part.name) or (op.symbol if op else part.name)
    if part.name == "where" and len(operands) == 3:
        condition, first, second = (operand.inside(COMPARISON) for operand in operands)
        return _Text(f"{first} if {condition} else {second}", CHOICE)
    if part.name == "output":
        return _Text(f"{operands[0].inside(WHOLE)}[{keywords.get('index')}]")
    if part.name == "getitem":
        return _Text(describe_operation(sign, [operands[0].inside(WHOLE)], keywords))
    if PLACE in sign and sign.count(PLACE) == len(operands):
        return _Text(describe_operation(sign, [operand.text for operand in operands]))
    word = sign[:1].isalpha() and sign not in BEHIND and part.name not in SIGNS
    if len(operands) == 2 and not word and not keywords:
        binding = PRODUCT if sign == "÷" else op.precedence if op else COMPARISON
        return _between(operands[0], sign, operands[1], binding)
    if sign == TRANSPOSED and len(operands) == 1:
        text = describe_transpose(operands[0].text, keywords)
        if not text.endswith(TRANSPOSED):
            return _Text(text)
    if len(operands) == 1 and not word and "axis" not in keywords:
        return _beside(sign, operands[0], part.name)
    name = PLAIN_WORDS.get(part.name, part.name if not word else sign)
    shown = {} if part.name == "broadcast_to" else keywords
    return _Text(describe_operation(name, [operand.text for operand in operands], shown))


def _absent(part: Expression) -> bool:
    return isinstance(part, Number) and part.value is None


def _number_text(value: Any) -> _Text:
    text = describe_value(value)
    if "j" in text or (text[:1] not in "-[" and " " in text):
        return _Text(text, SUM)
    return _Text(text, SIGN if text.startswith("-") else WHOLE)


def _between(left: _Text, sign: str, right: _Text, binding: int) -> _Text:
    if sign == "^":
        return _Text(f"{left.inside(WHOLE)} ^ {right.inside(WHOLE)}", POWER, sign)
    same = right.sign in ASSOCIATIVE.get(sign, ())
    after = right.inside(binding if same else binding + 1)
    if after.startswith(("-", "−")):
        after = f"({after})"
    return _Text(f"{left.inside(binding)} {sign} {after}", binding, sign)


def _beside(sign: str, operand: _Text, name: str) -> _Text:
    if sign in BEHIND:
        return _Text(f"{operand.inside(WHOLE)}{sign}", POWER if name == "square" else WHOLE)
    if name == "negative":  # of a product it needs no parentheses
        text = operand.inside(PRODUCT)
        text = f"({text})" if text.startswith(("-", "−")) else text
        return _Text(f"−{text}", min(operand.binding, SIGN) if operand.binding >= PRODUCT else SIGN)
    if name == "reciprocal":
        return _Text(f"1/{operand.inside(POWER)}", PRODUCT)
    return _Text(f"{sign}{operand.inside(WHOLE)}", SIGN)
