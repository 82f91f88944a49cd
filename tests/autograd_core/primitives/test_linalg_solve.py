"""Inverse, determinant and linear systems: all shapes, complex, singular matrices, messages."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.agreement import check_like_numpy
from tests.autograd_core.checking import check_derivatives

DTYPES = [float, complex]
every_dtype = pytest.mark.parametrize("dtype", DTYPES)
SHAPES = [(1, 1), (2, 2), (3, 3), (4, 2, 2), (2, 1, 3, 3), (0, 2, 2)]
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


def draw(rng, dtype, *shape):
    """A matrix far from singular (if it is square), or just numbers."""
    x = rng.uniform(-1, 1, shape)
    if np.dtype(dtype).kind == "c":
        x = x + 1j * rng.uniform(-1, 1, shape)
    if len(shape) > 1 and shape[-1] == shape[-2]:
        x = x + 3 * np.eye(shape[-1])
    return x


@every_dtype
@every_shape
@pytest.mark.parametrize("function", [np.linalg.inv, np.linalg.det, np.linalg.slogdet])
def test_inverse_and_determinants(function, shape, dtype, rng):
    check_like_numpy(function, [draw(rng, dtype, *shape)], rng, units=64)


def test_slogdet_is_numpys_named_tuple(rng):
    x = draw(rng, float, 3, 3)
    result = np.linalg.slogdet(Tensor(x))
    assert type(result) is type(np.linalg.slogdet(x))
    result.logabsdet.backward()


def test_the_sign_of_a_negative_determinant(rng):
    x = draw(rng, float, 3, 3)[[1, 0, 2]]
    leaf = Tensor(x)
    sign, logarithm = np.linalg.slogdet(leaf)
    assert sign.data == -1
    logarithm.backward()
    np.testing.assert_allclose(leaf.grad, np.linalg.inv(x).T)


@every_dtype
@pytest.mark.parametrize("rank", [0, 1, 2])
def test_the_determinant_of_singular_matrices(rank, dtype, rng):
    x = np.zeros((3, 3), dtype)
    x[:, :rank] = draw(rng, dtype, 3, 2)[:, :rank]
    assert np.linalg.det(x) == 0
    check_derivatives(np.linalg.det, [x], rng)


def test_the_determinant_of_matrices_singular_to_rounding(rng):
    x = np.arange(1.0, 10.0).reshape(3, 3)
    check_derivatives(np.linalg.det, [x], rng)
    leaf = Tensor(x)
    np.linalg.det(leaf).backward()
    np.testing.assert_allclose(leaf.grad, [[-3, 6, -3], [6, -12, 6], [-3, 6, -3]], atol=1e-12)


def test_the_determinant_of_a_large_matrix_near_singular(rng):
    x = draw(rng, float, 20, 20)
    x[0] = x[1] + 1e-9 * x[2]
    leaf = Tensor(x)
    np.linalg.det(leaf).backward()
    np.testing.assert_allclose(leaf.grad, np.linalg.det(x) * np.linalg.inv(x).T, rtol=1e-6)


@every_dtype
def test_the_determinant_of_a_large_singular_matrix(dtype, rng):
    x = draw(rng, dtype, 20, 20) / 3
    x[:, 4] = 0
    assert np.linalg.det(x) == 0
    check_derivatives(np.linalg.det, [x], rng, order=1)


def test_singular_and_regular_matrices_in_one_stack():
    x = np.stack([np.eye(2), np.ones((2, 2)), np.zeros((2, 2))])
    leaf = Tensor(x)
    np.linalg.det(leaf).backward(np.ones(3))
    np.testing.assert_allclose(leaf.grad, [np.eye(2), [[1, -1], [-1, 1]], np.zeros((2, 2))])


def test_slogdet_of_a_singular_matrix_says_so_where_it_is_used():
    x = Tensor(np.stack([2 * np.eye(2), np.ones((2, 2))]))
    with pytest.raises(ag.LinearAlgebraError, match=r"slogdet.*singular"):
        np.linalg.slogdet(x).logabsdet.backward(np.ones(2))
    sign, logarithm = np.linalg.slogdet(x)
    np.where(sign.data != 0, logarithm, 0).backward(np.ones(2))
    np.testing.assert_allclose(x.grad, [0.5 * np.eye(2), np.zeros((2, 2))])


SYSTEMS = [
    ((3, 3), (3,)),
    ((3, 3), (3, 1)),
    ((3, 3), (3, 4)),
    ((2, 3, 3), (3,)),
    ((2, 3, 3), (2, 3, 2)),
    ((2, 3, 3), (3, 2)),
    ((3, 3), (2, 3, 2)),
    ((2, 1, 2, 2), (4, 2, 3)),
    ((1, 1), (1,)),
    ((0, 0), (0, 2)),
]


@every_dtype
@pytest.mark.parametrize("shapes", SYSTEMS, ids=str)
def test_solve(shapes, dtype, rng):
    arrays = [draw(rng, dtype, *shapes[0]), rng.uniform(-1, 1, shapes[1]).astype(dtype)]
    check_like_numpy(np.linalg.solve, arrays, rng, units=64)


def test_one_of_matrix_and_right_hand_side_is_complex(rng):
    x, y = draw(rng, float, 3, 3), draw(rng, complex, 3)
    check_derivatives(np.linalg.solve, [x, y], rng)
    check_derivatives(np.linalg.solve, [x + 1j * x.T, y.real], rng)


def test_constants_and_keywords(rng):
    x, y = draw(rng, float, 2, 2), rng.uniform(-1, 1, 2)
    for result in (
        np.linalg.solve(Tensor(x), [1, 2]),
        np.linalg.solve(a=Tensor(x), b=[1, 2]),
    ):
        np.testing.assert_allclose(result.data, np.linalg.solve(x, [1, 2]))
        assert result.requires_grad
    assert np.linalg.solve([[2, 0], [0, 2]], Tensor(y)).requires_grad
    assert np.linalg.inv(a=Tensor(x)).requires_grad


@pytest.mark.parametrize(
    ("shape", "ind"), [((4, 6, 8, 3), 2), ((24, 8, 3), 1), ((2, 3, 6), 2), ((2, 2), 1)]
)
def test_tensorinv(shape, ind, rng):
    size = int(np.prod(shape[:ind]))
    x = (rng.uniform(-0.1, 0.1, (size, size)) + np.eye(size)).reshape(shape)
    order = 2 if size < 10 else 1
    check_like_numpy(lambda x: np.linalg.tensorinv(x, ind=ind), [x], rng, units=64, order=order)


@pytest.mark.parametrize(
    ("shape", "right", "axes"),
    [
        ((2, 3, 6), (2, 3), None),
        ((2, 3, 2, 3), (2, 3), None),
        ((6, 2, 3), (6,), None),
        ((3, 2, 2, 3), (2, 3), (0, 2)),
    ],
    ids=str,
)
def test_tensorsolve(shape, right, axes, rng):
    x = rng.uniform(-1, 1, shape)
    arrays = [x, rng.uniform(-1, 1, right)]
    check_like_numpy(
        lambda x, y: np.linalg.tensorsolve(x, y, axes=axes), arrays, rng, units=1000, order=1
    )


@pytest.mark.parametrize(
    ("call", "operation", "words"),
    [
        (lambda: np.linalg.inv(Tensor(np.ones((2, 2)))), "inv", "np.linalg.pinv"),
        (lambda: np.linalg.inv(Tensor(np.ones((2, 3)))), "inv", "square matrices"),
        (lambda: np.linalg.det(Tensor(np.ones((2, 3)))), "det", "square matrices"),
        (lambda: np.linalg.solve(Tensor(np.ones((2, 2))), np.ones(2)), "solve", "no inverse"),
        (lambda: np.linalg.tensorinv(Tensor(np.ones((2, 3)))), "tensorinv", ""),
        (lambda: np.linalg.tensorinv(Tensor(np.eye(2)), ind=0), "tensorinv", "at least 1"),
        (
            lambda: np.linalg.tensorsolve(Tensor(np.ones((2, 3))), np.ones(2)),
            "tensorsolve",
            "as many elements",
        ),
    ],
)
def test_messages(call, operation, words):
    with pytest.raises(ValueError, match=operation) as caught:
        call()
    assert isinstance(caught.value, ag.AutogradError)
    assert words in str(caught.value)


def test_a_singular_matrix_is_numpys_exception():
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.inv(Tensor(np.zeros((2, 2))))
