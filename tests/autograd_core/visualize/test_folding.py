"""Repeats become one box: which, what it says, and that nothing else changes."""

import random
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
import nn
from autograd_core.graph import ancestors
from autograd_core.visualize import read
from autograd_core.visualize.folding import fold_repeats
from autograd_core.visualize.view import Kind, State


def repeats(view):
    return [vertex.repeat for vertex in view.vertices if vertex.repeat is not None]


def folded(tensor, names=None):
    view = read(tensor, names)
    result = fold_repeats(view)
    check_consistent(view, result)
    return result


def check_consistent(view, result):
    """Every node is drawn or counted once; edges tie what is there, and point forwards."""
    assert result.total == view.total
    nodes = [vertex for vertex in result.vertices if vertex.kind is not Kind.CONSTANT]
    assert sum(1 if v.repeat is None else v.repeat.nodes for v in nodes) == view.total
    place = {vertex.identity: i for i, vertex in enumerate(result.vertices)}
    assert len(place) == len(result.vertices)
    assert all(place[edge.source] < place[edge.target] for edge in result.edges)
    assert len({(e.source, e.target, e.position) for e in result.edges}) == len(result.edges)
    targets = [place[edge.target] for edge in result.edges]
    assert targets == sorted(targets)


def chain(length):
    x = ag.Tensor(1.0, name="x")
    z = ag.Tensor(0.5, name="z")
    for _ in range(length):
        z = z * 1.0001 + x
    return z


def test_a_chain_is_one_box_that_says_so():
    view = folded(chain(200))
    assert [vertex.label for vertex in view.vertices] == ["x", "z", "v401"]
    box = view.vertices[-1]
    assert (box.repeat.count, box.repeat.body) == (200, "v = v × 1.0001 + x")
    assert box.repeat.members == "v2 … v401: 400 operations"
    assert box.repeat.result
    assert [(edge.source, edge.target) for edge in view.edges] == [
        ("1", "f2_401"),
        ("0", "f2_401"),
    ]


def test_a_box_has_the_value_and_gradient_of_the_first_and_the_last_piece():
    z = ag.Tensor(1.0)
    for _ in range(10):
        z = z * 2.0
    box = folded(z).vertices[-1]
    assert (box.repeat.first_value.data, box.value.data) == (2.0, 1024.0)
    assert (box.repeat.first_gradient.data, box.gradient.data) == (512.0, 1.0)


def test_two_pieces_are_left_as_they_are():
    view = read(chain(2))
    assert fold_repeats(view) is view
    assert len(repeats(fold_repeats(read(chain(3))))) == 1


def test_ten_equal_layers_are_one_box_with_their_weights():
    model = nn.MLP(4, [4] * 10, 2, activation="tanh", rng=np.random.default_rng(0))
    loss = model(np.ones((3, 4), np.float32)).sum()
    view = folded(loss, dict(model.named_parameters()))
    (repeat,) = repeats(view)
    assert (repeat.count, repeat.body) == (10, "v = tanh(linear(v, i.weight, i.bias))")
    assert repeat.nodes == 40
    leaves = [vertex.label for vertex in view.vertices if vertex.kind is Kind.LEAF]
    assert leaves == ["20.weight", "20.bias"]


def test_layers_of_different_width_stay():
    model = nn.MLP(4, [5, 6, 7, 8], 2, rng=np.random.default_rng(0))
    assert repeats(folded(model(np.ones((3, 4), np.float32)).sum())) == []


def test_a_residual_net():
    h = ag.Tensor(np.ones(4), name="h")
    weights = [ag.Tensor(np.ones((4, 4)), name=f"W{i}") for i in range(10)]
    for weight in weights:
        h = h + np.tanh(h @ weight) * 0.5
    (repeat,) = repeats(folded(h.sum()))
    assert (repeat.count, repeat.body) == (10, "v = v + tanh(v @ Wi) × 0.5")


def test_a_recurrent_net():
    u, v = ag.Tensor(np.eye(4), name="U"), ag.Tensor(np.eye(4), name="V")
    xs, h = ag.Tensor(np.ones((20, 4)), name="X"), ag.Tensor(np.zeros(4), name="h")
    loss = 0
    for t in range(20):
        h = np.tanh(xs[t] @ u + h @ v)
        loss = loss + (h * h).sum()
    (repeat,) = repeats(folded(loss))
    assert (repeat.count, repeat.body) == (
        20,
        "a = tanh(X[…] @ U + a @ V); v = v + Σ(a × a)",
    )


def test_independent_terms_and_the_sum_over_them():
    weights = [ag.Tensor(float(i), name=f"w[{i}]") for i in range(100)]
    first, second = repeats(folded(sum([np.tanh(w * 2.0) ** 2 for w in weights])))
    assert (first.count, first.body) == (100, "v = tanh(w[i] × 2) ^ 2")
    assert (second.count, second.body) == (100, "v = v + u")


