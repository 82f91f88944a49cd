"""Tables: named columns of numbers or text, that know where their cells stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import TableError, suggestion
from .csv_file import column_letter
from .written_numbers import DECIMAL_COMMA, NUMBER

# What stands in a cell that has no value. "None" is not here: it is a category in many tables.
MISSING = ("", "?", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "null", "NULL")


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
    letter : str
        What a spreadsheet calls it: A, B...
    texts : array of str
        The cells as they are written; "" where there is no value.
    missing : bool array
        Where there is no value.
    numbers : float64 array or None
        The values, NaN where missing; None if the column is text.
    declared : bool
        Whether it is text because that was asked for, whatever it holds.

    Examples
    --------
    >>> table = Table.from_columns({"age": ["31", "", "8"], "city": ["Ulm", "Bonn", ""]})
    >>> table["age"].kind, table["age"].numbers, table["city"].missing
    ('number', array([31., nan,  8.]), array([False, False,  True]))
    """

    name: str
    letter: str
    texts: NDArray[Any]
    missing: NDArray[np.bool_]
    numbers: NDArray[np.float64] | None
    declared: bool = False

    @property
    def kind(self) -> str:
        """What the values are: "number" or "text"."""
        return "text" if self.numbers is None else "number"


class Table:
    """Rows and named columns; `read_table` makes one from a CSV file.

    Attributes
    ----------
    source : str
        Where it comes from, for messages.
    columns : dict of str to Column
    rows : int array
        The number that a spreadsheet shows beside each row; the header is row 1.
    decimal_comma : bool
        Whether 1,5 is a number in it, beside 1.5: in a file that is not parted by commas.
    decimal_marks : dict of str to str
        The marks, "." and ",", that some cell of the file shows to be decimal, and that cell.

    Examples
    --------
    >>> table = Table.from_columns({"x": [1, 2, 3], "kind": ["a", "b", "a"]})
    >>> table
    Table: 3 rows; number: x; text: kind
    >>> table.take([2])["x"].numbers, table.where(2, "x")
    (array([3.]), 'row 4, column A (x)')
    """

    def __init__(
        self,
        source: str,
        columns: Mapping[str, Column],
        rows: NDArray[Any],
        decimal_comma: bool = False,
    ) -> None:
        self.source = source
        self.columns = dict(columns)
        self.rows = rows
        self.decimal_comma = decimal_comma
        self.decimal_marks: dict[str, str] = {}

    @classmethod
    def from_columns(cls, columns: Mapping[str, ArrayLike], *, source: str = "table") -> Table:
        """A table of values already in memory; a DataFrame's columns, for example.

        Raises
        ------
        TableError
            The columns differ in length.
        """
        if not hasattr(columns, "items"):
            raise TypeError(
                'Table.from_columns: give a dict of name and values, such as {"age": [31, 27]}, or '
                f"a DataFrame; got {type(columns).__name__}"
            )
        for name, values in columns.items():
            if np.ndim(values) != 1:
                raise TableError(
                    f"{source}: a column is a list of values, one for each row; {str(name)!r} has "
                    f"shape {np.shape(values)}"
                )
        texts = {
            str(name): np.array(["" if value is None else str(value) for value in _list(values)])
            for name, values in columns.items()
        }
        lengths = {name: len(cells) for name, cells in texts.items()}
        if len(set(lengths.values())) != 1:
            raise TableError(f"{source}: the columns must have the same length; got {lengths}")
        made = {
            name: column_of(name, position, cells.tolist(), MISSING, comma=False)
            for position, (name, cells) in enumerate(texts.items())
        }
        return cls(source, made, np.arange(2, 2 + next(iter(lengths.values()))))

    @property
    def names(self) -> list[str]:
        """Of the columns, in order."""
        return list(self.columns)

    def __len__(self) -> int:
        """Number of rows, without the header."""
        return len(self.rows)

    def __getitem__(self, name: str) -> Column:
        if name not in self.columns:
            raise TableError(
                f"{self.source}: there is no column {name!r}: {suggestion(name, self.columns)}"
            )
        return self.columns[name]

    def take(self, rows: ArrayLike) -> Table:
        """Some of the rows: by index, counted from 0, or by a mask."""
        index = np.asarray(rows)
        if not index.size:
            index = index.astype(np.intp)
        whole = index.dtype.kind in "iu" and index.ndim == 1
        if not whole and not (index.dtype.kind == "b" and index.shape == self.rows.shape):
            raise TableError(
                f"{self.source}: take needs the indices of rows, or a mask of {len(self)} rows; "
                f"got {index.dtype} of shape {index.shape}"
            )
        outside = index[(index < -len(self)) | (index >= len(self))] if whole else index[:0]
        if outside.size:
            raise TableError(
                f"{self.source}: take: there is no row {outside[0]}; the {len(self)} rows are "
                "counted from 0"
            )
        columns = {
            name: replace(
                column,
                texts=column.texts[index],
                missing=column.missing[index],
                numbers=None if column.numbers is None else column.numbers[index],
            )
            for name, column in self.columns.items()
        }
        return self._with(columns, self.rows[index])

    def as_text(self, names: Iterable[str]) -> Table:
        """The table with some columns as text: numbers that are names of something, such as codes.

        Examples
        --------
        >>> Table.from_columns({"zip": ["01067", "80331"], "rent": [9, 20]}).as_text(["zip"])
        Table: 2 rows; number: rent; text: zip
        """
        names = [names] if isinstance(names, str) else names
        named = {name: replace(self[name], numbers=None, declared=True) for name in names}
        return self._with(self.columns | named, self.rows)

    def drop(self, names: Iterable[str]) -> Table:
        """The table without some columns; text alone is the name of one."""
        names = [names] if isinstance(names, str) else names
        out = {self[name].name for name in names}
        kept = {name: column for name, column in self.columns.items() if name not in out}
        return self._with(kept, self.rows)

    def _with(self, columns: Mapping[str, Column], rows: NDArray[Any]) -> Table:
        """Other columns or rows of the same file."""
        table = Table(self.source, columns, rows, self.decimal_comma)
        table.decimal_marks = self.decimal_marks
        return table

    def row_index(self, number: int) -> int:
        """Index of the row beside which a spreadsheet shows `number`.

        Raises
        ------
        TableError
            There is no such row; row 1 is the header.
        """
        found = np.flatnonzero(self.rows == number)
        if not len(found):
            raise TableError(
                f"{self.source}: there is no row {number}; the rows are {self.rows[0]} to "
                f"{self.rows[-1]} (as a spreadsheet counts: the header is row 1)"
            )
        return int(found[0])

    def where(self, index: int, name: str) -> str:
        """Place of a cell as a spreadsheet shows it: "row 7, column C (age)"."""
        return f"row {self.rows[index]}, column {self[name].letter} ({name})"

    def __repr__(self) -> str:
        parts = [f"Table: {len(self)} rows"]
        for kind in ("number", "text"):
            names = [name for name, column in self.columns.items() if column.kind == kind]
            if names:
                parts.append(f"{kind}: {', '.join(names)}")
        return "; ".join(parts)


def column_of(
    name: str, place: int, cells: list[str], empty: tuple[str, ...], *, comma: bool
) -> Column:
    """A column of cells as they are written: numbers if every value in it is one."""
    missing = np.array([cell in empty for cell in cells])
    texts = np.array(["" if gone else cell for cell, gone in zip(cells, missing, strict=True)])
    present = texts[~missing].tolist()
    numbers = None
    if present and all(map(NUMBER.fullmatch, present)):
        numbers = np.array([float(text) if text else np.nan for text in texts])
    elif present and comma and all(map(DECIMAL_COMMA.fullmatch, present)):
        numbers = np.array([float(text.replace(",", ".")) if text else np.nan for text in texts])
    if numbers is not None and np.isinf(numbers).any():
        numbers = None
    return Column(name, column_letter(place), texts, missing, numbers)


def _list(values: ArrayLike) -> list[Any]:
    return [
        None if isinstance(value, float) and np.isnan(value) else value
        for value in np.asarray(values).tolist()
    ]
