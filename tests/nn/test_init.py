"""Initialisers: their variances, bounds and dtypes."""

import numpy as np
import pytest

import autograd_core as ag
from nn import init

SHAPE = (300, 200)  # fan_in 200, fan_out 300

VARIANCES = {
    "zeros": 0.0,
    "normal": 1.0,
    "uniform": 1 / 3,
    "xavier_uniform": 2 / 500,
    "xavier_normal": 2 / 500,
    "he_uniform": 2 / 200,
    "he_normal": 2 / 200,
    "lecun_uniform": 1 / 200,
    "lecun_normal": 1 / 200,
}


@pytest.mark.parametrize("name", VARIANCES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_variance_mean_and_dtype(name, dtype, rng):
    values = init.find(name)(SHAPE, rng, dtype)
    assert values.shape == SHAPE
    assert values.dtype == dtype
    assert values.var() == pytest.approx(VARIANCES[name], rel=0.03)
    assert abs(values.mean()) <= 0.02 * max(np.sqrt(VARIANCES[name]), 1e-9)
    if "uniform" in name:
        bound = np.sqrt(3 * VARIANCES[name])
        assert 0.99 * bound < np.abs(values).max() <= bound * (1 + 1e-6)


def test_every_initializer_is_checked_and_known_by_its_authors_names():
    assert {f.__name__ for f in init.INITIALIZERS.values()} == VARIANCES.keys()
    assert init.find("kaiming_normal") is init.he_normal
    assert init.find("glorot_uniform") is init.xavier_uniform
    assert init.find(init.normal) is init.normal


def test_gain_mean_and_bounds(rng):
    assert init.xavier_normal(SHAPE, rng, gain=2.0).std() == pytest.approx(
        2 * np.sqrt(2 / 500), rel=0.02
    )
    assert init.normal((1000,), rng, mean=5.0, std=0.1).mean() == pytest.approx(5.0, abs=0.02)
    assert init.uniform((1000,), rng, low=2.0, high=3.0).min() >= 2.0


def test_the_window_of_a_convolution_counts():
    assert init.fans((16, 3, 5, 5)) == (75, 400)


def test_a_shape_without_fans_is_refused(rng):
    with pytest.raises(ag.ShapeError) as caught:
        init.he_normal((5,), rng)
    assert str(caught.value) == (
        "init: shape (5,) has no fan-in and fan-out; an (out, in) weight is needed. "
        "For a bias or a scale use nn.init.zeros, uniform or normal"
    )


def test_an_unknown_name_gets_a_suggestion():
    with pytest.raises(ValueError, match=r"^unknown initialiser 'he_norml': did you mean 'he_norm"):
        init.find("he_norml")
