"""The public checker: it passes what is right, fails planted faults, and guesses at them well."""

import re

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor
from autograd_core.primitive import REGISTRY, primitive
from tests.autograd_core.test_checking import (
    RIGHT,
    WRONG_AT_FIRST_ORDER,
    WRONG_AT_SECOND_ORDER,
    X,
    Y,
    plant,
)

# ------------------------------------------------------------------------------ what is right

SMOOTH = {
    "sin": (np.sin, [X]),
    "number": (lambda x: x**3, [2.0]),
    "several": (lambda x, y: np.tanh(x @ y) / (1 + y**2), [X, Y]),
    "broadcast": (lambda x, y: x * y, [X, Y[0]]),
    "to a number": (np.linalg.norm, [X]),
    "several outputs": (lambda x: (np.exp(x), {"sum": x.sum()}), [X]),
    "tree": (lambda p: p["w"] @ p["b"][0], [{"w": X, "b": [Y[0]]}]),
    "labels": (ag.softmax_cross_entropy, [X, np.array([0, 2, 1])]),
    "complex": (lambda z: np.exp(z) * np.conj(z), [X + 1j * Y]),
    "complex to real": (lambda z: np.abs(z) ** 2, [X + 1j * Y]),
    "constant": (lambda x: x - x + 1.0, [X]),
    "empty": (lambda x: x * 2, [np.ones((0, 3))]),
    "near a pole": (np.log, [np.array([1e-5, 3.0])]),
    "near a kink": (np.abs, [np.array([1e-4, -1e-6])]),
    "big": (np.sin, [np.array([1e5])]),
    "tiny": (lambda x: 1e-12 * x**2, [X]),
    "huge": (lambda x: 1e12 * x**2, [X]),
    "transform inside": (ag.grad(lambda y: np.sum(y**3)), [X]),
}


@pytest.mark.parametrize(("function", "inputs"), SMOOTH.values(), ids=SMOOTH)
def test_what_is_right_passes_at_both_orders(function, inputs):
    report = ag.gradcheck(function, *inputs, order=2)
    assert report, str(report)
    assert (report.order, report.wrong, report.hint) == (2, 0, None)
    ag.assert_gradients(function, *inputs)


@pytest.mark.parametrize(("function", "inputs"), RIGHT.values(), ids=RIGHT)
def test_right_rules_pass(function, inputs):
    ag.assert_gradients(function, *inputs)


@pytest.mark.parametrize("dtype", ["float32", "complex64"])
def test_single_precision_is_held_to_its_own_precision(dtype):
    assert ag.gradcheck(lambda x: np.sin(x) * x, X.astype(dtype), order=2)
    wrong = plant(np.sin, x=lambda g, x: 1.01 * g * np.cos(x))
    assert not ag.gradcheck(wrong, X.astype(dtype))


def test_a_module_is_checked_in_its_parameters_and_left_as_it_was():
    rng = np.random.default_rng(0)
    model = nn.MLP(2, [3], 1, activation="tanh", rng=rng)
    before = [(p, p._node, p.data.copy()) for p in model.parameters()]
    report = ag.gradcheck(lambda m, x: m(x), model, np.ones((4, 2)), order=2)
    assert report, str(report)
    for parameter, node, data in before:
        assert parameter._node is node
        assert parameter.grad is None
        np.testing.assert_array_equal(parameter.data, data)


def test_no_input_is_touched_and_tensors_keep_their_gradient():
    x = Tensor(X.copy())
    x.grad = Y
    assert ag.gradcheck(lambda x: x * x, x)
    np.testing.assert_array_equal(x.data, X)
    np.testing.assert_array_equal(x.grad, Y)


def test_of_a_large_input_some_elements_are_compared():
    report = ag.gradcheck(lambda x: x * x, np.ones((40, 40)), samples=30)
    assert report.compared == 30


# ------------------------------------------------------------------------------ planted faults


@pytest.mark.parametrize(
    ("function", "inputs"), WRONG_AT_FIRST_ORDER.values(), ids=WRONG_AT_FIRST_ORDER
)
@pytest.mark.parametrize("seed", range(3))
def test_a_wrong_rule_fails_at_first_order(function, inputs, seed):
    report = ag.gradcheck(function, *inputs, rng=np.random.default_rng(seed))
    assert not report
    assert report.order == 1
    assert report.wrong > 0


@pytest.mark.parametrize(
    ("function", "inputs"), WRONG_AT_SECOND_ORDER.values(), ids=WRONG_AT_SECOND_ORDER
)
def test_a_rule_wrong_at_second_order_fails_there(function, inputs):
    assert ag.gradcheck(function, *inputs)
    report = ag.gradcheck(function, *inputs, order=2)
    assert not report
    assert report.order == 2


def test_one_wrong_element_among_many_is_the_worst():
    spot = np.zeros((3, 3))
    spot[2, 1] = 1e-3
    report = ag.gradcheck(plant(np.exp, x=lambda g, out: g * out * (1 + spot)), X)
    assert (report.wrong, report.compared) == (1, 9)
    assert report.worst.index == (2, 1)
    assert report.worst.relative_error == pytest.approx(1e-3, rel=0.01)
    assert "index (2, 1)" in str(report)


def test_the_second_of_two_arguments_is_named():
    wrong = plant(np.multiply, x=lambda g, y: g * y, y=lambda g, x: g * x * 1.01)
    report = ag.gradcheck(wrong, Tensor(X, name="a"), Tensor(Y, name="b"))
    assert "argument 1 ('b')" in str(report)
    assert "tree" not in str(report)
    nested = ag.gradcheck(lambda p: wrong(p[0], p[1]), [X, Y])
    assert "argument 0, leaf 1" in str(nested)


