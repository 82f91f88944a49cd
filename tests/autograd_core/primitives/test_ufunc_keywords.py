"""Every recorded ufunc with dtype=, casting=, order=, axes=; where= and out= refused."""

import warnings

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.dispatch import PLAIN, RECORDED
from tests.autograd_core.checking import check_derivatives

UFUNCS = sorted(
    {f for f in vars(np).values() if isinstance(f, np.ufunc) and f in RECORDED},
    key=lambda f: f.__name__,
)
every_ufunc = pytest.mark.parametrize("ufunc", UFUNCS, ids=lambda f: f.__name__)
KEYWORDS = [
    {},
    {"dtype": "f8"},
    {"dtype": "f4"},
    {"dtype": "c16"},
    {"dtype": "f4", "casting": "unsafe"},
    {"dtype": "i8", "casting": "unsafe"},
    {"casting": "no"},
    {"casting": "equiv", "order": "F"},
    {"order": "A"},
    {"order": "C"},
    {"where": True},
    {"subok": False},
]


def operands(ufunc, rng, dtype):
    """Numbers in the domain of every ufunc, laid out by columns."""
    offset = 0.1j if np.dtype(dtype).kind == "c" else 0
    low = 1.1 if ufunc is np.arccosh else 0.3
    x = np.asfortranarray((rng.uniform(low, low + 0.5, (3, 4)) + offset).astype(dtype))
    y = (rng.uniform(1.2, 1.9, (3, 4)) - offset).astype(dtype)
    if ufunc is np.ldexp:
        return x, np.array([1, 2, -1, 0])
    shaped = {"matmul": (x, y.T), "matvec": (x, y[0]), "vecmat": (x[:, 0], y)}
    return shaped.get(ufunc.__name__, (x, y)[: ufunc.nin])


@every_ufunc
@pytest.mark.parametrize("dtype", ["f4", "f8", "c16", "i4"])
def test_the_result_is_numpys_whatever_the_keywords(ufunc, dtype, rng):
    arrays = operands(ufunc, rng, dtype)
    for keywords in KEYWORDS:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
            try:
                expected = ufunc(*arrays, **keywords)
            except TypeError:
                with pytest.raises(TypeError):  # NumPy's own, where it knows no such keyword
                    ufunc(*map(Tensor, arrays), **keywords)
                continue
            found = ufunc(*map(Tensor, arrays), **keywords)
        pairs = [(found, expected)] if ufunc.nout == 1 else zip(found, expected, strict=True)
        for one, other in pairs:
            value = one.data if isinstance(one, Tensor) else one
            assert (value.shape, value.dtype) == (other.shape, other.dtype), keywords
            if "order" in keywords:
                assert value.flags.f_contiguous == other.flags.f_contiguous, keywords
            np.testing.assert_allclose(value, other, rtol=1e-5 if value.itemsize < 8 else 1e-12)


def test_a_python_number_stays_weak():
    x = Tensor([1.5, 2.5], dtype="f4")
    assert np.add(x, 2.0, casting="same_kind").dtype == np.float32
    assert np.add(2, x, dtype="f8").dtype == np.float64


@pytest.mark.parametrize(
    "keywords", [{"dtype": "c16"}, {"order": "F"}, {"order": "C", "casting": "safe"}]
)
def test_derivatives_go_through_casts_and_layouts(keywords, rng):
    x, y = rng.uniform(0.5, 2.0, (2, 3)), rng.uniform(0.5, 2.0, 3)
    check_derivatives(lambda a, b: np.multiply(np.exp(a, **keywords), b, **keywords), [x, y], rng)


def test_a_gradient_keeps_the_dtype_through_a_cast():
    x = Tensor([1.5, 2.5], dtype="f4")
    np.exp(x, dtype="f8").sum().backward()
    assert x.grad.dtype == np.float32


def test_a_cast_to_integers_ends_the_history():
    result = np.add(Tensor([1.5, 2.5]), 1, dtype=int, casting="unsafe")
    assert not result.requires_grad
    np.testing.assert_array_equal(result.data, [2, 3])


