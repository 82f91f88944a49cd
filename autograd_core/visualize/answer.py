"""What ``why`` answers, and how it reads as text, Markdown and HTML."""

from __future__ import annotations

import html
import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from .evidence import STRIKING, Cause, Factor, Place, Verdict
from .format import format_number, visible
from .view import Quantity

__all__ = ["Answer"]

WIDTH = 90  # of the lines of the text
MOST_FACTORS = 12  # lines of factors in the text; the others are multiplied together
SHORTEST_RUN = 3  # equal factors in a row that share a line, as those of a loop


@dataclass(frozen=True, slots=True)
class Answer:
    """Why a gradient is what it is; prints as text and shows itself in a notebook.

    Attributes
    ----------
    verdict : Verdict
        What the gradient is.
    cause : Cause
        The main reason.
    headline : str
        The answer in a sentence.
    gradient : Quantity
        The gradient as ``why`` computed it: known, or in words why it is not.
    summary : str
        Its size, range, zeros and non-finite elements; empty where there is none.
    places : tuple of Place
        Where in the code, the most telling first.
    factors : tuple of Factor
        What each operation on the strongest path from the loss back to x does to the norm.
    advice : str
        What to do; empty where nothing is wrong.
    notes : tuple of str
        What else there is to know, such as what ``.grad`` holds.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x, w = ag.Tensor(-2.0), ag.Tensor(3.0)
    >>> answer = ag.why(x, ag.relu(x) * w)
    >>> answer.verdict, answer.cause
    (<Verdict.ZERO: 'exactly 0'>, <Cause.DEAD_RELU: 'dead ReLU'>)
    """

    verdict: Verdict
    cause: Cause
    headline: str
    gradient: Quantity
    summary: str = ""
    places: tuple[Place, ...] = ()
    factors: tuple[Factor, ...] = ()
    advice: str = ""
    notes: tuple[str, ...] = ()

    @property
    def worst(self) -> Factor | None:
        """The factor that is furthest from 1, or None where there is none."""
        return max(self.factors, key=lambda factor: factor.badness, default=None)

    @property
    def _marked(self) -> Factor | None:
        """The worst, where something is wrong with the size of the gradient."""
        return self.worst if self.verdict.alarming else None

    @property
    def text(self) -> str:
        """The whole answer for a terminal."""
        lines = _wrap(self.headline)
        if self.summary:
            lines += _wrap(self.summary, "  ")
        for place in self.places:
            lines += _wrap(place.sentence, "  - ")
            lines += [f"      {visible(place.source)}"] if place.source else []
        if self.factors:
            rows = self._rows()
            lines += ["", *_wrap(f"{self._heading(rows)}:")]
            lines += [f"  {line}" for line in _aligned(rows, self._marked)]
        for caption, words in self._remarks():
            lines += _wrap(f"{caption}: {words}")
        return "\n".join(lines)

    def _remarks(self) -> list[tuple[str, str]]:
        """What stands after places and factors, with its caption."""
        remarks = [("Note", note) for note in self.notes]
        return [*remarks, ("What to do", self.advice)] if self.advice else remarks

    def _rows(self) -> list[_Row]:
        """The lines of factors: those that are furthest from 1, and what lies between."""
        rows = _runs(self.factors)
        if len(rows) <= MOST_FACTORS:
            return rows
        ranked = sorted(range(len(rows)), key=lambda i: -rows[i].badness)
        kept = {0, len(rows) - 1}
        shown = _kept(rows, kept)
        for position in ranked:
            if len(shown) >= MOST_FACTORS:
                break
            kept.add(position)
            shown = _kept(rows, kept)
        return shown

    def _heading(self, rows: Sequence[_Row]) -> str:
        text = "The path from the loss back, and the factor of each operation"
        count = len(self.factors)
        return text if len(rows) == count else f"{text} (all {count:,}: answer.factors)"

    @property
    def markdown(self) -> str:
        """The whole answer as Markdown; everything that comes from code stands in code spans."""
        lines = [f"**{_escape(self.headline)}**", ""]
        if self.summary:
            lines += [_escape(self.summary), ""]
        for place in self.places:
            where = "" if place.location is None else f"`{_code(place.location)}`: "
            source = "" if place.source is None else f" `{_code(place.source)}`"
            lines.append(f"- {where}{_escape(place.text)}{source}")
        if self.factors:
            lines += ["", "| factor | operation | place |", "|---:|---|---|"]
            rows = self._rows()
            for row in rows:
                ratio, operation, where, mark = row.cells(self._marked)
                operation = operation if row.hidden else f"`{_code(operation)}`"
                place_text = f"`{_code(where)}`" if where else ""
                operation = f"{operation} {_escape(mark)}".rstrip()
                lines.append(f"| {ratio} | {operation} | {place_text} |")
            if len(rows) < len(self.factors):
                lines += ["", f"All {len(self.factors):,} factors: `answer.factors`"]
        for caption, words in self._remarks():
            lines += ["", f"{caption}: {_escape(words)}"]
        return "\n".join(lines)

    def _repr_markdown_(self) -> str:
        return self.markdown

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>{html.escape(self.headline)}</strong></p>"]
        if self.summary:
            parts.append(f"<p>{html.escape(self.summary)}</p>")
        if self.places:
            parts.append("<ul>" + "".join(_place_html(place) for place in self.places) + "</ul>")
        if self.factors:
            rows = self._rows()
            table = html.escape("\n".join(_aligned(rows, self._marked)))
            parts.append(
                f"<details open><summary>{self._heading(rows)}</summary>"
                f'<pre style="font-family: monospace">{table}</pre></details>'
            )
        parts += [
            f"<p><strong>{caption}:</strong> {html.escape(words)}</p>"
            for caption, words in self._remarks()
        ]
        return f'<div class="autograd-core-why">{"".join(parts)}</div>'

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Answer: {self.verdict.value}, {self.cause.value}; print it, or see .text>"


