"""The replayed reverse pass against the engine's gradients, over the whole registry."""

import dataclasses
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd_core as ag
import nn
from autograd_core import Tensor
from autograd_core.graph import ancestors
from autograd_core.reverse import node_gradients
from autograd_core.visualize.replay import derive
from autograd_core.visualize.symbols import to_text
from autograd_core.visualize.view import State
from tests.autograd_core.checking import as_list
from tests.autograd_core.samples import cases, primitives
from tests.autograd_core.test_random_graphs import SHAPES

ALL_CASES = [case for op in primitives() for case in cases(op)]


def sums_of_contributions(derivation):
    """What arrived at each vertex, or at each of its outputs, added up."""
    sums, counts = {}, {}
    for step in derivation.reverse:
        for part in step.contributions:
            place = part.target, part.output
            present = sums.get(place)
            sums[place] = part.amount.data if present is None else present + part.amount.data
            counts[place] = counts.get(place, 0) + 1
            assert part.arrival == counts[place]
            if part.total.state is State.KNOWN and part.rule is not None and part.local is not None:
                np.testing.assert_array_equal(part.total.data, sums[place])
    return sums, counts


def assert_agrees(derivation, root, seed=None):
    """Every number of the derivation is the engine's, and contributions sum to gradients."""
    gradients = node_gradients(root, seed)
    nodes = ancestors(root)
    sums, counts = sums_of_contributions(derivation)
    assert len(derivation.reverse) == len(derivation.forward) == len(nodes)
    for step in derivation.reverse:
        node = nodes[int(step.identity)]
        expected = gradients.get(node)
        if node.op is not None and node.op.multiple:
            assert step.incoming.state is (
                State.NOT_COMPUTED if expected is None else State.SEVERAL
            )
            continue
        if expected is None:
            assert step.incoming.state is not State.KNOWN
            continue
        np.testing.assert_array_equal(step.incoming.data, expected)
        if node is not root:
            np.testing.assert_array_equal(sums[step.identity, None], expected)
            assert np.result_type(sums[step.identity, None]) == node.dtype
    for step in derivation.reverse:
        for part in step.contributions:
            assert part.arrivals == counts[part.target, part.output]


def recorded(case):
    rng = np.random.default_rng(3)
    leaves = [Tensor(array) for array in case.draw(rng)]
    outs = [out for out in as_list(case.record(*leaves)) if isinstance(out, Tensor)]
    return [out for out in outs if out._node is not None], rng


@pytest.mark.parametrize("case", ALL_CASES, ids=str)
def test_every_primitive_is_explained_with_the_numbers_of_the_engine(case):
    outs, rng = recorded(case)
    for out in outs[:1]:
        seed = rng.uniform(0.5, 1.5, out.shape).astype(out.dtype)[()]
        if out.dtype.kind == "c":
            seed = seed + seed.dtype.type(0.3j)
        with np.errstate(all="ignore"):
            derivation = derive(out, {}, seed=seed)
        assert_agrees(derivation, out._node, np.conjugate(seed))
        for step in derivation.reverse:
            for part in step.contributions:
                assert to_text(part.rule)


def test_a_wrong_number_is_noticed():
    x = Tensor(3.0)
    y = x * x + x
    derivation = derive(y, {})
    assert_agrees(derivation, y._node)
    first, *rest = derivation.reverse
    wrong = dataclasses.replace(
        first.contributions[0],
        amount=dataclasses.replace(first.contributions[0].amount, data=np.float64(1.001)),
    )
    step = dataclasses.replace(first, contributions=(wrong, *first.contributions[1:]))
    with pytest.raises(AssertionError):
        assert_agrees(dataclasses.replace(derivation, reverse=(step, *rest)), y._node)


UNARY = [np.sin, np.tanh, np.exp, ag.relu, np.negative, np.square]
BINARY = [np.add, np.subtract, np.multiply, np.maximum]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99), st.integers(0, 99)), max_size=30),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["float64", "float32", "complex128"]),
)
def test_random_graphs_are_explained(program, number, dtype):
    rng = np.random.default_rng(number)
    values = [Tensor(rng.uniform(-1, 1, shape).astype(dtype)) for shape in SHAPES]
    if dtype == "complex128":
        values = [Tensor(value.data + 1j * rng.uniform(-1, 1, value.shape)) for value in values]
    for choice, i, j in program:
        x, y = values[i % len(values)], values[j % len(values)]
        if choice < len(UNARY):
            function = UNARY[choice] if dtype != "complex128" or choice != 3 else np.cos
            values.append(np.tanh(function(x)))
        else:
            function = BINARY[choice - len(UNARY)]
            function = np.multiply if dtype == "complex128" and choice == 9 else function
            try:
                values.append(0.5 * function(x, y))
            except ValueError:
                continue
    loss = sum(np.mean(np.real(value)) for value in values)
    derivation = derive(loss, {})
    assert_agrees(derivation, loss._node)
    assert derivation.forward[-1].value.data == loss.data


