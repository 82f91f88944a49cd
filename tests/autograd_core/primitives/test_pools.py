"""Pooling: who gets the gradient of a tie and of NaN, and what is refused."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor


def pooled_gradient(x, *arguments, **options):
    x = Tensor(x)
    out = ag.max_pool2d(x, *arguments, **options)
    out.backward(np.arange(1.0, out.size + 1).reshape(out.shape))
    return out.data, x.grad


def test_of_a_tie_the_first_gets_the_gradient():
    out, gradient = pooled_gradient(np.array([[[[1.0, 1, 0, 5], [1, 1, 5, 5]]]]), 2)
    np.testing.assert_array_equal(out, [[[[1, 5]]]])
    np.testing.assert_array_equal(gradient, [[[[1, 0, 0, 2], [0, 0, 0, 0]]]])


def test_where_windows_overlap_the_gradients_of_an_element_add_up():
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 1
    _, gradient = pooled_gradient(x, 2, stride=1)
    assert gradient[0, 0, 1, 1] == 1 + 2 + 3 + 4
    assert gradient.sum() == 10


def test_the_largest_is_never_the_padding():
    out, gradient = pooled_gradient(np.full((1, 1, 2, 2), -7.0), 2, stride=1, padding=1)
    np.testing.assert_array_equal(out, np.full((1, 1, 3, 3), -7.0))
    assert gradient.sum() == 45
    whole = ag.max_pool2d(np.full((1, 1, 2, 2), -7), 2, padding=1)
    np.testing.assert_array_equal(whole, np.full((1, 1, 2, 2), -7))


def test_nan_is_the_largest_and_gets_the_gradient():
    out, gradient = pooled_gradient(np.array([[[[1.0, np.nan, 3, 4], [9, np.nan, 2, 1]]]]), 2)
    np.testing.assert_array_equal(out, [[[[np.nan, 4]]]])
    np.testing.assert_array_equal(gradient, [[[[0, 1, 0, 2], [0, 0, 0, 0]]]])


def test_a_large_window_names_its_elements_too():
    x = np.random.default_rng(0).permutation(13.0 * np.arange(169)).reshape(1, 1, 13, 13)
    out, gradient = pooled_gradient(x, 13)
    assert out.item() == x.max()
    np.testing.assert_array_equal(gradient, x == x.max())


def test_windows_of_one_element_copy():
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    out, gradient = pooled_gradient(x, 1, stride=2)
    np.testing.assert_array_equal(out, x[..., ::2, ::2])
    assert not np.shares_memory(out, x)
    np.testing.assert_array_equal(gradient[..., ::2, ::2], [[[[1, 2], [3, 4]]]])
    np.testing.assert_array_equal(ag.avg_pool2d(x, 1, stride=2), out)


def test_a_mean_of_single_precision_stays_so_and_one_of_integers_is_none():
    x = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    assert ag.avg_pool2d(x, 3, 2, padding=1, count_include_pad=False).dtype == np.float32
    assert ag.adaptive_avg_pool2d(x, 3).dtype == np.float32
    means = ag.avg_pool2d(x.astype(int), 2)
    np.testing.assert_array_equal(means, [[[[2.5, 4.5], [10.5, 12.5]]]])
    np.testing.assert_array_equal(ag.adaptive_avg_pool1d([[[1, 2, 6]]], 2), [[[1.5, 4]]])


def test_an_empty_batch_stays_one():
    x = Tensor(np.zeros((0, 2, 4, 4)))
    out = ag.max_pool2d(x, 2)
    assert out.shape == (0, 2, 2, 2)
    out.sum().backward()
    assert x.grad.shape == x.shape


X = np.zeros((2, 3, 4, 5))

REFUSED = [
    (
        lambda: ag.max_pool2d(X[0], 2),
        (
            "max_pool2d: x has shape (batch, channels, height, width), so 4 axes. Given: x: array"
            " of shape (3, 4, 5), float64. Where the batch is missing, add it: x[None]; where the"
            " images have one channel only and no axis for it, add that: x[:, None]."
        ),
    ),
    (
        lambda: ag.avg_pool2d(X, 5),
        (
            "avg_pool2d: a window over 5 x 5 elements is larger than the input, which is 4 x 5."
            " Take a smaller window or more padding. Given: x: array of shape (2, 3, 4, 5),"
            " float64."
        ),
    ),
    (
        lambda: ag.max_pool2d(X, 2, padding=2),
        (
            "max_pool2d: padding (2, 2) is more than half the window (2, 2), so that some windows"
            " would hold nothing else. Take less padding."
        ),
    ),
    (
        lambda: ag.max_pool1d(X[0], "2"),
        "max_pool1d: window is a whole number of at least 1; it is '2'.",
    ),
    (
        lambda: ag.adaptive_avg_pool2d(X, 0),
        (
            "adaptive_avg_pool2d: output_size is a whole number of at least 1, or 2 of them, one an"
            " axis; it is (0, 0)."
        ),
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_what_is_refused_and_why(call, message):
    with pytest.raises(ag.ShapeError) as caught:
        call()
    assert str(caught.value) == message


def test_no_mean_is_taken_of_nothing():
    with pytest.raises(ag.ShapeError, match="adaptive_avg_pool2d: an axis of x is empty"):
        ag.adaptive_avg_pool2d(X[..., :0], 1)


def test_complex_numbers_have_no_largest():
    with pytest.raises(ag.DTypeError, match="max_pool2d is defined for real numbers"):
        ag.max_pool2d(X + 1j, 2)
