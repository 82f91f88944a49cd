"""Arrays as sets: the elements that NumPy chooses, whose gradients find the way back."""

import numpy as np
import pytest

from autograd_core import Tensor

X = np.array([3.0, 1.0, 2.0, 1.0, 3.0])
Y = np.array([1.0, 5.0, 3.0])
TABLE = np.array([[1.0, 2.0], [1.0, 2.0], [0.0, 1.0]])


def values(result):
    return result[0] if isinstance(result, tuple) else result


CALLS = [
    (np.unique, {}),
    (np.unique, {"return_index": True}),
    (np.unique, {"return_inverse": True, "return_counts": True}),
    (np.unique, {"return_index": True, "return_counts": True, "equal_nan": False}),
    (np.unique_all, {}),
    (np.unique_counts, {}),
    (np.unique_inverse, {}),
    (np.unique_values, {}),
]


@pytest.mark.parametrize(("function", "keywords"), CALLS)
@pytest.mark.parametrize("x", [X, TABLE, np.array([np.nan, 1.0, np.nan]), np.array([])])
def test_unique(function, keywords, x):
    t = Tensor(x)
    out, expected = function(t, **keywords), function(x, **keywords)
    assert type(out) is (Tensor if isinstance(expected, np.ndarray) else type(expected))
    assert isinstance(values(out), Tensor)
    left, right = (r if isinstance(r, tuple) else (r,) for r in (out, expected))
    for one, other in zip(left, right, strict=True):
        one = one.data if isinstance(one, Tensor) else one
        if function is np.unique_values:  # NumPy promises no order of these
            one, other = np.sort(one), np.sort(other)
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_unique_rows(axis):
    t = Tensor(TABLE)
    out = np.unique(t, axis=axis)
    np.testing.assert_array_equal(out.data, np.unique(TABLE, axis=axis))
    out.sum().backward()
    assert t.grad.sum() == out.size


def test_the_first_of_equal_elements_gets_the_gradient():
    t = Tensor(X)
    (np.unique(t) * np.array([10.0, 20.0, 30.0])).sum().backward()
    np.testing.assert_array_equal(t.grad, [30.0, 10.0, 20.0, 0.0, 0.0])


@pytest.mark.parametrize("function", [np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d])
def test_two_sets(function):
    for x, y in ((X, Y), (X, np.array([])), (TABLE, Y)):
        for left, right in ((Tensor(x), Tensor(y)), (Tensor(x), y), (x, Tensor(y))):
            out = function(left, right)
            np.testing.assert_array_equal(getattr(out, "data", out), function(x, y))
    t, u = Tensor(X), Tensor(Y)
    out = function(t, u)
    out.sum().backward()
    arrived = sum(x.grad.sum() for x in (t, u) if x.grad is not None)
    assert arrived == out.size


def test_places_in_common():
    out = np.intersect1d(Tensor(X), Y, return_indices=True)
    for one, other in zip(out, np.intersect1d(X, Y, return_indices=True), strict=True):
        np.testing.assert_array_equal(getattr(one, "data", one), other)


@pytest.mark.parametrize("function", [np.intersect1d, np.setdiff1d, np.setxor1d])
def test_sets_that_are_sets_already(function):
    x, y = np.array([2.0, 1.0, 3.0]), np.array([3.0, 4.0])
    out = function(Tensor(x), Tensor(y), assume_unique=True)
    np.testing.assert_array_equal(out.data, function(x, y, assume_unique=True))
