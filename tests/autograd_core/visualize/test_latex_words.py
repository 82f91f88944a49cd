"""Names, numbers and arrays as LaTeX: nothing in them is obeyed, everything can be read back."""

import html
import re

import numpy as np
import pytest

from autograd_core.visualize.latex_words import latex_label, latex_number, latex_text, latex_value
from autograd_core.visualize.mathml import to_mathml

HOSTILE = [
    "<script>alert(1)</script>",
    "</math><img src=x onerror=alert(1)>",
    "a&b;",
    "100%",
    "\\",
    r"\input{/etc/passwd}",
    "hidden_size",
    "{",
    "}}",
    "$x$",
    "x^2~y|z",
    "#1",
    "\"'`",
    "layers.0.weight",
    "w[3]",
    "größe",
    "שלום",
    "日本",
    " ",
    "-",
    "x=1+2*3",
]


def shown(mathml):
    """What a person sees of MathML: its text."""
    return html.unescape(re.sub("<[^>]*>", "", mathml)).replace("\u00a0", " ")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_shown_whatever_it_is(name):
    written = to_mathml(latex_text(name))
    assert set(re.findall(r"</?(\w+)", written)) <= {"math", "mrow", "mtext", "mi", "mo", "mn"}
    same = {"∧": "^", "\u223c": "~", "∗": "*", "\u2223": "|", "−": "-"}
    read = "".join(same.get(character, character) for character in shown(written))
    assert read == name


@pytest.mark.parametrize("name", [*HOSTILE, "", "w_1", "v12", "alpha", "w_out", "x\ny", "\u202ex"])
@pytest.mark.parametrize("gradient", [False, True])
def test_braces_balance_and_specials_are_escaped(name, gradient):
    written = latex_label(name, gradient=gradient)
    bare = re.sub(r"\\[{}%#&$_]", "", written)
    assert bare.count("{") == bare.count("}")
    assert not set(bare) & set("%#&$\n\u202e<>")
    to_mathml(written)


def test_characters_that_reorder_text_are_made_visible():
    assert "\u202e" not in latex_label("\u202egpj.exe")
    assert "u202egpj.exe" in latex_label("\u202egpj.exe")


@pytest.mark.parametrize(
    ("label", "value", "gradient"),
    [
        ("x", "x", r"\bar{x}"),
        ("w_1", "w_{1}", r"\bar{w}_{1}"),
        ("v12", "v_{12}", r"\bar{v}_{12}"),
        ("w_h", "w_{h}", r"\bar{w}_{h}"),
        ("beta2", r"\beta_{2}", r"\bar{\beta}_{2}"),
        ("loss", r"\text{loss}", r"\overline{\text{loss}}"),
        ("loss_2", r"\text{loss}\_\text{2}", r"\overline{\text{loss}\_\text{2}}"),
        ("w1", "w_{1}", r"\bar{w}_{1}"),
    ],
)
def test_letters_with_an_index(label, value, gradient):
    assert latex_label(label) == value
    assert latex_label(label, gradient=True) == gradient


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (2.0, "2"),
        (-0.0, "0"),
        (np.float32(0.1), "0.1"),
        (1e308, r"1 \times 10^{308}"),
        (-1.5e-7, r"-1.5 \times 10^{-7}"),
        (10**400, r"\infty"),
        (float("nan"), r"\text{nan}"),
        (float("-inf"), r"-\infty"),
        (True, r"\text{True}"),
        (1j, r"0 + 1\,\mathrm{i}"),
        (complex(float("nan"), float("-inf")), r"\text{nan} - \infty\,\mathrm{i}"),
    ],
)
def test_numbers(number, written):
    assert latex_number(number) == written
    to_mathml(written)


@pytest.mark.parametrize(
    ("array", "written"),
    [
        (np.array(3.0), "3"),
        (np.eye(2), r"\begin{bmatrix}1 & 0 \\ 0 & 1\end{bmatrix}"),
        (np.array([True]), r"\begin{bmatrix}\text{True}\end{bmatrix}"),
        (np.arange(5.0), r"\text{(5,) float64, 0 to 4}"),
        (np.zeros((2, 2, 2)), r"\text{(2, 2, 2) float64, all 0}"),
        (np.full((9, 9), np.nan), r"\text{(9, 9) float64, all nan}"),
        (np.zeros((0,)), r"\text{(0,) float64, empty}"),
        (np.zeros((0, 2)), r"\text{(0, 2) float64, empty}"),
    ],
)
def test_arrays(array, written):
    assert latex_value(array) == written
    to_mathml(written)


def test_complex_arrays_are_described_by_their_modulus():
    assert r"\vert \text{z}\vert " in latex_value(np.full(9, 1 + 1j))