def _wrap(text: str, start: str = "") -> list[str]:
    """Lines of a terminal's width; a word that is longer, such as a path, stays whole."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the table: one factor, a run of equal ones, or several that are left out."""

    factors: tuple[Factor, ...]
    hidden: bool = False

    @property
    def badness(self) -> float:
        """How far its factors together are from 1, as a logarithm."""
        return sum(math.log10(factor.badness) for factor in self.factors)

    def cells(self, worst: Factor | None) -> tuple[str, str, str, str]:
        """Factor, operation, place, and marks."""
        first, count = self.factors[0], len(self.factors)
        total = _together(self.factors)
        if self.hidden:
            return "", f"... {count:,} more" + (f", {total}" if total else ""), "", ""
        text, operation = _factor_text(first), first.equation
        marks = [first.remark] if first.remark else []
        if count > 1:
            text = f"{text} each" if total else text
            operation = f"{operation}, {count:,} times"
            marks += [total] if total else []
        if worst is not None and worst.badness > STRIKING and any(f is worst for f in self.factors):
            marks.append("<- the worst")
        return text, operation, first.location or "", "; ".join(marks)


def _runs(factors: Iterable[Factor]) -> list[_Row]:
    """A row for each factor, or for equal ones of one line of code that follow each other."""
    rows: list[_Row] = []
    alike = groupby(factors, lambda f: (f.operation, f.location, f.remark, _factor_text(f)))
    for _, group in alike:
        run = tuple(group)
        rows += [_Row(run)] if len(run) >= SHORTEST_RUN else [_Row((factor,)) for factor in run]
    return rows


def _kept(rows: Sequence[_Row], kept: set[int]) -> list[_Row]:
    """Those kept, with what lies between; one alone takes no more room than its count."""
    shown: list[_Row] = []
    last = -1
    for position in sorted(kept):
        between = rows[last + 1 : position]
        if len(between) == 1:
            shown += between
        elif between:
            shown.append(_Row(tuple(f for row in between for f in row.factors), hidden=True))
        shown.append(rows[position])
        last = position
    return shown


def _together(factors: Iterable[Factor]) -> str:
    """The product of factors, in words; empty where nothing arrives at any."""
    ratios = [factor.ratio for factor in factors if factor.arriving]
    return f"together × {format_number(math.prod(ratios), 3)}" if ratios else ""


def _aligned(rows: Sequence[_Row], worst: Factor | None) -> list[str]:
    cells = [row.cells(worst) for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(3)]
    return [
        "  ".join([*(row[i].ljust(widths[i]) for i in range(3)), row[3]]).rstrip() for row in cells
    ]


def _factor_text(factor: Factor) -> str:
    return f"× {format_number(factor.ratio, 3)}" if factor.arriving else "-"


def _place_html(place: Place) -> str:
    where = "" if place.location is None else f"<code>{html.escape(place.location)}</code>: "
    source = ""
    if place.source is not None:
        source = f"<br><code>{html.escape(visible(place.source))}</code>"
    return f"<li>{where}{html.escape(place.text)}{source}</li>"


def _escape(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in "\\`*_<>[]|$" else c for c in visible(text))


def _code(text: str) -> str:
    """Text inside a code span of a table."""
    text = visible(text).replace("`", "'").replace("|", "¦")
    return re.sub(r"<(?=[A-Za-z/!?])", "\u2039", text)  # nothing that could begin a tag
