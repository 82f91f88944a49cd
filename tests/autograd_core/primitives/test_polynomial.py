"""np.polyval and its kin on Tensors, and what becomes of np.polynomial."""

import warnings

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import as_list, check_derivatives, plain

Polynomial = np.polynomial.polynomial

P = np.array([2.0, -1.0, 0.5, 3.0])
Q = np.array([1.0, 0.25])
X = np.array([0.3, -1.2, 2.0, 0.9, -0.4])
Y = np.array([1.0, 2.0, 0.5, -1.0, 0.2])
LEADING = np.array([0.0, 0.0, 1.5, -2.0])

CALLS = [
    (np.polyval, (P, X), {}),
    (np.polyval, (P, 1.5), {}),
    (np.polyval, (np.stack([P, P + 1], 1), X[:2]), {}),
    (np.polyval, (P[:1], X), {}),
    (np.polyder, (P,), {}),
    (np.polyder, (P,), {"m": 2}),
    (np.polyder, (P, 0), {}),
    (np.polyint, (P,), {}),
    (np.polyint, (P, 2), {}),
    (np.polyint, (P, 2), {"k": 3.0}),
    (np.polyint, (P,), {"m": 2, "k": [3.0, 4.0]}),
    (np.polyadd, (P, Q), {}),
    (np.polyadd, (Q, P), {}),
    (np.polyadd, (P, P), {}),
    (np.polysub, (P, Q), {}),
    (np.polysub, (Q, P), {}),
    (np.polymul, (P, Q), {}),
    (np.polymul, (LEADING, Q), {}),
    (np.polydiv, (P, Q), {}),
    (np.polydiv, (Q, P), {}),
    (np.poly, (X,), {}),
    (np.poly, (P.reshape(2, 2),), {}),
    (np.roots, (P,), {}),
    (np.roots, (LEADING,), {}),
    (np.roots, (np.array([2.0, -1.0, 0.0]),), {}),
    (np.polyfit, (X, Y, 2), {}),
    (np.polyfit, (X, np.stack([Y, X], 1), 1), {}),
    (np.polyfit, (X, Y, 2), {"w": np.array([1.0, 2.0, 0.5, 1.0, 1.5])}),
]


def numbers(arguments):
    """The operands among arguments: arrays of floats."""
    return [i for i, a in enumerate(arguments) if isinstance(a, np.ndarray | float)]


def name(value):
    return getattr(value, "__name__", "")


@pytest.mark.parametrize(("function", "arguments", "keywords"), CALLS, ids=name)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_values_are_numpys(function, arguments, keywords, dtype):
    cast = [np.asarray(a, dtype)[()] if isinstance(a, np.ndarray) else a for a in arguments]
    expected = as_list(function(*cast, **keywords))
    places = numbers(cast)
    mixed = [[Tensor(a) if i in places else a for i, a in enumerate(cast)]]
    mixed += [[Tensor(a) if i == place else a for i, a in enumerate(cast)] for place in places]
    for operands in mixed:
        for out, value in zip(as_list(function(*operands, **keywords)), expected, strict=True):
            assert isinstance(out, Tensor) or function is np.polydiv  # a quotient that is just 0
            assert (out.shape, out.dtype) == (value.shape, value.dtype)
            tolerance = 30 * np.finfo(cast[0].dtype).eps
            np.testing.assert_allclose(plain(out), value, rtol=tolerance, atol=tolerance)


# Beside a leading zero the number of roots, or of coefficients, is another one.
SMOOTH = [call for call in CALLS if LEADING is not call[1][0]]


@pytest.mark.parametrize(("function", "arguments", "keywords"), SMOOTH, ids=name)
def test_derivatives_of_first_and_second_order(function, arguments, keywords, rng):
    places = numbers(arguments)

    def call(*operands):
        filled = list(arguments)
        for place, operand in zip(places, operands, strict=True):
            filled[place] = operand
        return function(*filled, **keywords)

    operands = [np.asarray(arguments[place])[()] for place in places]
    check_derivatives(call, operands, rng, label=function.__name__)


@pytest.mark.parametrize("function", [np.polyval, np.polymul, np.polyadd, np.roots, np.poly])
def test_complex_coefficients(function, rng):
    count = 1 if function in (np.roots, np.poly) else 2
    arrays = [rng.normal(size=4) + 1j * rng.normal(size=4) for _ in range(count)]
    np.testing.assert_allclose(plain(function(*map(Tensor, arrays))), function(*arrays))
    check_derivatives(function, arrays, rng)


def test_conjugate_roots_have_real_coefficients():
    z = Tensor([1 + 2j, 1 - 2j])
    p = np.poly(z)
    assert p.dtype == np.poly(z.data).dtype == float
    np.testing.assert_array_equal(p.data, [1, -2, 5])


def test_the_constants_of_integration_record():
    k = Tensor([3.0, 4.0])
    p = np.polyint(Tensor([6.0]), 2, k)
    np.testing.assert_array_equal(p.data, [3, 3, 4])
    p.sum().backward()
    np.testing.assert_array_equal(k.grad, [1, 1])


def test_a_root_moves_as_the_formula_of_quadratics_says():
    p = Tensor([1.0, -3.0, 2.0])  # (x - 1)(x - 2)
    larger = np.max(np.roots(p))
    larger.backward()
    np.testing.assert_allclose(p.grad, [-4, -2, -1], rtol=1e-13)


