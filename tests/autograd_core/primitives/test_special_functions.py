"""Special functions: SciPy's values, with and without SciPy; SciPy's ufuncs called on Tensors."""

import sys

import numpy as np
import pytest
from scipy import special

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.errors import MissingExtraError
from autograd_core.primitives import error_function, scipy_bridge
from tests.autograd_core.checking import as_list, check_derivatives, derivative
from tests.autograd_core.samples import cases

REALS = np.concatenate([np.linspace(-30, 30, 241), [-0.0, 1e-300, 1e-9, -1e-9]])
UNIT = np.concatenate([np.linspace(0, 1, 101), [1e-300, 1e-9, 1 - 1e-12, 0.5 + 1e-9, 0.3, 0.65]])
POSITIVE = np.concatenate([np.linspace(0.05, 30, 120), [1e-300, 1e-9, 1e9]])
EVERY = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0])

ONE = [
    (ag.erf, special.erf, REALS),
    (ag.erfc, special.erfc, REALS),
    (ag.erfinv, special.erfinv, UNIT),
    (ag.ndtr, special.ndtr, REALS),
    (ag.gammaln, special.gammaln, POSITIVE),
    (ag.digamma, special.digamma, POSITIVE),
    (ag.i0, special.i0, REALS),
    (ag.i1, special.i1, REALS),
    (ag.entr, special.entr, np.concatenate([POSITIVE, [-1.0]])),
    (ag.logit, special.logit, UNIT),
    (ag.sigmoid, special.expit, REALS),
    (ag.log_sigmoid, special.log_expit, REALS),
]
TWO = [
    (ag.xlogy, special.xlogy),
    (ag.xlog1py, special.xlog1py),
    (ag.betaln, special.betaln),
]
ids = {"ids": lambda part: getattr(part, "__name__", "")}


def agree(found, expected, dtype, ulps=4):
    """Equal but for some units in the last place; of logarithms near 1, of the operands' ones."""
    assert found.dtype == expected.dtype == dtype
    eps = np.finfo(dtype).eps
    np.testing.assert_allclose(found, expected, rtol=ulps * eps, atol=eps / 4)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("ours", "theirs", "x"), ONE, **ids)
def test_values_of_one_operand_are_scipys(ours, theirs, x, dtype):
    for numbers in (x, EVERY):
        numbers = numbers.astype(dtype)
        if ours is ag.i0 or ours is ag.i1:
            numbers = numbers[~np.isinf(numbers)]
        with np.errstate(all="ignore"):
            expected = theirs(numbers)
            agree(ours(Tensor(numbers)).data, expected, dtype)
        with np.errstate(all="ignore"):
            agree(ours(numbers), expected, dtype)
    number = numbers.dtype.type(0.5)
    agree(ours(Tensor(number)).data, theirs(number), dtype)
    assert isinstance(ours(Tensor(number)).data, np.generic)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("ours", "theirs"), TWO, **ids)
def test_values_of_two_operands_are_scipys(ours, theirs, dtype):
    x, y = POSITIVE[:, None].astype(dtype), POSITIVE.astype(dtype)
    expected = theirs(x, y)
    agree(ours(Tensor(x), Tensor(y)).data, expected, dtype, 8)
    agree(ours(Tensor(x), y).data, expected, dtype, 8)
    if ours is not ag.betaln:
        a, b = EVERY[:, None].astype(dtype), EVERY.astype(dtype)
        agree(ours(Tensor(a), Tensor(b)).data, theirs(a, b), dtype)


@pytest.mark.parametrize("n", [0, 1, 2, 5, np.array([[0], [1], [4]])])
def test_values_of_polygamma_are_scipys(n):
    x = POSITIVE[:-3]
    agree(ag.polygamma(n, Tensor(x)).data, special.polygamma(n, x), "float64")
    assert ag.polygamma(n, Tensor(x.astype("float32"))).dtype == "float32"


