"""Numbers with a unit beside them, as in 12% and €3.50, which are read as text."""

from __future__ import annotations

import re
from collections import Counter

from ..data.table import Column

# A currency before the number, or almost anything behind it: 12 %, 5.5 km/h, 3rd. Other words
# before it make names of it: room 12.
WITH_UNIT = re.compile(
    r"(?P<before>[A-Z]{0,3}[$€£¥₹₽₩¢]|EUR|USD|GBP|CHF|[~≈])?\s?"
    r"(?P<number>[+-]?(\d[\d.,']*|\.\d+))"
    r"\s?(?P<after>[^\W\d_][^\d\s]{0,7}|[%‰°$€£¥₹₽₩¢][^\d\s]{0,3})?"
)
# The share of the values that has to have the same unit.
NEARLY_ALL = 0.9


def unit_hint(column: Column) -> str:
    """What to do about a column of text whose values are numbers with one unit; "" for others.

    Examples
    --------
    >>> from ..data.table import Table
    >>> table = Table.from_columns({"share": ["12%", "7.5%", "31%"], "name": ["x1", "x2", "x3"]})
    >>> print(unit_hint(table["share"])[-35:])
    read as numbers: write 12 for '12%'
    >>> unit_hint(table["name"])
    ''
    """
    texts = [str(text) for text in column.texts[~column.missing]]
    found = [match for text in texts if (match := WITH_UNIT.fullmatch(text))]
    units = Counter((match["before"] or "", match["after"] or "") for match in found)
    bare = units.pop(("", ""), 0)
    if not units:
        return ""
    (before, after), count = units.most_common(1)[0]
    numbers = {match["number"] for match in found}
    if count + bare < NEARLY_ALL * len(texts) or len(numbers) < 3:
        return ""
    places = [f"{before!r} stands before"] if before else []
    places += [f"{after!r} stands behind"] if after else []
    first = next(m for m in found if (m["before"] or "", m["after"] or "") == (before, after))
    return (
        f"is text, with a category for each value, because {' and '.join(places)} its numbers. "
        f"Without that it is read as numbers: write {first['number']} for {first[0]!r}"
    )
