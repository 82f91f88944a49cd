"""Methods of ufuncs: every binary ufunc against NumPy, their derivatives, what is refused."""

import warnings

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.dispatch import PLAIN, RECORDED
from tests.autograd_core.checking import check_derivatives

UFUNCS = sorted(
    {value for value in vars(np).values() if isinstance(value, np.ufunc)}, key=lambda f: f.__name__
)
BINARY = [f for f in UFUNCS if f in RECORDED and (f.nin, f.nout, f.signature) == (2, 1, None)]
BINARY.remove(np.ldexp)  # its second operand is an integer
WRONG = [np.power, np.arctan2]  # NumPy 2.4's own reduce is, along a contiguous axis
every_binary = pytest.mark.parametrize("ufunc", BINARY, ids=lambda f: f.__name__)

REDUCE = [
    {},
    {"axis": 1},
    {"axis": -1, "keepdims": True},
    {"axis": None},
    {"axis": (0, 2)},
    {"axis": ()},
    {"initial": 0.7},
    {"initial": None},
    {"axis": 1, "initial": 0.7, "where": np.arange(4)[:, None] % 2 == 0},
    {"where": np.array([True, False, True])},
    {"dtype": "f8"},
]
SMALL = (2, 4, 3)


def numbers(rng, dtype, shape=SMALL):
    """Numbers between which no ufunc is at a jump."""
    x = rng.permutation(np.linspace(1.05, 2.0, int(np.prod(shape)))).reshape(shape)
    return (x + (0.1j if np.dtype(dtype).kind == "c" else 0)).astype(dtype)


def outcome(call, x):
    """The result, or the exception; without the noise of masks and empty reductions."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return call(x)
        except (ValueError, TypeError) as error:
            return error


def check_same(call, x):
    """The value, dtype and shape are NumPy's, or both refuse."""
    expected, found = outcome(call, x), outcome(call, Tensor(x))
    if isinstance(expected, Exception):
        assert isinstance(found, ag.AutogradError), (expected, found)
        return
    assert isinstance(found, Tensor), found
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    assert type(found.data) is type(expected)
    np.testing.assert_allclose(found.data, expected, rtol=1e-5 if x.dtype == "f4" else 1e-13)


@every_binary
@pytest.mark.parametrize("dtype", ["f4", "f8", "c16", "i8"])
def test_reduce_is_numpys(ufunc, dtype, rng):
    for keywords in REDUCE:
        for x in (numbers(rng, dtype), numbers(rng, dtype)[:0], numbers(rng, dtype, ())[()]):
            if ufunc not in WRONG:
                check_same(lambda t, k=keywords: ufunc.reduce(t, **k), x)


@pytest.mark.parametrize("ufunc", WRONG)
def test_reduce_is_the_last_of_accumulate(ufunc, rng):
    x = numbers(rng, float)
    last = ufunc.accumulate(x, axis=-1)[..., -1]
    np.testing.assert_allclose(ufunc.reduce(Tensor(x), axis=-1).data, last, rtol=1e-14)


@every_binary
@pytest.mark.parametrize("dtype", ["f4", "f8", "c16"])
def test_accumulate_outer_and_reduceat_are_numpys(ufunc, dtype, rng):
    x = np.asfortranarray(numbers(rng, dtype))
    y = numbers(rng, dtype, (2,))
    for axis in (0, 1, -1):
        check_same(lambda t, axis=axis: ufunc.accumulate(t, axis=axis), x)
    check_same(lambda t: ufunc.accumulate(t, dtype="c16"), x)
    check_same(lambda t: ufunc.outer(t, y), x)
    check_same(lambda t: ufunc.outer([1.5, 2.5], t), x)
    check_same(lambda t: ufunc.outer(t, t, dtype="f4", casting="same_kind"), y)
    if ufunc not in WRONG:
        check_same(lambda t: ufunc.reduceat(t, [0, 2, 1, 1], axis=1), x)
        check_same(lambda t: ufunc.reduceat(t, np.array([2, 0]), -1), x)
        check_same(lambda t: ufunc.reduceat(t, [0], dtype="f8"), x)


@every_binary
@pytest.mark.parametrize(
    "method",
    [
        lambda f, x: f.reduce(x, axis=1),
        lambda f, x: f.reduce(x, initial=1.3, where=np.array([True, False, True])),
        lambda f, x: f.accumulate(x, axis=1),
        lambda f, x: f.reduceat(x, [1, 0, 0], axis=1),
        lambda f, x: f.outer(x, x[0] + 0.013),
    ],
    ids=["reduce", "reduce where", "accumulate", "reduceat", "outer"],
)
def test_derivatives_of_the_methods(ufunc, method, rng):
    if ufunc in WRONG and {"reduce", "reduceat"} & {*method.__code__.co_names}:
        pytest.skip("NumPy's own values are wrong")
    if ufunc in (np.remainder, np.fmod):  # far from jumps: the operands halve each time
        x = np.array([[7.3, 3.1, 1.7], [9.6, 4.4, 2.3]])
    else:
        x = numbers(rng, float, (2, 3))
    check_derivatives(lambda t: method(ufunc, t), [x], rng, label=ufunc.__name__)


