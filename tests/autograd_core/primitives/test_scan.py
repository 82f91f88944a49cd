"""Running sums and products: every argument, and zeros where the product's rule would divide."""

import numpy as np
import pytest

from autograd_core import NotDifferentiable, ShapeError, Tensor
from tests.autograd_core.agreement import check_like_numpy, check_value
from tests.autograd_core.checking import check_derivatives, derivative

name = pytest.mark.parametrize
SCANS = [np.cumsum, np.cumprod, np.nancumsum, np.nancumprod]
CUMULATIVE = [np.cumulative_sum, np.cumulative_prod]


@name("function", SCANS)
@name("axis", [None, 0, 1, -1])
@name("dtype", [None, "float64"])
def test_scans(function, axis, dtype, rng):
    check_like_numpy(lambda t: function(t, axis, dtype), [rng.uniform(0.3, 2, (2, 3, 2))], rng)


@name("function", CUMULATIVE)
@name("axis", [0, -2])
@name("include_initial", [False, True])
def test_scans_of_the_array_api(function, axis, include_initial, rng):
    options = {"axis": axis, "include_initial": include_initial}
    check_like_numpy(lambda t: function(t, **options), [rng.uniform(0.3, 2, (2, 3))], rng)
    check_like_numpy(
        lambda t: function(t, include_initial=include_initial), [rng.uniform(0.3, 2, 4)], rng
    )


@name("function", [*SCANS, *CUMULATIVE])
def test_complex_numbers_and_degenerate_shapes(function, rng):
    z = rng.uniform(0.3, 2, (2, 3)) + 1j * rng.uniform(-1, 1, (2, 3))
    check_like_numpy(lambda t: function(t, axis=1), [z], rng)
    check_like_numpy(lambda t: function(t, axis=0), [np.zeros((0, 3))], rng)
    check_like_numpy(function, [rng.uniform(0.3, 2, ())[()]], rng)


@name("x", [[0.0, 2.0, 3.0], [2.0, 0.0, 3.0, 0.0, 4.0], [0.0, 0.0], [-0.0, 1.5]], ids=str)
def test_a_running_product_has_derivatives_where_elements_are_zero(x, rng):
    check_derivatives(np.cumprod, [np.array(x)], rng, order=3)
    rows = np.stack([np.array(x), np.ones(len(x))], axis=1)
    check_derivatives(lambda t: np.cumprod(t, axis=0), [rows], rng)


@name("function", [np.nancumsum, np.nancumprod])
def test_nan_is_skipped_and_gets_no_gradient(function):
    x = np.array([1.5, np.nan, 2.0, np.nan, -0.5])
    check_value(function(Tensor(x)), function(x))
    for order in (1, 2):
        np.testing.assert_array_equal(derivative(function, x, order)[[1, 3]], 0)


def test_wrong_calls():
    x = Tensor(np.ones((2, 3)))
    with pytest.raises(ShapeError, match="cumulative_sum: along which axis"):
        np.cumulative_sum(x)
    with pytest.raises(ShapeError, match="axis 2 does not exist"):
        np.cumsum(x, axis=2)
    with pytest.raises(NotDifferentiable, match="out="):
        np.cumsum(x, 0, None, np.zeros((2, 3)))
    assert not np.cumsum(x, dtype=int).requires_grad


@name("method", ["cumsum", "cumprod"])
def test_the_methods(method, rng):
    check_like_numpy(lambda t: getattr(t, method)(1), [rng.uniform(0.3, 2, (2, 3))], rng)
