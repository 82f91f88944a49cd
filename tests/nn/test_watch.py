"""Looking on while a model computes, and finding where NaN begins."""

import numpy as np
import pytest

import nn
from nn.watch import all_finite, first_non_finite

X = np.ones((2, 2), np.float32)


def test_watch_reports_children_before_parents_and_then_leaves_no_trace():
    model = nn.MLP(2, [3], 1)
    seen = []
    with nn.watch(model, lambda *report: seen.append(report)):
        output = model(X)
        model(X)
    assert [name for name, *_ in seen] == ["0", "1", "2", ""] * 2
    _name, module, inputs, result = seen[3]
    assert module is model
    assert inputs[0] is X
    assert result is output
    assert all("forward" not in vars(module) for module in model.modules())


def test_watch_leaves_no_trace_after_an_error_and_keeps_an_instances_own_forward():
    model = nn.Sequential(nn.Tanh(), nn.Linear(2, 2))
    mine = model[0].forward = lambda x: x + 1
    with pytest.raises(ZeroDivisionError), nn.watch(model, lambda *_: 1 / 0):
        model(X)
    assert model[0].forward is mine
    assert "forward" not in vars(model[1])


def test_the_first_layer_with_a_value_that_is_not_finite_is_named():
    model = nn.Sequential(nn.Linear(2, 2), nn.MLP(2, [2], 1))
    assert first_non_finite(model, X) is None
    model[1][0].weight.data += np.float32(np.inf)
    source = first_non_finite(model, X)
    assert source.name == "1.0"
    assert source.module is model[1][0]
    assert str(source) == "layer '1.0' (Linear), whose weight is no longer finite"


def test_values_that_overflow_in_finite_weights_are_told_apart():
    model = nn.Linear(2, 2)
    model.weight.data[:] = 3e38
    assert str(first_non_finite(model, X)) == (
        "the model itself (Linear), whose parameters are finite: the values grew too large in it"
    )


def test_all_finite_looks_into_tuples_and_leaves_integers_alone():
    assert all_finite((np.arange(3), [nn.Parameter([1.0])]))
    assert not all_finite((np.arange(3), [np.array([np.inf])]))
