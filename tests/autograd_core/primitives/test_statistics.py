"""var, std (and skipping NaN), average, cov, corrcoef: every argument that NumPy takes."""

import numpy as np
import pytest

from autograd_core import DTypeError, ShapeError, Tensor
from tests.autograd_core.agreement import check_like_numpy, check_value
from tests.autograd_core.checking import check_derivatives, derivative

name = pytest.mark.parametrize
SPREADS = [np.var, np.std, np.nanvar, np.nanstd]
MASK = np.array([[True, False, True, True], [True, True, True, True], [False, True, True, False]])


@name("function", SPREADS)
@name("axis", [None, 1, (-1, 0)])
@name(
    "options",
    [{}, {"ddof": 1, "keepdims": True}, {"correction": 1.5}, {"where": MASK}, {"dtype": "float64"}],
    ids=str,
)
def test_variance_and_deviation(function, axis, options, rng):
    x = rng.uniform(-2, 2, (2, 3, 4))
    check_like_numpy(lambda t: function(t, axis=axis, **options), [x], rng)


@name("function", SPREADS)
def test_a_mean_that_is_known_already(function, rng):
    x = rng.uniform(-2, 2, (3, 4))

    def directly(t):
        return function(t, axis=1, mean=np.mean(t, axis=1, keepdims=True), ddof=1)

    check_like_numpy(directly, [x], rng)
    slope = derivative(directly, x)
    np.testing.assert_allclose(slope, derivative(lambda t: function(t, axis=1, ddof=1), x))
    check_derivatives(lambda t, m: function(t, axis=0, mean=m), [x, rng.uniform(-1, 1, 4)], rng)


@name("function", SPREADS)
def test_complex_numbers(function, rng):
    z = rng.uniform(-2, 2, (3, 4)) + 1j * rng.uniform(-2, 2, (3, 4))
    check_like_numpy(lambda t: function(t, axis=0), [z], rng)
    check_like_numpy(lambda t: function(t, where=MASK, ddof=1), [z], rng)


@name("function", SPREADS)
def test_without_degrees_of_freedom_the_gradient_is_nan_as_the_value(function):
    x = Tensor([1.0, 2.0])
    with np.errstate(all="ignore"), pytest.warns(RuntimeWarning, match="Degrees of freedom"):
        out = function(x, ddof=2)
    assert not np.isfinite(out.data)
    out.backward()
    assert np.all(np.isnan(x.grad))


@name("function", [np.nanvar, np.nanstd])
@name("axis", [None, 0, 1])
def test_nan_is_skipped_and_gets_no_gradient(function, axis, rng):
    x = rng.uniform(-2, 2, (3, 4))
    holes = np.zeros((3, 4), bool)
    holes[0, 1] = holes[2, 3] = holes[2, 0] = True
    broken = np.where(holes, np.nan, x)
    check_value(function(Tensor(broken), axis=axis), function(broken, axis=axis))
    check_derivatives(lambda t: function(np.where(holes, np.nan, t), axis=axis), [x], rng)
    for order in (1, 2):
        slope = derivative(lambda t: function(t, axis=axis), broken, order)
        np.testing.assert_array_equal(slope[holes], 0)


def test_ddof_and_correction_are_one():
    with pytest.raises(ShapeError, match="two names of one argument"):
        np.var(Tensor([1.0, 2.0]), ddof=1, correction=1)


# ------------------------------------------------------------------------------ average


@name("keepdims", [False, True])
@name("returned", [False, True])
@name("axis", [None, 0, -1, (0, 2)])
def test_the_average(axis, returned, keepdims, rng):
    x, w = rng.uniform(-2, 2, (2, 3, 4)), rng.uniform(0.2, 2, (2, 3, 4))
    options = {"axis": axis, "returned": returned, "keepdims": keepdims}
    check_like_numpy(lambda t, u: np.average(t, weights=u, **options), [x, w], rng)
    check_like_numpy(
        lambda t: np.average(t, **options)[0] if returned else np.average(t, **options), [x], rng
    )


@name(("axis", "shape"), [(1, (3,)), ((0, 2), (2, 4)), ((2, 0), (4, 2))])
def test_weights_of_some_axes(axis, shape, rng):
    x, w = rng.uniform(-2, 2, (2, 3, 4)), rng.uniform(0.2, 2, shape)
    check_like_numpy(lambda t, u: np.average(t, axis, u, returned=True), [x, w], rng)
    check_like_numpy(lambda u: np.average(x, axis, u), [w], rng)


def test_averages_of_integers_and_lists(rng):
    w = rng.uniform(0.2, 2, 3)
    check_like_numpy(lambda u: np.average([1, 2, 4], weights=u), [w], rng, order=2)
    out, total = np.average(Tensor(np.arange(6.0).reshape(2, 3)), axis=0, returned=True)
    np.testing.assert_array_equal(out.data, [1.5, 2.5, 3.5])
    np.testing.assert_array_equal(getattr(total, "data", total), [2, 2, 2])