@pytest.mark.parametrize("function", [ag.erf, ag.erfc, ag.gammaln, ag.digamma, ag.i1, ag.entr])
def test_integers_become_floats(function):
    out = function(Tensor([1, 2]))
    np.testing.assert_array_equal(out.data, function(np.array([1.0, 2.0])))
    assert not out.requires_grad


def test_the_slopes_where_formulas_divide_by_zero():
    np.testing.assert_array_equal(derivative(ag.i1, np.array([0.0])), 0.5)
    np.testing.assert_array_equal(derivative(ag.i1, np.array([0.0]), 2), 0.0)
    np.testing.assert_array_equal(derivative(ag.logit, np.array([0.0, 1.0])), np.inf)
    np.testing.assert_array_equal(derivative(ag.entr, np.array([0.0])), np.inf)


@pytest.mark.parametrize("function", [ag.xlogy, ag.xlog1py])
def test_products_with_a_logarithm_where_a_factor_is_zero(function):
    nowhere = -1.0 if function is ag.xlog1py else 0.0
    x, y = Tensor([0.0, 0.0, 0.0]), Tensor([nowhere, nowhere - 2, nowhere + np.e])
    z = function(x, y)
    np.testing.assert_array_equal(z.data, 0)
    z.sum().backward()
    np.testing.assert_allclose(x.grad, [0, 0, 1], rtol=1e-15)
    np.testing.assert_array_equal(y.grad, 0)


def test_entropy_of_a_distribution_with_an_impossible_outcome_has_finite_gradients_behind_where():
    p = Tensor([0.0, 0.25, 0.75])
    np.where(p.data > 0, ag.entr(p), 0).sum().backward()
    np.testing.assert_allclose(p.grad, [0, -np.log(0.25) - 1, -np.log(0.75) - 1])


@pytest.mark.parametrize("function", [ag.erf, ag.erfc])
def test_the_error_functions_in_the_complex_plane(function, rng):
    z = rng.normal(size=4) + 1j * rng.normal(size=4)
    np.testing.assert_array_equal(function(Tensor(z)).data, getattr(special, function.__name__)(z))
    check_derivatives(function, [z], rng)


# ------------------------------------------------------------------------------ without SciPy


@pytest.fixture
def _no_scipy(monkeypatch):
    """SciPy cannot be imported, and nobody remembers that it could."""
    monkeypatch.setitem(sys.modules, "scipy.special", None)
    monkeypatch.setitem(sys.modules, "scipy", None)
    scipy_bridge.from_scipy.cache_clear()
    yield
    scipy_bridge.from_scipy.cache_clear()


@pytest.mark.usefixtures("_no_scipy")
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", ["erf", "erfc", "ndtr"])
def test_without_scipy_the_error_functions_have_the_same_values(name, dtype):
    x = np.append(REALS, EVERY).astype(dtype)
    # erfc and ndtr far out: exp(-x**2) magnifies the last place of x by x**2, in SciPy as here.
    ulps = 4 if name == "erf" else 4 + 2 * np.abs(np.nan_to_num(x, posinf=0, neginf=0)) ** 2
    found, expected = getattr(ag, name)(Tensor(x)).data, getattr(special, name)(x)
    assert found.dtype == expected.dtype
    finite = np.isfinite(x)
    error = np.abs(found - expected)[finite]
    tiny = np.finfo(dtype).tiny
    assert np.all(error <= (ulps * np.finfo(dtype).eps * np.abs(expected) + tiny)[finite])
    np.testing.assert_array_equal(found[~finite], expected[~finite])
    assert isinstance(getattr(ag, name)(Tensor(0.5)).data, np.float64)


@pytest.mark.usefixtures("_no_scipy")
def test_without_scipy_gelu_still_trains(rng):
    check_derivatives(ag.gelu, [rng.normal(size=5)], rng)


@pytest.mark.usefixtures("_no_scipy")
@pytest.mark.parametrize("name", ["erfinv", "gammaln", "digamma", "i0", "i1"])
def test_without_scipy_the_extra_is_named(name):
    with pytest.raises(MissingExtraError, match=r"'scipy'.*pip install 'autograd-core\[scipy\]'"):
        getattr(ag, name)(Tensor(0.5))


