"""diff, ediff1d, gradient, trapezoid: every argument that NumPy takes."""

import numpy as np
import pytest

from autograd_core import DTypeError, ShapeError, Tensor
from tests.autograd_core.agreement import check_like_numpy
from tests.autograd_core.checking import check_derivatives

name = pytest.mark.parametrize
UNEVEN = np.array([0.0, 0.7, 1.1, 2.0, 2.4])


@name("n", [0, 1, 2, 3, 5])
@name("axis", [0, 1, -1])
@name("ends", [{}, {"prepend": 0.5}, {"append": np.ones((4, 4))}, {"prepend": 1, "append": 2.0}])
def test_differences(n, axis, ends, rng):
    check_like_numpy(lambda t: np.diff(t, n, axis, **ends), [rng.uniform(-2, 2, (4, 4))], rng)


def test_the_ends_of_differences_may_record(rng):
    x, start, end = rng.uniform(-2, 2, (3, 4)), rng.uniform(-2, 2, (3, 1)), rng.uniform(-2, 2)
    check_derivatives(
        lambda t, a, b: np.diff(t, 2, prepend=a, append=b), [x, start, np.float64(end)], rng
    )


@name(
    "ends", [{}, {"to_end": [1.0, 2.0]}, {"to_begin": -3.0}, {"to_end": 1.0, "to_begin": [[2.0]]}]
)
def test_flat_differences(ends, rng):
    check_like_numpy(lambda t: np.ediff1d(t, **ends), [rng.uniform(-2, 2, (2, 3))], rng)
    check_like_numpy(lambda t: np.ediff1d(t, **ends), [rng.uniform(-2, 2, 1)], rng)


@name("edge_order", [1, 2])
@name(
    ("spacings", "axis"),
    [
        ((), None),
        ((0.5,), None),
        ((0.5, 2), None),
        ((UNEVEN, 2.0), None),
        ((UNEVEN, np.arange(4)), None),
        ((), 0),
        ((UNEVEN,), 0),
        ((0.3,), -1),
        ((0.3, UNEVEN), (1, 0)),
    ],
    ids=str,
)
def test_gradients(edge_order, spacings, axis, rng):
    x = rng.uniform(-2, 2, (5, 4))
    check_like_numpy(
        lambda t: np.gradient(t, *spacings, axis=axis, edge_order=edge_order), [x], rng, units=30
    )


@name("edge_order", [1, 2])
def test_spacings_and_coordinates_may_record(edge_order, rng):
    x = rng.uniform(-2, 2, 5)
    for spacing in (np.float64(0.7), UNEVEN, np.arange(5.0)):
        check_derivatives(lambda t, h: np.gradient(t, h, edge_order=edge_order), [x, spacing], rng)


def test_gradients_of_complex_numbers_and_of_few(rng):
    z = rng.uniform(-2, 2, 5) + 1j * rng.uniform(-2, 2, 5)
    check_like_numpy(lambda t: np.gradient(t, UNEVEN), [z], rng, units=30)
    check_like_numpy(np.gradient, [rng.uniform(-2, 2, 2)], rng)


@name("axis", [0, -1])
@name("options", [{}, {"dx": 0.3}, {"x": UNEVEN}, {"x": np.stack([UNEVEN] * 5) ** 2}], ids=str)
def test_integrals(axis, options, rng):
    x = rng.uniform(-2, 2, (5, 5))
    check_like_numpy(lambda t: np.trapezoid(t, axis=axis, **options), [x], rng)


def test_where_it_is_sampled_may_record(rng):
    y, x = rng.uniform(-2, 2, (3, 5)), UNEVEN.copy()
    check_like_numpy(np.trapezoid, [y, x], rng)
    check_derivatives(lambda t, h: np.trapezoid(t, dx=h), [y, np.float64(0.4)], rng)
    check_like_numpy(lambda t: np.trapezoid([1, 2, 4, 3, 1], t), [x], rng)


def test_wrong_calls():
    x = Tensor(np.ones((3, 2)))
    with pytest.raises(ShapeError, match="cannot be negative"):
        np.diff(x, -1)
    with pytest.raises(ShapeError, match="at least one axis"):
        np.diff(Tensor(1.0))
    with pytest.raises(DTypeError, match="to_end would lose"):
        np.ediff1d(Tensor([1.0, 2.0]), to_end=1j)
    with pytest.raises(DTypeError, match="3 spacings were given for 2 axes"):
        np.gradient(x, 1.0, 1.0, 1.0)
    with pytest.raises(ShapeError, match="must be 3 numbers"):
        np.gradient(x, [1.0, 2.0], 1.0)
    with pytest.raises(ShapeError, match="needs at least 3"):
        np.gradient(x, edge_order=2)
    with pytest.raises(ValueError, match="edge_order is 1 or 2"):
        np.gradient(x, edge_order=3)
