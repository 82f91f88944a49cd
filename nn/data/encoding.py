"""From a table to what a network can be trained on, and from its outputs back to the table's words.

Everything is measured on the training rows: means, scales, categories. Numbers are standardised, a
text column becomes one column for each of its categories (one-hot), a missing number becomes the
mean, beside a column that says that it was missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..argument_types import fits
from ..errors import TableError, suggestion
from .column_codes import NumberCode, TextCode, measure, says_something
from .csv_file import shorten
from .table import Table
from .target_code import TargetCode, measure_target

TASKS = ("classes", "number")
MISSING_RULES = ("impute", "refuse")

_WANTED: dict[Any, str] = {float: "a finite number", str: "text", bool: "true or false"}


class TableEncoder:
    """Turns tables into arrays, as measured on the training rows; `fit` makes one.

    Attributes
    ----------
    columns : list of NumberCode and TextCode
        Those that go in.
    target : TargetCode
    task : "classes" or "number"
    inputs : list of str
        Names of the encoded columns.
    classes : list of str
        The target's, in the order of the labels; empty where the target is a number.

    Examples
    --------
    >>> import nn
    >>> table = nn.Table.from_columns(
    ...     {"width": [1.0, 3.0, None], "colour": ["red", "blue", "red"], "kind": ["a", "b", "a"]}
    ... )
    >>> encoder = nn.TableEncoder.fit(table, "kind")
    >>> encoder.inputs
    ['width', 'width is missing', 'colour is blue', 'colour is red']
    >>> encoder.encode(table)
    array([[-1.,  0.,  0.,  1.],
           [ 1.,  0.,  1.,  0.],
           [ 0.,  1.,  0.,  1.]], dtype=float32)
    >>> encoder.encode_target(table), encoder.decode([[2.0, 1.0], [0.0, 3.0]]).tolist()
    (array([0, 1, 0]), ['a', 'b'])
    """

    def __init__(
        self, columns: list[NumberCode | TextCode], target: TargetCode, missing: str = "impute"
    ) -> None:
        self.columns = columns
        self.target = target
        self.missing = missing

    @classmethod
    def fit(
        cls,
        table: Table,
        target: str,
        *,
        drop: Iterable[str] = (),
        task: str | None = None,
        missing: str = "impute",
    ) -> TableEncoder:
        """Measure the training rows.

        Parameters
        ----------
        table : Table
            The training rows.
        target : str
            The column to predict.
        drop : iterable of str
            Columns to leave out.
        task : "classes" or "number", optional
            What the target is. Default: classes if it is text, or whole numbers of at most 20
            different values; otherwise a number.
        missing : "impute" or "refuse", default "impute"
            What to do where a value is missing: fill in the column's mean and say so in a column
            of its own (for text: a category of its own), or raise.

        Raises
        ------
        TableError
            There is nothing to learn from or to predict; the message names the row and column.

        Warns
        -----
        TableWarning
            A column never changes, and is left out.
        """
        check_table("TableEncoder.fit", table)
        _one_of("missing", missing, MISSING_RULES)
        if task is not None:
            _one_of("task", task, TASKS)
        code = measure_target(table, table[target], task)
        codes: list[NumberCode | TextCode] = []
        for column in table.drop(drop).columns.values():
            if column.name == target:
                continue
            if missing == "refuse" and column.missing.any():
                place = table.where(int(column.missing.argmax()), column.name)
                raise TableError(
                    f"{table.source}: {place} has no value. Fill it in, leave the row or the "
                    "column out, or pass missing='impute'"
                )
            if says_something(table, column):
                codes.append(measure(table, column))
        if not codes:
            raise TableError(
                f"{table.source}: besides the target {target!r} there is no column to learn from"
            )
        return cls(codes, code, missing)

    @property
    def task(self) -> str:
        """What the target is: "classes" or "number"."""
        return "number" if self.target.classes is None else "classes"

    @property
    def classes(self) -> list[str]:
        """The target's classes; empty where it is a number."""
        return self.target.classes or []

    @property
    def inputs(self) -> list[str]:
        """Names of the encoded columns."""
        return [name for code in self.columns for name in code.outputs]

    def encode(self, table: Table) -> NDArray[np.float32]:
        """Rows as a network takes them: float32 of shape (rows, len(inputs)).

        Columns are found by name; others in the table, the target too, do not matter.

        Raises
        ------
        TableError
            A column is not there, or text stands where numbers belong.

        Warns
        -----
        TableWarning
            A cell holds what no training row did.
        """
        check_table("TableEncoder.encode", table)
        absent = [code.name for code in self.columns if code.name not in table.columns]
        if absent:
            raise TableError(
                f"{table.source}: columns that the model was trained on are not there: "
                f"{shorten(absent)}; it has {shorten(table.names, 10)}"
            )
        parts = [code.encode(table, self.missing) for code in self.columns]
        return np.concatenate(parts, axis=1).astype(np.float32)

    def encode_target(self, table: Table) -> NDArray[Any]:
        """Labels, int64 of shape (rows,), or standardised numbers, float32 of shape (rows, 1)."""
        check_table("TableEncoder.encode_target", table)
        return self.target.encode(table)

    def decode(self, outputs: ArrayLike) -> NDArray[Any]:
        """What the outputs of a network say, in the table's words: class names, or numbers."""
        return self.target.decode(outputs)

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "columns": [
                {"kind": "number" if isinstance(code, NumberCode) else "text", **asdict(code)}
                for code in self.columns
            ],
            "target": asdict(self.target),
            "missing": self.missing,
        }

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> TableEncoder:
        """Back from `to_dict`.

        Raises
        ------
        TableError
            Something is missing or unknown in it.
        """
        try:
            given = list(state["columns"])
            columns = [_code(f"columns[{place}]", column) for place, column in enumerate(given)]
            target: TargetCode = _made("target", TargetCode, state["target"])
            missing = state["missing"]
        except (KeyError, TypeError) as error:
            raise TableError(f"TableEncoder.from_dict: not what to_dict gave ({error})") from error
        if missing not in MISSING_RULES:
            raise TableError(
                f"TableEncoder.from_dict: 'missing' is {missing!r}; known: "
                f"{', '.join(MISSING_RULES)}"
            )
        return cls(columns, target, missing)

    def __repr__(self) -> str:
        goal = f"{len(self.classes)} classes" if self.classes else "a number"
        return (
            f"TableEncoder: {len(self.columns)} columns as {len(self.inputs)} inputs; predicts "
            f"{self.target.name}, {goal}"
        )


