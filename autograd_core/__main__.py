"""Differentiate a formula at the terminal: ``python -m autograd_core "tanh(x*w + b)" x=2 ...``."""

from __future__ import annotations

import argparse
import difflib
import io
import sys
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from .errors import AutogradError
from .expression import CONSTANTS, ExpressionError, evaluate, functions
from .report import report
from .tensor import Tensor
from .visualize.drawing import draw
from .visualize.explaining import Explanation
from .visualize.render import format_of
from .visualize.replay import derive

PROGRAM = "python -m autograd_core"
USAGE_ERROR = 2


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
        options = _read(given)
        formula, *assignments = options.words
        variables = _variables(assignments)
        result = evaluate(formula, variables)
        _refuse_without_graph(result, options)
        for line in _output(formula, result, variables, options):
            print(line)
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
        usage=(
            f"{PROGRAM} FORMULA [NAME=VALUE ...]\n"
            "           [--steps | --latex] [--draw FILE] [--html FILE]"
        ),
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
    parser.add_argument(
        "--steps",
        action="store_true",
        help="explain each step of both passes: the rule, the numbers, what is added where",
    )
    parser.add_argument(
        "--latex",
        action="store_true",
        help="print the derivation as LaTeX, and nothing else: ready for a file or a pipe",
    )
    parser.add_argument(
        "--html",
        metavar="FILE",
        help="write the step-through as one page that plays in any browser, offline: .html",
    )
    return parser


def _read(given: Sequence[str]) -> argparse.Namespace:
    """Take the command line apart; what is wrong with it is said before anything is computed."""
    parser = _parser()
    options, unknown = parser.parse_known_intermixed_args([_protect(word) for word in given])
    if unknown:
        known = ["--draw", "--help", "--steps", "--latex", "--html"]
        close = difflib.get_close_matches(unknown[0].partition("=")[0], known, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        parser.error(f"unknown option {unknown[0]}{hint}")
    first, equals, _ = options.words[0].partition("=") if options.words else ("", "=", "")
    if equals and (not first or first.strip().isidentifier()):
        parser.error('the formula is missing; it comes first, in quotes: "x*w + b" x=2 w=-3 b=1')
    if options.draw is not None:
        format_of(options.draw)
    if options.html is not None and Path(options.html).suffix.lower() != ".html":
        parser.error(
            f"--html writes a page, so the file's name ends in .html, unlike {options.html!r};"
            " pictures are written by --draw"
        )
    if options.steps and options.latex:
        parser.error("--steps and --latex are two ways to write the same steps; choose one")
    return options


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
  {PROGRAM} "sin(x)*exp(-x**2)" x=pi/4 --steps
  {PROGRAM} "(x*w - y)**2" x=2 w=0.5 y=3 --html steps.html
  {PROGRAM} "log(1 + exp(x))" x=0 --latex > derivation.tex
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


def _refuse_without_graph(result: Tensor, options: argparse.Namespace) -> None:
    if result.requires_grad:
        return
    if options.draw is not None:
        raise _UsageError("there is no graph to draw: the formula has no variables")
    if options.steps or options.latex or options.html is not None:
        raise _UsageError("there are no steps to explain: the formula has no variables")


def _explain(result: Tensor, variables: dict[str, Tensor]) -> Explanation:
    """The steps without places in a program: a formula at the terminal has none."""
    derivation = derive(result, variables)
    forward = tuple(replace(step, location=None, source=None) for step in derivation.forward)
    return Explanation(replace(derivation, forward=forward))


def _output(
    formula: str, result: Tensor, variables: dict[str, Tensor], options: argparse.Namespace
) -> Iterator[str]:
    """What is printed, piece by piece, and the files that were asked for."""
    explained = options.steps or options.latex or options.html is not None
    explanation = _explain(result, variables) if explained else None
    if explanation is not None and options.latex:
        yield explanation.latex
    else:
        steps = explanation.text if explanation is not None and options.steps else None
        yield report(formula, result, variables, steps)
    wrote = "% wrote" if options.latex else "\nwrote"  # the output stays LaTeX
    if options.draw is not None:
        yield f"{wrote} {draw(result, names=variables).save(options.draw)}"
    if explanation is not None and options.html is not None:
        yield f"{wrote} {explanation.save(options.html)}"


if __name__ == "__main__":
    sys.exit(main())
