"""A table from a CSV file, and what in it is probably not meant as it is read."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ..errors import TableError, TableWarning
from .csv_file import Row, column_letter, read_rows, shorten
from .decimal_marks import find_decimal_marks, of_the_other_mark
from .stray_text import stray_text
from .table import MISSING, Table, column_of
from .written_numbers import NUMBER


def read_table(
    path: str | Path,
    *,
    delimiter: str | None = None,
    header: bool | None = None,
    encoding: str = "utf-8",
    missing: Iterable[str] = MISSING,
    text: Iterable[str] = (),
) -> Table:
    r"""Read a CSV file into columns of numbers and text.

    Parameters
    ----------
    path : str or Path
    delimiter : str, optional
        What parts the cells. Default: found out (comma, semicolon, tab or bar).
    header : bool, optional
        Whether row 1 holds the names of the columns. Default: it must, and a row 1 that looks like
        values is refused. False: the columns are called "column A", "column B"...
    encoding : str, default "utf-8"
        A byte-order mark is understood.
    missing : iterable of str
        Cells that stand for no value. Default: empty, ?, NA, N/A, n/a, #N/A, NaN, nan, null, NULL.
    text : iterable of str
        Columns that are text even if every value in them is a number: codes, for example.

    Returns
    -------
    Table
        A column is numbers if every value in it is one. In a file that is not parted by commas,
        1,5 is a number too.

    Raises
    ------
    TableError
        The file is not a table; the message names the row and column as a spreadsheet does.
    FileNotFoundError
        There is no such file.

    Warns
    -----
    TableWarning
        A column is text only because a word or a mark stands among its numbers, or has no name;
        a number may have thousands separators, by another cell's decimal mark.

    Examples
    --------
    >>> import pathlib, tempfile, nn
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "flowers.csv")
    ...     _ = path.write_text("width;species\n1,5;setosa\n;virginica\n")
    ...     table = nn.read_table(path)
    >>> table
    Table: 2 rows; number: width; text: species
    >>> table["width"].numbers
    array([1.5, nan])
    """
    table = read_cells(path, delimiter, header, encoding, tuple(missing)).as_text(text)
    warn_of_cells(table)
    return table


def read_cells(
    path: str | Path,
    delimiter: str | None = None,
    header: bool | None = None,
    encoding: str = "utf-8",
    empty: tuple[str, ...] = MISSING,
) -> Table:
    """A table as `read_table` reads it, before anything is said of its cells."""
    path = Path(path)
    rows, found = read_rows(path, delimiter, encoding)
    if header is False:
        names = [f"column {column_letter(place)}" for place in range(len(rows[0].cells))]
    else:
        names = _names(path, rows, empty, sure=header is True)
        rows = rows[1:]
    if not rows:
        raise TableError(f"{path}: there are names in row 1, but no rows under them")
    cells = [list(column) for column in zip(*(row.cells for row in rows), strict=True)]
    columns = {
        name: column_of(name, place, cells[place], empty, comma=found != ",")
        for place, name in enumerate(names)
    }
    numbers = np.array([row.number for row in rows])
    table = Table(str(path), columns, numbers, decimal_comma=found != ",")
    table.decimal_marks = find_decimal_marks(table)
    return table


def _names(path: Path, rows: list[Row], empty: tuple[str, ...], *, sure: bool) -> list[str]:
    cells = rows[0].cells
    numeric = [cell for cell in cells if NUMBER.fullmatch(cell)]
    if numeric and not sure:
        raise TableError(
            f"{path}: row {rows[0].number} should hold the columns' names, but looks like values: "
            f"{shorten(cells)}. Add a first row with names, or pass header=False (the columns are "
            "then called 'column A', 'column B'...), or header=True if these are names"
        )
    names: list[str] = []
    for place, cell in enumerate(cells):
        if cell in empty:
            letter = column_letter(place)
            cell = f"column {letter}"
            warnings.warn(
                f"{path}: row {rows[0].number}, column {letter} has no name; it is called {cell!r}."
                " If it only numbers the rows, leave it out",
                TableWarning,
                stacklevel=5,
            )
        if cell in names:
            raise TableError(
                f"{path}: columns {column_letter(names.index(cell))} and {column_letter(place)} "
                f"have the same name, {cell!r}"
            )
        names.append(cell)
    return names


def warn_of_cells(table: Table) -> None:
    """Warn of columns in which something is written that is probably not meant so."""
    for column in table.columns.values():
        if found := of_the_other_mark(table, column):
            index, other = found
            text = f"so it is read with decimals, but {other}. If its mark parts thousands, drop it"
        elif column.numbers is None and not column.declared:
            # A word among many numbers is more often a slip than a category.
            stray = stray_text(column.texts, column.missing, comma=table.decimal_comma)
            if stray is None:
                continue
            index = stray.odd[0]
            text = (
                f"so the column is read as text, but {stray.numbers} of its "
                f"{stray.numbers + len(stray.odd)} values are numbers. If it stands for no value, "
                f"empty the cell; if the column is text, say so: text=[{column.name!r}]"
            )
        else:
            continue
        place = f"{table.where(index, column.name)} is {str(column.texts[index])!r}"
        warnings.warn(f"{table.source}: {place}, {text}", TableWarning, stacklevel=3)
