"""The page's forward and reverse pass of random graphs of numbers equals the engine's."""

import json

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.entry import REGISTRY
from autograd_core.visualize.page.data import data_of, dumps
from autograd_core.visualize.page.functions import functions_used, table_script, what_if
from autograd_core.visualize.replay import derive
from tests.autograd_core.samples import Slot, cases, draw_all
from tests.autograd_core.visualize.page.test_functions import (
    is_elementwise,
    is_free,
    is_varied,
    with_javascript,
)

ASSETS = ag.visualize.__path__[0] + "/page/assets/"
NAMES = ("x", "y", "z")
CHOSEN = ("sin", "cos", "tanh", "sigmoid", "softplus", "arctan", "square", "absolute", "relu",
          "erf", "gelu", "elu", "sinc", "expm1", "logistic", "arcsinh", "add", "subtract",
          "multiply", "divide", "maximum", "minimum", "hypot", "logaddexp", "arctan2",
          "where", "power")  # fmt: skip


@pytest.mark.parametrize(
    "op", [op for op in with_javascript() if is_elementwise(op)], ids=lambda op: op.name
)
def test_the_rule_of_every_entry_with_javascript_can_be_computed_too(op, rng):
    """Every function that a traced local derivative calls has JavaScript itself."""
    explained = 0
    for case in cases(op):
        if not is_free(op):
            continue
        given = [
            Slot(name, ()) if is_varied(part) else part
            for name, part in zip(op.operand_names, case.template, strict=False)
        ]
        slots = [part for part in given if isinstance(part, Slot)]
        drawn = iter(draw_all(op, slots, rng))
        for at, part in enumerate(given):
            if isinstance(part, Slot):
                number = float(next(drawn))
                given[at] = {"condition": True, "n": 3}.get(part.name, ag.Tensor(number))
        try:
            result = op.call(*given, **case.keywords)
        except (ValueError, TypeError, IndexError):
            continue  # keywords for arrays
        offer = what_if(derive(result))
        assert offer["offered"], offer["why"]
        explained += 1
    assert explained


# ------------------------------------------------------------------------------ random graphs


def program_of(seed, length=14):
    """Random operations as data: (name, which earlier values it takes)."""
    rng = np.random.default_rng(seed)
    names = [name for name in CHOSEN if name in REGISTRY]
    steps = []
    for at in range(length):
        name = names[rng.integers(len(names))]
        earlier = len(NAMES) + at
        # The latest value is used, so that all of the program is part of the graph.
        steps.append((name, [earlier - 1, *rng.integers(0, earlier, 2)]))
    return steps


def run(program, numbers):
    """The program's Tensors on leaves with these numbers."""
    values = [ag.Tensor(number, name=name) for name, number in zip(NAMES, numbers, strict=True)]
    for name, (latest, first, second) in program:
        a, b, c = values[latest], values[first], values[second]
        if name == "where":
            out = np.where(True, a, b)
        elif name == "divide":
            out = a / (1.5 + np.tanh(b))
        elif name == "power":
            out = (1.1 + np.tanh(a) * 0.5) ** np.sin(c)
        elif len(REGISTRY[name].operand_names) == 1:
            out = REGISTRY[name].call(np.sin(a) if name in ("square", "expm1") else a)
        else:
            out = REGISTRY[name].call(a, b)
        values.append(out)
    return values[-1] + 0.5 * sum(values[:3])


def expected_of(derivation):
    values = {vertex.identity: vertex.value.data for vertex in derivation.view.vertices}
    gradients = {
        vertex.identity: vertex.gradient.data
        for vertex in derivation.view.vertices
        if vertex.gradient.data is not None
    }
    return values, gradients


def compare(open_page, programs, rng):
    """The largest error, in units of the largest number of its graph, and numbers compared."""
    data, functions, wanted, leaves = [], set(), [], []
    for program in programs:
        before = derive(run(program, rng.uniform(-2, 2, 3)))
        numbers = rng.uniform(-2, 2, 3)
        after = derive(run(program, numbers))
        assert what_if(before)["offered"]
        functions |= {*functions_used(before)}
        data.append(data_of(before, "random"))
        leaves.append(dict(zip("012", numbers, strict=True)))
        wanted.append(expected_of(after))
    with open(ASSETS + "compute.js", encoding="utf-8") as file:  # noqa: PTH123
        compute = file.read()
    visit = open_page(
        f"<!DOCTYPE html><title>random</title><script>{table_script(sorted(functions))}\n{compute}"
        f'</script><script type="application/json" id="data">{dumps({"all": data})}</script>'
    )
    script = """(leaves) => {
        const { all } = JSON.parse(document.getElementById("data").textContent);
        const { run, differences, doubtful } = window.stepThroughCompute;
        return all.map((data, at) => {
            const numbers = run(data, leaves[at]);
            return { ...numbers, wrong: differences(data), doubtful: doubtful(data, numbers) };
        });
    }"""
    worst = count = 0
    for got, (values, gradients) in zip(visit.page.evaluate(script, leaves), wanted, strict=True):
        assert got["wrong"] == []
        kinds = [("values", values), ("gradients", gradients)]
        # Where the page says that the rule is another formula at these numbers, it may err.
        for kind, expected in kinds[: 1 if got["doubtful"] else 2]:
            scale = max(abs(float(number)) for number in expected.values())
            for identity, number in expected.items():
                error = abs(got[kind][identity] - float(number)) / max(scale, 1.0)
                worst, count = max(worst, error), count + 1
    return worst, count


@pytest.mark.browser
def test_random_graphs_with_other_numbers_equal_the_engine(open_page, rng):
    worst, count = compare(open_page, [program_of(seed) for seed in range(30)], rng)
    assert count > 1500
    assert worst < 1e-12


@pytest.mark.browser
def test_a_wrong_formula_shows_in_random_graphs(open_page, rng, monkeypatch):
    monkeypatch.setattr(REGISTRY["tanh"], "javascript", "Math.tanh({x}) * (1 + 1e-9)")
    worst, _ = compare(open_page, [program_of(seed) for seed in range(6)], rng)
    assert worst > 1e-12


def test_data_of_a_page_is_json():
    x = ag.Tensor(2.0, name="x")
    data = data_of(derive(np.log(x) * x), "log")
    assert data["whatIf"] == {"offered": True, "why": "", "guarded": ["1"]}
    assert json.loads(dumps(data))["whatIf"]["offered"]


@pytest.mark.browser
def test_the_guard_of_singular_rules(open_page):
    """0 times an infinite slope is 0, as in the engine."""
    x = ag.Tensor(2.0, name="x")
    derivation = derive(np.where(True, x, np.log(x)) + 0 * np.sqrt(x))
    data = data_of(derivation, "guard")
    with open(ASSETS + "compute.js", encoding="utf-8") as file:  # noqa: PTH123
        compute = file.read()
    visit = open_page(
        f"<!DOCTYPE html><title>x</title><script>{table_script(functions_used(derivation))}\n"
        f'{compute}</script><script type="application/json" id="data">{dumps(data)}</script>'
    )
    got = visit.page.evaluate(
        """() => window.stepThroughCompute.run(
            JSON.parse(document.getElementById("data").textContent), {0: 0})"""
    )
    y = ag.Tensor(0.0)
    with np.errstate(all="ignore"):
        (np.where(True, y, np.log(y)) + 0 * np.sqrt(y)).backward()
    assert got["gradients"]["0"] == float(y.grad) == 1.0
