"""Names, numbers and arrays as LaTeX.

A name may hold anything: what is not a letter or a digit is written by commands that LaTeX,
MathJax, KaTeX and the converter to MathML all know, so that a name is shown and never obeyed.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from .format import ARRAY_DIGITS, DIGITS, describe_array, describe_value, format_number, visible

__all__ = ["latex_label", "latex_number", "latex_text", "latex_value"]

#: An array of at most so many numbers a row and column is written as a matrix.
WIDEST = 4

GREEK = frozenset(
    [
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
        "xi",
        "pi",
        "rho",
        "sigma",
        "tau",
        "phi",
        "chi",
        "psi",
        "omega",
    ]
)
SIGNS = {
    "_": r"\_",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "$": r"\$",
    "{": r"\{",
    "}": r"\}",
    "\\": r"\backslash ",
    "<": r"\lt ",
    ">": r"\gt ",
    "|": r"\vert ",
    "~": r"\sim ",
    "^": r"\wedge ",
    "=": "=",
    "+": "+",
    "*": r"\ast ",
}
PIECES = re.compile(
    "|".join([f"[{re.escape(''.join(SIGNS))}]", f"[^{re.escape(''.join(SIGNS))}]+"])
)
WITH_INDEX = re.compile(r"([^\W\d_]+)_?([0-9]+|(?<=_)[A-Za-z0-9]+)")
PLAIN = re.compile(r"[+-]?[0-9.]+(?:e[+-]?[0-9]+)?")


def latex_text(text: str) -> str:
    r"""Write any text upright; nothing in it is taken for a command.

    Examples
    --------
    >>> print(latex_text("loss"), latex_text("50%"), latex_text(r"\x"))
    \text{loss} \text{50}\% \backslash \text{x}
    >>> print(latex_text("<script>"))
    \lt \text{script}\gt
    """
    pieces = PIECES.findall(visible(text))
    return "".join(SIGNS.get(piece) or rf"\text{{{piece}}}" for piece in pieces).rstrip()


def latex_label(label: str, *, gradient: bool = False) -> str:
    r"""Write the name of a quantity; with a bar, the gradient with respect to it.

    A letter with a number or a word behind it becomes a letter with an index.

    Examples
    --------
    >>> print(latex_label("x"), latex_label("v12"), latex_label("w_out"), latex_label("loss"))
    x v_{12} w_{\text{out}} \text{loss}
    >>> print(latex_label("v3", gradient=True), latex_label("loss", gradient=True))
    \bar{v}_{3} \overline{\text{loss}}
    """
    base, index = _split(label)
    letter = base if len(base) == 1 and base.isascii() and base.isalpha() else ""
    if base in GREEK:
        letter = f"\\{base}"
    written = letter or latex_text(base) or r"\text{?}"
    if gradient:
        written = rf"\bar{{{written}}}" if letter else rf"\overline{{{written}}}"
    if not index:
        return written
    return f"{written}_{{{index if index.isdigit() or len(index) == 1 else latex_text(index)}}}"


def _split(label: str) -> tuple[str, str]:
    """A letter (or a Greek letter's name) and its index, where a label is made like that."""
    found = WITH_INDEX.fullmatch(label)
    if found and label.isascii() and (len(found[1]) == 1 or found[1] in GREEK):
        return found[1], found[2]
    return label, ""


def latex_number(value: Any, digits: int = DIGITS) -> str:
    r"""Write one number as :func:`format_number` does, in LaTeX.

    Parameters
    ----------
    value
        A Python or NumPy number.
    digits
        Significant digits kept.

    Examples
    --------
    >>> print(latex_number(-0.5), latex_number(1e308), latex_number(float("inf")))
    -0.5 1 \times 10^{308} \infty
    >>> print(latex_number(2 - 1j), latex_number(float("nan")))
    2 - 1\,\mathrm{i} \text{nan}
    """
    if isinstance(value, (complex, np.complexfloating)):
        real, imaginary = (latex_number(part, digits) for part in (value.real, value.imag))
        sign = "-" if imaginary.startswith("-") else "+"
        return rf"{real} {sign} {imaginary.removeprefix('-')}\,\mathrm{{i}}"
    text = format_number(value, digits)
    if text in ("inf", "-inf"):
        return text.replace("inf", r"\infty")
    if not PLAIN.fullmatch(text):
        return latex_text(text)
    mantissa, scientific, exponent = text.partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if scientific else mantissa


def latex_value(value: Any, digits: int = DIGITS) -> str:
    r"""Write a number, a small array as a matrix, a bigger one by shape and range.

    A vector is written as a row, as NumPy prints it.

    Parameters
    ----------
    value
        A number or an array.
    digits
        Significant digits kept of a number; of several, at most 4 each.

    Examples
    --------
    >>> import numpy as np
    >>> print(latex_value(np.float64(2.5)), latex_value(np.array([1.0, -2.0])))
    2.5 \begin{bmatrix}1 & -2\end{bmatrix}
    >>> print(latex_value(np.zeros((10, 784), np.float32)))
    \text{(10, 784) float32, all 0}
    >>> print(latex_value(np.zeros((0, 3))))
    \text{(0, 3) float64, empty}
    """
    shape = getattr(value, "shape", ())
    if shape == ():
        return latex_number(value[()] if hasattr(value, "shape") else value, digits)
    array = np.asarray(value)
    if array.ndim > 2 or not array.size or max(shape) > WIDEST or array.dtype.kind not in "biufc":
        return latex_text(f"{describe_array(shape, array.dtype)}, {describe_value(array)}")
    digits = min(digits, ARRAY_DIGITS) if digits <= DIGITS else digits
    rows = [
        " & ".join(latex_number(number, digits) for number in row) for row in np.atleast_2d(array)
    ]
    lines = r" \\ ".join(rows)
    return rf"\begin{{bmatrix}}{lines}\end{{bmatrix}}"
