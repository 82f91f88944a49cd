"""What a classifier learnt, for people: a table at the terminal and two pictures."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag

from .history import History


def confusion_text(matrix: ArrayLike) -> str:
    """A confusion matrix as text: rows are true classes, columns predictions, zeros dots.

    Parameters
    ----------
    matrix : integers of shape (classes, classes)
        From `nn.confusion_matrix`.

    Examples
    --------
    >>> print(confusion_text([[12, 0], [3, 9]]))
    true / predicted   0  1   right
                   0  12  .   100 %
                   1   3  9    75 %
    """
    counts = np.asarray(matrix)
    width = max(len(str(counts.max())), len(str(len(counts) - 1))) + 1
    corner = "true / predicted"
    header = "".join(f"{column:>{width}}" for column in range(len(counts)))
    lines = [f"{corner} {header}   right"]
    for true, row in enumerate(counts):
        cells = "".join(f"{count or '.':>{width}}" for count in row)
        right = f"{100 * row[true] / row.sum():.0f} %" if row.sum() else "-"
        lines.append(f"{true:>{len(corner)}} {cells}   {right:>5}")
    return "\n".join(lines)


def learning_curves(history: History, path: str | Path) -> None:
    """Save the curves of a history as a PNG (needs the extra `plot`)."""
    figure = _figure(10, 4)
    history.plot(figure.subplots(1, 2))
    _save(figure, path)


def misclassified(
    images: NDArray[Any],
    labels: NDArray[Any],
    outputs: NDArray[Any],
    path: str | Path,
    *,
    most: int = 25,
) -> int:
    """Save a PNG of the images a classifier got wrong, its surest mistakes first.

    Parameters
    ----------
    images : array of shape (n, height, width)
    labels : integers of shape (n,)
        The true classes.
    outputs : array of shape (n, classes)
        Logits.
    path : str or Path
        The PNG (needs the extra `plot`).
    most : int, default 25
        How many to show at most.

    Returns
    -------
    int
        How many were wrong in all.
    """
    predictions = outputs.argmax(axis=1)
    shares = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    surety = shares.max(axis=1) / shares.sum(axis=1)
    wrong = np.flatnonzero(predictions != labels)
    shown = wrong[np.argsort(-surety[wrong], kind="stable")][:most]
    columns = 5
    rows = max(1, math.ceil(len(shown) / columns))
    figure = _figure(1.8 * columns, 0.6 + 2.1 * rows)
    figure.suptitle(f"{len(wrong)} of {len(labels)} test images misclassified")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel in panels:
        panel.axis("off")
    for panel, index in zip(panels, shown, strict=False):
        panel.imshow(images[index], cmap="gray_r")
        panel.set_title(
            f"{labels[index]}, taken for {predictions[index]}\n({100 * surety[index]:.0f} % sure)",
            fontsize=9,
        )
    _save(figure, path)
    return len(wrong)


def _figure(width: float, height: float) -> Any:
    # A bare Figure, not pyplot's: no window system, nothing global to close.
    module = ag.require_extra("matplotlib.figure", extra="plot")
    return module.Figure(figsize=(width, height), layout="constrained")


def _save(figure: Any, path: str | Path) -> None:
    image = io.BytesIO()
    figure.savefig(image, format="png", dpi=110)
    ag.write_atomically(path, image.getvalue())
