"""DOT text: a golden file, hostile names, and what each state looks like."""

import xml.dom.minidom
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag

GOLDEN = Path(__file__).with_name("golden")

HOSTILE = [
    "<script>alert(1)</script>",
    "<b>bold</b>",
    '"quoted"',
    "it's",
    "a&b;&amp;",
    "two\nlines\r\n\tand a tab",
    "back\\slash\\N\\G\\l\\",
    "a|b{c}<d>",
    "\u202eright-to-left",
    "\x00nul\x1b[31m",
    "]]>",
    "-->",
    " ",
    "\ud800",
    "漢字",
    "--x",
    "node",
    "%s{0}",
]


def test_golden():
    x, w, b = ag.Tensor(2.0), ag.Tensor(-3.0), ag.Tensor(6.8814)
    neuron = np.tanh(x * w + b) * 10.0
    text = ag.draw(neuron).source
    # After a change that is meant: write `text` into the file, and look at the picture.
    assert text == (GOLDEN / "neuron.dot").read_text(encoding="utf-8")
    neuron.backward()
    assert ag.draw(neuron).source == text


def test_the_same_expression_gives_the_same_drawing_whatever_came_before():
    def build():
        x = ag.Tensor(2.0, name="x")
        return np.exp(x) * x

    first = ag.draw(build()).source
    ag.Tensor(1.0)  # another birth
    assert ag.draw(build()).source == first


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_shown_as_text(name):
    x = ag.Tensor(2.0, name=name)
    y = x * x
    y.name = name
    svg = ag.draw(y).pipe("svg", encoding="utf-8")
    document = xml.dom.minidom.parseString(svg)
    shown = [
        "".join(node.data for node in element.childNodes)
        for element in document.getElementsByTagName("text")
    ]
    visible = name.encode("unicode_escape").decode() if not name.isprintable() else name
    assert shown[0] == visible
    assert not document.getElementsByTagName("script")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_a_repeat_and_in_a_png(name):
    x = z = ag.Tensor(2.0, name=name)
    for _ in range(5):
        z = z * 2.0 + x
    drawing = ag.draw(z, fold=True, flow=True, theme="dark")
    document = xml.dom.minidom.parseString(drawing.pipe("svg"))
    assert not document.getElementsByTagName("script")
    assert drawing.pipe("png").startswith(b"\x89PNG")


def test_a_repeat_says_what_it_is():
    x, z = ag.Tensor(1.0, name="x"), ag.Tensor(0.5, name="start")
    for _ in range(200):
        z = z * 1.0001 + x
    source = ag.draw(z).source
    assert "<b>200 ×</b> (v = v × 1.0001 + x)" in source
    assert "v2 … z: 400 operations" in source
    assert "1.5 → 202.51" in source


def test_the_edge_of_a_repeat_is_labelled_by_two_numbers_of_usual_length():
    terms = [np.tanh(ag.Tensor(i / 50, name=f"w[{i}]")) * 2 for i in range(50)]
    total = 0.0
    for term in terms:
        total = total * 0.9 + term
    assert ">0.0057264 → 0.9<" in ag.draw(total, flow=True).source


def test_nodes_and_edges_can_be_found_in_the_picture():
    x = ag.Tensor(2.0, name="x")
    document = xml.dom.minidom.parseString(ag.draw(x * 3.0).pipe("svg"))
    groups = {g.getAttribute("id"): g for g in document.getElementsByTagName("g")}
    assert {"n0", "n1", "nc1_1", "e0_1_0", "ec1_1_1_1"} <= groups.keys()
    assert groups["n0"].getAttribute("class") == "node leaf"
    assert groups["n1"].getAttribute("class") == "node result"


def test_what_is_shown():
    x = ag.Tensor(np.ones(2, np.float32), name="x")
    y = (x * 2.0).sum()
    assert "(2,)" in ag.draw(y, dtypes=False).source
    assert "float32" not in ag.draw(y, dtypes=False).source
    assert "(2,)" not in ag.draw(y, shapes=False, dtypes=True).source
    assert "float32" in ag.draw(y, shapes=False, dtypes=True).source
    assert "x × 2" not in ag.draw(y, operations=False).source
    assert "test_dot.py:" in ag.draw(y, locations=True).source
    assert "test_dot.py:" not in ag.draw(y).source


