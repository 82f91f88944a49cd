"""Tensors behave as numbers and as NumPy's arrays do: operators, conversions, methods."""

import operator

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor

BINARY = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}


@pytest.mark.parametrize("left", [np.ones(2), np.float64(3), [1.0, 1.0], 3.0, 3, np.int64(3)])
@pytest.mark.parametrize("function", BINARY.values(), ids=BINARY)
def test_whatever_stands_on_the_left_records(left, function):
    x = Tensor([2.0, 4.0])
    y = function(left, x)
    assert isinstance(y, Tensor)
    assert y.requires_grad
    y.sum().backward()
    assert x.grad.shape == (2,)


def test_matmul_records_from_both_sides():
    array = np.arange(6.0).reshape(2, 3)
    w = Tensor(np.ones(3))
    (array @ w).sum().backward()
    np.testing.assert_array_equal(w.grad, [3.0, 5.0, 7.0])
    v = Tensor(np.ones(2))
    (v @ array).sum().backward()
    np.testing.assert_array_equal(v.grad, [3.0, 12.0])
    assert ([[1.0, 2.0]] @ Tensor([3.0, 4.0])).shape == (1,)


def test_unary_operators():
    x = Tensor([-1.0, 2.0])
    np.testing.assert_array_equal((-x).data, [1.0, -2.0])
    np.testing.assert_array_equal((+x).data, [-1.0, 2.0])
    np.testing.assert_array_equal(abs(x).data, [1.0, 2.0])
    assert (+x) is not x


def test_builtin_sum_max_and_sorted():
    a, b = Tensor(1.0), Tensor(2.0)
    total = sum([a, b])
    total.backward()
    assert float(total) == 3.0
    assert float(a.grad) == 1.0
    assert max(a, b) is b
    assert sorted([b, a], key=float) == [a, b]


