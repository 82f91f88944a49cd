"""``vjp``, ``jvp`` and ``hvp``: against the Jacobian by differences, on trees, nested; messages."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from tests.autograd_core.checking import slopes


def curve(x, y):
    return np.sin(x) @ y, {"ratio": y / (2.0 + np.cos(x[0]))}


def arrays(rng):
    return rng.normal(size=(2, 3)), rng.normal(size=3)


def test_vjp_is_the_transposed_jvp(rng):
    x, y = arrays(rng)
    u = rng.normal(size=x.shape), rng.normal(size=y.shape)
    v = rng.normal(size=2), {"ratio": rng.normal(size=3)}
    out, pullback = ag.vjp(curve, x, y)
    same, along = ag.jvp(curve, (x, y), u)
    np.testing.assert_array_equal(out[0], same[0])
    np.testing.assert_array_equal(out[0], curve(x, y)[0])
    left = v[0] @ along[0] + v[1]["ratio"] @ along[1]["ratio"]
    right = sum(np.sum(a * b) for a, b in zip(pullback(v), u, strict=True))
    np.testing.assert_allclose(left, right, rtol=1e-13)


def test_jvp_is_the_slope_along_the_tangent(rng):
    x, y = arrays(rng)
    u = rng.normal(size=x.shape), rng.normal(size=y.shape)
    _, (along, rest) = ag.jvp(curve, (x, y), u)
    by_values = slopes(lambda x, y: [curve(x, y)[0], curve(x, y)[1]["ratio"]], [x, y], u)
    np.testing.assert_allclose(along, by_values[0], rtol=1e-8)
    np.testing.assert_allclose(rest["ratio"], by_values[1], rtol=1e-8)


def test_a_pullback_may_be_called_again_and_owns_what_it_gives():
    _, pullback = ag.vjp(lambda x: x * 1.0, np.ones(2))
    cotangent = np.array([1.0, 2.0])
    (first,) = pullback(cotangent)
    first += 1
    np.testing.assert_array_equal(cotangent, [1.0, 2.0])
    np.testing.assert_array_equal(pullback(cotangent)[0], [1.0, 2.0])


def test_a_pullback_notices_an_overwritten_argument():
    x = np.array([1.0, 2.0])
    _, pullback = ag.vjp(lambda x: x**2, x)
    x += 1
    with pytest.raises(ag.OverwrittenError):
        pullback(np.ones(2))


def test_vjp_with_auxiliary_output():
    out, pullback, aux = ag.vjp(lambda x: (x**2, x + 1), 3.0, has_aux=True)
    assert (out, aux) == (9.0, 4.0)
    assert not isinstance(aux, ag.Tensor)
    assert pullback(2.0) == (12.0,)


def test_plain_where_nothing_records_and_recorded_where_a_cotangent_does():
    out, pullback = ag.vjp(lambda x: x**2, 3.0)
    assert not isinstance(out, ag.Tensor)
    assert not isinstance(pullback(1.0)[0], ag.Tensor)
    c = ag.Tensor(1.0)
    (product,) = pullback(c)
    product.backward()
    assert c.grad == 6.0
    with ag.no_grad():
        assert not isinstance(pullback(c)[0], ag.Tensor)


def test_the_derivative_along_a_tangent_is_differentiated_in_the_tangent():
    def along(t):
        return ag.jvp(np.sin, (0.3,), (t,))[1]

    assert ag.grad(along)(2.0) == pytest.approx(np.cos(0.3))
    tangent = ag.Tensor(2.0)
    along(tangent).backward()
    assert tangent.grad == pytest.approx(np.cos(0.3))


def test_forward_over_forward_and_forward_over_reverse():
    def slope(x):
        return ag.jvp(lambda x: x**4, (x,), (1.0,))[1]

    assert ag.jvp(slope, (2.0,), (1.0,))[1] == pytest.approx(48.0)
    assert ag.grad(slope)(2.0) == pytest.approx(48.0)
    assert ag.jvp(ag.grad(lambda x: x**4), (2.0,), (1.0,))[1] == pytest.approx(48.0)


def test_jvp_where_a_cotangent_of_0_would_hide_the_slope():
    _, slope = ag.jvp(np.sqrt, (np.array([4.0, 9.0]),), (np.array([0.0, 1.0]),))
    np.testing.assert_allclose(slope, [0.0, 1 / 6])


def test_jvp_of_what_does_not_depend_on_the_argument_is_0():
    assert ag.jvp(lambda _: np.float64(3.0), (1.0,), (1.0,)) == (3.0, 0.0)
    out, along = ag.jvp(lambda _, y: y**2, (1.0, 2.0), (5.0, 0.0))
    assert (out, along) == (4.0, 0.0)


def test_complex_products():
    z, u, v = np.array([1.0 + 2j, 0.5j]), np.array([0.3 - 1j, 2.0]), np.array([1j, 2.0 - 1j])
    out, along = ag.jvp(lambda z: z**3, (z,), (u,))
    np.testing.assert_allclose(along, 3 * z**2 * u)
    _, pullback = ag.vjp(lambda z: z**3, z)
    np.testing.assert_allclose(pullback(v)[0], np.conj(3 * z**2) * v)
    out, along = ag.jvp(lambda x: np.exp(1j * x), (np.array([0.5]),), (np.array([2.0]),))
    np.testing.assert_allclose(along, 2j * out)
    _, along = ag.jvp(np.conj, (z,), (u,))
    np.testing.assert_allclose(along, np.conj(u))


def energy(x):
    return np.sum(np.sin(x[:-1]) * x[1:] ** 2)


def test_hvp_is_the_hessian_times_the_vector(rng):
    x, v = rng.normal(size=6), rng.normal(size=6)
    np.testing.assert_allclose(ag.hvp(energy, x, v), ag.hessian(energy)(x) @ v, rtol=1e-12)
    vector = ag.Tensor(v)
    ag.hvp(energy, x, vector).sum().backward()
    np.testing.assert_allclose(vector.grad, ag.hessian(energy)(x).sum(0), rtol=1e-12)


def test_hvp_of_a_tree_and_of_a_module(rng):
    tree = {"a": 2.0, "b": [3.0]}
    product = ag.hvp(lambda t: t["a"] ** 2 * t["b"][0], tree, {"a": 1.0, "b": [0.0]})
    assert product == {"a": 6.0, "b": [4.0]}

    model, x = nn.Sequential(nn.Linear(3, 2), nn.Tanh()), rng.normal(size=(4, 3))

    def loss(model):
        return np.mean(model(x) ** 2)

    vector = {name: rng.normal(size=p.shape) for name, p in model.named_parameters()}
    found = ag.hvp(loss, model, vector)
    step = 1e-2
    starts = {name: p.data.copy() for name, p in model.named_parameters()}

    def gradients(step):
        for name, p in model.named_parameters():
            p.data = starts[name] + step * vector[name].astype(np.float32)
        return ag.grad(loss)(model)

    ahead, behind = gradients(step), gradients(-step)
    for name, product in found.items():
        assert type(product) is np.ndarray
        expected = (ahead[name] - behind[name]) / (2 * step)
        np.testing.assert_allclose(product, expected, rtol=0.02, atol=2e-3)


def test_hvp_of_a_linear_function_is_0():
    np.testing.assert_array_equal(ag.hvp(np.sum, np.ones(3), np.ones(3)), np.zeros(3))


MESSAGES = [
    (
        lambda: ag.vjp(lambda x: x**2, np.ones(2))[1](np.ones(3)),
        ag.ShapeError,
        (
            "vjp: a cotangent has the shape of its output; given: output: Tensor of shape (2,),"
            " float64; cotangent: array of shape (3,), float64."
        ),
    ),
    (
        lambda: ag.vjp(lambda x: x**2, np.ones(2))[1](None),
        ag.ShapeError,
        "vjp: a cotangent has the shape of its output; given: output: Tensor of shape (2,),",
    ),
    (
        lambda: ag.vjp(lambda x: [x, x], np.ones(2))[1](np.ones(2)),
        ag.DTypeError,
        "Two trees of different structure: a list of 2 and array of shape (2,), float64.",
    ),
    (
        lambda: ag.vjp(lambda x: x, np.ones(2))[1]([np.ones(2)]),
        ag.DTypeError,
        "Two trees of different structure: ",
    ),
    (
        lambda: ag.jvp(np.sin, (1.0,), ()),
        ag.ShapeError,
        "jvp: 1 primals but 0 tangents.",
    ),
    (
        lambda: ag.jvp(np.sin, (np.ones(2),), (1.0,)),
        ag.ShapeError,
        (
            "A tangent (direction) has the shape of its argument; given: argument: array of shape"
            " (2,), float64; tangent:"
        ),
    ),
    (
        lambda: ag.jvp(np.sin, (1.0,), (1j,)),
        ag.DTypeError,
        "A real argument can move in a real direction only; given:",
    ),
    (
        lambda: ag.hvp(energy, np.ones(2), np.ones(3)),
        ag.ShapeError,
        "A tangent (direction) has the shape of its argument",
    ),
    (
        lambda: ag.hvp(lambda t: t["a"], {"a": 1.0}, {"b": 1.0}),
        ag.DTypeError,
        "Two trees of different structure: a dict of ['a'] and a dict of ['b'].",
    ),
    (lambda: ag.hvp(np.sin, np.ones(2), np.ones(2)), ag.GraphError, "must return a single number"),
]


@pytest.mark.parametrize(("call", "kind", "words"), MESSAGES)
def test_a_wrong_call_says_what_to_do(call, kind, words):
    with pytest.raises(kind) as caught:
        call()
    assert words in str(caught.value)
