"""The branch not taken: where the cotangent is exactly 0, an infinite slope gives 0, not NaN."""

import numpy as np
import pytest

from tests.autograd_core.checking import derivative

ORDERS = [1, 2, 3]

# Each is singular, or not defined, at 0 and below. 0.5 is where the derivative is wanted.
SINGULAR = {
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": lambda t: np.log1p(t - 1),
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "reciprocal": np.reciprocal,
    "1 / t": lambda t: 1 / t,
    "t / t": lambda t: t / t,
    "t ** 0.5": lambda t: t**0.5,
    "t ** -1": lambda t: t**-1.0,
    "t ** array": lambda t: t ** np.full(np.shape(t), 0.5),
    "t ** t": lambda t: t**t,
    "float_power": lambda t: np.float_power(t, 0.5),
    "arcsin": lambda t: np.arcsin(1 - t),
    "arccos": lambda t: np.arccos(1 - t),
    "arccosh": lambda t: np.arccosh(1 + t),
    "arctanh": lambda t: np.arctanh(1 - t),
    "arctan2": lambda t: np.arctan2(t, t * t),
}
OUTER = {"alone": lambda z: z, "squared": lambda z: z * z, "exp": lambda z: np.exp(z + 0.3)}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("outer", OUTER.values(), ids=OUTER)
@pytest.mark.parametrize("function", SINGULAR.values(), ids=SINGULAR)
@pytest.mark.parametrize("x", [[0.0, 0.0, 0.5], [-1.0, -3.0, 0.5], [0.0, -1.0, 0.5]], ids=str)
def test_the_branch_not_taken_adds_exactly_nothing(function, outer, order, x):
    guarded = derivative(lambda t: outer(np.where(t > 0, function(t), 0)), np.array(x), order)
    alone = derivative(lambda t: outer(function(t)), np.array([0.5]), order)
    np.testing.assert_array_equal(guarded[:2], 0)
    np.testing.assert_allclose(guarded[2], alone[0], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("function", SINGULAR.values(), ids=SINGULAR)
@pytest.mark.parametrize("x", [0.0, -1.0, np.float32(0.0)])
def test_of_scalars_too(function, order, x):
    assert derivative(lambda t: np.where(t > 0, function(t), 0), x, order) == 0


@pytest.mark.parametrize("order", ORDERS)
def test_a_constant_denominator_may_be_zero_where_it_is_not_wanted(order):
    below = np.array([0.0, 2.0])
    found = derivative(lambda t: np.where(below != 0, t**3 / below, 0), np.array([5.0, 3.0]), order)
    np.testing.assert_allclose(found, [0.0, {1: 13.5, 2: 9.0, 3: 3.0}[order]])


def test_a_cotangent_of_zero_still_carries_the_second_derivative():
    assert derivative(lambda t: np.log(t) ** 2, 1.0, order=1) == 0
    assert derivative(lambda t: np.log(t) ** 2, 1.0, order=2) == pytest.approx(2)


@pytest.mark.parametrize(("function", "slope"), [(np.sqrt, np.inf), (np.log, np.inf)])
def test_where_the_slope_is_wanted_infinity_is_the_answer(function, slope):
    assert derivative(function, np.array([0.0]))[0] == slope


OVERFLOWING = {
    "exp": np.exp,
    "expm1": np.expm1,
    "exp2": np.exp2,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "softplus by hand": lambda t: np.log(1 + np.exp(t)),
}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("function", OVERFLOWING.values(), ids=OVERFLOWING)
def test_an_overflow_in_the_branch_not_taken_adds_nothing(function, order):
    x = np.array([2000.0, 0.5])
    found = derivative(lambda t: np.where(t > 20, t**2, function(t)), x, order)
    assert found[0] == {1: 4000.0, 2: 2.0, 3: 0.0}[order]
    np.testing.assert_allclose(found[1], derivative(function, x[1], order), rtol=1e-13)
