"""The drawing object: notebook, files, options, and big graphs."""

import random
import time
import xml.dom.minidom

import graphviz
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core.visualize import PictureError
from autograd_core.visualize.drawing import LIMIT, Drawing
from tests.autograd_core.test_random_graphs import (
    CONSTANT,
    SETTINGS,
    execute,
    leaves_of,
    loss,
    on_tensors,
    programs,
    registry_shuffled,
    seeds,
)


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


SWITCHES = ["values", "gradients", "shapes", "dtypes", "operations", "locations", "flow"]


@pytest.mark.parametrize("option", SWITCHES)
def test_a_switch_is_true_or_false(option):
    with pytest.raises(PictureError) as caught:
        ag.draw(ag.Tensor(3.0), **{option: "yes"})
    assert str(caught.value) == f"{option} must be True or False, not 'yes'."


@pytest.mark.parametrize("fold", ["always", 1, None])
def test_a_wrong_fold(fold):
    with pytest.raises(PictureError) as caught:
        ag.draw(ag.Tensor(3.0), fold=fold)
    assert str(caught.value) == f"fold must be one of True, False, 'auto', not {fold!r}."


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
    drawing = ag.draw(chain(25_000), names={}, gradients=False, fold=False)
    assert drawing.graph_view.total == 50_002
    assert f"{50_002 - LIMIT - 1:,} earlier nodes" in drawing.source
    assert len(drawing.body) < 4 * LIMIT


def test_big_graphs_are_folded_by_themselves():
    drawing = ag.draw(chain(5_000), names={})
    assert drawing.graph_view.total == 10_002
    assert "5,000 ×" in drawing.source
    assert len(drawing.body) < 12
    assert " ×</b>" not in ag.draw(chain(10), names={}).source
    assert "10 ×" in ag.draw(chain(10), names={}, fold=True).source


def wide(count):
    return np.stack([np.sin(ag.Tensor(float(i))) for i in range(count)]).sum()


def random_chain(count):
    generator, z = random.Random(0), ag.Tensor(0.5)
    for _ in range(count):
        z = generator.choice([np.sin, np.cos, np.tanh])(z)
    return z


def tangle(count, back):
    generator = random.Random(0)
    tensors = [ag.Tensor(1.0) for _ in range(10)]
    for _ in range(count):
        pool = tensors[-back:]
        tensors.append(np.tanh(generator.choice(pool) * generator.choice(pool)))
    return sum(tensors[-40:-1], tensors[-1])


@pytest.mark.parametrize(
    ("build", "options"),
    [
        (lambda: chain(999), {}),
        pytest.param(lambda: chain(999), {"fold": False}, marks=pytest.mark.slow),
        (lambda: wide(1000), {}),
        pytest.param(lambda: wide(1000), {"fold": False}, marks=pytest.mark.slow),
        pytest.param(lambda: random_chain(2000), {}, marks=pytest.mark.slow),
        (lambda: tangle(1000, 30), {}),
        (lambda: tangle(700, 10_000), {}),
    ],
    ids=["chain", "whole chain", "wide", "whole wide", "random chain", "tangle", "far tangle"],
)
def test_two_thousand_nodes_in_a_few_seconds(build, options):
    tensor = build()
    start = time.perf_counter()
    svg = ag.draw(tensor, names={}, **options).pipe("svg")
    assert b"<svg" in svg
    # 0.1 to 2 s on an idle machine; a layout that grows with the square takes minutes.
    assert time.perf_counter() - start < 15


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1), st.floats(0, 1)), max_size=15))
@settings(max_examples=25)
def test_any_graph_can_be_drawn(steps):
    tensors = [ag.Tensor(0.5), ag.Tensor(np.ones((2, 3))), ag.Tensor([np.nan, 1e308, 0.0])]
    with np.errstate(all="ignore"):
        for kind, left, right in steps:
            a = tensors[round(left * (len(tensors) - 1))]
            b = tensors[round(right * (len(tensors) - 1))]
            tensors.append([a + b, a * b, np.tanh(a), np.sum(a), a * 2.0][kind])
    for fold in (True, False):
        xml.dom.minidom.parseString(ag.draw(tensors[-1], fold=fold, flow=True).pipe("svg"))


@settings(max_examples=5, **SETTINGS)
@given(programs(3, 25), seeds)
def test_graphs_of_every_kind_of_operation_can_be_drawn(program, seed):
    arrays, _ = leaves_of(seed, ["float64", "complex128"])
    values = execute(program, [ag.Tensor(x) for x in arrays], on_tensors, CONSTANT)
    total = loss(values, np.random.default_rng(seed))
    flow = bool(seed % 2)
    before = ag.draw(total, flow=flow, fold=True)
    xml.dom.minidom.parseString(before.pipe("svg"))
    total.backward() if total.dtype.kind == "f" else total.real.backward()
    xml.dom.minidom.parseString(ag.draw(total, flow=flow, fold=False).pipe("svg"))


def test_every_operation_can_be_drawn(rng):
    """One picture of a graph with many different operations of the registry."""
    arrays, _ = leaves_of(0, ["float64", "complex128"])
    program = registry_shuffled(rng, 60, narrow=0)
    values = execute(program, [ag.Tensor(x) for x in arrays], on_tensors, CONSTANT)
    drawing = ag.draw(loss(values, rng), flow=True, fold=False)
    assert "None" not in "".join(vertex.label for vertex in drawing.graph_view.vertices)
    xml.dom.minidom.parseString(drawing.pipe("svg"))


def test_a_drawing_says_what_it_is():
    x = ag.Tensor(2.0)
    y = x * 3.0
    assert repr(ag.draw(y)) == '<Drawing of y: 2 nodes; .save("graph.svg"), ".png" or ".dot">'
    assert repr(ag.draw(x)).startswith("<Drawing of x: 1 node;")
