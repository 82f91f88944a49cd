"""LaTeX to MathML: well-formed, and no way out of its text."""

import xml.etree.ElementTree as ET

import pytest

from autograd_core.visualize.mathml import to_mathml

FORMULAS = [
    r"\bar{v}_{3} \cdot \cos(v_{1})",
    r"\begin{cases}x & x > 0 \\ 0 & \text{otherwise}\end{cases}",
    r"\left|x\right| \odot \left\|y\right\|",
    r"\text{a & b < c}",
    "a < b & c",
    r"\text{]]><script>}",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_is_well_formed(formula):
    tree = ET.fromstring(to_mathml(formula))
    assert tree.tag == "{http://www.w3.org/1998/Math/MathML}math"
    assert not any(element.tag.endswith("script") for element in tree.iter())


def test_text_stays_text():
    tree = ET.fromstring(to_mathml(r"\text{<b>&amp;</b>}"))
    assert "".join(tree.itertext()) == "<b>&amp;</b>"


def test_characters_that_stand_in_cannot_be_smuggled_in():
    tree = ET.fromstring(to_mathml("\\text{\ue000b\ue001}"))
    assert "".join(tree.itertext()) == "b"


def test_on_a_line_of_its_own():
    assert 'display="block"' in to_mathml("x", display=True)
    assert 'display="inline"' in to_mathml("x")
