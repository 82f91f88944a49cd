"""``jacobian``, ``hessian``, ``laplacian``: shapes, trees, complex numbers, chunks; messages."""

import numpy as np
import pytest

import autograd_core as ag
import nn


def test_jacobian_of_batched_outputs(rng):
    x, w = rng.normal(size=(2, 3)), rng.normal(size=(3, 4))
    found = ag.jacobian(lambda x: x @ w)(x)
    assert found.shape == (2, 4, 2, 3)
    np.testing.assert_allclose(found, np.einsum("ab,cd->adbc", np.eye(2), w))


def test_jacobian_of_numbers_and_of_empty_arrays():
    assert ag.jacobian(np.sin)(0.0) == 1.0
    assert type(ag.hessian(np.sin)(0.0)) is np.float64
    assert ag.jacobian(lambda x: x[:0])(np.ones(3)).shape == (0, 3)
    assert ag.jacobian(lambda x: x * np.ones(2))(np.ones(0).sum()).shape == (2,)
    assert ag.jacobian(lambda _: np.ones(2))(np.ones(3)).tolist() == np.zeros((2, 3)).tolist()


def test_jacobian_of_trees_in_trees():
    def function(t, scale):
        return {"sum": t["a"] + t["b"][0], "product": [scale * t["a"] * t["b"][0]]}

    tree = {"a": np.array([1.0, 2.0]), "b": [3.0]}
    found, by_scale = ag.jacobian(function, (0, 1))(tree, 2.0)["product"][0]
    np.testing.assert_array_equal(found["a"], 6 * np.eye(2))
    np.testing.assert_array_equal(found["b"][0], [2.0, 4.0])
    np.testing.assert_array_equal(by_scale, [3.0, 6.0])


def test_jacobian_of_a_module_with_auxiliary_output(rng):
    model, x = nn.Linear(3, 2), rng.normal(size=3).astype(np.float32)
    found, aux = ag.jacobian(lambda m: (m(x[None])[0], "aux"), has_aux=True)(model)
    assert aux == "aux"
    np.testing.assert_array_equal(found["bias"], np.eye(2))
    np.testing.assert_allclose(found["weight"], np.einsum("ab,c->abc", np.eye(2), x))


def test_jacobian_and_its_rows_agree_and_the_function_is_called_once():
    calls = []

    def wide(x):
        calls.append(1)
        return np.outer(np.sin(x), x)

    x = np.array([0.5, 1.0, 1.5])
    whole = ag.jacobian(wide)(x).reshape(9, 3)
    rows = list(ag.jacobian_rows(wide, x, chunk=2))
    assert [len(part) for part in rows] == [2, 2, 2, 2, 1]
    np.testing.assert_array_equal(np.concatenate(rows), whole)
    assert len(calls) == 2


def test_forward_and_reverse_give_the_same_jacobian(rng):
    x = rng.normal(size=4)

    def function(x):
        return np.cumsum(np.tanh(x) * x[::-1])

    columns = [ag.jvp(function, (x,), (e,))[1] for e in np.eye(4)]
    np.testing.assert_allclose(np.stack(columns, 1), ag.jacobian(function)(x), rtol=1e-13)


def test_jacobian_of_complex_numbers():
    z, x = np.array([1.0 + 2j, -0.5j]), np.array([0.3, 0.7])
    np.testing.assert_allclose(ag.jacobian(lambda z: z**3)(z), np.diag(3 * z**2))
    np.testing.assert_allclose(
        ag.jacobian(lambda x: np.exp(1j * x))(x), np.diag(1j * np.exp(1j * x))
    )
    np.testing.assert_allclose(ag.jacobian(lambda z: np.abs(z) ** 2)(z), np.diag(2 * z))
    (rows,) = ag.jacobian_rows(lambda x: np.exp(1j * x), x)
    np.testing.assert_allclose(rows, np.diag(1j * np.exp(1j * x)))


