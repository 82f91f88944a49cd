"""How a number is written in a cell of a table."""

from __future__ import annotations

import re

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+(,\d+)?([eE][+-]?\d+)?")


def value_of(text: str, comma: bool) -> float | None:
    """The number in a cell; None where there is none. `comma`: whether 1,5 is one beside 1.5.

    Examples
    --------
    >>> value_of("1.5", comma=False), value_of("1,5", comma=True), value_of("1,5", comma=False)
    (1.5, 1.5, None)
    """
    if NUMBER.fullmatch(text):
        return float(text)
    if comma and DECIMAL_COMMA.fullmatch(text):
        return float(text.replace(",", "."))
    return None
