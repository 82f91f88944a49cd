"""logaddexp and logaddexp2 where an operand is infinite, and their methods."""

import numpy as np
import pytest

from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives

BOTH = pytest.mark.parametrize("function", [np.logaddexp, np.logaddexp2])


@BOTH
def test_infinite_operands(function):
    x = np.array([-np.inf, -np.inf, np.inf, np.inf, 1.0, 900.0])
    y = np.array([-np.inf, 2.0, 3.0, -np.inf, np.inf, 900.0])
    s, t = Tensor(x), Tensor(y)
    function(s, t).backward(np.ones(6))
    np.testing.assert_allclose(s.grad, [0, 0, 1, 1, 0, 0.5], rtol=1e-12)
    np.testing.assert_allclose(t.grad, [0, 1, 0, 0, 1, 0.5], rtol=1e-12)


@BOTH
def test_the_second_derivative_beside_infinite_operands(function):
    x = Tensor([-np.inf, 0.0, np.inf])
    function(x, np.zeros(3)).backward(np.ones(3), create_graph=True)
    slope = x.grad
    x.grad = None
    slope.sum().backward()
    scale = 1.0 if function is np.logaddexp else np.log(2)
    np.testing.assert_allclose(x.grad, [0.0, 0.25 * scale, 0.0], rtol=1e-15)


@BOTH
def test_methods_with_infinite_elements(function, rng):
    x = np.array([[-np.inf, 0.5, 1.5], [2.0, -np.inf, 0.3]])
    for call in (function.reduce, function.accumulate, lambda t: function.outer(t, t)):
        np.testing.assert_allclose(call(Tensor(x)).data, call(x), rtol=1e-14)
    check_derivatives(function.reduce, [np.abs(np.where(np.isinf(x), 1.0, x))], rng)


def test_a_long_reduction_is_one_operation():
    x = Tensor(np.linspace(0.0, 1.0, 1000))
    assert np.logaddexp.reduce(x)._node.op.name == "logsumexp"


@BOTH
def test_a_nan_is_not_hidden(function):
    x = Tensor([np.nan, 1.0, -np.inf])
    y = Tensor([1.0, np.nan, -np.inf])
    with np.errstate(invalid="ignore"):  # NumPy warns itself
        function(x, y).backward(np.ones(3))
    for t in (x, y):
        np.testing.assert_array_equal(t.grad, [np.nan, np.nan, 0.0])
