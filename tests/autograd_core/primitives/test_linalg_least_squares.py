"""Pseudo-inverse and least squares, of matrices of every shape and rank."""

import numpy as np
import pytest

from autograd_core import Tensor
from tests.autograd_core.agreement import check_like_numpy, check_value
from tests.autograd_core.checking import check_derivatives

DTYPES = [float, complex]
every_dtype = pytest.mark.parametrize("dtype", DTYPES)


def draw(rng, dtype, *shape):
    x = rng.uniform(-1, 1, shape)
    if len(shape) > 1 and shape[-1] == shape[-2]:
        x = x + 2 * np.eye(shape[-1])
    return x + 1j * rng.uniform(-1, 1, shape) if dtype is complex else x


@every_dtype
@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 3, 2), (0, 3), (1, 1)], ids=str)
def test_pinv(shape, dtype, rng):
    check_like_numpy(np.linalg.pinv, [draw(rng, dtype, *shape)], rng, units=500)


@pytest.mark.parametrize(
    "keywords", [{"rcond": 1e-10}, {"rtol": 1e-10}, {"rtol": None}, {"rcond": np.array(1e-8)}]
)
def test_arguments_of_pinv(keywords, rng):
    x = draw(rng, float, 4, 3)
    check_like_numpy(lambda x: np.linalg.pinv(x, **keywords), [x], rng, units=500)


@every_dtype
def test_pinv_of_hermitian_matrices_reads_one_triangle(dtype, rng):
    x = draw(rng, dtype, 3, 3) + 2 * np.diag([1, -2, 3])
    check_like_numpy(lambda x: np.linalg.pinv(x, hermitian=True), [x], rng, units=500)
    leaf = Tensor(x)
    np.linalg.pinv(leaf, hermitian=True).backward(np.ones((3, 3)))
    np.testing.assert_array_equal(np.triu(leaf.grad, 1), 0)


@every_dtype
@pytest.mark.parametrize("shape", [(4, 3), (3, 4), (3, 3)])
def test_pinv_along_matrices_that_keep_their_rank(shape, dtype, rng):
    """A product of thin factors has their rank, whatever the factors."""
    thin, flat = draw(rng, dtype, shape[0], 2), draw(rng, dtype, 2, shape[1])
    check_derivatives(lambda a, b: np.linalg.pinv(a @ b, rcond=1e-9), [thin, flat], rng)


@every_dtype
@pytest.mark.parametrize(
    ("left", "right"),
    [((4, 2), (4,)), ((4, 2), (4, 3)), ((3, 3), (3,)), ((2, 4), (2,)), ((2, 4), (2, 2))],
    ids=str,
)
def test_lstsq(left, right, dtype, rng):
    arrays = [draw(rng, dtype, *left), draw(rng, dtype, *right)]

    def recorded(a, b):
        x, residuals, rank, values = np.linalg.lstsq(a, b, rcond=None)
        assert not isinstance(rank, Tensor)
        return x, residuals, values

    check_like_numpy(recorded, arrays, rng, units=500)
    rank = np.linalg.lstsq(*map(Tensor, arrays), None)[2]
    expected = np.linalg.lstsq(*arrays, None)[2]
    assert (rank, type(rank)) == (expected, type(expected))


def test_lstsq_where_columns_depend_on_each_other(rng):
    thin, flat, b = draw(rng, float, 5, 2), draw(rng, float, 2, 3), draw(rng, float, 5)
    a = thin @ flat
    result = np.linalg.lstsq(Tensor(a), Tensor(b), rcond=1e-10)
    expected = np.linalg.lstsq(a, b, rcond=1e-10)
    assert result[2] == expected[2] == 2
    for i in (0, 1, 3):
        check_value(result[i], expected[i], units=500)
    check_derivatives(
        lambda u, v, b: np.linalg.lstsq(u @ v, b, rcond=1e-10)[0], [thin, flat, b], rng
    )


@pytest.mark.parametrize("rcond", [-1, 1e-3, None])
def test_the_rank_of_lstsq_follows_rcond(rcond, rng):
    a = draw(rng, float, 4, 3)
    a[:, 2] = a[:, 1] + 1e-5 * a[:, 0]
    b = draw(rng, float, 4)
    rank = np.linalg.lstsq(Tensor(a), b, rcond)[2]
    assert rank == np.linalg.lstsq(a, b, rcond)[2]


def test_a_line_through_points_is_fitted():
    x, y = np.array([0.0, 1.0, 2.0, 3.0]), Tensor([1.0, 3.0, 5.0, 8.0])
    slope = np.linalg.lstsq(np.stack([x, np.ones(4)], axis=1), y)[0][0]
    slope.backward()
    np.testing.assert_allclose(y.grad, (x - x.mean()) / ((x - x.mean()) ** 2).sum(), atol=1e-15)


def test_messages():
    with pytest.raises(np.linalg.LinAlgError, match=r"lstsq.*shape \(3, 2\)"):
        np.linalg.lstsq(Tensor(np.ones((3, 2))), np.ones(4))
    with pytest.raises(np.linalg.LinAlgError, match="pinv"):
        np.linalg.pinv(Tensor(np.ones(3)))
