"""Axes: round numbers, few of them, and none that a strange value breaks."""

import math

import pytest

from nn.visualize.axes import axis_of, linear_axis


def labels(axis):
    return [label for _, label in axis.ticks]


def test_round_numbers():
    assert labels(linear_axis(0, 100)) == ["0", "20", "40", "60", "80", "100"]
    assert labels(linear_axis(-0.02, 0.03)) == ["-0.02", "-0.01", "0", "0.01", "0.02", "0.03"]
    assert labels(axis_of([1e-3, 1e3])) == ["0.001", "0.1", "10", "1000"]
    assert labels(axis_of([0.03, 1.9])) == ["0.1", "1"]
    assert labels(axis_of([0.03, 0.9, 0.01])) == ["0.01", "0.1"]


def test_a_wide_range_is_logarithmic_and_a_negative_value_never():
    assert axis_of([0.01, 1.0]).logarithmic
    assert not axis_of([0.1, 1.0]).logarithmic
    assert not axis_of([-0.01, 1000.0]).logarithmic
    assert axis_of([0.0, 1e-12, 1.0]).low == 1e-8


@pytest.mark.parametrize(
    "values",
    [
        [],
        [None, math.nan, math.inf],
        [0.0],
        [5.0, 5.0],
        [-1e308, 1e308],
        [5e-324, 1e308],
        [1e10, 1e10 + 1],
        [-3.0],
    ],
)
@pytest.mark.parametrize("zero", [False, True])
def test_every_range_gives_an_axis(values, zero):
    axis = axis_of(values, zero=zero)
    assert axis.low < axis.high
    assert 0 < len(axis.ticks) <= 12
    for value, _ in axis.ticks:
        assert -1e-9 <= axis.place(value) <= 1 + 1e-9
