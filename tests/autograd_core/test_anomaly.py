"""detect_anomaly: the first number that is not finite, where it was born, and nothing when off."""

import asyncio
import re
import threading

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor, anomaly, history, hot_recording, recording, reverse
from autograd_core.primitive import OUTPUT, REGISTRY


def raised(function, *args):
    """The message of the anomaly that `function` runs into."""
    with pytest.raises(ag.AnomalyError) as caught, ag.detect_anomaly():
        function(*args)
    assert isinstance(caught.value, FloatingPointError)
    return str(caught.value)


def of(*numbers, dtype=float):
    return Tensor(np.array(numbers, dtype))


# ------------------------------------------------------------------------------ forward

FORWARD = {
    "log(0)": (lambda: np.log(of(1, 0)), "log .*made -inf.*at index \\(1,\\)", "logarithm of 0"),
    "log(-1)": (lambda: np.log(of(1, -1)), "log .*made nan", "negative number is NaN.*np.where"),
    "log10(0)": (lambda: np.log10(of(0)), "log10 .*made -inf", "logarithm of 0"),
    "log1p(-1)": (lambda: np.log1p(of(-1)), "log1p .*made -inf", r"logarithm of 1 \+ x"),
    "exp": (lambda: np.exp(of(1, 800)), "exp .*made inf", "above 709.8 in float64.*softmax"),
    "exp float32": (lambda: np.exp(of(90, dtype="f4")), "made inf", "above 88.72 in float32"),
    "sqrt(-1)": (lambda: np.sqrt(of(-1)), "sqrt .*made nan", "root of a negative"),
    "0/0": (lambda: of(0, 1) / of(0, 1), "divide .*made nan", "division by 0"),
    "1/0": (lambda: 1.0 / of(0), "divide .*made inf", "division by 0"),
    "scalars": (lambda: Tensor(1.0) / Tensor(0.0), "divide .*made inf", "division by 0"),
    "0**-1": (lambda: of(0) ** -1.0, "power .*made inf", "0 to a negative power"),
    "(-1)**0.5": (lambda: of(-1) ** 0.5, "power .*made nan", "not whole"),
    "arcsin(2)": (lambda: np.arcsin(of(2)), "arcsin .*made nan", "between -1 and 1"),
    "arccosh(0)": (lambda: np.arccosh(of(0)), "arccosh .*made nan", "from 1 on"),
    "logit(1)": (lambda: ag.logit(of(1)), "logit .*made inf", "between 0 and 1"),
    "overflow": (lambda: of(1e30, dtype="f4") * 1e30, "multiply .*made inf", "what float32 holds"),
    "sum": (lambda: of(1e308, 1e308).sum(), "sum .*made inf", "what float64 holds"),
    "inf - inf": (
        lambda: np.array([np.inf]) - (of(1) + np.array([np.inf])),
        "subtract .*made nan",
        "inf - inf.*holds inf already",
    ),
    "NaN in the data": (lambda: of(1, np.nan) * 2, "multiply .*got nan", "came in with an operand"),
    "several outputs": (
        lambda: np.split(of(1, np.nan), 2),
        "split .*got nan",
        "came in with an operand",
    ),
    "many operands": (
        lambda: np.concatenate([of(1), np.array([np.nan])]),
        "concatenate .*got nan.*at index \\(1,\\)",
        "came in",
    ),
    "three operands": (
        lambda: np.where(True, of(np.nan), of(1)),
        "where .*got nan",
        "came in",
    ),
    "with keywords": (lambda: np.sum(of(np.nan), axis=0), "sum .*got nan", "came in"),
    "no recording": (
        lambda: np.log(Tensor([0.0], requires_grad=False)),
        "log .*made -inf",
        "logarithm of 0",
    ),
    "complex": (lambda: np.log(of(0j, dtype=complex)), "log .*made", "logarithm of 0"),
}


@pytest.mark.parametrize(("function", "head", "words"), FORWARD.values(), ids=FORWARD)
def test_the_forward_pass(function, head, words):
    message = raised(function)
    first, *_, last = message.splitlines()
    assert re.search(head, first), message
    assert "the first number of the forward pass" in first
    assert re.search(words, last), message
    assert re.search(r"\(test_anomaly\.py:\d+\)", first), message


def test_the_message_shows_shapes_and_ranges():
    message = raised(lambda: Tensor(np.array([[1.0, 2.0], [0.0, 4.0]])) / np.array([3.0, 0.0]))
    assert "  x: shape (2, 2), float64, from 0 to 4\n" in message
    assert "  y: shape (2,), float64, from 0 to 3\n" in message
    assert "2 of 4 elements, the first at index (0, 1)" in message


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.where(np.array([True, False, True]), x, -np.inf).max(),
        lambda x: ag.softmax(x + np.array([0.0, -np.inf, 0.0])).sum(),
        lambda x: np.maximum(x, -np.inf).sum(),
        lambda x: np.pad(x, 1, constant_values=-np.inf).max(),
        lambda x: np.nansum(x * np.array([1.0, 2.0, 3.0])),
        lambda x: np.clip(x, -np.inf, 2.0).sum(),
    ],
)
def test_infinities_that_come_in_on_purpose_are_let_through(function):
    with ag.detect_anomaly():
        x = of(1, 2, 3)
        function(x).backward()
    assert np.isfinite(x.grad).all()


