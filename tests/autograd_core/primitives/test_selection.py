"""Choices: ties share equally, bounds of clip belong to the inside, where takes one branch."""

import numpy as np
import pytest

from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives, derivative


@pytest.mark.parametrize("function", [np.maximum, np.minimum])
def test_two_operands_that_tie_get_half_each(function):
    x, y = Tensor([1.0, 1.0, 2.0]), Tensor([1.0, 2.0, 1.0])
    function(x, y).sum().backward()
    wins = [0.0, 1.0] if function is np.minimum else [1.0, 0.0]
    np.testing.assert_array_equal(x.grad, [0.5, *wins[::-1]])
    np.testing.assert_array_equal(y.grad, [0.5, *wins])


def test_a_tie_with_a_constant_halves_too():
    np.testing.assert_array_equal(derivative(lambda t: np.maximum(t, 0), np.zeros(2)), 0.5)


@pytest.mark.parametrize("function", [np.max, np.min, np.amax, np.amin])
def test_elements_that_tie_for_the_extreme_share_equally(function):
    np.testing.assert_allclose(derivative(function, np.full(4, 3.0)), 0.25)
    rows = np.array([[2.0, 2.0, 5.0], [1.0, 1.0, 1.0]])
    shares = derivative(lambda t: function(t, axis=1), rows)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    np.testing.assert_allclose(shares[1], 1 / 3)
    (tied,) = {np.max: [0], np.amax: [0]}.get(function, [1])
    expected = [0, 0, 1] if tied == 0 else [0.5, 0.5, 0]
    np.testing.assert_allclose(shares[0], expected)


def test_of_equal_elements_the_gradient_keeps_its_dtype():
    x = Tensor(np.ones(3, np.float32))
    np.max(x).backward()
    assert x.grad.dtype == np.float32


def test_at_its_bounds_clip_lets_the_gradient_through():
    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    np.testing.assert_array_equal(derivative(lambda t: np.clip(t, -1, 1), x), [0, 1, 1, 1, 0])
    np.testing.assert_array_equal(derivative(lambda t: np.clip(t, None, 1), x), [1, 1, 1, 1, 0])
    np.testing.assert_array_equal(derivative(lambda t: np.clip(t, -1, None), x), [0, 1, 1, 1, 1])


def test_the_bounds_of_clip_get_the_gradient_of_what_they_replace():
    low, high = Tensor(-1.0), Tensor(1.0)
    x = Tensor([-3.0, -2.0, 0.0, 5.0])
    np.clip(x, low, high).backward(np.array([1.0, 2.0, 4.0, 8.0]))
    np.testing.assert_array_equal(x.grad, [0, 0, 4, 0])
    assert (low.grad, high.grad) == (3, 8)


def test_where_bounds_are_crossed_the_upper_one_is_the_value_and_gets_all():
    x, low, high = Tensor([-3.0, 0.0, 3.0]), Tensor(1.0), Tensor(-1.0)
    y = np.clip(x, low, high)
    np.testing.assert_array_equal(y.data, -1)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, 0)
    assert (low.grad, high.grad) == (0, 3)


def test_clip_by_any_spelling(rng):
    x = np.array([-2.0, 0.3, 2.0])
    spellings = [
        lambda t: np.clip(t, -1, 1),
        lambda t: np.clip(t, a_min=-1, a_max=1),
        lambda t: np.clip(t, min=-1, max=1),
        lambda t: t.clip(-1, 1),
    ]
    for clip in spellings:
        np.testing.assert_array_equal(clip(Tensor(x)).data, [-1, 0.3, 1])
        check_derivatives(clip, [x], rng)


def test_where_takes_each_element_from_one_side():
    x, y = Tensor([1.0, 2.0, 3.0]), Tensor(10.0)
    out = np.where([True, False, True], x, y)
    np.testing.assert_array_equal(out.data, [1, 10, 3])
    out.backward(np.array([1.0, 2.0, 4.0]))
    np.testing.assert_array_equal(x.grad, [1, 0, 4])
    assert y.grad == 2


def test_the_condition_of_where_may_be_a_tensor():
    x = Tensor([1.0, -2.0])
    np.where(Tensor([True, False]), x, -x).sum().backward()
    np.testing.assert_array_equal(x.grad, [1, -1])
