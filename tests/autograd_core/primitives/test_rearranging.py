"""Flips, rolls, rotations, tiles, repeats, windows: over all arguments, as NumPy does it."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.moving import check_moved

windows = np.lib.stride_tricks.sliding_window_view

CALLS = {
    "flip": (np.flip, (2, 3)),
    "flip, one axis": (lambda x: np.flip(x, 1), (2, 3)),
    "flip, negative axis": (lambda x: np.flip(x, axis=-2), (2, 3, 2)),
    "flip, two axes": (lambda x: np.flip(x, (0, -1)), (2, 3, 2)),
    "flip of a number": (np.flip, ()),
    "fliplr": (np.fliplr, (2, 3)),
    "flipud": (np.flipud, (3,)),
    "roll": (lambda x: np.roll(x, 2), (2, 3)),
    "roll, far": (lambda x: np.roll(x, -11), (2, 3)),
    "roll, axis": (lambda x: np.roll(x, 1, axis=-1), (2, 3)),
    "roll, axes": (lambda x: np.roll(x, (1, -1), axis=(0, 1)), (2, 3)),
    "roll, one shift for two axes": (lambda x: np.roll(x, 1, axis=(0, 1)), (2, 3)),
    "roll, two shifts of an axis": (lambda x: np.roll(x, (1, 1), axis=0), (3, 2)),
    "roll, two shifts of all": (lambda x: np.roll(x, (1, 2)), (2, 3)),
    "roll of nothing": (lambda x: np.roll(x, 1, axis=0), (0, 2)),
    **{
        f"rot90, {k}": (lambda x, k=k: np.rot90(x, k), (2, 3))  # type: ignore[misc]
        for k in (-1, 0, 1, 2, 3, 4)
    },
    "rot90, axes": (lambda x: np.rot90(x, axes=(2, 0)), (2, 3, 2)),
    "rot90, negative axes": (lambda x: np.rot90(x, 3, axes=(-1, 0)), (2, 3, 2)),
    "tile": (lambda x: np.tile(x, 2), (2, 3)),
    "tile, more axes": (lambda x: np.tile(x, (2, 1, 2)), (2, 3)),
    "tile, fewer axes": (lambda x: np.tile(x, [3]), (2, 3)),
    "tile, once": (lambda x: np.tile(x, (1, 1)), (2, 3)),
    "tile, never": (lambda x: np.tile(x, (0, 2)), (2, 3)),
    "tile of a number": (lambda x: np.tile(x, 3), ()),
    "repeat": (lambda x: np.repeat(x, 2), (2, 3)),
    "repeat, axis": (lambda x: np.repeat(x, 2, axis=-1), (2, 3)),
    "repeat, each": (lambda x: np.repeat(x, [2, 0, 1], axis=1), (2, 3)),
    "repeat, array of one": (lambda x: np.repeat(x, np.array([2]), axis=0), (2, 3)),
    "repeat, never": (lambda x: np.repeat(x, 0), (2,)),
    "repeat of a number": (lambda x: np.repeat(x, 3), ()),
    "resize, larger": (lambda x: np.resize(x, (3, 3)), (2, 2)),
    "resize, smaller": (lambda x: np.resize(x, 2), (2, 2)),
    "resize, to nothing": (lambda x: np.resize(x, (0, 2)), (2, 2)),
    "resize, many times": (lambda x: np.resize(x, (7,)), (2,)),
    "windows": (lambda x: windows(x, 2), (4,)),
    "windows, matrix": (lambda x: windows(x, (2, 2)), (3, 4)),
    "windows, axis": (lambda x: windows(x, 3, axis=1), (2, 4)),
    "windows, axis twice": (lambda x: windows(x, (2, 2), axis=(-1, -1)), (2, 4)),
    "windows, all axes but one": (lambda x: windows(x, (2, 1), axis=(0, 2)), (3, 2, 2)),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_is_what_numpy_gives(call, rng):
    function, shape = call
    check_moved(function, [shape], rng)


def test_resizing_nothing_gives_zeros():
    np.testing.assert_array_equal(np.resize(Tensor(np.ones(0)), (2, 2)), np.zeros((2, 2)))


@pytest.mark.parametrize("trim", ["fb", "f", "b", "BF"])
@pytest.mark.parametrize("axis", [None, 0, -1, (0, 1)])
def test_trimmed_of_its_zeros(trim, axis):
    x = np.zeros((4, 5))
    x[1, 2], x[2, 1] = 3.0, 4.0
    trimmed = np.trim_zeros(Tensor(x), trim, axis)
    np.testing.assert_array_equal(trimmed.data, np.trim_zeros(x, trim, axis))
    leaf = Tensor(x)
    np.trim_zeros(leaf, trim, axis).sum().backward()
    assert leaf.grad.sum() == trimmed.size
    assert np.trim_zeros(Tensor(np.zeros(3))).shape == (0,)


def test_reading_memory_by_strides_is_refused_with_what_to_write_instead():
    with pytest.raises(ag.DTypeError, match=r"Instead of as_strided use .*sliding_window_view"):
        np.lib.stride_tricks.as_strided(Tensor([1.0, 2.0]), (2,), (8,))


def test_an_array_of_repeats_may_change_afterwards():
    x, times = Tensor([1.0, 2.0]), np.array([1, 3])
    out = np.repeat(x, times)
    times[:] = 2
    out.backward(np.arange(1.0, 5.0))
    np.testing.assert_array_equal(x.grad, [1, 9])


@pytest.mark.parametrize("view", [np.flip, lambda t: windows(t, (2, 2)), lambda t: np.rot90(t, 2)])
def test_overwriting_what_a_view_shows_is_noticed(view):
    x = Tensor(np.ones((3, 3)))
    seen = view(x)
    loss = (seen * seen).sum()
    with ag.no_grad():
        x += 1.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: np.flip(Tensor([1.0]), 1), ["flip", "axis 1"]),
        (lambda: np.fliplr(Tensor([1.0])), ["fliplr", "second axis", "np.flip"]),
        (lambda: np.flipud(Tensor(1.0)), ["flipud", "first axis"]),
        (lambda: np.roll(Tensor([1.0]), 1, axis=2), ["roll", "axis 2"]),
        (lambda: np.roll(Tensor([1.0]), [[1]], axis=0), ["roll", "one-dimensional"]),
        (lambda: np.rot90(Tensor([1.0])), ["rot90", "axis 1"]),
        (lambda: np.rot90(Tensor([[1.0]]), axes=(0, 0)), ["rot90", "twice"]),
        (lambda: np.rot90(Tensor([[1.0]]), axes=(0, 1, 2)), ["rot90", "two axes"]),
        (lambda: np.repeat(Tensor([1.0, 2.0]), [1, 2, 3]), ["repeat", "(2,)"]),
        (lambda: np.repeat(Tensor([1.0, 2.0]), 2, axis=3), ["repeat", "axis 3"]),
        (lambda: np.resize(Tensor([1.0]), (-1, 2)), ["resize", "negative"]),
        (lambda: np.trim_zeros(Tensor([1.0]), "x"), ["trim_zeros", "'f'"]),
        (lambda: windows(Tensor([1.0]), (1, 1)), ["sliding_window_view", "axis="]),
        (lambda: windows(Tensor([1.0]), 3), ["sliding_window_view", "(1,)"]),
    ],
)
def test_what_is_wrong_is_said(wrong, words):
    with pytest.raises(ag.ShapeError) as caught:
        wrong()
    assert [word for word in words if word not in str(caught.value)] == []
