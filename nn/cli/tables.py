"""Reading a table as the options say."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from ..data.table import Table
from ..data.table_file import read_cells, warn_of_cells
from .options import one_of

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a table is written."""
    group = parser.add_argument_group("how the table is written")
    group.add_argument(
        "--delimiter",
        metavar="CHARACTER",
        help="what parts the cells: a character, or comma, semicolon, tab, bar "
        "(default: found out)",
    )
    group.add_argument(
        "--encoding",
        metavar="NAME",
        default="utf-8",
        help="such as cp1252, of many Windows programs (default: utf-8)",
    )
    group.add_argument(
        "--header",
        metavar="yes|no",
        type=one_of("answer", ("yes", "no")),
        help="whether row 1 names the columns; without names they are called 'column A', "
        "'column B'... (default: it must, and values there are refused)",
    )


def read(path: Path, options: argparse.Namespace, known_as_text: Iterable[str] = ()) -> Table:
    """The table, read as the options say; columns that are known to be text are read as such.

    Raises
    ------
    TableError
        It is not a table that can be used.
    ValueError
        There is no such encoding.
    """
    given = options.delimiter
    try:
        table = read_cells(
            path,
            delimiter=DELIMITERS.get(given, given),
            header=None if options.header is None else options.header == "yes",
            encoding=options.encoding,
        )
    except LookupError as error:
        raise ValueError(
            f"unknown encoding {options.encoding!r}; utf-8, utf-16, cp1252 and latin-1 are common"
        ) from error
    table = table.as_text(name for name in known_as_text if name in table.columns)
    warn_of_cells(table)
    return table
