"""`python -m nn predict`: a class and its probability, or a number, for each row of a table."""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

import autograd_core as ag

from ..data.column_codes import NumberCode
from ..data.csv_file import shorten
from ..data.table import Table
from ..errors import TableError
from .inspection import refuse_commas
from .notes import CannotUse, Notes
from .options import FINE, add_command
from .tables import add_reading_options, read
from .trained import Trained

ONE_IS_ENOUGH = "one model and one table are enough"

DESCRIPTION = """\
Predict the target for each row of a table, with a model that `python -m nn train TABLE.csv` wrote.

Columns are found by their names, in any order; others are ignored, with a note. A column that the
model was trained on and the table lacks is an error. A category that no training row had is
predicted as if its column said nothing, and a missing number as if it were the mean of the
training rows: a note names the row and column. No code is run from the model's files.

The result is a CSV table: the row as a spreadsheet counts it (the header is row 1), what is
predicted, and for classes the probability of each.
"""

EPILOG = """\
examples:
  python -m nn predict model/ new_flowers.csv                        to the terminal
  python -m nn predict model/ new_flowers.csv --out predictions.csv
"""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command to the parser of the command line."""
    parser = add_command(
        commands,
        "predict",
        help="use a trained model on a table",
        description=DESCRIPTION,
        epilog=EPILOG,
    )
    parser.add_argument("model", metavar="MODEL", type=Path, help="the folder of a trained model")
    parser.add_argument("table", metavar="TABLE.csv", type=Path, help="the rows to predict")
    parser.add_argument(
        "--out", metavar="FILE.csv", type=Path, help="where to write (default: the terminal)"
    )
    add_reading_options(parser)
    return parser


def run(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:  # noqa: ARG001
    """Predict; return the exit status."""
    notes = Notes()
    with notes.reading():
        trained = Trained.load(options.model)
        table = read(options.table, options, trained.text_columns)
        note_extra_columns(trained, table, notes)
        refuse_ambiguous(trained, table)
        inputs = trained.encoder.encode(table)
    outputs = trained.outputs(inputs)
    trained.refuse_non_finite(table, inputs, outputs)
    names, cells = predictions(trained, outputs)
    rows = [[row, *said] for row, said in zip(table.rows, cells, strict=True)]
    content = csv_text(["row", *names], rows)
    if options.out is None:
        sys.stdout.write(content)
    else:
        _write(options.out, options.table, content)
        print(f"wrote {options.out}: {len(table)} rows")
    sys.stdout.flush()
    _note_agreement(trained, table, outputs, notes)
    return FINE


def predictions(trained: Trained, outputs: NDArray[Any]) -> tuple[list[str], list[list[str]]]:
    """Names of the columns of a result, and the cells of each row.

    Examples
    --------
    >>> import numpy as np, nn
    >>> table = Table.from_columns({"x": [1, 2], "y": ["a", "b"]})
    >>> trained = Trained(nn.Linear(1, 2), nn.TableEncoder.fit(table, "y"), {})
    >>> predictions(trained, np.zeros((1, 2)))
    (['predicted y', 'probability of a', 'probability of b'], [['a', '0.5000', '0.5000']])
    """
    encoder = trained.encoder
    decoded = encoder.decode(outputs)
    if not encoder.classes:
        # Every digit: of large numbers with a small spread, six of them are the same in every row.
        return [f"predicted {trained.target}"], [[repr(float(value))] for value in decoded]
    names = [f"predicted {trained.target}", *(f"probability of {c}" for c in encoder.classes)]
    cells = [
        [str(name), *(f"{share:.4f}" for share in shares)]
        for name, shares in zip(decoded, trained.probabilities(outputs), strict=True)
    ]
    return names, cells


def csv_text(names: list[str], rows: Iterable[list[Any]]) -> str:
    r"""A CSV table as text.

    Examples
    --------
    >>> csv_text(["row", "said"], [[2, "a, b"]])
    'row,said\n2,"a, b"\n'
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue()


def note_extra_columns(trained: Trained, table: Table, notes: Notes) -> None:
    """Say which columns of a table the model does not look at."""
    known = {code.name for code in trained.encoder.columns} | {trained.target}
    extra = [name for name in table.names if name not in known]
    if extra:
        notes.tell(f"{table.source}: the model does not use {shorten(extra)}")


def refuse_ambiguous(trained: Trained, table: Table) -> None:
    """Refuse a column of numbers that may have been read as others than were meant."""
    for code in trained.encoder.columns:
        if isinstance(code, NumberCode) and code.name in table.columns:
            refuse_commas(table, table[code.name])


def _note_agreement(trained: Trained, table: Table, outputs: NDArray[Any], notes: Notes) -> None:
    """Where the table holds the target too, say how many rows agree."""
    encoder = trained.encoder
    if not encoder.classes or trained.target not in table.columns:
        return
    known = ~table[trained.target].missing
    try:
        true = encoder.encode_target(table.take(known))
    except TableError:
        return
    if len(true):
        right = int((outputs[known].argmax(axis=1) == true).sum())
        notes.tell(
            f"{table.source}: {right} of {len(true)} predictions are what its column "
            f"{trained.target!r} says ({100 * right / len(true):.1f} %; rows that the model was "
            "trained on count too, if they are among them)"
        )


def _write(out: Path, table: Path, content: str) -> None:
    if out.is_dir():
        raise CannotUse(f"--out {out} is a folder; name a file, such as {out / 'predictions.csv'}")
    if out.exists() and out.samefile(table):
        raise CannotUse(f"--out {out} is the table itself; name another file")
    try:
        ag.write_atomically(out, content.encode())
    except OSError as error:
        raise OSError(f"{out}: could not be written: {error.strerror or error}") from error
