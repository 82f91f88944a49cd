"""What is read from a graph: kinds, edges, values, gradients, and why one is not there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core.reverse import node_gradients
from autograd_core.visualize import read
from autograd_core.visualize.replay import derive
from autograd_core.visualize.view import Kind, State


def by_label(view):
    return {vertex.label: vertex for vertex in view.vertices}


def test_kinds_and_identities():
    x = ag.Tensor(2.0, name="x")
    view = read(x * 3.0 + x)
    assert [(v.identity, v.kind.value) for v in view.vertices] == [
        ("0", "leaf"),
        ("c1_1", "constant"),
        ("1", "operation"),
        ("2", "result"),
    ]


def test_parallel_edges_are_kept():
    x = ag.Tensor(3.0)
    view = read(x * x)
    assert [(e.source, e.target, e.position) for e in view.edges] == [
        ("0", "1", 0),
        ("0", "1", 1),
    ]


def test_a_leaf_alone():
    (vertex,) = read(ag.Tensor(3.0, name="x")).vertices
    assert (vertex.kind, vertex.value.text, vertex.gradient.text) == (Kind.LEAF, "3", "1")


def test_gradients_of_all_nodes_before_and_after_backward():
    x, w = ag.Tensor(2.0, name="x"), ag.Tensor(-3.0, name="w")
    y = np.tanh(x * w)
    before = read(y)
    assert x.grad is None
    y.backward()
    x.grad = 100.0
    after = read(y)
    assert before == after
    assert x.grad == 100.0
    gradient = 1 - np.tanh(-6.0) ** 2
    assert by_label(after)["x"].gradient.data == pytest.approx(-3 * gradient)
    assert by_label(after)["v2"].gradient.data == pytest.approx(gradient)


def test_zero_not_computed_and_released_are_three_things():
    x = ag.Tensor(np.ones(1000), name="x")
    zero = read((x * 0.0).sum())
    assert by_label(zero)["x"].gradient.text == "all 0"
    not_asked = read((x * x).sum(), gradients=False)
    assert by_label(not_asked)["x"].gradient.state is State.NOT_COMPUTED
    no_seed = read(x * x)
    assert {v.gradient.state for v in no_seed.vertices} == {State.NOT_COMPUTED}

    y = np.square(np.square(x)).sum()
    assert by_label(read(y))["v1"].value.state is State.NOT_KEPT
    assert by_label(read(y))["x"].gradient.text == "all 4"
    y.backward()
    released = by_label(read(y))
    assert released["v1"].value.state is State.RELEASED
    assert released["v3"].gradient.text == "1"
    assert released["v2"].gradient.text == "all 1"
    assert released["x"].gradient.text == "in .grad: all 4"
    x.grad = None
    assert by_label(read(y))["x"].gradient.state is State.RELEASED


def test_what_grad_holds_is_called_so_and_stays_what_it_was():
    x = ag.Tensor(np.ones(1000), name="x")
    y = np.square(np.square(x)).sum()
    y.backward()
    for picture in (read(y), derive(y).view):
        gradient = by_label(picture)["x"].gradient
        assert (gradient.state, gradient.text) == (State.STORED, "in .grad: all 4")
    x.grad *= 2.0
    assert gradient.text == "in .grad: all 4"


def test_a_value_in_the_callers_hands_is_shown():
    x = ag.Tensor(np.arange(1000.0))
    square = x * x
    y = square.sum()
    view = read(y, {"square": square})
    assert by_label(view)["square"].value.text == "0 to 9.98e5"


def test_constants_too_big_to_keep():
    x = ag.Tensor(np.zeros(3), name="x")
    view = read(np.ones((1000, 3)) @ x)
    constant = by_label(view)["array(1000, 3)"]
    assert constant.value.state is State.NOT_KEPT
    assert constant.shape == (1000, 3)


def test_a_seed_gives_gradients_of_an_array():
    x = ag.Tensor([1.0, 2.0], name="x")
    view = read(x * x, seed=[1.0, 10.0])
    assert by_label(view)["x"].gradient.text == "[2, 40]"
    assert by_label(read(x * x, seed=1.0))["x"].gradient.text == "[2, 4]"
    with pytest.raises(ag.GraphError) as caught:
        read(x * x, seed=[1.0, 2.0, 3.0])
    assert str(caught.value) == (
        "seed must have the shape of the drawn Tensor, (2,), but has (3,)."
    )


def test_gradient_of_a_complex_expression_is_the_public_one():
    z = ag.Tensor(1 + 2j, name="z")
    y = np.real(z * z * 1j)
    view = read(y)
    y.backward()
    assert by_label(view)["z"].gradient.data == pytest.approx(z.grad)


def test_several_outputs_are_shown_by_their_index():
    x = ag.Tensor(np.arange(4.0), name="x")
    first, second = np.split(x, 2)
    view = read((first * second).sum())
    labels = [(v.label, v.expression, v.shape) for v in view.vertices]
    assert labels[1:4] == [
        ("v1", "split(x, indices=(2,), axis=0)", None),
        ("v2", "v1[0]", (2,)),
        ("v3", "v1[1]", (2,)),
    ]
    assert by_label(view)["x"].gradient.text == "[2, 3, 0, 1]"


def test_what_is_not_a_graph():
    with pytest.raises(ag.DTypeError) as caught:
        read(np.ones(3))
    assert str(caught.value) == (
        "A picture is drawn of a Tensor, not of ndarray. "
        "Give the Tensor whose computation you want to see, such as the loss."
    )
    with pytest.raises(ag.GraphError) as caught:
        read(ag.Tensor([1, 2]))
    assert str(caught.value) == (
        "This Tensor (shape (2,), int64) does not record, so there is no graph to read."
        " It is a constant, or was computed under no_grad() or detached."
    )


def test_a_limit_leaves_out_the_earliest_but_not_the_leaves_in_use():
    x = z = ag.Tensor(1.0, name="x")
    for _ in range(50):
        z = z + x
    view = read(z, limit=3)
    assert [v.label for v in view.vertices] == ["47 earlier nodes", "x", "v48", "v49", "v50"]
    assert view.total == 51
    assert [(e.source, e.target) for e in view.edges][:2] == [("earlier", "48"), ("0", "48")]


def test_a_node_used_twice_by_one_operation_is_left_out_once():
    x = ag.Tensor(1.0)
    y = x * 2.0
    view = read((y * y) * 3.0, limit=2)
    assert [(e.source, e.target) for e in view.edges][:1] == [("earlier", "2")]


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1), st.floats(0, 1)), max_size=30))
def test_any_graph_can_be_read_and_agrees_with_backward(steps):
    tensors = [ag.Tensor(0.5), ag.Tensor(np.array([0.1, -0.2])), ag.Tensor(2.0)]
    for kind, left, right in steps:
        a = tensors[int(left * (len(tensors) - 1))]
        b = tensors[int(right * (len(tensors) - 1))]
        tensors.append([a + b, a * b, np.tanh(a), np.sum(a - b)][kind])
    y = np.sum(tensors[-1])
    view = read(y)
    shown = {v.identity for v in view.vertices}
    assert len(shown) == len(view.vertices)
    assert all(e.source in shown and e.target in shown for e in view.edges)
    assert sum(v.kind is Kind.RESULT for v in view.vertices) <= 1
    expected = {node.birth: g for node, g in node_gradients(y._node).items()}
    for vertex, birth in zip(
        [v for v in view.vertices if v.kind is not Kind.CONSTANT], sorted(expected), strict=True
    ):
        np.testing.assert_array_equal(vertex.gradient.data, expected[birth])


def test_a_sum_over_paths_of_which_one_was_released_is_never_shown_as_the_gradient():
    x = ag.Tensor(np.linspace(0.1, 1.0, 1000), name="x")
    first = np.sin(np.exp(x)).sum()
    first.backward()
    both = first + (x * 2.0).sum()
    for picture in (read(both), derive(both).view):
        states = {vertex.label: vertex.gradient.state for vertex in picture.vertices}
        assert states["x"] is State.STORED
        assert states["v1"] is State.RELEASED
        assert states["v5"] is State.KNOWN


@pytest.mark.parametrize(
    "compute",
    [
        lambda x: ag.softmax_cross_entropy(x, np.arange(50) % 10),
        lambda x: ag.layer_norm(x).sum(),
    ],
    ids=["cross entropy", "layer norm"],
)
def test_by_products_that_cannot_be_computed_again_are_released(compute):
    x = ag.Tensor(np.random.default_rng(0).random((50, 10)), name="x")
    result = compute(x * 1.0)
    before = by_label(read(result))["x"].gradient.text
    assert before
    result.backward()
    assert by_label(read(result))["x"].gradient.state is State.STORED
    assert derive(result).reverse
