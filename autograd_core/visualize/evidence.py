"""What an answer of ``why`` rests on: verdicts, causes, places in the code, factors on the way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .format import visible

__all__ = ["STRIKING", "Cause", "Factor", "Place", "Verdict"]

STRIKING = 10.0  # a factor this far from 1 is marked


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
    CERTAIN = "right with certainty"
    MULTIPLIED_BY_ZERO = "multiplied by 0"
    MASKED = "masked"
    CLIPPED = "clipped"
    NOT_CHOSEN = "not chosen"
    NOT_USED = "elements that nothing reads"
    STEP = "a step function"
    FLAT = "slope 0 at this point"
    CANCELLED = "paths cancel"
    UNDERFLOW = "underflow"
    ZERO_SEED = "the seed is 0"
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
    times : int
        How often this line did so, as in a loop; the text describes one of them.
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
    times: int = 1

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
    empty : bool
        Whether what it passes on to has no elements: then its factor says nothing.

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
    empty: bool = False

    @property
    def equation(self) -> str:
        """The operation with its result: ``y = 3 × x``."""
        return f"{self.label} = {self.expression or self.operation}"

    @property
    def remark(self) -> str:
        """Whether other paths add to what this one brings; empty where it is the only one."""
        if self.empty:
            return "no elements"
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
        if self.empty:
            return 1.0
        ratio = self.ratio
        if ratio != ratio:  # noqa: PLR0124 - NaN
            return 1.0 if not self.arriving else float("inf")
        return float("inf") if ratio == 0 else max(ratio, 1 / ratio)
