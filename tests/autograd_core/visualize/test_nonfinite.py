"""Where numbers that are not finite come from, and what changed: in the user's own names."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor
from autograd_core.visualize.evidence import Cause, Verdict


@pytest.fixture(autouse=True)
def quiet():
    with np.errstate(all="ignore"):
        yield


def test_operands_are_called_as_in_the_code_and_in_the_table():
    x, y = Tensor(1e200), Tensor(1e-200)
    (place,) = ag.why(y, (x * x) * (y * y)).places
    assert place.text == "multiply made inf in the forward pass (x: the number 1e+200)."


def test_the_operand_of_a_derivative_is_the_one_meant():
    x = Tensor(5.0)
    answer = ag.why(x, np.sqrt(x - 5))
    (place,) = answer.places
    assert (
        place.text
        == "the derivative of sqrt with respect to v1 is not finite (v1: the number 0.0)."
    )
    assert answer.advice.endswith("Here x stands for v1.")
    answer = ag.why(x, np.log(x * 0.0))
    assert answer.advice.endswith("Here x stands for v1.")
    x = Tensor(0.0)
    assert "logarithm of 0" in ag.why(x, np.log(x)).advice
    assert "stands for" not in ag.why(x, np.log(x)).advice


def test_constants_and_leaves():
    w, v = Tensor(0.5), Tensor(np.nan)
    assert ag.why(w, w * v).places[0].text == "the leaf v holds nan already."
    x = Tensor([1.0, 2.0])
    (place,) = ag.why(x, (x * np.inf).sum()).places
    assert "a constant: the number inf" in place.text


def change_data(x):
    x.data -= 0.1 * x.grad


def change_in_place(x):
    with ag.no_grad():
        x -= 0.1


@pytest.mark.parametrize("change", [change_data, change_in_place])
def test_a_step_after_backward_is_said_and_no_size_is_blamed(change):
    x = Tensor(2.0)
    loss = x**2
    loss.backward()
    change(x)
    answer = ag.why(x, loss)
    assert (answer.verdict, answer.cause) == (Verdict.UNKNOWN, Cause.RELEASED)
    assert "x changed since" in answer.headline
    assert "too big" not in answer.headline
    assert "before the step of the optimiser" in answer.advice
    assert "retain_graph" not in answer.advice


def test_the_same_with_an_optimiser():
    model = nn.MLP(2, [3], 2)
    inputs = np.ones((4, 2), np.float32)
    optimizer = nn.SGD(model.parameters(), 0.1)
    loss = nn.mse_loss(model(inputs), inputs)
    loss.backward()
    optimizer.step()
    answer = ag.why(model[0].weight, loss)
    assert answer.cause is Cause.OVERWRITTEN
    assert "too big" not in answer.headline
    assert "before the step of the optimiser" in answer.advice
