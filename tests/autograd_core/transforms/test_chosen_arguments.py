"""vjp, jvp and hvp of some of the arguments, and of functions with something else to tell."""

import functools

import numpy as np
import pytest
from scipy.optimize import minimize

import autograd_core as ag

A, X = np.array([2.0, -1.0]), np.array([0.5, 3.0])


def energy(a, x):
    return np.sum(a * x**3)


def told(a, x):
    return energy(a, x), {"rows": 2}


@pytest.mark.parametrize("argnums", [1, -1])
def test_hvp_of_the_second_argument(argnums):
    product = ag.hvp(energy, X, np.array([1.0, 10.0]), A, argnums=argnums)
    np.testing.assert_allclose(product, 6 * A * X * [1.0, 10.0])


def test_hvp_with_an_auxiliary():
    product, aux = ag.hvp(told, X, np.array([1.0, 10.0]), A, argnums=1, has_aux=True)
    np.testing.assert_allclose(product, 6 * A * X * [1.0, 10.0])
    assert aux == {"rows": 2}


def test_hvp_is_what_scipy_takes_with_arguments():
    def valley(x, depth):
        return np.sum((x - depth) ** 4 + (x - depth) ** 2)

    found = minimize(
        ag.value_and_grad(valley),
        np.zeros(3),
        args=(2.0,),
        jac=True,
        hessp=functools.partial(ag.hvp, valley),
        method="Newton-CG",
    )
    np.testing.assert_allclose(found.x, 2.0, atol=1e-5)


@pytest.mark.parametrize("argnums", [[1], [1, 0]])
def test_jvp_of_some_arguments(argnums):
    tangents = [np.array([1.0, 2.0]), np.array([0.5, -1.0])][: len(argnums)]
    value, slope, aux = ag.jvp(told, (A, X), tangents, argnums=argnums, has_aux=True)
    expected = np.sum(3 * A * X**2 * tangents[0])
    if len(argnums) == 2:
        expected += np.sum(X**3 * tangents[1])
    np.testing.assert_allclose([value, slope], [energy(A, X), expected])
    assert aux == {"rows": 2}


def test_jvp_wants_one_tangent_for_each_argument_that_moves():
    with pytest.raises(ag.ShapeError, match="1 primals but 2 tangents"):
        ag.jvp(energy, (A, X), (A, X), argnums=[0])


def test_vjp_of_one_argument():
    _, pullback = ag.vjp(energy, A, X, argnums=0)
    np.testing.assert_allclose(pullback(2.0), 2 * X**3)
    _, pullback = ag.vjp(energy, A, X, argnums=[1])
    np.testing.assert_allclose(pullback(1.0)[0], 3 * A * X**2)
