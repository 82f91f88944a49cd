"""The records of an explanation: what was computed, then what the reverse pass did, step by step.

``replay`` makes a :class:`Derivation` from a recorded graph; text, LaTeX and the page are written
from it and touch neither graph nor engine. Identities are those of the view's vertices.
"""

from __future__ import annotations

from dataclasses import dataclass

from .symbols import Expression
from .view import GraphView, Quantity, State

__all__ = ["Contribution", "Derivation", "ForwardStep", "ReverseStep"]

MOST_LABELS = 4  # that a notice lists


@dataclass(frozen=True, slots=True)
class ForwardStep:
    """One value of the forward pass.

    Attributes
    ----------
    identity : str
    expression : Expression or None
        How it was computed; None for a leaf, or for what stands for earlier nodes left out.
    value : Quantity
    location : str or None
        Where the user called the operation: ``"train.py:12"``, ``"line 3 of a cell"``.
    source : str or None
        The text of that line, where it can be read.

    Examples
    --------
    >>> from autograd_core.visualize.symbols import Call, Symbol
    >>> x = Symbol("0", "x")
    >>> step = ForwardStep("1", Call("multiply", (x, x)), Quantity(State.KNOWN, 4.0))
    >>> step.value.text
    '4'
    """

    identity: str
    expression: Expression | None
    value: Quantity
    location: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one operation adds to the gradient of one of its operands.

    Attributes
    ----------
    target : str
        The operand's vertex (``"earlier"`` where that was left out).
    position : int
        Which operand it is.
    local : Expression or None
        The local derivative of the output with respect to the operand; None where the operation
        does not work element by element.
    local_value : Quantity
    rule : Expression
        What is added, in symbols; ``Symbol(gradient=True)`` is the incoming gradient.
    amount : Quantity
        What is added, in numbers: of the operand's shape and dtype.
    total : Quantity
        The sum at the operand after this.
    arrival, arrivals : int
        This is the first, second... of so many contributions to that operand (or that output).
    settled : bool
        Somewhere an infinite local derivative met a gradient of exactly 0, and counted as 0.
    output : int or None
        Of an operand with several outputs, which of them this belongs to: what belongs to
        different outputs is collected, not added.

    Examples
    --------
    >>> from autograd_core.visualize.symbols import Call, Symbol
    >>> x, g = Symbol("0", "x"), Symbol("1", "v1", gradient=True)
    >>> three, six = Quantity(State.KNOWN, 3.0), Quantity(State.KNOWN, 6.0)
    >>> second = Contribution("0", 1, x, three, Call("multiply", (g, x)), three, six, 2, 2)
    >>> second.amount.text, second.total.text
    ('3', '6')
    """

    target: str
    position: int
    local: Expression | None
    local_value: Quantity
    rule: Expression
    amount: Quantity
    total: Quantity
    arrival: int
    arrivals: int
    settled: bool = False
    output: int | None = None


@dataclass(frozen=True, slots=True)
class ReverseStep:
    """One node of the reverse pass: the gradient that arrived, and what it sends on.

    Attributes
    ----------
    identity : str
    incoming : Quantity
        The gradient at this node when its turn comes. An operation with several outputs has none
        of its own (*several*): its outputs have one each.
    contributions : tuple of Contribution
    consumers : tuple of str
        The nodes that used it, all done before; empty for the result.
    reason : str
        Why this node comes now, in a sentence.
    branched : bool
        A rule looked at a number to choose its formula: the symbols hold for these numbers.
    hooked : Quantity or None
        What had arrived, where a hook put ``incoming`` in its place.
    outputs : int
        How many outputs the operation has, where there are several; else 0.

    Examples
    --------
    >>> seed = Quantity(State.KNOWN, 1.0)
    >>> ReverseStep("1", seed, (), (), "The pass starts at v1, the result.").incoming.text
    '1'
    """

    identity: str
    incoming: Quantity
    contributions: tuple[Contribution, ...]
    consumers: tuple[str, ...]
    reason: str
    branched: bool = False
    hooked: Quantity | None = None
    outputs: int = 0


@dataclass(frozen=True, slots=True)
class Derivation:
    """The whole of an explanation.

    Attributes
    ----------
    view : GraphView
        The graph, as the picture shows it.
    forward : tuple of ForwardStep
        Leaves and operations in the order they were computed.
    reverse : tuple of ReverseStep
        Operations in the order of the reverse pass, then the leaves.
    scalar : bool
        Whether every quantity is a single real number.

    Examples
    --------
    >>> Derivation(GraphView((), ()), (), (), scalar=True).forward
    ()
    """

    view: GraphView
    forward: tuple[ForwardStep, ...]
    reverse: tuple[ReverseStep, ...]
    scalar: bool

    @property
    def notice(self) -> str:
        """What of this is not as it was computed, or gone, and what to do; empty if nothing is."""
        return " ".join(filter(None, [self.values_notice, self.gradients_notice]))

    @property
    def values_notice(self) -> str:
        """Which values were changed since the graph was computed; empty where none was."""
        changed = [v.label for v in self.view.vertices if v.value.state is State.CHANGED]
        if not changed:
            return ""
        were = "was" if len(changed) == 1 else "were"
        earlier = "an earlier value" if len(changed) == 1 else "earlier values"
        return (
            f"{_listed(changed)} {were} changed after the results had been computed, which"
            f" therefore belong to {earlier}. Explain before the step of the optimiser, or compute"
            " the results again."
        )

    @property
    def gradients_notice(self) -> str:
        """What to do where gradients cannot be computed any more; empty where all of them can."""
        gone = (State.RELEASED, State.STORED)
        if all(step.incoming.state not in gone for step in self.reverse):
            return ""
        return (
            "Some gradients are gone: the values that they need were released by backward(), or"
            " overwritten. To see every number, explain before backward(), or call"
            " backward(retain_graph=True)."
        )


def _listed(labels: list[str]) -> str:
    if len(labels) > MOST_LABELS:
        labels = [*labels[: MOST_LABELS - 1], f"{len(labels) - MOST_LABELS + 1:,} more"]
    *first, last = labels
    return f"{', '.join(first)} and {last}" if first else last
