"""Columns that read well and mean something else: dates, identifiers, thousands separators."""

from __future__ import annotations

import re

import numpy as np

from ..data.column_codes import MOST_CATEGORIES
from ..data.table import Column, Table
from ..errors import TableError
from .notes import Notes

DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ]\d{1,2}:\d{2}.*)?|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})"
    r"|\d{1,2}:\d{2}(:\d{2})?"
)
PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")
DIGITS = re.compile(r"[+-]?\d+(\.0*)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
# 1,234 and 1.234.567,8 and 1 234 and 1'234; with a first zero, as in 0,123, it is a decimal comma.
GROUPED = re.compile(
    r"[+-]?[1-9]\d{0,2}(?P<by>[,.' \u00a0\u202f\u2019])\d{3}((?P=by)\d{3})*([.,]\d+)?"
)
SEPARATOR = re.compile(r"[,.' \u00a0\u202f\u2019](?=\d{3}(\D|$))")
# The share of a column's values that decides what it holds.
NEARLY_ALL = 0.9
# Above it, neighbouring whole numbers are the same float64.
EXACT = 2.0**53
FEW_ROWS = 10


def inspect(table: Table, target: str, notes: Notes) -> list[str]:
    """Refuse what a network cannot learn from; say what looks odd; return what to leave out.

    Parameters
    ----------
    table : Table
        Without the columns that the user leaves out.
    target : str
        The column to predict.
    notes : Notes
        Where it is said.

    Raises
    ------
    TableError
        A column holds dates, numbers with thousands separators, or too many different texts; the
        message names the first such cell.

    Examples
    --------
    >>> names = [f"name {number}" for number in range(12)]
    >>> table = Table.from_columns({"who": names, "age": range(12), "kind": ["a", "b"] * 6})
    >>> inspect(table.drop(["age"]), "kind", Notes())
    ['who']
    """
    left_out = []
    for column in table.columns.values():
        refuse_commas(table, column)
        if column.numbers is None:
            _refuse_dates(table, column)
            if column.name != target and _different_in_every_row(column):
                notes.tell(
                    f"{table.source}: column {column.letter} ({column.name}) is text that differs "
                    "in every row, so there is nothing to learn from it; it is left out"
                )
                left_out.append(column.name)
            elif column.name != target:
                _refuse_many_categories(table, column)
        elif column.name != target:
            _flag_identifier(table, column, notes)
    return left_out


def refuse_commas(table: Table, column: Column) -> None:
    """Refuse numbers written in a way that is, or may be, read as something else.

    Raises
    ------
    TableError
        Naming the first such cell, and how to write it.

    Examples
    --------
    >>> table = Table.from_columns({"price": ["1,200", "3,450.50"]})
    >>> try:
    ...     refuse_commas(table, table["price"])
    ... except TableError as error:
    ...     print(str(error)[-44:])
    number with thousands separators. Write 1200
    """
    texts = _present(column)
    grouped = [text for text in texts if GROUPED.fullmatch(text)]
    commas = [text for text in texts if DECIMAL_COMMA.fullmatch(text)]
    if column.numbers is not None:
        # A decimal comma was understood; three digits behind every one leave it open.
        odd = bool(commas) and all(map(GROUPED.fullmatch, commas))
        pattern = GROUPED
    else:
        written = {*grouped, *commas}
        alike = sum(text in written or PLAIN.fullmatch(text) is not None for text in texts)
        odd = bool(written) and alike >= NEARLY_ALL * len(texts)
        pattern = GROUPED if grouped else DECIMAL_COMMA
    if not odd:
        return
    index = _first(column, pattern)
    text = str(column.texts[index])
    if pattern is GROUPED:
        what, better = "thousands separators", SEPARATOR.sub("", text).replace(",", ".")
    else:
        what, better = "a decimal comma, in a file whose cells commas part", text.replace(",", ".")
    raise TableError(
        f"{table.source}: {table.where(index, column.name)} is {text!r}, which looks like a "
        f"number with {what}. Write {better}"
    )


def _present(column: Column) -> list[str]:
    return [str(text) for text in column.texts[~column.missing]]


def _first(column: Column, pattern: re.Pattern[str]) -> int:
    return next(
        index
        for index, text in enumerate(column.texts)
        if not column.missing[index] and pattern.fullmatch(str(text))
    )


def _refuse_dates(table: Table, column: Column) -> None:
    texts = _present(column)
    dates = sum(DATE.fullmatch(text) is not None for text in texts)
    if not dates or dates < NEARLY_ALL * len(texts):
        return
    index = _first(column, DATE)
    raise TableError(
        f"{table.source}: {table.where(index, column.name)} is {str(column.texts[index])!r}: "
        "dates and times are not understood. Replace the column by numbers that matter (the "
        f"year, the month, days since...), or leave it out: --ignore {column.name!r}"
    )


def _different_in_every_row(column: Column) -> bool:
    texts = _present(column)
    return len(texts) >= FEW_ROWS and len(set(texts)) == len(texts)


def _refuse_many_categories(table: Table, column: Column) -> None:
    count = len(set(_present(column)))
    if count > MOST_CATEGORIES:
        raise TableError(
            f"{table.source}: column {column.letter} ({column.name}) has {count} different texts "
            f"in {len(table)} rows, more than {MOST_CATEGORIES}: it names rows more than it "
            f"describes them. Leave it out: --ignore {column.name!r}"
        )


def _flag_identifier(table: Table, column: Column, notes: Notes) -> None:
    numbers = column.numbers
    if numbers is None or column.missing.any() or len(numbers) < FEW_ROWS:
        return
    where = f"{table.source}: column {column.letter} ({column.name})"
    advice = f"if it is an identifier, leave it out: --ignore {column.name!r}"
    digits = [text for text in map(str, column.texts) if DIGITS.fullmatch(text)]
    if len(digits) == len(numbers) and np.abs(numbers).max() > EXACT:
        longest = max(digits, key=len)
        notes.tell(
            f"{where} holds numbers of more than 15 digits, such as {longest}, which "
            f"cannot be told apart exactly; {advice}"
        )
    elif not np.all(numbers == np.rint(numbers)) or len(np.unique(numbers)) < len(numbers):
        return
    elif np.all(np.diff(numbers) == 1):
        notes.tell(f"{where} counts the rows; {advice}")
    elif np.abs(numbers).min() >= 10_000:
        notes.tell(f"{where} holds large whole numbers, different in every row; {advice}")
