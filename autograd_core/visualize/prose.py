"""A derivation for the terminal: a table of the forward pass, then the reverse pass in steps.

Every contribution is written in symbols and then in numbers, equal signs below each other; where
several paths meet, the sum over the paths follows.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from .derivation import Contribution, Derivation, ReverseStep
from .format import shorten
from .symbols import Call, Expression, Number, Symbol, symbols_of, to_text, transform
from .table import align_numbers
from .view import Kind, Quantity, State, Vertex

__all__ = ["derivation_text"]

LONGEST_FORMULA = 72
LONGEST_SOURCE = 60
MOST_PATHS = 6  # summands that a sum over paths lists
WIDTH = 88  # of sentences
GAP = "   "


def derivation_text(derivation: Derivation) -> str:
    """Write all steps as aligned text.

    Parameters
    ----------
    derivation : Derivation

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize.replay import derive
    >>> x = ag.Tensor(3.0, name="x")
    >>> print(derivation_text(derive(x * x)))
    Forward: values in the order they were computed
    <BLANKLINE>
    step         value   your line
    x                3
    v1 = x × x       9   ...
    <BLANKLINE>
    Reverse: from the result back to the leaves
    <BLANKLINE>
    1. v1 = x × x
       v1 comes first: it is the result, so there is nothing to wait for.
       grad v1 = 1
       ∂v1/∂x (operand 1) = x = 3
       ∂v1/∂x (operand 2) = x = 3
       grad x += grad v1 × x = 1 × 3 = 3   (1 of 2, sum so far 3)
       grad x += grad v1 × x = 1 × 3 = 3   (2 of 2, sum so far 6)
    <BLANKLINE>
    2. x
       x is a leaf, nothing lies before it: v1, the only node that used it, is done, so its
       gradient is complete.
       sum over the paths through v1, v1:
       grad x = 3 + 3 = 6
    """
    writer = _Writer(derivation)
    parts = [*_notice(derivation.values_notice), writer.forward()]
    parts += ["Reverse: from the result back to the leaves", *_notice(derivation.gradients_notice)]
    parts += [writer.step(number, step) for number, step in enumerate(derivation.reverse, 1)]
    return "\n\n".join(parts)


def _notice(text: str) -> list[str]:
    return ["\n".join(_wrapped(text, 0))] if text else []


class _Writer:
    """What each line looks up: labels and values of the vertices, paths that meet."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.vertices: dict[str, Vertex] = {v.identity: v for v in derivation.view.vertices}
        self.formulas = {step.identity: step.expression for step in derivation.forward}
        self.arrived: dict[str, list[tuple[str, Contribution]]] = {}
        self.gradients: dict[str, Quantity] = {}
        for step in derivation.reverse:
            self.gradients[step.identity] = step.incoming
            for part in step.contributions:
                self.arrived.setdefault(part.target, []).append((step.identity, part))

    def label(self, identity: str) -> str:
        vertex = self.vertices.get(identity)
        return identity if vertex is None else vertex.label

    # -------------------------------------------------------------------- forward

    def forward(self) -> str:
        """The table of values, each with the line that computed it."""
        steps = self.derivation.forward
        names = ["", *(self.label(step.identity) for step in steps)]
        formulas = [
            "",
            *("" if s.expression is None else f"= {_short(s.expression)}" for s in steps),
        ]
        values = align_numbers([self._value_text(step.identity) for step in steps], "value")
        above, places = self._places()
        widest = _width(names)
        first = [
            f"{name.ljust(widest)} {formula}" if formula else name
            for name, formula in zip(names, formulas, strict=True)
        ]
        first[0] = "step"
        widest = _width(first)
        lines = ["Forward: values in the order they were computed", "", *above]
        folded = [v.label for v in self.derivation.view.vertices if v.kind is Kind.FOLDED]
        lines += [f"({label} are left out; limit= explains more)" for label in folded]
        lines += [
            GAP.join([left.ljust(widest), value, place]).rstrip()
            for left, value, place in zip(first, values, places, strict=True)
        ]
        return "\n".join(lines)

    def _places(self) -> tuple[list[str], list[str]]:
        """The user's lines as a column of the table; above it where all steps share one."""
        places = [
            ": ".join(filter(None, [step.location, shorten(step.source or "", LONGEST_SOURCE)]))
            for step in self.derivation.forward
        ]
        different = {place for place in places if place}
        several = sum(map(bool, places)) > 1
        if len(different) == 1 and several:
            return [f"your line: {different.pop()}", ""], ["" for _ in ("", *places)]
        return [], ["your line" if different else "", *places]

    def _value_text(self, identity: str) -> str:
        vertex = self.vertices[identity]
        return "several" if vertex.shape is None else vertex.value.text

    # -------------------------------------------------------------------- reverse

    def step(self, number: int, step: ReverseStep) -> str:
        """One node: why now, what arrived, what it passes on."""
        vertex = self.vertices[step.identity]
        label = vertex.label
        formula = self.formulas.get(step.identity)
        title = label if formula is None else f"{label} = {_short(formula)}"
        lines = [f"{number}. {shorten(title, LONGEST_FORMULA)}", *_wrapped(step.reason)]
        lines += self._incoming(step, vertex)
        lines += _aligned([row for part in step.contributions for row in self._local(step, part)])
        lines += _aligned([self._row(part) for part in step.contributions])
        settled = [self.label(part.target) for part in step.contributions if part.settled]
        if settled:
            lines += _wrapped(
                f"On the way to {' and '.join(settled)} an infinite local derivative met a gradient"
                " of exactly 0: nothing flows there, so 0 · inf counts as 0."
            )
        if step.branched:
            lines.append("   The rule looked at the numbers: its formula holds for these.")
        return "\n".join(lines)

    def _incoming(self, step: ReverseStep, vertex: Vertex) -> list[str]:
        arrived = self.arrived.get(step.identity, [])
        if vertex.shape is None:
            return self._collected(step, arrived)
        if step.hooked is not None:
            changed = f"   a hook changed it to grad {vertex.label} = {step.incoming.text}"
            return [*self._sum(vertex, arrived, step.hooked), changed]
        return self._sum(vertex, arrived, step.incoming)

    def _collected(self, step: ReverseStep, arrived: list[tuple[str, Contribution]]) -> list[str]:
        """The gradient of an operation with several outputs: theirs, side by side."""
        ordered = sorted(arrived, key=lambda pair: pair[1].output or 0)
        labels = [f"grad {self.label(source)}" for source, _ in ordered[:MOST_PATHS]]
        labels += ["…"] if len(ordered) > MOST_PATHS else []
        unused = step.outputs - len({part.output for _, part in arrived})
        zeros = f"; 0 for {unused} that nothing comes from" if arrived and unused > 0 else ""
        listed = f", {', '.join(labels)}" if labels else ""
        return _wrapped(
            f"its gradients are those of its outputs{listed}: collected, not added{zeros}"
        )

    def _sum(
        self, vertex: Vertex, arrived: list[tuple[str, Contribution]], outcome: Quantity
    ) -> list[str]:
        text = f"   grad {vertex.label} = "
        if len(arrived) > 1 and outcome.state is State.KNOWN:
            labels = [self.label(source) for source, _ in arrived]
            amounts = [_in_sum(part.amount.text) for _, part in arrived]
            if len(amounts) > MOST_PATHS:
                more = f"… {len(amounts) - MOST_PATHS + 1:,} more"
                amounts = [*amounts[: MOST_PATHS - 1], more]
                labels = [*labels[: MOST_PATHS - 1], more]
            return [
                f"   sum over the paths through {', '.join(labels)}:",
                f"{text}{' + '.join(amounts)} = {outcome.text}",
            ]
        return [text + outcome.text]

    def _local(self, step: ReverseStep, part: Contribution) -> list[tuple[str, str, str, str]]:
        """The local derivative, where the operation works element by element."""
        if part.local is None:
            return []
        label = self.label(step.identity)
        symbols, number = _short(part.local), part.local_value.text
        same = [other for other in step.contributions if other.target == part.target]
        which = f" (operand {part.position + 1})" if len(same) > 1 else ""
        target = f"∂{label}/∂{self.label(part.target)}{which} = "
        return [(target, "" if symbols == number else symbols, "", number)]

    def _row(self, part: Contribution) -> tuple[str, str, str, str]:
        """Where to, symbols, the numbers put in, and the outcome with the sum so far."""
        numbers = self._with_numbers(part.rule)
        outcome = part.amount.text
        if part.arrivals > 1:
            outcome += f"   ({part.arrival} of {part.arrivals}, sum so far {part.total.text})"
        target = f"grad {self.label(part.target)} += "
        if part.output is not None:
            sign = "+=" if part.arrivals > 1 else "="
            target = f"grad {self.label(part.target)}[{part.output}] {sign} "
        return target, _short(part.rule), numbers, outcome

    def _with_numbers(self, rule: Expression) -> str:
        """The rule with a number for each symbol, where all of them are single known numbers."""
        if not isinstance(rule, Call):
            return ""
        found: dict[Symbol, Number] = {}
        for symbol in symbols_of(rule):
            table = self.gradients if symbol.gradient else None
            quantity = (
                table.get(symbol.identity)
                if table is not None
                else getattr(self.vertices.get(symbol.identity), "value", None)
            )
            if quantity is None or quantity.state is not State.KNOWN:
                return ""
            if getattr(quantity.data, "shape", ()) != ():
                return ""
            found[symbol] = Number(quantity.data)
        return _short(_put_in(rule, found))