# ------------------------------------------------------------------------------ reverse

REVERSE = {
    "sqrt": (np.sqrt, of(4, 0), "sqrt .* with respect to x is inf", "slope of the square root"),
    "big sqrt": (np.sqrt, Tensor(np.zeros(1000)), "sqrt .* is inf", "slope of the square root"),
    "cbrt": (np.cbrt, of(0), "cbrt", "cube root at 0"),
    "power": (lambda x: x**0.5, of(0), "power .* with respect to x", "infinite for y < 1"),
    "arcsin": (np.arcsin, of(1), "arcsin", "slope at -1 and 1"),
    "overflow": (lambda x: x * 1e-300 * 1e-300 * 1e300 * 1e300, of(0), "multiply", "float64 holds"),
}


@pytest.mark.parametrize(("function", "x", "head", "words"), REVERSE.values(), ids=REVERSE)
def test_the_reverse_pass(function, x, head, words):
    message = raised(lambda: function(x).sum().backward())
    first, *_, last = message.splitlines()
    assert re.search(head, first), message
    assert re.search(r"\(test_anomaly\.py:\d+\)", first), message
    assert re.search(words, last), message
    assert x.grad is None


def test_gradients_and_operands_are_shown():
    message = raised(lambda: (np.sqrt(of(4, 0)) * np.array([3.0, 5.0])).sum().backward())
    assert "  x: shape (2,), float64, from 0 to 4\n" in message
    assert "  output: shape (2,), float64, from 0 to 2\n" in message
    assert "  gradient at the output: shape (2,), float64, from 3 to 5\n" in message


def test_where_gradients_add_up_to_too_much():
    x = of(0)
    message = raised(lambda: (x * 1e308 + x * 1e308).sum().backward())
    assert "derivative of multiply" in message
    assert "beyond what float64 holds" in message


def test_operands_too_big_to_keep_are_shown_all_the_same():
    x = Tensor(np.ones(1000))
    divisor = np.full(1000, 1e-200)
    message = raised(lambda: (x * 1e-300 / divisor / divisor).sum().backward())
    assert "derivative of divide" in message
    assert "  y: shape (1000,), float64, from 1e-200 to 1e-200" in message


def test_several_outputs_of_which_one_is_used():
    def function(x):
        with ag.detect_anomaly():
            np.linalg.slogdet(x)[1].backward()
        return x.grad

    np.testing.assert_allclose(function(Tensor(np.diag([2.0, 4.0]))), np.diag([0.5, 0.25]))


def test_a_hook_that_makes_nan():
    x = of(1, 2)
    x.register_hook(lambda g: g * np.nan)
    assert "A hook made the gradient at a leaf" in raised(lambda: (x * x).sum().backward())
    assert x.grad is None


def test_a_gradient_handed_over_that_is_not_finite():
    message = raised(lambda: (of(1, 2) * 2).backward(np.array([1.0, np.nan])))
    assert "starts from is not finite" in message


def test_a_forward_pass_outside_the_block_is_said_to_be_so():
    x = of(1, 0)
    with np.errstate(all="ignore"):
        loss = (np.log(x) * x).sum()
    message = raised(loss.backward)
    assert "put it inside the block too" in message
    assert x.grad is None


def test_the_branch_not_taken_is_no_anomaly_of_the_reverse_pass():
    x = of(1, 0)
    loss = np.where(x.data > 0, np.sqrt(x), 0.0).sum()
    with ag.detect_anomaly():
        loss.backward()
    np.testing.assert_array_equal(x.grad, [0.5, 0.0])


@pytest.mark.parametrize("create_graph", [False, True])
def test_what_is_right_is_the_same_as_without(create_graph):
    def gradient():
        x = Tensor(np.linspace(0.1, 1, 12).reshape(3, 4))
        parts = np.split(np.tanh(x @ x.T), [1], axis=1)
        loss = ag.logsumexp(np.concatenate(parts, axis=1)) + np.linalg.svd(x)[1].sum()
        loss.backward(create_graph=create_graph)
        return getattr(x.grad, "data", x.grad)

    expected = gradient()
    with ag.detect_anomaly():
        np.testing.assert_array_equal(gradient(), expected)


# ------------------------------------------------------------------------------ transforms, nn


