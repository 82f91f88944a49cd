"""Parts of a number: values at special points, what is taken at jumps and bends, two outputs."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives

SPECIAL = np.array([0.0, -0.0, 1.5, -2.5, 3.0, -3.0, np.inf, -np.inf, np.nan, 1e-310, 1e300])


def gradient(function, *values):
    """The gradients at numbers, of the sum of the result."""
    tensors = [Tensor(value) for value in values]
    with np.errstate(all="ignore"):
        function(*tensors).sum().backward()
    return [t.grad for t in tensors]


def same(found, expected):
    """Value, dtype and the signs of zeros."""
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)
    if expected.dtype.kind == "f":
        np.testing.assert_array_equal(np.signbit(found), np.signbit(expected))


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("function", [np.modf, np.frexp, lambda x: np.divmod(x, 1.25)])
def test_functions_of_two_outputs(function, dtype):
    with np.errstate(all="ignore"):
        x = SPECIAL.astype(dtype)
        first, second = function(x)
        for found, expected in zip(function(Tensor(x)), (first, second), strict=True):
            same(found.data if isinstance(found, Tensor) else found, expected)


def test_which_of_two_outputs_records():
    x = Tensor([7.5, -7.5])
    fraction, whole = np.modf(x)
    assert fraction.requires_grad
    assert type(whole) is np.ndarray
    mantissa, exponent = np.frexp(x)
    assert mantissa.requires_grad
    assert type(exponent) is np.ndarray
    quotient, rest = np.divmod(x, 2.0)
    assert rest.requires_grad
    assert type(quotient) is np.ndarray
    np.testing.assert_array_equal(gradient(lambda t: np.frexp(t)[0], [7.5, 0.1])[0], [0.125, 8.0])


def test_divmod_of_python_goes_either_way():
    x = Tensor(7.5)
    quotient, rest = divmod(x, 2.0)
    assert (quotient, rest.item()) == (3.0, 1.5)
    quotient, rest = divmod(20.0, x)
    assert (quotient, rest.item()) == (2.0, 5.0)
    rest.backward()
    assert x.grad == -2.0


@pytest.mark.parametrize("function", [np.remainder, np.fmod])
def test_slopes_of_remainders_of_either_sign(function, rng):
    x = np.array([7.3, -7.3, 7.3, -7.3, 0.2, 1e15 + 0.5])
    y = np.array([2.1, 2.1, -2.1, -2.1, 3.0, 3.0])
    check_derivatives(function, [x[:5], y[:5]], rng)
    (_, slope) = gradient(function, x, y)
    np.testing.assert_array_equal(slope[-1], -np.floor(x[-1] / 3))


@pytest.mark.parametrize("function", [np.remainder, np.fmod])
def test_remainders_by_zero_in_the_branch_not_taken(function):
    def safe(x, y):
        return np.where(y == 0, 0.0, function(x, y))

    for slope in gradient(safe, [1.0, 5.0], [0.0, 3.0]):
        assert np.isfinite(slope).all()


@pytest.mark.parametrize(
    ("function", "values", "slopes"),
    [
        (np.absolute, ([0.0],), ([0.0],)),
        (np.absolute, ([0j],), ([0j],)),
        (np.fabs, ([0.0, -0.0],), ([0.0, 0.0],)),
        (np.sign, ([0.0],), ([0.0],)),
        (np.sign, ([0j],), ([0j],)),
        (np.copysign, ([0.0, 2.0, -2.0], [-1.0, -0.0, -3.0]), ([0.0, -1.0, 1.0], [0.0] * 3)),
        (np.heaviside, ([-1.0, 0.0, 2.0], [0.5] * 3), ([0.0] * 3, [0.0, 1.0, 0.0])),
        (np.remainder, ([4.0], [2.0]), ([1.0], [-2.0])),
        (np.fmod, ([-4.0], [2.0]), ([1.0], [2.0])),
        (lambda x: np.modf(x)[0], ([2.0],), ([1.0],)),
        (np.angle, ([0j],), ([0j],)),
        (np.angle, ([-2.0, 3.0],), ([0.0, 0.0],)),
        (np.nan_to_num, ([np.nan, np.inf, -np.inf, 2.0],), ([0.0, 0.0, 0.0, 1.0],)),
        (np.fmax, ([np.nan, 1.0, 2.0, np.nan], [1.0, np.nan, 2.0, np.nan]), None),
        (np.fmin, ([np.nan, 1.0, 2.0, np.nan], [1.0, np.nan, 2.0, np.nan]), None),
    ],
)
def test_what_is_taken_where_no_slope_exists(function, values, slopes):
    slopes = slopes or ([0.0, 1.0, 0.5, 1.0], [1.0, 0.0, 0.5, 0.0])
    for found, expected in zip(gradient(function, *values), slopes, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_ldexp_takes_integer_exponents_only():
    x = Tensor([1.5, 2.5], dtype="f4")
    y = np.ldexp(x, np.array([2, -1]))
    assert y.dtype == np.float32
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [4.0, 0.5])
    with pytest.raises(ag.DTypeError, match=r"ldexp.*float64"):
        np.ldexp(x, Tensor([1.0, 2.0]))


# ------------------------------------------------------------------------------ complex


@pytest.mark.parametrize("deg", [False, True])
@pytest.mark.parametrize("dtype", ["f4", "f8", "c8", "c16"])
def test_angle(deg, dtype):
    z = np.array([1.0, -2.0, 0.0, 3.0]).astype(dtype)
    if z.dtype.kind == "c":
        z = z + np.array([1j, 2j, -1j, -2j], dtype)
    expected, found = np.angle(z, deg=deg), np.angle(Tensor(z), deg=deg)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found.data, expected, rtol=1e-6)


def test_derivatives_of_angle(rng):
    z = rng.uniform(-2, 2, (2, 3)) + 1j * rng.uniform(0.3, 2, (2, 3))
    check_derivatives(np.angle, [z], rng)
    check_derivatives(lambda t: np.angle(t, deg=True), [z], rng)


def test_real_if_close_looks_at_the_numbers():
    close, far = np.array([1 + 1e-15j, 2]), np.array([1 + 1e-3j, 2])
    for z in (close, far, close.real):
        expected, found = np.real_if_close(z), np.real_if_close(Tensor(z))
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found.data, expected)
    assert np.real_if_close(Tensor(far), tol=1e14).dtype == float
    np.testing.assert_array_equal(gradient(np.real_if_close, close)[0], [1, 1])


NOT_NUMBERS = [
    {},
    {"nan": 7.0},
    {"posinf": 8.0, "neginf": -8.0},
    {"nan": np.array([1.0, 2.0, 3.0])},
    {"copy": True},
]


@pytest.mark.parametrize("keywords", NOT_NUMBERS)
@pytest.mark.parametrize("dtype", ["f4", "f8", "c16"])
def test_nan_to_num(keywords, dtype):
    x = np.array([[np.nan, np.inf, -np.inf], [1.0, np.nan, -2.0]]).astype(dtype)
    if dtype == "c16":
        x.imag = [[1.0, np.nan, 2.0], [np.inf, -np.inf, 3.0]]
    expected, found = np.nan_to_num(x, **keywords), np.nan_to_num(Tensor(x), **keywords)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found.data, expected)


def test_nan_to_num_passes_each_part_of_a_complex_number_by_itself():
    z = np.array([complex(np.nan, 1.0), complex(2.0, np.inf), 3 + 4j])
    t = Tensor(z)
    np.nan_to_num(t).backward(np.array([1 + 2j, 3 + 4j, 5 + 6j]))
    np.testing.assert_array_equal(t.grad, [2j, 3, 5 + 6j])


def test_nan_to_num_in_place_is_refused():
    with pytest.raises(ag.NotDifferentiable, match=r"copy=False.*Leave copy= away"):
        np.nan_to_num(Tensor([1.0]), copy=False)


# ------------------------------------------------------------------------------ unwrap


@pytest.mark.parametrize(
    "keywords", [{}, {"discont": 4.0}, {"period": 1.0}, {"axis": 0}, {"axis": 0, "period": 3.0}]
)
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_unwrap(keywords, dtype, rng):
    p = rng.uniform(-9, 9, (4, 5)).astype(dtype)
    t = Tensor(p)
    found, expected = np.unwrap(t, **keywords), np.unwrap(p, **keywords)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found.data, expected)
    seed = rng.uniform(-1, 1, (4, 5)).astype(dtype)
    found.backward(seed)
    np.testing.assert_array_equal(t.grad, seed)


# ------------------------------------------------------------------------------ the whole plane

PLANE = [
    *(np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, np.sqrt, np.square),
    *(np.sin, np.cos, np.tan, np.sinh, np.cosh, np.tanh, np.reciprocal, np.negative),
    *(np.arcsin, np.arccos, np.arctan, np.arcsinh, np.arccosh, np.arctanh, np.sinc),
    *(np.absolute, np.sign, np.conjugate, np.real, np.imag, np.angle, np.positive),
    *(lambda z: z**2, lambda z: z**-1.5, lambda z: z ** (0.5 - 2j), lambda z: (1 - 2j) ** z),
    *(lambda z: 2**z, lambda z: np.float_power(z, 3), lambda z: np.power(z, z + 1)),
]


@pytest.mark.parametrize("function", PLANE)
def test_derivatives_in_all_quadrants(function, rng):
    size = rng.uniform(0.4, 1.7, 8)
    z = size * np.exp(1j * (np.arange(8) + 0.5) * np.pi / 4)  # off every branch cut
    check_derivatives(function, [z], rng)


REAL_ONLY = [
    *(np.cbrt, np.fabs, np.deg2rad, np.rad2deg, np.degrees, np.radians, np.modf, np.frexp),
    *(lambda z: np.arctan2(z, 1.0), lambda z: np.hypot(z, 1.0), lambda z: np.remainder(z, 2.0)),
    *(lambda z: np.fmod(z, 2.0), lambda z: np.copysign(z, 1.0), lambda z: np.heaviside(z, 0.5)),
    *(lambda z: np.logaddexp(z, 1.0), lambda z: np.logaddexp2(z, 1.0), lambda z: np.ldexp(z, 2)),
    *(lambda z: divmod(z, 2.0), np.i0),
]


@pytest.mark.parametrize("function", REAL_ONLY)
def test_what_numpy_defines_on_the_reals_only_says_so(function):
    with pytest.raises(TypeError):
        function(np.array([1 + 2j]))
    with pytest.raises(ag.DTypeError, match="complex128"):
        function(Tensor([1 + 2j]))


@pytest.mark.parametrize("function", [np.maximum, np.minimum, np.fmax, np.fmin])
def test_complex_numbers_are_ordered_as_numpy_orders_them(function, rng):
    x, y = np.array([1 + 2j, 1 + 3j, 2.0]), np.array([1 + 3j, 1 + 2j, 1 + 9j])
    np.testing.assert_array_equal(function(Tensor(x), y).data, function(x, y))
    x.real += [0.1, 0.2, 0.1]
    check_derivatives(function, [x, y], rng)
