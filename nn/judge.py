"""Validation: rows that are not trained on, and what is measured on them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .data import Loader
from .data.rows import are_arrays
from .evaluate import Loss, Metric, evaluate, refuse_text
from .module import Module

Rows = tuple[ArrayLike, ArrayLike]
# What to do with a model of several inputs.
SEVERAL = (
    "several inputs are given to a Loader, nn.Loader(x, lengths, y, shuffle=True), and fit calls "
    "model(x, lengths)"
)


class Judge:
    """The validation rows and what is measured on them."""

    def __init__(
        self, rows: Rows, loss: Loss, metrics: Mapping[str, Metric], dtype: DTypeLike
    ) -> None:
        # A loader for its checks, and to cast once; the rows are judged all together.
        self.inputs, self.targets = Loader(*pair("validation", rows), dtype=dtype).arrays
        refuse_text("fit", self.inputs)
        self.loss = loss
        self.metrics = metrics
        self.columns = ["validation_loss", *(f"validation_{name}" for name in metrics)]

    def measure(self, model: Module) -> dict[str, float]:
        """Loss and metrics, by the names of the history's columns."""
        with np.errstate(all="ignore"):
            values = evaluate(
                model, self.inputs, self.targets, loss=self.loss, metrics=self.metrics
            )
        return {f"validation_{name}": value for name, value in values.items()}

    def fingerprint(self) -> str:
        """What tells other rows from these, in one line: shapes, types and a checksum."""
        checksum, parts = 0, []
        for name, array in (("inputs", self.inputs), ("targets", self.targets)):
            checksum = zlib.crc32(array.tobytes(), checksum)
            parts.append(f"{name} {array.shape} {array.dtype}")
        return f"{', '.join(parts)}, checksum {checksum:08x}"


def pair(name: str, rows: Any) -> Rows:
    """Inputs and targets, or an error that says which argument should have been those."""
    if not isinstance(rows, tuple | list):
        raise ValueError(f"fit: {name} must be (inputs, targets); got {type(rows).__name__}")
    if len(rows) != 2:
        found = f"{type(rows).__name__} of {len(rows)}"
        if len(rows) > 2 and are_arrays(rows):
            found += f" arrays; {SEVERAL}"
        elif rows and all(isinstance(row, tuple) and len(row) == 2 for row in rows):
            found += " pairs, one for each row; make arrays: x, y = map(np.array, zip(*rows))"
        raise ValueError(f"fit: {name} must be (inputs, targets); got {found}")
    if isinstance(rows[0], tuple) and are_arrays(rows[0]):
        raise ValueError(
            f"fit: {name} must be (inputs, targets); its inputs are a tuple of {len(rows[0])} "
            f"arrays; {SEVERAL}"
        )
    return rows[0], rows[1]
