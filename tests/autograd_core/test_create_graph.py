"""``backward(create_graph=True)``: gradients that can be differentiated again."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor


def test_create_graph_to_third_order():
    x = Tensor(2.0)
    y = x**4
    derivatives = []
    for _ in range(3):
        x.zero_grad()
        y.backward(create_graph=True)
        y = x.grad
        assert isinstance(y, Tensor)
        derivatives.append(float(y))
    assert derivatives == [32.0, 48.0, 48.0]
    x.zero_grad()


def test_create_graph_keeps_the_graph_unless_told_otherwise():
    x = Tensor(2.0)
    y = x**3
    y.backward(create_graph=True)
    y.backward(create_graph=True, retain_graph=False)
    assert float(x.grad) == 24.0
    with pytest.raises(ag.GraphError, match="retain_graph=True"):
        y.backward()
    x.zero_grad()


def test_gradient_of_a_gradients_norm_mixes_both_orders():
    x = Tensor([1.0, 2.0])
    (x**3).sum().backward(create_graph=True)
    slope = x.grad
    x.zero_grad()
    (slope**2).sum().backward()
    np.testing.assert_array_equal(x.grad, [36.0, 288.0])  # d/dx (3 x^2)^2 = 36 x^3
    assert type(x.grad) is np.ndarray


def test_create_graph_adds_to_a_plain_gradient():
    x = Tensor([1.0, 2.0])
    (x * x).sum().backward()
    (x * x).sum().backward(create_graph=True)
    assert isinstance(x.grad, Tensor)
    np.testing.assert_array_equal(x.grad.data, [4.0, 8.0])
    x.zero_grad()


def test_create_graph_records_under_no_grad_too():
    x = Tensor(2.0)
    y = x**3
    with ag.no_grad():
        y.backward(create_graph=True)
    assert x.grad.requires_grad
    x.zero_grad()


def test_backward_works_under_no_grad():
    x = Tensor(2.0)
    y = x**3
    with ag.no_grad():
        y.backward()
    assert x.grad == 12.0