def _code(where: str, state: Any) -> NumberCode | TextCode:
    """A column's code from what `to_dict` gave."""
    if not isinstance(state, Mapping):
        raise TypeError(f"{where} is {state!r}")
    rest = {key: value for key, value in state.items() if key != "kind"}
    kinds: dict[str, type[NumberCode | TextCode]] = {"number": NumberCode, "text": TextCode}
    code: NumberCode | TextCode = _made(where, kinds[state["kind"]], rest)
    return code


def _made(where: str, kind: type[Any], state: Any) -> Any:
    """The code, if every value is of the type that it declares."""
    if not isinstance(state, Mapping):
        raise TypeError(f"{where} is {state!r}")
    hints = get_type_hints(kind)
    for name, value in state.items():
        hint = hints.get(name, Any)
        whole = fits(value, hint) and not (hint is float and not math.isfinite(value))
        if not whole or (name == "scale" and value <= 0):
            wanted = "a number above 0" if name == "scale" else _WANTED.get(hint, "a list of texts")
            raise TableError(
                f"TableEncoder.from_dict: {where}: {name!r} must be {wanted}; got {value!r}"
            )
    return kind(**state)


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"TableEncoder.fit: unknown {name} {value!r}: {suggestion(value, known)}")


def check_table(operation: str, table: Any) -> None:
    """Refuse what is no Table.

    Raises
    ------
    TypeError
        Saying how one is made.

    Examples
    --------
    >>> check_table("TableEncoder.fit", Table.from_columns({"a": [1]}))
    """
    if not isinstance(table, Table):
        raise TypeError(
            f"{operation}: the first argument is a Table, from nn.read_table or "
            f"nn.Table.from_columns; got {type(table).__name__}"
        )
