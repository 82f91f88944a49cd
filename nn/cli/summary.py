"""`python -m nn summary`: what a model is, what it was trained on, how good it was."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from .. import job
from ..data.column_codes import NumberCode
from ..model_file import SavedModel
from ..report import confusion_text
from ..summary import summary
from .notes import CannotUse, Notes
from .options import FINE, add_command
from .trained import Trained, read_model, score_text

ONE_IS_ENOUGH = "one model is enough"

DESCRIPTION = """\
Show what a model is, of a table or of images: what it predicts and from what, how it was trained,
how good it was on the rows held out for the test, and its layers with their shapes and numbers of
weights. Nothing is trained or written, and no code is run from the model's files.
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
        saved = read_model(options.model)
        if saved.metadata.get("kind") == job.KIND:
            return _show_images(options.model, saved)
        trained = Trained.of(options.model, saved)
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


def _show_images(folder: Path, saved: SavedModel) -> int:
    """The summary of a model that was trained on images."""
    metadata = saved.metadata
    try:
        shape = "x".join(map(str, metadata["image_shape"]))
        classes, test = metadata["classes"], metadata["test"]
        text = (
            f"{folder}: takes images of {shape} pixels ({metadata['data']}); predicts one of "
            f"{len(classes)} classes\n  {listed(classes)}\n\npixels are standardised: mean "
            f"{metadata['mean']:.4g}, standard deviation {metadata['scale']:.4g}\n\ntraining\n"
        )
        for name, value in metadata["run"].items():
            text += f"  {name}: {value}\n"
        text += (
            f"  test: accuracy {100 * test['accuracy']:.1f} % of {test['rows']} images never "
            f"trained on\n\n{summary(saved.model, (math.prod(metadata['image_shape']),))}"
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CannotUse(
            f"{folder / 'model.json'}: 'metadata' is not what `python -m nn train` wrote "
            f"({error!r}); it was changed after it was written"
        ) from error
    print(text)
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
