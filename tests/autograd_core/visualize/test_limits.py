"""What is left out is counted, and the rest is as it was."""

import pytest

import autograd_core as ag
from autograd_core.visualize import PictureError, read
from autograd_core.visualize.folding import fold_repeats
from autograd_core.visualize.limits import keep_latest, keep_near
from autograd_core.visualize.view import Kind


def chain(length):
    x, z = ag.Tensor(1.0, name="x"), ag.Tensor(0.5, name="z")
    for _ in range(length):
        z = z * 2.0 + x
    return z


def drawn(view):
    return [vertex.label for vertex in view.vertices if vertex.kind is not Kind.CONSTANT]


def test_depth_counts_steps_back_from_the_result():
    view = read(chain(3))
    assert drawn(keep_near(view, 1)) == ["5 earlier nodes", "x", "v6", "v7"]
    assert drawn(keep_near(view, 2)) == ["4 earlier nodes", "x", "v5", "v6", "v7"]
    assert keep_near(view, 6) is view


def test_the_box_says_what_is_in_it_and_how_to_see_it():
    near = ag.draw(chain(3), depth=1)
    assert "5 earlier nodes" in near.source
    assert "1 of them a leaf; draw(..., depth=) shows more" in near.source
    latest = ag.draw(chain(3), limit=3)
    assert "draw(..., limit=) shows more" in latest.source
    (edge,) = [edge for edge in near.graph_view.edges if edge.source == "earlier"]
    assert edge.target == "6"


def test_the_latest_boxes_keep_their_leaves():
    assert drawn(keep_latest(read(chain(3)), 2)) == ["5 earlier nodes", "x", "v6", "v7"]


def test_folded_nodes_are_counted_too():
    z = chain(100)
    view = keep_latest(fold_repeats(read(((z + 1.0) ** 2.0) * 3.0)), 2)
    assert view.vertices[0].label == "203 earlier nodes"
    assert view.total == 205


def test_one_node_is_not_several():
    x = ag.Tensor(1.0, name="x")
    assert "1 earlier node<" in ag.draw((x * 2.0) * 3.0, depth=1).source


@pytest.mark.parametrize("depth", [0, -1, 1.5, "2", True])
def test_a_wrong_depth(depth):
    with pytest.raises(PictureError) as caught:
        ag.draw(chain(2), depth=depth)
    assert str(caught.value) == (
        f"depth is the number of steps back from the result, at least 1, not {depth!r}."
    )
