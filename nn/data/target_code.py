"""The target of a table: what is predicted, as labels or as numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag

from ..errors import TableError, suggestion
from .column_codes import is_number, numbers_of, standardised, written
from .table import Column, Table
from .written_numbers import value_of

# A target of whole numbers with no more values than this is taken for classes.
MOST_NUMBERED_CLASSES = 20
MOST_CLASSES = 100
# 007 is the code of something: as a number it would be 7, and 7 may be the code of another.
CODE = re.compile(r"[+-]?0\d+")
NOT_CODES = (
    ". They are taken for codes because some start with 0; if they are numbers, pass task='number'"
)


@dataclass(frozen=True)
class TargetCode:
    """What is predicted: one of `classes`, or a number that was standardised.

    Classes are called as they stand in the table. Where they are numbers, 1 and 1.0 are the same
    class, called as in the first of its rows.
    """

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
        label_of = {name: label for label, name in enumerate(self.classes)}
        of_number = {_value(name): label for name, label in label_of.items()}
        labels = []
        for index, text in enumerate(map(str, column.texts)):
            label = label_of.get(text)
            if label is None and column.numbers is not None and not CODE.fullmatch(text):
                label = of_number.get(float(column.numbers[index]))
            if label is None:
                raise TableError(
                    f"{table.source}: {table.where(index, column.name)} is {text!r}, a class no "
                    f"training row had: {suggestion(text, label_of)}"
                )
            labels.append(label)
        return np.array(labels, np.int64)

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
    coded = task != "number" and any(map(CODE.fullmatch, column.texts))
    if coded:
        column = replace(column, numbers=None)
    if task == "number" and column.declared:
        raise TableError(
            f"{table.source}: the target {column.name!r} is said to be text, so it can only be "
            "classes"
        )
    if task == "number" and column.numbers is None:
        index = next(i for i, text in enumerate(column.texts) if not is_number(text))
        raise TableError(
            f"{table.source}: {table.where(index, column.name)} is {str(column.texts[index])!r}, "
            "not a number, so the target can only be classes"
        )
    values = np.unique(column.texts if column.numbers is None else column.numbers)
    if len(values) == 1:
        raise TableError(
            f"{table.source}: the target {column.name!r} is {written(column)} in every row; "
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
                f"table{NOT_CODES if coded else ''}"
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


def _value(name: str) -> float | None:
    """The number that a class is; of a name or a code, None."""
    return None if CODE.fullmatch(name) else value_of(name, comma=True)


def _classes(column: Column) -> list[str]:
    """In the order of the numbers, or of the alphabet."""
    if column.numbers is None:
        return sorted(set(map(str, column.texts)))
    first = np.unique(column.numbers, return_index=True)[1]
    return [str(text) for text in column.texts[first]]
