"""Cholesky's and QR factors. Both are unique as LAPACK gives them, up to the added columns of Q."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import NotDifferentiable, Tensor
from tests.autograd_core.agreement import check_like_numpy
from tests.autograd_core.checking import check_derivatives

DTYPES = [float, complex]
every_dtype = pytest.mark.parametrize("dtype", DTYPES)


def draw(rng, dtype, *shape):
    x = rng.uniform(-0.5, 0.5, shape) + 1j * rng.uniform(-0.5, 0.5, shape)
    x = x + 3 * np.eye(*shape[-2:])
    return x if dtype is complex else x.real


def adjoint(x):
    return np.conj(np.swapaxes(x, -1, -2))


@every_dtype
@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("shape", [(1, 1), (3, 3), (2, 1, 2, 2), (0, 2, 2)], ids=str)
def test_cholesky(shape, upper, dtype, rng):
    x = draw(rng, dtype, *shape)
    check_like_numpy(lambda x: np.linalg.cholesky(x, upper=upper), [x], rng, units=32)


@every_dtype
def test_cholesky_of_a_matrix_made_hermitian(dtype, rng):
    x = draw(rng, dtype, 3, 3)
    check_derivatives(lambda x: np.linalg.cholesky(x @ adjoint(x)), [x], rng)


@every_dtype
@pytest.mark.parametrize("upper", [False, True])
def test_the_gradient_is_at_the_triangle_that_is_read(upper, dtype, rng):
    leaf = Tensor(draw(rng, dtype, 3, 3))
    np.abs(np.linalg.cholesky(leaf, upper=upper)).sum().backward()
    unread = np.tril(leaf.grad, -1) if upper else np.triu(leaf.grad, 1)
    np.testing.assert_array_equal(unread, 0)


def test_the_gradient_is_right_for_a_program_that_fills_one_triangle_only(rng):
    x = draw(rng, float, 3, 3)
    check_derivatives(lambda x: np.linalg.cholesky(np.tril(x)), [x], rng)


def test_a_matrix_that_is_not_definite_says_so():
    with pytest.raises(np.linalg.LinAlgError, match="positive eigenvalues") as caught:
        np.linalg.cholesky(Tensor([[1.0, 2.0], [2.0, 1.0]]))
    assert isinstance(caught.value, ag.LinearAlgebraError)


QR = [(1, 1), (3, 3), (4, 2), (2, 4), (2, 3, 2), (2, 1, 2, 3)]


@every_dtype
@pytest.mark.parametrize("shape", QR, ids=str)
def test_qr(shape, dtype, rng):
    x = draw(rng, dtype, *shape)
    check_like_numpy(np.linalg.qr, [x], rng, units=64)
    check_like_numpy(lambda x: np.linalg.qr(x, mode="r"), [x], rng, units=64)
    assert type(np.linalg.qr(Tensor(x))) is type(np.linalg.qr(x))


@every_dtype
@pytest.mark.parametrize("shape", QR, ids=str)
def test_complete_qr(shape, dtype, rng):
    count = min(shape[-2:])

    def determined(x):
        q, r = np.linalg.qr(x, "complete")
        rest = q[..., count:]
        return q[..., :count], r, rest @ adjoint(rest)

    x = draw(rng, dtype, *shape)
    check_like_numpy(determined, [x], rng, units=64)
    q, r = np.linalg.qr(Tensor(x), "complete")
    expected = np.linalg.qr(x, "complete")
    assert (q.shape, r.shape) == (expected.Q.shape, expected.R.shape)


def test_added_columns_are_free_so_what_depends_on_them_is_refused(rng):
    q, _ = np.linalg.qr(Tensor(draw(rng, float, 5, 2)), mode="complete")
    with pytest.raises(NotDifferentiable, match="adds to Q are free"):
        q[0, 3].backward()


def test_columns_that_depend_on_each_other_are_refused(rng):
    x = draw(rng, float, 3, 2)
    x[:, 1] = 2 * x[:, 0]
    with pytest.raises(ag.LinearAlgebraError, match=r"qr: .*np\.linalg\.svd"):
        np.linalg.qr(Tensor(x)).Q.sum().backward()


def test_the_mode_raw_is_refused():
    for mode in ("raw", "economic"):
        with pytest.raises(NotDifferentiable, match=r"mode='.*'reduced', 'complete' or 'r'"):
            np.linalg.qr(Tensor(np.eye(2)), mode=mode)
    with pytest.raises(ag.ShapeError, match=r"qr.*Unrecognized mode"):
        np.linalg.qr(Tensor(np.eye(2)), mode="none")
    with pytest.warns(DeprecationWarning, match="full"):
        assert np.linalg.qr(Tensor(np.eye(2)), mode="full").Q.requires_grad
