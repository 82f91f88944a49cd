"""Reading and replacing by index: repeated elements add up, the last value written stays."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives

X = np.arange(12.0).reshape(3, 4)


def test_an_element_read_twice_gets_both_gradients():
    x = Tensor([1.0, 2.0, 3.0])
    x[np.array([0, 2, 0, 0])].backward(np.array([1.0, 2.0, 4.0, 8.0]))
    np.testing.assert_array_equal(x.grad, [13, 0, 2])


def test_rows_read_twice_as_from_a_table_of_embeddings():
    table = Tensor(np.zeros((4, 2)))
    words = np.array([[1, 3], [1, 1]])
    table[words].backward(np.ones((2, 2, 2)))
    np.testing.assert_array_equal(table.grad[:, 0], [0, 3, 0, 1])


@pytest.mark.parametrize(
    "index",
    [
        2,
        -1,
        slice(None, None, -2),
        (Ellipsis, 0),
        (None, 1),
        (slice(1, 3), None, 2),
        [0, 0, 2],
        ([0, 2], [3, 3]),
        np.array([True, False, True]),
        X > 4,
        (X[:, 0] > 3, slice(1, 3)),
        (np.array([[0], [1]]), slice(None, None, 2)),
        (np.array([[0], [1]]), None, np.array([1, 3, 1])),
        np.array([], int),
        np.int64(1),
        (),
    ],
    ids=str,
)
def test_every_form_of_index(index, rng):
    np.testing.assert_array_equal(Tensor(X)[index].data, X[index])
    check_derivatives(lambda t: t[index], [X], rng)


def test_an_index_may_be_a_tensor_of_integers():
    x, index = Tensor([5.0, 6.0, 7.0]), Tensor([2, 0])
    y = x[index]
    np.testing.assert_array_equal(y.data, [7, 5])
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [1, 0, 1])


def test_of_an_index_written_twice_only_the_last_value_counts(rng):
    x, v = Tensor(np.zeros(3)), Tensor([1.0, 2.0, 4.0])
    y = ag.index_update(x, np.array([1, 1, 0]), v)
    np.testing.assert_array_equal(y.data, [4, 2, 0])
    y.backward(np.array([10.0, 100.0, 1000.0]))
    np.testing.assert_array_equal(x.grad, [0, 0, 1000])
    np.testing.assert_array_equal(v.grad, [0, 100, 10])
    check_derivatives(
        lambda a, b: ag.index_update(a, np.array([1, 1, 0]), b), [np.ones(3), np.arange(3.0)], rng
    )


def test_an_index_added_to_twice_adds_twice():
    x, v = Tensor(np.zeros(3)), Tensor([1.0, 2.0, 4.0])
    y = ag.index_add(x, np.array([1, 1, 0]), v)
    np.testing.assert_array_equal(y.data, [4, 3, 0])
    y.backward(np.array([10.0, 100.0, 1000.0]))
    np.testing.assert_array_equal(x.grad, [10, 100, 1000])
    np.testing.assert_array_equal(v.grad, [100, 100, 10])


@pytest.mark.parametrize("function", [ag.index_update, ag.index_add])
@pytest.mark.parametrize(
    "index", [1, (slice(None), 2), X > 4, (np.array([0, 0]), np.array([1, 1]))]
)
def test_a_number_is_spread_over_what_it_is_written_to(function, index, rng):
    check_derivatives(lambda x, v: function(x, index, v), [X, np.float64(2.5)], rng)


def test_what_is_updated_stays_as_it_is():
    x = Tensor([1.0, 2.0])
    ag.index_update(x, 0, 9.0)
    np.testing.assert_array_equal(x.data, [1, 2])
    array = np.array([1.0, 2.0])
    assert isinstance(ag.index_update(array, 0, 9.0), np.ndarray)
    np.testing.assert_array_equal(array, [1, 2])


def test_a_value_of_higher_precision_widens_the_result():
    x, v = Tensor(np.ones(2, np.float32)), Tensor(np.float64(2.0))
    y = ag.index_update(x, 0, v)
    assert y.dtype == np.float64
    y.sum().backward()
    assert (x.grad.dtype, v.grad.dtype) == (np.float32, np.float64)
    assert ag.index_update(x, 0, 2.0).dtype == np.float32


@pytest.mark.parametrize(
    "read",
    [
        lambda x, i: x[i],
        lambda x, i: ag.index_update(x, i, np.array([5.0, 6.0])),
        lambda x, i: ag.index_add(np.zeros(3), i, x[:2]),
    ],
    ids=["getitem", "index_update", "index_add"],
)
def test_an_index_array_changed_before_backward_changes_nothing(read):
    gradients = []
    for change in (False, True):
        x, index = Tensor([1.0, 2.0, 3.0]), np.array([0, 1])
        y = read(x, index)
        if change:
            index[0] = 2
        y.backward(np.arange(1.0, y.size + 1))
        gradients.append(x.grad)
    np.testing.assert_array_equal(*gradients)


def test_the_parts_of_an_iteration_add_up():
    x = Tensor(X)
    sum((row * k).sum() for k, row in enumerate(x)).backward()
    np.testing.assert_array_equal(x.grad, np.repeat([[0.0], [1.0], [2.0]], 4, axis=1))


@pytest.mark.parametrize("index", [3, (0, 4), np.array([5]), (0, 0, 0)])
def test_an_index_outside_says_which_operand(index):
    with pytest.raises(IndexError, match=r"getitem.*\(3, 4\)"):
        Tensor(X)[index]
