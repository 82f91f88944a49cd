"""where, select, piecewise and clip over all arguments, beside test_selection's conventions."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.moving import check_moved, same

ABOVE = np.array([[True, False, True], [False, True, False]])
COLUMN = np.array([[True], [False]])

CALLS = {
    "where": (lambda x, y: np.where(ABOVE, x, y), [(2, 3), (2, 3)]),
    "where, broadcast": (lambda x, y: np.where(COLUMN, x, y), [(3,), ()]),
    "where, a number": (lambda x: np.where(ABOVE, x, 1), [(2, 3)]),
    "where, a list": (lambda x: np.where([True, False, True], [1, 2, 3], x), [(2, 3)]),
    "where, by integers": (lambda x: np.where([0, 2, 1], x, 0), [(3,)]),
    "select": (lambda x, y: np.select([ABOVE, ~ABOVE], [x, y]), [(2, 3), (2, 3)]),
    "select, the first counts": (
        lambda x, y: np.select([ABOVE, COLUMN], [x, y], default=7),
        [(2, 3), (3,)],
    ),
    "select, default": (lambda x, y: np.select([ABOVE], [x], y), [(2, 3), ()]),
    "select, numbers beside": (lambda x: np.select([ABOVE[0], ~ABOVE[0]], [x, 2]), [(3,)]),
    "select by one truth": (lambda x: np.select([True, False], [x, 2 * x]), [(3,)]),
    "piecewise": (
        lambda x: np.piecewise(x, [ABOVE, ~ABOVE], [lambda t: t * t, lambda t: 3 * t]),
        [(2, 3)],
    ),
    "piecewise, otherwise": (
        lambda x: np.piecewise(x, [ABOVE], [lambda t: t * t, 2]),
        [(2, 3)],
    ),
    "piecewise, one condition": (
        lambda x: np.piecewise(x, ABOVE[0], [lambda t: t * t, lambda t: -t]),
        [(3,)],
    ),
    "piecewise, arguments": (
        lambda x: np.piecewise(x, [ABOVE], [lambda t, a, b: a * t + b] * 2, 3, b=1),
        [(2, 3)],
    ),
    "piecewise, the last counts": (
        lambda x: np.piecewise(x, [ABOVE, COLUMN.repeat(3, 1)], [lambda t: t * t, 1]),
        [(2, 3)],
    ),
    "piecewise, where nothing is": (
        lambda x: np.piecewise(x, [ABOVE & ~ABOVE], [lambda t: t / 0, lambda t: 2 * t]),
        [(2, 3)],
    ),
    "piecewise of a number": (lambda x: np.piecewise(x, [True], [lambda t: t * t]), [()]),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_is_what_numpy_gives(call, rng):
    function, shapes = call
    check_moved(function, shapes, rng)


def test_a_condition_alone_gives_its_places_as_plain_arrays():
    x = Tensor([[1.0, 0.0], [0.0, 2.0]])
    for places in (np.where(x), np.where(x > 0)):
        assert [type(place) for place in places] == [np.ndarray, np.ndarray]
        np.testing.assert_array_equal(places, [[0, 1], [0, 1]])


def test_a_piece_may_be_a_value_that_records():
    x, v = Tensor([-1.0, 2.0]), Tensor(3.0)
    out = np.piecewise(x, [x < 0, x >= 0], [v, lambda t: t * v])
    np.testing.assert_array_equal(out.data, [3, 6])
    out.sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 3])
    assert v.grad == 3


def test_conditions_may_be_tensors():
    flags, x = Tensor([True, False]), Tensor([1.0, 2.0])
    for out in (np.where(flags, x, 0.0), np.select([flags], [x]), np.piecewise(x, flags, [1.0])):
        assert out.data[0] == 1
        assert out.data[1] == 0
    with pytest.raises(TypeError, match=r"select: .*condition 0 is of float64"):
        np.select([x], [x])


def test_a_default_alone_that_records_is_refused_with_what_to_write_instead():
    x = Tensor([1.0, 2.0])
    with pytest.raises(ag.DTypeError, match=r"Instead of select use a last choice"):
        np.select([[True, False]], [0.0], x)
    same(np.select([[True, False], [True, True]], [0.0, x]), np.array([0.0, 2.0]), 0)


# ------------------------------------------------------------------------------ clip

BOUNDS = [(-0.5, 0.5), (None, 0.5), (-0.5, None), (None, None), ([-1, 0, 1], 2), (1, -1)]


@pytest.mark.parametrize("bounds", BOUNDS, ids=str)
def test_clip_in_all_its_forms(bounds, rng):
    low, high = bounds
    reals = ("float64", "float32", "int64")
    check_moved(lambda x: np.clip(x, low, high), [(2, 3)], rng, dtypes=reals)
    check_moved(lambda x: np.clip(x, min=low, max=high), [(2, 3)], rng, dtypes=reals)
    if bounds != (None, None):
        check_moved(lambda x: x.clip(low, high), [(2, 3)], rng, dtypes=reals)
    with np.errstate(invalid="ignore"):
        check_moved(
            lambda x: np.clip(x, low, high, dtype="f8"), [(2, 3)], rng, dtypes=reals, exact=False
        )


def test_bounds_that_record(rng):
    check_moved(np.clip, [(2, 3), (3,), ()], rng, dtypes=("float64", "float32"))


def test_clip_keeps_single_precision_beside_python_numbers():
    assert np.clip(Tensor([1.0], dtype="f4"), 0, 1.5).dtype == np.float32
    same(np.clip(Tensor([1, 5]), 0, 2), np.clip([1, 5], 0, 2), 0)


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda x: np.where(x > 0, x), ValueError, ["where", "both x and y"]),
        (lambda x: np.where([True, False], x, x), ValueError, ["where", "broadcast"]),
        (lambda x: np.select([x > 0], [x, x]), ValueError, ["select", "1 conditions", "2 choices"]),
        (
            lambda x: np.piecewise(x, [x > 0], [1, 2, 3]),
            ValueError,
            ["piecewise", "1 conditions", "3 functions"],
        ),
        (lambda x: np.clip(x, 1), TypeError, ["clip", "None"]),
        (lambda x: np.clip(x, a_max=1), TypeError, ["clip", "None"]),
        (lambda x: np.clip(x, 0, 1, min=3), ValueError, ["clip", "not both"]),
        (lambda x: np.clip(x, 0, 1, dtype=int), TypeError, ["clip", "cast"]),
        (lambda x: np.clip(x, 0, 1, colour=2), TypeError, ["clip", "colour"]),
        (lambda x: np.clip(x, 0, 1, where=x > 0), TypeError, ["clip", "np.where"]),
        (lambda x: np.clip(x, 0, 1, np.zeros(3)), TypeError, ["clip", "out="]),
        (lambda x: x.clip(0, 1, out=np.zeros(3)), TypeError, ["clip", "out="]),
    ],
)
def test_what_is_wrong_is_said(wrong, error, words):
    with pytest.raises(error) as caught:
        wrong(Tensor([1.0, 2.0, 3.0]))
    assert isinstance(caught.value, ag.AutogradError)
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.fill_diagonal(x, 0),
        lambda x: np.place(x, ABOVE, 0),
        lambda x: np.putmask(x, ABOVE, 0),
        lambda x: np.copyto(x, 0),
        lambda x: np.copyto(np.zeros((2, 3)), x),
        lambda x: np.put(x, [0], 0),
    ],
)
def test_what_writes_in_place_names_what_to_write_instead(call):
    with pytest.raises(ag.NotDifferentiable, match=r"(np\.where|ag\.index_update)\("):
        call(Tensor(np.ones((2, 3))))
