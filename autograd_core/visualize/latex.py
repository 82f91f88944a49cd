r"""A derivation as LaTeX or Markdown: one line a quantity, first in symbols, then in numbers.

The forward pass comes first, one line a value. Then, in the order of the reverse pass, one line a
gradient: the sum over all the paths that lead from the quantity to the result.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from .derivation import Contribution, Derivation, ReverseStep
from .format import DIGITS
from .fundamental import fundamental_equations
from .latex_formula import to_latex
from .latex_paths import (
    Path,
    collected,
    hooked,
    in_steps,
    quantity_latex,
    sum_of_paths,
    without_repeats,
)
from .latex_words import latex_label
from .mathml import to_mathml
from .simplifying import simplify
from .symbols import Call, Expression, Symbol
from .view import State, Vertex

__all__ = [
    "Line",
    "derivation_latex",
    "derivation_markdown",
    "forward_lines",
    "reverse_lines",
    "to_latex",
    "to_mathml",
]

#: What is not written behind a formula.
WITHOUT_NUMBER = (State.NOT_COMPUTED, State.SEVERAL)
VALUES = "The values, in the order in which they were computed"
BARS = """\
% The gradients of {name}, in the order of the reverse pass: a bar marks the gradient of {name} with
% respect to a quantity; where several paths meet, it is their sum"""
EXPLAINED = """\
A bar marks the gradient of NAME with respect to a quantity: how fast NAME changes with
it. Where several paths lead from a quantity to the result, their contributions are added."""
ROWS = """\
Each row of a, z and δ belongs to one sample. For one sample, written as a column, δ W is the
product of the transposed W and δ that the lectures write."""
FUNDAMENTAL = "The four fundamental equations of backpropagation, layer by layer"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a derivation: a quantity, and what it equals, step by step.

    Attributes
    ----------
    identity : str
        Vertex of the quantity.
    left : str
        The quantity, in LaTeX.
    right : tuple of str
        Formulas that equal it: in symbols, with numbers put in, its value.

    Examples
    --------
    >>> Line("1", "y", ("x + 1", "3")).text
    'y = x + 1 = 3'
    """

    identity: str
    left: str
    right: tuple[str, ...]

    @property
    def text(self) -> str:
        """The line as one formula."""
        return " = ".join([self.left, *self.right])


def derivation_latex(derivation: Derivation) -> str:
    r"""Write a derivation for a LaTeX document that uses ``amsmath``.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize.replay import derive
    >>> x = ag.Tensor(3.0, name="x")
    >>> print(derivation_latex(derive(x * x)))
    % The values, in the order in which they were computed
    \begin{align*}
    x &= 3 \\
    v_{1} &= x \cdot x = 3 \cdot 3 = 9
    \end{align*}
    % The gradients of v1, in the order of the reverse pass: a bar marks the gradient of v1 with
    % respect to a quantity; where several paths meet, it is their sum
    \begin{align*}
    \bar{v}_{1} &= 1 \\
    \bar{x} &= \bar{v}_{1} \cdot x + \bar{v}_{1} \cdot x = 1 \cdot 3 + 1 \cdot 3 = 6
    \end{align*}
    """
    result = _result(derivation)
    name = result.label.replace("\n", " ")
    parts = [
        _comment(derivation.values_notice),
        f"% {VALUES}",
        _aligned(forward_lines(derivation)),
        BARS.format(name=name),
        _comment(derivation.gradients_notice),
        _aligned(reverse_lines(derivation)),
    ]
    equations = fundamental_equations(derivation)
    if equations:
        note = "\n% ".join(["", *ROWS.splitlines()]) if _has_rows(equations) else ""
        parts += [f"% {FUNDAMENTAL}{note}", r"\begin{align*}"]
        parts += [" \\\\\n".join(_at_equals(equation) for equation in equations)]
        parts += [r"\end{align*}"]
    return "\n".join(part for part in parts if part)


