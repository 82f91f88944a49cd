"""Formulas as the page's data: a tree for computing, and MathML for reading.

In the MathML each symbol is a character of Unicode's private use area, the first U+E100, and
``symbols`` says which quantity stands there. So one formula serves for names and for numbers,
and no name from outside is ever part of a markup.
"""

from __future__ import annotations

import functools
from typing import Any

from ..latex_formula import to_latex
from ..mathml import to_mathml
from ..symbols import Expression, Number, Symbol, symbols_of
from .quantities import number

__all__ = ["PLACES", "formula", "tree"]

PLACES = 0xE100  # the first character that stands for a symbol
MOST_PLACES = 0x1800  # characters of the private use area


def formula(expression: Expression) -> dict[str, Any]:
    """Return a formula as MathML with places, and what stands in each place.

    Examples
    --------
    >>> from autograd_core.visualize.symbols import Call
    >>> x, grad = Symbol("0", "<x>"), Symbol("1", "y", gradient=True)
    >>> written = formula(Call("multiply", (grad, x)))
    >>> written["symbols"], "x&gt;" in written["mathml"]
    ([['1', 1], ['0', 0]], False)
    """
    symbols = symbols_of(expression)[:MOST_PLACES]
    places = {symbol: chr(PLACES + at) for at, symbol in enumerate(symbols)}
    markup = _mathml(to_latex(expression, names=places.get))
    return {
        "mathml": markup,
        "symbols": [[symbol.identity, int(symbol.gradient)] for symbol in symbols],
    }


@functools.lru_cache(maxsize=1024)
def _mathml(latex: str) -> str:
    """The same few formulas, with other symbols in their places, make a large graph."""
    return to_mathml(latex)


def tree(expression: Expression) -> dict[str, Any]:
    """Return a formula as nested data.

    A symbol is ``{"s": identity}``, with ``"g": true`` where its gradient is meant; a number
    ``{"n": 2.0}``; an operation ``{"c": name, "o": [operands], "k": {keywords}}``.

    Examples
    --------
    >>> from autograd_core.visualize.symbols import Call
    >>> tree(Call("multiply", (Number(2), Symbol("0", "x"))))
    {'c': 'multiply', 'o': [{'n': 2}, {'s': '0'}]}
    """
    if isinstance(expression, Symbol):
        return {"s": expression.identity, **({"g": True} if expression.gradient else {})}
    if isinstance(expression, Number):
        return {"n": _plain(expression.value)}
    written: dict[str, Any] = {
        "c": expression.name,
        "o": [tree(operand) for operand in expression.operands],
    }
    if expression.keywords:
        written["k"] = {name: _plain(value) for name, value in expression.keywords}
    return written


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    try:
        return number(value)
    except (TypeError, ValueError, OverflowError):
        return repr(value)[:200]
