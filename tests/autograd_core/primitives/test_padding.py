"""np.pad in every mode with every option, against NumPy's."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives
from tests.autograd_core.moving import check_moved

REAL = ("float64", "float32", "int64")
ALL = ("float64", "float32", "complex128", "int64")
WIDTHS = [0, 1, 2, 5, 11, (1, 2), (7, 0), ((0, 1), (2, 0)), ((1,), (2,)), {0: 1}, {-1: (0, 2)}]


def padded(width, mode, **options):
    return lambda x: np.pad(x, width, mode, **options)


@pytest.mark.parametrize("width", WIDTHS, ids=str)
@pytest.mark.parametrize(
    "mode", ["constant", "edge", "linear_ramp", "mean", "reflect", "symmetric", "wrap"]
)
def test_widths_of_all_forms(mode, width, rng):
    check_moved(padded(width, mode), [(2, 3)], rng, dtypes=ALL, exact=False)


@pytest.mark.parametrize("width", [1, (7, 3), ((0, 1), (2, 0))], ids=str)
@pytest.mark.parametrize("mode", ["maximum", "minimum", "median"])
@pytest.mark.parametrize("length", [None, 1, 2, 9, (1, 3), ((2, 1), (1, 2))])
def test_statistics_of_part_of_an_axis(mode, width, length, rng):
    call = padded(width, mode, stat_length=length)
    check_moved(call, [(3, 4)], rng, dtypes=REAL, exact=False)


@pytest.mark.parametrize("length", [1, (2, 3), ((1, 2), (3, 9))])
def test_means_of_part_of_an_axis(length, rng):
    call = padded(((2, 1), (0, 3)), "mean", stat_length=length)
    check_moved(call, [(3, 4)], rng, dtypes=ALL, exact=False)


@pytest.mark.parametrize("mode", ["reflect", "symmetric"])
@pytest.mark.parametrize("kind", ["even", "odd"])
@pytest.mark.parametrize("shape", [(2,), (3,), (1,), (4, 1), (2, 3)])
@pytest.mark.parametrize("width", [1, (9, 4), (0, 20)])
def test_reflections_of_both_kinds(mode, kind, shape, width, rng):
    check_moved(padded(width, mode, reflect_type=kind), [shape], rng, exact=False)


@pytest.mark.parametrize("option", ["constant_values", "end_values"])
@pytest.mark.parametrize("value", [1.5, (1, 2), ((1, 2), (3, 4)), [[1], [2]]])
def test_values_of_all_forms(option, value, rng):
    mode = "constant" if option == "constant_values" else "linear_ramp"
    check_moved(padded((1, 2), mode, **{option: value}), [(2, 3)], rng, exact=False)


@pytest.mark.parametrize("form", [(), (2,), (1, 2), (2, 1), (2, 2)])
@pytest.mark.parametrize("option", ["constant_values", "end_values"])
def test_values_that_record(option, form, rng):
    mode = "constant" if option == "constant_values" else "linear_ramp"
    x, values = rng.uniform(-2, 2, (2, 3)), np.asarray(rng.uniform(-2, 2, form))[()]

    def call(x, v):
        return np.pad(x, ((1, 2), (0, 3)), mode, **{option: v})

    np.testing.assert_allclose(call(Tensor(x), Tensor(values)).data, call(x, values), rtol=1e-14)
    check_derivatives(call, [x, values], rng)


def test_values_that_record_in_a_list():
    x, v = Tensor([1.0, 2.0]), Tensor(5.0)
    out = np.pad(x, (2, 1), constant_values=(v, 3.0))
    np.testing.assert_array_equal(out.data, [5, 5, 1, 2, 3])
    out.sum().backward()
    assert v.grad == 2


@pytest.mark.parametrize(("shape", "width"), [((), 1), ((0,), 2), ((0, 3), ((0, 0), (1, 1)))])
def test_degenerate_shapes(shape, width, rng):
    check_moved(padded(width, "constant"), [shape], rng)
    if shape != (0,):
        check_moved(padded(width, "edge"), [shape], rng)


def test_an_undefined_area_is_zero():
    x = Tensor([1.0, 2.0])
    out = np.pad(x, 1, "empty")
    np.testing.assert_array_equal(out.data[1:-1], [1, 2])
    out[1:-1].sum().backward()
    np.testing.assert_array_equal(x.grad, [1, 1])


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (lambda x: np.pad(x, -1), ValueError, ["pad", "negative", "x[1:-1]"]),
        (lambda x: np.pad(x, 0.5), TypeError, ["pad", "integers"]),
        (lambda x: np.pad(x, ((1, 1),) * 3), ValueError, ["pad", "2 axes", "(3, 2)"]),
        (lambda x: np.pad(x, 1, "mirror"), ValueError, ["pad", "'mirror'", "reflect"]),
        (lambda x: np.pad(x, 1, "edge", end_values=1), ValueError, ["pad", "end_values"]),
        (lambda x: np.pad(x, 1, "maximum", stat_length=0), ValueError, ["pad", "stat_length"]),
        (lambda x: np.pad(x, 1, "mean", stat_length=-1), ValueError, ["pad", "negative"]),
        (lambda x: np.pad(x[:0], 1, "edge"), ValueError, ["pad", "axis 0", "'constant'"]),
    ],
)
def test_what_is_wrong_is_said(wrong, error, words):
    with pytest.raises(error) as caught:
        wrong(Tensor(np.ones((2, 3))))
    assert isinstance(caught.value, ag.AutogradError)
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_function_as_mode_is_refused():
    with pytest.raises(ag.NotDifferentiable, match="index_update"):
        np.pad(Tensor([1.0]), 1, lambda vector, *_: vector.fill(0))
