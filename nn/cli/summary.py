"""`python -m nn summary`: what a model is, what it was trained on, how good it was."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..data.column_codes import NumberCode
from ..report import confusion_text
from ..summary import summary
from .notes import CannotUse, Notes
from .options import FINE, add_command
from .trained import Trained, score_text

ONE_IS_ENOUGH = "one model is enough"

DESCRIPTION = """\
Show what a model is: what it predicts and from which columns, what it was trained on, how good it
was on the rows held out for the test, and its layers with their shapes and numbers of weights.
Nothing is trained or written, and no code is run from the model's files.
"""

EPILOG = """\
examples:
  python -m nn summary model/
"""

# Categories that are listed for a column.
LISTED = 8
# Classes whose confusion matrix fits into a terminal.
MOST_CLASSES = 12


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command to the parser of the command line."""
    parser = add_command(
        commands,
        "summary",
        help="what a model is, and how good it was",
        description=DESCRIPTION,
        epilog=EPILOG,
    )
    parser.add_argument("model", metavar="MODEL", type=Path, help="the folder of a trained model")
    return parser


def run(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:  # noqa: ARG001
    """Print the summary; return the exit status."""
    with Notes().reading():
        trained = Trained.load(options.model)
    encoder = trained.encoder
    what = f"one of {len(encoder.classes)} classes" if encoder.classes else "a number"
    print(f"{options.model}: predicts {trained.target}, {what}")
    if encoder.classes:
        print(f"  {listed(encoder.classes)}")
    print("\nfrom the columns")
    width = max(len(code.name) for code in encoder.columns)
    for code in encoder.columns:
        if isinstance(code, NumberCode):
            said = f"number, mean {code.mean:.4g}, standard deviation {code.scale:.4g}"
            said += ", may be missing" if code.indicator else ""
        else:
            said = f"text: {listed([name or '(missing)' for name in code.categories])}"
        print(f"  {code.name:<{width}}  {said}")
    print("\ntraining")
    try:
        print(*_training(trained), sep="\n")
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise CannotUse(
            f"{options.model / 'model.json'}: what 'training' says of the test is not what `python "
            f"-m nn train` wrote ({error!r}); it was changed after it was written"
        ) from error
    print(f"\n{summary(trained.model, (len(encoder.inputs),))}")
    return FINE


def _training(trained: Trained) -> list[str]:
    """What was done, and how good it is, in lines."""
    encoder, training = trained.encoder, trained.training
    lines = [f"  {name}: {value}" for name, value in training.get("run", {}).items()]
    if test := training.get("test"):
        lines.append(f"  test: {score_text(encoder, test)}")
        if encoder.classes and len(encoder.classes) <= MOST_CLASSES:
            lines.append(f"\n{confusion_text(test['confusion'], encoder.classes)}")
    return lines


def listed(names: list[str]) -> str:
    """The first few names.

    Examples
    --------
    >>> listed(["a", "b"]), listed([str(number) for number in range(20)])
    ('a, b', '0, 1, 2, 3, 4, 5, 6, 7 and 12 more')
    """
    shown = ", ".join(names[:LISTED])
    return shown if len(names) <= LISTED else f"{shown} and {len(names) - LISTED} more"
