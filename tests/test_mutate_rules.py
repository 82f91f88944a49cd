"""The gradient checks notice broken rules, and the script that breaks them is itself checked."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.primitive import REGISTRY
from tests.autograd_core.samples import primitives
from tests.mutate_rules import Mutant, judged, main, mutants, planted, verdict

SAMPLE = ["multiply", "divide", "power", "matmul", "log", "sum", "where", "linear", "concatenate"]


@pytest.mark.parametrize("name", SAMPLE)
def test_no_mutant_of_the_sample_survives(name):
    found = judged([REGISTRY[name]])
    assert found["noticed"]
    assert found["survives"] == []


@pytest.mark.slow
@pytest.mark.parametrize("op", primitives(), ids=lambda op: op.name)
def test_no_mutant_survives(op):
    assert judged([op])["survives"] == []


@pytest.mark.slow
@pytest.mark.parametrize("op", primitives(), ids=lambda op: op.name)
def test_what_is_not_broken_is_not_noticed(op):
    """Else a mutant may seem to be noticed for a reason that is not its own."""
    for position, rule in enumerate(op.rules):
        if rule is not None:
            assert verdict(Mutant(op, position, "nothing", rule)) == "equal"


def test_everything_is_as_it_was_afterwards():
    op = REGISTRY["multiply"]
    plan, rules = op.plan(3), op.rules
    edges = plan.edges
    x = ag.Tensor([2.0])
    (mutant, *_) = mutants(op)
    with planted(mutant):
        (x * np.array([3.0])).backward()
        assert x.grad == [-3.0]
    assert op.plan(3) is plan
    assert (plan.edges, op.rules) == (edges, rules)
    x.zero_grad()
    (x * np.array([3.0])).backward()
    assert x.grad == [3.0]


def test_mutants_are_of_every_kind():
    words = " ".join(
        str(mutant) for name in ("divide", "power") for mutant in mutants(REGISTRY[name])
    )
    for kind in ("sign flipped", "ignored", "swapped", "dropped", "became", "minus forgotten"):
        assert kind in words


def test_a_survivor_is_reported(capsys, monkeypatch):
    monkeypatch.setattr("tests.mutate_rules.check_derivatives", lambda *_, **__: None)
    op = REGISTRY["sin"]
    with planted(next(mutants(op))) as differs:
        ag.Tensor([1.0]).sum()
        np.sin(ag.Tensor([1.0])).sum().backward()
        assert differs
    monkeypatch.setattr("tests.mutate_rules.verdict", lambda _: "survives")
    assert main(["sin"]) == 1
    assert "survives: sin.x: sign flipped" in capsys.readouterr().out
