"""Differentiate a formula at the terminal: ``python -m autograd_core "tanh(x*w + b)" x=2 ...``."""

from __future__ import annotations

import argparse
import difflib
import io
import sys
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from .errors import AutogradError
from .expression import CONSTANTS, ExpressionError, evaluate, functions
from .tensor import Tensor
from .visualize.drawing import draw
from .visualize.format import format_number, shorten, visible
from .visualize.reading import read
from .visualize.render import format_of
from .visualize.table import align_numbers, steps_table
from .visualize.view import GraphView, Kind, Quantity, State, Vertex

PROGRAM = "python -m autograd_core"
USAGE_ERROR = 2
DIGITS = 10  # of the value and the gradients; the table has fewer, it is for reading


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code: 0, or 2 if the command line cannot be read.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the process.

    Examples
    --------
    >>> main(["x**2", "x=3"])
    x**2 = 9
    <BLANKLINE>
    gradients
      d/dx = 6
    <BLANKLINE>
    step         value   gradient
    x                3          6
    v1 = x ^ 2       9          1
    0
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without × shows ?, no traceback
            stream.reconfigure(errors="replace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        formula, assignments, path = _read(given)
        variables = _variables(assignments)
        result = evaluate(formula, variables)
        print(report(formula, result, variables))
        if path is not None:
            print(f"\nwrote {_draw(result, variables, path)}")
    except _UsageError as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE_ERROR
    except ExpressionError as error:
        print(f"error: {_advise(error)}\n{error.pointer()}", file=sys.stderr)
        return USAGE_ERROR
    except (AutogradError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return USAGE_ERROR
    return 0


class _UsageError(Exception):
    """What is wrong with the command line, in a sentence."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _UsageError(f"{message}\ntry: {PROGRAM} --help")


def _parser() -> _Parser:
    parser = _Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} FORMULA [NAME=VALUE ...] [--draw FILE]",
        description=(
            "Compute a formula, and its gradient with respect to every variable in it,\n"
            "by reverse-mode automatic differentiation."
        ),
        epilog=_teach(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "words",
        metavar="FORMULA NAME=VALUE",
        nargs="*",
        help='a formula in quotes, such as "x*w + b"; a number for each variable: x=2 w=-3 b=1e-3',
    )
    parser.add_argument(
        "--draw", metavar="FILE", help="write the graph as a picture: .svg, .png or .dot"
    )
    return parser


def _read(given: Sequence[str]) -> tuple[str, list[str], str | None]:
    """Take the command line apart: the formula, the values, where the picture goes."""
    parser = _parser()
    options, unknown = parser.parse_known_intermixed_args([_protect(word) for word in given])
    if unknown:
        close = difflib.get_close_matches(unknown[0].partition("=")[0], ["--draw", "--help"], n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        parser.error(f"unknown option {unknown[0]}{hint}")
    first, equals, _ = options.words[0].partition("=") if options.words else ("", "=", "")
    if equals and (not first or first.strip().isidentifier()):
        parser.error('the formula is missing; it comes first, in quotes: "x*w + b" x=2 w=-3 b=1')
    if options.draw is not None:
        format_of(options.draw)  # a wrong suffix is said before anything is computed
    return options.words[0], options.words[1:], options.draw


def _teach() -> str:
    names = [name for name, primitive in functions().items() if name.isidentifier()]
    listed = textwrap.fill(", ".join(names), width=76, initial_indent="  ", subsequent_indent="  ")
    return f"""\
what a formula can contain
  numbers, + - * / ** (power), parentheses, variables, {" and ".join(CONSTANTS)}, and calls of
{listed}

what comes out
  the value; d/dx, how fast the value changes with x, for each variable x; and
  the steps. Read the table of steps downwards for the values: each step uses
  those above it. Read it upwards for the gradients: the last is 1, and each
  step passes its gradient on to its operands, times its own derivative (the
  chain rule). Where several steps use one value, its gradients add up.

examples
  {PROGRAM} "tanh(x*w + b)" x=2 w=-3 b=6.88 --draw out.svg
  {PROGRAM} "sin(x)*exp(-x**2)" x=pi/4
"""


def _protect(argument: str) -> str:
    """Keep a formula such as -x*2 from being taken for an option."""
    is_option = argument.startswith("--") or argument in ("-h", "-")
    return f" {argument}" if argument.startswith("-") and not is_option else argument


def _variables(assignments: Sequence[str]) -> dict[str, Tensor]:
    """Read ``name=value`` arguments; a value may itself be a formula of numbers."""
    variables: dict[str, Tensor] = {}
    for assignment in assignments:
        name, equals, value = (part.strip() for part in assignment.partition("="))
        name = unicodedata.normalize("NFKC", name)  # as Python reads it in the formula
        if not equals:
            raise _UsageError(
                f"{assignment.strip()!r} is not of the form NAME=VALUE, such as x=1.0"
                " (put the formula in quotes if it contains blanks)"
            )
        if not name.isidentifier():
            raise _UsageError(f"{name!r} is not a name for a variable: use letters, such as x=1.0")
        if not value:
            raise _UsageError(
                f"{name!r} is given no value; write a number behind the =, such as {name}=1.0"
            )
        if name in variables:
            raise _UsageError(f"{name!r} is given twice")
        try:
            number = evaluate(value, {})
        except ExpressionError as error:
            raise _UsageError(
                f"the value of {name!r} is not a number: {error.problem}\n{error.pointer()}"
            ) from None
        variables[name] = Tensor(number.data, name=name)
    return variables


def _advise(error: ExpressionError) -> str:
    if error.missing is None:
        return error.problem
    return f"{error.problem}; give it on the command line: {error.missing}=1.0"


def _draw(result: Tensor, variables: dict[str, Tensor], path: str) -> str:
    if not result.requires_grad:
        raise _UsageError("there is no graph to draw: the formula has no variables")
    return draw(result, names=variables).save(path)


def report(formula: str, result: Tensor, variables: dict[str, Tensor]) -> str:
    """Write the value, every gradient, the steps, and notes on what a reader may stumble over.

    Parameters
    ----------
    formula : str
    result : Tensor
        What the formula gave.
    variables : dict of str to Tensor

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
        parts += [_gradients(used), steps_table(view)]
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


if __name__ == "__main__":
    sys.exit(main())
