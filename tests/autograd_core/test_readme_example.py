"""Known answers: micrograd's worked example, and derivatives from a textbook."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor


def worked_example(a, b):
    """The expression of micrograd's README (github.com/karpathy/micrograd)."""
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_worked_example_of_micrograd(dtype):
    a, b = Tensor(-4.0, dtype=dtype), Tensor(2.0, dtype=dtype)
    g = worked_example(a, b)
    assert g.dtype == dtype
    g.backward()
    assert f"{g:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def test_the_worked_example_on_arrays_is_the_same_in_every_element():
    a, b = Tensor(np.full((2, 3), -4.0)), Tensor(np.full(3, 2.0))
    worked_example(a, b).sum().backward()
    np.testing.assert_allclose(a.grad, np.full((2, 3), 138.8338), atol=5e-5)
    np.testing.assert_allclose(b.grad, np.full(3, 2 * 645.5773), atol=1e-4)


def test_the_neuron_of_micrograds_lecture():
    """x1 w1 + x2 w2 + b through tanh, with the numbers of "The spelled-out intro"."""
    x1, x2, w1, w2 = Tensor(2.0), Tensor(0.0), Tensor(-3.0), Tensor(1.0)
    b = Tensor(6.8813735870195432)
    out = np.tanh(x1 * w1 + x2 * w2 + b)
    out.backward()
    assert f"{out:.4f}" == "0.7071"
    np.testing.assert_allclose([x1.grad, w1.grad, x2.grad, w2.grad], [-1.5, 1.0, 0.5, 0.0])


def test_the_first_screen_of_numpy():
    inputs = np.random.default_rng(0).standard_normal((100, 3))
    w = Tensor(np.zeros(3))
    loss = np.mean((inputs @ w - inputs.sum(axis=1)) ** 2)
    loss.backward()
    expected = 2 / 100 * inputs.T @ (inputs @ np.zeros(3) - inputs.sum(axis=1))
    np.testing.assert_allclose(w.grad, expected, rtol=1e-12)


def test_rosenbrocks_valley():
    x, y = Tensor(-1.0), Tensor(2.0)
    ((1 - x) ** 2 + 100 * (y - x * x) ** 2).backward()
    assert (x.grad, y.grad) == (-2 * 2 + 400 * 1, 200 * 1)


def test_speelpennings_product():
    """The gradient of a product of n numbers (Griewank and Walther 2008, example 1.1)."""
    numbers = np.array([1.5, -2.0, 0.0, 4.0, 0.5])
    x = Tensor(numbers)
    np.prod(x).backward()
    expected = [np.prod(np.delete(numbers, k)) for k in range(5)]
    np.testing.assert_allclose(x.grad, expected)


def test_newtons_method_by_second_derivatives():
    x = Tensor(1.0)
    for _ in range(8):
        x.zero_grad()
        (np.exp(x) - 2.0 * x).backward(create_graph=True)  # its minimum is at ln 2
        slope = x.grad
        x.zero_grad()
        slope.backward()
        with ag.no_grad():
            x -= slope.data / x.grad
    x.zero_grad()
    np.testing.assert_allclose(float(x), np.log(2.0), rtol=1e-15)