@given(st.text(max_size=30))
@settings(max_examples=40)
def test_any_name_makes_a_valid_picture(name):
    x = ag.Tensor(2.0, name=name)
    svg = ag.draw(x * 2.0).pipe("svg", encoding="utf-8")
    xml.dom.minidom.parseString(svg)


HOSTILE_VALUES = [
    np.nan,
    np.inf,
    -np.inf,
    1e308,
    5e-324,
    1 + 2j,
    1.5e308 + 1.5e308j,
    np.array([np.nan, np.inf, 1e308, 0.0, -1.0, 2.0]),
    np.full(5, np.nan),
    np.full(6, 1.5e308 + 1.5e308j),
    np.array([complex(np.nan, 1.0)] * 6),
    np.zeros((0, 3)),
    np.zeros((0,), complex),
]


@pytest.mark.parametrize("value", HOSTILE_VALUES)
def test_hostile_values(value):
    x = ag.Tensor(value, name="x")
    with np.errstate(all="ignore"):
        y = x * 1.0 * x
    drawing = ag.draw(y, flow=True)
    xml.dom.minidom.parseString(drawing.pipe("svg"))
    assert drawing.pipe("png").startswith(b"\x89PNG")


def test_empty_arrays():
    x = ag.Tensor(np.zeros((0, 3)), name="x")
    assert ">empty<" in ag.draw(x.sum()).source


def test_zero_not_computed_and_released_look_different():
    x = ag.Tensor(np.ones(1000), name="x")
    y = (x * np.zeros(1000)).sum()
    assert 'color="#3e4c59">all 0</font>' in ag.draw(y).source
    y.backward()
    assert "<s><font" in ag.draw(y).source
    not_computed = ag.draw(x * 2.0).source
    assert "<i><font" in not_computed
    assert "not computed" in not_computed
    assert "released" not in not_computed


def test_rows_can_be_left_out():
    x = ag.Tensor([1.0, 2.0], name="x")
    y = (x * np.ones(2)).sum()
    full = ag.draw(y).source
    assert all(text in full for text in ("value", "grad", "(2,) float64"))
    assert ">value" not in ag.draw(y, values=False).source
    assert ">grad" not in ag.draw(y, gradients=False).source
    assert "float64" not in ag.draw(y, shapes=False).source


def test_dtypes_other_than_the_usual_are_shown():
    x = ag.Tensor(1.0, dtype=np.float32, name="x")
    assert "scalar float32" in ag.draw(x * 2.0).source
    assert "float64" not in ag.draw(ag.Tensor(1.0) * 2.0).source


def test_constants_are_quiet_and_named_arrays_say_their_shape():
    x = ag.Tensor([1.0, 2.0])
    y = x * np.array([3.0, 4.0])
    nameless = ag.draw(y, names={}).source
    assert "array(2,)" in nameless
    target = np.array([3.0, 4.0])
    named = ag.draw(x * target).source
    assert '<font color="#5c6975">target</font>' in named
    assert "penwidth=0.8" in named


def test_several_outputs_have_no_numbers_of_their_own():
    x = ag.Tensor(np.arange(4.0), name="x")
    first, second = np.split(x, 2)
    source = ag.draw((first * second).sum()).source
    assert "first</b> = v1[0]" in source
    assert "None" not in source
    assert "not computed" not in source


def test_what_is_left_out_is_said():
    z = ag.Tensor(1.0)
    for _ in range(20):
        z = z * 2.0
    source = ag.draw(z, limit=5).source
    assert "16 earlier nodes" in source
    assert "style=dashed" in source


def test_long_expressions_are_cut():
    tensors = [ag.Tensor(1.0, name="a_rather_long_name_" * 3) for _ in range(4)]
    assert "…" in ag.draw(np.stack(tensors)).source
