"""``backward()`` does all or nothing: a rule that raises leaves no gradient half-written."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.dispatch import operation
from autograd_core.primitive import REGISTRY, primitive


@pytest.fixture
def unreliable():
    """An operation (the identity) whose rule raises until it is told to work."""
    broken = [True]

    def rule(g):
        if broken[0]:
            raise ArithmeticError("this rule raises")
        return g

    yield primitive(lambda x: x * 1, rule, name="unreliable_identity"), broken
    del REGISTRY["unreliable_identity"]
    del operation.unreliable_identity


def test_no_gradient_is_touched_and_the_graph_stays_usable(unreliable):
    identity, broken = unreliable
    w, x, late = Tensor([1.0, 2.0]), Tensor([3.0, 4.0]), Tensor([5.0, 5.0])
    (w * 10.0).sum().backward()
    loss = (identity(w * x) * late).sum()
    for _ in range(2):
        with pytest.raises(ArithmeticError, match="this rule raises"):
            loss.backward()
        np.testing.assert_array_equal(w.grad, [10.0, 10.0])
        assert x.grad is None
        assert late.grad is None
    broken[0] = False
    loss.backward()
    np.testing.assert_array_equal(w.grad, [25.0, 30.0])
    np.testing.assert_array_equal(x.grad, [5.0, 10.0])
    np.testing.assert_array_equal(late.grad, [3.0, 8.0])


def test_the_same_with_create_graph(unreliable):
    identity, broken = unreliable
    x = Tensor([3.0, 4.0])
    loss = (identity(x * x) * x).sum()
    with pytest.raises(ArithmeticError):
        loss.backward(create_graph=True)
    assert x.grad is None
    broken[0] = False
    loss.backward()
    np.testing.assert_array_equal(x.grad, [27.0, 48.0])


def test_retained_gradients_of_results_are_part_of_all_or_nothing(unreliable):
    identity, _ = unreliable
    x = Tensor([3.0, 4.0])
    y = identity(x * x)
    z = y * 2
    z.retain_grad()
    with pytest.raises(ArithmeticError):
        z.sum().backward()
    assert z.grad is None


@pytest.mark.parametrize("mode", [ag.no_grad, ag.enable_grad])
def test_the_mode_is_restored_after_a_failing_pass(unreliable, mode):
    identity, _ = unreliable
    loss = identity(Tensor([3.0])).sum()
    with mode():
        before = ag.is_recording()
        with pytest.raises(ArithmeticError):
            loss.backward(create_graph=True)
        assert ag.is_recording() == before


def test_an_overwritten_value_is_found_before_anything_is_written():
    first, second = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    loss = (np.exp(first) + second * second).sum()
    second.data -= 1.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()
    assert first.grad is None
    assert second.grad is None


def test_a_released_part_is_found_before_anything_is_written():
    x, y = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    shared = x * x
    shared.sum().backward()
    x.zero_grad()
    with pytest.raises(ag.GraphError):
        (shared + y * y).sum().backward()
    assert x.grad is None
    assert y.grad is None
