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
    # Of a normal distribution cut at two standard deviations: 1 - 4 phi(2) / (2 Phi(2) - 1)
    "truncated_normal": 0.77374,
    "orthogonal": 1 / 300,
    "sparse": 15 / 200,
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
    assert {f.__name__ for f in init.INITIALIZERS.values()} == {*VARIANCES, "identity"}
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


@pytest.mark.parametrize("shape", [(5, 8), (8, 5), (6, 6), (4, 3, 3, 3)])
def test_orthogonal_rows_or_columns(shape, rng):
    matrix = init.orthogonal(shape, rng, np.float64, gain=2.0).reshape(shape[0], -1)
    product = matrix @ matrix.T if matrix.shape[0] <= matrix.shape[1] else matrix.T @ matrix
    np.testing.assert_allclose(product, 4.0 * np.eye(len(product)), atol=1e-12)


def test_truncated_stays_between_its_bounds(rng):
    values = init.truncated_normal((2000,), rng, mean=1.0, std=0.5, low=0.9, high=2.5)
    assert values.min() >= 0.9
    assert 2.0 < values.max() <= 2.5


def test_identity_passes_on_what_it_gets(rng):
    x = rng.standard_normal((2, 3, 5, 5))
    kernel = init.identity((4, 3, 3, 3), dtype=np.float64)
    out = ag.conv2d(x, kernel, padding=1)
    np.testing.assert_array_equal(out[:, :3], x)
    assert not out[:, 3].any()


def test_sparse_gives_each_unit_as_many_weights(rng):
    assert ((init.sparse((50, 40), rng, connections=7) != 0).sum(axis=1) == 7).all()
    assert (init.sparse((50, 4), rng, connections=7) != 0).all()


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda rng: init.orthogonal((5,), rng), ag.ShapeError,
         "orthogonal: shape (5,) is not that of a weight, (out, in) or (out, in, *window)"),
        (lambda rng: init.sparse((5, 5), rng, connections=0), ValueError,
         "sparse: connections must be at least 1; got 0"),
        (lambda rng: init.truncated_normal((5,), rng, low=4.0, high=5.0), ValueError,
         ("truncated_normal: only 3e-05 of a normal distribution with mean 0 and standard "
          "deviation 1 lies between 4 and 5")),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(message, rng, call, error, text):
    assert message(error, lambda: call(rng)) == text
