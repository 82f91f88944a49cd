"""Normalisation: mean 0 and variance 1, and what is refused."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor


def test_layer_norm_gives_mean_0_and_variance_1(rng):
    out = ag.layer_norm(rng.normal(3, 5, (4, 3, 6)), axis=(-2, -1), epsilon=0.0)
    np.testing.assert_allclose(out.mean((1, 2)), 0, atol=1e-14)
    np.testing.assert_allclose(out.var((1, 2)), 1)


def test_batch_norm_of_a_constant_channel_is_its_bias():
    out = ag.batch_norm(np.full((4, 2, 3), 7.0), np.ones(2), np.array([1.0, 2.0]))
    np.testing.assert_array_equal(out, np.broadcast_to([[[1], [2]]], (4, 2, 3)))


def test_a_large_mean_costs_no_digits(rng):
    x = rng.normal(size=(5, 8)).astype(np.float32)
    out = ag.layer_norm(x * 0.5 + 4096)
    exact = ag.layer_norm((x * 0.5 + 4096).astype(float))
    np.testing.assert_allclose(out, exact, atol=2e-3)  # a mean of 4096 has 2e-4


def test_group_norm_is_layer_norm_of_one_group_and_scales_each_channel(rng):
    x, weight, bias = rng.normal(size=(2, 4, 3)), rng.normal(size=4), rng.normal(size=4)
    plain = ag.layer_norm(x, axis=(1, 2))
    np.testing.assert_allclose(ag.group_norm(x, 1), plain)
    scaled = ag.group_norm(x, 1, weight, bias)
    np.testing.assert_allclose(scaled, plain * weight[:, None] + bias[:, None])


def test_rms_norm_takes_no_mean(rng):
    x = rng.normal(2, 1, (3, 5))
    expected = x / np.sqrt((x**2).mean(-1, keepdims=True))
    np.testing.assert_allclose(ag.rms_norm(x, epsilon=0.0), expected)


def test_without_weight_and_bias_the_result_is_not_what_the_derivative_keeps(rng):
    x = Tensor(rng.normal(size=(3, 5)))
    out = ag.layer_norm(x)
    seed = rng.normal(size=(3, 5))
    out.backward(seed, retain_graph=True)
    first = x.grad
    x.grad = None
    composed = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
    composed.backward(seed)
    np.testing.assert_allclose(x.grad, first, rtol=1e-11, atol=1e-12)


X = np.zeros((2, 6, 4))

REFUSED = [
    (
        lambda: ag.layer_norm(X, axis=0),
        (
            "layer_norm: axis=0 must be the last axes of x, such as -1 or (-2, -1). Given: x: array"
            " of shape (2, 6, 4), float64."
        ),
    ),
    (
        lambda: ag.rms_norm(X, axis=1),
        (
            "rms_norm: axis=1 must be the last axes of x, such as -1 or (-2, -1). Given: x: array"
            " of shape (2, 6, 4), float64."
        ),
    ),
    (
        lambda: ag.layer_norm(X, np.ones(6)),
        (
            "layer_norm: the weight must have shape (4,). Given: x:"
            " array of shape (2, 6, 4), float64; weight: array of shape (6,), float64."
        ),
    ),
    (
        lambda: ag.batch_norm(X, np.ones(6), np.ones(4)),
        (
            "batch_norm: the bias must have shape (6,). Given: x: array"
            " of shape (2, 6, 4), float64; bias: array of shape (4,), float64."
        ),
    ),
    (
        lambda: ag.batch_norm(X[:0]),
        (
            "batch_norm: there is nothing to take the mean of: an axis is empty. Given: x: array of"
            " shape (0, 6, 4), float64."
        ),
    ),
    (
        lambda: ag.batch_norm(X[0, 0]),
        "batch_norm: x has shape (batch, channels, ...). Given: x: array of shape (4,), float64.",
    ),
    (
        lambda: ag.group_norm(X, 4),
        (
            "group_norm: x has shape (batch, channels, ...), and its channels split into groups=4"
            " equal groups. Given: x: array of shape (2, 6, 4), float64."
        ),
    ),
    (
        lambda: ag.group_norm(X, 2, np.ones(2)),
        (
            "group_norm: the weight must have shape (6,). Given: x:"
            " array of shape (2, 6, 4), float64; weight: array of shape (2,), float64."
        ),
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_what_is_refused_and_why(call, message):
    with pytest.raises(ag.ShapeError) as caught:
        call()
    assert str(caught.value) == message