def test_a_loop_in_a_loop():
    z = ag.Tensor(0.1, name="x")
    for _ in range(5):
        start = z
        for _ in range(8):
            z = np.sin(z) * 1.5
        z = z + np.cos(start)
    (repeat,) = repeats(folded(z))
    assert repeat.count == 5
    assert repeat.body == "v = 8 × (v = sin(v) × 1.5) + cos(v)"
    assert repeat.nodes == 5 * 18


def test_constants_that_differ_are_called_c():
    z = ag.Tensor(1.0)
    for i in range(10):
        z = z * float(i + 1.5)
    (repeat,) = repeats(folded(z))
    assert repeat.body == "v = v × c"


def test_what_does_not_do_the_same_is_not_folded():
    z = ag.Tensor(np.ones((4, 4)), name="x")
    for axis in (0, 1, 0, 0, 1):
        z = np.cumsum(z, axis=axis)
    assert repeats(folded(z.sum())) == []


def test_pieces_wired_differently_are_not_taken_for_equal():
    # Every step uses its leaf twice, but in the second half two leaves take that place.
    z = ag.Tensor(1.0)
    leaves = [ag.Tensor(float(i)) for i in range(20)]
    for leaf in leaves[:6]:
        z = z * leaf + leaf
    for first, second in zip(leaves[6:12], leaves[12:18], strict=True):
        z = z * first + second
    assert [repeat.count for repeat in repeats(folded(z))] == [6, 6]


def test_what_all_pieces_share_is_not_one_of_them():
    # The two operations before the loop look like a first step of it.
    x = ag.Tensor(1.1, name="x")
    factor = ag.Tensor(0.7, name="start") * x * 0.5
    factor.name = "factor"
    z = factor * 0.9
    for _ in range(20):
        z = factor * z * 0.5
    (repeat,) = repeats(folded(z))
    assert (repeat.count, repeat.body) == (20, "v = factor × v × 0.5")


def test_equal_uses_of_one_value_are_no_chain():
    inner = np.sin(ag.Tensor(1.1, name="x"))
    inner.name = "inner"
    outer, _ = repeats(folded(sum([np.sin(inner) for _ in range(6)])))
    assert (outer.count, outer.body) == (6, "v = sin(inner)")


def test_a_leaf_that_is_used_elsewhere_stays_outside():
    weights = [ag.Tensor(np.ones((2, 2)), name=f"W{i}") for i in range(5)]
    h = ag.Tensor(np.ones(2), name="h")
    for weight in weights:
        h = np.tanh(h @ weight)
    view = folded((h @ weights[2]).sum())
    assert "W2" in [vertex.label for vertex in view.vertices]


def test_released_values_say_so():
    x = z = ag.Tensor(np.ones(1000), name="x")
    for _ in range(5):
        z = np.sin(z) * 2.0
    total = z.sum()
    total.backward()
    (box,) = [vertex for vertex in folded(total).vertices if vertex.repeat]
    assert box.value.state is State.RELEASED
    assert x.grad is not None


@pytest.mark.slow
def test_time_grows_linearly():
    views = [read(chain(length)) for length in (2_000, 8_000)]
    times = []
    for view in views:
        best = min(timed(fold_repeats, view) for _ in range(3))
        times.append(best)
    assert times[1] < 4 * times[0] * 2.5 + 0.05


def timed(function, *arguments):
    start = time.process_time()
    function(*arguments)
    return time.process_time() - start


@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_any_graph_stays_whole(seed, steps, loops):
    generator = random.Random(seed)
    tensors = [ag.Tensor(generator.random()) for _ in range(3)]
    program = [
        (generator.randrange(4), generator.random(), generator.random()) for _ in range(steps)
    ]
    with np.errstate(all="ignore"):
        for _ in range(loops):
            for kind, left, right in program[:10] if generator.random() < 0.8 else program:
                back = tensors[-8:]
                a, b = back[int(left * len(back))], back[int(right * len(back))]
                tensors.append([a + b, a * b, np.sin(a), a * 0.5][kind])
    folded(tensors[-1])


@pytest.mark.parametrize("least", [2, 5])
def test_how_many_pieces_are_worth_it(least):
    assert len(repeats(fold_repeats(read(chain(4)), least=least))) == (least <= 4)


def leaving(view, label):
    """What the edges show that leave the box with this label."""
    (box,) = [vertex for vertex in view.vertices if vertex.label == label]
    return [edge.flow.text for edge in view.edges if edge.source == box.identity]


def test_the_edge_of_a_leaf_that_all_pieces_use_is_the_sum():
    w = ag.Tensor(1.0, name="w")
    total = 0.0
    for i in range(50):
        total = total + (w * i - 1) ** 2
    drawing = ag.draw(total, flow=True)
    assert leaving(drawing.graph_view, "w") == ["78400"]
    assert ">78400<" in drawing.source
    assert "exactly 0" not in drawing.source


def test_what_enters_a_loop_is_of_the_first_piece_what_leaves_it_of_the_last():
    paid = ag.Tensor(1.0, name="paid")
    start = savings = ag.Tensor(0.5, name="start")
    for _ in range(200):
        savings = savings * 1.01 + paid
    savings.name = "savings"
    result = -savings
    view = ag.draw(result, flow=True).graph_view
    result.backward()
    assert leaving(view, "paid") == [f"{paid.grad:.5g}"]
    assert leaving(view, "start") == [f"{start.grad:.5g}"]
    assert leaving(view, "savings") == ["-1"]


