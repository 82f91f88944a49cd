"""Dropout: how many, how much, when, and whose chance."""

import numpy as np
import pytest

import nn
from autograd_core import Tensor


def test_the_share_dropped_is_p_and_the_mean_stays():
    layer = nn.Dropout(0.3, rng=np.random.default_rng(0))
    out = layer(np.ones(100_000, np.float32))
    # Five standard deviations of a mean of so many draws.
    assert abs(np.mean(out == 0) - 0.3) < 5 * np.sqrt(0.3 * 0.7 / 100_000)
    assert abs(out.mean() - 1) < 5 * np.sqrt(0.3 / 0.7 / 100_000)
    np.testing.assert_array_equal(np.unique(out), np.float32([0, 1 / 0.7]))


def test_the_gradient_goes_where_the_value_went():
    x = Tensor(np.arange(1.0, 51))
    out = nn.Dropout(0.5, rng=np.random.default_rng(0))(x)
    out.sum().backward()
    np.testing.assert_array_equal(x.grad, out.data / x.data)
    assert 0 < np.count_nonzero(x.grad) < 50


def test_evaluation_is_the_identity():
    x = Tensor(np.ones(5))
    assert nn.Dropout(0.5).eval()(x) is x
    assert nn.Dropout(0)(x) is x


def test_p_of_1_drops_everything_and_nothing_becomes_nan():
    np.testing.assert_array_equal(nn.Dropout(1)(np.ones(5)), np.zeros(5))


def test_single_precision_stays():
    assert nn.Dropout(0.5)(Tensor(np.ones(5, np.float32))).dtype == np.float32


def test_the_same_generator_gives_the_same_mask():
    x = np.ones((4, 5))
    first, second = (nn.Dropout(0.5, rng=np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first(x), second(x))
    assert not np.array_equal(first(x), first(x))


@pytest.mark.parametrize("p", [-0.1, 1.5, float("nan")])
def test_p_is_a_probability(p):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared in full
        nn.Dropout(p)
    assert str(caught.value) == f"Dropout: p is a probability, from 0 to 1; got {p!r}"
