"""Any graph that the engine can build is drawn and explained, before and after a reverse pass."""

import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import assume, given, settings

import autograd_core as ag
from autograd_core import hot_recording, recording
from autograd_core.graph import ancestors
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

KINDS = ["float64", "float32", "complex128"]


def graph(program, seed):
    arrays, _ = leaves_of(seed, KINDS)
    values = execute(program, [ag.Tensor(x) for x in arrays], on_tensors, CONSTANT)
    total = loss(values, np.random.default_rng(seed))
    return total if total.dtype.kind == "f" else total.real


def state(total):
    """What an explanation must leave as it is."""
    return [
        (node.grad is None, node.saved is None, node.value is None, len(node.parents))
        for node in ancestors(total._node)
    ]


def is_balanced(latex):
    """Whether all braces and large parentheses are closed."""
    depth = 0
    for sign in re.findall(r"\\.|[{}]", latex):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    return depth == 0 and latex.count(r"\left") == latex.count(r"\right")


def assert_shown(total):
    """Draw and explain a graph in every form; numbers on the page are those of the engine."""
    ET.fromstring(ag.draw(total, names={}, flow=True, fold=False).pipe("svg"))
    explanation = ag.explain(total, names={})
    derivation = explanation.derivation
    result = derivation.view.vertices[-1]
    assert result.value.data == total.data
    text = explanation.text
    assert text.count("\n\n") >= len(derivation.reverse)
    assert f"grad {result.label} = 1" in text
    assert is_balanced(explanation.latex)
    assert explanation.markdown.count("\n- $") >= len(derivation.forward)
    page = explanation.html
    (data,) = re.findall('<script type="application/json" id="data">(.*?)</script>', page)
    read_back = json.loads(data)
    assert {v["id"] for v in read_back["vertices"]} >= {
        v.identity for v in derivation.view.vertices
    }
    for markup in read_back["markup"]:
        ET.fromstring(markup)
    value = next(v for v in read_back["vertices"] if v["id"] == read_back["result"])["value"]
    assert float(value["number"]) == float(total.data)


def assert_shown_before_and_after(total):
    before = state(total)
    with np.errstate(all="ignore"):
        assert_shown(total)
        assert state(total) == before
        total.backward()
        before = state(total)
        assert_shown(total)
    assert state(total) == before


@pytest.mark.parametrize("seed", range(6))
def test_after_a_reverse_pass_that_kept_no_values(monkeypatch, seed):
    """As after backward() with big arrays: only what somebody holds is still there."""
    for module in (recording, hot_recording):
        monkeypatch.setattr(module, "SMALL", 0)
    rng = np.random.default_rng(seed)
    total = graph(registry_shuffled(rng, 12, narrow=0), seed)
    total.backward()
    before = state(total)
    with np.errstate(all="ignore"):
        assert_shown(total)
    assert state(total) == before
    assert ag.explain(total).derivation.notice


@settings(max_examples=5, **SETTINGS)
@given(programs(2, 10), seeds)
def test_random_graphs_of_every_kind_of_operation_are_drawn_and_explained(program, seed):
    assert_shown_before_and_after(graph(program, seed))


def test_many_operations_of_the_registry_in_one_graph(rng):
    assert_shown_before_and_after(graph(registry_shuffled(rng, 20, narrow=0), 1))


@settings(max_examples=10, **SETTINGS)
@given(programs(2, 10), seeds)
def test_random_graphs_are_framed(program, seed):
    arrays, _ = leaves_of(seed, KINDS)
    leaves = [ag.Tensor(x) for x in arrays]
    values = execute(program, leaves, on_tensors, CONSTANT)
    total = loss(values, np.random.default_rng(seed))
    nodes = set(ancestors(total._node))
    used = {f"part.{i}": [leaf] for i, leaf in enumerate(leaves) if leaf._node in nodes}
    assume(used)
    with np.errstate(all="ignore"):
        ET.fromstring(ag.draw(total, names={}, clusters=used, fold=False).pipe("svg"))
