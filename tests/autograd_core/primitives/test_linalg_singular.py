"""The singular value decomposition.

The phases (the signs) of singular vectors are LAPACK's choice, and so is the basis of what
``full_matrices=True`` adds. So vectors are tested through functions that do not depend on them.
"""

import numpy as np
import pytest

from autograd_core import NotDifferentiable, Tensor
from tests.autograd_core.agreement import check_like_numpy, check_value
from tests.autograd_core.checking import check_derivatives

DTYPES = [float, complex]
every_dtype = pytest.mark.parametrize("dtype", DTYPES)
SHAPES = [(1, 1), (3, 3), (4, 2), (2, 4), (2, 3, 2), (2, 1, 2, 3)]
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


def draw(rng, dtype, *shape):
    """Matrices whose singular values lie apart."""
    x = rng.uniform(-0.4, 0.4, shape) + 1j * rng.uniform(-0.4, 0.4, shape)
    places = np.arange(min(shape[-2:]))
    x[..., places, places] += 1 + 1.5 * places
    return x if dtype is complex else x.real


def adjoint(x):
    return np.conj(np.swapaxes(x, -1, -2))


@every_dtype
@every_shape
def test_singular_values(shape, dtype, rng):
    x = draw(rng, dtype, *shape)
    for function in (
        np.linalg.svdvals,
        lambda x: np.linalg.svd(x, compute_uv=False),
        lambda x: np.linalg.svd(x)[1],
        lambda x: np.linalg.svd(x, full_matrices=False).S,
    ):
        check_like_numpy(function, [x], rng, units=64)


@every_dtype
@every_shape
@pytest.mark.parametrize("full", [True, False])
def test_what_is_determined_of_singular_vectors(full, shape, dtype, rng):
    count = min(shape[-2:])

    def determined(x):
        u, s, vh = np.linalg.svd(x, full_matrices=full)
        left, right = u[..., :count], vh[..., :count, :]
        turned = (left * np.log(s)[..., None, :]) @ right
        rest = u[..., count:]
        return turned, np.abs(left), np.abs(right), rest @ adjoint(rest)

    check_like_numpy(determined, [draw(rng, dtype, *shape)], rng, units=500)


def test_singular_vectors_of_real_matrices_are_differentiable_themselves(rng):
    x = draw(rng, float, 4, 3)
    check_derivatives(lambda x: list(np.linalg.svd(x, full_matrices=False)), [x], rng)


@every_dtype
def test_put_together_again_it_is_the_matrix(dtype, rng):
    def together(x):
        u, s, vh = np.linalg.svd(x, full_matrices=False)
        return (u * s) @ vh

    x = draw(rng, dtype, 4, 3)
    leaf = Tensor(x)
    seed = draw(rng, dtype, 4, 3)
    together(leaf).backward(seed)
    np.testing.assert_allclose(leaf.grad, seed, atol=1e-12)


@pytest.mark.parametrize("full", [True, False])
def test_the_result_is_numpys_named_tuple(full, rng):
    x = draw(rng, float, 4, 2)
    result, expected = np.linalg.svd(Tensor(x), full), np.linalg.svd(x, full)
    assert type(result) is type(expected)
    for out, value in zip(result, expected, strict=True):
        check_value(out, value)


@every_dtype
@pytest.mark.parametrize("shape", [(3, 3), (2, 3, 3)])
def test_hermitian_matrices(shape, dtype, rng):
    x = draw(rng, dtype, *shape) * np.array([1, -1, 1])
    x = x + adjoint(x)

    def determined(x):
        u, s, vh = np.linalg.svd(x, hermitian=True)
        return s, (u * np.log(s)[..., None, :]) @ vh, np.abs(u)

    check_like_numpy(determined, [x], rng, units=500)
    check_like_numpy(
        lambda x: np.linalg.svd(x, compute_uv=False, hermitian=True), [x], rng, units=64
    )
    u, s, vh = np.linalg.svd(Tensor(x), hermitian=True)
    np.testing.assert_allclose(((u * s[..., None, :]) @ vh).data, x, atol=1e-12)
    assert type(np.linalg.svd(Tensor(x), hermitian=True)) is type(np.linalg.svd(x))


# ------------------------------------------------------------------------------ degenerate


def test_vectors_of_coinciding_singular_values_have_no_derivative():
    u, _, _ = np.linalg.svd(Tensor(np.eye(3)))
    with pytest.raises(NotDifferentiable, match="singular values coincide"):
        u.sum().backward()


def test_coinciding_singular_values_have_a_gradient_where_their_order_does_not_matter():
    x = Tensor(2 * np.eye(3))
    (np.linalg.svdvals(x) ** 2).sum().backward()
    np.testing.assert_allclose(x.grad, 4 * np.eye(3), atol=1e-12)


@pytest.mark.parametrize("shape", [(4, 2), (2, 4)])
def test_vectors_of_the_singular_value_0_have_no_derivative(shape):
    x = np.zeros(shape)
    x[0, 0] = 1.0
    u, _, _ = np.linalg.svd(Tensor(x), full_matrices=False)
    with pytest.raises(NotDifferentiable, match="singular value is 0"):
        u[:, 1].sum().backward()


def test_the_others_have_one():
    x = np.zeros((4, 2))
    x[0, 0] = 1.0
    leaf = Tensor(x)
    u, _, _ = np.linalg.svd(leaf, full_matrices=False)
    np.abs(u[:, 0]).sum().backward()
    assert np.all(np.isfinite(leaf.grad))


def test_a_singular_value_of_0_has_the_slope_0():
    for x in (np.zeros((2, 3)), np.diag([3.0, 0.0])):
        leaf = Tensor(x)
        np.linalg.svdvals(leaf).sum().backward()
        np.testing.assert_allclose(leaf.grad, x / max(np.max(x), 1), atol=1e-15)


def test_what_depends_on_the_phase_of_a_complex_vector_is_refused(rng):
    x = draw(rng, complex, 3, 3)
    with pytest.raises(NotDifferentiable, match=r"phases of singular vectors are free.*absolute"):
        np.imag(np.linalg.svd(Tensor(x))[0] * (1 + 2j)).sum().backward()


def test_what_depends_on_added_vectors_is_refused(rng):
    u, _, _ = np.linalg.svd(Tensor(draw(rng, float, 5, 2)))
    with pytest.raises(NotDifferentiable, match="full_matrices=True adds are free"):
        u[0, 4].backward()


def test_messages():
    for function in (np.linalg.svd, np.linalg.svdvals):
        with pytest.raises(np.linalg.LinAlgError, match=function.__name__):
            function(Tensor(np.ones(3)))
