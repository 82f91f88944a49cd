"""Dates and times, which a network cannot take as they are written."""

from __future__ import annotations

import re

from ..data.stray_text import MOSTLY
from ..data.table import Column, Table
from ..errors import TableError

_TIME = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[ap]\.?m\.?)?"
_WEEKDAY = r"((mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?[.,]? )?"
_MONTH = (
    r"(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|"
    r"oct(ober)?|nov(ember)?|dec(ember)?)\.?"
)
_DAY = r"\d{1,2}(st|nd|rd|th)?\.?"
_YEAR = r"('?\d{2}|\d{4})"
_DATES = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}",  # 2024-01-05
    r"\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})",  # 5.1.2024
    rf"{_MONTH}[ -]{_DAY}(,? {_YEAR}|-{_YEAR})?",  # Jan 5, 2024
    rf"{_DAY}[ -]?(of )?{_MONTH}(,?[ -]?{_YEAR})?",  # 5 January 2024, 5-Jan-24
    rf"\d{{4}}[ -]{_MONTH}[ -]{_DAY}",  # 2024-Jan-05
    rf"{_MONTH}[, -]+{_YEAR}|\d{{4}}[ -]{_MONTH}",  # January 2024
)
DATE = re.compile(rf"{_WEEKDAY}({'|'.join(_DATES)})([T,]? ?{_TIME}.*)?|{_TIME}", re.IGNORECASE)


def refuse_dates(table: Table, column: Column, target: str) -> None:
    """Refuse a column of text most of whose values are dates or times.

    Raises
    ------
    TableError
        Naming the first, and what to make of the column.

    Examples
    --------
    >>> table = Table.from_columns({"seen": ["Jan 5, 2024", "6 January 2024", "7-Jan-24"]})
    >>> try:
    ...     refuse_dates(table, table["seen"], "kind")
    ... except TableError as error:
    ...     print(str(error)[:58])
    table: row 2, column A (seen) is 'Jan 5, 2024': dates and
    """
    dates = [
        index
        for index, text in enumerate(column.texts)
        if not column.missing[index] and DATE.fullmatch(str(text))
    ]
    if not dates or len(dates) < MOSTLY * int((~column.missing).sum()):
        return
    advice = ""
    if column.name != target:
        advice = f", or leave it out: --ignore {column.name!r}"
    raise TableError(
        f"{table.source}: {table.where(dates[0], column.name)} is "
        f"{str(column.texts[dates[0]])!r}: dates and times are not understood. Replace the column "
        f"by numbers that matter (the year, the month, days since...){advice}"
    )
