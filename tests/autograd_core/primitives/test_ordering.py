"""sort, partition, sort_complex over all arguments, and what happens at ties."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.moving import DTYPES, check_moved, drawn, same

CALLS = {
    **{f"sort, axis {axis}": (lambda x, a=axis: np.sort(x, a), (3, 4)) for axis in (None, 0, -1)},
    **{
        f"sort, {kind}": (lambda x, k=kind: np.sort(x, kind=k), (9,))
        for kind in ("quicksort", "mergesort", "heapsort", "stable")
    },
    "sort, stable": (lambda x: np.sort(x, stable=True), (2, 5)),
    "sort of nothing": (np.sort, (0,)),
    "sort of three axes": (lambda x: np.sort(x, 1), (2, 3, 2)),
    "sort_complex": (np.sort_complex, (2, 3)),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_is_what_numpy_gives(call, rng):
    function, shape = call
    check_moved(function, [shape], rng)


@pytest.mark.parametrize("kth", [0, 4, -2, (1, 5), [0, -1]])
@pytest.mark.parametrize(("axis", "shape"), [(-1, (2, 9)), (0, (9, 2)), (None, (3, 3))])
@pytest.mark.parametrize("dtype", DTYPES)
def test_partition_gives_numpys_arrangement(kth, axis, shape, dtype, rng):
    x = drawn(shape, rng, dtype)
    same(np.partition(Tensor(x), kth, axis), np.partition(x, kth, axis), 0)


def test_a_long_partition_is_numpys_and_gives_each_element_its_own_gradient(rng):
    x = rng.uniform(size=1000)
    leaf = Tensor(x)
    out = np.partition(leaf, [10, 500])
    np.testing.assert_array_equal(out.data, np.partition(x, [10, 500]))
    out.backward(out.data)
    np.testing.assert_array_equal(leaf.grad, x)


def test_what_is_not_a_number_comes_last_and_gets_its_gradient():
    x = Tensor([np.nan, 2.0, 1.0])
    out = np.sort(x)
    np.testing.assert_array_equal(out.data, [1, 2, np.nan])
    out.backward(np.array([1.0, 2.0, 3.0]))
    np.testing.assert_array_equal(x.grad, [3, 2, 1])


def test_among_equals_each_still_gets_one_place():
    x = Tensor([1.0, 1.0, 0.0])
    np.sort(x, stable=True).backward(np.array([1.0, 2.0, 3.0]))
    np.testing.assert_array_equal(x.grad, [2, 3, 1])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda x: np.sort(x, axis=1), ["sort", "axis 1"]),
        (lambda x: np.sort(x, order="f"), ["sort", "order"]),
        (lambda x: np.sort(x, kind="bogo"), ["sort", "kind"]),
        (lambda x: np.partition(x, 5), ["partition", "kth"]),
        (lambda x: np.partition(x, 0, axis=2), ["partition", "axis 2"]),
        (lambda x: np.partition(x, 0, order="f"), ["partition", "order"]),
    ],
)
def test_what_is_wrong_is_said(wrong, words):
    with pytest.raises(ag.ShapeError) as caught:
        wrong(Tensor([1.0, 2.0]))
    assert [word for word in words if word not in str(caught.value)] == []
