"""Every form of index that NumPy has: its value, and the gradient back to where that came from."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.moving import check_moved, same

MASK = np.array([[True, False, True, False], [False] * 4, [True] * 4])

INDICES = [
    0,
    -1,
    np.int8(1),
    np.array(1),
    (),
    ...,
    None,
    slice(None),
    slice(None, None, -1),
    slice(2, 0, -2),
    slice(5, 9),
    (1, 2, 0),
    (slice(None), 1),
    (slice(1, None), slice(None, None, 2), slice(None, None, -1)),
    (..., 1),
    (0, ..., None),
    (None, slice(None), None, 1),
    [0, 2, 2],
    [],
    [[0, 1], [2, 0]],
    np.array([-1, 0]),
    np.array([], int),
    np.array([[1], [0]]),
    ([0, 1], [2, 3]),
    ([[0], [1]], [2, 3], 0),
    ([0, 0], slice(None), [1, 1]),
    (slice(None), [0, 0, 3]),
    (slice(None), None, [1, 1]),
    (0, slice(None), [1, 0, 1]),
    ([1, 1], 0),
    (..., [0, 0]),
    ((0, 1), (2, 3)),
    MASK,
    MASK[:, 0],
    MASK.tolist(),
    (slice(None), MASK[0]),
    (MASK[:, 0], 1),
    (MASK[:, 0], [0, 3]),
    (MASK, [1, 0, 1, 0, 1, 1]),
    (MASK[:, 0], slice(None, None, -1), [1, 1]),
    True,
    False,
    np.True_,
    (True, 0),
    (np.array([0, 0]), True),
    np.ix_([0, 2], [1, 1], [0]),
]


@pytest.mark.parametrize("index", INDICES, ids=repr)
def test_reading(index, rng):
    check_moved(lambda x: x[index], [(3, 4, 2)], rng)


@pytest.mark.parametrize("index", INDICES, ids=repr)
def test_updating_and_adding(index, rng):
    def updated(x, v):
        if isinstance(x, Tensor):
            return ag.index_update(x, index, v)
        result = x.copy()
        result[index] = v
        return result

    def added(x, v):
        if isinstance(x, Tensor):
            return ag.index_add(x, index, v)
        result = x.copy()
        np.add.at(result, index, v)
        return result

    shape = np.zeros((3, 4, 2))[index].shape
    check_moved(updated, [(3, 4, 2), ()], rng)
    check_moved(added, [(3, 4, 2), shape], rng, exact=False)


@pytest.mark.parametrize("index", [(), ..., None, (None, ...), True, np.True_], ids=repr)
def test_reading_a_number(index, rng):
    check_moved(lambda x: x[index] if isinstance(x, Tensor) else np.asarray(x)[index], [()], rng)


def test_tensors_as_indices():
    x = Tensor(np.arange(12.0).reshape(3, 4))
    rows = Tensor([2, 0, 2])
    same(x[rows], x.data[[2, 0, 2]], 0)
    same(x[:, rows], x.data[:, [2, 0, 2]], 0)
    same(x[Tensor(1), Tensor(2)], x.data[1, 2], 0)
    same(x[Tensor([True, False, True])], x.data[[True, False, True]], 0)
    same(x[[Tensor(0), Tensor(2)]], x.data[[0, 2]], 0)
    x[rows].sum().backward()
    np.testing.assert_array_equal(x.grad[:, 0], [1, 0, 2])


def test_iteration_and_unpacking():
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    (a, b), (c, d) = x
    (a * d - b * c).backward()
    np.testing.assert_array_equal(x.grad, [[4, -3], [-2, 1]])


@pytest.mark.parametrize("index", [np.s_[:], np.s_[1:], np.s_[0], np.s_[::-1], np.s_[..., None]])
def test_a_view_shares_the_version_and_a_copy_does_not(index):
    x = Tensor(np.ones((2, 2)))
    seen, picked = x[index], x[[0, 1]]
    loss, apart = (seen * seen).sum(), (picked * picked).sum()
    with ag.no_grad():
        x += 1.0
    apart.backward()
    np.testing.assert_array_equal(x.grad, np.full((2, 2), 2.0))
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


@pytest.mark.parametrize(
    "index", [3, (0, 4), (0, 0, 0, 0), [3], 0.5, "name", ([0, 1], [0, 1, 2]), [True, False], 1j]
)
def test_what_is_no_index_is_said(index):
    with pytest.raises(IndexError, match=r"getitem.*\(3, 4, 2\)") as caught:
        Tensor(np.ones((3, 4, 2)))[index]
    assert isinstance(caught.value, ag.IndexingError)
