"""How a column of numbers and a column of text become inputs of a network."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import TableError, TableWarning, suggestion
from .table import Column, Table

# More categories than this in a column describe single rows: names, keys, dates.
MOST_CATEGORIES = 100


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
        numbers = numbers_of(table, column)
        gone = np.isnan(numbers)
        if gone.any() and (missing == "refuse" or not self.indicator):
            place = table.where(int(gone.argmax()), self.name)
            if missing == "refuse":
                raise TableError(f"{table.source}: {place} has no value")
            _warn(
                f"{table.source}: {place} has no value, though every training row had one; the "
                f"mean, {self.mean:.4g}, stands in for it"
            )
        scaled = np.where(gone, 0.0, (numbers - self.mean) / self.scale)
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
            _warn(
                f"{table.source}: {table.where(first, self.name)} {what}, which no training row "
                f"had{f'; so it is in {more} more rows' if more else ''}. "
                f"{suggestion(text, filter(None, self.categories)).capitalize()}. "
                "The prediction is made as if the column said nothing"
            )
        return hot.astype(np.float64)


def says_something(table: Table, column: Column) -> bool:
    """Whether the rows differ in it; warns where they do not."""
    values = np.unique(column.texts if column.numbers is None else column.numbers)
    if len(values) > 1:
        return True
    text = str(column.texts[0])
    what = f"is {text!r} in every row" if text else "has no value in any row"
    _warn(f"{table.source}: column {column.letter} ({column.name}) {what}; it is left out")
    return False


def measure(table: Table, column: Column) -> NumberCode | TextCode:
    """The code of a column, by the rows of the table."""
    if column.numbers is None:
        categories = np.unique(column.texts).tolist()
        if len(categories) > MOST_CATEGORIES:
            raise TableError(
                f"{table.source}: column {column.letter} ({column.name}) has {len(categories)} "
                f"different texts in {len(table)} rows: it names rows more than it describes them."
                f" Leave it out: drop=[{column.name!r}]"
            )
        return TextCode(column.name, categories)
    present = column.numbers[~column.missing]
    # Of a column whose values are all equal where there are any, only the indicator counts.
    scale = float(present.std()) or 1.0
    return NumberCode(column.name, float(present.mean()), scale, bool(column.missing.any()))


def numbers_of(table: Table, column: Column) -> NDArray[np.float64]:
    """The column's numbers, or the cell that is none as an error."""
    if column.numbers is not None:
        return column.numbers
    if column.missing.all():
        return np.full(len(table), np.nan)
    index = next(
        i for i, text in enumerate(column.texts) if not column.missing[i] and not is_number(text)
    )
    raise TableError(
        f"{table.source}: {table.where(index, column.name)} is {str(column.texts[index])!r}, but "
        "numbers belong there"
    )


def is_number(text: str) -> bool:
    """Whether a cell holds a finite number."""
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def _warn(text: str) -> None:
    warnings.warn(text, TableWarning, stacklevel=4)