def _wrapped(sentence: str, indent: int = 3) -> list[str]:
    space = " " * indent
    return textwrap.wrap(
        sentence, WIDTH, initial_indent=space, subsequent_indent=space, break_long_words=False
    )


def _put_in(rule: Expression, numbers: Mapping[Symbol, Number]) -> Expression:
    return transform(rule, lambda p: numbers.get(p, p) if isinstance(p, Symbol) else p)


def _in_sum(text: str) -> str:
    """A negative number, and what is said in words, stands in parentheses in a sum."""
    words = " " in text and "[" not in text
    return f"({text})" if words or text.startswith("-") else text


def _short(expression: Expression) -> str:
    return shorten(to_text(expression), LONGEST_FORMULA)


def _width(texts: Sequence[str]) -> int:
    return max(map(len, texts))


def _aligned(rows: Sequence[tuple[str, str, str, str]]) -> list[str]:
    """Rows with their equal signs below each other."""
    if not rows:
        return []
    widths = [_width([row[column] for row in rows]) for column in range(3)]
    lines = []
    for target, *formulas, outcome in rows:
        line = f"   {target.ljust(widths[0])}"
        for formula, width in zip(formulas, widths[1:], strict=True):
            if width:
                line += f"{formula.ljust(width)} = " if formula else " " * (width + 3)
        lines.append(line + outcome)
    return lines
