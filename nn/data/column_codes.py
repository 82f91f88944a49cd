"""How a column of numbers and a column of text become inputs of a network."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from ..errors import TableError, TableWarning, suggestion
from .table import Column, Table
from .written_numbers import NUMBER

# More categories than this in a column describe single rows: names, keys, dates.
MOST_CATEGORIES = 100
# A network computes in float32; larger numbers become infinite there.
LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class NumberCode:
    """How a column of numbers is encoded."""

    name: str
    mean: float
    scale: float
    indicator: bool
    """Whether some training rows had no value, and a column says so."""

    @property
    def outputs(self) -> list[str]:
        """Names of the encoded columns."""
        return [self.name, f"{self.name} is missing"] if self.indicator else [self.name]

    def encode(self, table: Table, missing: str) -> NDArray[np.float64]:
        """Array of shape (rows, 1), or (rows, 2) with the indicator."""
        column = table[self.name]
        gone = np.isnan(numbers_of(table, column))
        if gone.any() and (missing == "refuse" or not self.indicator):
            place = table.where(int(gone.argmax()), self.name)
            if missing == "refuse":
                raise TableError(f"{table.source}: {place} has no value")
            _warn(
                f"{table.source}: {place} has no value, though every training row had one; the "
                f"mean, {self.mean:.4g}, stands in for it"
            )
        scaled = np.where(gone, 0.0, standardised(table, column, self.mean, self.scale))
        return np.stack([scaled, gone] if self.indicator else [scaled], axis=1)


@dataclass(frozen=True)
class TextCode:
    """How a column of text is encoded."""

    name: str
    categories: list[str]
    """"" stands for a missing value, where the training rows had any."""

    @property
    def outputs(self) -> list[str]:
        """Names of the encoded columns."""
        return [f"{self.name} is {category or 'missing'}" for category in self.categories]

    def encode(self, table: Table, missing: str) -> NDArray[np.float64]:
        """Array of shape (rows, categories); all zeros for a category never seen in training."""
        column = table[self.name]
        if missing == "refuse" and column.missing.any():
            place = table.where(int(column.missing.argmax()), self.name)
            raise TableError(f"{table.source}: {place} has no value")
        hot: NDArray[np.bool_] = column.texts[:, None] == np.array(self.categories)[None, :]
        unseen = ~hot.any(axis=1)
        if unseen.any():
            first = int(unseen.argmax())
            text = str(column.texts[first])
            what = f"is {text!r}" if text else "has no value"
            more = int(unseen.sum()) - 1
            # Only the first letter: the categories keep their capitals.
            hint = suggestion(text, filter(None, self.categories))
            _warn(
                f"{table.source}: {table.where(first, self.name)} {what}, which no training row "
                f"had{f'; so it is in {more} more rows' if more else ''}. "
                f"{hint[0].upper()}{hint[1:]}. "
                "The prediction is made as if the column said nothing"
            )
        return hot.astype(np.float64)


def says_something(table: Table, column: Column) -> bool:
    """Whether the rows differ in it; warns where they do not."""
    values = np.unique(column.texts if column.numbers is None else column.numbers)
    if len(values) > 1:
        return True
    what = f"is {written(column)} in every row"
    if column.missing.all():
        what = "has no value in any row"
    _warn(f"{table.source}: column {column.letter} ({column.name}) {what}; it is left out")
    return False


def written(column: Column) -> str:
    """The one value of a column whose rows do not differ, as it is written, or as a number.

    Examples
    --------
    >>> written(Table.from_columns({"x": ["7", "7"]})["x"])
    "'7'"
    >>> written(Table.from_columns({"x": ["7", "7.0"]})["x"])
    'the number 7'
    """
    if column.numbers is None or len(set(column.texts.tolist())) == 1:
        return repr(str(column.texts[0]))
    return f"the number {column.numbers[0]:.15g}"


def measure(table: Table, column: Column) -> NumberCode | TextCode:
    """The code of a column, by the rows of the table."""
    if column.numbers is None:
        if not column.declared:
            _refuse_infinite(table, column)
        categories = np.unique(column.texts).tolist()
        if len(categories) > MOST_CATEGORIES:
            raise TableError(
                f"{table.source}: column {column.letter} ({column.name}) has {len(categories)} "
                f"different texts in {len(table)} rows: it names rows more than it describes them."
                f" Leave it out: drop=[{column.name!r}]"
            )
        return TextCode(column.name, categories)
    present = numbers_of(table, column)[~column.missing]
    # Of a column whose values are all equal where there are any, only the indicator counts.
    scale = float(present.std()) or 1.0
    return NumberCode(column.name, float(present.mean()), scale, bool(column.missing.any()))


def numbers_of(table: Table, column: Column) -> NDArray[np.float64]:
    """The column's numbers, or the cell that is none, or too large, as an error."""
    if column.numbers is not None:
        large = np.abs(column.numbers) > LARGEST  # False where missing
        if large.any():
            _refuse_large(table, column, int(large.argmax()))
        return column.numbers
    if column.missing.all():
        return np.full(len(table), np.nan)
    index = next(
        i for i, text in enumerate(column.texts) if not column.missing[i] and not is_number(text)
    )
    if NUMBER.fullmatch(column.texts[index]):
        _refuse_large(table, column, index)
    raise TableError(
        f"{table.source}: {table.where(index, column.name)} is {str(column.texts[index])!r}, but "
        "numbers belong there (an empty cell, ? or NA says that there is no value)"
    )


def standardised(table: Table, column: Column, mean: float, scale: float) -> NDArray[np.float64]:
    """(number - mean) / scale, or the cell for which that is too large as an error."""
    with np.errstate(over="ignore"):
        scaled: NDArray[np.float64] = (numbers_of(table, column) - mean) / scale
    large = np.abs(scaled) > LARGEST
    if large.any():
        index = int(large.argmax())
        raise TableError(
            f"{table.source}: {table.where(index, column.name)} is {str(column.texts[index])!r}, "
            f"too far from the training rows to be computed with: their mean is {mean:.4g}, their "
            f"standard deviation {scale:.4g}. Correct it, or leave the row out"
        )
    return scaled


def _refuse_infinite(table: Table, column: Column) -> None:
    """Refuse a column that is text only because a number in it is infinite in float64."""
    present = np.flatnonzero(~column.missing)
    if len(present) and all(NUMBER.fullmatch(column.texts[index]) for index in present):
        numbers_of(table, column)


def _refuse_large(table: Table, column: Column, index: int) -> NoReturn:
    raise TableError(
        f"{table.source}: {table.where(index, column.name)} is {str(column.texts[index])!r}, too "
        f"large to compute with: numbers go up to {LARGEST:.2g}. Correct it, leave the row out, or "
        "write the whole column in a larger unit"
    )


def is_number(text: str) -> bool:
    """Whether a cell holds a finite number."""
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def _warn(text: str) -> None:
    warnings.warn(text, TableWarning, stacklevel=4)
