"""What an answer of ``why`` rests on: verdicts, causes and what to do, places, factors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from .format import format_number, visible

__all__ = ["STRIKING", "Cause", "Factor", "Hooked", "Place", "Verdict", "advice_for", "multiple"]

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

    @property
    def alarming(self) -> bool:
        """Whether it is the size of the gradient that something is wrong with."""
        return self not in (Verdict.FINE, Verdict.NONE, Verdict.UNKNOWN)


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
    KINK = "no derivative at this point"
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
class Hooked:
    """What the hooks of a Tensor did to its gradient.

    Attributes
    ----------
    before, after : float
        Norms.
    times : float or None
        The number that they multiplied it by; None where they changed it in another way.

    Examples
    --------
    >>> Hooked(1.0, 10.0, 10.0).remark
    'it multiplies by 10'
    """

    before: float
    after: float
    times: float | None

    @property
    def remark(self) -> str:
        """What they did, in words."""
        if self.times is None:
            return "it changes the gradient"
        return f"it multiplies by {format_number(self.times, 3)}"


def multiple(given: Any, g: Any) -> float | None:
    """The number that `g` is of what was given; None where it is no multiple.

    Parameters
    ----------
    given, g : array

    Examples
    --------
    >>> multiple(np.array([1.0, 2.0]), np.array([-2.0, -4.0]))
    -2.0
    """
    if not given.size or not np.any(given):
        return None
    largest = np.abs(given).argmax()
    times = float(np.real(g.flat[largest] / given.flat[largest]))
    tolerance = 100 * float(np.finfo(given.dtype).eps)
    return times if np.allclose(g, times * given, rtol=tolerance, atol=0.0) else None


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
    hook : Hooked or None
        What hooks of a Tensor on the path did, for which this stands; None for an operation.

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
    hook: Hooked | None = None

    @property
    def equation(self) -> str:
        """The operation with its result: ``y = 3 × x``."""
        if self.hook is not None:
            return f"a hook at {self.label}"
        return f"{self.label} = {self.expression or self.operation}"

    @property
    def remark(self) -> str:
        """What else there is to say: that other paths add to what this one brings."""
        if self.hook is not None:
            return self.hook.remark
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


# ------------------------------------------------------------------------------ what to do

#: Those with a softmax inside.
SOFTMAXES = {"softmax", "log_softmax", "softmax_cross_entropy", "logsumexp"}
SOFTMAXES |= {"scaled_dot_product_attention"}
SHARED = (
    "nothing is wrong if these elements are to be left out, by a causal or padding mask: what is"
    " masked out, or has no other element beside it, has no slope."
)
EVEN = (
    "let the loss tell the elements apart, as nn.cross_entropy does by its labels: one that takes"
    " their sum or mean cannot change them. If this is a minimum that you look for, nothing is"
    " wrong."
)

#: For operations of which the general advice would be wrong.
ADVICE_ABOUT = {
    **dict.fromkeys([(Cause.MASKED, name) for name in (*SOFTMAXES, "exp")], SHARED),
    **dict.fromkeys([(Cause.CANCELLED, name) for name in SOFTMAXES], EVEN),
    (Cause.CANCELLED, "log_softmax"): "nothing is wrong where this is a cross-entropy: its"
    " probabilities are those of the labels. A loss that weighs the elements otherwise can learn.",
    (Cause.NOT_CHOSEN, "logsumexp"): "nothing is wrong: the greatest elements make the result.",
    (Cause.FLAT, "softmax"): "give it an axis of several elements (axis=), or use ag.sigmoid.",
    (Cause.KINK, "xlogy"): "keep y away from 0: np.clip(y, 1e-7, None).",
    (Cause.KINK, "xlog1py"): "keep y away from -1: np.clip(y, -1 + 1e-7, None).",
    (Cause.KINK, "arctan2"): "keep the point away from the origin, which has no angle.",
}

ADVICE = {
    Cause.DEAD_RELU: "lower the learning rate, start the biases at a small positive number, or use"
    " ag.leaky_relu, ag.elu or ag.gelu, which pass something on below 0.",
    Cause.SATURATED: "keep the inputs of this function small (standardised inputs, smaller initial"
    " weights, nn.init), use relu between layers, and a loss that takes logits"
    " (nn.cross_entropy, nn.binary_cross_entropy_with_logits) instead of probabilities.",
    Cause.CERTAIN: "nothing is wrong where this is the loss: it is 0 in this dtype, or nearly: the"
    " prediction is right with certainty, and nothing is left to learn from this example. Inside a"
    " network, keep the inputs of this function small.",
    Cause.MULTIPLIED_BY_ZERO: "if that 0 is data (a feature that is 0 in every row), nothing is"
    " wrong; a mask or an initial value keeps this gradient at 0; weights that all start at 0"
    " never learn: draw them at random (nn.init).",
    Cause.MASKED: "the mask is 0 there: that is right if these elements are to be left out. If it"
    " is a ReLU by hand, as z * (z > 0), it is a dead ReLU: lower the learning rate, start the"
    " biases at a small positive number, or use ag.leaky_relu, ag.elu or ag.gelu.",
    Cause.CLIPPED: "clip what you show rather than what you train on, or use a smooth limit such"
    " as tanh.",
    Cause.NOT_CHOSEN: "another one was chosen here; that is right if you meant it. A smooth"
    " choice is ag.logsumexp or ag.softplus.",
    Cause.NOT_USED: "nothing is wrong if these elements were not to be read this time, as the rows"
    " of an embedding that a batch does not look up; else index those that you mean.",
    Cause.STEP: "a step has no slope to follow: train with a smooth one (tanh, sigmoid).",
    Cause.FLAT: "this may be the minimum (or maximum) that you look for; if not, start from another"
    " point: here a small step changes nothing.",
    Cause.KINK: "0 is a convention here, and a small step may change the value. Nothing is"
    " wrong where this is the minimum that you look for (a distance or an absolute error of 0);"
    " else start from another point, or use a smooth form: np.sqrt(x**2 + 1e-12), nn.huber_loss.",
    Cause.UNDERFLOW: "the numbers are too small for their dtype: rescale, compute with logarithms,"
    " or use float64, which reaches down to 1e-308.",
    Cause.ZERO_SEED: "give another seed, or none: then each element of the loss counts once.",
    Cause.CANCELLED: "nothing is wrong: at this point the paths balance. For weights that start"
    " equal, draw them at random.",
    Cause.SHRINKING: "look at the smallest factor first; relu, smaller depth, normalised inputs and"
    " scaled initial weights (nn.init) keep factors near 1.",
    Cause.GROWING: "look at the largest factor first; scale the inputs, lower the learning rate or"
    " the initial weights, or clip: nn.clip_gradient_norm.",
    Cause.HOOK: "remove the hook (handle.remove()), or let it return another gradient.",
}


def advice_for(cause: Cause, places: Iterable[Place] = ()) -> str:
    """What to do about a cause; empty where nothing is wrong.

    Parameters
    ----------
    cause : Cause
    places : iterable of Place
        The first with this cause says of which operation it is.

    Examples
    --------
    >>> advice_for(Cause.HOOK)
    'remove the hook (handle.remove()), or let it return another gradient.'
    """
    operation = next((place.operation for place in places if place.cause is cause), None)
    return ADVICE_ABOUT.get((cause, operation or ""), ADVICE.get(cause, ""))
