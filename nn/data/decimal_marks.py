"""Which mark is the decimal one in a file: the point of 1.5, or the comma of 1,5.

1.234 and 1,234 may be either, a number with decimals or one with thousands separators. Another cell
of the file tells: after 71,2 the comma is decimal, so that 2.082 is two thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from .stray_text import MOSTLY
from .written_numbers import GROUPED, ONE_MARK, value_of

if TYPE_CHECKING:
    from .table import Column, Table

OTHER = {".": ",", ",": "."}


def decimal_mark(text: str) -> str:
    """The mark that is surely decimal in a number; "" where none is, or where it may be either.

    Examples
    --------
    >>> [decimal_mark(text) for text in ("71,2", "0.123", "1,234.50", "1.234.567", "1.234", "7")]
    [',', '.', '.', ',', '', '']
    """
    if match := GROUPED.fullmatch(text):
        by, rest = match["by"], match["rest"]
        if rest:
            return rest[0] if rest[0] != by else ""
        return OTHER.get(by, "") if text.count(by) > 1 else ""
    one = ONE_MARK.fullmatch(text)
    return one["mark"] if one else ""


def find_decimal_marks(table: Table) -> dict[str, str]:
    """The marks that some cell shows to be decimal, and that cell: one in most files, or none.

    Examples
    --------
    >>> from .table import Table
    >>> find_decimal_marks(Table.from_columns({"area": ["71,2", "9"], "rent": ["2.082", "497"]}))
    {',': "row 2, column A (area) is '71,2'"}
    """
    found: dict[str, str] = {}
    for column in table.columns.values():
        if column.numbers is None and not _holds_numbers(column):
            continue
        for index, text in _marked(column):
            mark = decimal_mark(text)
            if mark and mark not in found:
                found[mark] = f"{table.where(index, column.name)} is {text!r}"
            if mark and column.numbers is not None:
                break  # a column that could be read has one mark
    return found


def of_the_other_mark(table: Table, column: Column) -> tuple[int, str] | None:
    """The first number that may have thousands separators, as the cell says that is given with it.

    None where the column was not read as numbers, or where its own cells say how they are meant.

    Examples
    --------
    >>> from .table import Table
    >>> table = Table.from_columns({"area": ["71,2", "9,5"], "rent": ["497", "2.082"]})
    >>> table.decimal_marks = find_decimal_marks(table)
    >>> of_the_other_mark(table, table["rent"])
    (1, "row 2, column A (area) is '71,2'")
    """
    if column.numbers is None or not table.decimal_marks:
        return None
    first = None
    for index, text in _marked(column):
        if not GROUPED.fullmatch(text):
            return None
        first = first or (index, text)
    if first is None:
        return None
    index, text = first
    other = OTHER["," if "," in text else "."]
    return (index, table.decimal_marks[other]) if other in table.decimal_marks else None


def _marked(column: Column) -> Iterator[tuple[int, str]]:
    """The cells with a point or a comma."""
    for index in np.flatnonzero(~column.missing):
        text = str(column.texts[index])
        if "." in text or "," in text:
            yield int(index), text


def _holds_numbers(column: Column) -> bool:
    """Whether a column of text is mostly numbers, written in whatever way."""
    texts = [str(text) for text in column.texts[~column.missing]]
    numbers = sum(
        value_of(text, comma=True) is not None or GROUPED.fullmatch(text) is not None
        for text in texts
    )
    return bool(texts) and numbers >= MOSTLY * len(texts)
