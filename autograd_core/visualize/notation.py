"""How one operation reads: ``x × w``, ``tanh(v4)``, ``sum(v2, axis=0)``.

A primitive carries a short symbol for pictures. A word is written as a function call, a sign
between its two operands or before its only one; dots in a symbol, as in ``|·|``, are the places
of the operands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .format import describe_array, describe_value, format_number, shorten, visible

__all__ = ["describe_keywords", "describe_operation", "describe_transpose"]

MOST_OPERANDS = 4  # of a concatenation of many, say, the first few are listed
LONGEST_KEYWORD = 24
BEHIND = {"ᵀ", "²"}  # signs that stand behind their operand
DEFAULTS = [("order", "C"), ("ddof", 0), ("axes", (1, 0))]  # nobody needs to be told these
TRANSPOSED = "ᵀ"
INDEXING = "[ ]"
PLACE = "·"


def describe_operation(
    symbol: str, operands: Sequence[str], keywords: Mapping[str, Any] | None = None
) -> str:
    """Write an operation with its operands and its keywords.

    Parameters
    ----------
    symbol
        The primitive's ``symbol``, such as ``"×"`` or ``"tanh"``.
    operands
        What each operand is called, in order.
    keywords
        The operation's other arguments; ``None``, ``False`` and empty ones are left out.

    Examples
    --------
    >>> describe_operation("×", ["x", "w"]), describe_operation("−", ["x"])
    ('x × w', '−x')
    >>> describe_operation("-", ["x", "-3"]), describe_operation("^", ["-3", "2"])
    ('x - (-3)', '(-3) ^ 2')
    >>> describe_operation("sum", ["x"], {"axis": (0,), "keepdims": False})
    'sum(x, axis=(0,))'
    >>> describe_operation("concatenate", [f"x{i}" for i in range(100)])
    'concatenate(x0, x1, x2, x3, … 96 more)'
    >>> describe_operation("|·|", ["x"]), describe_operation("²", ["x"])
    ('|x|', 'x²')
    >>> describe_operation("[ ]", ["x"], {"index": (slice(1, 3), 0)})
    'x[1:3, 0]'
    >>> describe_operation("ᵀ", ["x"], {"axes": (1, 2, 0)})  # ᵀ is all axes the other way round
    'transpose(x, (1, 2, 0))'
    """
    if symbol == TRANSPOSED and len(operands) == 1:
        return describe_transpose(operands[0], keywords or {})
    if symbol == INDEXING and len(operands) == 1:
        index = _describe_index((keywords or {}).get("index", ()))
        return f"{operands[0]}[{shorten(index, LONGEST_KEYWORD)}]"
    extra = describe_keywords(keywords)
    if PLACE in symbol and symbol.count(PLACE) == len(operands):
        return _fill(symbol, operands)
    if not symbol[:1].isalpha() or symbol in BEHIND:
        if len(operands) == 2 and not extra:
            left, right = map(_parenthesise, operands)
            return f"{left} {symbol} {right}"
        if len(operands) == 1:
            operand = _parenthesise(operands[0])
            sign = f"{operand}{symbol}" if symbol in BEHIND else f"{symbol}{operand}"
            return " ".join([sign, *extra])
    listed = list(operands[:MOST_OPERANDS])
    if len(operands) > MOST_OPERANDS:
        listed.append(f"… {len(operands) - MOST_OPERANDS} more")
    return f"{symbol}({', '.join(listed + extra)})"


def _fill(symbol: str, operands: Sequence[str]) -> str:
    pieces = symbol.split(PLACE)
    filled = [part for pair in zip(pieces, operands, strict=False) for part in pair]
    return "".join([*filled, pieces[-1]])


def describe_transpose(operand: str, keywords: Mapping[str, Any]) -> str:
    """Write ``xᵀ`` for all axes the other way round, as NumPy's ``.T``; else which come where.

    Examples
    --------
    >>> describe_transpose("x", {"axes": (1, 0)}), describe_transpose("x", {"axes": (0, 2, 1)})
    ('xᵀ', 'transpose(x, (0, 2, 1))')
    """
    if "axis1" in keywords:
        return f"swapaxes({operand}, {keywords['axis1']}, {keywords['axis2']})"
    axes = keywords.get("axes")
    if axes is not None and list(axes) != list(reversed(range(len(axes)))):
        return f"transpose({operand}, {tuple(axes)})"
    return f"{_parenthesise(operand)}{TRANSPOSED}"


def _parenthesise(operand: str) -> str:
    return f"({operand})" if operand.startswith(("-", "−")) else operand


def describe_keywords(keywords: Mapping[str, Any] | None) -> list[str]:
    """Write keywords as ``name=value``, each short whatever the value is.

    Examples
    --------
    >>> import numpy as np
    >>> describe_keywords({"axis": 1, "keepdims": False, "index": (slice(0, 3), None)})
    ['axis=1', 'index=[0:3, None]']
    >>> describe_keywords({"index": np.arange(1000)})
    ['index=(1000,) int64']
    """
    return [
        f"{name}={shorten(_describe_argument(value), LONGEST_KEYWORD)}"
        for name, value in (keywords or {}).items()
        if not _goes_without_saying(name, value)
    ]


def _goes_without_saying(name: str, value: Any) -> bool:
    if value is None or value is False or isinstance(value, np.ndarray | float):
        return value is None or value is False
    return value == () or (name, value) in DEFAULTS


def _describe_argument(value: Any) -> str:
    if isinstance(value, tuple) and any(not isinstance(item, int) for item in value):
        return f"[{_describe_index(value)}]"
    return str(value) if isinstance(value, tuple) else _describe_item(value)


def _describe_index(index: Any) -> str:
    if not isinstance(index, tuple):
        return _describe_item(index)
    return ", ".join(_describe_item(item) for item in index[:MOST_OPERANDS])


def _describe_item(item: Any) -> str:
    if isinstance(item, slice):
        ends = ["" if end is None else str(end) for end in (item.start, item.stop)]
        return ":".join(ends) + ("" if item.step is None else f":{item.step}")
    if item is Ellipsis:
        return "..."
    if isinstance(item, np.ndarray) and item.size <= MOST_OPERANDS:
        return describe_value(item)
    if isinstance(item, np.ndarray):
        return describe_array(item.shape, item.dtype)
    if isinstance(item, (bool, int, float, complex, np.generic)):
        return format_number(item)
    return visible(str(item))
