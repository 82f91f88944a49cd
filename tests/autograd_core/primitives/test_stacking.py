"""NumPy's ways of joining, inserting and deleting, over all arguments."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.moving import check_moved

MASK = np.array([True, False, True])

CALLS = {
    "concatenate": (lambda *xs: np.concatenate(xs), [(2, 3), (1, 3)]),
    "concatenate, axis": (lambda *xs: np.concatenate(xs, axis=-1), [(2, 1), (2, 3)]),
    "concatenate, flat": (lambda *xs: np.concatenate(xs, axis=None), [(2, 1), (), (3,)]),
    "concatenate, dtype": (lambda *xs: np.concatenate(xs, dtype=complex), [(2,), (1,)]),
    "concatenate, lists": (lambda x: np.concatenate([x, [1, 2]]), [(2,)]),
    "concat": (lambda *xs: np.concat(xs), [(2, 3), (0, 3)]),
    "stack": (lambda *xs: np.stack(xs, -1), [(2, 3), (2, 3)]),
    "stack of numbers": (lambda *xs: np.stack(xs), [(), ()]),
    "stack, dtype": (lambda *xs: np.stack(xs, dtype="c16", casting="safe"), [(2,), (2,)]),
    "vstack": (lambda *xs: np.vstack(xs), [(3,), (2, 3), (3,)]),
    "vstack, dtype": (lambda *xs: np.vstack(xs, dtype=complex), [(3,), (3,)]),
    "hstack": (lambda *xs: np.hstack(xs), [(2, 3), (2, 1)]),
    "hstack of vectors": (lambda *xs: np.hstack(xs), [(2,), (), (1,)]),
    "dstack": (lambda *xs: np.dstack(xs), [(2, 3), (2, 3, 2)]),
    "dstack of vectors": (lambda *xs: np.dstack(xs), [(2,), (2,)]),
    "column_stack": (lambda *xs: np.column_stack(xs), [(2,), (2, 3), (2,)]),
    "block": (lambda a, b, c: np.block([[a, b], [c]]), [(2, 2), (2, 1), (1, 3)]),
    "block, vectors": (lambda a, b: np.block([a, b, 2]), [(2,), ()]),
    "block, numbers and a matrix": (lambda a, b: np.block([[a, b]]), [(1, 2), ()]),
    "block of three axes": (lambda a, b: np.block([a, b]), [(2, 1, 3), (2, 1, 1)]),
    "block of one": (np.block, [(2,)]),
    "append": (lambda x, y: np.append(x, y), [(2, 3), (2,)]),  # noqa: PLW0108
    "append, axis": (lambda x, y: np.append(x, y, axis=1), [(2, 3), (2, 1)]),
    "append a number": (lambda x: np.append(x, 2), [(2, 2)]),
    **{
        f"delete {obj!r}, axis {axis}": (
            lambda x, obj=obj, axis=axis: np.delete(x, obj, axis),
            [(3, 3)],
        )
        for axis in (None, 0, -1)
        for obj in (1, -1, [0, 2], [1, 1], [], slice(None, None, 2), slice(2, 0, -1), np.array([2]))
    },
    "delete by mask": (lambda x: np.delete(x, MASK, axis=1), [(2, 3)]),
    **{
        f"insert at {obj!r}, axis {axis}": (
            lambda x, v, obj=obj, axis=axis: np.insert(x, obj, v, axis),
            [(3, 3), ()],
        )
        for axis in (None, 0, -1)
        for obj in (1, -1, 3, [0, 2], [1, 1], [2], [], slice(0, 2), np.array([-1, 3]))
    },
    "insert a row": (lambda x, v: np.insert(x, 1, v, axis=0), [(2, 3), (3,)]),
    "insert a column": (lambda x, v: np.insert(x, 1, v, axis=1), [(2, 3), (2,)]),
    "insert columns": (lambda x, v: np.insert(x, 1, v, axis=1), [(2, 3), (4, 2)]),
    "insert columns at a list": (lambda x, v: np.insert(x, [1], v, axis=1), [(2, 3), (2, 1)]),
    "insert several": (lambda x, v: np.insert(x, [0, 2, 2], v), [(4,), (3,)]),
    "insert columns at two": (lambda x, v: np.insert(x, [3, 0], v, axis=1), [(2, 3), (2, 2)]),
    "insert at one several": (lambda x, v: np.insert(x, 1, v), [(3,), (2,)]),
    "insert by mask": (lambda x, v: np.insert(x, MASK, v), [(3,), (2,)]),
    "array_split": (lambda x: np.array_split(x, 3), [(7,)]),
    "array_split, axis": (lambda x: np.array_split(x, 2, axis=-1), [(2, 3)]),
    "array_split, more parts than elements": (lambda x: np.array_split(x, 4), [(2,)]),
    "array_split at": (lambda x: np.array_split(x, [1, 1, 9]), [(4, 2)]),
    "hsplit": (lambda x: np.hsplit(x, 3), [(2, 3)]),
    "hsplit of a vector": (lambda x: np.hsplit(x, [1]), [(3,)]),
    "vsplit": (lambda x: np.vsplit(x, [1, 2]), [(3, 2)]),
    "dsplit": (lambda x: np.dsplit(x, 2), [(2, 1, 4)]),
    "split at, from behind": (lambda x: np.split(x, np.array([-3, -1])), [(5,)]),
    "split at, out of order": (lambda x: np.split(x, [3, 1, 4]), [(5, 2)]),
    "unstack": (np.unstack, [(2, 3)]),
    "unstack, axis": (lambda x: np.unstack(x, axis=-1), [(2, 3)]),
    "unstack a vector": (np.unstack, [(3,)]),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_is_what_numpy_gives(call, rng):
    function, shapes = call
    check_moved(function, shapes, rng)


def test_the_parts_come_in_the_container_numpy_uses():
    assert isinstance(np.split(Tensor([1.0, 2.0]), 2), list)
    assert isinstance(np.unstack(Tensor([1.0, 2.0])), tuple)


@pytest.mark.parametrize("apart", [np.split, np.array_split, np.hsplit])
def test_parts_share_the_version_of_the_whole(apart):
    x = Tensor(np.ones(4))
    first, _ = apart(x, 2)
    loss = (first * first).sum()
    with ag.no_grad():
        x += 1.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: np.concatenate([Tensor(1.0), 2.0]), ["concatenate", "np.stack"]),
        (lambda: np.stack([Tensor([1.0]), Tensor([1.0, 2.0])]), ["stack", "same shape"]),
        (lambda: np.stack([Tensor([1.0])], axis=3), ["stack", "axis 3"]),
        (lambda: np.vstack([Tensor([1.0]), Tensor([1.0, 2.0])]), ["vstack", "concatenate"]),
        (lambda: np.block([[Tensor([1.0])], []]), ["block", "empty"]),
        (lambda: np.block([[Tensor([1.0])], Tensor(1.0)]), ["block", "different depths"]),
        (lambda: np.array_split(Tensor([1.0]), 0), ["array_split", "positive"]),
        (lambda: np.hsplit(Tensor(1.0), 1), ["hsplit", "np.split"]),
        (lambda: np.vsplit(Tensor([1.0]), 1), ["vsplit", "np.hsplit"]),
        (lambda: np.dsplit(Tensor([[1.0]]), 1), ["dsplit", "3 axes"]),
        (lambda: np.unstack(Tensor(1.0)), ["unstack", "without axes"]),
        (lambda: np.append(Tensor([[1.0]]), [1.0], axis=0), ["append", "dimension"]),
        (lambda: np.insert(Tensor([1.0]), [[0]], 1.0), ["insert", "one axis"]),
    ],
)
def test_what_is_wrong_is_said(wrong, words):
    with pytest.raises(ag.ShapeError) as caught:
        wrong()
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: np.delete(Tensor([1.0]), 4), IndexError),
        (lambda: np.insert(Tensor([1.0]), 4, 0.0), IndexError),
        (lambda: np.insert(Tensor([1.0]), [4, 0], 0.0), IndexError),
        (lambda: np.concatenate([Tensor([1.0])], dtype=int), TypeError),
        (lambda: np.stack([Tensor([1.0])], dtype="f4", casting="safe"), TypeError),
        (lambda: np.split(Tensor([1.0]), 1.5), TypeError),
    ],
)
def test_the_errors_are_of_numpys_kind(wrong, error):
    with pytest.raises(error) as caught:
        wrong()
    assert isinstance(caught.value, ag.AutogradError)


@pytest.mark.parametrize("join", [np.concatenate, np.stack])
def test_writing_into_an_array_is_refused(join):
    with pytest.raises(ag.NotDifferentiable, match="out="):
        join([Tensor([1.0])], 0, np.zeros(1))
