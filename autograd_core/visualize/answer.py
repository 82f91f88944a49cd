"""What ``why`` answers, and how it reads as text, Markdown and HTML."""

from __future__ import annotations

import html
import re
import textwrap
from dataclasses import dataclass

from .evidence import STRIKING, Cause, Factor, Place, Verdict
from .format import format_number, visible
from .view import Quantity

__all__ = ["Answer"]

WIDTH = 90  # of the lines of the text
MOST_FACTORS = 12  # written out in the text; the others are counted


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
    def text(self) -> str:
        """The whole answer for a terminal."""
        lines = _wrap(self.headline)
        if self.summary:
            lines += _wrap(self.summary, "  ")
        for place in self.places:
            lines += _wrap(place.sentence, "  - ")
            lines += [f"      {visible(place.source)}"] if place.source else []
        if self.factors:
            lines += ["", "The path from the loss back, and the factor of each operation:"]
            lines += [f"  {line}" for line in self._factor_lines()]
        for caption, words in self._remarks():
            lines += _wrap(f"{caption}: {words}")
        return "\n".join(lines)

    def _remarks(self) -> list[tuple[str, str]]:
        """What stands after places and factors, with its caption."""
        remarks = [("Note", note) for note in self.notes]
        return [*remarks, ("What to do", self.advice)] if self.advice else remarks

    def _shown(self) -> list[Factor | int]:
        """The factors to write out, in order; an int stands for that many left out."""
        if len(self.factors) <= MOST_FACTORS:
            return list(self.factors)
        ranked = sorted(range(len(self.factors)), key=lambda i: -self.factors[i].badness)
        kept = {0, len(self.factors) - 1}
        shown = self._rows(kept)
        for position in ranked:
            if len(shown) >= MOST_FACTORS:
                break
            kept.add(position)
            shown = self._rows(kept)
        return shown

    def _rows(self, kept: set[int]) -> list[Factor | int]:
        """Those kept, with how many lie between; one alone takes no more room than its number."""
        rows: list[Factor | int] = []
        last = -1
        for position in sorted(kept):
            if position - last == 2:
                rows.append(self.factors[last + 1])
            elif position - last > 2:
                rows.append(position - last - 1)
            rows.append(self.factors[position])
            last = position
        return rows

    def _factor_lines(self) -> list[str]:
        worst = self.worst
        rows = []
        for factor in self._shown():
            if isinstance(factor, int):
                rows.append(("", f"... {factor} more", "", ""))
            else:
                marks = [factor.remark] if factor.remark else []
                if factor is worst and factor.badness > STRIKING:
                    marks.append("<- the worst")
                place = factor.location or ""
                rows.append((_factor_text(factor), factor.equation, place, "; ".join(marks)))
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        return [
            "  ".join([*(row[i].ljust(widths[i]) for i in range(3)), row[3]]).rstrip()
            for row in rows
        ]

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
            for factor in self._shown():
                if isinstance(factor, int):
                    lines.append(f"| | {factor} more | |")
                else:
                    place_text = "" if factor.location is None else f"`{_code(factor.location)}`"
                    lines.append(
                        f"| {_factor_text(factor)} | `{_code(factor.equation)}` {factor.remark}"
                        f" | {place_text} |"
                    )
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
            parts.append(
                "<details open><summary>The path from the loss back, and the factor of each"
                ' operation</summary><pre style="font-family: monospace">'
                + html.escape("\n".join(self._factor_lines()))
                + "</pre></details>"
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