def test_weights_that_do_not_fit():
    x = Tensor(np.ones((2, 3)))
    with pytest.raises(DTypeError, match="need axis="):
        np.average(x, weights=[1.0, 2.0])
    with pytest.raises(ShapeError, match="the weights need the shape"):
        np.average(x, axis=0, weights=[1.0, 2.0, 3.0])
    with pytest.raises(ZeroDivisionError, match="sum to zero"):
        np.average(x, axis=0, weights=[1.0, -1.0])


# ------------------------------------------------------------------------------ covariance

FREQUENCIES = np.array([1, 2, 1, 3, 1])
OPTIONS = [
    {},
    {"rowvar": False},
    {"bias": True},
    {"ddof": 0},
    {"ddof": 2},
    {"fweights": FREQUENCIES},
    {"fweights": FREQUENCIES, "ddof": 0},
    {"aweights": [0.5, 1.0, 1.5, 0.2, 2.0]},
    {"aweights": [0.5, 1.0, 1.5, 0.2, 2.0], "fweights": FREQUENCIES, "bias": True},
    {"aweights": [0.5, 1.0, 1.5, 0.2, 2.0], "fweights": FREQUENCIES},
    {"dtype": "float64"},
]


@name("options", OPTIONS, ids=str)
@name("kind", [float, complex])
def test_the_covariance(options, kind, rng):
    x, y = (rng.uniform(-2, 2, shape) for shape in ((3, 5), (2, 5)))
    if kind is complex:
        if "dtype" in options:
            pytest.skip("a complex covariance in a real dtype")
        x, y = x + 1j * rng.uniform(-2, 2, x.shape), y + 1j * rng.uniform(-2, 2, y.shape)
    if not options.get("rowvar", True):
        x, y = x.T, y.T
    check_like_numpy(lambda t: np.cov(t, **options), [x], rng, units=30)
    check_like_numpy(lambda t, u: np.cov(t, u, **options), [x, y], rng, units=30)


def test_the_covariance_of_one_variable_and_of_one_beside_another(rng):
    x, y = rng.uniform(-2, 2, 5), rng.uniform(-2, 2, 5)
    for rowvar in (True, False):
        check_like_numpy(lambda t, r=rowvar: np.cov(t, rowvar=r), [x], rng, units=30)
        check_like_numpy(lambda t, u, r=rowvar: np.cov(t, u, rowvar=r), [x, y], rng, units=30)
    check_like_numpy(lambda u: np.cov(list(x), u), [y], rng, units=30)


def test_the_weights_of_a_covariance_may_record(rng):
    x, w = rng.uniform(-2, 2, (2, 5)), rng.uniform(0.5, 2, 5)
    for bias in (False, True):
        check_derivatives(lambda t, u, b=bias: np.cov(t, aweights=u, bias=b), [x, w], rng)
    check_derivatives(lambda u: np.cov(x, aweights=u, fweights=FREQUENCIES), [w], rng)


def test_a_covariance_without_degrees_of_freedom_warns():
    x = np.ones((2, 1))
    with pytest.warns(RuntimeWarning, match="Degrees of freedom"), np.errstate(all="ignore"):
        np.testing.assert_array_equal(np.cov(Tensor(x)).data, np.full((2, 2), np.nan))
    assert np.cov(Tensor(np.ones((0, 3)))).shape == (0, 0)


@name(
    ("options", "word"),
    [
        ({"ddof": 0.5}, "integer"),
        ({"fweights": [0.5, 1, 1]}, "repetitions"),
        ({"fweights": [-1, 1, 1]}, "negative"),
        ({"aweights": [1.0, 1.0]}, "each of the 3 observations"),
        ({"aweights": np.ones((3, 1))}, "each of the 3 observations"),
    ],
    ids=str,
)
def test_wrong_arguments_of_a_covariance(options, word):
    with pytest.raises((ValueError, DTypeError), match=word):
        np.cov(Tensor(np.ones((2, 3))), **options)
    with pytest.raises(ShapeError, match="at most two axes"):
        np.cov(Tensor(np.ones((2, 3, 4))))


@name("kind", [float, complex])
@name("rowvar", [True, False])
def test_the_correlation(kind, rowvar, rng):
    x, y = rng.uniform(-2, 2, (4, 5)), rng.uniform(-2, 2, (4, 5))
    if kind is complex:
        x, y = x + 1j * rng.uniform(-2, 2, x.shape), y + 1j * rng.uniform(-2, 2, y.shape)
    check_like_numpy(lambda t: np.corrcoef(t, rowvar=rowvar), [x], rng, units=30)
    check_like_numpy(lambda t, u: np.corrcoef(t, u, rowvar=rowvar), [x, y], rng, units=30)
    check_like_numpy(lambda t: np.corrcoef(t[0].real), [x], rng)


def test_the_correlation_of_a_constant_is_nan_as_numpys():
    x = np.array([1.0, 1.0, 1.0])
    with np.errstate(all="ignore"):
        assert np.isnan(np.corrcoef(Tensor(x)).data)
