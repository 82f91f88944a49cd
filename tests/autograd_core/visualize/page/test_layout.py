"""Where things stand: everything has a place, boxes do not overlap, edges join their boxes."""

import itertools

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.visualize import read
from autograd_core.visualize.page import data
from autograd_core.visualize.page.boxes import sizes
from autograd_core.visualize.page.layered import layered
from autograd_core.visualize.page.layout import edge_identity, from_plain, with_graphviz
from autograd_core.visualize.render import PictureError


@pytest.fixture
def view():
    """A value used three times, twice by one operation, and an edge over several layers."""
    x, w = ag.Tensor(2.0, name="x"), ag.Tensor(3.0, name="w")
    h = np.tanh(w * x + 1.0)
    return read(h * h + x)


@pytest.mark.parametrize("place", [with_graphviz, layered])
@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_everything_has_a_place(view, place, direction):
    layout = place(view, direction)
    assert set(layout.vertices) == {vertex.identity for vertex in view.vertices}
    assert set(layout.edges) == {edge_identity(e.target, e.position) for e in view.edges}
    for identity, (x, y) in layout.vertices.items():
        width, height = sizes(view)[identity]
        assert width / 2 <= x <= layout.width - width / 2
        assert height / 2 <= y <= layout.height - height / 2


@pytest.mark.parametrize("place", [with_graphviz, layered])
@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_boxes_do_not_overlap(view, place, direction):
    room, centres = sizes(view), place(view, direction).vertices
    for first, second in itertools.combinations(centres, 2):
        apart = np.abs(np.subtract(centres[first], centres[second]))
        needed = np.add(room[first], room[second]) / 2
        assert (apart >= needed - 1).any(), (first, second)


@pytest.mark.parametrize("place", [with_graphviz, layered])
@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_edges_join_their_boxes(view, place, direction):
    layout, room = place(view, direction), sizes(view)
    for edge in view.edges:
        points = layout.edges[edge_identity(edge.target, edge.position)]
        assert len(points) % 3 == 1
        for end, identity in [(points[0], edge.source), (points[-1], edge.target)]:
            away = np.abs(np.subtract(end, layout.vertices[identity]))
            assert (away <= np.divide(room[identity], 2) + 12).all()


def test_direction(view):
    result = view.vertices[-1].identity
    for place in (with_graphviz, layered):
        x, y = place(view, "LR").vertices["0"], place(view, "TB").vertices["0"]
        assert x[0] < place(view, "LR").vertices[result][0]
        assert y[1] < place(view, "TB").vertices[result][1]


def test_without_a_renderer_the_page_is_placed_all_the_same(view, monkeypatch):
    def broken(*_):
        raise PictureError("No program that can render a graph was found.")

    monkeypatch.setattr(data, "with_graphviz", broken)
    assert data._placed(view, "LR") == layered(view, "LR")


def test_a_layout_that_lacks_a_vertex_is_refused(view):
    with pytest.raises(PictureError, match="lacks some vertices"):
        from_plain(view, "graph 1 2 1\nstop")


def test_wide_letters_and_long_names_have_room():
    width = {}
    for name in ("x", "漢字漢字漢字漢字漢字漢字", "a" * 300):
        [vertex] = read(ag.Tensor(1.0, name=name)).vertices
        width[name] = sizes(read(ag.Tensor(1.0, name=name)))[vertex.identity][0]
    assert width["x"] < width["漢字漢字漢字漢字漢字漢字"] <= 270
    assert width["a" * 300] == 270
