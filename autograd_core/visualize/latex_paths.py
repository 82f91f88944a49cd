"""What comes along the paths to one quantity, as LaTeX: added up, or side by side."""

from __future__ import annotations

from typing import NamedTuple

from .latex_formula import join_terms, to_latex
from .latex_words import latex_text, latex_value
from .symbols import Expression, Symbol, symbols_of
from .view import Quantity, State, Vertex

__all__ = [
    "Path",
    "collected",
    "hooked",
    "in_steps",
    "quantity_latex",
    "sum_of_paths",
    "without_repeats",
]

#: Paths that are written out where many meet.
MOST_PATHS = 6


class Path(NamedTuple):
    """What comes along one path, in symbols and in numbers."""

    formula: Expression
    amount: Quantity
    output: int | None


def collected(paths: list[Path], outputs: int) -> list[str]:
    """The gradients of several outputs side by side; 0 where nothing comes from one."""
    if not paths or not outputs:
        return []
    terms: list[list[str]] = [[] for _ in range(outputs)]
    for path in paths:
        assert path.output is not None
        terms[path.output].append(to_latex(path.formula))
    written = [join_terms(term) if term else "0" for term in terms]
    if outputs > MOST_PATHS:
        written = [*written[: MOST_PATHS - 1], r"\ldots"]
    return [rf"\left({', '.join(written)}\right)"]


def hooked(arrived: Quantity, outcome: Quantity, digits: int) -> str:
    """What had arrived, and what a hook made of it."""
    before, after = quantity_latex(arrived, digits), quantity_latex(outcome, digits)
    return rf"{before} \text{{, which a hook changed to }} {after}"


def sum_of_paths(paths: list[Path], vertices: dict[str, Vertex], digits: int) -> list[str]:
    """What came along each path, added up: in symbols, then in numbers."""
    if not paths:
        return []
    shown = paths if len(paths) <= MOST_PATHS else paths[: MOST_PATHS - 1]
    more = len(paths) - len(shown)
    tail = [] if not more else [rf"\cdots \text{{ ({more} more)}}"]
    steps = [in_steps(path.formula, vertices, digits) for path in shown]
    sums = [join_terms([step[0] for step in steps] + tail)]
    if all(len(step) > 1 for step in steps):
        sums.append(join_terms([step[1] for step in steps] + tail))
    elif len(paths) > 1 and all(path.amount.state is State.KNOWN for path in shown):
        sums.append(join_terms([quantity_latex(path.amount, digits) for path in shown] + tail))
    return sums


def in_steps(expression: Expression, vertices: dict[str, Vertex], digits: int) -> list[str]:
    """The formula and, where all its quantities are single numbers, the same with numbers."""
    formula = to_latex(expression, digits)
    numbers: dict[Symbol, str] = {}
    for symbol in symbols_of(expression):
        vertex = vertices.get(symbol.identity)
        if vertex is None or vertex.shape != ():
            return [formula]
        quantity = vertex.gradient if symbol.gradient else vertex.value
        if quantity.state is not State.KNOWN:
            return [formula]
        numbers[symbol] = latex_value(quantity.data, digits)
    return [formula, to_latex(expression, digits, numbers.get)] if numbers else [formula]


def quantity_latex(quantity: Quantity, digits: int) -> str:
    """The number, or in words why there is none."""
    if quantity.state is State.KNOWN:
        return latex_value(quantity.data, digits)
    return latex_text(quantity.text)


def without_repeats(right: list[str]) -> tuple[str, ...]:
    """Nothing twice: where ``y = x``, its number stands behind it once."""
    return tuple(text for place, text in enumerate(right) if place == 0 or text != right[place - 1])
