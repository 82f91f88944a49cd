"""Data made on the spot: shapes, classes, the same for the same generator."""

import numpy as np
import pytest

import nn

CLASSES = {"moons": 2, "circles": 2, "spirals": 3, "checkerboard": 2, "xor": 2}


@pytest.mark.parametrize("name", CLASSES)
def test_points_and_classes(name):
    make = getattr(nn.datasets, name)
    x, y = make(120, rng=np.random.default_rng(0))
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((120, 2), np.float32, (120,), np.int64)
    assert sorted(set(y)) == list(range(CLASSES[name]))
    if name != "checkerboard":
        assert len(set(np.bincount(y))) == 1
    again = make(120, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(x, again[0])
    assert not np.array_equal(x, make(120, rng=np.random.default_rng(1))[0])


@pytest.mark.parametrize("name", ["line", "sine", "friedman"])
def test_numbers(name):
    make = getattr(nn.datasets, name)
    x, y = make(50, rng=np.random.default_rng(0))
    assert (len(x), y.shape, x.dtype, y.dtype) == (50, (50, 1), np.float32, np.float32)


@pytest.mark.parametrize("name", CLASSES)
def test_a_small_network_learns_them_and_no_line_does(name):
    """Without noise each can be told apart, but not by a linear model."""
    rng = np.random.default_rng(0)
    options = {"cells": 2} if name == "checkerboard" else {}
    x, y = getattr(nn.datasets, name)(300, noise=0.0, rng=rng, **options)

    def accuracy(hidden):
        model = nn.MLP(2, hidden, CLASSES[name], activation="tanh", rng=np.random.default_rng(1))
        nn.fit(
            model, (x, y), loss=nn.cross_entropy, optimizer=nn.Adam(model.parameters(), lr=0.03),
            epochs=60, rng=np.random.default_rng(2), progress=False,
        )  # fmt: skip
        return nn.accuracy(nn.predict(model, x), y)

    assert accuracy([]) < 0.93
    assert accuracy([24, 24]) > 0.95


def test_the_function_of_friedman():
    x, y = nn.datasets.friedman(5, noise=0.0, rng=np.random.default_rng(0))
    a, b, c, d, e = x.T[:5].astype(np.float64)
    expected = 10 * np.sin(np.pi * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e
    np.testing.assert_allclose(y[:, 0], expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda rng: nn.datasets.moons(0, rng=rng),
         "moons: rows must be a whole number of at least 1; got 0"),
        (lambda rng: nn.datasets.spirals(classes=1, rng=rng),
         "spirals: classes must be a whole number of at least 2; got 1"),
        (lambda rng: nn.datasets.friedman(columns=4, rng=rng),
         "friedman: columns must be a whole number of at least 5; got 4"),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(message, rng, call, text):
    assert message(ValueError, lambda: call(rng)) == text