@pytest.mark.parametrize(
    "transform",
    [
        ag.grad,
        ag.value_and_grad,
        ag.hessian,
        lambda f: lambda x: ag.hvp(f, x, np.ones(2)),
        lambda f: lambda x: ag.jvp(f, (x,), (np.ones(2),)),
        lambda f: ag.jacobian(lambda x: f(x)[None]),
    ],
)
def test_under_transforms(transform):
    message = raised(transform(lambda x: np.sum(np.sqrt(x))), np.array([1.0, 0.0]))
    assert "derivative of sqrt (test_anomaly.py:" in message


def test_of_second_order_only():
    ag.grad(lambda x: x**1.5)(0.0)
    message = raised(ag.grad(ag.grad(lambda x: x**1.5)), 0.0)
    assert "reverse pass" in message


def test_under_fit():
    rng = np.random.default_rng(0)
    model = nn.MLP(2, [4], 1, rng=rng)
    x, y = rng.standard_normal((20, 2)), rng.standard_normal((20, 1))
    x[3, 1] = 1e38

    def train():
        nn.fit(
            model,
            (x, y),
            loss=nn.mse_loss,
            optimizer=nn.SGD(model.parameters(), lr=1e3),
            epochs=50,
            rng=rng,
            progress=False,
        )

    message = raised(train)
    assert "not finite" in message
    assert "test_anomaly.py" in message


# ------------------------------------------------------------------------------ full checksums


def test_every_element_of_a_saved_array_is_watched_while_it_is_on():
    x, c = Tensor(np.ones(100_000)), np.ones(100_000)
    with ag.detect_anomaly():
        loss = (x * c).sum()
        c[77_777] += 1e-9
        with pytest.raises(ag.OverwrittenError, match="multiply"):
            loss.backward()


def test_even_writing_into_the_array_of_a_leaf_behind_its_back():
    w = Tensor(np.ones(10))
    with ag.detect_anomaly():
        loss = (w * w).sum()
        w.data[3] = 5.0
        with pytest.raises(ag.OverwrittenError, match="multiply"):
            loss.backward()


@pytest.mark.parametrize("inside", [True, False])
def test_a_graph_outlives_the_block(inside):
    x, c = Tensor(np.ones(1000)), np.ones(1000)
    with ag.detect_anomaly():
        loss = (x * c).sum()
    if inside:
        with ag.detect_anomaly():
            loss.backward()
    else:
        loss.backward()
    np.testing.assert_array_equal(x.grad, c)


# ------------------------------------------------------------------------------ on and off


def parts():
    """Everything that the block replaces."""
    found = [op.compute for op in REGISTRY.values()]
    for op in REGISTRY.values():
        code = getattr(getattr(op, "call", None), "__code__", None)
        if op is not OUTPUT and code is not None and "compute" in code.co_freevars:
            found.append(op.call.__closure__[code.co_freevars.index("compute")].cell_contents)
    found += [recording.watch, hot_recording.watch, history.backpropagate, reverse.backpropagate]
    return found


def test_off_everything_is_as_it_was_before():
    before = parts()
    with ag.detect_anomaly():
        assert parts() != before
        with ag.detect_anomaly():
            pass
        with pytest.raises(ag.AnomalyError):
            np.log(of(0))
    assert parts() == before
    with np.errstate(all="ignore"):
        assert np.log(of(0)).data == -np.inf


def test_it_ends_with_an_exception_too():
    before = parts()
    with pytest.raises(ZeroDivisionError), ag.detect_anomaly():
        raise ZeroDivisionError
    assert parts() == before
    assert anomaly._looking.get() == anomaly.OFF


def test_another_thread_is_not_looked_at():
    inside, done = threading.Event(), threading.Event()
    results = []

    def work():
        inside.wait(10)
        with np.errstate(all="ignore"):
            results.append(np.log(of(0)).data)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    with ag.detect_anomaly():
        inside.set()
        done.wait(10)
    thread.join(10)
    assert results == [-np.inf]


def test_another_task_is_not_looked_at():
    async def looking():
        with ag.detect_anomaly():
            await asyncio.sleep(0.01)
            with pytest.raises(ag.AnomalyError):
                np.log(of(0))

    async def not_looking():
        await asyncio.sleep(0.005)
        with np.errstate(all="ignore"):
            return np.log(of(0)).data

    async def both():
        return (await asyncio.gather(looking(), not_looking()))[1]

    assert asyncio.run(both()) == -np.inf


def test_after_an_anomaly_backward_works_again():
    x = of(4, 0)
    loss = np.sqrt(x + 1.0).sum() + np.sqrt(x).sum()
    raised(loss.backward)
    with np.errstate(all="ignore"):
        loss.backward()
    np.testing.assert_array_equal(x.grad, [0.25 + 0.5 / np.sqrt(5.0), np.inf])
