"""A derivation in LaTeX and Markdown: its numbers are the engine's, its symbols give them too."""

import re
from dataclasses import replace

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy.parsing.latex import parse_latex

import autograd_core as ag
from autograd_core.visualize.latex import (
    derivation_latex,
    derivation_markdown,
    forward_lines,
    reverse_lines,
)
from autograd_core.visualize.mathml import to_mathml
from autograd_core.visualize.replay import derive
from autograd_core.visualize.symbols import Number, Symbol


def derived(make, **values):
    names = {name: ag.Tensor(value, name=name) for name, value in values.items()}
    return derive(make(**names), names)


def texts(lines):
    return [line.text for line in lines]


def test_symbols_then_numbers():
    derivation = derived(lambda x, w: np.tanh(x * w), x=0.5, w=-3.0)
    assert texts(forward_lines(derivation)) == [
        "x = 0.5",
        "w = -3",
        r"v_{2} = x \cdot w = 0.5 \cdot (-3) = -1.5",
        r"v_{3} = \tanh(v_{2}) = \tanh(-1.5) = -0.90515",
    ]
    seed, inner, *leaves = texts(reverse_lines(derivation))
    assert seed == r"\bar{v}_{3} = 1"
    assert inner.startswith(r"\bar{v}_{2} = \bar{v}_{3} \cdot (1 - ")
    assert inner.endswith(" = 0.18071")
    assert sorted(leaves) == [
        r"\bar{w} = \bar{v}_{2} \cdot x = 0.18071 \cdot 0.5 = 0.090353",
        r"\bar{x} = \bar{v}_{2} \cdot w = 0.18071 \cdot (-3) = -0.54212",
    ]


def test_paths_are_added_up():
    derivation = derived(lambda x: np.sin(x) * x, x=2.0)
    line = texts(reverse_lines(derivation))[-1]
    assert line.startswith(r"\bar{x} = ")
    assert line.count(" + ") == 2  # once in symbols, once in numbers
    assert float(line.rpartition(" = ")[2]) == pytest.approx(np.cos(2) * 2 + np.sin(2), rel=1e-4)


def test_many_paths_are_counted():
    def make(x):
        total = x * 1.5
        for _ in range(20):
            total = total + np.sin(x)
        return total

    line = texts(reverse_lines(derived(make, x=2.0)))[-1]
    assert r"\cdots \text{ (16 more)}" in line
    assert len(line) < 1_000


def test_arrays_show_shape_and_range_or_their_numbers():
    small = ag.Tensor([[1.0, 2.0]], name="small")
    big = ag.Tensor(np.ones((2, 50)), name="big")
    derivation = derive(np.sum(small @ big))
    lines = texts([*forward_lines(derivation), *reverse_lines(derivation)])
    assert r"\text{small} = \begin{bmatrix}1 & 2\end{bmatrix}" in lines
    assert r"\text{big} = \text{(2, 50) float64, all 1}" in lines
    assert lines[-1].endswith((r"1 \text{ to } 2", "all 1}", "1 to 2}", r"\end{bmatrix}"))


def test_latex_and_markdown_hold_the_same_lines():
    derivation = derived(lambda x, w: np.exp(x * w) / x, x=0.5, w=-3.0)
    latex, markdown = derivation_latex(derivation), derivation_markdown(derivation)
    lines = texts([*forward_lines(derivation), *reverse_lines(derivation)])
    for line in lines:
        assert line.replace(" = ", " &= ", 1) in latex
        assert f"- ${line}$" in markdown
    assert latex.count(r"\begin{align*}") == latex.count(r"\end{align*}") == 2


def test_equations_of_a_network_are_appended():
    w = ag.Tensor([[0.5, -1.0]], name="w")
    loss = ag.squared_error(ag.sigmoid(ag.linear(np.ones((1, 2)), w)), np.zeros((1, 1)))
    derivation = derive(loss)
    assert r"\delta^{1} &= \nabla_{a} C \odot \sigma'(z^{1}) = " in derivation_latex(derivation)
    assert r"- $\delta^{1} = \nabla_{a} C \odot " in derivation_markdown(derivation)


