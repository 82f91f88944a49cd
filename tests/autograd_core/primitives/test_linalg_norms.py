"""Norms in every form, and condition numbers."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.agreement import check_like_numpy
from tests.autograd_core.checking import check_derivatives

DTYPES = [float, complex]
every_dtype = pytest.mark.parametrize("dtype", DTYPES)
INF = np.inf
VECTOR_ORDERS = [None, 1, 2, 3, 1.5, 0.5, -1, -2, -2.5, INF, -INF]
MATRIX_ORDERS = [None, "fro", "f", "nuc", 1, -1, 2, -2, INF, -INF]


def draw(rng, dtype, *shape):
    """Numbers no two of which, nor sums of which, have nearly the same absolute value."""
    sizes = 0.4 * 1.15 ** rng.permutation(int(np.prod(shape)))
    angles = (
        rng.choice([0, np.pi], sizes.shape) if dtype is float else rng.uniform(0, 6, sizes.shape)
    )
    x = (sizes * np.exp(1j * angles)).reshape(shape)
    return x if dtype is complex else x.real


@every_dtype
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("ord", VECTOR_ORDERS)
@pytest.mark.parametrize(("shape", "axis"), [((4,), None), ((3, 2), 0), ((2, 3, 2), -1)], ids=str)
def test_norms_of_vectors(shape, axis, ord, keepdims, dtype, rng):  # noqa: A002
    def norm(x):
        return np.linalg.norm(x, ord, axis, keepdims)

    check_like_numpy(norm, [draw(rng, dtype, *shape)], rng, units=32)


@every_dtype
@pytest.mark.parametrize("ord", MATRIX_ORDERS)
@pytest.mark.parametrize(
    ("shape", "keywords"),
    [
        ((3, 2), {}),
        ((2, 3), {"keepdims": True}),
        ((2, 3, 2), {"axis": (0, 1)}),
        ((2, 3, 2), {"axis": (-1, 0), "keepdims": True}),
        ((3, 2), {"axis": (1, 0)}),
    ],
    ids=str,
)
def test_norms_of_matrices(shape, keywords, ord, dtype, rng):  # noqa: A002
    def norm(x):
        return np.linalg.norm(x, ord, **keywords)

    check_like_numpy(norm, [draw(rng, dtype, *shape)], rng, units=64)


@pytest.mark.parametrize("shape", [(), (2, 3, 4), (1,)], ids=str)
def test_the_norm_of_all_elements(shape, rng):
    x = np.asarray(draw(rng, float, *shape))[()]
    check_like_numpy(np.linalg.norm, [x], rng)
    check_like_numpy(lambda x: np.linalg.norm(x, keepdims=True), [x], rng)


@every_dtype
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("ord", MATRIX_ORDERS)
def test_matrix_norm(ord, keepdims, dtype, rng):  # noqa: A002
    def norm(x):
        return np.linalg.matrix_norm(x, keepdims=keepdims, ord=ord)

    check_like_numpy(norm, [draw(rng, dtype, 2, 2, 3)], rng, units=64)


@every_dtype
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("ord", VECTOR_ORDERS[1:])
@pytest.mark.parametrize("axis", [None, 1, -1, (0, 2), (2, 1), (0, 1, 2)])
def test_vector_norm(axis, ord, keepdims, dtype, rng):  # noqa: A002
    def norm(x):
        return np.linalg.vector_norm(x, axis=axis, keepdims=keepdims, ord=ord)

    check_like_numpy(norm, [draw(rng, dtype, 2, 3, 2)], rng, units=64)


def test_the_order_0_counts_so_it_is_plain():
    x = np.array([[1.0, 0.0], [2.0, 3.0]])
    for function in (
        lambda x: np.linalg.norm(x, 0, axis=1),
        lambda x: np.linalg.vector_norm(x, ord=0),
    ):
        result = function(Tensor(x))
        assert not isinstance(result, Tensor)
        np.testing.assert_array_equal(result, function(x))


# ------------------------------------------------------------------------------ where it bends


@every_dtype
@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("ord", [*VECTOR_ORDERS, "vector"])
def test_at_0_the_gradient_of_a_norm_is_0(ord, order, dtype):  # noqa: A002
    x = Tensor(np.zeros(3, dtype))
    with np.errstate(divide="ignore"):  # 0 to a negative power, which NumPy computes
        size = np.linalg.vector_norm(x) if ord == "vector" else np.linalg.norm(x, ord)
    size.backward(create_graph=order == 2)
    first, x.grad = x.grad, None
    if order == 1:
        np.testing.assert_array_equal(first, np.zeros(3, dtype))
    elif first.requires_grad:  # else it is constant
        np.real(first.sum()).backward()
        assert x.grad is None or not np.any(x.grad)


@pytest.mark.parametrize("ord", MATRIX_ORDERS)
def test_at_0_the_gradient_of_a_matrix_norm_is_0(ord):  # noqa: A002
    x = Tensor(np.zeros((2, 3)))
    np.linalg.matrix_norm(x, ord=ord).backward()
    np.testing.assert_array_equal(x.grad, np.zeros((2, 3)))


def test_rows_of_zeros_beside_others():
    x = np.array([[0.0, 0.0], [3.0, 4.0]])
    leaf = Tensor(x)
    np.linalg.norm(leaf, axis=1).backward(np.ones(2))
    np.testing.assert_allclose(leaf.grad, [[0, 0], [0.6, 0.8]])


def test_elements_of_0_get_0():
    for order in (1, 1.5, 3):
        x = Tensor([0.0, 2.0])
        np.linalg.norm(x, order).backward()
        np.testing.assert_allclose(x.grad, [0, 1])


def test_ties_share_equally():
    x = Tensor([3.0, -3.0, 1.0])
    np.linalg.norm(x, np.inf).backward()
    np.testing.assert_array_equal(x.grad, [0.5, -0.5, 0])


def test_no_elements():
    x = Tensor(np.zeros((0, 3)))
    for function in (np.linalg.norm, lambda x: np.linalg.norm(x, axis=0)):
        np.testing.assert_array_equal(function(x).data, function(x.data))
    for order in (1, 2, "nuc"):
        assert np.all(np.linalg.norm(x, order) == np.linalg.norm(x.data, order))


def test_large_powers_do_not_overflow():
    x = Tensor([1e200, 1e199])
    np.linalg.norm(x / 1e200, 200).backward()
    assert np.all(np.isfinite(x.grad))


@pytest.mark.parametrize(
    ("shape", "arguments", "words"),
    [
        ((3,), {"ord": "fro"}, "Invalid norm order"),
        ((2, 2), {"ord": 3}, "Invalid norm order"),
        ((2, 2, 2), {"ord": 2}, "Improper number of dimensions"),
        ((2, 2), {"ord": 1, "axis": (0, 0)}, "Duplicate"),
        ((2, 2), {"axis": 5}, "axis 5"),
    ],
)
def test_messages(shape, arguments, words):
    with pytest.raises(ValueError, match="norm") as caught:
        np.linalg.norm(Tensor(np.ones(shape)), **arguments)
    assert isinstance(caught.value, ag.AutogradError)
    assert words in str(caught.value)


# ------------------------------------------------------------------------------ condition


@every_dtype
@pytest.mark.parametrize("p", [None, 2, -2, 1, -1, INF, -INF, "fro", "nuc"])
@pytest.mark.parametrize("shape", [(3, 3), (2, 2, 2)], ids=str)
def test_cond(shape, p, dtype, rng):
    x = draw(rng, dtype, *shape) + 2 * np.eye(shape[-1])
    check_like_numpy(lambda x: np.linalg.cond(x, p), [x], rng, units=500, order=1)


def test_cond_of_any_shape(rng):
    check_derivatives(np.linalg.cond, [draw(rng, float, 4, 2)], rng)


@pytest.mark.parametrize("p", [None, 1, "fro"])
def test_cond_of_a_singular_matrix_is_infinite(p):
    x = Tensor(np.stack([np.eye(2), np.zeros((2, 2)), np.diag([2.0, 1.0])]))
    result = np.linalg.cond(x, p)
    np.testing.assert_allclose(result.data, np.linalg.cond(x.data, p))
    result.backward(np.ones(3))
    np.testing.assert_array_equal(x.grad[1], 0)
    assert np.all(np.isfinite(x.grad))
    alone = Tensor(np.zeros((2, 2)))
    assert np.linalg.cond(alone, p).data == np.inf


def test_the_rank_is_plain():
    rank = np.linalg.matrix_rank(Tensor(np.ones((3, 3))))
    assert not isinstance(rank, Tensor)
    assert rank == 1
