"""The rule in symbols, evaluated, is the rule: for every primitive of the registry."""

import numpy as np
import pytest

from autograd_core import Tensor
from autograd_core.entry import REGISTRY
from autograd_core.visualize.replay import derive
from autograd_core.visualize.symbols import Call, Number, Symbol, fold, to_text
from autograd_core.visualize.tracing import Argument, trace
from autograd_core.visualize.view import State
from tests.autograd_core.samples import cases, is_elementwise, primitives

X, G = Symbol("0", "x"), Symbol("1", "v1", gradient=True)


def evaluate(expression, values):
    """A formula in numbers, each operation by NumPy's function or the primitive's own."""

    def make(part, operands):
        if isinstance(part, Symbol):
            return values[part]
        if isinstance(part, Number):
            return part.value
        keywords = dict(part.keywords)
        op = REGISTRY.get(part.name)
        if part.name == "output":
            return operands[0][keywords["index"]]
        if part.name == "getitem":
            return operands[0][keywords["index"]]
        if op is None:
            return getattr(np, part.name)(*operands, **keywords)
        if part.name == "polygamma":  # whose order comes first
            return op.compute(*operands, **keywords)
        return op.numpy(*operands, **keywords)

    with np.errstate(all="ignore"):
        return fold(expression, make)


def known(derivation):
    """The values and gradients of a derivation by symbol."""
    values = {}
    for vertex in derivation.view.vertices:
        values[Symbol(vertex.identity, vertex.label)] = vertex.value.data
        values[Symbol(vertex.identity, vertex.label, gradient=True)] = vertex.gradient.data
    return values


def names_what_it_is(expression):
    """Whether a formula could not be written, only named."""
    return isinstance(expression, Call) and expression.name.startswith("vjp of")


ELEMENTWISE = [op for op in primitives() if is_elementwise(op)]


@pytest.mark.parametrize("op", ELEMENTWISE, ids=lambda op: op.name)
def test_the_symbols_of_elementwise_rules_give_the_amounts(op):
    for case in cases(op)[:4]:
        rng = np.random.default_rng(8)
        leaves = [Tensor(array) for array in case.draw(rng)]
        out = case.record(*leaves)
        if not isinstance(out, Tensor) or out._node is None or isinstance(out, tuple):
            continue
        derivation = derive(out, {}, seed=rng.uniform(0.5, 1.5, out.shape))
        values = known(derivation)
        for part in derivation.reverse[0].contributions:
            assert not names_what_it_is(part.rule), to_text(part.rule)
            got = evaluate(part.rule, values)
            np.testing.assert_allclose(
                np.broadcast_to(got, part.amount.data.shape), part.amount.data, 1e-9, 1e-12
            )
            if part.local is not None:
                local = evaluate(part.local, values)
                expected = part.local_value.data
                np.testing.assert_allclose(
                    np.broadcast_to(local, expected.shape), expected, 1e-9, 1e-12
                )


def test_a_wrong_formula_is_noticed():
    x = Tensor(2.0)
    derivation = derive(np.sin(x), {})
    values = known(derivation)
    (part,) = derivation.reverse[0].contributions
    assert evaluate(part.rule, values) == part.amount.data
    wrong = Call("multiply", (part.rule, Number(1.001)))
    assert evaluate(wrong, values) != part.amount.data


@pytest.mark.parametrize(
    ("compute", "texts"),
    [
        (np.exp, ["grad v1 × v1"]),
        (lambda x: x**3, ["grad v1 × 3 × x ^ 2"]),
        (lambda x: x.sum(), ["broadcast(grad v1)"]),
        (lambda x: x.T, ["(grad v1)ᵀ"]),
        (lambda x: np.maximum(x, 1.0), None),
        (lambda x: x[0], None),
        (np.abs, None),
    ],
)
def test_how_rules_read(compute, texts):
    x = Tensor(np.array([[0.5, 2.0], [3.0, -1.0]]))
    parts = derive(compute(x), {"x": x}).reverse[0].contributions
    read = [to_text(part.rule) for part in parts]
    assert all("vjp" not in text and "grad v1" in text for text in read)
    if texts is not None:
        assert [text.replace("(grad v1)ᵀ", "grad v1ᵀ") for text in read] == [
            text.replace("(grad v1)ᵀ", "grad v1ᵀ") for text in texts
        ]


def test_a_layer_reads_as_in_lectures():
    rng = np.random.default_rng(0)
    x, w, b = (Tensor(rng.normal(size=shape)) for shape in [(4, 3), (3, 2), (2,)])
    derivation = derive((x @ w + b).sum(), {"x": x, "w": w, "b": b})
    texts = {p.target: to_text(p.rule) for s in derivation.reverse for p in s.contributions}
    assert texts["0"] == "grad v3 @ wᵀ"
    assert texts["1"] == "xᵀ @ grad v3"
    assert texts["2"] == "Σ(grad v4, axis=(0,))"


def test_a_comparison_stays_a_comparison():
    formula = trace(
        "relu", lambda g, x: np.where(x > 0, g, 0), [Argument(1.0, G), Argument(2.0, X)]
    )
    assert to_text(formula.expression) == "grad v1 if x > 0 else 0"
    assert not formula.branched


def test_a_rule_that_looks_at_a_number_says_so():
    def rule(g, x):
        return g if x > 0 else -g

    formula = trace("kink", rule, [Argument(1.0, G), Argument(-2.0, X)])
    assert formula.branched
    assert to_text(formula.expression) == "−grad v1"


def test_what_cannot_be_traced_is_named():
    def rule(g, x):
        return g * np.frombuffer(memoryview(x))

    formula = trace("buffer", rule, [Argument(1.0, G), Argument(2.0, X)])
    assert to_text(formula.expression) == "vjp of buffer(grad v1, x)"


def test_writing_into_an_array_is_read_from_what_tensors_record():
    x = Tensor([1.0, 2.0, 3.0])
    derivation = derive(x[1:].sum(), {})
    (part,) = derivation.reverse[1].contributions
    assert part.rule.name == "scatter"


def test_complex_rules_are_in_the_convention_of_grad():
    z = Tensor(1 + 2j, name="z")
    derivation = derive((z * z).real, {})
    values = known(derivation)
    for step in derivation.reverse:
        for part in step.contributions:
            got = evaluate(part.rule, values)
            assert part.amount.state is State.KNOWN
            np.testing.assert_allclose(got, part.amount.data)
    assert to_text(derivation.reverse[1].contributions[0].rule) == "grad v1 × conj(z)"


def test_most_of_the_registry_is_written_not_named():
    written = 0
    named = []
    for op in primitives():
        case = cases(op)[0]
        leaves = [Tensor(array) for array in case.draw(np.random.default_rng(2))]
        out = case.record(*leaves)
        out = out[0] if isinstance(out, list | tuple) else out
        if not isinstance(out, Tensor) or out._node is None:
            continue
        with np.errstate(all="ignore"):
            derivation = derive(out, {}, seed=np.ones(out.shape, out.dtype))
        rules = [part.rule for step in derivation.reverse for part in step.contributions]
        if any(map(names_what_it_is, rules)):
            named.append(op.name)
        else:
            written += 1
    assert written > 8 * len(named), named
    assert "softmax" not in named