HOSTILE = ["<script>", "%", "\\", "\u202eevil", "a\nb", "$", "}", "|", "&"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names(name):
    derivation = derive(ag.Tensor(2.0, name=name) * 3.0)
    latex, markdown = derivation_latex(derivation), derivation_markdown(derivation)
    for line in [*forward_lines(derivation), *reverse_lines(derivation)]:
        assert "\n" not in line.text
        assert "<script" not in to_mathml(line.text)
    for text in (latex, markdown):
        assert "<script" not in text
        assert "\u202e" not in text
        bare = re.sub(r"\\[{}]", "", text)
        assert bare.count("{") == bare.count("}")
    assert all(line.startswith(("%", "\\", "v")) or "=" in line for line in latex.splitlines())


@pytest.mark.parametrize(
    "make",
    [
        lambda: ag.Tensor(np.nan) * 2.0,
        lambda: ag.Tensor(1e308) * 1e308,
        lambda: np.sum(abs(ag.Tensor([1 + 2j, 3j]))),
        lambda: np.sum(ag.Tensor(np.zeros((0, 3))) * 2.0),
        lambda: np.linalg.slogdet(ag.Tensor(np.eye(2) * 2))[1],
        lambda: np.sum(np.concatenate([ag.Tensor([1.0]), ag.Tensor([2.0])])),
        lambda: np.where(ag.Tensor(2.0) > 0, ag.Tensor(3.0), 0.0),
        lambda: np.sum(ag.Tensor(np.ones((2, 3, 4)))[:, 1]),
        lambda: np.sum(np.linalg.svd(ag.Tensor(np.diag([1.0, 2.0])))[1]),
    ],
)
def test_anything_can_be_written(make):
    with np.errstate(over="ignore"):
        derivation = derive(make())
    for line in [*forward_lines(derivation), *reverse_lines(derivation)]:
        to_mathml(line.text)
        bare = re.sub(r"\\[{}]", "", line.text)
        assert bare.count("{") == bare.count("}")
    assert derivation_latex(derivation)
    assert derivation_markdown(derivation)


def test_released_is_said_in_words():
    x = ag.Tensor(np.ones(500), name="x")
    loss = np.sum(np.exp(x) * x)
    loss.backward()
    assert r"\text{in .grad: all 5.437}" in derivation_latex(derive(loss))
    assert "\n\nSome gradients are gone: " in derivation_markdown(derive(loss))
    x.grad = None
    assert r"\text{released}" in derivation_latex(derive(loss))


# ------------------------------------------------------------------ SymPy evaluates what is written

UNARY = [np.sin, np.cos, np.tanh, np.exp, np.negative, np.square, np.arctan, ag.sigmoid]
BINARY = [np.add, np.subtract, np.multiply, np.divide]


def programs():
    leaf = st.sampled_from(["x", "y", "z", "number"])
    return st.recursive(
        leaf,
        lambda inside: st.one_of(
            st.tuples(st.integers(0, len(UNARY) - 1), inside),
            st.tuples(st.integers(0, len(BINARY) - 1), inside, inside),
        ),
        max_leaves=6,
    )


def run(program, leaves):
    if isinstance(program, str):
        return leaves.get(program, 1.25)
    operation, *operands = program
    function = (UNARY if len(operands) == 1 else BINARY)[operation]
    return function(*[run(operand, leaves) for operand in operands])


READABLE = [(r"\bar{v}_{", "B_{"), (r"\bar{x}", "X"), (r"\bar{y}", "Y"), (r"\bar{z}", "Z")]


def readable(latex):
    """As SymPy reads it: a bar becomes a capital letter; sigma is spelled out."""
    for old, new in READABLE:
        latex = latex.replace(old, new)
    return re.sub(r"\\sigma\(([^()]*)\)", r"\\frac{1}{1 + e^{-(\1)}}", latex)


def evaluated(latex, known):
    return complex(parse_latex(readable(latex)).subs(sympy.Symbol("e"), sympy.E).subs(known))


def by_sympy(lines, leaves):
    """Every quantity, each computed from the LaTeX of its line and the quantities before it."""
    known = {sympy.Symbol(name): float(tensor.data) for name, tensor in leaves.items()}
    for line in lines:
        left = parse_latex(readable(line.left))
        if left not in known:
            value = evaluated(line.right[0], known)
            assert abs(value.imag) < 1e-9
            known[left] = value.real
    return known


@given(programs(), st.tuples(*[st.floats(0.3, 2.0)] * 3))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_sympy_computes_the_gradient_from_the_latex(program, values):
    leaves = {
        name: ag.Tensor(round(value, 3), name=name)
        for name, value in zip("xyz", values, strict=True)
    }
    result = run(program, leaves)
    assume(not isinstance(program, str) and isinstance(result, ag.Tensor))
    assume(np.isfinite(result.data) and abs(result.data) < 1e6)
    derivation = derive(result, leaves)
    lines = [*forward_lines(derivation, digits=17), *reverse_lines(derivation, digits=17)]
    known = by_sympy(lines, leaves)
    result.backward()
    for name, tensor in leaves.items():
        if tensor.grad is not None:
            read = known[sympy.Symbol(name.upper())]
            assert read == pytest.approx(float(tensor.grad), rel=1e-6, abs=1e-9)


def test_a_wrong_line_would_be_noticed():
    leaves = {"x": ag.Tensor(1.5, name="x")}
    derivation = derive(np.sin(leaves["x"]) * leaves["x"], leaves)
    lines = [*forward_lines(derivation, digits=17), *reverse_lines(derivation, digits=17)]
    right = by_sympy(lines, leaves)[sympy.Symbol("X")]
    wrong = replace(lines[-1], right=(lines[-1].right[0].partition(" + ")[0],))
    assert right == pytest.approx(np.sin(1.5) + 1.5 * np.cos(1.5))
    assert by_sympy([*lines[:-1], wrong], leaves)[sympy.Symbol("X")] != pytest.approx(right)


SYMPY = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: a**b,
    "negative": lambda a: -a,
    "square": lambda a: a**2,
    "sigmoid": lambda a: 1 / (1 + sympy.exp(-a)),
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tanh": sympy.tanh,
    "exp": sympy.exp,
    "arctan": sympy.atan,
}


