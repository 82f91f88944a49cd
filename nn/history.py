"""What happened during `fit`, epoch by epoch and step by step."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Any

import autograd_core as ag

from .errors import suggestion


class History:
    """The record that `fit` returns.

    Attributes
    ----------
    rows : list of dict
        One for each finished epoch: "epoch", "seconds", "loss", and with validation data
        "validation_loss" and the metrics, such as "validation_accuracy". A column is taken by
        its name, `history["loss"]`, with NaN for an epoch that has none.
    step_losses : list of float
        The loss of every single step.
    stopped : str
        Why training ended before its last epoch; empty when it did not.
    best_epoch : int or None
        The epoch whose weights the model has, where early stopping chose one.

    Examples
    --------
    >>> history = History()
    >>> history.add(epoch=1, loss=0.5)
    >>> history.add(epoch=2, loss=0.25)
    >>> history["loss"]
    [0.5, 0.25]
    >>> history
    History: 2 epochs; last: loss 0.25
    """

    def __init__(self) -> None:
        self.rows: list[dict[str, float]] = []
        self.step_losses: list[float] = []
        self.stopped = ""
        self.best_epoch: int | None = None

    def add(self, **values: float) -> None:
        """Append the row of an epoch."""
        self.rows.append(values)

    @property
    def columns(self) -> list[str]:
        """Names of what was recorded."""
        return list(dict.fromkeys(name for row in self.rows for name in row))

    def __len__(self) -> int:
        """Number of finished epochs."""
        return len(self.rows)

    def __getitem__(self, column: str) -> list[float]:
        if column not in self.columns:
            raise KeyError(f"nothing named {column!r}: {suggestion(column, self.columns)}")
        return [row.get(column, math.nan) for row in self.rows]

    def __repr__(self) -> str:
        epochs = f"{len(self)} epoch{'' if len(self) == 1 else 's'}"
        last = self.rows[-1] if self.rows else {}
        values = ", ".join(
            f"{name} {value:.4g}" for name, value in last.items() if name not in CLOCK
        )
        text = f"History: {epochs}" + (f"; last: {values}" if values else "")
        return f"{text}; {self.stopped}" if self.stopped else text

    def to_csv(self, path: str | Path) -> None:
        """Write the rows as a CSV file with a header."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, self.columns)
        writer.writeheader()
        writer.writerows(self.rows)
        ag.write_atomically(path, text.getvalue().encode())

    def to_dataframe(self) -> Any:
        """The rows as a pandas DataFrame (extra `data`), the epoch as its index."""
        pandas = ag.require_extra("pandas", extra="data")
        frame = pandas.DataFrame(self.rows, columns=self.columns or ["epoch"])
        return frame.set_index("epoch") if "epoch" in frame else frame

    def plot(self, axes: Any = None) -> Any:
        """Draw the learning curves (needs the extra `plot`).

        Parameters
        ----------
        axes : two matplotlib Axes, optional
            For the losses and for the metrics. New ones are made when there are none.

        Returns
        -------
        array of two matplotlib Axes
        """
        if axes is None:
            pyplot = ag.require_extra("matplotlib.pyplot", extra="plot")
            _, axes = pyplot.subplots(1, 2, figsize=(10, 4), layout="constrained")
        losses, metrics = axes
        for column in self.columns:
            if column in CLOCK:
                continue
            panel = losses if column.endswith("loss") else metrics
            label = column.replace("_", " ") if column != "loss" else "training loss"
            panel.plot(self["epoch"], self[column], label=label)
        for panel, title in ((losses, "loss"), (metrics, "metrics")):
            panel.set_xlabel("epoch")
            panel.set_title(title)
            panel.grid(alpha=0.3)
            if self.best_epoch is not None:
                panel.axvline(self.best_epoch, color="grey", linestyle=":", label="weights kept")
            if panel.lines:
                panel.legend()
        return axes


# Columns that say when, not how well.
CLOCK = ("epoch", "seconds")
