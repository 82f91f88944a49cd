"""The drawing object: notebook, files, options, and big graphs."""

import random
import xml.dom.minidom

import graphviz
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core.visualize import PictureError
from autograd_core.visualize.drawing import LIMIT, Drawing


@pytest.fixture
def drawing():
    x = ag.Tensor(3.0)
    return ag.draw(x * x)


def test_it_is_a_digraph_that_shows_itself(drawing, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert isinstance(drawing, graphviz.Digraph)
    bundle = drawing._repr_mimebundle_()
    assert list(bundle) == ["image/svg+xml"]
    assert "<svg" in bundle["image/svg+xml"]
    assert drawing._repr_mimebundle_(include=["image/png"])["image/png"].startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.svg", b"<?xml"), ("b.PNG", b"\x89PNG"), ("c.dot", b"digraph"), ("d.gv", b"digraph")],
)
def test_saving_by_suffix(drawing, tmp_path, name, start):
    path = drawing.save(tmp_path / "new" / "folder" / name)
    assert path == str(tmp_path / "new" / "folder" / name)
    assert (tmp_path / "new" / "folder" / name).read_bytes().startswith(start)
    assert [entry.name for entry in (tmp_path / "new" / "folder").iterdir()] == [name]


def test_saving_into_a_directory_and_keeping_what_is_there(drawing, tmp_path):
    (tmp_path / "a.svg").write_text("mine")
    drawing.save("a.svg", tmp_path, skip_existing=True)
    assert (tmp_path / "a.svg").read_text() == "mine"
    drawing.save("a.svg", tmp_path)
    assert (tmp_path / "a.svg").read_text() != "mine"


def test_a_bad_suffix_writes_nothing(drawing, tmp_path):
    with pytest.raises(PictureError, match=r"ends in '\.jpg'"):
        drawing.save(tmp_path / "a.jpg")
    assert list(tmp_path.iterdir()) == []


def test_graphviz_own_ways_still_work(drawing, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert drawing.render("square.gv") == "square.gv.svg"
    assert drawing.render("square.gv", format="png") == "square.gv.png"
    assert drawing.render(directory=tmp_path, outfile=tmp_path / "x.svg", cleanup=True) == str(
        tmp_path / "x.svg"
    )
    assert {path.name for path in tmp_path.iterdir()} == {
        "square.gv",
        "square.gv.svg",
        "square.gv.png",
        "x.svg",
    }
    drawing.node("extra", label="by hand")
    assert "by hand" in drawing.pipe("svg", encoding="utf-8")
    assert isinstance(drawing.copy(), Drawing)
    with pytest.raises(PictureError, match=r"^pipe\(\) of a drawing takes no renderer\.$"):
        drawing.pipe("svg", renderer="cairo")


@pytest.mark.parametrize("direction", ["LR", "TB", "RL", "BT"])
def test_directions(direction):
    x = ag.Tensor(3.0)
    assert f"rankdir={direction}" in ag.draw(x * x, direction=direction).source


def test_wrong_options():
    x = ag.Tensor(3.0)
    with pytest.raises(PictureError) as caught:
        ag.draw(x, direction="left")
    assert str(caught.value) == "direction must be one of 'LR', 'TB', 'RL', 'BT', not 'left'."
    with pytest.raises(PictureError) as caught:
        ag.draw(x, limit=0)
    assert str(caught.value) == "limit is the number of nodes to draw, at least 1, not 0."


def test_parallel_edges_are_drawn_twice(drawing):
    svg = xml.dom.minidom.parseString(drawing.pipe("svg"))
    edges = [g for g in svg.getElementsByTagName("g") if g.getAttribute("class") == "edge"]
    assert len(edges) == 2


def chain(length):
    x = ag.Tensor(1.0, name="x")
    z = ag.Tensor(0.5)
    for _ in range(length):
        z = z * 0.999 + x
    return z


def test_size_grows_linearly_up_to_the_limit():
    sizes = [len(ag.draw(chain(length), names={}).body) for length in (250, 500, 1000)]
    assert sizes[1] < 2.1 * sizes[0]
    assert sizes[2] < 2.1 * sizes[1]


def test_a_graph_of_fifty_thousand_nodes_is_capped():
    drawing = ag.draw(chain(25_000), names={}, fold=False)
    assert drawing.graph_view.total == 50_002
    assert f"{50_002 - LIMIT - 1:,} earlier nodes" in drawing.source
    assert len(drawing.body) < 4 * LIMIT


def test_two_thousand_nodes_are_rendered():
    drawing = ag.draw(chain(999), names={})
    assert drawing.graph_view.total == 2_000
    assert b"<svg" in drawing.pipe("svg")


def test_a_tangle_is_rendered():
    generator = random.Random(0)
    tensors = [ag.Tensor(1.0)]
    for _ in range(400):
        tensors.append(np.tanh(generator.choice(tensors) * generator.choice(tensors)))
    total = sum(tensors[1:], tensors[0])
    assert b"<svg" in ag.draw(total).pipe("svg")


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1), st.floats(0, 1)), max_size=15))
@settings(max_examples=25)
def test_any_graph_can_be_drawn(steps):
    tensors = [ag.Tensor(0.5), ag.Tensor(np.ones((2, 3))), ag.Tensor([np.nan, 1e308, 0.0])]
    with np.errstate(all="ignore"):
        for kind, left, right in steps:
            a = tensors[round(left * (len(tensors) - 1))]
            b = tensors[round(right * (len(tensors) - 1))]
            tensors.append([a + b, a * b, np.tanh(a), np.sum(a), a * 2.0][kind])
    xml.dom.minidom.parseString(ag.draw(tensors[-1]).pipe("svg"))
