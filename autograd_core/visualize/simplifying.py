"""Formulas without what a person would not write: ``1 × x``, ``x + 0``, ``−(−x)``.

A traced rule says what was computed, every factor of 1 included. The value never changes here,
not even where a quantity is infinite or no number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .symbols import Call, Expression, Number, Symbol, transform

__all__ = ["simplify"]


def simplify(expression: Expression) -> Expression:
    """Leave out what a person would not write: ``1 × x``, ``x + 0``, ``−(−x)``, ``2 × 3``.

    The value never changes; ``0 × x`` stays, for x may be infinite.

    Examples
    --------
    >>> from autograd_core.visualize.symbols import Symbol
    >>> x = Symbol("0", "x")
    >>> simplify(Call("multiply", (Number(1), Call("add", (x, Number(0.0))))))
    Symbol(identity='0', label='x', gradient=False)
    >>> simplify(Call("add", (x, x)))
    Call(name='multiply', operands=(Number(value=2), Symbol(identity='0', label='x', \
gradient=False)), keywords=())

    A gradient is taken out of a difference, since what it is multiplied by is the slope:

    >>> from autograd_core.visualize.symbols import to_text
    >>> g = Symbol("1", "y", gradient=True)
    >>> square = Call("multiply", (Call("multiply", (g, x)), x))
    >>> print(to_text(simplify(Call("subtract", (g, square)))))
    grad y × (1 − x × x)
    """
    return transform(expression, _simpler)


FOLDED: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "negative": lambda x: -x,
}


def _simpler(part: Expression) -> Expression:  # noqa: C901 - a list of small rules
    """One simplification at the outermost operation; what is inside it is simple already."""
    if not isinstance(part, Call) or part.keywords:
        return part
    numbers = [_number(operand) for operand in part.operands]
    if part.name in FOLDED and None not in numbers:
        return Number(FOLDED[part.name](*numbers))
    match part.name, part.operands:
        case "negative", (Call("negative", (inner,), ()),):
            return inner
        case "multiply", (left, right):
            if numbers[0] == 1:
                return right
            if numbers[1] == 1:
                return left
            if numbers[0] == -1:
                return _simpler(Call("negative", (right,)))
            if numbers[1] == -1:
                return _simpler(Call("negative", (left,)))
            if isinstance(right, Call) and right.name == "negative" and not right.keywords:
                return _simpler(
                    Call("negative", (_simpler(Call("multiply", (left, *right.operands))),))
                )
            match right:
                case Call("multiply", (Number(), rest)) if numbers[0] is not None:
                    inner = _number(right.operands[0])
                    if inner is not None and _exact(numbers[0], inner):
                        return Call("multiply", (Number(numbers[0] * inner), rest))
        case "divide", (left, _) if numbers[1] == 1:
            return left
        case "add", (left, right):
            if numbers[0] == 0:
                return right
            if numbers[1] == 0:
                return left
            if left is right or (isinstance(left, Symbol) and left == right):
                return _simpler(Call("multiply", (Number(2), left)))
            if isinstance(right, Call) and right.name == "negative" and not right.keywords:
                return Call("subtract", (left, *right.operands))
        case "subtract", (left, _) if numbers[1] == 0:
            return left
        case "subtract", (Symbol(gradient=True) as g, right) if slope := _without(right, g):
            return Call("multiply", (g, Call("subtract", (Number(1), slope))))
        case "power", (left, _) if numbers[1] == 1:
            return left
    return part


def _without(product: Expression, factor: Symbol) -> Expression | None:
    """A product such as ``g × o × o`` without its first factor ``g``, or None where it is not."""
    others: list[Expression] = []
    while isinstance(product, Call) and product.name == "multiply" and not product.keywords:
        product, last = product.operands
        others.append(last)
    if product != factor or not others:
        return None
    rest = others.pop()
    while others:
        rest = Call("multiply", (rest, others.pop()))
    return rest


def _number(part: Expression) -> Any:
    """The real scalar that a formula is, or None."""
    value: Any = part.value if isinstance(part, Number) else None
    if isinstance(value, bool | np.bool_) or np.shape(value) != ():
        return None
    return value if isinstance(value, int | float | np.integer | np.floating) else None


def _exact(left: Any, right: Any) -> bool:
    """Whether multiplying by one and then by the other rounds no more than by their product."""
    return any(abs(factor) in (0.5, 1, 2, 4) for factor in (left, right))