def test_floor_division_is_plain():
    x = Tensor([5.0, 7.0])
    for result in (x // 2, 9.0 // x, np.floor(x)):
        assert type(result) is np.ndarray


@pytest.mark.parametrize("other", [None, "a"])
def test_operators_with_what_is_no_number_are_pythons_type_error(other):
    for function in BINARY.values():
        with pytest.raises(TypeError):
            function(Tensor([1.0]), other)


# ---------------------------------------------------------------- comparison


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("other", [2.0, np.array([2.0, 2.0]), Tensor([2.0, 2.0]), [2.0, 2.0]])
def test_comparisons_are_plain_booleans(compare, other):
    x = np.array([1.0, 2.0])
    plain = other.data if isinstance(other, Tensor) else other
    for got, expected in (
        (compare(Tensor(x), other), compare(x, plain)),
        (compare(other, Tensor(x)), compare(np.asarray(plain), x)),
    ):
        assert type(got) is np.ndarray
        assert got.dtype == bool
        np.testing.assert_array_equal(got, expected)


def test_equality_is_elementwise():
    x = Tensor([1.0, 2.0])
    np.testing.assert_array_equal(x == 1.0, [True, False])
    np.testing.assert_array_equal(x != np.array([1.0, 2.0]), [False, False])
    np.testing.assert_array_equal(np.array([1.0, 5.0]) == x, [True, False])
    assert (Tensor(1.0) == 1.0) is np.True_
    assert np.equal(x, x).all()


# ---------------------------------------------------------------- Python's conversions


def test_truth_of_one_element_and_of_many():
    assert Tensor(1.0)
    assert not Tensor([0.0])
    with pytest.raises(ag.ShapeError, match=r"\(2,\).*neither true nor false.*np\.all"):
        bool(Tensor([1.0, 2.0]))


def test_numbers_need_one_element():
    for convert in (float, int, complex):
        with pytest.raises(TypeError, match=rf"{convert.__name__}\(\).*one element.*\(2,\)"):
            convert(Tensor([1.0, 2.0]))


def test_an_integer_scalar_is_an_index():
    assert ["a", "b", "c"][Tensor(1)] == "b"
    assert list(range(Tensor(2))) == [0, 1]
    for wrong in (Tensor(1.0), Tensor([1])):
        with pytest.raises(ag.DTypeError, match="integer scalar"):
            ["a", "b"][wrong]


def test_length_and_iteration_record():
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    assert len(x) == 2
    first, second = x
    (first * second).sum().backward()
    np.testing.assert_array_equal(x.grad, [[3.0, 4.0], [1.0, 2.0]])
    assert 4.0 in x
    assert 5.0 not in x


def test_a_scalar_has_no_length_and_nothing_to_iterate():
    with pytest.raises(TypeError, match=r"len\(\).*scalar"):
        len(Tensor(1.0))
    with pytest.raises(TypeError, match="scalar Tensor cannot be iterated"):
        iter(Tensor(1.0))


def test_format():
    assert f"{Tensor(3.14159):.2f}" == "3.14"
    assert f"{Tensor([2.5]):.1f}" == "2.5"
    assert f"{Tensor(3):d}" == "3"
    assert f"{Tensor([1.0, 2.0])}" == "Tensor([1., 2.])"
    assert f"{Tensor(1.0):>12}".endswith("1.0")


def test_repr_says_what_is_not_obvious():
    x = Tensor([1.0, 2.0], name="w")
    assert repr(x) == "Tensor([1., 2.], name='w')"
    assert repr(x * 2) == "Tensor([2., 4.], op=multiply)"
    assert repr(x.detach()) == "Tensor([1., 2.], requires_grad=False)"
    assert repr(Tensor([1, 2])) == "Tensor([1, 2], dtype=int64)"
    assert repr(Tensor(1.5, dtype="f4")) == "Tensor(1.5, dtype=float32)"
    long = repr(Tensor(np.arange(2000.0).reshape(40, 50)))
    assert "..." in long
    assert len(long) < 1000


# ---------------------------------------------------------------- what an array has

METHODS = {
    "sum": lambda t: t.sum(axis=0),
    "sum, two axes, kept": lambda t: t.sum(axis=(0, 1), keepdims=True),
    "sum, positional": lambda t: t.sum(-1),
    "mean": lambda t: t.mean(axis=1, keepdims=True),
    "prod": lambda t: t.prod(axis=0),
    "max": lambda t: t.max(axis=1),
    "min": lambda t: t.min(),
    "var": lambda t: t.var(axis=0, ddof=1),
    "std": lambda t: t.std(),
    "reshape": lambda t: t.reshape(3, 2),
    "reshape, tuple": lambda t: t.reshape((3, -1)),
    "reshape, Fortran": lambda t: t.reshape(6, order="F"),
    "ravel": lambda t: t.ravel(),
    "flatten, Fortran": lambda t: t.flatten("F"),
    "transpose": lambda t: t.transpose(),
    "transpose, axes": lambda t: t.transpose(1, 0),
    "transpose, tuple": lambda t: t.transpose((1, 0)),
    "T": lambda t: t.T,
    "mT": lambda t: t.mT,
    "swapaxes": lambda t: t.swapaxes(0, 1),
    "squeeze": lambda t: t[:1].squeeze(0),
    "clip": lambda t: t.clip(1.0, 4.0),
    "dot": lambda t: t.dot(np.ones(3)),
    "astype": lambda t: t.astype("f4"),
    "copy": lambda t: t.copy(),
    "conj": lambda t: t.conj(),
    "real": lambda t: t.real,
    "imag": lambda t: t.imag,
    "getitem": lambda t: t[1, ::2],
    "getitem, mask": lambda t: t[np.array([True, False])],
    "getitem, arrays": lambda t: t[np.array([0, 1]), np.array([2, 2])],
    "getitem, list": lambda t: t[:, [0, 2]],
    "getitem, newaxis": lambda t: t[:, None, ...],
}


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_methods_give_what_arrays_give_and_record(method):
    array = np.array([[1.0, 5.0, 2.0], [4.0, 3.0, 0.5]])
    t = Tensor(array)
    got, expected = method(t), method(array)
    assert got.requires_grad
    assert got.shape == expected.shape
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got.data, expected, rtol=1e-15)
    got.sum().backward()
    assert t.grad.shape == array.shape
    np.testing.assert_array_equal(t.data, array)


@pytest.mark.parametrize("name", ["argmax", "argmin", "argsort", "all", "any"])
def test_methods_without_a_derivative_are_plain(name):
    array = np.array([[1.0, 5.0, 2.0], [4.0, 3.0, 0.5]])
    got, expected = (getattr(x, name)(axis=1) for x in (Tensor(array), array))
    assert type(got) is np.ndarray
    np.testing.assert_array_equal(got, expected)


def test_attributes_of_an_array():
    t = Tensor(np.zeros((2, 3), "f4"))
    assert (t.shape, t.ndim, t.size, t.nbytes, t.dtype) == ((2, 3), 2, 6, 24, np.float32)


def test_astype_to_integers_ends_the_history():
    x = Tensor([1.5, 2.5])
    n = x.astype(int)
    assert n.dtype == np.int64
    assert not n.requires_grad
    assert x.astype("f8", copy=False) is x


def test_elementwise_methods_are_their_functions():
    x = Tensor([0.3, 0.7])
    for name in ("exp", "log", "sqrt", "sin", "cos", "tanh", "abs"):
        np.testing.assert_array_equal(getattr(x, name)().data, getattr(np, name)(x.data))
    for name in ("relu", "sigmoid", "softplus", "softmax"):
        np.testing.assert_array_equal(getattr(x, name)().data, getattr(ag, name)(x.data))
