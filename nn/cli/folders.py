"""The folder that `python -m nn train` writes into: what may be there, and what has to go."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from .. import job
from ..model_file import DESCRIPTION
from .notes import CannotUse
from .trained import KIND

# Every file that training on a table may write; which pictures, its task decides.
TABLE_FILES = (
    DESCRIPTION,
    "weights.safetensors",
    "test_predictions.csv",
    "history.csv",
    "learning_curves.png",
    "confusion_matrix.png",
    "predicted_against_true.png",
)


def holds_model(out: Path) -> bool:
    """Whether a model is in the folder.

    Examples
    --------
    >>> holds_model(Path("no such folder"))
    False
    """
    return (out / DESCRIPTION).exists()


def remove_stale(out: Path, written: Iterable[str]) -> None:
    """Remove files of an older run that would pass for the new one's; no others.

    Parameters
    ----------
    out : Path
        Where a model was replaced.
    written : iterable of str
        Names of the new run's files.
    """
    for name in {*TABLE_FILES, *job.WRITTEN} - set(written):
        (out / name).unlink(missing_ok=True)


def refuse_table_model(out: Path) -> None:
    """Refuse to write a model of images over one of a table.

    Raises
    ------
    CannotUse
        There is one.
    """
    try:
        page = json.loads((out / DESCRIPTION).read_text("utf-8"))
        kind = page["metadata"]["kind"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if kind == KIND:
        raise CannotUse(
            f"--out {out}: the folder holds a model that was trained on a table. Name another "
            "with --out, or replace it with --replace"
        )
