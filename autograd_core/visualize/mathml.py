r"""Formulas as MathML, which browsers show by themselves: from the LaTeX that this package writes.

The converter is ``latex2mathml``, which leaves what stands in ``\text{...}`` as it is. So that a
name such as ``<b>`` stays text, signs with a meaning in HTML are exchanged before and after.
"""

from __future__ import annotations

import re

from latex2mathml.converter import convert

__all__ = ["to_mathml"]

TEXT = re.compile(r"\\text\{[^{}]*\}")
#: Signs with a meaning in HTML, and characters without any that stand in for them meanwhile.
STAND_INS = {"<": "\ue000", ">": "\ue001", "&": "\ue002"}
BACK = {"\ue000": "&lt;", "\ue001": "&gt;", "\ue002": "&amp;"}
REFERENCES = {f"&#x0{ord(character):04X};": character for character in BACK}
STRAY = re.compile("&(?!#x[0-9A-F]+;)")
HIDE = str.maketrans(STAND_INS)
SHOW = str.maketrans(BACK)


def to_mathml(latex: str, *, display: bool = False) -> str:
    r"""Convert a formula to a ``<math>`` element.

    Parameters
    ----------
    latex : str
        A formula without the dollar signs.
    display : bool
        On a line of its own rather than inside a sentence.

    Examples
    --------
    >>> to_mathml(r"x = \text{<b>}")[66:]
    '<mrow><mi>x</mi><mo>&#x0003D;</mo><mtext>&lt;b&gt;</mtext></mrow></math>'
    """
    for character in BACK:
        latex = latex.replace(character, "")
    hidden = TEXT.sub(lambda found: found[0].translate(HIDE), latex)
    hidden = hidden.replace("<", r"\lt ").replace(">", r"\gt ")
    written: str = convert(hidden, display="block" if display else "inline")
    for reference, character in REFERENCES.items():
        written = written.replace(reference, character)
    return STRAY.sub("&amp;", written).translate(SHOW)
