"""linspace, logspace, geomspace: NumPy's numbers, and how they move with the ends."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives

ENDS = [(0.5, 2.0), (np.array([0.5, 1.0]), 3.0), (np.array([[0.5], [1.0]]), np.array([2.0, 3.0]))]
OPTIONS = [{}, {"num": 5}, {"num": 4, "endpoint": False}, {"num": 3, "axis": -1}, {"num": 1}]


@pytest.mark.parametrize("function", [np.linspace, np.logspace, np.geomspace])
@pytest.mark.parametrize(("start", "stop"), ENDS)
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_values_and_derivatives(function, start, stop, options, rng):
    def call(*ends):
        return function(*ends, **options)

    arrays = [np.asarray(start)[()], np.asarray(stop)[()]]
    out = call(*map(Tensor, arrays))
    np.testing.assert_array_equal(out.data, call(*arrays))
    check_derivatives(call, arrays, rng)


@pytest.mark.parametrize("dtype", ["float32", "complex128"])
@pytest.mark.parametrize("function", [np.linspace, np.logspace, np.geomspace])
def test_dtypes(function, dtype):
    start, stop = np.dtype(dtype).type(1.0), np.dtype(dtype).type(2.0)
    out, expected = function(Tensor(start), stop, 4), function(start, stop, 4)
    assert out.dtype == expected.dtype
    np.testing.assert_allclose(out.data, expected, rtol=1e-6)
    assert function(Tensor(1.0), 2.0, 4, dtype="f4").dtype == np.float32


@pytest.mark.parametrize("function", [np.linspace, np.logspace])
def test_whole_numbers_are_plain(function):
    out = function(Tensor(0.5), 3.0, 6, dtype=int)
    assert isinstance(out, np.ndarray)
    np.testing.assert_array_equal(out, function(0.5, 3.0, 6, dtype=int))


@pytest.mark.parametrize("endpoint", [True, False])
@pytest.mark.parametrize("num", [0, 1, 2, 5])
def test_the_step_records_too(num, endpoint):
    start = Tensor(0.5)
    samples, step = np.linspace(start, 3.0, num, endpoint, retstep=True)
    expected, right = np.linspace(0.5, 3.0, num, endpoint, retstep=True)
    np.testing.assert_array_equal(samples.data, expected)
    np.testing.assert_array_equal(ag.Tensor(0.0).data + getattr(step, "data", step), right)
    if num > 1:
        step.backward()
        assert start.grad == -1 / (num - endpoint)


def test_the_base_of_logspace_records(rng):
    def call(low, base):
        return np.logspace(low, 2.0, 3, base=base)

    arrays = [rng.uniform(0, 1, (3, 1)), rng.uniform(1, 2, 2)]
    np.testing.assert_array_equal(call(*map(Tensor, arrays)).data, call(*arrays))
    check_derivatives(call, arrays, rng)


@pytest.mark.parametrize("bins", [4, "auto", [0.0, 1.0, 5.0]])
@pytest.mark.parametrize("limits", [None, (0.0, 3.0)])
def test_edges_of_a_histogram(bins, limits, rng):
    x = rng.permutation(np.arange(12.0)) + 0.3
    out = np.histogram_bin_edges(Tensor(x), bins, limits)
    recorded = limits is None and not isinstance(bins, list)
    assert isinstance(out, Tensor) is recorded
    expected = np.histogram_bin_edges(x, bins, limits)
    np.testing.assert_array_equal(out.data if recorded else out, expected)
    if recorded:
        check_derivatives(lambda a: np.histogram_bin_edges(a, bins), [x], rng)


def test_edges_around_a_single_value():
    x = Tensor([2.0, 2.0])
    out = np.histogram_bin_edges(x, 2)
    np.testing.assert_array_equal(out.data, np.histogram_bin_edges(x.data, 2))
    out.sum().backward()
    np.testing.assert_array_equal(x.grad, [1.5, 1.5])


def test_wrong_calls_are_explained():
    with pytest.raises(ag.ShapeError, match=r"linspace.*-1"):
        np.linspace(Tensor(0.0), 1.0, -1)
    with pytest.raises(ag.DTypeError, match="linspace"):
        np.linspace(Tensor(0.0), 1.0, 2.5)
