"""From the words on the command line to an exit status."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

import autograd_core as ag

from ..errors import suggestion
from . import explain, predict, summary, train
from .notes import CannotUse
from .options import FAILED, FINE, INTERRUPTED, WRONG_CALL, Parser, refuse_unknown

COMMANDS = {"train": train, "predict": predict, "explain": explain, "summary": summary}

EPILOG = """\
From a table to a model and back:
  python -m nn train flowers.csv --target species     learn; writes everything to model/
  python -m nn predict model/ new_flowers.csv         a class, or a number, for each row
  python -m nn explain model/ flowers.csv --row 7     how the network gets there, in a picture
  python -m nn summary model/                         what the model is and how good it was

`python -m nn COMMAND --help` explains each one. Exit status: 0 fine, 2 a wrong call or data that
cannot be used (the message says what to do), 1 training failed or the computer did (a full disk),
130 interrupted by Ctrl-C.
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
    parser, commands = _parsers()
    if not given:
        parser.print_help()
        return FINE
    if not given[0].startswith("-") and given[0] not in COMMANDS:
        parser.error(f"unknown command {given[0]!r}: {suggestion(given[0], COMMANDS)}")
    if given[0].startswith("-") and given[0] not in ("-h", "--help"):
        parser.error(f"{given[0]!r}: a command comes first, one of {', '.join(COMMANDS)}")
    options, unknown = parser.parse_known_args(given)
    command = COMMANDS[options.command]
    refuse_unknown(commands[options.command], unknown, command.ONE_IS_ENOUGH)
    return _guarded(command.run, options, commands[options.command])


def _guarded(
    run: Callable[[argparse.Namespace, argparse.ArgumentParser], int],
    options: argparse.Namespace,
    parser: argparse.ArgumentParser,
) -> int:
    """What a command returns; where it fails, a message and the exit status that says how."""
    try:
        return run(options, parser)
    except KeyboardInterrupt:
        print("interrupted: nothing more is done or written", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output, such as `head`, has gone; Python would complain at its end too.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except CannotUse as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_CALL
    except (ag.AutogradError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILED


def _parsers() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    parser = Parser(
        prog="python -m nn",
        description="Train neural networks from the command line, and use them.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(title="commands", required=True, dest="command")
    return parser, {name: module.add(commands) for name, module in COMMANDS.items()}