def test_time_is_linear_and_short():
    seconds = {}
    for count in (500, 2000):
        y = x = Tensor(0.5)
        for _ in range(count // 2):
            y = np.sin(y) * x
        started = time.process_time()
        derive(y, {}, limit=count + 1)
        seconds[count] = time.process_time() - started
    assert seconds[2000] < 3
    assert seconds[2000] < 12 * seconds[500]


def test_only_the_latest_nodes_of_a_long_graph():
    y = x = Tensor(1.0)
    for _ in range(25_000):
        y = np.sin(y) * x
    derivation = derive(y, {"x": x}, limit=10)
    assert len(derivation.forward) == 11
    assert not derivation.scalar
    targets = {part.target for step in derivation.reverse for part in step.contributions}
    assert "earlier" in targets
    assert "earlier" in derivation.reverse[-1].consumers
    assert derivation.reverse[-1].incoming.data == node_gradients(y._node)[x._node]


def test_nothing_is_changed():
    x = Tensor([1.0, 2.0])
    y = (x * x).sum()
    nodes = ancestors(y._node)
    before = [(node.saved, node.grad, node.extras, node.value) for node in nodes]
    derive(y, {})
    assert x.grad is None
    for node, state in zip(nodes, before, strict=True):
        assert all(
            new is old
            for new, old in zip(
                (node.saved, node.grad, node.extras, node.value), state, strict=True
            )
        )


def test_a_derivation_stays_what_it_was_when_leaves_change():
    x = Tensor([1.0, 2.0])
    derivation = derive((x * x).sum(), {})
    with ag.no_grad():
        x *= 10.0
    assert derivation.forward[0].value.data.tolist() == [1.0, 2.0]


def test_a_hook_runs_once():
    calls = []
    x = Tensor(2.0)
    y = x * x
    y.register_hook(lambda g: calls.append(g) or 10 * g)
    derivation = derive(np.sin(y), {})
    assert len(calls) == 1
    assert derivation.reverse[1].incoming.data == 10 * np.cos(4.0)
    assert derivation.reverse[-1].incoming.data == 40 * np.cos(4.0)


def test_a_small_graph_after_backward_is_explained_in_full():
    x = Tensor([1.0, 2.0])
    y = (x * x).sum()
    before = derive(y, {})
    y.backward()
    after = derive(y, {})
    amounts = [
        [c.amount.data.tolist() for s in d.reverse for c in s.contributions]
        for d in (before, after)
    ]
    assert amounts[0] == amounts[1]


def test_what_was_released_says_so_and_keeps_its_formula():
    x = Tensor(np.linspace(0.1, 1, 1000))
    y = np.sin(np.exp(x)).sum()
    y.backward()
    derivation = derive(y, {})
    by_identity = {step.identity: step for step in derivation.reverse}
    (part,) = by_identity["1"].contributions
    assert part.amount.state is State.RELEASED
    assert to_text(part.rule) == "grad v1 × v1"
    assert part.local_value.state is State.RELEASED
    assert by_identity["1"].incoming.text == "released"
    assert by_identity["1"].reason == "v1 comes now: v2, the only node that used it, is done."
    assert by_identity["0"].incoming.text.startswith("in .grad: ")
    assert by_identity["0"].reason.endswith("is done, so its gradient is complete.")
    x.grad = None
    assert derive(y, {}).reverse[-1].incoming.text == "released"
    assert derive(y, {}).reverse[-1].reason.endswith("v1, the only node that used it, is done.")


def test_a_notice_says_why_numbers_are_missing():
    x = Tensor(np.linspace(0.1, 1, 1000))
    y = np.sin(np.exp(x)).sum()
    assert derive(y).notice == ""
    y.backward()
    assert "retain_graph=True" in derive(y).notice
    assert derive(np.square(Tensor([1.0, 2.0]))).notice == ""  # not computed: nothing was released


def test_without_a_seed_an_array_has_symbols_and_no_numbers():
    x = Tensor([1.0, 2.0])
    derivation = derive(np.sin(x), {"x": x})
    (part,) = derivation.reverse[0].contributions
    assert to_text(part.rule) == "grad v1 × cos(x)"
    assert part.amount.state is State.NOT_COMPUTED


def test_empty_and_non_finite():
    x = Tensor(np.zeros((0, 3)))
    assert derive((x * 2.0).sum(), {}).reverse[-1].incoming.data.shape == (0, 3)
    y = Tensor(0.0)
    with np.errstate(divide="ignore"):
        logarithm = np.log(y)
    product = np.where(False, logarithm, 0.0)
    derivation = derive(product, {})
    assert derivation.reverse[-1].incoming.data == 0.0
    assert np.isinf(derivation.reverse[1].contributions[0].local_value.data)


def test_one_leaf_alone():
    derivation = derive(Tensor(2.0), {})
    assert [step.incoming.text for step in derivation.reverse] == ["1"]
    assert derivation.scalar


def test_an_operand_that_gets_no_gradient_says_so():
    x, labels = Tensor(2.0, name="x"), Tensor(1.0, name="c")
    y = np.where(np.sign(x) > labels.data, x, x) + np.sign(labels) * 0.0
    derivation = derive(y, {})
    assert_agrees(derivation, y._node)


def test_order_and_reasons():
    x = Tensor(2.0, name="x")
    a = np.sin(x)
    derivation = derive(a * x + a, {})
    assert [step.reason for step in derivation.reverse] == [
        "v3 comes first: it is the result, so there is nothing to wait for.",
        "v2 comes now: v3, the only node that used it, is done.",
        "v1 comes now: both nodes that used it, v2 and v3, are done.",
        (
            "x is a leaf, nothing lies before it: both nodes that used it, v1 and v2, are done, so"
            " its gradient is complete."
        ),
    ]
    done = set()
    for step in derivation.reverse:
        assert set(step.consumers) <= done
        done.add(step.identity)


# ------------------------------------------------------------------------- outputs and hooks


def split_in_two():
    a, b = np.split(Tensor([1.0, 2.0, 3.0, 4.0, 5.0], name="x"), [2])
    return (a * 2).sum() + (a * 3).sum() + (b * 3).sum()


def test_gradients_of_different_outputs_are_collected_not_added():
    derivation = derive(split_in_two(), {})
    parts = [part for step in derivation.reverse for part in step.contributions]
    outputs = {part.output: part for part in parts if part.output is not None}
    assert {k: part.amount.text for k, part in outputs.items()} == {0: "[5, 5]", 1: "[3, 3, 3]"}
    assert {k: part.total.text for k, part in outputs.items()} == {0: "[5, 5]", 1: "[3, 3, 3]"}
    assert all((part.arrival, part.arrivals) == (1, 1) for part in outputs.values())
    (step,) = [step for step in derivation.reverse if step.outputs]
    assert (step.outputs, step.incoming.state) == (2, State.SEVERAL)


def test_attention_adds_nothing_of_different_outputs():
    layer = nn.MultiHeadAttention(4, 2, rng=np.random.default_rng(0))
    x = Tensor(np.ones((1, 3, 4), np.float32), name="x")
    derivation = derive((layer(x) ** 2).sum(), {})
    parts = [part for step in derivation.reverse for part in step.contributions]
    outputs = [part.output for part in parts if part.output is not None]
    assert sorted(outputs) == [0, 1, 2]
    assert all(part.arrivals == 1 for part in parts if part.output is not None)


@pytest.mark.parametrize("where", ["leaf", "operation", "result"])
def test_what_a_hook_changed_is_kept_beside_it(where):
    x = Tensor(2.0, name="x")
    y = x * 3.0
    loss = y * y
    hooked = {"leaf": x, "operation": y, "result": loss}[where]
    hooked.register_hook(lambda g: g * 10)
    derivation = derive(loss, {})
    found = {
        step.identity: (step.hooked.text, step.incoming.text)
        for step in derivation.reverse
        if step.hooked is not None
    }
    arrived = {"leaf": ("0", "36", "360"), "operation": ("1", "12", "120")}
    identity, before, after = arrived.get(where, ("2", "1", "10"))
    assert found == {identity: (before, after)}


def test_a_hook_that_only_looks_changes_nothing():
    x = Tensor(np.array([1.0, np.nan]), name="x")
    y = x * 3.0
    y.register_hook(lambda _: None)
    y.register_hook(lambda g: g * 1.0)
    assert all(step.hooked is None for step in derive((y * y).sum(), {}).reverse)
    z = Tensor(1 + 2j)
    z.register_hook(lambda _: None)
    assert all(step.hooked is None for step in derive(np.abs(z * z * 1j), {}).reverse)
