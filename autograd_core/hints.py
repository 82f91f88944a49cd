"""A guess at what is wrong with a gradient, from how it differs from the right one.

Each guess is a hypothesis about the mistake (a gradient at the output that was not transposed, a
sum that took one row only...) that predicts the whole wrong gradient; one that predicts it is
named. A guess is worth a look, no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from .differences import Slope, inner, one_sided

ANOMALY = "Wrap the code in `with ag.detect_anomaly():` to see where it is born."


@dataclass(frozen=True)
class Finding:
    """One element: the engine's derivative beside the one by differences."""

    argument: str
    where: int
    index: tuple[int, ...]
    found: float | complex
    expected: float | complex
    allowed: float
    slopes: tuple[Slope, ...]

    @property
    def right(self) -> bool:
        """Whether the two agree (NaN never does)."""
        return abs(self.found - self.expected) <= self.allowed

    @property
    def badness(self) -> float:
        """The error as a multiple of what is allowed."""
        error = abs(self.found - self.expected)
        return np.inf if np.isnan(error) else error / (self.allowed or np.finfo(float).tiny)

    @property
    def relative_error(self) -> float:
        """The difference, relative to the larger of the two."""
        largest = max(abs(self.found), abs(self.expected))
        return float(abs(self.found - self.expected) / largest) if largest else 0.0

    @property
    def step(self) -> float:
        """The step of the differences."""
        return self.slopes[0].step

    @property
    def settled(self) -> bool:
        """Whether the differences at neighbouring steps agree, as they do where f is smooth."""
        doubt = sum(part.doubt for part in self.slopes)
        return doubt <= 1e-4 * abs(self.expected) + 10 * sum(part.noise for part in self.slopes)

    def lines(self) -> list[str]:
        """What the report says of this element."""
        place = f", index {self.index}" if self.index else ""
        allowed = self.allowed / (max(abs(self.found), abs(self.expected)) or 1.0)
        return [
            f"  worst element: {self.argument}{place}",
            f"    by backward     {_number(self.found)}",
            f"    by differences  {_number(self.expected)}   (step {self.step:.2g})",
            f"    relative error  {self.relative_error:.1e}   (allowed {allowed:.1e})",
        ]


def _number(value: complex) -> str:
    return f"{value.real:.9g}" + (f"{value.imag:+.9g}j" if value.imag else "")


Function = Callable[[list[Any]], list[Any]]


def hint(
    worst: Finding,
    same: Sequence[Finding],
    gradient: Any,
    function: Function,
    arrays: list[Any],
    cotangents: list[Any],
) -> str | None:
    """The first hypothesis that fits, in words.

    Parameters
    ----------
    worst : Finding
    same : sequence of Finding
        All elements of the same input that were compared.
    gradient : array
        The engine's, of that input.
    function : callable
        From a list of arrays to one.
    arrays, cotangents : list of array
        Where the check was made, and the gradients at the outputs.
    """
    found = np.array([finding.found for finding in same])
    expected = np.array([finding.expected for finding in same])
    if not np.isfinite(worst.found):
        return f"the gradient is {worst.found}. {ANOMALY}"
    if not np.isfinite(worst.expected):
        return (
            "the values beside this point are not finite: it lies at the edge of where the"
            " function is defined."
        )
    outputs = function(arrays)
    if any(np.finfo(out.dtype).eps > 1e-10 for out in outputs):
        return (
            "the function computes in single precision, too little for differences. Check it in"
            " double precision (float64 inputs, no astype on the way), where the rule is the same."
        )
    return (
        _kink(worst, function, arrays, cotangents)
        or _predicted(found, expected)
        or _moved(gradient, same, expected)
        or _cotangent(found, same, cotangents)
        or _rest(worst, found, expected)
    )


def _close(a: Any, b: Any) -> bool:
    """Whether two whole gradients agree, as far as differences can tell."""
    return bool(np.max(np.abs(a - b), initial=0.0) <= 1e-5 * np.max(np.abs(b), initial=0.0))


