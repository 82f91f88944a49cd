"""One of many equal pieces of a graph, written as a formula: ``v = v × 1.0001 + x``.

What changes from piece to piece gets a name for its role: ``v`` on the right is what the piece
before it computed, ``layers.i.weight`` stands for all weights of that pattern, ``u`` for the
result of an operation elsewhere and ``c`` for constants that differ.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

from .format import shorten
from .notation import describe_operation
from .view import Edge, Operation, Vertex

__all__ = ["common_name", "formula", "outline"]

LONGEST_FORMULA = 56
OUTLINED = 5  # symbols listed of a piece that is too long for a formula
DIGITS = re.compile(r"\d+")
BINARY = {"+": 1, "−": 1, "-": 1, "×": 2, "÷": 2, "/": 2, "@": 2, "^": 4}
SIGN, TIGHTEST = 3, 10  # how tightly a sign before its operand binds; never in parentheses


def common_name(labels: Sequence[str], otherwise: str) -> str:
    """Return one name for several that differ in one number, or the only one there is.

    Examples
    --------
    >>> common_name(["w[0]", "w[1]", "w[2]"], "u"), common_name(["x", "x"], "u")
    ('w[i]', 'x')
    >>> common_name(["0.bias", "2.bias"], "u"), common_name(["red", "blue"], "u")
    ('i.bias', 'u')
    """
    first = labels[0]
    if all(label == first for label in labels):
        return first
    frames = {DIGITS.sub("\0", label) for label in labels}
    if len(frames) > 1:
        return otherwise
    columns = list(zip(*(DIGITS.findall(label) for label in labels), strict=True))
    changing = [len(set(column)) > 1 for column in columns]
    if sum(changing) != 1:
        return otherwise
    columns = [("i",) if moves else column for moves, column in zip(changing, columns, strict=True)]
    numbers = iter([column[0] for column in columns])
    return DIGITS.sub(lambda _: next(numbers), first)


def formula(
    operations: Sequence[Vertex],
    operands: Mapping[str, Sequence[Edge]],
    names: Mapping[tuple[str, int], str],
    carried: Mapping[tuple[str, int], str],
    kept: set[str],
) -> str:
    """Write one piece.

    Parameters
    ----------
    operations : sequence of Vertex
        Of the piece, in order.
    operands : mapping
        Edges into each of them, by position.
    names : mapping
        What to call the operands from outside the piece, by target and position.
    carried : mapping
        For the operands from the piece before, the operation of this piece that does the same.
    kept : set of str
        Identities of operations whose results are used outside: they get a name of their own.

    Returns
    -------
    str
        Such as ``"v = tanh(v × w)"``; where that is too long, the operations in order.
    """
    letters = _letters(operations, operands, kept)
    texts: dict[str, tuple[str, int]] = {}
    statements = []
    for vertex in operations:
        parts = []
        for edge in operands[vertex.identity]:
            place = edge.target, edge.position
            if place in carried:
                parts.append((letters[carried[place]], TIGHTEST))
            else:
                inside = texts.get(edge.source)
                parts.append((names[place], TIGHTEST) if inside is None else inside)
        text, precedence = _apply(vertex, parts)
        letter = letters.get(vertex.identity)
        if letter is None:
            texts[vertex.identity] = text, precedence
        else:
            statements.append(f"{letter} = {text}")
            texts[vertex.identity] = letter, TIGHTEST
        if sum(map(len, statements)) > LONGEST_FORMULA or len(text) > LONGEST_FORMULA:
            return outline(operations)
    return "; ".join(statements)


def _letters(
    operations: Sequence[Vertex], operands: Mapping[str, Sequence[Edge]], kept: set[str]
) -> dict[str, str]:
    """Names for the last operation and for those that cannot be put into the one using them."""
    uses: dict[str, int] = {}
    for vertex in operations:
        for edge in operands[vertex.identity]:
            uses[edge.source] = uses.get(edge.source, 0) + 1
    alphabet = itertools.chain("abdefghkmnpqrst", itertools.repeat("…"))
    letters = {
        vertex.identity: next(alphabet)
        for vertex in operations[:-1]
        if vertex.identity in kept or uses.get(vertex.identity) != 1
    }
    return letters | {operations[-1].identity: "v"}


def _apply(vertex: Vertex, parts: Sequence[tuple[str, int]]) -> tuple[str, int]:
    operation = vertex.operation
    if operation is None:  # a repeat inside a repeat
        assert vertex.repeat is not None
        return f"{vertex.repeat.count:,} × ({vertex.repeat.body})", TIGHTEST
    if operation.name == "output":
        return f"{parts[0][0]}[{(operation.keywords or {}).get('index')}]", TIGHTEST
    own = _tightness(operation.symbol, len(parts))
    texts = []
    for position, (text, tightness) in enumerate(parts):
        loose = tightness < own or (tightness == own and (position > 0 or own == BINARY["^"]))
        texts.append(f"({text})" if loose and own < TIGHTEST else text)
    return describe_operation(operation.symbol, texts, operation.keywords), own


def _tightness(symbol: str, operands: int) -> int:
    """How tightly a sign binds as text; a call needs no parentheses."""
    if symbol[:1].isalpha() or "·" in symbol or symbol == "[ ]" or operands > 2:
        return TIGHTEST
    if operands == 1:
        return TIGHTEST if symbol[:1] in "ΣΠ" else SIGN
    return BINARY.get(symbol, 0)


def outline(operations: Sequence[Vertex]) -> str:
    """Name the operations in order where a formula would be too long.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> x = ag.Tensor(2.0, name="x")
    >>> outline(read(x * x + x).vertices[1:])
    '×, +'
    """
    symbols = [_symbol(vertex.operation) for vertex in operations]
    if len(symbols) > OUTLINED:
        symbols[OUTLINED:] = [f"… {len(symbols) - OUTLINED} more"]
    return shorten(", ".join(symbols), LONGEST_FORMULA)


def _symbol(operation: Operation | None) -> str:
    return "repeat" if operation is None else operation.symbol
