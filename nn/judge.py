"""Validation: rows that are not trained on, and what is measured on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .data import Loader
from .evaluate import Loss, Metric, evaluate
from .module import Module

Rows = tuple[ArrayLike, ArrayLike]


class Judge:
    """The validation rows and what is measured on them."""

    def __init__(
        self, rows: Rows, loss: Loss, metrics: Mapping[str, Metric], dtype: DTypeLike
    ) -> None:
        # A loader for its checks, and to cast once; the rows are judged all together.
        self.inputs, self.targets = Loader(*pair("validation", rows), dtype=dtype).arrays
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


def pair(name: str, rows: Any) -> Rows:
    """Inputs and targets, or an error that says which argument should have been those."""
    if not isinstance(rows, tuple | list) or len(rows) != 2:
        raise ValueError(f"fit: {name} must be (inputs, targets); got {type(rows).__name__}")
    return rows[0], rows[1]