@pytest.mark.parametrize("function", [np.conj, lambda z: z * np.abs(z)])
def test_what_is_not_holomorphic_has_no_complex_jacobian(function):
    with pytest.raises(ag.GraphError) as caught:
        ag.jacobian(function)(np.array([1.0 + 2j]))
    assert str(caught.value) == (
        "jacobian: the function is not holomorphic here, so it has no complex derivative."
        " Differentiate its real and imaginary parts, np.real(f(z)) and np.imag(f(z))."
    )


def test_hessian_is_symmetric_and_right(rng):
    x, a = rng.normal(size=4), rng.normal(size=(4, 4))
    found = ag.hessian(lambda x: x @ a @ x + np.sum(x**4))(x)
    np.testing.assert_allclose(found, a + a.T + np.diag(12 * x**2), rtol=1e-12)


def test_hessian_of_a_tree_and_of_two_arguments():
    found = ag.hessian(lambda t: t["a"] ** 2 * t["b"])({"a": 3.0, "b": 5.0})
    assert found == {"a": {"a": 10.0, "b": 6.0}, "b": {"a": 6.0, "b": 0.0}}
    assert ag.hessian(lambda a, b: a**2 * b, (0, 1))(3.0, 5.0) == ((10.0, 6.0), (6.0, 0.0))
    assert ag.hessian(lambda a, b: a * b**3, 1)(3.0, 2.0) == 36.0
    assert ag.hessian(lambda a: (a**3, "aux"), has_aux=True)(3.0) == (18.0, "aux")


def test_hessian_of_a_module(rng):
    model, x = nn.Linear(2, 1), rng.normal(size=(5, 2)).astype(np.float32)
    found = ag.hessian(lambda m: np.mean(m(x) ** 2))(model)
    np.testing.assert_allclose(found["bias"]["bias"], [[2.0]], rtol=1e-6)
    np.testing.assert_allclose(
        found["weight"]["weight"].reshape(2, 2), 2 * x.T @ x / 5, rtol=1e-5, atol=1e-6
    )


def test_laplacian_is_the_trace_of_the_hessian(rng):
    x = rng.normal(size=(2, 2))

    def function(x):
        return np.sum(np.exp(x) @ x)

    trace = np.trace(ag.hessian(function)(x).reshape(4, 4))
    np.testing.assert_allclose(ag.laplacian(function)(x), trace, rtol=1e-12)
    assert ag.laplacian(lambda t: t["a"] ** 2 * t["b"] ** 2)({"a": 3.0, "b": 5.0}) == 68.0
    assert ag.laplacian(lambda a, b: a**2 * b**2, (0, 1))(3.0, 5.0) == 68.0
    assert ag.laplacian(np.sum)(np.ones(3)) == 0.0


def test_a_harmonic_function_has_none():
    assert ag.laplacian(lambda x: x[0] ** 2 - x[1] ** 2)(np.array([1.0, 2.0])) == 0.0


def test_laplacian_differentiates_again():
    x = np.array([1.0, 2.0])
    gradient = ag.grad(ag.laplacian(lambda x: np.sum(x**4)))(x)
    np.testing.assert_allclose(gradient, 24 * x)


MESSAGES = [
    (
        lambda: ag.jacobian(lambda _: None)(1.0),
        ag.GraphError,
        "jacobian: the function must return an array; it returned None.",
    ),
    (
        lambda: next(ag.jacobian_rows(lambda x: x, np.ones(2), chunk=0)),
        ag.GraphError,
        "jacobian_rows: chunk must be at least 1, not 0.",
    ),
    (
        lambda: next(ag.jacobian_rows(lambda x: x[0], [1.0, 2.0])),
        ag.GraphError,
        "jacobian_rows: the argument must be one array, not ",
    ),
    (lambda: ag.hessian(lambda x: x)(np.ones(2)), ag.GraphError, "must return a single number"),
    (
        lambda: ag.laplacian(lambda z: np.abs(z) ** 2)(1j),
        ag.DTypeError,
        "laplacian: the argument must be real. Give the function the real and the imaginary",
    ),
]


@pytest.mark.parametrize(("call", "kind", "words"), MESSAGES)
def test_a_wrong_call_says_what_to_do(call, kind, words):
    with pytest.raises(kind) as caught:
        call()
    assert words in str(caught.value)
