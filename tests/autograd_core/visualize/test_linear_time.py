"""Time grows as the number of nodes: four times the graph is far from sixteen times the work."""

import time

import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.visualize.page import data
from autograd_core.visualize.replay import derive

# Slow, for a clock is worth reading only when nothing else runs and nothing counts the lines.
pytestmark = pytest.mark.slow

SMALL, TIMES = 400, 4


def chain(length):
    """Steps of a loop, all of which use one leaf."""
    z = x = Tensor(1.0, name="x")
    for _ in range(length // 2):
        z = z * 1.0001 + x
    return z


def seconds(work, argument):
    start = time.process_time()
    work(argument)
    return time.process_time() - start


WORK = {
    "derive": (chain, lambda z: derive(z, {}, limit=None)),
    "text": (lambda n: ag.explain(chain(n), names={}, limit=None), lambda e: e.text),
    "latex": (lambda n: ag.explain(chain(n), names={}, limit=None), lambda e: e.latex),
    "page": (lambda n: ag.explain(chain(n), names={}, limit=None), lambda e: e.html),
    "dot, whole": (chain, lambda z: ag.draw(z, names={}, fold=False).source),
    "dot, folded": (chain, lambda z: ag.draw(z, names={}, fold=True).source),
}


@pytest.mark.parametrize("name", WORK)
def test_time_is_linear_in_the_nodes(name, monkeypatch):
    monkeypatch.setattr(data, "MOST_PLACED", 0)  # Graphviz's own time is not ours
    make, work = WORK[name]
    small, large = make(SMALL), make(SMALL * TIMES)
    work(small)  # whatever is loaded first
    for _ in range(3):  # the machine may be busy otherwise
        ratio = min(seconds(work, large) for _ in range(2)) / max(seconds(work, small), 1e-3)
        if ratio < TIMES * 2.2:
            return
    pytest.fail(f"{TIMES} times the nodes took {ratio:.1f} times the time")


def test_a_graph_of_50_000_nodes_is_explained_in_part():
    z = chain(50_000)
    start = time.process_time()
    explanation = ag.explain(z, names={}, limit=100)
    assert "49,900 earlier nodes are left out" in explanation.text
    assert "49,900 earlier nodes" in explanation.html
    assert time.process_time() - start < 20


def test_all_of_50_000_nodes_are_explained_where_that_is_asked_for():
    z = chain(50_000)
    start = time.process_time()
    explanation = ag.explain(z, names={}, limit=None)
    assert len(explanation.derivation.reverse) == 50_001
    assert explanation.text.count("\n") > 200_000
    assert explanation.html.endswith("</html>\n")
    assert time.process_time() - start < 240
