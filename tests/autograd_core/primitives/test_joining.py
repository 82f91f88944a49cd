"""Joining arrays and taking them apart."""

import numpy as np
import pytest

from autograd_core import ShapeError, Tensor
from tests.autograd_core.checking import check_derivatives


def test_of_a_split_only_one_part_is_used_and_the_rest_gets_zero():
    x = Tensor(np.arange(6.0))
    _, middle, _ = np.split(x, 3)
    (middle**2).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 0, 4, 6, 0, 0])


def test_one_part_alone_at_second_order():
    x = Tensor(np.arange(1.0, 7.0))
    _, last = np.split(x, [4])
    (last**3).sum().backward(create_graph=True)
    first = x.grad
    x.zero_grad()
    first.sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 0, 0, 0, 30, 36])


def test_parts_used_together_and_twice(rng):
    def entangled(x):
        a, b, c = np.split(x, [1, 3], axis=1)
        return a * np.sum(c, axis=1, keepdims=True) + np.sum(a * a) * c[:, :1] + np.sin(b).sum()

    check_derivatives(entangled, [rng.uniform(-2, 2, (2, 5))], rng, order=3)


def test_a_part_of_a_part(rng):
    def nested(x):
        left, right = np.split(x, 2)
        first, _ = np.split(right, 2)
        return left[0] * first

    check_derivatives(nested, [rng.uniform(-2, 2, 4)], rng)


@pytest.mark.parametrize("split", [np.split, np.array_split])
@pytest.mark.parametrize(("where", "axis"), [(2, 0), ([1, 3], 0), ([], 0), ([2, 2], 1), (3, -1)])
def test_splits_are_numpys(split, where, axis, rng):
    x = rng.uniform(-2, 2, (4, 3))
    expected = split(x, where, axis)
    parts = split(Tensor(x), where, axis=axis)
    assert [part.shape for part in parts] == [part.shape for part in expected]
    for part, right in zip(parts, expected, strict=True):
        np.testing.assert_array_equal(part.data, right)
    check_derivatives(lambda t: split(t, where, axis=axis), [x], rng)


def test_parts_that_differ_by_one(rng):
    x = rng.uniform(-2, 2, 7)
    shapes = [part.shape for part in np.array_split(Tensor(x), 3)]
    assert shapes == [(3,), (2,), (2,)]
    check_derivatives(lambda t: np.array_split(t, 3), [x], rng)


def test_a_split_that_does_not_come_out_even_names_the_sizes():
    with pytest.raises(ShapeError, match=r"7 elements.*2 equal parts.*array_split"):
        np.split(Tensor(np.ones(7)), 2)


def test_the_same_tensor_joined_twice_gets_both_gradients():
    x = Tensor([1.0, 2.0])
    np.concatenate([x, [9.0], x]).backward(np.array([1.0, 2.0, 4.0, 8.0, 16.0]))
    np.testing.assert_array_equal(x.grad, [9, 18])


def test_joined_without_an_axis_everything_becomes_flat(rng):
    operands = [rng.uniform(-2, 2, (2, 3)), rng.uniform(-2, 2, 4), np.float64(1.5)]
    expected = np.concatenate(operands, axis=None)
    joined = np.concatenate([Tensor(x) for x in operands], axis=None)
    np.testing.assert_array_equal(joined.data, expected)
    check_derivatives(lambda *all: np.concatenate(all, axis=None), operands, rng)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_tensors_arrays_and_lists_join(axis, rng):
    x = Tensor(rng.uniform(-2, 2, (2, 2)))
    parts = [np.ones((2, 2)), x, [[5.0, 6.0], [7.0, 8.0]]]
    expected = np.concatenate([parts[0], x.data, parts[2]], axis)
    out = np.concatenate(parts, axis)
    np.testing.assert_array_equal(out.data, expected)
    out.backward(expected)
    np.testing.assert_array_equal(x.grad, x.data)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -3])
def test_stacks_are_numpys(axis, rng):
    x, y = rng.uniform(-2, 2, (2, 2, 3))
    expected = np.stack([x, y], axis)
    np.testing.assert_array_equal(np.stack([Tensor(x), y], axis).data, expected)
    check_derivatives(lambda a, b: np.stack([a, b, a], axis), [x, y], rng)


def test_scalars_stack_into_a_vector():
    a, b = Tensor(1.0), Tensor(2.0)
    np.stack([a, b, a]).backward(np.array([1.0, 2.0, 4.0]))
    assert (a.grad, b.grad) == (5, 2)


def test_joining_in_another_precision():
    x, y = Tensor(np.ones(2, np.float32)), Tensor(np.ones(1))
    for function, operands in ((np.concatenate, [x, y]), (np.stack, [x[0], y[0]])):
        assert function(operands).dtype == np.float64
        assert function(operands, dtype=np.float32, casting="same_kind").dtype == np.float32
    np.concatenate([x, y]).sum().backward()
    assert (x.grad.dtype, y.grad.dtype) == (np.float32, np.float64)


@pytest.mark.parametrize("function", [np.concatenate, np.stack])
def test_shapes_that_do_not_join_are_named(function):
    with pytest.raises(ShapeError, match=function.__name__):
        function([Tensor(np.ones((2, 3))), np.ones((3, 2))], axis=1)
