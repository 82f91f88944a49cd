"""The user's own arrays, used as constants and overwritten: right or noticed, never wrong."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor


def raises_overwritten(loss, *leaves):
    """The pass is refused, and nothing is written."""
    with pytest.raises(ag.OverwrittenError, match="overwritten"):
        loss.backward()
    assert all(leaf.grad is None for leaf in leaves)


@pytest.mark.parametrize("size", [1, 2, 7, 63, 64])
def test_any_element_of_a_small_constant_is_watched(size):
    for position in range(size):
        x, c = Tensor(np.ones(size)), np.ones(size)
        loss = (x * c).sum()
        c[position] += 1e-9
        raises_overwritten(loss, x)


@pytest.mark.parametrize("shape", [(1000,), (64, 64), (30, 40, 50)])
@pytest.mark.parametrize("layout", ["C", "F", "strided"])
def test_a_big_constant_changed_as_a_whole_is_noticed(shape, layout):
    c = np.ones(shape, order="F" if layout == "F" else "C")
    if layout == "strided":
        c = np.ones((*shape, 2))[..., 0]
    x = Tensor(np.ones(shape))
    loss = (x * c).sum()
    c *= 1.001
    raises_overwritten(loss, x)


@pytest.mark.parametrize("block", [(slice(0, 50),), (slice(150, 200),), (..., slice(0, 16))])
@pytest.mark.parametrize("width", [64, 100, 128, 784])
def test_a_block_of_a_table_is_noticed(block, width):
    x, c = Tensor(np.ones((200, width))), np.ones((200, width))
    loss = (x * c).sum()
    c[block] = 0.0
    raises_overwritten(loss, x)


@pytest.mark.parametrize("shape", [(128, 64), (256, 128), (200, 64), (64, 64)])
def test_columns_anywhere_in_a_table_of_even_width_are_noticed(shape):
    """A sample at an even stride would always look at the same few columns."""
    for start in range(0, shape[1], shape[1] // 4):
        x, c = Tensor(np.ones(shape)), np.ones(shape)
        loss = (x * c).sum()
        c[:, start + 1 : start + shape[1] // 4] = 0.0
        raises_overwritten(loss, x)


def test_a_constant_whose_value_is_not_saved_may_change():
    x, c = Tensor([1.0, 2.0]), np.array([3.0, 4.0])
    loss = (x + c).sum()
    c[:] = 0.0
    loss.backward()
    np.testing.assert_array_equal(x.grad, [1.0, 1.0])


def test_a_constant_put_back_is_no_obstacle():
    x, c = Tensor([1.0, 2.0]), np.array([3.0, 4.0])
    loss = (x * c).sum()
    c += 1.0
    c -= 1.0
    loss.backward()
    np.testing.assert_array_equal(x.grad, [3.0, 4.0])


def test_a_read_only_view_of_a_writable_array_is_watched():
    x, c = Tensor(np.ones((2, 3))), np.ones(3)
    loss = (x * np.broadcast_to(c, (2, 3))).sum()
    c[:] = 5.0
    raises_overwritten(loss, x)


def test_an_array_shared_by_copy_false_is_watched():
    array = np.array([1.0, 2.0])
    x = Tensor(array, copy=False)
    loss = (x * x).sum()
    array[0] = 9.0
    raises_overwritten(loss, x)


def test_a_0d_array_as_a_constant_is_watched():
    x, c = Tensor(2.0), np.array(3.0)
    loss = x * c
    c[...] = 5.0
    raises_overwritten(loss, x)


@pytest.mark.parametrize(
    "use",
    [
        lambda x, c: np.where(c > 1.5, x, 0.0),
        lambda x, c: x @ c,
        np.maximum,
        lambda x, c: x**c,
        lambda x, c: x / c,
        ag.squared_error,
        lambda x, c: np.clip(x, c, None),
        np.hypot,
        lambda x, c: ag.linear(c, x[None]),
    ],
)
def test_every_use_of_a_constant_is_right_or_noticed(use):
    start = np.array([1.0, 2.0, 3.0])
    x, c, expected = Tensor(start + 0.25), start.copy(), Tensor(start + 0.25)
    use(expected, start).sum().backward()
    loss = use(x, c).sum()
    c[:] = [3.0, 1.0, 1.0]
    try:
        loss.backward()
    except ag.OverwrittenError:
        assert x.grad is None
    else:
        np.testing.assert_array_equal(x.grad, expected.grad)


@pytest.mark.parametrize(
    ("index", "later"),
    [(np.array([0, 1]), 2), (np.array([True, True, False]), [False, True, True])],
)
@pytest.mark.parametrize(
    "use",
    [
        lambda x, i: x[i],
        lambda x, i: ag.index_update(x, i, 0.0),
        lambda x, i: ag.index_add(x * 2, i, x[0]),
        lambda x, i: x[None][:, i],
    ],
)
def test_an_index_changed_later_is_right_or_noticed(use, index, later):
    x, expected, mine = Tensor([1.0, 2.0, 3.0]), Tensor([1.0, 2.0, 3.0]), index.copy()
    use(expected, index).sum().backward()
    loss = use(x, mine).sum()
    mine[:] = later
    try:
        loss.backward()
    except ag.OverwrittenError:
        assert x.grad is None
    else:
        np.testing.assert_array_equal(x.grad, expected.grad)


def test_labels_changed_later_are_noticed():
    logits, labels = Tensor(np.zeros((2, 3))), np.array([0, 1])
    loss = ag.softmax_cross_entropy(logits, labels)
    labels[:] = 2
    raises_overwritten(loss, logits)
