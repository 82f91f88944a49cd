"""take, take_along_axis, compress, extract, choose over all arguments."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.moving import check_moved

INDICES = np.array([[1, 0], [1, 1]])

CALLS = {
    **{
        f"take {indices!r}, axis {axis}": (
            lambda x, i=indices, a=axis: np.take(x, i, a),
            [(3, 2, 3)],
        )
        for axis in (None, 0, -1, 1)
        for indices in (0, -1, [1, 0, 1], INDICES, [], [[0]])
    },
    **{
        f"take, {mode}": (lambda x, m=mode: np.take(x, [5, -7, 0], 1, mode=m), [(2, 3)])
        for mode in ("wrap", "clip")
    },
    "take from a number": (lambda x: np.take(x, 0), [()]),
    "take by a mask of bools": (lambda x: np.take(x, [True, False]), [(2,)]),
    "take, method": (lambda x: x.take([1, 1], axis=0), [(2, 3)]),
    "along, last axis": (lambda x: np.take_along_axis(x, INDICES), [(2, 3)]),
    "along, first axis": (lambda x: np.take_along_axis(x, INDICES, 0), [(3, 2)]),
    "along, flat": (lambda x: np.take_along_axis(x, np.array([4, 0, 4]), None), [(2, 3)]),
    "along, broadcast": (lambda x: np.take_along_axis(x, np.array([[1]]), 1), [(2, 3)]),
    "compress": (lambda x: np.compress([0, 1, 1], x, axis=1), [(2, 3)]),
    "compress, flat": (lambda x: np.compress([True, False, True], x), [(2, 3)]),
    "compress, method": (lambda x: x.compress([1, 0], axis=-1), [(3, 2)]),
    "extract": (lambda x: np.extract(INDICES, x), [(2, 2)]),
    "extract, other shape": (lambda x: np.extract([0, 1, 1, 0], x), [(2, 2)]),
    "choose": (lambda *xs: np.choose(np.array([0, 1, 0]), xs), [(3,), (3,)]),
    "choose, broadcast": (lambda *xs: np.choose(INDICES, xs), [(2,), ()]),
    "choose, wrap": (lambda *xs: np.choose([5, -1], xs, mode="wrap"), [(2,), (2,), (2,)]),
    "choose, clip": (lambda *xs: np.choose([5, -1], xs, mode="clip"), [(2,), (2,), (2,)]),
    "choose, one array of choices": (lambda x: np.choose([1, 0, 1], x), [(2, 3)]),
    "choose, a number": (lambda *xs: np.choose(1, xs), [(2,), ()]),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_is_what_numpy_gives(call, rng):
    function, shapes = call
    check_moved(function, shapes, rng)


def test_a_tensor_of_integers_chooses():
    index, x = Tensor([1, 0]), Tensor([3.0, 4.0])
    for out in (index.choose([x, 2.0 * x]), np.choose(index, [x, 2.0 * x])):
        np.testing.assert_array_equal(out.data, [6, 4])
    np.testing.assert_array_equal(np.take(x, index).data, [4, 3])
    np.testing.assert_array_equal(np.take_along_axis(x, index, 0).data, [4, 3])


def test_indices_may_change_afterwards():
    x, index = Tensor([1.0, 2.0, 3.0]), np.array([0, 0])
    outs = [np.take(x, index), np.take_along_axis(x, index, 0)]
    index[:] = 2
    for out in outs:
        x.zero_grad()
        out.sum().backward()
        np.testing.assert_array_equal(x.grad, [2, 0, 0])


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda: np.take(Tensor([1.0]), 3), IndexError, ["take", "index 3", "mode='wrap'"]),
        (lambda: np.take(Tensor([1.0]), 0.5), TypeError, ["take", "integers"]),
        (lambda: np.take(Tensor([1.0]), 0, mode="x"), ValueError, ["take", "'clip'"]),
        (lambda: np.take(Tensor([]), [0], mode="wrap"), IndexError, ["take"]),
        (lambda: np.take(Tensor([1.0]), 0, axis=1), ValueError, ["take", "axis 1"]),
        (
            lambda: np.take_along_axis(Tensor([[1.0]]), np.array([0]), 0),
            ValueError,
            ["take_along_axis", "as many", "np.take"],
        ),
        (
            lambda: np.take_along_axis(Tensor([1.0]), np.array([0.5]), 0),
            IndexError,
            ["take_along_axis", "integers"],
        ),
        (lambda: np.compress([[1]], Tensor([1.0])), ValueError, ["compress", "one axis"]),
        (lambda: np.choose([3], [Tensor([1.0])]), ValueError, ["choose", "mode='clip'"]),
        (lambda: np.choose([0.5], [Tensor([1.0])]), TypeError, ["choose", "integers"]),
        (lambda: np.choose([0], [Tensor([1.0])], mode="x"), ValueError, ["choose", "'wrap'"]),
    ],
)
def test_what_is_wrong_is_said(wrong, error, words):
    with pytest.raises(error) as caught:
        wrong()
    assert isinstance(caught.value, ag.AutogradError)
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(
    "call",
    [
        lambda x, out: np.take(x, [0], 0, out),
        lambda x, out: x.take([0], out=out),
        lambda x, out: np.compress([1], x, 0, out),
        lambda x, out: np.choose([0], [x], out),
    ],
)
def test_writing_into_an_array_is_refused(call):
    with pytest.raises(ag.NotDifferentiable, match="out="):
        call(Tensor([1.0]), np.zeros(1))


def test_putting_is_refused_with_what_to_write_instead():
    with pytest.raises(ag.NotDifferentiable, match="index_update"):
        np.put_along_axis(Tensor([1.0]), np.array([0]), 2.0, 0)
