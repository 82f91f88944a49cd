"""Expressions everybody writes by hand, at arguments where a part of them overflows."""

import numpy as np
import pytest

import autograd_core as ag


@pytest.mark.parametrize("shape", [(), (3,)])
@pytest.mark.filterwarnings("ignore:overflow")
def test_softplus_by_hand_has_slope_one_where_its_exponential_overflows(shape):
    t = ag.Tensor(np.full(shape, 1000.0))
    np.where(t > 20, t, np.log(1 + np.exp(t))).sum().backward()
    np.testing.assert_array_equal(t.grad, np.ones(shape))


@pytest.mark.parametrize("shape", [(), (3,)])
@pytest.mark.filterwarnings("ignore:overflow")
def test_sigmoid_by_hand_has_slope_zero_where_its_exponential_overflows(shape):
    x = ag.Tensor(np.full(shape, -1000.0))
    (1 / (1 + np.exp(-x))).sum().backward()
    np.testing.assert_array_equal(x.grad, np.zeros(shape))


def test_a_root_in_the_branch_not_taken_has_no_say():
    x = ag.Tensor(np.zeros(3))
    np.where(x > 0, np.sqrt(x), 0).sum().backward()
    np.testing.assert_array_equal(x.grad, np.zeros(3))
