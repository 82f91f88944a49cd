"""Powers of matrices and products of several."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.agreement import check_like_numpy


@pytest.mark.parametrize("dtype", [float, complex])
@pytest.mark.parametrize("shape", [(3, 3), (2, 1, 2, 2)], ids=str)
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7, 8, -1, -2, -3, np.int64(6)])
def test_matrix_power(n, shape, dtype, rng):
    x = rng.uniform(-0.3, 0.3, shape) + np.eye(shape[-1])
    if dtype is complex:
        x = x + 1j * rng.uniform(-0.3, 0.3, shape)
    check_like_numpy(lambda x: np.linalg.matrix_power(x, n), [x], rng, units=64)


def test_the_power_0_is_a_constant():
    result = np.linalg.matrix_power(Tensor(np.ones((2, 2), "float32")), 0)
    assert not isinstance(result, Tensor)
    np.testing.assert_array_equal(result, np.eye(2, dtype="float32"), strict=True)


@pytest.mark.parametrize(
    ("x", "n", "error"),
    [
        (np.ones((2, 3)), 2, np.linalg.LinAlgError),
        (np.ones((2, 3)), 0, np.linalg.LinAlgError),
        (np.ones(3), 1, np.linalg.LinAlgError),
        (np.ones((2, 2)), -1, np.linalg.LinAlgError),
        (np.eye(2), 0.5, TypeError),
    ],
)
def test_messages_of_matrix_power(x, n, error):
    with pytest.raises(error, match="matrix_power") as caught:
        np.linalg.matrix_power(Tensor(x), n)
    assert isinstance(caught.value, ag.AutogradError)


@pytest.mark.parametrize(
    "shapes",
    [
        [(2, 3), (3, 4)],
        [(3,), (3,)],
        [(2, 3), (3, 4), (4, 2)],
        [(3,), (3, 4), (4,)],
        [(3,), (3, 4), (4, 2)],
        [(2, 3), (3, 4), (4,)],
        [(2, 9), (9, 1), (1, 7), (7, 3)],
        [(3,), (3, 2), (2, 5), (5, 4), (4,)],
    ],
    ids=str,
)
@pytest.mark.parametrize("dtype", [float, complex])
def test_multi_dot(shapes, dtype, rng):
    arrays = [rng.uniform(-1, 1, shape).astype(dtype) for shape in shapes]
    check_like_numpy(lambda *x: np.linalg.multi_dot(x), arrays, rng)


def test_multi_dot_multiplies_in_the_cheapest_order(rng):
    arrays = [Tensor(rng.uniform(-1, 1, shape)) for shape in [(50, 2), (2, 50), (50, 2), (2, 50)]]
    result = np.linalg.multi_dot(arrays)
    inner = result._node.parents[0]
    assert inner.shape == (50, 2)


@pytest.mark.parametrize(
    ("shapes", "words"),
    [([(2, 2)], "at least two"), ([(2, 2), (2,), (2, 2)], "matrices in the middle")],
)
def test_messages_of_multi_dot(shapes, words):
    with pytest.raises(ag.ShapeError, match="multi_dot") as caught:
        np.linalg.multi_dot([Tensor(np.ones(shape)) for shape in shapes])
    assert words in str(caught.value)


def test_multi_dot_refuses_out():
    with pytest.raises(ag.NotDifferentiable, match="out="):
        np.linalg.multi_dot([Tensor(np.eye(2))] * 3, out=np.empty((2, 2)))