def test_math_stands_in_for_scipy_number_by_number():
    x = np.array([[1, 2], [3, 4]])
    np.testing.assert_array_equal(error_function._each(float.hex, x.astype(float)[:0]), x[:0])
    np.testing.assert_array_equal(error_function._each(abs, x), x)


# ------------------------------------------------------------------------------ messages


REAL_ONLY = [
    "erfinv",
    "ndtr",
    "gammaln",
    "digamma",
    "i0",
    "i1",
    "entr",
    "logit",
    "gelu",
    "mish",
    "elu",
    "celu",
    "selu",
    "leaky_relu",
    "softsign",
    "hardtanh",
    "hardsigmoid",
    "cummax",
    "cummin",
    "logcumsumexp",
]


@pytest.mark.parametrize("name", REAL_ONLY)
def test_complex_numbers_are_refused_by_name(name):
    with pytest.raises(ag.DTypeError, match=rf"{name} is defined for real numbers.*np\.real\(x\)"):
        getattr(ag, name)(Tensor([1j, 2.0]))


def test_complex_numbers_are_refused_in_either_operand():
    for function in (ag.xlogy, ag.xlog1py, ag.betaln):
        with pytest.raises(ag.DTypeError, match=f"{function.__name__} is defined for real"):
            function(Tensor([1.0]), 1j)
    with pytest.raises(ag.DTypeError, match="polygamma is defined for real"):
        ag.polygamma(1, Tensor(1j))


@pytest.mark.parametrize("n", [-1, 0.5, np.array([1, -2])])
def test_the_order_of_polygamma_counts(n):
    with pytest.raises(ag.ShapeError, match=r"polygamma: the order n is 0, 1, 2"):
        ag.polygamma(n, Tensor(1.0))


def test_the_order_of_polygamma_gets_no_gradient_and_says_so():
    with pytest.raises(ag.NotDifferentiable, match="polygamma: n is an option"):
        ag.polygamma(Tensor(1.0), Tensor(1.0))


# ------------------------------------------------------------------------------ SciPy's ufuncs


@pytest.mark.parametrize("name", sorted(scipy_bridge.BY_NAME))
def test_a_ufunc_of_scipy_records_and_gives_its_own_values(name, rng):
    ufunc = getattr(special, name)
    for case in cases(scipy_bridge.BY_NAME[name].primitive):
        arrays = case.draw(rng)
        expected = as_list(case.bind(ufunc)(*arrays))
        for out, value in zip(
            as_list(case.bind(ufunc)(*map(Tensor, arrays))), expected, strict=True
        ):
            assert out.requires_grad
            np.testing.assert_allclose(out.data, value, rtol=4e-15)


def test_a_parameter_of_scipys_that_records_is_refused():
    x = Tensor([0.5, 1.5])
    with pytest.raises(
        ag.NotDifferentiable, match=r"jv: v is an option.*no derivative in v is known"
    ):
        special.jv(x, x)
    np.testing.assert_array_equal(special.jv(Tensor(2), x).data, special.jv(2, x.data))


def test_complex_numbers_are_refused_where_scipy_takes_them():
    with pytest.raises(ag.DTypeError, match="gamma is defined for real numbers"):
        special.gamma(Tensor(1j))


def test_a_ufunc_of_scipy_without_a_rule_is_refused_by_its_name():
    with pytest.raises(
        ag.NotDifferentiable, match=r"scipy\.special\.mathieu_a on a Tensor: .*mathieu_a\(x\.data\)"
    ):
        special.mathieu_a(Tensor(1.0), 0.5)


def test_a_function_of_scipy_that_is_no_ufunc_says_what_to_do():
    with pytest.raises(ag.DTypeError, match=r"drop its history.*\.detach\(\)"):
        special.polygamma(1, Tensor(1.0))