def in_sympy(expression, known):
    if isinstance(expression, Symbol):
        return known[expression.identity, expression.gradient]
    if isinstance(expression, Number):
        return sympy.Float(expression.value, 30)
    return SYMPY[expression.name](*[in_sympy(part, known) for part in expression.operands])


@given(programs(), st.tuples(*[st.floats(0.3, 2.0)] * 3))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_sympy_computes_the_gradient_from_the_symbols(program, values):
    leaves = {name: ag.Tensor(value, name=name) for name, value in zip("xyz", values, strict=True)}
    result = run(program, leaves)
    assume(not isinstance(program, str) and isinstance(result, ag.Tensor))
    assume(np.isfinite(result.data) and abs(result.data) < 1e6)
    derivation = derive(result, leaves)
    labels = {vertex.label: vertex.identity for vertex in derivation.view.vertices}
    known = {}
    for step in derivation.forward:
        leaf = step.expression is None
        value = (
            sympy.Float(float(step.value.data), 30) if leaf else in_sympy(step.expression, known)
        )
        known[step.identity, False] = value.evalf(30)
        known[step.identity, True] = sympy.Integer(0)
    known[derivation.reverse[0].identity, True] = sympy.Integer(1)
    for step in derivation.reverse:
        for path in step.contributions:
            known[path.target, True] += in_sympy(path.rule, known).evalf(30)
            if path.local is not None:
                local = float(in_sympy(path.local, known))
                assert local == pytest.approx(float(path.local_value.data), rel=1e-9, abs=1e-12)
    result.backward()
    for name, tensor in leaves.items():
        if tensor.grad is not None:
            read = float(known[labels[name], True])
            assert read == pytest.approx(float(tensor.grad), rel=1e-6, abs=1e-9)


@given(programs(), st.tuples(*[st.floats(0.3, 2.0)] * 3))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_printed_numbers_are_the_engines(program, values):
    leaves = {name: ag.Tensor(value, name=name) for name, value in zip("xyz", values, strict=True)}
    result = run(program, leaves)
    assume(not isinstance(program, str) and isinstance(result, ag.Tensor))
    derivation = derive(result, leaves)
    shown = {line.left: line.right[-1] for line in reverse_lines(derivation)}
    shown |= {line.left: line.right[-1] for line in forward_lines(derivation)}
    result.backward()
    for name, tensor in leaves.items():
        if tensor.grad is not None:
            assert number(shown[name]) == pytest.approx(float(tensor.data), rel=1e-4)
            gradient = float(tensor.grad)
            assert number(shown[rf"\bar{{{name}}}"]) == pytest.approx(
                gradient, rel=1e-4, nan_ok=True
            )


def number(latex):
    """A printed number, read back."""
    words = {r"\infty": "inf", r"-\infty": "-inf", r"\text{nan}": "nan"}
    return float(re.sub(r" \\times 10\^\{(.*)\}", r"e\1", words.get(latex, latex)))


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3,)])
def test_back_through_a_sum_of_everything_one_number_goes_to_each_element(shape):
    x = ag.Tensor(np.ones(shape), name="x")
    text = derivation_latex(derive(0.5 * x.sum(), {}))
    assert r"\operatorname{broadcast}(\bar{v}_{1}) = \operatorname{broadcast}(0.5)" in text
    assert "reshape" not in text
    assert "shape" not in text


def test_a_slope_is_written_as_a_factor():
    x = ag.Tensor(0.5, name="x")
    o = np.tanh(x)
    derivation = derive(o * 3.0, {"o": o})
    assert r"\bar{x} &= \bar{o} \cdot (1 - o \cdot o)" in derivation_latex(derivation)
    (o * 3.0).backward()
    assert derivation.reverse[-1].incoming.data == x.grad


def test_gradients_of_several_outputs_stand_side_by_side():
    a, b = np.split(ag.Tensor([1.0, 2.0, 3.0, 4.0, 5.0], name="x"), [2])
    loss = (a * 2).sum() + (a * 3).sum() + (b * 3).sum()
    lines = [line.text for line in reverse_lines(derive(loss, {}))]
    assert r"\bar{v}_{1} = \left(\bar{v}_{2}, \bar{v}_{3}\right)" in lines
    lines = [line.text for line in reverse_lines(derive((b * 3).sum(), {}))]
    assert r"\bar{v}_{1} = \left(0, \bar{v}_{2}\right)" in lines


def test_what_a_hook_did():
    x = ag.Tensor(2.0, name="x")
    y = x * 3.0
    y.register_hook(lambda g: g * 10)
    lines = [line.text for line in reverse_lines(derive(y * y, {}))]
    assert lines[1].endswith(r" = 12 \text{, which a hook changed to } 120")
    assert lines[2] == r"\bar{x} = \bar{v}_{1} \cdot 3 = 120 \cdot 3 = 360"
    assert "120" in to_mathml(lines[1])
