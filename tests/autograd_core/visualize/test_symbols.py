"""Formulas as data: simplified without changing the value, read with the right parentheses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_core.visualize.simplifying import simplify
from autograd_core.visualize.symbols import Call, Number, Symbol, fold, symbols_of, to_text

X, W, G = Symbol("0", "x"), Symbol("1", "w"), Symbol("2", "v2", gradient=True)
VALUES = {X: 1.7, W: -0.6, G: 2.3}
SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"}


def evaluate(expression):
    def make(part, operands):
        if isinstance(part, Call):
            return getattr(np, part.name)(*operands)
        return VALUES[part] if isinstance(part, Symbol) else part.value

    return fold(expression, make)


leaves = st.sampled_from([X, W, G, Number(0), Number(1), Number(-1), Number(2.0), Number(0.5)])
expressions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(
            lambda name, a, b: Call(name, (a, b)),
            st.sampled_from(["add", "subtract", "multiply"]),
            inner,
            inner,
        ),
        st.builds(lambda a: Call("negative", (a,)), inner),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(expressions)
def test_simplifying_keeps_the_value(expression):
    assert evaluate(simplify(expression)) == pytest.approx(evaluate(expression), 1e-12, 1e-12)


@settings(max_examples=200, deadline=None)
@given(expressions)
def test_the_text_means_the_formula(expression):
    text = to_text(expression).replace("grad v2", "g")
    python = text.replace("×", "*").replace("−", "-")
    value = eval(python, {"x": VALUES[X], "w": VALUES[W], "g": VALUES[G]})
    assert value == pytest.approx(evaluate(expression), 1e-9, 1e-9)


def test_a_wrong_simplification_would_be_noticed():
    assert evaluate(Call("multiply", (Number(0), X))) != evaluate(X)
    assert simplify(Call("multiply", (Number(0), X))) == Call("multiply", (Number(0), X))


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Call("multiply", (Call("add", (X, W)), G)), "(x + w) × grad v2"),
        (Call("subtract", (X, Call("subtract", (W, G)))), "x − (w − grad v2)"),
        (Call("divide", (X, Call("multiply", (W, G)))), "x ÷ (w × grad v2)"),
        (Call("power", (Call("negative", (X,)), Number(2))), "(−x) ^ 2"),
        (Call("negative", (Call("multiply", (X, W)),)), "−x × w"),
        (Call("negative", (Call("add", (X, W)),)), "−(x + w)"),
        (Call("square", (Call("add", (X, W)),)), "(x + w)²"),
        (Call("absolute", (X,)), "|x|"),
        (Call("sum", (X,), (("axis", (0,)),)), "Σ(x, axis=(0,))"),
        (Call("linear", (X, W, Number(None))), "linear(x, w)"),
        (Call("getitem", (X,), (("index", (slice(1, 3),)),)), "x[1:3]"),
    ],
)
def test_how_formulas_read(expression, text):
    assert to_text(expression) == text


def test_symbols_in_reading_order():
    assert symbols_of(Call("add", (Call("multiply", (G, W)), Call("add", (X, G))))) == (G, W, X)


def test_a_deep_formula_needs_no_recursion():
    expression = X
    for _ in range(5_000):
        expression = Call("sin", (expression,))
    assert simplify(expression) is expression
    assert to_text(expression).count("sin") == 5_000
