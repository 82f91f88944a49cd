"""A CSV file as rows of text: its delimiter found, its flaws named by row and column.

Rows and columns are called what a spreadsheet calls them: the header is row 1, columns are A, B...
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import TableError

DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
# Not tried by themselves: text is full of them.
UNLIKELY = {":": "a colon", " ": "a space"}
# Rows that decide on the delimiter.
LOOK = 100


@dataclass(frozen=True)
class Row:
    """The cells of one row, and the number a spreadsheet shows beside it."""

    number: int
    cells: list[str]


def column_letter(position: int) -> str:
    """What a spreadsheet calls column number `position`, counted from 0.

    Examples
    --------
    >>> [column_letter(position) for position in (0, 25, 26, 702)]
    ['A', 'Z', 'AA', 'AAA']
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_rows(path: Path, delimiter: str | None, encoding: str) -> tuple[list[Row], str]:
    """Every row that is not blank, all of the same length, and the delimiter."""
    text = _text(path, encoding)
    if not text.strip():
        raise TableError(f"{path}: the file is empty")
    if delimiter is None:
        delimiter = _find_delimiter(path, text)
    elif len(delimiter) != 1:
        raise TableError(f"{path}: a delimiter is one character; got {delimiter!r}")
    rows = _split(path, text, delimiter)
    if len(rows[0].cells) == 1:
        _refuse_wrong_delimiter(path, text, rows[0], delimiter)
    width = len(rows[0].cells)
    return [_of_width(path, row, width, delimiter) for row in rows], delimiter


def _text(path: Path, encoding: str) -> str:
    if path.is_dir():
        raise TableError(f"{path}: expected a CSV file, found a directory")
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{path}: there is no such file") from error
    except OSError as error:
        raise TableError(f"{path}: cannot be read: {error.strerror}") from error
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TableError(
            f"{path}: expected a CSV file, found a spreadsheet's own format or an archive. "
            "Save it as CSV first"
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise TableError(
            f"{path}: row {row} is not {encoding} text (byte {content[error.start]:#04x}). Save "
            "the file as UTF-8, or give its encoding, such as encoding='cp1252'"
        ) from error
    if "\0" in text:
        raise TableError(f"{path}: expected a CSV file, found one with zero bytes, so not text")
    return text


def _lengths(text: str, delimiter: str) -> list[int]:
    """Number of cells in each of the first rows; none where they cannot be read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    try:
        return [len(cells) for cells, _ in zip(filter(any, reader), range(LOOK), strict=False)]
    except csv.Error:
        return []


def _cells_in_common(text: str, delimiter: str) -> int:
    """How many cells nearly every row has with this delimiter; 1 if there is no such number."""
    lengths = _lengths(text, delimiter)
    common = max(set(lengths), key=lambda length: (lengths.count(length), length), default=1)
    return common if lengths.count(common) >= 0.8 * len(lengths) else 1


def _find_delimiter(path: Path, text: str) -> str:
    widths = {delimiter: _cells_in_common(text, delimiter) for delimiter in DELIMITERS}
    header = text.lstrip("\r\n").splitlines()[0]
    # What parts the names comes first: 1,5;red has as many commas as semicolons.
    best = max(widths, key=lambda delimiter: (delimiter in header, widths[delimiter]))
    if widths[best] > 1:
        return best
    # Rows of different lengths are told row by row later; here it only matters what parts them.
    counts = {delimiter: header.count(delimiter) for delimiter in DELIMITERS}
    best = max(counts, key=lambda delimiter: counts[delimiter])
    if counts[best]:
        return best
    for unlikely, name in UNLIKELY.items():
        if _cells_in_common(text, unlikely) > 1:
            raise TableError(
                f"{path}: no delimiter found (tried {', '.join(DELIMITERS.values())}). The rows "
                f"look parted by {name}; if they are, pass delimiter={unlikely!r}. Row 1 is "
                f"{_short(header)}"
            )
    return ","


def _split(path: Path, text: str, delimiter: str) -> list[Row]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    rows: list[Row] = []
    number = 0
    try:
        for cells in reader:
            number += 1
            # A blank line is a row of the spreadsheet too.
            if any(cell.strip() for cell in cells):
                rows.append(Row(number, [cell.strip() for cell in cells]))
    except csv.Error as error:
        raise TableError(
            f"{path}: row {number + 1} cannot be read ({error}); is a quotation mark not closed?"
        ) from error
    return rows


def _refuse_wrong_delimiter(path: Path, text: str, header: Row, delimiter: str) -> None:
    for other, name in DELIMITERS.items():
        if other != delimiter and _cells_in_common(text, other) > 1:
            raise TableError(
                f"{path}: with {DELIMITERS.get(delimiter, repr(delimiter))} as the delimiter every "
                f"row is one cell, such as {_short(header.cells[0])}. The cells look parted by "
                f"{name}: pass delimiter={other!r}"
            )


def _of_width(path: Path, row: Row, width: int, delimiter: str) -> Row:
    """The row with as many cells as the header has."""
    cells = row.cells
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    if len(cells) == width:
        return Row(row.number, cells)
    raise TableError(
        f"{path}: row {row.number} has {_cells(len(cells))}, row 1 has {width}, parted by "
        f"{DELIMITERS.get(delimiter, repr(delimiter))}: {_short(delimiter.join(cells))}. A cell "
        'that holds the delimiter must stand in quotation marks ("...")'
    )


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


def shorten(names: Sequence[str], most: int = 5) -> str:
    """The first few of many, as text.

    Examples
    --------
    >>> shorten(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    shown = ", ".join(map(repr, names[:most]))
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
