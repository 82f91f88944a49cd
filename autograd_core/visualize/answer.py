"""What ``why`` answers: a verdict, the places in the code, the factors along the path.

Records only, and how they read as text, Markdown and HTML. ``why`` finds out what goes in.
"""

from __future__ import annotations

import html
import re
import textwrap
from dataclasses import dataclass
from enum import Enum

from .format import format_number, visible
from .view import Quantity

__all__ = ["Answer", "Cause", "Factor", "Place", "Verdict"]

STRIKING = 10.0  # a factor this far from 1 is marked
WIDTH = 90  # of the lines of the text
MOST_FACTORS = 12  # written out in the text; the others are counted


class Verdict(Enum):
    """What the gradient is.

    Examples
    --------
    >>> Verdict.ZERO.value
    'exactly 0'
    """

    FINE = "fine"
    NONE = "None"
    ZERO = "exactly 0"
    SMALL = "small"
    TINY = "tiny"
    HUGE = "huge"
    NOT_FINITE = "not finite"
    UNKNOWN = "no longer known"


class Cause(Enum):
    """Why it is so.

    Examples
    --------
    >>> Cause.DEAD_RELU.value
    'dead ReLU'
    """

    INTEGER = "integers do not record"
    FROZEN = "does not record"
    CONSTANT_LOSS = "the loss does not record"
    UNCONNECTED = "on no path"
    SWAPPED = "arguments swapped"
    LATER = "made after the loss"
    REBOUND = "another Tensor of that name"
    CUT = "cut out of the graph"
    NOT_CALLED = "backward() not called"
    CALLED_ELSEWHERE = "backward() called on something else"
    CLEARED = "cleared after backward()"
    INTERMEDIATE = "an intermediate result"
    RELEASED = "released by backward()"
    OVERWRITTEN = "overwritten since"
    DEAD_RELU = "dead ReLU"
    SATURATED = "saturated"
    MULTIPLIED_BY_ZERO = "multiplied by 0"
    CLIPPED = "clipped"
    NOT_CHOSEN = "not chosen"
    NOT_USED = "elements that nothing reads"
    STEP = "a step function"
    FLAT = "slope 0 at this point"
    CANCELLED = "paths cancel"
    UNDERFLOW = "underflow"
    HOOK = "a hook"
    EMPTY = "no elements"
    SHRINKING = "small factors along the path"
    GROWING = "large factors along the path"
    FORWARD = "not finite in the forward pass"
    REVERSE = "not finite in the reverse pass"
    ACCUMULATED = ".grad holds something else"
    FLOWS = "flows along the path"


@dataclass(frozen=True, slots=True)
class Place:
    """One place where something happened to the gradient.

    Attributes
    ----------
    cause : Cause
    text : str
        What happened there, in a sentence.
    location : str or None
        Of the user's line, such as ``"train.py:12"``.
    source : str or None
        The text of that line, where it can be read.
    operation : str or None
        Name of the operation, such as ``"relu"``.
    count, size : int or None
        How many elements it concerns, of how many.
    index : tuple of int or None
        One of them.
    certain : bool
        False where it was read from the source text rather than from the graph.
    """

    cause: Cause
    text: str
    location: str | None = None
    source: str | None = None
    operation: str | None = None
    count: int | None = None
    size: int | None = None
    index: tuple[int, ...] | None = None
    certain: bool = True

    @property
    def fraction(self) -> float | None:
        """The part of the elements that it concerns, or None."""
        return None if self.count is None or not self.size else self.count / self.size

    @property
    def sentence(self) -> str:
        """The text, after its place."""
        return self.text if self.location is None else f"{self.location}: {self.text}"

    def __str__(self) -> str:
        return self.sentence + ("" if self.source is None else f"\n    {visible(self.source)}")


@dataclass(frozen=True, slots=True)
class Factor:
    """One operation on the path from the loss back to x, and what it does to the gradient.

    Attributes
    ----------
    label, operation : str
        The result of the operation as in the picture, and the operation's name.
    arriving, passed : float
        Norm of the gradient at its output, and of what it passes on towards x.
    location : str or None
    expression : str
        The operation in symbols, as in the picture: ``"x × w"``.
    paths : int
        How many paths meet where it passes on to: 2 where another operation adds to the same.

    Examples
    --------
    >>> factor = Factor("y", "multiply", 1.0, 3.0, expression="3 × x", paths=2)
    >>> factor.ratio, factor.remark
    (3.0, 'one of 2 paths, the other adds')
    """

    label: str
    operation: str
    arriving: float
    passed: float
    location: str | None = None
    expression: str = ""
    paths: int = 1

    @property
    def equation(self) -> str:
        """The operation with its result: ``y = 3 × x``."""
        return f"{self.label} = {self.expression or self.operation}"

    @property
    def remark(self) -> str:
        """Whether other paths add to what this one brings; empty where it is the only one."""
        if self.paths < 2:
            return ""
        other = "the other adds" if self.paths == 2 else "the others add"
        return f"one of {self.paths} paths, {other}"

    @property
    def ratio(self) -> float:
        """Passed over arriving; NaN where nothing arrives."""
        return self.passed / self.arriving if self.arriving else float("nan")

    @property
    def badness(self) -> float:
        """How far the ratio is from 1, in either direction: at least 1."""
        ratio = self.ratio
        if ratio != ratio:  # noqa: PLR0124 - NaN
            return 1.0 if not self.arriving else float("inf")
        return float("inf") if ratio == 0 else max(ratio, 1 / ratio)


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
        kept = {0, len(self.factors) - 1, *ranked[: MOST_FACTORS - 2]}
        shown: list[Factor | int] = []
        for position, factor in enumerate(self.factors):
            if position in kept:
                shown.append(factor)
            elif shown and isinstance(shown[-1], int):
                shown[-1] += 1
            else:
                shown.append(1)
        return shown

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
