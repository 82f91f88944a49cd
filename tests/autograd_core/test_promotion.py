"""The types of results are NumPy's own, and a gradient has its Tensor's type."""

import operator
import warnings

import numpy as np
import pytest

from autograd_core import Tensor

BINARY = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "%": operator.mod,
    "//": operator.floordiv,
}
ARRAYS = ["bool", "int8", "int64", "uint8", "float16", "float32", "float64", "complex64"]

#: The other operand: Python's numbers (weak in NumPy 2), NumPy's scalars, arrays, lists.
PARTNERS = {
    "True": True,
    "2": 2,
    "2.0": 2.0,
    "2j": 2j,
    "np.bool": np.True_,
    "np.int32": np.int32(2),
    "np.int64": np.int64(2),
    "np.float16": np.float16(2),
    "np.float32": np.float32(2),
    "np.float64": np.float64(2),
    "np.complex64": np.complex64(2),
    "0-d float64": np.array(2.0),
    "int16 array": np.array([2, 3], "i2"),
    "float32 array": np.array([2, 3], "f4"),
    "float64 array": np.array([2.0, 3.0]),
    "list": [2, 3],
    "list of float": [2.0, 3.0],
}


def outcome(function, left, right):
    """The result, or what is raised instead of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return function(left, right)
        except (TypeError, ValueError, OverflowError) as error:
            return error


def assert_same(got, expected):
    """Same value and dtype as NumPy; where NumPy refuses, so do we."""
    if isinstance(expected, Exception):
        assert isinstance(got, Exception)
        assert isinstance(got, TypeError) == isinstance(expected, TypeError)
        return
    assert not isinstance(got, Exception), got
    value = got.data if isinstance(got, Tensor) else got
    assert np.asarray(value).dtype == np.asarray(expected).dtype
    np.testing.assert_array_equal(value, expected)


@pytest.mark.parametrize("partner", PARTNERS.values(), ids=PARTNERS)
@pytest.mark.parametrize("symbol", BINARY)
@pytest.mark.parametrize("dtype", ARRAYS)
def test_promotion_is_numpys(dtype, symbol, partner):
    function = BINARY[symbol]
    for array in (np.array([1, 0], dtype) + np.array(1, dtype), np.array(1, dtype)[()]):
        if isinstance(partner, list) and array.ndim == 0:
            continue  # NumPy's scalar times a list repeats the list; a Tensor is never a count
        tensor = Tensor(array)
        assert_same(outcome(function, tensor, partner), outcome(function, array, partner))
        assert_same(outcome(function, partner, tensor), outcome(function, partner, array))


@pytest.mark.parametrize("first", ARRAYS)
@pytest.mark.parametrize("second", ARRAYS)
@pytest.mark.parametrize("symbol", BINARY)
def test_promotion_between_tensors_is_numpys(first, second, symbol):
    x, y = np.array([3, 1], first), np.array([2, 1], second)
    function = BINARY[symbol]
    assert_same(outcome(function, Tensor(x), Tensor(y)), outcome(function, x, y))


def test_float32_stays_float32_beside_python_numbers():
    x = Tensor([1.0, 2.0], dtype="f4")
    for y in (x * 2.0, 2.0 * x, x + 1, 1 - x, x / 3, x**2, 2.0**x, np.exp(x) * 0.5, -x):
        assert y.dtype == np.float32
    assert (x * np.float64(2)).dtype == np.float64
    scalar = Tensor(1.0, dtype="f4")
    assert (scalar * 2.0).dtype == np.float32
    assert (scalar * np.float64(2)).dtype == np.float64


@pytest.mark.parametrize("partner", [2.0, np.float64(2), np.ones(3), np.ones(3, "f4"), 2])
def test_gradient_has_its_tensors_dtype_whatever_the_others(partner):
    x = Tensor(np.ones(3), dtype="f4")
    (np.tanh(x * partner) / partner).sum().backward()
    assert x.grad.dtype == np.float32
    assert x.grad.shape == (3,)