def half(x):
    return Tensor(x.data) if isinstance(x, Tensor) else x


HINTS = {
    "a constant factor": (plant(np.sin, x=lambda g, x: 2 * g * np.cos(x)), [X], "2 times.*factor"),
    "a third": (plant(np.sin, x=lambda g, x: g * np.cos(x) / 3), [X], r"1/3 \(0.333333\) times"),
    "a mean's": (plant(lambda x: x.mean(), x=lambda g, x: g + 0 * x), [X], "9 times"),
    "sign": (plant(np.cos, x=lambda g, x: g * np.sin(x)), [X], "the sign"),
    "rule forgets to transpose g": (plant(np.transpose, x=lambda g: g), [X], "^transposed"),
    "transposed, not square": (
        plant(lambda x: x * 1.0, x=lambda g: np.reshape(g.T, g.shape)),
        [X[:2]],
        "^transposed",
    ),
    "other places": (plant(lambda x: x * 1.0, x=lambda g: g[::-1]), [X], "in other places"),
    "one row only": (
        plant(lambda x, y: x * y, x=lambda g, y: g * y, y=lambda g, x: (g * x)[0]),
        [X, Y[0]],
        "a sum over a broadcast axis is missing: only index 0 of axis 0",
    ),
    "last column only": (
        plant(lambda x: x + np.zeros((3, 4)), x=lambda g: g[:, -1:]),
        [X[:, :1]],
        "a sum over a broadcast axis is missing: only index 3 of axis 1",
    ),
    "no cotangent": (plant(np.sin, x=lambda g, x: np.cos(x) + 0 * g), [X], "ignores the gradient"),
    "detached": (lambda x: x.detach() * 2.0 + 0 * x, [X], "0 although the values change"),
    "detached altogether": (half, [X], "0 although the values change"),
    "does not change": (plant(np.floor, x=lambda g: g), [X], "do not change"),
    "NaN": (plant(np.exp, x=lambda g, out: g * out * np.nan), [X], "is nan.*detect_anomaly"),
    "the edge": (lambda x: np.log(x) * 0 + x, [np.array([-1.0])], "is nan|not finite|edge"),
    "single precision": (lambda x: np.sin(x.astype("f4")), [X], "single precision"),
    "rounded": (plant(np.sin, x=lambda g, x: g * np.cos(x + 1e-4)), [X], "rounded off"),
}


@pytest.mark.parametrize(("function", "inputs", "words"), HINTS.values(), ids=HINTS)
def test_hints(function, inputs, words):
    report = ag.gradcheck(function, *inputs)
    assert not report
    assert report.hint is not None
    assert re.search(words, report.hint), report.hint
    assert "hint (a guess, no more)" in str(report)


def test_a_kink_is_named_with_both_slopes():
    report = ag.gradcheck(ag.leaky_relu, np.array([0.0]))
    assert "a kink nearby: the slope is" in report.hint
    assert "non_differentiable" in report.hint


def test_a_conjugate_gradient_is_named():
    wrong = plant(lambda z: z * (1 + 2j), x=lambda g: np.conj(g * (1 + 2j)))
    assert "conjugate" in ag.gradcheck(wrong, X + 1j * Y).hint


# ------------------------------------------------------------------------------ the report


def sine(x):
    return np.sin(x)


def test_a_good_report_reads_so():
    text = str(ag.gradcheck(sine, np.array([0.5, 1.0]), order=2))
    lines = text.splitlines()
    assert lines[0] == "gradcheck of sine: ok (orders 1 and 2)"
    assert lines[1].startswith("  worst element: ")
    assert lines[-1] == "  4 elements compared, 0 wrong; with a random gradient at the output"
    assert repr(ag.gradcheck(sine, 1.0)).startswith("gradcheck of sine: ok (order 1)")


def test_the_step_can_be_given():
    assert ag.gradcheck(np.sin, X, step=1e-2).worst.step == 1e-2
    report = ag.gradcheck(np.abs, np.array([1e-3]), step=0.1)
    assert not report  # it steps over the kink


def test_the_tolerance_can_be_given():
    nearly = plant(np.sin, x=lambda g, x: g * np.cos(x) * (1 + 1e-4))
    assert not ag.gradcheck(nearly, X)
    assert ag.gradcheck(nearly, X, rtol=1e-3)


def test_assert_gradients_fails_with_the_report():
    with pytest.raises(AssertionError, match=r"WRONG \(order 1\)(.|\n)*by differences(.|\n)*sign"):
        ag.assert_gradients(plant(np.cos, x=lambda g, x: g * np.sin(x)), X)


# ------------------------------------------------------------------------------ wrong calls


def test_integers_have_nothing_to_check():
    with pytest.raises(ag.DTypeError, match=r"gradcheck: no input.*Write 2\.0 instead of 2"):
        ag.gradcheck(np.sin, 2)


def test_a_function_of_no_numbers_is_refused():
    with pytest.raises(ag.GraphError, match="gradcheck: the function must return floating"):
        ag.gradcheck(np.argmax, X)


def test_random_functions_are_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ag.GraphError, match=r"other values.*draw the same"):
        ag.gradcheck(lambda x: x * rng.random(), X)


@pytest.mark.parametrize("order", [0, 3, None])
def test_order_is_one_or_two(order):
    with pytest.raises(ag.GraphError, match="order is 1 or 2"):
        ag.gradcheck(np.sin, X, order=order)


def test_the_users_own_primitive_is_checked_like_any():
    call = primitive(lambda x: x**3, lambda g, x: g * 3 * x**2, name="cube_of_the_checker")
    ag.assert_gradients(call, X)
    del REGISTRY["cube_of_the_checker"]
