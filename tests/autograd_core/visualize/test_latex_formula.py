"""Formulas as LaTeX: parentheses, keywords, every primitive; SymPy reads the value back."""

import math
import re

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from sympy.parsing.latex import parse_latex

from autograd_core.entry import REGISTRY
from autograd_core.visualize.latex_formula import to_latex
from autograd_core.visualize.mathml import to_mathml
from autograd_core.visualize.symbols import Call, Number, Symbol

x, y, z = (Symbol(str(place), name) for place, name in enumerate("xyz"))
two = Number(2)


def call(name, *operands, **keywords):
    return Call(name, operands, tuple(keywords.items()))


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (call("add", x, call("negative", y)), "x + (-y)"),
        (call("subtract", x, call("subtract", y, z)), "x - (y - z)"),
        (call("subtract", call("subtract", x, y), z), "x - y - z"),
        (call("multiply", call("add", x, y), z), r"(x + y) \cdot z"),
        (
            call("multiply", call("multiply", x, y), call("multiply", y, z)),
            r"x \cdot y \cdot y \cdot z",
        ),
        (call("multiply", x, call("remainder", y, z)), r"x \cdot (y \bmod z)"),
        (call("remainder", call("multiply", x, y), z), r"(x \cdot y) \bmod z"),
        (call("power", call("power", x, y), z), "{({x}^{y})}^{z}"),
        (call("power", x, call("power", y, z)), "{x}^{{y}^{z}}"),
        (call("power", call("negative", x), two), "{(-x)}^{2}"),
        (call("power", Number(-2), x), "{(-2)}^{x}"),
        (call("power", Number(1e-9), x), r"{(1 \times 10^{-9})}^{x}"),
        (call("square", call("tanh", x)), r"{(\tanh(x))}^{2}"),
        (call("square", call("divide", x, y)), r"{\left(\frac{x}{y}\right)}^{2}"),
        (call("multiply", Number(1 - 2j), x), r"(1 - 2\,\mathrm{i}) \cdot x"),
        (call("exp", call("negative", x)), "e^{-x}"),
        (call("negative", call("add", x, y)), "-(x + y)"),
        (call("negative", call("negative", x)), "-(-x)"),
        (call("sin", call("add", x, y)), r"\sin(x + y)"),
        (call("log", call("divide", x, y)), r"\ln\left(\frac{x}{y}\right)"),
        (call("absolute", call("negative", x)), r"\left|-x\right|"),
        (call("matmul", x, call("transpose", y, axes=(1, 0))), r"x \, {y}^T"),
        (call("matmul", call("matmul", x, y), z), r"x \, y \, z"),
        (call("matmul", call("multiply", x, y), z), r"(x \cdot y) \, z"),
        (call("linear", call("add", x, y), y, z), r"(x + y) \, y^T + z"),
        (call("linear", x, y, Number(None)), r"x \, y^T"),
        (call("clip", x, Number(0), Number(None)), r"\operatorname{clip}(x, 0, \text{none})"),
        (call("sum", x, axis=(0,)), r"\sum_{\text{axis 0}} x"),
        (
            call("sum", call("multiply", x, y), axis=(0, 1), keepdims=True),
            r"\sum_{\text{axes 0, 1}}(x \cdot y)",
        ),
        (call("multiply", call("sum", x), y), r"\left(\sum x\right) \cdot y"),
        (call("mean", x), r"\operatorname{mean}(x)"),
        (call("logsumexp", x, axis=(1,)), r"\ln \sum_{\text{axis 1}} e^{x}"),
        (call("norm", x, axis=(0,)), r"\left\|x\right\|_{\text{axis 0}}"),
        (call("getitem", call("add", x, y), index=(slice(1, 3), 0)), r"{(x + y)}_{\text{1:3, 0}}"),
        (call("getitem", x, index=2), "{x}_{2}"),
        (Call("polygamma", (x,), (("n", 1),)), r"\psi^{(1)}(x)"),
        (call("greater", x, Number(0)), "x > 0"),
        (call("multiply", x, call("greater", y, Number(0))), r"x \cdot (y > 0)"),
        (
            call("logical_and", call("less", x, y), call("isnan", z)),
            r"(x < y) \land (\operatorname{isnan}(z))",
        ),
        (
            call("where", call("greater", x, Number(0)), x, Number(0.1)),
            r"\begin{cases}x & x > 0 \\ 0.1 & \text{otherwise}\end{cases}",
        ),
        (call("zeros_like", x), r"\text{zeros}\_\text{like}(x)"),
        (call("vjp of <qr>", x), r"\text{vjp of }\lt \text{qr}\gt(x)"),
        (
            call("concatenate", *[x] * 6, axis=0),
            r"\operatorname{concatenate}_{\text{axis 0}}(x, x, x, x, \ldots \text{ 2 more})",
        ),
        (Symbol("3", "v3", gradient=True), r"\bar{v}_{3}"),
        (Number(np.eye(1)), r"\begin{bmatrix}1\end{bmatrix}"),
    ],
)  # fmt: skip
def test_reads_as_mathematics_does(expression, written):
    assert to_latex(expression) == written
    to_mathml(written)


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_primitive_has_latex(name):
    primitive = REGISTRY[name]
    names = ("a", "b", "c") if primitive.variadic else primitive.operand_names
    hard = [
        call("add", Symbol(str(place), operand), call("divide", x, Number(-1e-9)))
        for place, operand in enumerate(names)
    ]
    keywords = dict.fromkeys(primitive.keyword_names, (1, 2))
    for operands in ([Symbol("0", operand) for operand in names], hard):
        for given_keywords in ({}, keywords):
            written = to_latex(Call(name, tuple(operands), tuple(given_keywords.items())))
            bare = re.sub(r"\\[{}]", "", written)
            assert bare.count("{") == bare.count("}")
            assert bare.count("(") == bare.count(")")
            assert "%" not in re.sub(r"\\%", "", written)
            assert "None" not in written
            to_mathml(written)


