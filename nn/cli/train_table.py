"""The job of `python -m nn train table.csv`: from a table to a tested model in a folder."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_core as ag

from .. import report
from ..data.encoding import TableEncoder
from ..data.splits import split
from ..data.table import Table
from ..errors import TableError
from ..fit import fit
from ..history import History
from ..layers import MLP
from ..losses import cross_entropy, mse_loss
from ..metrics import accuracy
from ..optim import AdamW
from .folders import holds_model, remove_stale
from .inspection import inspect
from .notes import CannotUse, Notes
from .options import FINE, INTERRUPTED
from .predict import csv_text, predictions
from .summary import MOST_CLASSES, listed
from .tables import read
from .trained import Trained, score, score_text

TASKS = {"infer": None, "classification": "classes", "regression": "number"}
RULES = {"fill": "impute", "refuse": "refuse"}
# Share of the rows not held out for the test. Against 20 % of all rows, mean test scores of seeds
# 100 to 111: iris 96.4 to 93.6 %, wine 96.8 to 97.0, breast cancer 98.8 to 98.4; R2 of diabetes
# 0.46 to 0.44.
VALIDATION = 0.15
PARTS = ("training", "validation", "test")
# Fewer rows say nothing about a number that is predicted.
FEWEST_ROWS = 10


@dataclass(frozen=True)
class Task:
    """A table made ready: its parts, and how they become arrays."""

    table: Table
    encoder: TableEncoder
    parts: tuple[NDArray[Any], ...]
    """Indices of the rows for training, validation and test."""

    def arrays(self, part: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """Inputs and targets of one part."""
        rows = self.table.take(self.parts[part])
        return self.encoder.encode(rows), self.encoder.encode_target(rows)


def train_table(options: argparse.Namespace) -> int:
    """Train as the options say, test once, write everything into `options.out`.

    Returns
    -------
    int
        Exit status: 130 if Ctrl-C ended training early; what was learnt is written all the same.
    """
    notes = Notes()
    _check_out(options)
    # Independent streams, so that changing one use of randomness leaves the others alone.
    split_rng, weights_rng, order_rng = np.random.default_rng(options.seed).spawn(3)
    with notes.reading():
        task = prepare(options, split_rng, notes)
        rows = [task.arrays(part) for part in range(len(PARTS))]
    encoder = task.encoder
    outputs = max(len(encoder.classes), 1)
    model = MLP(len(encoder.inputs), options.hidden, outputs, options.activation, rng=weights_rng)
    _tell_task(task, model, options)
    # Before the work, so that a folder that cannot be made is told now.
    _make_folder(options.out)
    history = fit(
        model,
        rows[0],
        loss=cross_entropy if encoder.classes else mse_loss,
        optimizer=AdamW(model.parameters(), lr=options.lr, weight_decay=options.weight_decay),
        epochs=options.epochs,
        batch_size=options.batch,
        rng=order_rng,
        validation=rows[1],
        metrics={"accuracy": accuracy} if encoder.classes else {},
        patience=options.patience,
        progress=options.progress,
    )
    if history.stopped and not options.progress:
        print(f"fit: {history.stopped}", file=sys.stderr)  # with a bar, fit has said so
    _refuse_unjudged(task, rows[1], history)
    untested = Trained(model, encoder, {})
    tested = untested.outputs(rows[2][0])
    untested.refuse_non_finite(task.table.take(task.parts[2]), rows[2][0], tested)
    result = score(encoder, tested, rows[2][1])
    run = _run_text(options, task, history)
    trained = Trained(model, encoder, {"run": run, "test": result})
    # First what was learnt is safe, then it is told.
    written = _write(options.out, task, trained, history, tested)
    print(run["epochs"])
    if encoder.classes and len(encoder.classes) <= MOST_CLASSES:
        print(f"\n{report.confusion_text(result['confusion'], encoder.classes)}")
    print(f"\ntest: {score_text(encoder, result)}\n")
    print("wrote")
    width = max(len(str(options.out / name)) for name, _ in written) + 2
    for name, what in written:
        print(f"  {options.out / name!s:<{width}}{what}")
    print(f"\nnow: python -m nn predict {options.out} TABLE.csv")
    sys.stdout.flush()
    if history.stopped.startswith("interrupted"):
        which = f"the weights of epoch {history.best_epoch}, the best until then, are"
        if history.best_epoch is None:
            which = "no epoch was finished; the weights as they were are"
        print(f"interrupted: {which} tested and written", file=sys.stderr)
        return INTERRUPTED
    return FINE


def prepare(options: argparse.Namespace, rng: np.random.Generator, notes: Notes) -> Task:
    """Read, inspect and split the table; measure the training rows.

    Raises
    ------
    TableError
        It cannot be learnt from.
    """
    table = read(options.source, options, options.text)
    target = options.target
    table[target]  # names what there is
    for name in options.text:
        table[name]
    for name in options.ignore:
        if name == target:
            raise TableError(f"--ignore {name!r} is the target")
    table = table.drop(options.ignore)
    left_out = inspect(table, target, notes)
    table = table.drop(left_out)
    known = ~table[target].missing
    if options.missing == "fill" and known.any() and not known.all():
        gone = np.flatnonzero(~known)
        more = f" and {len(gone) - 1} more rows" if len(gone) > 1 else ""
        notes.tell(
            f"{table.source}: {table.where(int(gone[0]), target)}{more} has no value; rows without "
            "the target are left out"
        )
        table = table.take(np.flatnonzero(known))
    # All rows once: what is wrong anywhere is told now, whichever part the row falls into.
    whole = TableEncoder.fit(
        table, target, task=TASKS[options.task], missing=RULES[options.missing]
    )
    labels = whole.encode_target(table) if whole.classes else None
    rest = 1.0 - options.test_share
    fractions = (rest * (1.0 - VALIDATION), rest * VALIDATION, options.test_share)
    _check_size(table, whole, labels, fractions)
    parts = split(np.arange(len(table)), fractions=fractions, rng=rng, stratify=labels)
    indices = tuple(np.sort(part[0]) for part in parts)
    # A column that never changes was told of; among the training rows alone, more may not.
    kept = [code.name for code in whole.columns]
    train = table.take(indices[0])
    encoder = TableEncoder.fit(
        train,
        target,
        drop=[name for name in table.names if name not in (target, *kept)],
        task=whole.task,
        missing=RULES[options.missing],
    )
    return Task(table, encoder, indices)


def _check_out(options: argparse.Namespace) -> None:
    out: Path = options.out
    if out.exists() and not out.is_dir():
        raise CannotUse(f"--out {out}: there is a file of that name; name a folder")
    if not options.replace and out.is_dir() and any(out.iterdir()):
        what = "a model" if holds_model(out) else "other files"
        raise CannotUse(
            f"--out {out}: the folder is there and holds {what}. Name another with --out, or "
            "write into it all the same with --replace"
        )


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotUse(f"--out {out}: the folder cannot be made: {error.strerror}") from error


def _refuse_unjudged(task: Task, validation: tuple[Any, Any], history: History) -> None:
    """Refuse weights that no epoch's validation loss speaks for.

    Raises
    ------
    CannotUse
        The loss was not finite in any epoch; the message names the most extreme cell.
    """
    losses = history["validation_loss"] if len(history) else [0.0]
    if np.isfinite(losses).any():
        return
    names = list(task.encoder.inputs)
    parts = [validation[0]]
    if not task.encoder.classes:
        names.append(task.encoder.target.name)
        parts.append(validation[1])
    sizes = np.abs(np.concatenate(parts, axis=1))
    index, column = np.unravel_index(int(sizes.argmax()), sizes.shape)
    table = task.table
    raise CannotUse(
        f"{table.source}: the loss of the validation rows was {losses[-1]} in every epoch, so "
        "nothing tells which weights are good, and no model is written. The most extreme of them "
        f"is row {table.rows[task.parts[1][index]]}, whose {names[column]!r} is "
        f"{sizes[index, column]:.4g} standard deviations from the mean of the training rows. "
        "Correct it, or leave the row out"
    )


def _check_size(
    table: Table,
    encoder: TableEncoder,
    labels: NDArray[Any] | None,
    fractions: tuple[float, ...],
) -> None:
    """Refuse a table, or a class, that cannot be in all three parts."""
    if len(table) < FEWEST_ROWS:
        raise TableError(
            f"{table.source}: {len(table)} rows are too few to train, validate and test on; at "
            f"least {FEWEST_ROWS} are needed"
        )
    if labels is None:
        return
    cuts = np.cumsum(fractions[:-1])
    needed = next(
        count
        for count in range(3, 10_000)
        if np.all(np.diff(np.rint([0, *cuts * count, count]).astype(int)) > 0)
    )
    for label, name in enumerate(encoder.classes):
        rows = table.rows[labels == label]
        if len(rows) < needed:
            where = f"row {rows[0]}" if len(rows) == 1 else f"rows {', '.join(map(str, rows))}"
            raise TableError(
                f"{table.source}: class {name!r} of the target {encoder.target.name!r} is in "
                f"{where} only; training, validation and test each need one, so at least {needed} "
                "rows. Collect more, or leave the class out. If the target is a number and no "
                "class, say --task regression"
            )


def _tell_task(task: Task, model: MLP, options: argparse.Namespace) -> None:
    encoder, table = task.encoder, task.table
    what = (
        f"{len(encoder.classes)} classes: {listed(encoder.classes)}"
        if encoder.classes
        else f"a number, mean {encoder.target.mean:.4g}, "
        f"standard deviation {encoder.target.scale:.4g}"
    )
    print(f"{table.source}: {len(table)} rows; predicts {encoder.target.name}, {what}")
    names = [code.name for code in encoder.columns]
    columns, inputs = _counted(len(names), "column"), _counted(len(encoder.inputs), "input")
    print(f"from {columns}, as {inputs}: {listed(names)}")
    counts = [f"{len(rows)} for {name}" for rows, name in zip(task.parts, PARTS, strict=True)]
    print(f"rows: {', '.join(counts)}; standardised by the training rows")
    widths = "-".join(
        map(str, [len(encoder.inputs), *options.hidden, max(len(encoder.classes), 1)])
    )
    count = sum(parameter.size for parameter in model.parameters())
    print(f"MLP {widths}, {options.activation}, {count:,} parameters; seed {options.seed}")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _run_text(options: argparse.Namespace, task: Task, history: History) -> dict[str, str]:
    """What was done, in words, for the terminal and `summary`."""
    seconds = sum(row["seconds"] for row in history.rows)
    kept = "weights as training left them"
    if history.best_epoch is not None:
        kept = f"weights of epoch {history.best_epoch}, whose validation loss was lowest"
    counts = ", ".join(f"{len(rows)} {name}" for rows, name in zip(task.parts, PARTS, strict=True))
    interrupted = " (interrupted)" if history.stopped.startswith("interrupted") else ""
    return {
        "table": f"{Path(task.table.source).name}, {len(task.table)} rows: {counts}",
        "network": f"hidden {','.join(map(str, options.hidden)) or 'none'}, {options.activation}",
        "steps": f"AdamW, learning rate {options.lr:g}, weight decay {options.weight_decay:g}, "
        f"batches of {options.batch}, seed {options.seed}",
        "epochs": f"{len(history)} epochs in {seconds:.2g} s{interrupted}; {kept}",
    }


def _write(
    out: Path, task: Task, trained: Trained, history: History, outputs: NDArray[Any]
) -> list[tuple[str, str]]:
    """Save the model, then what shows how good it is; the files, and what is in them."""
    replaced = holds_model(out)
    try:
        trained.save(out)
    except OSError as error:
        raise OSError(
            f"{out}: the model could not be written: {error.strerror or error}. Make room, or "
            "name another folder with --out, and train again: the same seed gives the same model"
        ) from error
    written = [("model.json", "what the model is"), ("weights.safetensors", "its weights")]
    encoder = trained.encoder
    test = task.table.take(task.parts[2])
    _write_test(out / "test_predictions.csv", trained, test, outputs)
    written.append(("test_predictions.csv", "the test rows: true and predicted"))
    history.to_csv(out / "history.csv")
    written.append(("history.csv", "loss, epoch by epoch"))
    try:
        report.learning_curves(history, out / "learning_curves.png")
        written.append(("learning_curves.png", "the same as a picture"))
        if encoder.classes:
            matrix = trained.training["test"]["confusion"]
            report.confusion_picture(matrix, encoder.classes, out / "confusion_matrix.png")
            written.append(("confusion_matrix.png", "which class was taken for which"))
        else:
            true = encoder.decode(encoder.encode_target(test))
            path = out / "predicted_against_true.png"
            report.predicted_against_true(true, encoder.decode(outputs), trained.target, path)
            written.append((path.name, "the test rows, one point each"))
    except ag.MissingExtraError as error:
        print(f"note: no pictures: {error}", file=sys.stderr)
    if replaced:
        remove_stale(out, [name for name, _ in written])
    return written


def _true_answers(trained: Trained, test: Table) -> list[str]:
    """The target's cells, written as predictions are, so that the two can be compared."""
    encoder = trained.encoder
    if encoder.classes:
        return [encoder.classes[label] for label in encoder.encode_target(test)]
    texts: list[str] = test[trained.target].texts.tolist()
    return [text.replace(",", ".") for text in texts] if test.decimal_comma else texts


def _write_test(path: Path, trained: Trained, test: Table, outputs: NDArray[Any]) -> None:
    names, cells = predictions(trained, outputs)
    true = _true_answers(trained, test)
    rows = [[row, was, *said] for row, was, said in zip(test.rows, true, cells, strict=True)]
    content = csv_text(["row", f"true {trained.target}", *names], rows)
    ag.write_atomically(path, content.encode())
