"""np.fft on Tensors: values and derivatives of every transform with every argument."""

import warnings

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives, random_like

ONE = ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"]
TWO = ["fft2", "ifft2", "rfft2", "irfft2"]
MANY = ["fftn", "ifftn", "rfftn", "irfftn"]
REAL = {"rfft", "ihfft", "rfft2", "rfftn"}  # of real numbers only
DTYPES = ["float32", "float64", "complex64", "complex128", "int64"]
NORMS = [None, "backward", "ortho", "forward"]

ONE_ARGUMENTS = [
    {},
    {"n": 3},
    {"n": 4},
    {"n": 9},
    {"axis": 0},
    {"axis": -2, "n": 5},
]
MANY_ARGUMENTS = [
    {},
    {"axes": (0, 1)},
    {"axes": [-1, 0]},
    {"s": (2, 5), "axes": (0, 2)},
    {"s": (3, -1), "axes": (1, 2)},
    {"s": [6, 3, 2], "axes": [0, -1, 1]},
    {"axes": (1, 1)},
]
CALLS = (
    [(name, arguments) for name in ONE for arguments in ONE_ARGUMENTS]
    + [(name, arguments) for name in TWO for arguments in MANY_ARGUMENTS]
    + [(name, arguments) for name in MANY for arguments in MANY_ARGUMENTS]
)


def draw(name, rng, dtype=None, shape=(2, 3, 4)):
    dtype = dtype or ("float64" if name in REAL else "complex128")
    numbers = rng.uniform(-2, 2, shape)
    if np.dtype(dtype).kind == "c":
        numbers = numbers + 1j * rng.uniform(-2, 2, shape)
    return (3 * numbers).astype(dtype)


@pytest.mark.parametrize(
    ("name", "arguments", "dtype"),
    [
        (*call, dtype)
        for call in CALLS
        for dtype in DTYPES
        if call[0] not in REAL or dtype[0] != "c"
    ],
)
def test_values_are_numpys(name, arguments, dtype, rng):
    function = getattr(np.fft, name)
    x = draw(name, rng, dtype)
    for norm in NORMS:
        expected = function(x, norm=norm, **arguments)
        found = function(Tensor(x), norm=norm, **arguments)
        assert isinstance(found, Tensor)
        assert found.requires_grad == (x.dtype.kind != "i")
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found.data, expected)


@pytest.mark.parametrize(("name", "arguments"), CALLS)
@pytest.mark.parametrize("norm", [None, "ortho", "forward"])
def test_derivatives_of_first_and_second_order(name, arguments, norm, rng):
    function = getattr(np.fft, name)

    def call(x):
        return function(x, norm=norm, **arguments)

    check_derivatives(call, [draw(name, rng)], rng, label=name)
    if name not in REAL:
        check_derivatives(call, [draw(name, rng).real], rng, label=f"{name} of real numbers")


@pytest.mark.parametrize("name", ONE + TWO + MANY)
def test_second_derivatives_of_a_power_spectrum(name, rng):
    def power(x):
        return (np.abs(getattr(np.fft, name)(x)) ** 2).sum()

    check_derivatives(power, [draw(name, rng)], rng, label=name)


@pytest.mark.parametrize("name", ONE + TWO + MANY)
def test_single_precision_stays(name, rng):
    x = draw(name, rng, "float32" if name in REAL else "complex64")
    t = Tensor(x)
    y = getattr(np.fft, name)(t)
    y.backward(random_like(y.data, rng))
    assert t.grad.dtype == x.dtype
    assert y.dtype in (np.float32, np.complex64)


@pytest.mark.parametrize("name", ["fftshift", "ifftshift"])
@pytest.mark.parametrize("axes", [None, 0, -1, (0, 2), [1], (1, 1), ()])
def test_shifts(name, axes, rng):
    function = getattr(np.fft, name)
    x = draw(name, rng, "complex64")
    np.testing.assert_array_equal(function(Tensor(x), axes=axes).data, function(x, axes=axes))
    check_derivatives(lambda t: function(t, axes=axes), [draw(name, rng)], rng)


def test_a_transform_undone_has_the_identity_as_its_derivative(rng):
    x = Tensor(draw("rfft", rng))
    g = draw("rfft", rng)
    np.fft.irfftn(np.fft.rfftn(x)).backward(g)
    np.testing.assert_allclose(x.grad, g, rtol=1e-13, atol=1e-13)


def test_filtering_by_fft_has_the_gradient_of_the_convolution(rng):
    x, kernel = Tensor(rng.normal(size=8)), Tensor(rng.normal(size=8))
    y = np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(kernel))
    y.backward(np.eye(8)[3])
    # y[3] = sum over i of kernel[i] x[3 - i], indices modulo 8
    np.testing.assert_allclose(x.grad, kernel.data[(3 - np.arange(8)) % 8], atol=1e-14)
    np.testing.assert_allclose(kernel.grad, x.data[(3 - np.arange(8)) % 8], atol=1e-14)


def test_frequencies_are_plain_arrays_and_take_a_recorded_spacing():
    assert isinstance(np.fft.fftfreq(4), np.ndarray)
    spacing = Tensor(0.5)
    frequencies = np.fft.fftfreq(4, spacing)
    np.testing.assert_array_equal(frequencies.data, np.fft.fftfreq(4, 0.5))
    frequencies[1].backward()
    assert float(spacing.grad) == -1.0  # of 1 / (4 d)


def test_sizes_without_axes_warn_as_numpy_does(rng):
    x = draw("fftn", rng)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = np.fft.fftn(Tensor(x), s=(3, 2))
        expected = np.fft.fftn(x, s=(3, 2))
    assert [w.category for w in caught] == [DeprecationWarning] * 2
    assert caught[0].filename == __file__
    np.testing.assert_array_equal(found.data, expected)


def test_no_axes_at_all():
    x = Tensor([1.0, 2.0])
    assert np.fft.fftn(x, axes=()) is x
    with pytest.raises(ag.ShapeError, match=r"rfftn.*at least one axis"):
        np.fft.rfftn(x, axes=())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: np.fft.fft(x, axis=2), r"fft: axis 2 does not exist.*\(2, 3\).*-2 to 1"),
        (lambda x: np.fft.fft(x, n=0), r"fft: .*x.*\(2, 3\).*Invalid number of FFT data points"),
        (lambda x: np.fft.rfft(x, norm="orth"), r"rfft: .*Invalid norm value orth"),
        (lambda x: np.fft.hfft(x, norm="orth"), r"irfft: .*Invalid norm value orth"),
        (lambda x: np.fft.fftn(x, s=(2,), axes=(0, 1)), r"a size for each axis; s=\(2,\)"),
        (lambda x: np.fft.fft2(x[0]), r"axis -2 does not exist.*\(3,\)"),
        (lambda x: np.fft.fftshift(x, 3), "fftshift: axis 3 does not exist"),
    ],
)
def test_wrong_arguments(call, message):
    with pytest.raises(ag.ShapeError, match=message):
        call(Tensor(np.ones((2, 3))))


def test_the_transforms_of_real_numbers_refuse_complex_ones():
    with pytest.raises(ag.DTypeError, match=r"rfft: .*complex128"):
        np.fft.rfft(Tensor([1j, 2.0]))


@pytest.mark.parametrize("name", ONE + TWO + MANY)
def test_out_is_refused(name):
    x = Tensor(np.ones((4, 4)))
    with pytest.raises(ag.NotDifferentiable, match=rf"np\.\S*{name}\(.*out="):
        getattr(np.fft, name)(x, out=np.ones((4, 4), complex))
