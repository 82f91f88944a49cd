"""The strong Wolfe conditions hold where the search ends, wherever it begins."""

import math

import numpy as np
import pytest

from nn.optim.line_search import CURVATURE, SUFFICIENT, Point, cubic_minimum, strong_wolfe

# value and slope along the direction, each with a negative slope at 0
FUNCTIONS = {
    "parabola": (lambda t: (t - 3.0) ** 2, lambda t: 2.0 * (t - 3.0)),
    "far away": (lambda t: (t - 1e4) ** 2, lambda t: 2.0 * (t - 1e4)),
    "quartic": (lambda t: (t - 1.0) ** 4 + t / 10, lambda t: 4.0 * (t - 1.0) ** 3 + 0.1),
    "waves": (
        lambda t: math.cos(3.0 * t) - t + t * t / 20,
        lambda t: -3.0 * math.sin(3.0 * t) - 1.0 + t / 10,
    ),
    "a cliff": (lambda t: math.exp(min(t, 700.0)) - 3.0 * t, lambda t: math.exp(min(t, 700.0)) - 3),
    # the first test function of Moré & Thuente, ACM TOMS 20, 1994, with beta = 2
    "Moré and Thuente": (
        lambda t: -t / (t * t + 2.0),
        lambda t: (t * t - 2.0) / (t * t + 2.0) ** 2,
    ),
}


def along(name, calls=None):
    value, slope = FUNCTIONS[name]

    def evaluate(t):
        if calls is not None:
            calls.append(t)
        return Point(t, value(t), np.array([slope(t)]), slope(t))

    return evaluate


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("length", [1e-3, 0.1, 1.0, 10.0, 300.0])
def test_both_conditions_hold_at_the_end(name, length):
    calls = []
    evaluate = along(name, calls)
    start = evaluate(0.0)
    point, evaluations = strong_wolfe(evaluate, start, length)
    assert point.value <= start.value + SUFFICIENT * point.length * start.slope
    assert abs(point.slope) <= -CURVATURE * start.slope
    assert point.length > 0.0
    assert evaluations == len(calls) - 1


def test_a_downhill_without_end_stops_at_the_best_point():
    calls = []

    def evaluate(t):
        calls.append(t)
        return Point(t, -t, np.array([-1.0]), -1.0)

    point, _ = strong_wolfe(evaluate, evaluate(0.0), 1.0)
    assert point.length == max(calls)
    assert len(calls) < 40


def test_a_function_that_breaks_off_is_searched_on_its_good_side():
    def evaluate(t):
        value = (t - 1.0) ** 2 if t < 2.0 else math.nan
        return Point(t, value, np.array([0.0]), 2.0 * (t - 1.0) if t < 2.0 else math.nan)

    point, _ = strong_wolfe(evaluate, evaluate(0.0), 5.0)
    assert 0.0 < point.length < 2.0


def test_a_narrow_bracket_is_not_divided_further():
    calls = []
    evaluate = along("parabola", calls)
    strong_wolfe(evaluate, evaluate(0.0), 100.0, tolerance=1e3)
    assert len(calls) == 2


def test_a_kink_ends_the_search_without_the_second_condition():
    def evaluate(t):
        slope = -1.0 if t < 1.0 else 2.0
        return Point(t, max(-t, 2.0 * t - 3.0), np.array([slope]), slope)

    point, evaluations = strong_wolfe(evaluate, evaluate(0.0), 3.0)
    assert point.length == pytest.approx(1.0, abs=0.05)
    assert evaluations <= 30


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # the cubic t**3 - 3 t is smallest at 1
        (Point(0.0, 0.0, np.array([]), -3.0), Point(2.0, 2.0, np.array([]), 9.0), 1.0),
        (Point(2.0, 2.0, np.array([]), 9.0), Point(0.0, 0.0, np.array([]), -3.0), 1.0),
        # a straight line has no minimum, nor has one point: the middle
        (Point(0.0, 0.0, np.array([]), -1.0), Point(2.0, -2.0, np.array([]), -1.0), 1.5),
        (Point(1.0, 0.0, np.array([]), -1.0), Point(1.0, 0.0, np.array([]), -1.0), 1.5),
        # no turning point at all, and values that are not numbers
        (Point(0.0, 0.0, np.array([]), 1.0), Point(1.0, 1.0, np.array([]), 1.5), 1.5),
        (Point(0.0, 0.0, np.array([]), -1.0), Point(2.0, math.nan, np.array([]), 1.0), 1.5),
    ],
)
def test_the_minimum_of_a_cubic(one, other, expected):
    bounds = (0.0, 3.0) if expected == 1.0 else (1.0, 2.0)
    assert cubic_minimum(one, other, bounds) == pytest.approx(expected, rel=1e-12)