AXES = [
    (np.matmul, (3, 2), (3, 4), {"axes": [(1, 0), (0, 1), (0, 1)]}),
    (np.matmul, (3, 2, 5), (2, 4, 5), {"axes": [(0, 1), (0, 1), (-3, -2)]}),
    (np.vecdot, (3, 2), (3, 2), {"axis": 0}),
    (np.vecdot, (3, 2), (3, 2), {"axis": 0, "keepdims": True}),
    (np.vecdot, (3, 2), (3, 2), {"keepdims": True}),
    (np.vecdot, (3, 2), (2, 3), {"axes": [0, 1]}),
    (np.vecdot, (3, 2), (2, 3), {"axes": [(0,), (1,), ()]}),
]
if hasattr(np, "matvec"):
    AXES += [
        (np.matvec, (3, 2), (3,), {"axes": [(1, 0), 0, 0]}),
        (np.matvec, (5, 3, 2), (2, 5), {"axes": [(1, 2), (0,), (0,)]}),
        (np.vecmat, (3,), (2, 3), {"axes": [0, (1, 0), 0]}),
    ]


@pytest.mark.parametrize(("ufunc", "first", "second", "keywords"), AXES)
@pytest.mark.parametrize("dtype", [float, complex])
def test_products_along_any_axes(ufunc, first, second, keywords, dtype, rng):
    x, y = rng.uniform(-1, 1, first).astype(dtype), rng.uniform(-1, 1, second).astype(dtype)
    if dtype is complex:
        x, y = x + 0.3j, y - 0.2j
    expected, found = ufunc(x, y, **keywords), ufunc(Tensor(x), Tensor(y), **keywords)
    assert found.shape == expected.shape
    np.testing.assert_allclose(found.data, expected, rtol=1e-13)
    check_derivatives(lambda a, b: ufunc(a, b, **keywords), [x, y], rng, label=ufunc.__name__)


def test_vecdot_of_linalg_takes_an_axis(rng):
    x, y = rng.uniform(-1, 1, (3, 2)) + 0.5j, rng.uniform(-1, 1, (3, 2)) - 0.5j
    found = np.linalg.vecdot(Tensor(x), y, axis=0)
    np.testing.assert_allclose(found.data, np.linalg.vecdot(x, y, axis=0))


# ------------------------------------------------------------------------------ refusals


@every_ufunc
def test_where_without_out_is_refused_with_the_way_out(ufunc, rng):
    tensors = [Tensor(x) for x in operands(ufunc, rng, float)]
    with pytest.raises(TypeError, match=rf"{ufunc.__name__}.*where"):
        ufunc(*tensors, where=np.array([True, False, True, True]))


def test_where_names_what_to_write():
    with pytest.raises(ag.NotDifferentiable) as caught:
        np.sqrt(Tensor([1.0, -1.0]), where=np.array([True, False]))
    assert "uninitialised" in str(caught.value)
    assert "np.where(condition, np.sqrt(x), value)" in str(caught.value)


def test_where_of_what_is_plain_is_numpys():
    mask = np.array([True, False])
    assert np.logical_and.reduce(Tensor([1.0, 0.0]), where=mask)
    assert np.floor in PLAIN


def test_writing_into_an_array_in_place_names_the_way_out():
    array = np.ones(2)
    with pytest.raises(ag.NotDifferentiable, match=r"out=.*array = array \+ tensor"):
        array += Tensor([1.0, 2.0])
    np.testing.assert_array_equal(array, 1.0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: np.exp(x, dtype=int), r"np\.exp\(.*float64.*int64.*x\.astype"),
        (lambda x: np.add(x, 1j, dtype=float), r"np\.add\(.*dtype=float64.*x\.astype"),
        (lambda x: np.add(x, 1.0, dtype=object), "object"),
        (lambda x: np.vecdot(x, x, axis=5), "vecdot.*axis 5"),
        (lambda x: np.matmul(x, x, axes=[(0, 1)]), "matmul.*axes"),
    ],
)
def test_messages(call, words):
    with pytest.raises(ag.AutogradError, match=words):
        call(Tensor([[1.0, 2.0], [3.0, 4.0]]))
