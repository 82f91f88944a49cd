"""The steps of a computation as an aligned table, for the terminal.

Each line is one step in the order it was taken, the notation of the textbooks on automatic
differentiation: ``v3 = x × w`` with its value and the gradient of the result with respect to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from .format import shorten
from .view import GraphView, Kind, Vertex

__all__ = ["align_numbers", "steps_table"]

LONGEST_STEP = 60
GAP = "   "


def steps_table(view: GraphView) -> str:
    """Write every leaf and operation on a line: what it is, its value, its gradient.

    Parameters
    ----------
    view : GraphView

    Returns
    -------
    str
        Lines of equal layout under a heading; numbers are aligned at the decimal point.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> x, w = ag.Tensor(2.0, name="x"), ag.Tensor(-3.5, name="w")
    >>> print(steps_table(read(x * w + 10.0)))
    step           value   gradient
    x                2         -3.5
    w               -3.5        2
    v2 = x × w      -7          1
    v3 = v2 + 10     3          1
    """
    vertices = [vertex for vertex in view.vertices if vertex.kind is not Kind.CONSTANT]
    columns = [
        ["step", *map(_step, vertices)],
        align_numbers([_text(vertex, vertex.value.text) for vertex in vertices], "value"),
        align_numbers([_text(vertex, vertex.gradient.text) for vertex in vertices], "gradient"),
    ]
    widths = [max(map(len, column)) for column in columns]
    lines = [
        GAP.join([step.ljust(widths[0]), value.rjust(widths[1]), gradient.rjust(widths[2])])
        for step, value, gradient in zip(*columns, strict=True)
    ]
    return "\n".join(line.rstrip() for line in lines)


def _step(vertex: Vertex) -> str:
    text = f"{vertex.label} = {vertex.expression}" if vertex.expression else vertex.label
    return shorten(text, LONGEST_STEP)


def _text(vertex: Vertex, text: str) -> str:
    return "" if vertex.kind is Kind.FOLDED else text


def align_numbers(texts: Sequence[str], heading: str) -> list[str]:
    """Pad texts so that their decimal points stand below each other; words end at the right.

    Parameters
    ----------
    texts : sequence of str
    heading : str
        Goes first, and is at the right edge.

    Examples
    --------
    >>> align_numbers(["2", "-3.5", "released"], "value")
    ['   value', '     2  ', '    -3.5', 'released']
    """
    split = [_split_at_point(text) for text in texts]
    fraction = max((len(right) for left, right in split if left), default=0)
    padded = [left + right.ljust(fraction) if left else right for left, right in split]
    width = max([len(heading), *map(len, padded)])
    return [text.rjust(width) for text in (heading, *padded)]


def _split_at_point(text: str) -> tuple[str, str]:
    """What stands before the decimal point (or the exponent) of a real number, and the rest."""
    if text.lstrip("-") in ("inf", "nan"):
        return text, ""
    if text[-1:].isdigit() and text.lstrip("-")[:1].isdigit() and "j" not in text:
        for mark in ".e":
            left, point, right = text.partition(mark)
            if point:
                return left, point + right
        return text, ""
    return "", text
