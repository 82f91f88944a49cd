"""What is said beside a result: notes on the table, and why it cannot be used."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import autograd_core as ag

from ..errors import TableWarning

# How the messages of `nn.read_table` and `nn.TableEncoder` read at the terminal.
IN_OPTIONS = (
    (re.compile(r"^load_model: "), ""),
    (re.compile(r"delimiter=('[^']*')"), r"--delimiter \1"),
    (re.compile(r"encoding='([^']*)'"), r"--encoding \1"),
    (re.compile(r"header=False"), "--header no"),
    (re.compile(r"header=True"), "--header yes"),
    (re.compile(r"missing='impute'"), "--missing fill"),
    (re.compile(r"task='number'"), "--task regression"),
    (re.compile(r"text=\['([^']*)'\]"), r"--text '\1'"),
    (re.compile(r"Leave it out: drop=\['([^']*)'\]"), r"Leave it out: --ignore '\1'"),
)


class CannotUse(ag.AutogradError):
    """What was given cannot be used; the message says why and what to do.

    Examples
    --------
    >>> raise CannotUse("flowers.csv: the file is empty")
    Traceback (most recent call last):
    ...
    nn.cli.notes.CannotUse: flowers.csv: the file is empty
    """


class Notes:
    """Tells each thing once, beside the output (on stderr).

    Examples
    --------
    >>> notes = Notes()
    >>> with notes.reading():
    ...     raise ValueError("header=False says so")
    Traceback (most recent call last):
    ...
    nn.cli.notes.CannotUse: --header no says so
    """

    def __init__(self) -> None:
        self.told: set[str] = set()

    def tell(self, text: str) -> None:
        """Print a note, unless it was printed before."""
        if text not in self.told:
            self.told.add(text)
            print(f"note: {text}", file=sys.stderr)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """In the block, warnings about a table become notes, and errors `CannotUse`."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", TableWarning)
            refused = ""
            try:
                yield
            except (ag.AutogradError, ValueError, OSError) as error:
                refused = in_options(str(error))
                raise CannotUse(refused) from error
            finally:
                for warning in caught:
                    text = in_options(str(warning.message))
                    # The error about the same cell says it better.
                    if not refused or text.partition(", so ")[0] not in refused:
                        self.tell(text)


def in_options(text: str) -> str:
    """A message about arguments of Python's, as one about options.

    Examples
    --------
    >>> in_options("pass delimiter=';'")
    "pass --delimiter ';'"
    """
    for pattern, option in IN_OPTIONS:
        text = pattern.sub(option, text)
    return text
