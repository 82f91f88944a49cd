"""What ``python -m autograd_core`` prints: the value, the gradients, the steps, and notes."""

from __future__ import annotations

import numpy as np

from .tensor import Tensor
from .visualize.format import format_number, shorten, visible
from .visualize.reading import read
from .visualize.table import align_numbers, steps_table
from .visualize.view import GraphView, Kind, Quantity, State, Vertex

__all__ = ["report"]

DIGITS = 10  # of the value and the gradients; the table has fewer, it is for reading


def report(
    formula: str, result: Tensor, variables: dict[str, Tensor], steps: str | None = None
) -> str:
    """Write the value, every gradient, the steps, and notes on what a reader may stumble over.

    Parameters
    ----------
    formula : str
    result : Tensor
        What the formula gave.
    variables : dict of str to Tensor
    steps : str, optional
        The steps in another form than the usual table.

    Examples
    --------
    >>> print(report("2 + 2", Tensor(4.0, requires_grad=False), {}))
    2 + 2 = 4
    <BLANKLINE>
    note: the formula has no variables, so there is no gradient
    """
    parts = [f"{visible(formula.strip())} = {format_number(result.data, DIGITS)}"]
    notes = []
    if result.requires_grad:
        view = read(result, variables)
        used = {vertex.label: vertex for vertex in view.vertices if vertex.kind is Kind.LEAF}
        parts += [_gradients(used), steps or steps_table(view)]
        notes += _where_it_breaks(view)
    else:
        used = {}
        if not np.isfinite(result.data):
            notes.append("the value is not a finite number")
        notes.append("the formula has no variables, so there is no gradient")
    unused = [name for name in variables if shorten(visible(name)) not in used]
    if unused:
        notes.append(f"not used in the formula: {', '.join(unused)}")
    if notes:
        parts.append("\n".join(f"note: {note}" for note in notes))
    return "\n\n".join(parts)


def _gradients(leaves: dict[str, Vertex]) -> str:
    lines = ["gradients"]
    names = [f"d/d{name}" for name in leaves]
    numbers = align_numbers([_precise(leaf.gradient) for leaf in leaves.values()], "")[1:]
    width = max(map(len, names))
    lines += [
        f"  {name.ljust(width)} = {number.strip() if len(numbers) == 1 else number}".rstrip()
        for name, number in zip(names, numbers, strict=True)
    ]
    return "\n".join(lines)


def _precise(quantity: Quantity) -> str:
    if quantity.state is not State.KNOWN:
        return quantity.text
    return format_number(quantity.data, DIGITS)


def _where_it_breaks(view: GraphView) -> list[str]:
    """Name the first step whose value, and the first whose gradient, is not a finite number."""
    notes = []
    steps = [vertex for vertex in view.vertices if vertex.kind is not Kind.CONSTANT]
    for step in steps:  # as they were computed
        if _is_broken(step.value):
            text = f"{step.label} = {step.expression}" if step.expression else step.label
            notes.append(f"the value stops being a finite number at {text}: {step.value.text}")
            break
    for step in reversed(steps):  # as the gradients were
        if _is_broken(step.gradient):
            notes.append(
                f"going back, the gradient stops being a finite number at {step.label}:"
                f" {step.gradient.text}"
            )
            break
    return notes


def _is_broken(quantity: Quantity) -> bool:
    return quantity.state is State.KNOWN and not bool(np.all(np.isfinite(quantity.data)))
