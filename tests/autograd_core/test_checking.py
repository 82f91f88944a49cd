"""The checker itself: it passes what is right and fails planted wrong rules, at each order."""

import numpy as np
import pytest

from autograd_core import Tensor
from autograd_core.primitive import REGISTRY, primitive
from tests.autograd_core.checking import (
    STEP,
    check_complex_step,
    check_derivatives,
    check_form,
    plain,
    pull,
    slopes,
)
from tests.autograd_core.samples import LAYOUTS, case_of, cases, lay_out


def plant(compute, **rules):
    """A primitive that is not in the registry, so that no sweep finds it."""

    def planted(*operands):  # so that NumPy's own function keeps its own entry
        return compute(*operands)

    call = primitive(planted, **rules)
    del REGISTRY["planted"]
    return call


SEEDS = range(5)  # a wrong rule must be caught whatever the draw

X = np.array([[0.4, -1.2, 0.9], [1.7, 0.6, -0.3], [0.8, -0.5, 1.1]])
Y = np.array([[1.1, 0.2, -0.7], [0.5, -0.9, 0.3], [-1.3, 0.6, 0.8]])

almost_cos = plant(np.cos, x=lambda g, x: -1.001 * g * np.sin(x))
upside_down_cos = plant(np.cos, x=lambda g, x: g * np.sin(x))
careless_transpose = plant(np.transpose, x=lambda g: g)

WRONG_AT_FIRST_ORDER = {
    "off by 0.1 %": (plant(np.sin, x=lambda g, x: 1.001 * g * np.cos(x)), [X]),
    "wrong sign": (upside_down_cos, [X]),
    "not transposed": (careless_transpose, [X]),
    "a factor not transposed": (
        plant(np.matmul, x=lambda g, y: g @ y, y=lambda g, x: x.T @ g),
        [X, Y],
    ),
    "no sum over broadcast axes": (
        plant(lambda x, y: x * y, x=lambda g, y: g * y, y=lambda g, x: (g * x)[0]),
        [X, Y[0]],
    ),
    "not spread over the reduced axis": (
        plant(lambda x: x.sum(axis=0), x=lambda g: g * np.array([[1.0], [0.0], [0.0]])),
        [X],
    ),
    "operands exchanged": (plant(np.divide, x=lambda g, y: g / y, y=lambda g, x: g / x), [X, Y]),
    "nothing at all": (plant(np.exp, x=lambda g: g * 0.0), [X]),
    "NaN": (plant(np.exp, x=lambda g, out: g * out * np.nan), [X]),
}

WRONG_AT_SECOND_ORDER = {
    "off by 0.1 %": (plant(np.sin, x=lambda g, x: g * almost_cos(x)), [X]),
    "wrong sign": (plant(np.sin, x=lambda g, x: g * upside_down_cos(x)), [X]),
    "operand detached": (plant(np.sin, x=lambda g, x: g * np.cos(plain(x))), [X]),
    "gradient detached": (plant(np.sin, x=lambda g, x: plain(g) * np.cos(x)), [X]),
    "not transposed": (
        plant(np.matmul, x=lambda g, y: g @ careless_transpose(y), y=lambda g, x: x.T @ g),
        [X, Y],
    ),
}

RIGHT = {
    "sin": (plant(np.sin, x=lambda g, x: g * np.cos(x)), [X]),
    "multiply": (plant(np.multiply, x=lambda g, y: g * y, y=lambda g, x: g * x), [X, Y[0]]),
    "matmul": (plant(np.matmul, x=lambda g, y: g @ y.T, y=lambda g, x: x.T @ g), [X, Y]),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("function", "operands"), RIGHT.values(), ids=RIGHT)
def test_right_rules_pass_up_to_third_order(function, operands, seed):
    check_derivatives(function, operands, np.random.default_rng(seed), order=3)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("function", "operands"), WRONG_AT_FIRST_ORDER.values(), ids=WRONG_AT_FIRST_ORDER
)
def test_a_wrong_rule_fails_at_first_order(function, operands, seed):
    with pytest.raises(AssertionError, match="order 1"):
        check_derivatives(function, operands, np.random.default_rng(seed), order=1)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("function", "operands"), WRONG_AT_SECOND_ORDER.values(), ids=WRONG_AT_SECOND_ORDER
)
def test_a_rule_wrong_at_second_order_fails_there_and_only_there(function, operands, seed):
    check_derivatives(function, operands, np.random.default_rng(seed), order=1)
    with pytest.raises(AssertionError, match="order 2"):
        check_derivatives(function, operands, np.random.default_rng(seed), order=2)


def test_a_cotangent_of_ones_would_pass_the_forgotten_transposition():
    function, operands = WRONG_AT_FIRST_ORDER["not transposed"]
    ones = np.ones_like(X)
    (gradient,) = pull(function, [Tensor(X)], [ones])
    (change,) = slopes(np.transpose, operands, [Y])
    assert np.sum(gradient * Y) == pytest.approx(np.sum(ones * change))


def test_a_gradient_of_the_wrong_shape_or_dtype_fails():
    check_form([X + 1], [X])
    for wrong in (X[:2], X.astype(np.float32), X[None]):
        with pytest.raises(AssertionError, match="its operand"):
            check_form([wrong], [X])


@pytest.mark.parametrize("factor", [1, 1 + 1e-6])
def test_the_complex_step_sees_one_in_a_million(factor):
    function = plant(np.sin, x=lambda g, x: factor * g * np.cos(x))
    rng = np.random.default_rng(0)
    if factor == 1:
        check_complex_step(function, [X], rng, reference=np.sin)
    else:
        with pytest.raises(AssertionError, match="is not"):
            check_complex_step(function, [X], rng, reference=np.sin)


# ------------------------------------------------------------------------------ the sampler


def test_distinct_values_are_apart_from_each_other_and_from_the_bounds():
    (case,) = [c for c in cases(REGISTRY["clip"]) if c.number == 0]
    for seed in SEEDS:
        (x,) = case.draw(np.random.default_rng(seed))
        values = np.sort([*x.ravel(), -0.73, 0.81])
        assert np.diff(values).min() > 10 * STEP


@pytest.mark.parametrize(
    ("name", "operand", "low", "high"),
    [("log", 0, 0.2, 3.0), ("power", 0, 0.2, 3.0), ("remainder", 1, 1.2, 1.5)],
)
def test_operands_come_from_their_domain(name, operand, low, high):
    for case in cases(REGISTRY[name]):
        drawn = case.draw(np.random.default_rng(0))[operand]
        assert np.all((drawn >= low) & (drawn <= high))


def test_nonzero_operands_have_both_signs_and_keep_away_from_zero():
    case = case_of(REGISTRY["divide"], [(3,), (100,)])
    _, y = case.draw(np.random.default_rng(0))
    assert np.abs(y).min() >= 0.3
    assert 20 < np.sum(y < 0) < 80


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_hold_the_same_numbers(layout):
    array = np.arange(24.0).reshape(2, 3, 4)
    placed = lay_out(array, layout)
    np.testing.assert_array_equal(placed, array)
    assert placed.flags.c_contiguous == (layout == "C")


def test_a_tuple_is_drawn_only_in_the_place_of_an_operand():
    (case, *_) = cases(REGISTRY["index_update"])
    assert [(slot.name, slot.shape) for slot in case.slots] == [("x", (3, 4)), ("value", (3,))]
    assert case.template[1] == (slice(None), 1)
