"""Options that are checked when they are read, and how a wrong one is answered."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Callable
from typing import Any, NoReturn

from ..errors import suggestion

# What the commands return to the shell.
FINE, FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130


class Parser(argparse.ArgumentParser):
    """Answers a wrong call in a few lines; every option is listed by --help, and only there.

    Examples
    --------
    >>> parser = Parser(prog="python -m nn predict")
    >>> _ = parser.add_argument("model", metavar="MODEL")
    >>> _ = parser.add_argument("--row", metavar="N", required=True)
    >>> parser.short_usage()
    'usage: python -m nn predict MODEL --row N [options]'
    """

    def short_usage(self) -> str:
        """What has to be given, on one line."""
        words = [action for action in self._actions if not action.option_strings]
        options = [action for action in self._actions if action.option_strings and action.required]
        parts = [str(action.metavar or action.dest.upper()) for action in words]
        parts += [f"{action.option_strings[0]} {action.metavar}" for action in options]
        return " ".join(["usage:", self.prog, *parts, "[options]"])

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where to read on; end with the exit status of a wrong call."""
        text = f"{self.short_usage()}\nerror: {message}\nsee {self.prog} --help\n"
        self.exit(WRONG_CALL, text)


def add_command(commands: Any, name: str, **texts: str) -> argparse.ArgumentParser:
    """Add a command whose description and examples are shown as they are written.

    Examples
    --------
    >>> import argparse
    >>> commands = argparse.ArgumentParser().add_subparsers()
    >>> add_command(commands, "predict", help="use a model").prog.endswith("predict")
    True
    """
    parser: argparse.ArgumentParser = commands.add_parser(
        name, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **texts
    )
    return parser


def refuse_unknown(parser: argparse.ArgumentParser, unknown: list[str], why: str) -> None:
    """End with a message if there are words or options that `parser` did not ask for.

    Examples
    --------
    >>> import argparse
    >>> refuse_unknown(argparse.ArgumentParser(), [], "one table is enough")
    """
    if not unknown:
        return
    word = unknown[0]
    if not word.startswith("-"):
        parser.error(f"unexpected {word!r}: {why}")
    known = [name for name in parser._option_string_actions if name.startswith("--")]
    close = difflib.get_close_matches(word.partition("=")[0], known, 1)
    parser.error(f"unknown option {word!r}" + (f": did you mean {close[0]!r}?" if close else ""))


def one_of(what: str, known: tuple[str, ...]) -> Callable[[str], str]:
    """A check that text is one of the names known.

    Examples
    --------
    >>> one_of("activation", ("relu", "tanh"))("tanh")
    'tanh'
    """

    def check(text: str) -> str:
        if text not in known:
            raise argparse.ArgumentTypeError(f"unknown {what} {text!r}: {suggestion(text, known)}")
        return text

    return check


def whole(least: int) -> Callable[[str], int]:
    """A check that text is a whole number of at least `least`.

    Examples
    --------
    >>> whole(1)("32")
    32
    """

    def check(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
        return int(text)

    return check


def number(text: str) -> float:
    """A finite number of at least 0.

    Examples
    --------
    >>> number("1e-3")
    0.001
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0.0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 0")
    return value


def share(text: str) -> float:
    """A share of the rows that leaves some to train on: above 0 and below 0.5.

    Examples
    --------
    >>> share("0.2")
    0.2
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0.0 < value < 0.5:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a share above 0 and below 0.5, such as 0.2"
        )
    return value


def widths(text: str) -> list[int]:
    """Widths of the hidden layers.

    Examples
    --------
    >>> widths("64,32"), widths("none")
    ([64, 32], [])
    """
    if text == "none":
        return []
    parts = text.split(",")
    if not all(part.isdecimal() and int(part) for part in parts):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a list of widths; write 64,32 (no blanks), or none"
        )
    return [int(part) for part in parts]
