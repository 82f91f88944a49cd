"""The target of a table: what is predicted, as labels or as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag

from ..errors import TableError, suggestion
from .column_codes import is_number, numbers_of, standardised
from .table import Column, Table

# A target of whole numbers with no more values than this is taken for classes.
MOST_NUMBERED_CLASSES = 20
MOST_CLASSES = 100


@dataclass(frozen=True)
class TargetCode:
    """What is predicted: one of `classes`, or a number that was standardised."""

    name: str
    classes: list[str] | None
    mean: float = 0.0
    scale: float = 1.0

    def encode(self, table: Table) -> NDArray[Any]:
        """Labels, int64 of shape (rows,), or standardised numbers, float32 of shape (rows, 1)."""
        column = table[self.name]
        _refuse_missing(table, column)
        if self.classes is None:
            scaled = standardised(table, column, self.mean, self.scale)
            return scaled[:, None].astype(np.float32)
        number_of = {name: number for number, name in enumerate(self.classes)}
        labels = _labels(column)
        for index, text in enumerate(labels):
            if text not in number_of:
                raise TableError(
                    f"{table.source}: {table.where(index, column.name)} is {text!r}, a class no "
                    f"training row had: {suggestion(text, number_of)}"
                )
        return np.array([number_of[text] for text in labels], np.int64)

    def decode(self, outputs: ArrayLike) -> NDArray[Any]:
        """What the outputs of a network say, in the table's words."""
        values = np.asarray(outputs)
        if self.classes is None:
            # In float64: of large numbers the product may not fit into float32.
            exact = values.reshape(len(values)).astype(np.float64)
            numbers: NDArray[Any] = exact * self.scale + self.mean
            return numbers
        if values.ndim != 2 or values.shape[1] != len(self.classes):
            raise ag.ShapeError(
                f"decode: outputs of a network with {len(self.classes)} classes have shape (rows, "
                f"{len(self.classes)}); got {values.shape}"
            )
        names: NDArray[Any] = np.array(self.classes)[values.argmax(axis=1)]
        return names


def measure_target(table: Table, column: Column, task: str | None) -> TargetCode:
    """The code of the target, by the rows of the table."""
    _refuse_missing(table, column)
    if task == "number" and column.numbers is None:
        index = next(i for i, text in enumerate(column.texts) if not is_number(text))
        raise TableError(
            f"{table.source}: {table.where(index, column.name)} is {str(column.texts[index])!r}, "
            "not a number, so the target can only be classes"
        )
    values = np.unique(column.texts if column.numbers is None else column.numbers)
    if len(values) == 1:
        raise TableError(
            f"{table.source}: the target {column.name!r} is {str(column.texts[0])!r} in every row; "
            "there is nothing to tell apart"
        )
    if task is None:
        few = len(values) <= MOST_NUMBERED_CLASSES and np.all(_whole(column.numbers))
        task = "classes" if column.numbers is None or few else "number"
    if task == "classes":
        if len(values) > MOST_CLASSES:
            raise TableError(
                f"{table.source}: the target {column.name!r} has {len(values)} different values in "
                f"{len(table)} rows; more than {MOST_CLASSES} classes are not learnt from a "
                "table"
            )
        return TargetCode(column.name, _classes(column))
    numbers = numbers_of(table, column)
    return TargetCode(column.name, None, float(numbers.mean()), float(numbers.std()))


def _refuse_missing(table: Table, column: Column) -> None:
    if column.missing.any():
        index = int(column.missing.argmax())
        raise TableError(
            f"{table.source}: {table.where(index, column.name)} has no value. It is the target: "
            "fill it in, or leave the row out"
        )


def _whole(numbers: NDArray[np.float64] | None) -> NDArray[np.bool_]:
    return np.array([False]) if numbers is None else numbers == np.rint(numbers)


def _labels(column: Column) -> list[str]:
    """The classes' names: 1, 1.0 and 01 are the same number, so the same class."""
    if column.numbers is None:
        return [str(text) for text in column.texts]
    return [
        f"{number:g}" if float(f"{number:g}") == number else repr(float(number))
        for number in column.numbers
    ]


def _classes(column: Column) -> list[str]:
    """In the order of the numbers, or of the alphabet."""
    names = dict.fromkeys(_labels(column))
    return sorted(names) if column.numbers is None else sorted(names, key=float)
