"""Columns that read well and mean something else: identifiers, thousands separators, words."""

from __future__ import annotations

import re
from typing import NoReturn

import numpy as np

from ..data.column_codes import MOST_CATEGORIES, is_number, numbers_of
from ..data.decimal_marks import of_the_other_mark
from ..data.stray_text import MOSTLY, stray_text
from ..data.table import Column, Table
from ..data.target_code import CODE
from ..data.written_numbers import GROUPED, value_of
from ..errors import TableError
from .dates import refuse_dates
from .notes import Notes
from .units import unit_hint

PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")
DIGITS = re.compile(r"[+-]?\d+(\.0*)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
SEPARATOR = re.compile(r"[,.' \u00a0\u202f\u2019](?=\d{3}(\D|$))")
# Above it, neighbouring whole numbers are the same float64.
EXACT = 2.0**53
FEW_ROWS = 10
# Cells that a message names.
SHOWN = 4


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
        A column holds dates, numbers with thousands separators, words among numbers, or too many
        different texts; the message names the first such cell.

    Examples
    --------
    >>> names = [f"name {number}" for number in range(12)]
    >>> table = Table.from_columns({"who": names, "age": range(12), "kind": ["a", "b"] * 6})
    >>> inspect(table.drop(["age"]), "kind", Notes())
    ['who']
    """
    left_out = []
    for column in table.columns.values():
        if not column.declared:
            _refuse_misread(table, column, target)
        if column.numbers is None:
            if not column.declared and (hint := unit_hint(column)):
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
            _flag_codes(table, column, notes)
            _flag_identifier(table, column, notes)
    return left_out


def _refuse_misread(table: Table, column: Column, target: str) -> None:
    """Refuse what nothing can be learnt from as it is written."""
    refuse_commas(table, column)
    if column.numbers is None:
        _refuse_stray_text(table, column, target)
        refuse_dates(table, column, target)


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
    if found := of_the_other_mark(table, column):
        _refuse_other_mark(table, column, *found)
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


def _refuse_other_mark(table: Table, column: Column, index: int, because: str) -> NoReturn:
    text = str(column.texts[index])
    mark = "comma" if "," in text else "point"
    raise TableError(
        f"{table.source}: {table.where(index, column.name)} is {text!r}, which looks like a number "
        f"with thousands separators, because {because}. Write {SEPARATOR.sub('', text)}, or "
        f"{text}0 if the {mark} is a decimal {mark}"
    )


def _ambiguous(table: Table, column: Column) -> set[str]:
    """Numbers that are, or may be, written otherwise than this file's are read."""
    texts = _present(column)
    dots = {text for text in texts if "." in text and PLAIN.fullmatch(text)}
    commas = {text for text in texts if DECIMAL_COMMA.fullmatch(text)}
    if column.numbers is not None:
        # A decimal comma was understood; three digits behind every one leave it open, unless
        # another column tells.
        open_ = "," not in table.decimal_marks and all(map(GROUPED.fullmatch, commas))
        return commas if open_ else set()
    # What no dot or comma alone explains: 1.234.567, 1,234.5, 1 234.
    grouped = {text for text in texts if GROUPED.fullmatch(text)} - dots - commas
    alike = sum(text in grouped or text in commas or is_number(text) for text in texts)
    if alike < MOSTLY * len(texts):
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


def _refuse_stray_text(table: Table, column: Column, target: str) -> None:
    """Refuse a column that is text only because of a few cells, or because of a huge number."""
    comma = table.decimal_comma
    if all(value_of(text, comma) is not None for text in _present(column)):
        numbers_of(table, column)
        return
    stray = stray_text(column.texts, column.missing, comma=comma)
    if stray is None or not stray.refused:
        return
    first, *others = stray.odd
    places = [
        f"row {table.rows[index]} {str(column.texts[index])!r}" for index in others[: SHOWN - 1]
    ]
    if len(others) > len(places):
        places.append(f"{len(others) - len(places)} more")
    also = f" ({', '.join(places)})" if places else ""
    advice = "" if column.name == target else f", or leave the column out: --ignore {column.name!r}"
    raise TableError(
        f"{table.source}: {table.where(first, column.name)} is {str(column.texts[first])!r}{also}, "
        f"but {stray.numbers} of the {stray.numbers + len(stray.odd)} values of the column are "
        "numbers. If it stands for no value, empty the cell, or write ? or NA; otherwise write a "
        f"number, or say that the column is text: --text {column.name!r}{advice}"
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


def _flag_codes(table: Table, column: Column, notes: Notes) -> None:
    code = next((text for text in _present(column) if CODE.fullmatch(text)), None)
    if code is not None:
        notes.tell(
            f"{table.source}: column {column.letter} ({column.name}) holds numbers that start with "
            f"0, such as {code}, which is read as {float(code):.15g}; if they are codes, say that "
            f"the column is text: --text {column.name!r}"
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
