"""Columns that read well and mean something else: dates, identifiers, thousands separators."""

from __future__ import annotations

import re

import numpy as np

from ..data.column_codes import MOST_CATEGORIES, is_number, numbers_of
from ..data.table import NUMBER, Column, Table
from ..data.target_code import MOST_NUMBERED_CLASSES
from ..errors import TableError
from .notes import Notes
from .units import unit_hint

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
            _refuse_stray_text(table, column, target)
            _refuse_dates(table, column)
            if hint := unit_hint(column):
                notes.tell(f"{table.source}: column {column.letter} ({column.name}) {hint}")
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
    suspects = _ambiguous(table, column)
    if not suspects:
        return
    index = next(i for i, text in enumerate(column.texts) if str(text) in suspects)
    text = str(column.texts[index])
    what, better = "thousands separators", SEPARATOR.sub("", text).replace(",", ".")
    if DECIMAL_COMMA.fullmatch(text):
        point = text.replace(",", ".")
        if all(map(GROUPED.fullmatch, suspects)):
            if all(map(DECIMAL_COMMA.fullmatch, suspects)):
                better += f", or {point} if the comma is a decimal comma"
        else:
            better = point
            what = "a decimal comma, in a " + (
                "column with decimal points"
                if table.decimal_comma
                else "file whose cells commas part"
            )
    raise TableError(
        f"{table.source}: {table.where(index, column.name)} is {text!r}, which looks like a "
        f"number with {what}. Write {better}"
    )


def _ambiguous(table: Table, column: Column) -> set[str]:
    """Numbers that are, or may be, written otherwise than this file's are read."""
    texts = _present(column)
    dots = {text for text in texts if "." in text and PLAIN.fullmatch(text)}
    commas = {text for text in texts if DECIMAL_COMMA.fullmatch(text)}
    if column.numbers is not None:
        # A decimal comma was understood; three digits behind every one leave it open.
        return commas if all(map(GROUPED.fullmatch, commas)) else set()
    # What no dot or comma alone explains: 1.234.567, 1,234.5, 1 234.
    grouped = {text for text in texts if GROUPED.fullmatch(text)} - dots - commas
    alike = sum(text in grouped or text in commas or is_number(text) for text in texts)
    if alike < NEARLY_ALL * len(texts):
        return set()
    if grouped:
        separators = {match["by"] for text in grouped if (match := GROUPED.fullmatch(text))}
        for separator, others in ((".", dots), (",", commas)):
            if separator in separators and all(map(GROUPED.fullmatch, others)):
                grouped |= others
        return grouped
    if table.decimal_comma and dots and commas:
        return dots if all(map(GROUPED.fullmatch, dots)) else commas
    return set() if table.decimal_comma else commas


def _present(column: Column) -> list[str]:
    return [str(text) for text in column.texts[~column.missing]]


def _first(column: Column, pattern: re.Pattern[str]) -> int:
    return next(
        index
        for index, text in enumerate(column.texts)
        if not column.missing[index] and pattern.fullmatch(str(text))
    )


def _refuse_stray_text(table: Table, column: Column, target: str) -> None:
    """Refuse a column that is text only because of a few cells, or because of a huge number."""
    present = np.flatnonzero(~column.missing)
    comma = table.decimal_comma
    readable = {
        int(index): text.replace(",", ".") if comma and DECIMAL_COMMA.fullmatch(text) else text
        for index in present
        if NUMBER.fullmatch(text := str(column.texts[index]))
        or (comma and DECIMAL_COMMA.fullmatch(text))
    }
    odd = [int(index) for index in present if int(index) not in readable]
    if not odd:
        numbers_of(table, column)
        return
    values = np.unique(np.array(list(readable.values()), dtype=np.float64))
    few = len(values) <= MOST_NUMBERED_CLASSES and np.all(values == np.rint(values))
    if few or len(odd) > (1 - NEARLY_ALL) * len(present):
        return  # numbers that may be names, such as 1, 2, 3b
    advice = "" if column.name == target else f", or leave the column out: --ignore {column.name!r}"
    raise TableError(
        f"{table.source}: {table.where(odd[0], column.name)} is {str(column.texts[odd[0]])!r}, but "
        f"{len(readable)} of the {len(present)} values of the column are numbers. If it stands for "
        "no value, empty the cell, or write ? or NA; otherwise write a number"
        f"{advice}"
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
