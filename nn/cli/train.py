"""`python -m nn train`: on images of digits, or on a table."""

from __future__ import annotations

import argparse
import csv
import difflib
from pathlib import Path

from .. import job
from ..activations import ACTIVATIONS
from ..errors import suggestion
from .folders import holds_model, refuse_table_model, remove_stale
from .options import FINE, add_command, number, one_of, share, whole, widths
from .tables import add_reading_options
from .train_table import train_table

IMAGES = ("digits", "mnist")
ONE_IS_ENOUGH = "one data set is enough"

DESCRIPTION = """\
Train a multi-layer perceptron (MLP) by mini-batch gradient descent: on a table of your own, or to
read digits.

A table is a CSV file whose first line names the columns. --target names the column to predict:
text, and whole numbers with at most 20 different values, are classes; other numbers are predicted
as numbers. The types of the other columns are inferred: numbers are standardised, text becomes one
input for each category, a missing number becomes the column's mean, and one more input marks it.
Numbers that are names, such as codes, can be said to be text (--text); a target with a leading
zero, such as 007, is.
What cannot be used is refused, or noted, with its row and column.

The rows are split at random into three parts, with the classes in the same proportions. The
weights are trained on the first; after every epoch (one pass over them) the second part,
validation, judges, and the best epoch's weights are kept; the third, test, is looked at once, at
the end. Ctrl-C ends training early and keeps the best epoch's weights so far.
"""

EPILOG = """\
examples:
  python -m nn train flowers.csv --target species
  python -m nn train houses.csv --target price --out house_model/
  python -m nn train patients.csv --target outcome --ignore patient_id,name --hidden 64,32
  python -m nn train rents.csv --target rent --text zip,house           numbers as names
  python -m nn train grades.csv --target grade --task classification    numbers as classes
  python -m nn train digits
  python -m nn train digits --hidden 64,32 --activation relu --epochs 30 --lr 0.1
  python -m nn train digits --hidden none              a linear classifier
  python -m nn train mnist --data DIR --hidden 128     MNIST from its IDX files

Same seed, same options, same machine: same result.
"""

DEFAULTS_FOR_IMAGES = {
    "hidden": [128, 64],
    "epochs": 30,
    "lr": 0.1,
    "momentum": 0.5,
    "weight_decay": 0.001,
    "batch": 32,
    "patience": None,
    "out": Path("out"),
}
DEFAULTS_FOR_TABLES = {
    "hidden": [32],
    "epochs": 300,
    "lr": 0.01,
    "weight_decay": 0.01,
    "batch": 32,
    "patience": 30,
    "out": Path("model"),
    "task": "infer",
    "missing": "fill",
    "test_share": 0.2,
    "ignore": [],
    "text": [],
}


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command to the parser of the command line."""
    train = add_command(
        commands,
        "train",
        help="learn from a table, or from images of digits",
        description=DESCRIPTION,
        epilog=EPILOG,
    )
    train.add_argument(
        "source",
        metavar="{TABLE.csv,digits,mnist}",
        type=_source,
        help="a CSV file with a header; or digits: 1,797 images of 8x8 pixels, bundled with "
        "scikit-learn; or mnist: 28x28 pixels, read from --data",
    )
    train.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help="directory with MNIST's IDX files, plain or .gz; where it has no train-* files, "
        "the t10k-* files are split",
    )
    _add_table_options(train)
    add_reading_options(train)
    _add_model_options(train)
    _add_training_options(train)
    return train


def run(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Train on what the options name; return the exit status."""
    if isinstance(options.source, Path):
        if options.target is None:
            parser.error(
                f"{options.source} needs --target COLUMN, the name of the column to predict"
            )
        for name in ("data", "momentum"):
            if getattr(options, name) is not None:
                parser.error(f"--{name} is for digits and mnist, not for a table")
        _fill(options, DEFAULTS_FOR_TABLES)
        return train_table(options)
    for name in ("target", "task", "missing", "ignore", "text", "test_share"):
        if getattr(options, name) is not None:
            parser.error(f"--{name.replace('_', '-')} is for tables, not for {options.source}")
    if options.source == "mnist" and options.data is None:
        parser.error("mnist needs --data DIR, the directory with its IDX files")
    if options.source != "mnist" and options.data is not None:
        parser.error(f"--data is for mnist; {options.source} brings its own data")
    _fill(options, DEFAULTS_FOR_IMAGES)
    replaced = holds_model(options.out)
    if not options.replace:
        refuse_table_model(options.out)
    job.run(options)
    if replaced:
        remove_stale(options.out, job.WRITTEN)
    return FINE