@pytest.mark.parametrize("ufunc", [np.add, np.subtract, np.multiply, np.divide, np.power])
def test_derivatives_in_the_complex_plane(ufunc, rng):
    z = numbers(rng, complex, (2, 3))
    for call in (ufunc.reduce, ufunc.accumulate, lambda t: ufunc.outer(t, t)):
        check_derivatives(call, [z], rng, label=ufunc.__name__)


def test_the_initial_value_and_both_sides_of_outer_get_gradients():
    x, start = Tensor([2.0, 3.0]), Tensor(5.0)
    np.subtract.reduce(x, initial=start).backward()
    assert start.grad == 1.0
    np.testing.assert_array_equal(x.grad, [-1.0, -1.0])
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0, 5.0])
    np.multiply.outer(a, b).sum().backward()
    np.testing.assert_array_equal(a.grad, [12.0, 12.0])
    np.testing.assert_array_equal(b.grad, [3.0, 3.0, 3.0])


def test_reductions_that_numpy_has_as_functions_are_those():
    x = Tensor([1.0, 2.0])
    names = [f.reduce(x)._node.op.name for f in (np.add, np.multiply, np.maximum, np.minimum)]
    assert names == ["sum", "prod", "max", "min"]


@pytest.mark.parametrize("ufunc", [np.maximum, np.minimum, np.fmax, np.fmin])
def test_running_extremes_pass_over_or_keep_what_is_not_a_number(ufunc):
    x = np.array([[np.nan, 1.0, 3.0, np.nan, 2.0, 3.0], [0.0, np.nan, -1.0, 4.0, 4.0, 1.0]])
    for call in (lambda t: ufunc.accumulate(t, axis=1), lambda t: ufunc.reduce(t, axis=1)):
        np.testing.assert_array_equal(call(Tensor(x)).data, call(x))
    np.testing.assert_array_equal(ufunc.reduce(Tensor(x[:, :1] * np.nan)).data, [np.nan])


def test_at_a_tie_the_latest_gets_the_gradient_of_a_running_maximum():
    x = Tensor([1.0, 3.0, 3.0, 2.0])
    np.maximum.accumulate(x).sum().backward()
    np.testing.assert_array_equal(x.grad, [1.0, 1.0, 2.0, 0.0])


def test_what_has_no_derivative_is_plain_in_all_its_methods():
    x = Tensor([[1.5, 2.5], [0.5, 3.5]])
    for result in (
        np.logical_and.reduce(x),
        np.logical_or.accumulate(x, axis=1),
        np.floor_divide.outer(x, [1.0, 2.0]),
        np.greater.outer(x, x),
        np.floor_divide.reduceat(x, [0, 1]),
    ):
        assert type(result) is np.ndarray
    assert all(f in PLAIN or f in RECORDED for f in UFUNCS), "each records or is plain"


# ------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("ufunc", "values", "instead"),
    [
        (np.add, (1.0,), r"ag\.index_add\(x, index, values\)"),
        (np.subtract, (1.0,), r"ag\.index_add\(x, index, -values\)"),
        (np.multiply, (2.0,), r"ag\.index_update\(x, index, np\.multiply\(x\[index\], values\)\)"),
        (np.exp, (), r"ag\.index_update\(x, index, np\.exp\(x\[index\]\)\)"),
        (np.logical_not, (), r"ag\.index_update"),
    ],
)
def test_at_writes_in_place_and_is_refused(ufunc, values, instead):
    x = Tensor([1.0, 2.0])
    with pytest.raises(ag.NotDifferentiable, match=rf"np\.{ufunc.__name__}\.at.*{instead}"):
        ufunc.at(x, [0], *values)
    np.testing.assert_array_equal(x.data, [1.0, 2.0])


def test_at_into_a_plain_array_is_refused_too():
    array = np.zeros(2)
    with pytest.raises(ag.NotDifferentiable, match="index_add"):
        np.add.at(array, [0], Tensor(1.0))
    np.testing.assert_array_equal(array, 0.0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: np.subtract.reduce(x, axis=None), "order of the elements matters.*one axis"),
        (lambda x: np.subtract.reduce(x[:0]), "no elements.*initial="),
        (lambda x: np.divide.reduce(x, where=np.array([True, False])), "where=.*initial="),
        (lambda x: np.subtract.reduce(x, axis=5), "axis 5 does not exist"),
        (lambda x: np.subtract.accumulate(x[0, 0]), "a scalar has no axis"),
        (lambda x: np.add.reduceat(x, [0, 7]), r"from 0 to 1.*\[0, 7\]"),
        (lambda x: np.hypot.reduce(x * 1j), "hypot.*complex128"),
        (lambda x: np.subtract.reduce(x, out=np.zeros(2)), "out="),
    ],
)
def test_messages(call, words):
    with pytest.raises(ag.AutogradError, match=words):
        call(Tensor([[1.0, 2.0], [3.0, 4.0]]))


@pytest.mark.parametrize("ufunc", [np.exp, np.matmul, np.vecdot])
def test_methods_that_numpy_does_not_define_are_numpys_errors(ufunc):
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    for call in (ufunc.reduce, ufunc.accumulate, lambda x: ufunc.outer(x, x)):
        with pytest.raises((ValueError, TypeError, RuntimeError)):
            call(x)
