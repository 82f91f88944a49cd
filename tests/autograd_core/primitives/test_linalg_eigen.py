"""Eigenvalues and eigenvectors.

The phase (the sign) of an eigenvector is LAPACK's choice, so vectors are tested through functions
that do not depend on it: projectors, absolute values, functions of the whole matrix.
"""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import NotDifferentiable, Tensor
from autograd_core.primitives.linalg_eigen import _matching
from tests.autograd_core.agreement import check_like_numpy
from tests.autograd_core.checking import check_derivatives

DTYPES = [float, complex]
every_dtype = pytest.mark.parametrize("dtype", DTYPES)
SHAPES = [(1, 1), (2, 2), (4, 4), (2, 3, 3), (2, 1, 2, 2)]
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


def draw(rng, dtype, *shape):
    """Matrices whose eigenvalues lie apart."""
    x = rng.uniform(-0.5, 0.5, shape)
    if dtype is complex:
        x = x + 1j * rng.uniform(-0.5, 0.5, shape)
    return x + np.diag(1.5 * np.arange(shape[-1]) - 1)


def hermitian(x):
    return x + np.conj(np.swapaxes(x, -1, -2))


def adjoint(x):
    return np.conj(np.swapaxes(x, -1, -2))


# ------------------------------------------------------------------------------ Hermitian


@every_dtype
@every_shape
@pytest.mark.parametrize("uplo", ["L", "U", "u"])
def test_eigenvalues_of_hermitian_matrices(uplo, shape, dtype, rng):
    x = draw(rng, dtype, *shape)
    check_like_numpy(lambda x: np.linalg.eigvalsh(x, uplo), [x], rng, units=64)
    check_like_numpy(lambda x: np.linalg.eigh(x, UPLO=uplo)[0], [x], rng, units=64)


@every_dtype
@every_shape
@pytest.mark.parametrize("uplo", ["L", "U"])
def test_projectors_on_eigenvectors(uplo, shape, dtype, rng):
    def project(x):
        _, v = np.linalg.eigh(x, uplo)
        return (v[..., :1] @ adjoint(v[..., :1])), np.abs(v)

    check_like_numpy(project, [draw(rng, dtype, *shape)], rng, units=500)


@every_dtype
def test_a_function_of_a_matrix_through_its_eigenvalues(dtype, rng):
    def exponential(x):
        w, v = np.linalg.eigh(hermitian(x))
        return (v * np.exp(w)[..., None, :]) @ adjoint(v)

    check_derivatives(exponential, [draw(rng, dtype, 3, 3) / 3], rng)


def test_eigenvectors_of_real_matrices_are_differentiable_themselves(rng):
    x = draw(rng, float, 3, 3)
    check_derivatives(lambda x: list(np.linalg.eigh(x)), [x], rng)


def test_eigh_gives_numpys_named_tuple(rng):
    x = draw(rng, float, 2, 2)
    assert type(np.linalg.eigh(Tensor(x))) is type(np.linalg.eigh(x))
    assert type(np.linalg.eig(Tensor(x))) is type(np.linalg.eig(x))
    np.linalg.eigh(Tensor(x)).eigenvalues.sum().backward()


@every_dtype
@pytest.mark.parametrize("uplo", ["L", "U"])
def test_only_the_triangle_that_is_read_gets_a_gradient(uplo, dtype, rng):
    leaf = Tensor(draw(rng, dtype, 3, 3))
    np.linalg.eigvalsh(leaf, uplo)[1].backward()
    other = np.triu if uplo == "L" else np.tril
    np.testing.assert_array_equal(other(leaf.grad, 1 if uplo == "L" else -1), 0)
    assert np.all(leaf.grad.diagonal().imag == 0)


# ------------------------------------------------------------------------------ general


@every_dtype
@every_shape
def test_eigenvalues_of_any_matrix(shape, dtype, rng):
    x = draw(rng, dtype, *shape)
    check_like_numpy(np.linalg.eigvals, [x], rng, units=200)
    check_like_numpy(lambda x: np.linalg.eig(x)[0], [x], rng, units=200)


