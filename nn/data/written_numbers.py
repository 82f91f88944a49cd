"""How a number is written in a cell of a table."""

from __future__ import annotations

import re

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+(,\d+)?([eE][+-]?\d+)?")
# 1.5 and 1,5: one mark, and digits behind it.
ONE_MARK = re.compile(r"[+-]?\d*(?P<mark>[.,])\d+([eE][+-]?\d+)?")
# 1,234 and 1.234.567,8 and 1 234 and 1'234; with a first zero, as in 0,123, it is a decimal comma.
GROUPED = re.compile(
    r"[+-]?[1-9]\d{0,2}(?P<by>[,.' \u00a0\u202f\u2019])\d{3}((?P=by)\d{3})*(?P<rest>[.,]\d+)?"
)


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
