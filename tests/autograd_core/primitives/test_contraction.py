"""Products: vectors, matrices and stacks of them, and the affine map."""

import itertools

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import ShapeError, Tensor
from tests.autograd_core.checking import check_derivatives, pull

LEFT = [(3,), (2, 3), (4, 2, 3), (5, 1, 2, 3)]
RIGHT = [(3,), (3, 2), (4, 3, 2), (1, 4, 3, 2)]


@pytest.mark.parametrize(("left", "right"), list(itertools.product(LEFT, RIGHT)), ids=str)
def test_matmul_in_all_dimensions(left, right, rng):
    x, y = rng.uniform(-2, 2, left), rng.uniform(-2, 2, right)
    np.testing.assert_allclose((Tensor(x) @ Tensor(y)).data, x @ y, rtol=1e-14)
    check_derivatives(np.matmul, [x, y], rng)


@pytest.mark.parametrize(
    ("left", "right"), [((), (2,)), ((3,), ()), *itertools.product(LEFT, RIGHT)], ids=str
)
def test_dot_in_all_dimensions(left, right, rng):
    x, y = np.asarray(rng.uniform(-2, 2, left))[()], np.asarray(rng.uniform(-2, 2, right))[()]
    for product in (np.dot(Tensor(x), Tensor(y)), np.dot(Tensor(x), y), np.dot(x, Tensor(y))):
        np.testing.assert_allclose(product.data, np.dot(x, y), rtol=1e-14)
    np.testing.assert_allclose(Tensor(x).dot(y).data, np.dot(x, y), rtol=1e-14)
    check_derivatives(np.dot, [x, y], rng)


def test_an_array_on_the_left_records(rng):
    x, w = rng.uniform(-2, 2, (4, 3)), Tensor(rng.uniform(-2, 2, 3))
    for product in (x @ w, np.matmul(x, w), np.dot(x, w)):
        product.backward(np.ones(4))
    np.testing.assert_allclose(w.grad, 3 * x.sum(axis=0))


def test_a_quadratic_form(rng):
    a, x = rng.uniform(-2, 2, (3, 3)), rng.uniform(-2, 2, 3)
    leaf = Tensor(x)
    (leaf @ a @ leaf).backward()
    np.testing.assert_allclose(leaf.grad, (a + a.T) @ x, rtol=1e-14)


@pytest.mark.parametrize("layout", [np.ascontiguousarray, np.asfortranarray])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_products_of_transposed_operands(layout, dtype, rng):
    x = layout(rng.uniform(-2, 2, (4, 3)).astype(dtype))
    y = layout(rng.uniform(-2, 2, (4, 5)).astype(dtype))
    a, b = Tensor(x, copy=False), Tensor(y, copy=False)
    v = rng.uniform(-1, 1, (3, 5)).astype(dtype)
    (a.T @ b).backward(v)
    tolerance = 100 * np.finfo(dtype).eps
    np.testing.assert_allclose(a.grad, y @ v.T, rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(b.grad, x @ v, rtol=tolerance, atol=tolerance)
    assert a.grad.dtype == b.grad.dtype == dtype


@pytest.mark.parametrize(
    ("left", "right"), [((2, 3), (2, 3)), ((3,), (2,)), ((), (3,)), ((2, 3), ())]
)
def test_inner_sizes_that_differ_are_named(left, right):
    with pytest.raises(ShapeError, match="matmul") as caught:
        Tensor(np.ones(left)) @ Tensor(np.ones(right))
    assert str(np.ones(left).shape) in str(caught.value) or left == ()


# ------------------------------------------------------------------------------ linear


@pytest.mark.parametrize("leading", [(), (5,), (1,), (2, 4), (0,)])
@pytest.mark.parametrize("bias", [True, False])
def test_linear_is_the_product_and_the_sum(leading, bias, rng):
    x, weight = rng.uniform(-2, 2, (*leading, 3)), rng.uniform(-2, 2, (2, 3))
    operands = [x, weight, *([rng.uniform(-2, 2, 2)] if bias else [])]
    expected = x @ weight.T + (operands[2] if bias else 0)
    np.testing.assert_allclose(ag.linear(*map(Tensor, operands)).data, expected, rtol=1e-14)
    check_derivatives(ag.linear, operands, rng)
    cotangent = rng.uniform(-1, 1, expected.shape)

    def by_hand(x, weight, bias=0):
        return x @ weight.T + bias

    fused = pull(ag.linear, [Tensor(a) for a in operands], [cotangent])
    steps = pull(by_hand, [Tensor(a) for a in operands], [cotangent])
    for a, b in zip(fused, steps, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_linear_of_plain_arrays_is_a_plain_array_and_changes_none(rng):
    x, weight, bias = rng.uniform(-2, 2, (5, 3)), rng.uniform(-2, 2, (2, 3)), np.ones(2)
    copies = [a.copy() for a in (x, weight, bias)]
    assert type(ag.linear(x, weight, bias)) is np.ndarray
    for a, b in zip((x, weight, bias), copies, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    "shapes", [((5, 2), (2, 3), (2,)), ((5, 3), (2, 3), (3,)), ((5, 3), (2, 3), (1,))]
)
def test_shapes_that_do_not_fit_are_named(shapes):
    operands = [Tensor(np.ones(shape)) for shape in shapes]
    with pytest.raises(ShapeError, match="linear") as caught:
        ag.linear(*operands)
    for shape in shapes:
        assert str(shape) in str(caught.value)
