"""From the text of a formula to its syntax tree; mistakes named in a beginner's words.

Python's own parser reads the text. Where it cannot, its message speaks of Python; here the usual
slips (``2x``, ``x^2``, a missing parenthesis) are looked for first, and shown in their place.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from typing import NoReturn

from .errors import AutogradError

__all__ = ["SIGNS", "ExpressionError", "parse"]

LONGEST = 10_000  # characters
DEEPEST = 100  # parentheses in parentheses
MOST_DIGITS = 400  # of a whole number; float64 ends at 309
TOO_DEEP = "this formula is nested too deeply; split it"
WINDOW = 72  # characters of a long formula that are shown around a mistake

#: Signs that people write, and how they are written here.
SIGNS = {"^": "**", "×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "²": "**2", "³": "**3"}


class ExpressionError(AutogradError, ValueError):
    r"""A formula that cannot be read, with the place of the mistake.

    Attributes
    ----------
    problem : str
        What is wrong, and what to write instead.
    text : str
        The formula, on one line.
    column : int
        Where it is wrong, counted from 1.
    missing : str or None
        The name that has no value, if that is what is wrong.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.expression import ExpressionError, evaluate
    >>> try:
    ...     evaluate("2 * tahn(x)", {"x": ag.Tensor(1.0)})
    ... except ExpressionError as error:
    ...     print(error, error.column, sep="\n")
    unknown function 'tahn'; did you mean 'tanh'?
      2 * tahn(x)
          ^^^^
    5
    """

    def __init__(
        self, problem: str, text: str, column: int, length: int = 1, missing: str | None = None
    ) -> None:
        self.problem = problem
        self.text = text
        self.column = column
        self.missing = missing
        self.length = max(1, length)
        super().__init__(f"{problem}\n{self.pointer()}")

    def pointer(self) -> str:
        """Return the formula with carets under the mistake; a window of it if it is long."""
        start = self.column - 1
        first = max(0, start - WINDOW // 2) if len(self.text) > WINDOW else 0
        shown = self.text[first : first + WINDOW]
        carets = "^" * max(1, min(self.length, len(shown) - (start - first)))
        return f"  {shown}\n  {' ' * (start - first)}{carets}"


def parse(text: str) -> ast.expr:
    """Return the syntax tree of a formula; what it may contain is for others to decide.

    Parameters
    ----------
    text : str
        One line, without blanks around it.

    Raises
    ------
    ExpressionError
        If the text cannot be read.

    Examples
    --------
    >>> type(parse("x + 1")).__name__
    'BinOp'
    >>> parse("2x + 1")
    Traceback (most recent call last):
        ...
    autograd_core.parsing.ExpressionError: to multiply, write 2*x
      2x + 1
      ^^
    """
    return _Parser(text).parse()


class _Parser:
    """From text to syntax tree, with a beginner's mistakes named before Python's words are."""

    def __init__(self, text: str) -> None:
        self.text = text

    def parse(self) -> ast.expr:
        if not self.text:
            raise ExpressionError('there is no formula; write one, such as "x*w + b"', "", 1)
        if len(self.text) > LONGEST:
            self.fail(f"a formula has at most {LONGEST:,} characters", LONGEST)
        try:
            return ast.parse(self.text, mode="eval").body
        except SyntaxError as error:
            for column, length, problem in self.mistakes():
                self.fail(problem, column, length)
            offset = error.offset or 1
            self.fail("this cannot be read as a formula", min(offset - 1, len(self.text) - 1))
        except (RecursionError, MemoryError):
            self.fail(TOO_DEEP, 0)

    def fail(self, problem: str, column: int, length: int = 1) -> NoReturn:
        raise ExpressionError(problem, self.text, column + 1, length)

    def mistakes(self) -> Iterator[tuple[int, int, str]]:
        """Yield what is probably meant, most certain first: column, length, words."""
        yield from self.strange_characters()
        yield from self.unbalanced_parentheses()
        text = self.text
        for found in re.finditer(r"(?<![=<>!:*/+-])=(?!=)", text):
            yield found.start(), 1, "'=' has no meaning in a formula; values stand beside it"
        for found in re.finditer(rf"\d{{{MOST_DIGITS},}}", text):
            yield found.start(), len(found[0]), "this number has too many digits"
        number = r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
        for found in re.finditer(rf"({number})([^\W\d]\w*)", text):
            left, right = found.groups()
            yield found.start(), len(found[0]), f"to multiply, write {left}*{right}"
        for found in re.finditer(r"([\w.]+|\))\s+([\w.]+)", text):
            left, right = found.groups()
            problem = f"an operator is missing between {left!r} and {right!r}"
            yield found.start(2), len(right), problem
        for found in re.finditer(r"\)([\w.]+)", text):
            yield found.start(1), len(found[1]), f"an operator is missing before {found[1]!r}"
        for found in re.finditer(r"(\*\*|[-+*/,])\s*$", text):
            yield found.start(), len(found[1]), f"something is missing after {found[1]!r}"
        for found in re.finditer(r"(\*\*|[-+*/,(])\s*(\*\*|[*/,)])", text):
            problem = f"something is missing between {found[1]!r} and {found[2]!r}"
            yield found.start(2), len(found[2]), problem
        for found in re.finditer(r"^(\*\*|[*/,])", text):
            yield 0, len(found[0]), f"something is missing before {found[0]!r}"

    def strange_characters(self) -> Iterator[tuple[int, int, str]]:
        for column, character in enumerate(self.text):
            if character in SIGNS and character != "^":
                yield column, 1, f"{character!r} is not an operator here; write {SIGNS[character]}"
            elif character in "$?!`#\\;{}@'\"" or not (
                character.isascii() or character.isidentifier() or _continues_name(character)
            ):
                yield column, 1, f"{character!r} has no meaning in a formula"

    def unbalanced_parentheses(self) -> Iterator[tuple[int, int, str]]:
        opened = []
        for column, character in enumerate(self.text):
            if character == "(":
                opened.append(column)
                if len(opened) > DEEPEST:
                    yield column, 1, TOO_DEEP
                    return
            elif character == ")":
                if not opened:
                    yield column, 1, "')' closes nothing; a '(' is missing before it"
                    return
                opened.pop()
        if opened:
            yield opened[-1], 1, "'(' is never closed; a ')' is missing"


def _continues_name(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Nd", "Pc")
