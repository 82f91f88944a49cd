"""meshgrid, vander, *_like, and functions applied along axes."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.checking import check_derivatives
from tests.autograd_core.moving import check_moved, same

CALLS = {
    **{
        f"meshgrid, {indexing}, {sparse}, {copy}": (
            lambda *xs, i=indexing, s=sparse, c=copy: list(
                np.meshgrid(*xs, indexing=i, sparse=s, copy=c)
            ),
            [(2,), (3,), (2,)],
        )
        for indexing in ("xy", "ij")
        for sparse in (False, True)
        for copy in (False, True)
    },
    "meshgrid of one": (lambda x: np.meshgrid(x), [(3,)]),  # noqa: PLW0108
    "meshgrid with numbers": (np.meshgrid, [(2,), ()]),
    "apply along rows": (
        lambda x: np.apply_along_axis(lambda row: row * row, 1, x),
        [(2, 3)],
    ),
    "apply along columns, to a number": (
        lambda x: np.apply_along_axis(lambda column: column[0] * column[1], 0, x),
        [(2, 3)],
    ),
    "apply along, to a matrix": (
        lambda x: np.apply_along_axis(np.diag, -1, x),
        [(2, 3)],
    ),
    "apply in the middle, with arguments": (
        lambda x: np.apply_along_axis(lambda v, a, b: v[:a] * b, 1, x, 2, b=3),
        [(2, 3, 2)],
    ),
    "apply over axes": (lambda x: np.apply_over_axes(np.sum, x, [0, -1]), [(2, 3, 2)]),
    "apply over one axis": (lambda x: np.apply_over_axes(np.flip, x, 1), [(2, 3)]),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_is_what_numpy_gives(call, rng):
    function, shapes = call
    check_moved(function, shapes, rng, exact=False)


@pytest.mark.parametrize("columns", [None, 0, 1, 2, 5])
@pytest.mark.parametrize("increasing", [False, True])
def test_vander(columns, increasing, rng):
    check_moved(lambda x: np.vander(x, columns, increasing), [(3,)], rng, exact=False)


def test_vander_at_zero_has_its_slope():
    x = Tensor([0.0])
    np.vander(x, 3).sum().backward()
    np.testing.assert_array_equal(x.grad, [1])


@pytest.mark.parametrize("like", [np.zeros_like, np.ones_like])
@pytest.mark.parametrize("options", [{}, {"dtype": "f4"}, {"shape": (3,)}, {"order": "F"}])
def test_constants_are_plain_arrays(like, options):
    x = Tensor(np.ones((2, 2)))
    out, expected = like(x, **options), like(x.data, **options)
    assert type(out) is np.ndarray
    assert out.dtype == expected.dtype
    np.testing.assert_array_equal(out, expected)
    assert np.empty_like(x).shape == (2, 2)
    assert type(np.full_like(x, 3.0, **options)) is np.ndarray


@pytest.mark.parametrize("options", [{}, {"dtype": "f4"}, {"shape": (3,)}, {"dtype": complex}])
def test_full_of_a_value_that_records(options, rng):
    x, value = Tensor(np.ones((2, 2))), rng.uniform(-2, 2, ())[()]
    expected = np.full_like(x.data, value, **options)
    same(np.full_like(x, Tensor(value), **options), expected, 0)
    if options.get("dtype") != "f4":
        check_derivatives(lambda v: np.full_like(x, v, **options), [value], rng)


def test_full_of_a_row(rng):
    row, x = rng.uniform(-2, 2, 3), Tensor(np.ones((2, 3)))
    same(np.full_like(x, Tensor(row)), np.full_like(x.data, row), 0)
    check_derivatives(lambda v: np.full_like(x, v), [row], rng)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda x: np.meshgrid(x, indexing="no"), ["meshgrid", "'ij'"]),
        (lambda x: np.vander(x[None]), ["vander", "(1, 2)", "ravel"]),
        (lambda x: np.apply_along_axis(np.sum, 1, x[:0, None][:, :0].reshape(0, 2)), ["apply_"]),
        (lambda x: np.apply_along_axis(np.sum, 1, x), ["apply_along_axis", "axis 1"]),
        (lambda x: np.apply_over_axes(lambda t, _: t[0, 0], x[None], 0), ["apply_over_axes"]),
    ],
)
def test_what_is_wrong_is_said(wrong, words):
    with pytest.raises(ag.ShapeError) as caught:
        wrong(Tensor([1.0, 2.0]))
    assert [word for word in words if word not in str(caught.value)] == []
