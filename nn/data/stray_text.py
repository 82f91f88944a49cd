"""Columns that are text only because something else stands among their numbers.

Whether it was meant cannot be known; it is told by what stands there, and by how often:

- a word or a mark, such as unknown or -, in a column of measurements is no value that was written
  down as such;
- a letter beside the digits, such as 12a, makes a name of a whole number: a house, a class;
- where there are few different whole numbers, they may be names themselves, as in 1, 2, more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .written_numbers import value_of

# The share of a column's values that makes a column of numbers of it.
MOSTLY = 0.5
# A share of other cells that is rather a slip than what is meant.
RARE = 0.1
# As many different whole numbers may be names: as many as a target's classes.
MOST_NAMES = 20
# What people write where there is no value; a mark without a letter, such as -, says so as well.
NO_VALUE = re.compile(
    r"none|nil|n\.? ?a\.?|n/a|n\.d\.|nan|null|unknown|undefined|missing|empty|tbd|not (available|"
    r"applicable|known|measured)|k\. ?a\.|keine angabe|unbekannt|[\W_]+|"
    r"#(div/0!|value!|ref!|name\?|null!|num!)",
    re.IGNORECASE,
)
# 3b, B3, 12-14; but not <5, which is a measurement.
CODE = re.compile(r"(?![<>=~≤≥±]).*\d.*")


@dataclass(frozen=True)
class StrayText:
    """What else stands in a column of numbers.

    Attributes
    ----------
    odd : list of int
        Indices of the cells that are no numbers.
    numbers : int
        How many cells are.
    refused : bool
        Whether it is surely not meant; otherwise it may be, and is worth a note.
    """

    odd: list[int]
    numbers: int
    refused: bool


def stray_text(
    texts: NDArray[np.str_], missing: NDArray[np.bool_], *, comma: bool
) -> StrayText | None:
    """What stands beside the numbers of a column; None where nothing does, or where it is meant.

    Examples
    --------
    >>> def stray(texts):
    ...     cells = np.array(texts)
    ...     return stray_text(cells, cells == "", comma=False)
    >>> stray(["1.5", "2.5", "-", "unknown"])
    StrayText(odd=[2, 3], numbers=2, refused=True)
    >>> stray(["2", "4", "more"])
    StrayText(odd=[2], numbers=2, refused=False)
    >>> stray(["1", "2", "12a"]), stray(["1", "two", "three"])
    (None, None)
    """
    present = np.flatnonzero(~missing).tolist()
    values = {index: value_of(str(texts[index]), comma) for index in present}
    odd = [index for index in present if values[index] is None]
    numbers = np.array([value for value in values.values() if value is not None])
    if not odd or len(numbers) < MOSTLY * len(present):
        return None
    cells = [str(texts[index]) for index in odd]
    codes = sum(_is_code(cell) for cell in cells)
    rare = len(odd) <= RARE * len(present)
    if not rare and codes > len(odd) / 2:
        return None
    whole = bool(np.all(numbers == np.rint(numbers)))
    if whole and len(np.unique(numbers)) <= MOST_NAMES:
        refused = all(map(NO_VALUE.fullmatch, cells))
    else:
        refused = not (whole and codes == len(odd))
    return StrayText(odd, len(numbers), refused)


def _is_code(cell: str) -> bool:
    return CODE.fullmatch(cell) is not None and NO_VALUE.fullmatch(cell) is None