def _names(text: str) -> list[str]:
    return next(csv.reader([text]))


def _fill(options: argparse.Namespace, defaults: dict[str, object]) -> None:
    for name, value in defaults.items():
        if getattr(options, name) is None:
            setattr(options, name, value)


def _source(text: str) -> str | Path:
    """The name of a data set of images, or the path of a table."""
    if text in IMAGES:
        return text
    path = Path(text)
    if path.suffix or path.exists() or len(path.parts) > 1:
        return path
    if difflib.get_close_matches(text, IMAGES, 1, 0.6):
        raise argparse.ArgumentTypeError(
            f"unknown data set {text!r}: {suggestion(text, IMAGES)}, or a table, such as table.csv"
        )
    raise argparse.ArgumentTypeError(
        f"{text!r} is neither a file here nor a data set: give a table, such as table.csv, or one "
        f"of {', '.join(IMAGES)}"
    )


def _add_table_options(train: argparse.ArgumentParser) -> None:
    group = train.add_argument_group("the table")
    group.add_argument("--target", metavar="COLUMN", help="the column to predict")
    group.add_argument(
        "--task",
        metavar="NAME",
        type=one_of("task", ("classification", "regression")),
        help="classification or regression (default: classification where the target is text, or "
        "whole numbers with at most 20 different values)",
    )
    group.add_argument(
        "--ignore",
        metavar="COLUMNS",
        type=_names,
        help="columns to leave out, such as id,name (a name with a comma in quotation marks: "
        "'\"size, in cm\",id')",
    )
    group.add_argument(
        "--text",
        metavar="COLUMNS",
        type=_names,
        help="columns to read as text, though they hold numbers: codes, for example",
    )
    group.add_argument(
        "--missing",
        metavar="RULE",
        type=one_of("rule", ("fill", "refuse")),
        help="fill missing values, or refuse a table that has any (default: fill)",
    )
    group.add_argument(
        "--test-share",
        metavar="SHARE",
        type=share,
        help="share of the rows held out for the test; of the rest, 15 %% validate (default: 0.2)",
    )


def _add_model_options(train: argparse.ArgumentParser) -> None:
    group = train.add_argument_group("the network")
    group.add_argument(
        "--hidden",
        metavar="WIDTHS",
        type=widths,
        help="width of each hidden layer, such as 64,32, or none "
        "(default: 32 for a table, 128,64 for images)",
    )
    group.add_argument(
        "--activation",
        metavar="NAME",
        type=one_of("activation", tuple(ACTIVATIONS)),
        default="relu",
        help=f"between the layers: {', '.join(ACTIVATIONS)} (default: relu)",
    )


def _add_training_options(train: argparse.ArgumentParser) -> None:
    group = train.add_argument_group("training")
    group.add_argument(
        "--epochs",
        metavar="N",
        type=whole(0),
        help="passes over the training rows (default: at most 300 for a table, 30 for images)",
    )
    group.add_argument(
        "--lr",
        metavar="RATE",
        type=number,
        help="learning rate: how far a step goes (default: 0.01 for a table, by AdamW; "
        "0.1 for images, by SGD)",
    )
    group.add_argument(
        "--momentum",
        metavar="SHARE",
        type=number,
        help="share of the last step that is kept (images only; default: 0.5)",
    )
    group.add_argument(
        "--weight-decay",
        metavar="RATE",
        type=number,
        help="pull of the weights towards zero (default: 0.01 for a table, 0.001 for images)",
    )
    group.add_argument(
        "--batch",
        metavar="N",
        type=whole(1),
        help="rows in a mini-batch (default: 32)",
    )
    group.add_argument(
        "--patience",
        metavar="N",
        type=whole(1),
        help="stop after N epochs without a better validation loss (default: 30 for a table, "
        "never for images)",
    )
    group.add_argument(
        "--seed",
        metavar="N",
        type=whole(0),
        default=0,
        help="of the split, the first weights and the order of the rows (default: 0)",
    )
    group.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="where everything is written (default: model/ for a table, out/ for images)",
    )
    group.add_argument(
        "--replace",
        action="store_true",
        help="write into a folder that holds files already: a model in it is replaced, other files "
        "stay (images do so without it, unless the model is of a table)",
    )
    group.add_argument(
        "--no-progress",
        dest="progress",
        action="store_false",
        help="show no progress bar",
    )
