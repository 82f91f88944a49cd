"""Formulas as data: a quantity of the graph, a number, or an operation applied to formulas.

What an operation computed and what its local derivative adds are both written with these three
records. ``tracing`` makes them; text, LaTeX and the page are written from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

__all__ = ["Call", "Expression", "Number", "Symbol", "replace_symbols", "symbols_of", "transform"]


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


def transform(expression: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Rebuild a formula from the innermost outwards, each part through ``change``.

    Without recursion, and a part that occurs twice is rebuilt once.

    Examples
    --------
    >>> double = Call("add", (Symbol("0", "x"), Symbol("0", "x")))
    >>> transform(double, lambda part: Number(1) if isinstance(part, Symbol) else part)
    Call(name='add', operands=(Number(value=1), Number(value=1)), keywords=())
    """
    done: dict[int, Expression] = {}
    stack = [expression]
    while stack:
        part = stack[-1]
        if id(part) in done:
            stack.pop()
            continue
        operands = part.operands if isinstance(part, Call) else ()
        waiting = [operand for operand in operands if id(operand) not in done]
        if waiting:
            stack.extend(waiting)
            continue
        if isinstance(part, Call):
            fresh = tuple(done[id(operand)] for operand in operands)
            same = all(new is old for new, old in zip(fresh, operands, strict=True))
            done[id(part)] = change(part if same else replace(part, operands=fresh))
        else:
            done[id(part)] = change(part)
        stack.pop()
    return done[id(expression)]


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