def _kink(
    worst: Finding, function: Function, arrays: list[Any], cotangents: list[Any]
) -> str | None:
    if isinstance(worst.expected, complex):
        return None
    place = (worst.where, worst.index)
    left, right = one_sided(function, arrays, place, cotangents, 1e-6)
    if not abs(left - right) > 1e-3 * max(abs(left), abs(right)):
        return None
    near, far = one_sided(function, arrays, place, cotangents, 1e-8)
    if not abs(near - far) > 0.5 * abs(left - right):  # it vanishes with the step: only curved
        return None
    return (
        f"a kink nearby: the slope is {left:.6g} on the left and {right:.6g} on the right. At a"
        " kink the engine has a convention (docs/non_differentiable.md); check elsewhere."
    )


def _predicted(found: Any, expected: Any) -> str | None:
    """Zero, sign, conjugate, a constant factor."""
    if not np.any(found):
        return (
            "the gradient is 0 although the values change: something on the way left the graph"
            " (.data, .detach(), float(), no_grad)."
        )
    if not np.any(np.abs(expected) > 1e-9 * np.abs(found).max()):
        return "the values do not change with this input, but the gradient says they do."
    if _close(-found, expected):
        return "the sign: the gradient is minus what it should be."
    if np.iscomplexobj(expected) and _close(np.conj(found), expected):
        return "the gradient is the complex conjugate of what it should be."
    large = np.abs(expected) >= 0.1 * np.abs(expected).max()
    ratios = (found[large] / expected[large]).real
    factor = float(np.median(ratios))
    if factor and _close(found / factor, expected):
        return f"the gradient is {_named(factor)} times what it should be: a constant factor."
    return None


def _named(factor: float) -> str:
    simple = Fraction(factor).limit_denominator(64)
    if simple.denominator > 1 and abs(simple - Fraction(factor)) < 1e-6 * abs(factor):
        if simple.denominator in (2, 4, 5, 8, 10):
            return f"{float(simple):g}"
        return f"{simple} ({factor:.6g})"
    return f"{factor:.6g}"


def _moved(gradient: Any, same: Sequence[Finding], expected: Any) -> str | None:
    """The right numbers in other places."""
    if gradient.ndim < 2 or len(same) < gradient.size:
        return None
    right = expected.reshape(gradient.shape)
    swapped = np.swapaxes(gradient, -1, -2)
    if swapped.shape == right.shape and _close(swapped, right):
        return "transposed: the gradient has the right numbers with the last two axes exchanged."
    if _close(gradient.reshape(swapped.shape), np.swapaxes(right, -1, -2)):
        return "transposed: the gradient has the right numbers in the transposed order."
    if _close(np.sort(gradient, axis=None), np.sort(right, axis=None)):
        return "the gradient has the right numbers in other places."
    return None


def _cotangent(found: Any, same: Sequence[Finding], cotangents: list[Any]) -> str | None:
    """What a rule makes that treats the gradient at the output wrongly."""
    for words, wrong in _treatments(cotangents):
        predicted = np.array(
            [complex(*(inner(wrong, part.columns) for part in finding.slopes)) for finding in same]
        )
        if np.any(predicted) and _close(found, predicted):
            return words
    return None


def _treatments(cotangents: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    yield (
        "the rule ignores the gradient at the output: it is right where that is 1 only.",
        [np.ones_like(v) for v in cotangents],
    )
    for k, v in enumerate(map(np.asarray, cotangents)):

        def instead(other: Any, k: int = k) -> list[Any]:
            return [other if i == k else w for i, w in enumerate(cotangents)]

        if v.ndim >= 2 and v.shape[-1] == v.shape[-2]:
            yield (
                "transposed: it is what the transposed gradient at the output would give.",
                instead(np.swapaxes(v, -1, -2)),
            )
        for axis in range(v.ndim):
            for index in {0, v.shape[axis] - 1}:
                part = np.zeros_like(v)
                chosen = (slice(None),) * axis + (index,)
                part[chosen] = v[chosen]
                words = f"only index {index} of axis {axis} of the output has arrived."
                yield f"a sum over a broadcast axis is missing: {words}", instead(part)


def _rest(worst: Finding, found: Any, expected: Any) -> str | None:
    if not worst.settled:
        return (
            "the differences themselves do not settle here, whatever the step: a jump, a pole or"
            " much noise nearby. Check at another point before blaming the gradient."
        )
    if np.max(np.abs(found - expected)) < 1e-3 * np.max(np.abs(expected)):
        return (
            "the error is small: a constant rounded off, or numbers that were in single precision"
            " on the way."
        )
    return None
