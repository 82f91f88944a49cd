"""Long edges become references; short ones and small pictures stay as they are."""

import autograd_core as ag
from autograd_core.visualize import read
from autograd_core.visualize.references import LONGEST, cut_long_edges, levels
from autograd_core.visualize.view import Kind


def chain(length):
    x = ag.Tensor(1.0, name="x")
    z = ag.Tensor(0.5)
    for _ in range(length):
        z = z * 1.5 + x
    return read(z)


def test_small_pictures_keep_all_edges():
    view = chain(10)
    assert cut_long_edges(view) is view


def test_no_edge_of_a_big_picture_is_long():
    view = cut_long_edges(chain(200))
    references = [v for v in view.vertices if v.kind is Kind.REFERENCE]
    assert len(references) > 150
    assert {v.label for v in references} == {"x"}
    assert len(view.edges) == len(chain(200).edges)
    level = levels(view)
    assert max(level[e.target] - level[e.source] for e in view.edges) <= LONGEST


def test_size_grows_with_the_graph_not_with_its_square():
    small, big = cut_long_edges(chain(500)), cut_long_edges(chain(1000))
    level, higher = levels(small), levels(big)
    span = sum(level[e.target] - level[e.source] for e in small.edges)
    longer = sum(higher[e.target] - higher[e.source] for e in big.edges)
    assert longer < 2.1 * span