def test_a_root_at_zero_moves_with_the_constant():
    p = Tensor([1.0, 2.0, 0.0])
    roots = np.roots(p)
    assert roots.data.tolist() == [-2, 0]
    roots[1].backward()
    np.testing.assert_allclose(p.grad, [0, 0, -0.5])


def test_polynomials_without_roots():
    for p in ([3.0], [0.0, 0.0], [0.0, 2.0]):
        out = np.roots(Tensor(p))
        np.testing.assert_array_equal(out.data, np.roots(p))
        out.sum().backward()
    assert np.poly(Tensor(np.zeros(0))) == 1.0


def test_all_that_polyfit_returns():
    for options in ({"full": True}, {"cov": True}, {"cov": "unscaled"}):
        expected = np.polyfit(X, Y, 2, **options)
        found = np.polyfit(Tensor(X), Tensor(Y), 2, **options)
        for out, value in zip(found, expected, strict=True):
            np.testing.assert_allclose(plain(out), value, rtol=1e-12)
    several = np.polyfit(X, Tensor(np.stack([Y, X**2], 1)), 1, cov=True)[1]
    np.testing.assert_allclose(
        several.data, np.polyfit(X, np.stack([Y, X**2], 1), 1, cov=True)[1], rtol=1e-12
    )


def test_a_fit_of_too_few_points_warns_as_numpys_does():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        np.polyfit(np.array([1.0, 1.0]), Tensor([1.0, 2.0]), 1)
    assert [w.category for w in caught] == [np.exceptions.RankWarning]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: np.polyder(p, -1), "polyder: the order of the derivative m is 0, 1, 2"),
        (lambda p: np.polyint(p, -1), "polyint: the order of the integral m is 0, 1, 2"),
        (lambda p: np.polyint(p, 3, [1.0, 2.0]), r"polyint: k is one number, or 3 of them"),
        (lambda p: np.polymul(p[None], p), r"polymul: coefficients have one axis.*\(1, 2\)"),
        (lambda p: np.poly(p[None]), r"poly: roots have one axis.*\(1, 2\)"),
        (lambda p: np.roots(p[None]), r"roots: coefficients have one axis.*\(1, 2\)"),
        (lambda p: np.polyfit(p, p[:1], 1), r"polyfit: .*Given: x \(2,\), y \(1,\), deg 1"),
        (lambda p: np.polyfit(p, p, 1, w=p[:1]), r"polyfit: one weight w for each x"),
        (lambda p: np.polyfit(p, p, 1, cov=True), "more points than coefficients"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ag.ShapeError, match=message):
        call(Tensor([1.0, 2.0]))


@pytest.mark.parametrize(
    "call",
    [
        lambda p: np.polyval(p, np.poly1d([1.0, 2.0])),
        lambda p: np.polyval(np.poly1d([1.0, 2.0]), p),
        lambda p: np.polyadd(np.poly1d([1.0, 2.0]), p),
        lambda p: np.polymul(p, np.poly1d([1.0, 2.0])),
    ],
)
def test_a_poly1d_cannot_hold_a_tensor(call):
    with pytest.raises(ag.NotDifferentiable, match=r"a poly1d cannot hold a Tensor.*p\.coeffs"):
        call(Tensor([1.0, 2.0]))


# ------------------------------------------------------------------------------ np.polynomial


def test_the_newer_polyval_records_its_variable_through_the_operators(rng):
    x = Tensor(X)
    out = Polynomial.polyval(x, P)
    np.testing.assert_array_equal(out.data, Polynomial.polyval(X, P))
    check_derivatives(lambda t: Polynomial.polyval(t, P), [X], rng)


def test_the_newer_polyval_refuses_recorded_coefficients_and_polyval_takes_them():
    c = Tensor(P)
    with pytest.raises(ag.DTypeError, match="drop its history"):
        Polynomial.polyval(X, c)
    np.testing.assert_allclose(np.polyval(c[::-1], X).data, Polynomial.polyval(X, P), rtol=1e-14)


@pytest.mark.parametrize("name", ["polyadd", "polysub", "polymul", "polydiv", "polyder", "polyint"])
def test_the_newer_functions_of_coefficients_are_not_dispatched_and_never_detach(name):
    arguments = (Tensor(P),) if name in ("polyder", "polyint") else (Tensor(P), Q)
    with pytest.raises((ag.DTypeError, ValueError)):
        getattr(Polynomial, name)(*arguments)


@pytest.mark.parametrize("function", [Polynomial.polyval2d, Polynomial.polygrid2d], ids=name)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
@pytest.mark.parametrize("rest", [(), (2,)])
def test_series_in_two_variables(function, shape, rest, rng):
    if rest and len(shape) != 1:
        rest = ()
    c = rng.normal(size=(3, 4, *rest))
    x, y = rng.normal(size=shape), rng.normal(size=shape)
    arrays = [np.asarray(a)[()] for a in (x, y, c)]
    expected = function(*arrays)
    found = function(*map(Tensor, arrays))
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(found.data, expected, rtol=1e-14)
    check_derivatives(function, arrays, rng)


def test_series_in_two_variables_of_shapes_that_differ():
    with pytest.raises(ag.ShapeError, match=r"polyval2d: x and y have one shape; given \(2,\)"):
        Polynomial.polyval2d(Tensor([1.0, 2.0]), Tensor([1.0]), np.ones((2, 2)))
