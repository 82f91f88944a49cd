"""What a model learnt, for people: a table at the terminal, and pictures."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag

from .history import History

# As many as a line at the terminal holds, of a class's name as well.
LONGEST_NAME = 16


def confusion_text(matrix: ArrayLike, names: Sequence[str] | None = None) -> str:
    """A confusion matrix as text: rows are true classes, columns predictions, zeros dots.

    Parameters
    ----------
    matrix : integers of shape (classes, classes)
        From `nn.confusion_matrix`.
    names : sequence of str, optional
        Of the classes; by default their numbers.

    Examples
    --------
    >>> print(confusion_text([[12, 0], [3, 9]]))
    true / predicted   0  1   right
                   0  12  .   100 %
                   1   3  9    75 %
    >>> print(confusion_text([[12, 0], [3, 9]], ["yes", "no"]))
    true / predicted  yes   no   right
                 yes   12    .   100 %
                  no    3    9    75 %
    """
    counts = np.asarray(matrix)
    labels = [_short(name) for name in names or map(str, range(len(counts)))]
    width = max(len(str(counts.max())), *map(len, labels)) + (2 if names else 1)
    corner = "true / predicted"
    gap = "" if names else " "
    header = "".join(f"{label:>{width}}" for label in labels)
    lines = [f"{corner}{gap}{header}   right"]
    for true, row in enumerate(counts):
        cells = "".join(f"{count or '.':>{width}}" for count in row)
        right = f"{100 * row[true] / row.sum():.0f} %" if row.sum() else "-"
        lines.append(f"{labels[true]:>{len(corner)}}{gap}{cells}   {right:>5}")
    return "\n".join(lines)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


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


def confusion_picture(matrix: ArrayLike, names: Sequence[str], path: str | Path) -> None:
    """Save a confusion matrix as a PNG (needs the extra `plot`).

    Parameters
    ----------
    matrix : integers of shape (classes, classes)
        From `nn.confusion_matrix`.
    names : sequence of str
        Of the classes.
    path : str or Path
        The PNG.
    """
    counts = np.asarray(matrix)
    # Shaded by the share of the true class, so that a rare class is seen as well as a common one.
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = min(2.5 + 0.55 * len(counts), 20.0)
    figure = _figure(side + 1, side)
    panel = figure.subplots()
    panel.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    labels = [_plain(_short(name)) for name in names]
    panel.set_xticks(range(len(counts)), labels, rotation=45, ha="right")
    panel.set_yticks(range(len(counts)), labels)
    panel.set_xlabel("predicted")
    panel.set_ylabel("true")
    for (true, predicted), count in np.ndenumerate(counts):
        if count:
            colour = "white" if shares[true, predicted] > 0.5 else "black"
            panel.text(predicted, true, str(count), ha="center", va="center", color=colour)
    _save(figure, path)


def predicted_against_true(
    true: ArrayLike, predicted: ArrayLike, name: str, path: str | Path
) -> None:
    """Save a PNG of predicted numbers over the true ones (needs the extra `plot`).

    Parameters
    ----------
    true, predicted : numbers of shape (n,)
    name : str
        Of what is predicted.
    path : str or Path
        The PNG.
    """
    values = np.concatenate([np.ravel(true), np.ravel(predicted)])
    ends = [values.min(), values.max()]
    figure = _figure(5, 5)
    panel = figure.subplots()
    panel.plot(ends, ends, color="grey", linewidth=1, label="predicted = true")
    panel.plot(np.ravel(true), np.ravel(predicted), ".", alpha=0.6)
    panel.set_xlabel(f"true {_plain(name)}")
    panel.set_ylabel(f"predicted {_plain(name)}")
    panel.grid(alpha=0.3)
    panel.legend()
    _save(figure, path)


def _plain(text: str) -> str:
    # Between two dollar signs matplotlib reads formulas.
    return text.replace("$", r"\$")


def _figure(width: float, height: float) -> Any:
    # A bare Figure, not pyplot's: no window system, nothing global to close.
    module = ag.require_extra("matplotlib.figure", extra="plot")
    return module.Figure(figsize=(width, height), layout="constrained")


def _save(figure: Any, path: str | Path) -> None:
    image = io.BytesIO()
    with warnings.catch_warnings():
        # A name in a script that matplotlib's font lacks is drawn as boxes.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(image, format="png", dpi=110)
    ag.write_atomically(path, image.getvalue())