def test_complex_eigenvalues_of_a_real_matrix(rng):
    x = np.array([[0.0, -2.0, 0.1], [1.0, 0.3, 0.0], [0.2, 0.0, 3.0]])
    assert np.iscomplexobj(np.linalg.eigvals(x))
    check_like_numpy(np.linalg.eigvals, [x], rng, units=200)
    check_like_numpy(lambda x: np.abs(np.linalg.eig(x)[1]), [x], rng, units=200)


@every_dtype
@every_shape
def test_what_is_determined_of_eigenvectors(shape, dtype, rng):
    def determined(x):
        w, v = np.linalg.eig(x)
        return np.abs(v), (v * np.exp(w)[..., None, :]) @ np.linalg.inv(v)

    check_like_numpy(determined, [draw(rng, dtype, *shape) / 2], rng, units=500)


def test_the_sum_of_eigenvalues_is_the_trace(rng):
    x = Tensor(draw(rng, float, 4, 4))
    np.linalg.eigvals(x).sum().backward()
    np.testing.assert_allclose(x.grad, np.eye(4), atol=1e-12)


def test_eigenvalues_found_in_another_order_are_matched():
    found = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    wanted = np.array([[3.0, 1.0, 2.0], [4.0, 6.0, 5.0]])
    index = _matching(wanted, found)
    np.testing.assert_array_equal(wanted[index], found)
    assert _matching(found, found) is None


# ------------------------------------------------------------------------------ degenerate


def test_vectors_of_coinciding_eigenvalues_have_no_derivative():
    for matrix in (np.eye(3), np.diag([1.0, 1.0, 2.0])):
        _, vectors = np.linalg.eigh(Tensor(matrix))
        with pytest.raises(NotDifferentiable, match="eigenvalues coincide"):
            vectors.sum().backward()
        _, vectors = np.linalg.eig(Tensor(matrix))
        with pytest.raises(NotDifferentiable, match="eigenvalues coincide"):
            vectors.sum().backward()


def test_vectors_of_other_eigenvalues_have_one():
    x = Tensor(np.diag([1.0, 1.0, 2.0]))
    _, v = np.linalg.eigh(x)
    (v[0, 2] ** 2 + v[2, 2] * 2).backward()
    assert np.all(np.isfinite(x.grad))


def test_coinciding_eigenvalues_have_a_gradient_where_their_order_does_not_matter():
    for eigenvalues in (np.linalg.eigvalsh, np.linalg.eigvals, lambda x: np.linalg.eigh(x)[0]):
        x = Tensor(2 * np.eye(3))
        (eigenvalues(x) ** 2).sum().backward()
        np.testing.assert_allclose(x.grad, 4 * np.eye(3))


def test_a_defective_matrix_says_so():
    for eigenvalues in (np.linalg.eigvals, lambda x: np.linalg.eig(x)[0]):
        x = Tensor([[1.0, 1.0], [0.0, 1.0]])
        with pytest.raises(ag.LinearAlgebraError, match="defective"):
            eigenvalues(x).sum().backward()


def test_what_depends_on_the_phase_of_a_complex_eigenvector_is_refused(rng):
    x = draw(rng, complex, 3, 3)
    for function in (np.linalg.eigh, np.linalg.eig):
        with pytest.raises(NotDifferentiable, match=r"phases of eigenvectors are free.*projectors"):
            np.imag(function(Tensor(x))[1] * (1 + 2j)).sum().backward()


def test_messages():
    for function in (np.linalg.eigh, np.linalg.eigvalsh, np.linalg.eig, np.linalg.eigvals):
        with pytest.raises(np.linalg.LinAlgError, match=f"{function.__name__}.*square"):
            function(Tensor(np.ones((2, 3))))
    with pytest.raises(ag.ShapeError, match=r"eigh.*UPLO"):
        np.linalg.eigh(Tensor(np.eye(2)), "X")


@pytest.mark.parametrize("seed", range(30))
def test_the_eigenvalue_of_a_complex_number_is_that_number(seed):
    rng = np.random.default_rng(seed)
    a = Tensor(rng.standard_normal((1, 1)) + 1j * rng.standard_normal((1, 1)))
    (np.linalg.eigvals(a) ** 2).real.sum().backward(create_graph=True)
    first = a.grad
    a.zero_grad()
    first.real.sum().backward()
    np.testing.assert_allclose(first.data, 2 * a.data.conj())
    np.testing.assert_allclose(a.grad, [[2.0]])
