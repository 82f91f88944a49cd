"""Changes of shape: orders of reading, axes by any spelling, and what cannot be."""

import numpy as np
import pytest

from autograd_core import ShapeError, Tensor
from tests.autograd_core.checking import check_derivatives
from tests.autograd_core.samples import LAYOUTS, lay_out

X = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize("order", ["C", "F", "A", "K"])
@pytest.mark.parametrize("layout", [*LAYOUTS, "turned"])
def test_orders_of_reading_are_numpys(order, layout, rng):
    x = np.swapaxes(X, 0, 1) if layout == "turned" else lay_out(X, layout)
    leaf = Tensor(x, copy=False)
    for out in (np.ravel(leaf, order=order), leaf.ravel(order), leaf.flatten(order)):
        np.testing.assert_array_equal(out.data, np.ravel(x, order=order))
    check_derivatives(lambda t: np.ravel(t, order=order), [x], rng)
    if order != "K":
        expected = np.reshape(x, (4, 6), order=order)
        np.testing.assert_array_equal(leaf.reshape(4, 6, order=order).data, expected)
        check_derivatives(lambda t: np.reshape(t, (4, 6), order=order), [x], rng)


def test_shapes_by_any_spelling():
    x = Tensor(X)
    for out in (x.reshape(6, 4), x.reshape((6, 4)), x.reshape(-1, 4), np.reshape(x, [6, -1])):
        np.testing.assert_array_equal(out.data, X.reshape(6, 4))
    for out in (x.transpose(2, 0, 1), x.transpose((2, 0, 1)), np.transpose(x, [-1, 0, 1])):
        np.testing.assert_array_equal(out.data, X.transpose(2, 0, 1))
    for out in (x.T, x.transpose(), np.transpose(x)):
        np.testing.assert_array_equal(out.data, X.T)
    for out in (x.mT, np.matrix_transpose(x), x.swapaxes(1, -1)):
        np.testing.assert_array_equal(out.data, np.swapaxes(X, 1, 2))


def test_a_permutation_of_three_axes_is_not_its_own_inverse():
    x = Tensor(X)
    cotangent = np.arange(24.0).reshape(4, 2, 3) ** 2
    np.transpose(x, (2, 0, 1)).backward(cotangent)
    np.testing.assert_array_equal(x.grad, np.moveaxis(cotangent, 0, -1))


@pytest.mark.parametrize(
    ("source", "destination"), [(0, -1), ((0, 1), (2, 0)), ([2], [0]), ((0, 1, 2), (1, 2, 0))]
)
def test_moved_axes(source, destination, rng):
    expected = np.moveaxis(X, source, destination)
    np.testing.assert_array_equal(np.moveaxis(Tensor(X), source, destination).data, expected)
    check_derivatives(lambda t: np.moveaxis(t, source, destination), [X], rng)


def test_broadcasting_adds_up_on_the_way_back():
    x = Tensor(np.ones((2, 1)))
    np.broadcast_to(x, (4, 2, 3)).backward(np.ones((4, 2, 3)))
    np.testing.assert_array_equal(x.grad, np.full((2, 1), 12))


def test_a_scalar_through_every_shape_is_a_scalar(rng):
    def around(x):
        x = np.expand_dims(np.reshape(x, (1, 1)), (0, -1))
        return np.squeeze(np.transpose(np.broadcast_to(x, (1, 1, 1, 1))))

    check_derivatives(around, [np.float64(1.5)], rng)


def test_without_an_axis_squeeze_takes_all_axes_of_one():
    x = Tensor(np.ones((1, 3, 1)))
    assert np.squeeze(x).shape == (3,)
    assert x.squeeze(0).shape == (3, 1)
    assert np.squeeze(x, axis=(0, -1)).shape == (3,)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("reshape", lambda x: np.reshape(x, (5, 5))),
        ("transpose", lambda x: np.transpose(x, (0, 1))),
        ("transpose", lambda x: np.transpose(x, (0, 1, 1))),
        ("swapaxes", lambda x: np.swapaxes(x, 0, 3)),
        ("moveaxis", lambda x: np.moveaxis(x, (0, 1), (0,))),
        ("expand_dims", lambda x: np.expand_dims(x, 5)),
        ("squeeze", lambda x: np.squeeze(x, 0)),
        ("broadcast_to", lambda x: np.broadcast_to(x, (2, 3))),
    ],
)
def test_what_cannot_be_names_the_shape_or_the_axis(name, call):
    with pytest.raises(ShapeError, match=rf"{name}|axis"):
        call(Tensor(X))


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex128"])
def test_a_change_of_type_lets_the_gradient_through_in_its_own(dtype):
    x = Tensor(np.array([1.5, -2.0], np.float32))
    y = x.astype(dtype)
    assert y.dtype == dtype
    y.backward(np.array([1.0, 2.0], dtype))
    assert x.grad.dtype == np.float32
    np.testing.assert_array_equal(x.grad, [1, 2])


def test_a_change_to_integers_ends_the_history():
    whole = Tensor([1.7, -2.2]).astype(int)
    np.testing.assert_array_equal(whole.data, [1, -2])
    assert not whole.requires_grad


def test_from_complex_to_real_the_gradient_has_no_imaginary_part():
    z = Tensor(np.array([1 + 2j, 3 - 1j]))
    z.astype(float).backward(np.array([1.0, 2.0]))
    np.testing.assert_array_equal(z.grad, [1, 2])


def test_a_copy_passes_the_gradient_and_shares_nothing():
    x = Tensor([1.0, 2.0])
    y = x.copy()
    assert not np.shares_memory(y.data, x.data)
    y.backward(np.array([3.0, 4.0]))
    np.testing.assert_array_equal(x.grad, [3, 4])
    assert np.copy(x).requires_grad