def test_what_leaves_independent_pieces_is_of_the_first_and_the_last():
    weights = [ag.Tensor(1.0, name=f"w[{i}]") for i in range(50)]
    terms = [weight * weight for weight in weights]
    terms[-1].name = "term"
    total = 0.0
    for i, term in enumerate(terms):
        total = total + term * (i - 10.0)
    (edge,) = [edge for edge in ag.draw(total, flow=True).graph_view.edges if edge.flow]
    assert edge.flow.text == "-10 → 39"
    assert edge.flow.sign is None
    drawing = ag.draw(total, flow=True)
    assert ">-10 → 39<" in drawing.source
    assert "grey: both signs<" in drawing.source


def test_what_leaves_pieces_of_arrays_is_of_the_last():
    weights = [ag.Tensor([1.0, 2.0], name=f"w[{i}]") for i in range(50)]
    terms = [weight * weight for weight in weights]
    total = 0.0
    for i, term in enumerate(terms):
        total = total + (term * (i - 10.0)).sum()
    (edge,) = [edge for edge in ag.draw(total, flow=True).graph_view.edges if edge.flow]
    assert (edge.flow.text, edge.flow.sign) == ("[39, 39]", 1)


def test_several_outputs_have_each_their_own_gradient():
    x = ag.Tensor(np.arange(20.0), name="x")
    total = 0.0
    for part in np.split(x, 20):
        total = total + part**2
    view = ag.draw(total.sum(), flow=True).graph_view
    split = next(vertex for vertex in view.vertices if vertex.shape is None)
    assert leaving(view, split.label) == ["[38]"]


def test_an_edge_of_which_some_is_unknown_shows_nothing():
    w = ag.Tensor(np.ones(1000), name="w")
    h = ag.Tensor(np.ones(1000), name="h")
    for _ in range(20):
        h = np.tanh(h) + w
    total = h.sum()
    whole = ag.draw(total, flow=True).graph_view
    total.backward()
    part = ag.draw(total, flow=True).graph_view
    assert leaving(whole, "w") == [f"all {w.grad[0]:.4g}"]
    (box,) = [vertex for vertex in part.vertices if vertex.label == "w"]
    assert [edge.flow for edge in part.edges if edge.source == box.identity] == [None]


def test_a_loop_in_a_loop_sums_over_both():
    w = ag.Tensor(0.9, name="w")
    z = ag.Tensor(0.1, name="x")
    for _ in range(5):
        start = z
        for _ in range(8):
            z = np.sin(z) * w
        z = z + start * w
    view = ag.draw(z, flow=True).graph_view
    z.backward()
    assert leaving(view, "w") == [f"{w.grad:.5g}"]


def last_number(text):
    return complex(text.split(" → ")[-1])


def assert_edges_add_up(result, view):
    """The numbers at the edges that leave a box are the parts of its gradient."""
    nodes = ancestors(result._node)
    sent = {}
    for edge in view.edges:
        if edge.flow is not None:
            last = max((part.receiver for part in edge.flow.parts), key=lambda node: node.birth)
            sent.setdefault((edge.source, last), []).append(last_number(edge.flow.text))
    for vertex in view.vertices[:-1]:
        if vertex.gradient.state is State.KNOWN:
            node = nodes[int(vertex.identity.rsplit("_")[-1].strip("f"))]
            parts = sent.get((vertex.identity, node), [0.0])
            scale = sum(map(abs, parts))  # of which five digits are shown
            gradient = vertex.gradient.data
            np.testing.assert_allclose(sum(parts), gradient, atol=1e-4 * scale + 1e-300)


@given(st.integers(0, 2**32), st.integers(1, 8), st.integers(3, 8), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_edges_of_any_loop_add_up(seed, steps, loops, is_complex):
    generator = random.Random(seed)
    phase = 1j if is_complex else 0.0
    leaves = [ag.Tensor(generator.uniform(-1, 1) + phase * generator.random()) for _ in range(3)]
    program = [
        (generator.randrange(6), generator.randrange(8), generator.randrange(8))
        for _ in range(steps)
    ]
    state = list(leaves)
    for _ in range(loops):
        recent = leaves + state[-5:]
        for kind, left, right in program:
            a, b = recent[left % len(recent)], recent[right % len(recent)]
            recent.append([a + b, a * b * 0.5, np.tanh(a), a - b, np.conj(a) * b, a * 0.9][kind])
        state.append(recent[-1])
    result = state[-1].real * 1.0 if is_complex else state[-1] * 1.0
    view = read(result, flows=True)
    assert_edges_add_up(result, view)
    assert_edges_add_up(result, fold_repeats(view))


@pytest.mark.slow
def test_a_picture_of_2_000_nodes_with_flow_takes_seconds():
    start = time.process_time()
    ag.draw(chain(1_000), flow=True, fold=True).source  # noqa: B018 - it is written when asked for
    assert time.process_time() - start < 3