FUNCTIONS = {
    "add": (lambda a, b: a + b, 2),
    "subtract": (lambda a, b: a - b, 2),
    "multiply": (lambda a, b: a * b, 2),
    "divide": (lambda a, b: a / b, 2),
    "negative": (lambda a: -a, 1),
    "sin": (math.sin, 1),
    "tanh": (math.tanh, 1),
    "square": (lambda a: a * a, 1),
    "arctan": (math.atan, 1),
    "exp": (math.exp, 1),
}
VALUES = {x: 0.7, y: -1.3, z: 2.1}

expressions = st.recursive(
    st.sampled_from([x, y, z, two, Number(-0.25), Number(1.5e-3)]),
    lambda inside: st.sampled_from(sorted(FUNCTIONS)).flatmap(
        lambda name: st.tuples(*[inside] * FUNCTIONS[name][1]).map(lambda parts: Call(name, parts))
    ),
    max_leaves=6,
)


def evaluate(expression):
    if isinstance(expression, Symbol):
        return VALUES[expression]
    if isinstance(expression, Number):
        return expression.value
    return FUNCTIONS[expression.name][0](*map(evaluate, expression.operands))


def read_by_sympy(latex):
    """The value of a formula as SymPy reads it: an independent reading of the parentheses."""
    known = {sympy.Symbol(symbol.label): value for symbol, value in VALUES.items()}
    return complex(parse_latex(latex).subs(sympy.Symbol("e"), sympy.E).subs(known))


@given(expressions)
@settings(max_examples=30, deadline=None, derandomize=True)
def test_sympy_reads_the_same_value(expression):
    try:
        value = evaluate(expression)
    except (ZeroDivisionError, OverflowError):
        reject()
    assume(abs(value) < 1e12)
    read = read_by_sympy(to_latex(expression, digits=17))
    assert read == pytest.approx(value, rel=1e-6, abs=1e-9)


def test_a_wrong_reading_would_be_noticed():
    written = to_latex(call("multiply", call("add", x, y), z))
    assert read_by_sympy(written) == pytest.approx((0.7 - 1.3) * 2.1)
    assert read_by_sympy(written.replace("(", "").replace(")", "")) != pytest.approx(-0.6 * 2.1)


def test_numbers_in_place_of_symbols():
    product = call("multiply", x, call("square", y))
    assert to_latex(product, names={x: "0.5", y: "-3"}.get) == r"0.5 \cdot {(-3)}^{2}"


def test_deep_formulas_do_not_recurse_and_long_parts_are_left_out():
    expression = x
    for _ in range(5_000):
        expression = call("sin", expression)
    written = to_latex(expression)
    assert "…" in written
    assert len(written) < 10_000


def test_a_part_that_occurs_twice_everywhere_does_not_explode():
    expression = x
    for _ in range(60):
        expression = call("multiply", expression, expression)
    assert len(to_latex(expression)) < 10_000
