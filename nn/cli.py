"""The command line: `python -m nn train digits`. Options in, messages for people out."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import autograd_core as ag

from . import job
from .activations import ACTIVATIONS
from .errors import suggestion

SOURCES = ("digits", "mnist")
COMMANDS = ("train",)

TRAIN_DESCRIPTION = """\
Train a multi-layer perceptron (MLP) to read digits, by mini-batch gradient descent.

The images are split at random into three parts. The weights are trained on the first; after every
epoch (one pass over them) the second part, validation, judges, and the best epoch's weights are
kept; the third, test, is looked at once, at the end. Ctrl-C ends training early and keeps what
was learnt so far.
"""

TRAIN_EPILOG = """\
examples:
  python -m nn train digits
  python -m nn train digits --hidden 64,32 --activation relu --epochs 30 --lr 0.1
  python -m nn train digits --hidden none              a linear classifier
  python -m nn train mnist --data DIR --hidden 128     MNIST from its IDX files

Same seed, same options, same machine: same result.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        What stands behind `python -m nn`. Default: taken from the command line.

    Examples
    --------
    >>> main(["train", "mnist", "--data", "/no/such/directory"])
    1
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser, train = _parsers()
    if not given:
        parser.print_help()
        return 0
    if not given[0].startswith("-") and given[0] not in COMMANDS:
        parser.error(f"unknown command {given[0]!r}: {suggestion(given[0], COMMANDS)}")
    options, unknown = parser.parse_known_args(given)
    if unknown:
        known = sorted(name for name in train._option_string_actions if name.startswith("--"))
        train.error(
            f"unknown option {unknown[0]!r}: {suggestion(unknown[0], known)}"
            if unknown[0].startswith("-")
            else f"unexpected {unknown[0]!r}: one data set is enough"
        )
    if options.source == "mnist" and options.data is None:
        train.error("mnist needs --data DIR, the directory with its IDX files")
    if options.source != "mnist" and options.data is not None:
        train.error(f"--data is for mnist; {options.source} brings its own data")
    try:
        job.run(options)
    except (ag.AutogradError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parsers() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    parser = argparse.ArgumentParser(
        prog="python -m nn",
        description="Train neural networks from the command line.",
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(title="commands", required=True)
    train = commands.add_parser(
        "train",
        help="train a classifier on images of digits",
        description=TRAIN_DESCRIPTION,
        epilog=TRAIN_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    train.add_argument(
        "source",
        metavar="{digits,mnist}",
        type=_one_of("data set", SOURCES),
        help="digits: 1,797 images of 8x8 pixels, bundled with scikit-learn; "
        "mnist: 28x28 pixels, read from --data",
    )
    train.add_argument(
        "--data",
        metavar="DIR",
        type=Path,
        help="directory with MNIST's IDX files, plain or .gz; where it has no train-* files, "
        "the t10k-* files are split",
    )
    _add_model_options(train)
    _add_training_options(train)
    return parser, train


def _add_model_options(train: argparse.ArgumentParser) -> None:
    group = train.add_argument_group("the network")
    group.add_argument(
        "--hidden",
        metavar="WIDTHS",
        type=_widths,
        default=[128, 64],
        help="width of each hidden layer, such as 64,32, or none (default: 128,64)",
    )
    group.add_argument(
        "--activation",
        metavar="NAME",
        type=_one_of("activation", tuple(ACTIVATIONS)),
        default="relu",
        help=f"between the layers: {', '.join(ACTIVATIONS)} (default: relu)",
    )


def _add_training_options(train: argparse.ArgumentParser) -> None:
    group = train.add_argument_group("training")
    group.add_argument(
        "--epochs",
        metavar="N",
        type=_whole(0),
        default=30,
        help="passes over the training images (default: 30)",
    )
    group.add_argument(
        "--lr",
        metavar="RATE",
        type=_number,
        default=0.1,
        help="learning rate: how far a step goes (default: 0.1)",
    )
    group.add_argument(
        "--momentum",
        metavar="SHARE",
        type=_number,
        default=0.5,
        help="share of the last step that is kept (default: 0.5)",
    )
    group.add_argument(
        "--weight-decay",
        metavar="RATE",
        type=_number,
        default=0.001,
        help="pull of the weights towards zero (default: 0.001)",
    )
    group.add_argument(
        "--batch",
        metavar="N",
        type=_whole(1),
        default=32,
        help="images in a mini-batch (default: 32)",
    )
    group.add_argument(
        "--patience",
        metavar="N",
        type=_whole(1),
        help="stop after N epochs without a better validation loss (default: never)",
    )
    group.add_argument(
        "--seed",
        metavar="N",
        type=_whole(0),
        default=0,
        help="of the split, the first weights and the order of the images (default: 0)",
    )
    group.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        default=Path("out"),
        help="where pictures and weights go (default: out/)",
    )
    group.add_argument(
        "--no-progress",
        dest="progress",
        action="store_false",
        help="show no progress bar",
    )


def _one_of(what: str, known: tuple[str, ...]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in known:
            raise argparse.ArgumentTypeError(f"unknown {what} {text!r}: {suggestion(text, known)}")
        return text

    return check


def _whole(least: int) -> Callable[[str], int]:
    def check(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
        return int(text)

    return check


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0.0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 0")
    return value


def _widths(text: str) -> list[int]:
    if text == "none":
        return []
    parts = text.split(",")
    if not all(part.isdecimal() and int(part) for part in parts):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a list of widths; write 64,32 (no blanks), or none"
        )
    return [int(part) for part in parts]
