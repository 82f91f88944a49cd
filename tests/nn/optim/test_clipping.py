"""Clipping by norm and by value."""

import numpy as np
import pytest

import nn
from autograd_core import Tensor

# torch 2.13.0, float64: a.grad = [3., -4.], b.grad = [[1., 2.], [2., 4.]];
# clip_grad_norm_([a, b], most, order) returns the norm; then the gradients.
RECORDED = {
    (2.0, 2.0): 7.0710678118654755,
    (1.5, 1.0): 16.0,
    (2.5, np.inf): 4.0,
}


def tensors():
    a, b = Tensor([0.0, 0.0]), Tensor(np.zeros((2, 2)))
    a.grad, b.grad = np.array([3.0, -4.0]), np.array([[1.0, 2.0], [2.0, 4.0]])
    return a, b


@pytest.mark.parametrize(("most", "order"), RECORDED)
def test_all_gradients_are_scaled_by_one_factor(most, order):
    a, b = tensors()
    array = a.grad
    total = nn.clip_gradient_norm([a, b, Tensor([1.0])], most, order=order)
    assert total == pytest.approx(RECORDED[most, order], rel=1e-14)
    factor = most / (total + 1e-6)
    np.testing.assert_allclose(a.grad, np.array([3.0, -4.0]) * factor, rtol=1e-14)
    np.testing.assert_allclose(b.grad, np.array([[1.0, 2.0], [2.0, 4.0]]) * factor, rtol=1e-14)
    assert a.grad is array


def test_small_gradients_stay_as_they_are():
    a, b = tensors()
    assert nn.clip_gradient_norm([a, b], 100.0) == pytest.approx(50.0**0.5)
    assert a.grad.tolist() == [3.0, -4.0]


def test_float32_does_not_overflow_and_scalars_are_scaled():
    x, s = Tensor(np.zeros(2, np.float32)), Tensor(0.0)
    x.grad, s.grad = np.array([3e30, 4e30], np.float32), np.float64(0.0)
    assert nn.clip_gradient_norm([x, s], 1.0) == pytest.approx(5e30, rel=1e-6)
    np.testing.assert_allclose(x.grad, [0.6, 0.8], rtol=1e-5)
    assert x.grad.dtype == np.float32
    s.grad = np.float64(-8.0)
    nn.clip_gradient_norm([s], 2.0)
    assert s.grad == pytest.approx(-2.0, rel=1e-6)
    nn.clip_gradient_value([s], 1.5)
    assert s.grad == -1.5


def test_a_norm_that_is_not_a_number_is_seen():
    x = Tensor([0.0, 0.0])
    x.grad = np.array([np.nan, 1.0])
    assert np.isnan(nn.clip_gradient_norm([x], 1.0))
    assert np.isnan(x.grad).all()


def test_no_gradient_at_all_has_the_norm_zero():
    assert nn.clip_gradient_norm([Tensor([1.0])], 1.0) == 0.0


def test_values_are_cut():
    a, b = tensors()
    nn.clip_gradient_value([a, b], 2.5)
    assert a.grad.tolist() == [2.5, -2.5]
    assert b.grad.tolist() == [[1.0, 2.0], [2.0, 2.5]]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: nn.clip_gradient_norm(tensors(), -1.0),
         "clip_gradient_norm: most must be a finite number of at least 0; got -1.0"),
        (lambda: nn.clip_gradient_norm(tensors(), 1.0, order=0),
         "clip_gradient_norm: order must be positive; got 0"),
        (lambda: nn.clip_gradient_value(tensors(), float("nan")),
         "clip_gradient_value: most must be a finite number of at least 0; got nan"),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(call, text):
    with pytest.raises(ValueError, match=r"most|order") as caught:
        call()
    assert str(caught.value) == text