def derivation_markdown(derivation: Derivation) -> str:
    r"""Write a derivation in Markdown with formulas between dollar signs, one a line.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> from autograd_core.visualize.replay import derive
    >>> x = ag.Tensor(3.0, name="x")
    >>> print(derivation_markdown(derive(np.exp(x))))
    #### The values, in the order in which they were computed
    <BLANKLINE>
    - $x = 3$
    - $v_{1} = e^{x} = e^{3} = 20.086$
    <BLANKLINE>
    #### The gradients, in the order of the reverse pass
    <BLANKLINE>
    A bar marks the gradient of $v_{1}$ with respect to a quantity: how fast $v_{1}$ changes with
    it. Where several paths lead from a quantity to the result, their contributions are added.
    <BLANKLINE>
    - $\bar{v}_{1} = 1$
    - $\bar{x} = \bar{v}_{1} \cdot v_{1} = 1 \cdot 20.086 = 20.086$
    """
    name = f"${latex_label(_result(derivation).label)}$"
    parts = [
        derivation.values_notice,
        f"#### {VALUES}",
        _listed(line.text for line in forward_lines(derivation)),
        "#### The gradients, in the order of the reverse pass",
        EXPLAINED.replace("NAME", name),
        derivation.gradients_notice,
        _listed(line.text for line in reverse_lines(derivation)),
    ]
    equations = fundamental_equations(derivation)
    if equations:
        parts += [f"#### {FUNDAMENTAL}", ROWS if _has_rows(equations) else ""]
        parts.append(_listed(iter(equations)))
    return "\n\n".join(part for part in parts if part)


def _comment(notice: str) -> str:
    return textwrap.fill(notice, 98, initial_indent="% ", subsequent_indent="% ")


def _has_rows(equations: tuple[str, ...]) -> bool:
    """Whether a layer was written the other way round, for samples in rows."""
    return any(equation.startswith("z^") and " = a^" in equation for equation in equations)


def _result(derivation: Derivation) -> Vertex:
    identity = derivation.forward[-1].identity
    return next(vertex for vertex in derivation.view.vertices if vertex.identity == identity)


def _aligned(lines: Iterator[Line]) -> str:
    written = [f"{line.left} &= {' = '.join(line.right)}" for line in lines]
    if not written:
        return ""
    return "\n".join([r"\begin{align*}", " \\\\\n".join(written), r"\end{align*}"])


def _at_equals(equation: str) -> str:
    return equation.replace("=", "&=", 1)


def _listed(formulas: Iterator[str]) -> str:
    return "\n".join(f"- ${formula}$" for formula in formulas)


def forward_lines(derivation: Derivation, digits: int = DIGITS) -> Iterator[Line]:
    r"""The values, as they were computed.

    Parameters
    ----------
    derivation : Derivation
    digits : int
        Significant digits of the numbers.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize.replay import derive
    >>> x = ag.Tensor(3.0, name="x")
    >>> [line.text for line in forward_lines(derive(x * 2.0))]
    ['x = 3', 'v_{1} = x \\cdot 2 = 3 \\cdot 2 = 6']
    """
    vertices = {vertex.identity: vertex for vertex in derivation.view.vertices}
    for step in derivation.forward:
        vertex = vertices[step.identity]
        right = [] if step.expression is None else in_steps(step.expression, vertices, digits)
        if step.value.state not in WITHOUT_NUMBER or not right:
            right.append(quantity_latex(step.value, digits))
        yield Line(step.identity, latex_label(vertex.label), without_repeats(right))


def reverse_lines(derivation: Derivation, digits: int = DIGITS) -> Iterator[Line]:
    r"""The gradients, in the order in which the reverse pass knows them.

    Parameters
    ----------
    derivation : Derivation
    digits : int
        Significant digits of the numbers.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize.replay import derive
    >>> x = ag.Tensor(3.0, name="x")
    >>> [line.text for line in reverse_lines(derive(x * 2.0))]
    ['\\bar{v}_{1} = 1', '\\bar{x} = \\bar{v}_{1} \\cdot 2 = 1 \\cdot 2 = 2']
    """
    vertices = {vertex.identity: vertex for vertex in derivation.view.vertices}
    arrived: dict[str, list[Path]] = {}
    for step in derivation.reverse:
        vertex = vertices[step.identity]
        paths = arrived.pop(step.identity, [])
        if step.incoming.state not in WITHOUT_NUMBER or paths:
            right = collected(paths, step.outputs) or sum_of_paths(paths, vertices, digits)
            if step.hooked is not None:
                right.append(hooked(step.hooked, step.incoming, digits))
            elif step.incoming.state not in WITHOUT_NUMBER:
                right.append(quantity_latex(step.incoming, digits))
            left = latex_label(vertex.label, gradient=True)
            yield Line(step.identity, left, without_repeats(right))
        for contribution in step.contributions:
            rule = _chain_rule(step, vertex, contribution, derivation)
            path = Path(rule, contribution.amount, contribution.output)
            arrived.setdefault(contribution.target, []).append(path)


def _chain_rule(
    step: ReverseStep, vertex: Vertex, contribution: Contribution, derivation: Derivation
) -> Expression:
    """The incoming gradient times the local derivative; for arrays, what the rule computes."""
    if not derivation.scalar or contribution.local is None:
        return contribution.rule
    incoming = Symbol(step.identity, vertex.label, gradient=True)
    return simplify(Call("multiply", (incoming, contribution.local)))
