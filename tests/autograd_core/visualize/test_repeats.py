"""One piece of a repeat as a formula: what is named how, and where parentheses stand."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.visualize import read
from autograd_core.visualize.folding import fold_repeats
from autograd_core.visualize.repeats import common_name


def body(step, times=4, start=0.5):
    z = ag.Tensor(start, name="start")
    for i in range(times):
        z = step(z, i)
    (repeat,) = [v.repeat for v in fold_repeats(read(z)).vertices if v.repeat]
    assert repeat.count == times
    return repeat.body


X = ag.Tensor(1.5, name="x")
M = ag.Tensor(np.eye(2), name="M")


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (lambda z, _: (z + X) * 2.0, "v = (v + x) × 2"),
        (lambda z, _: z - (X - z), "v = v − (x − v)"),
        (lambda z, _: z - X - z, "v = v − x − v"),
        (lambda z, _: z / (X * 2.0), "v = v ÷ (x × 2)"),
        (lambda z, _: np.tanh(z + X), "v = tanh(v + x)"),
        (lambda z, _: np.sin(z) ** 2, "v = sin(v) ^ 2"),
        (lambda z, _: (z * X) ** 2, "v = (v × x) ^ 2"),
        (lambda z, _: z * -3.0, "v = v × (-3)"),
        (lambda z, _: -(z + X), "v = −(v + x)"),
        (lambda z, _: (z**2.0) ** X, "v = (v ^ 2) ^ x"),
        (lambda z, i: z * float(10**i), "v = v × c"),
    ],
)
def test_formulas(step, text):
    assert body(step) == text


def test_what_is_used_twice_gets_a_letter():
    def step(z, _):
        a = np.sin(z)
        return a * a + a

    assert body(step) == "a = sin(v); v = a × a + a"


def test_a_long_piece_is_told_by_its_operations():
    def step(z, _):
        z = np.tanh(np.exp(np.sin(z * 1.25) + X) * 0.125) - X / 3.0
        return np.cos(np.sqrt(np.abs(z)) * 0.625 + X)

    assert body(step, times=15) == "×, sin, +, exp, ×, … 8 more"


def test_arrays():
    assert body(lambda z, _: z @ M, start=np.ones(2)) == "v = v @ M"
    assert body(lambda z, _: np.flip(z, axis=0), start=np.ones((2, 2))) == "v = flip(v, axis=(0,))"


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        (["x"], "x"),
        (["W1", "W2"], "Wi"),
        (["a.0.w1", "a.1.w1"], "a.i.w1"),
        (["a.0.w0", "a.1.w1"], "u"),
        (["1", "2"], "i"),
        (["w", "W"], "u"),
    ],
)
def test_common_names(labels, name):
    assert common_name(labels, "u") == name
