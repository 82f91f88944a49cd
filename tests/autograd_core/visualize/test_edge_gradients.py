"""What goes back along each edge: it adds up to the gradient, and is drawn by size and sign."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core.visualize import read
from autograd_core.visualize.edge_gradients import summarise
from autograd_core.visualize.view import State
from tests.autograd_core.test_random_graphs import SETTINGS, programs, seeds
from tests.autograd_core.visualize.test_every_graph import graph


def flows(tensor):
    return {(e.source, e.target, e.position): e.flow for e in read(tensor, flows=True).edges}


def test_each_use_of_a_number():
    x, w = ag.Tensor(2.0, name="x"), ag.Tensor(-3.0, name="w")
    found = flows(x * w + x)
    assert {key: flow.text for key, flow in found.items()} == {
        ("0", "2", 0): "-3",
        ("1", "2", 1): "2",
        ("2", "3", 0): "1",
        ("0", "3", 1): "1",
    }
    assert found["0", "2", 0].sign == -1
    assert found["1", "2", 1].size == 2.0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 9)), min_size=1))
@settings(max_examples=30, deadline=None)
def test_what_leaves_a_node_adds_up_to_its_gradient(program):
    values = [ag.Tensor(0.5), ag.Tensor(-0.25)]
    for kind, left, right in program[:12]:
        a, b = values[left % len(values)], values[right % len(values)]
        values.append([a + b, a * b, np.tanh(a), a - b][kind])
    view = read(values[-1], flows=True)
    sums = {}
    for edge in view.edges:
        amount = 0.0 if edge.flow.sign == 0 else edge.flow.sign * edge.flow.size
        sums[edge.source] = sums.get(edge.source, 0.0) + amount
    for vertex in view.vertices[:-1]:
        np.testing.assert_allclose(sums[vertex.identity], vertex.gradient.data, atol=1e-12)


COMPLEX = {
    "abs": lambda z, _: np.abs(z) ** 2,
    "product": lambda z, w: (z * w).real,
    "imaginary part": lambda z, w: z.imag * w.real,
    "power": lambda z, _: (z**3).real,
    "conjugate": lambda z, w: (np.conj(z) * z * w).imag,
    "division": lambda z, w: np.abs(z / w),
    "a real number among them": lambda z, w: ((z * 2j) * np.abs(w)).imag,
}


@pytest.mark.parametrize("name", COMPLEX)
def test_complex_edges_show_what_grad_holds(name):
    z, w = ag.Tensor(1 + 2j, name="z"), ag.Tensor(0.5 - 1.5j, name="w")
    result = COMPLEX[name](z, w)
    view = ag.draw(result, flow=True).graph_view
    result.backward()
    for leaf in (z, w):
        sent = [
            complex(edge.flow.text)
            for edge in view.edges
            for vertex in view.vertices
            if vertex.label == leaf.name and edge.source == vertex.identity
        ]
        if sent:  # not every result uses both
            np.testing.assert_allclose(sum(sent), leaf.grad, rtol=1e-4)


def test_the_edges_of_the_square_of_a_complex_number():
    z = ag.Tensor(1 + 2j, name="z")
    source = ag.draw(np.abs(z) ** 2, flow=True).source
    assert ">2+4j<" in source
    assert "2-4j" not in source


@settings(max_examples=20, **SETTINGS)
@given(programs(2, 10), seeds)
def test_all_operations_add_up_arrays_and_complex_numbers_too(program, seed):
    with np.errstate(all="ignore"):
        total = graph(program, seed)
        assume(isinstance(total, ag.Tensor))  # a program may use constants only
        view = read(total, flows=True)
    sums = {}
    for edge in view.edges:
        if edge.flow is not None:
            (part,) = edge.flow.parts
            sums.setdefault(edge.source, []).append(part.amount())
    for vertex in view.vertices[:-1]:
        if vertex.gradient.state is State.KNOWN:
            parts = sums[vertex.identity]
            scale = max(np.max(np.abs(part), initial=0.0) for part in parts)
            tolerance = {"rtol": 1e-4, "atol": 1e-5 * scale} if scale else {}
            np.testing.assert_allclose(sum(parts), vertex.gradient.data, **tolerance)


def test_a_picture_holds_no_recorded_graph():
    x = ag.Tensor(2.0, name="x")
    for edge in ag.draw(x * x, flow=True).graph_view.edges:
        assert not hasattr(edge.flow, "parts")


def test_several_outputs_complex_and_broadcast():
    x = ag.Tensor(np.arange(4.0), name="x")
    first, _ = np.split(x, 2)
    assert all(flow is not None for flow in flows((first * 2.0).sum()).values() if flow)
    z = ag.Tensor(1 + 2j, name="z")
    assert flows(np.abs(z * z))["0", "1", 0].sign is None
    b = ag.Tensor(1.0, name="b")
    assert flows((b + np.ones(5)).sum())["0", "1", 0].text == "5"


def test_released_values_leave_the_edge_plain():
    x = ag.Tensor(np.ones(1000), name="x")
    y = np.sin(np.sin(x)).sum()
    y.backward()
    found = flows(y)
    assert found["1", "2", 0] is None
    assert found["2", "3", 0].text == "all 1"
    source = ag.draw(y, flow=True).source
    assert "style=dotted" in source


@pytest.mark.parametrize(
    ("gradient", "size", "sign"),
    [
        (np.array([]), 0.0, 0),
        (np.zeros(3), 0.0, 0),
        (np.array([1e200, 1e200]), 1e200, 1),
        (np.array([5e-324]), 5e-324, 1),
        (np.array([0.0, -2.0]), 2.0 / np.sqrt(2), -1),
        (np.array([np.inf, 1.0]), np.inf, 1),
        (np.array([3 + 4j]), 5.0, None),
    ],
)
def test_summaries(gradient, size, sign):
    flow = summarise(gradient)
    np.testing.assert_allclose(flow.size, size)
    assert flow.sign == sign


def test_nan_is_broken_not_zero():
    x = ag.Tensor(0.0, name="x")
    with np.errstate(all="ignore"):
        y = np.log(x * x) * 1e300 * x
    source = ag.draw(y, flow=True).source
    assert "class=broken" in source
    assert "infinite or nan" in source


def test_width_colour_and_line():
    x, w = ag.Tensor(1000.0, name="x"), ag.Tensor(-1.0, name="w")
    source = ag.draw(x * w, flow=True, theme="light").source
    wide, thin = (line for line in source.splitlines() if "->" in line and "penwidth" in line)
    wide, thin = sorted([wide, thin], key=lambda line: "penwidth=5.00" not in line)
    assert 'class=positive color="#0072b3"' in wide
    assert "style=solid" in wide
    assert "penwidth=0.70" in thin
    assert 'class=negative color="#d55e00"' in thin
    assert "style=dashed" in thin
    assert "solid: positive" in source
    assert "dashed: negative" in source


def test_grey_says_why():
    z, x = ag.Tensor(1 + 2j, name="z"), ag.Tensor([1.0, -1.0], name="x")
    both = ag.draw((x * x).sum(), flow=True).source
    assert "grey: both signs<" in both
    assert "grey: complex<" in ag.draw(np.abs(z), flow=True).source
    either = np.abs(z) * (x * x).sum()
    assert "grey: both signs, or complex<" in ag.draw(either, flow=True).source
    first, _ = np.split(ag.Tensor([1 + 2j, 1j], name="x"), 2)
    assert "grey: complex<" in ag.draw(np.abs(first).sum(), flow=True).source


def test_without_flow_edges_are_plain():
    x = ag.Tensor(1.0, name="x")
    source = ag.draw(x * x).source
    assert "penwidth=5" not in source
    assert "wider is larger" not in source
