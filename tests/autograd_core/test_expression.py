"""Formulas as text: right values and gradients, and every mistake in its place."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core import parsing
from autograd_core.expression import CONSTANTS, ExpressionError, evaluate, functions

X, Y = 1.25, -0.75
NAMES = {"x": X, "y": Y, **CONSTANTS}
PYTHONS = {
    name: getattr(math, name) for name in ("sin", "cos", "tanh", "exp", "sqrt", "hypot", "log1p")
}


def variables():
    return {"x": ag.Tensor(X), "y": ag.Tensor(Y)}


def combine(parts):
    return st.one_of(
        st.tuples(parts, st.sampled_from(["+", "-", "*", "/", "**"]), parts).map(
            lambda found: f"({found[0]}) {found[1]} ({found[2]})"
        ),
        parts.map(lambda found: f"-{found}"),
        parts.map(lambda found: f"+({found})"),
        st.tuples(st.sampled_from(["sin", "cos", "tanh", "exp", "sqrt", "log1p"]), parts).map(
            lambda found: f"{found[0]}({found[1]})"
        ),
        st.tuples(parts, parts).map(lambda found: f"hypot({found[0]}, {found[1]})"),
    )


numbers = st.floats(0, 100).map(repr) | st.integers(0, 100).map(str)
formulas = st.recursive(numbers | st.sampled_from(list(NAMES)), combine, max_leaves=8)


@given(formulas)
@example("-x**2")
@example("2**-x")
@example("x - y - 1")
@example("2**3**2")
@example("  x*-y ")
@example(" ".join(["x +"] * 800) + " x")
def test_any_formula_gives_what_python_gives(text):
    try:
        expected = eval(text.strip(), {"__builtins__": {}}, {**NAMES, **PYTHONS})
        expected = float(expected)
    except (ArithmeticError, ValueError, TypeError):
        assume(False)  # Python raises, or leaves the real numbers, where NumPy gives inf or nan
    assume(math.isfinite(expected))
    assert float(evaluate(text, variables())) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_gradients():
    given_values = {"x": ag.Tensor(2.0), "w": ag.Tensor(-3.0), "b": ag.Tensor(6.88)}
    result = evaluate("tanh(x*w + b)", given_values)
    result.backward()
    slope = 1 - math.tanh(0.88) ** 2
    assert float(given_values["x"].grad) == pytest.approx(-3 * slope)
    assert float(given_values["w"].grad) == pytest.approx(2 * slope)
    assert float(given_values["b"].grad) == pytest.approx(slope)


def test_arrays_can_be_variables():
    x = ag.Tensor([1.0, 2.0])
    np.testing.assert_allclose(evaluate("x**2 + 1", {"x": x}).data, [2, 5])


def test_a_formula_of_numbers_is_a_constant():
    result = evaluate("2*pi", {})
    assert not result.requires_grad
    assert float(result) == pytest.approx(2 * math.pi)


def test_a_variable_hides_a_constant():
    assert float(evaluate("e", {"e": ag.Tensor(5.0)})) == 5.0
    assert float(evaluate("e", {})) == math.e


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/0", math.inf),
        ("-1/0", -math.inf),
        ("0/0", math.nan),
        ("log(-1)", math.nan),
        ("9**9**9**9", math.inf),
        ("(-8)**(1/3)", math.nan),
        ("exp(1000)", math.inf),
        ("x/0", math.inf),
        ("0**-x", math.inf),
    ],
)
def test_where_python_would_raise_there_is_a_number(text, value):
    assert float(evaluate(text, variables())) == pytest.approx(value, nan_ok=True)


def test_functions_come_from_the_registry():
    known = functions()
    for name in ("sin", "sigmoid", "relu", "abs", "absolute", "max", "maximum", "arctan2"):
        assert name in known
    for name in ("sum", "matmul", "output", "astype", "getitem", "linear", "add", "real"):
        assert name not in known
    for name, primitive in known.items():
        arguments = ", ".join(["x", "y"][: len(primitive.operand_names)])
        assert evaluate(f"{name}({arguments})", variables()).shape == ()


def check(text, problem, column, given_names=("x", "y")):
    values = {name: ag.Tensor(1.0) for name in given_names}
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, values)
    assert (caught.value.problem, caught.value.column) == (problem, column)
    return caught.value


@pytest.mark.parametrize(
    ("text", "problem", "column"),
    [
        # names
        ("tahn(x)", "unknown function 'tahn'; did you mean 'tanh'?", 1),
        ("1 + sigmoyd(x)", "unknown function 'sigmoyd'; did you mean 'sigmoid'?", 5),
        ("ln(x)", "unknown function 'ln'; write log(x)", 1),
        ("qqqqq(x)", "unknown function 'qqqqq'", 1),
        ("x*z", "unknown variable 'z'", 3),
        ("é*x1", "unknown variable 'é'", 1),
        ("x*é + zz", "unknown variable 'é'", 3),
        ("x2", "unknown variable 'x2'; did you mean 'x'?", 1),
        ("exp + 1", "'exp' is a function; write exp(x)", 1),
        ("x(2)", "'x' is a value, not a function; to multiply, write *", 1),
        ("pi(2)", "'pi' is a value, not a function; to multiply, write *", 1),
        ("2(x)", "this is not a function; to multiply, write *", 1),
        ("max(x)", "max(x, y) takes 2 arguments, not 1", 1),
        ("exp(x, y)", "exp(x) takes 1 argument, not 2", 1),
        ("exp(x=1)", "write the arguments plainly: exp(x)", 1),
        ("exp(*x)", "write the arguments plainly: exp(x)", 1),
        # operators
        ("x ^ 2", "'^' is not an operator here; write **", 3),
        ("(x)^(2)", "'^' is not an operator here; write **", 4),
        ("x // 2", "'//' is not an operator here", 3),
        ("x % 2", "'%' is not an operator here", 3),
        ("x @ y", "'@' is not an operator here", 3),
        ("~x", "only + and - can stand before a value", 1),
        ("not x", "only + and - can stand before a value", 1),
        ("x × 2", "'×' is not an operator here; write *", 3),
        ("x²", "'²' is not an operator here; write **2", 2),
        ("2x + 1", "to multiply, write 2*x", 1),
        ("x + 2.5y", "to multiply, write 2.5*y", 5),
        ("x y", "an operator is missing between 'x' and 'y'", 3),
        ("(x)y", "an operator is missing before 'y'", 4),
        ("x = 2", "'=' has no meaning in a formula; values stand beside it", 3),
        ("x +", "something is missing after '+'", 3),
        ("x + * 2", "something is missing between '+' and '*'", 5),
        ("exp()", "exp(x) takes 1 argument, not 0", 1),
        ("(*x)", "something is missing between '(' and '*'", 2),
        ("/x", "something is missing before '/'", 1),
        ("(x + 1", "'(' is never closed; a ')' is missing", 1),
        ("x + 1)", "')' closes nothing; a '(' is missing before it", 6),
        ("x $ 1", "'$' has no meaning in a formula", 3),
        # what Python could do and a formula cannot
        ("x.data", "a dot after a value has no meaning in a formula", 1),
        ("x.exp()", "functions are written before their argument: exp(x)", 1),
        ("x.foo()", "a dot after a value has no meaning in a formula", 1),
        ("np.exp(x)", "write exp without 'np.'", 1),
        ("x[0]", "an index in brackets has no meaning in a formula", 1),
        ("[x]", "a list has no meaning in a formula", 1),
        ("x, y", "a comma outside a function call has no meaning in a formula", 1),
        ("x > 1", "a comparison has no meaning in a formula", 1),
        ("x and y", "'and' or 'or' has no meaning in a formula", 1),
        ("x if y else 1", "'if' has no meaning in a formula", 1),
        ("lambda: x", "'lambda' has no meaning in a formula", 1),
        ("(z := x)", "':=' has no meaning in a formula", 2),
        ("f'{x}'", "text in quotes has no meaning in a formula", 1),
        ("{x}", "this has no meaning in a formula", 1),
        ("'x'", "only real numbers are allowed here", 1),
        ("True", "only real numbers are allowed here", 1),
        ("2j", "only real numbers are allowed here", 1),
        ("...", "only real numbers are allowed here", 1),
        ("__import__('os')", "unknown function '__import__'", 1),
        ("x.__class__.__bases__", "a dot after a value has no meaning in a formula", 1),
        ("yield x", "an operator is missing between 'yield' and 'x'", 7),
        ("import", "this cannot be read as a formula", 1),
        # size
        ("1" + "0" * 400, "this number is too big for float64 (about 1.8e308)", 1),
        ("x+" + "1" * 9_990, "this number has too many digits", 3),
        ("(" * 300 + "x" + ")" * 300, "this formula is nested too deeply; split it", 101),
        ("x" * 10_001, "a formula has at most 10,000 characters", 10_001),
    ],
)
def test_mistakes(text, problem, column):
    check(text, problem, column)


def test_a_formula_too_deep_for_pythons_parser(monkeypatch):
    def give_up(*_, **__):
        raise RecursionError

    monkeypatch.setattr(parsing.ast, "parse", give_up)
    check("x+x", "this formula is nested too deeply; split it", 1)


def test_no_formula():
    check("  ", 'there is no formula; write one, such as "x*w + b"', 1)


def test_the_caret_stands_under_the_mistake():
    error = check("1 + tahn(x)", "unknown function 'tahn'; did you mean 'tanh'?", 5)
    assert str(error) == (
        "unknown function 'tahn'; did you mean 'tanh'?\n  1 + tahn(x)\n      ^^^^"
    )


def test_line_breaks_and_control_characters_do_not_move_the_caret():
    error = check("x +\n\ttahn(x)", "unknown function 'tahn'; did you mean 'tanh'?", 6)
    assert error.pointer() == "  x +  tahn(x)\n       ^^^^"
    error = check("x + \x1b[31m", "'�' has no meaning in a formula", 5)
    assert "\x1b" not in str(error)


def test_of_a_long_formula_a_window_is_shown():
    text = "x + " * 100 + "tahn(x)" + " + x" * 100
    error = check(text, "unknown function 'tahn'; did you mean 'tanh'?", 401)
    shown, carets = error.pointer().splitlines()
    assert len(shown) < 80
    assert shown[carets.index("^") :].startswith("tahn(x)")
    assert carets.count("^") == 4


def test_a_missing_name_is_told_to_programs():
    assert check("x*z", "unknown variable 'z'", 3).missing == "z"
    assert check("x*2z", "to multiply, write 2*z", 3).missing is None


def test_the_engines_own_complaint_gets_a_place():
    values = {"x": ag.Tensor([1.0, 2.0]), "y": ag.Tensor([1.0, 2.0, 3.0])}
    with pytest.raises(ExpressionError) as caught:
        evaluate("2 * (x + y)", values)
    assert caught.value.column == 6
    assert "broadcast" in str(caught.value)


@given(st.text(max_size=40) | st.text("xy+-*/()., 12e^=", max_size=20))
def test_any_text_gives_a_number_or_an_error_of_ours(text):
    try:
        result = evaluate(text, variables())
    except ExpressionError as error:
        assert 1 <= error.column <= max(1, len(error.text) + 1)  # noqa: PT017 - either is right
    else:
        assert result.shape == ()
