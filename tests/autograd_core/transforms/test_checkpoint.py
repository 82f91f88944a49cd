"""``checkpoint`` and ``stop_gradient``: same values and gradients, less memory, same random."""

import gc
import pickle
import threading
import weakref

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor
from autograd_core.graph import Node, ancestors
from tests.autograd_core.checking import check_derivatives


def block(x, w):
    hidden = np.tanh(x @ w)
    return np.exp(hidden) * hidden


def both(function, *arrays):
    """Value and gradients with and without a checkpoint."""
    for way in (function, ag.checkpoint(function)):
        leaves = [Tensor(a) for a in arrays]
        out = way(*leaves)
        np.sum(out**2).backward()
        yield [out.data, *[leaf.grad for leaf in leaves]]


def test_value_and_gradients_are_the_same_bits(rng):
    plain, again = both(block, rng.normal(size=(4, 3)), rng.normal(size=(3, 2)))
    for a, b in zip(plain, again, strict=True):
        np.testing.assert_array_equal(a, b)


def test_derivatives_of_first_and_second_order(rng):
    arrays = [rng.normal(size=(4, 3)), rng.normal(size=(3, 2))]
    check_derivatives(ag.checkpoint(block), arrays, rng, reference=block)


def test_within_transforms_of_any_order(rng):
    x, v = rng.normal(size=3), rng.normal(size=3)

    def energy(x):
        return np.sum(np.sin(x) * x[::-1] ** 3)

    cheap = ag.checkpoint(energy)
    np.testing.assert_array_equal(ag.grad(cheap)(x), ag.grad(energy)(x))
    np.testing.assert_allclose(ag.hessian(cheap)(x), ag.hessian(energy)(x), rtol=1e-12)
    np.testing.assert_allclose(ag.hvp(cheap, x, v), ag.hvp(energy, x, v), rtol=1e-12)
    np.testing.assert_allclose(ag.jvp(cheap, (x,), (v,))[1], ag.grad(energy)(x) @ v)
    third = ag.grad(lambda x: ag.hvp(energy, x, v) @ v)(x)
    np.testing.assert_allclose(ag.grad(lambda x: ag.hvp(cheap, x, v) @ v)(x), third, rtol=1e-11)


def test_what_the_closure_holds_is_differentiated(rng):
    x, w = Tensor(rng.normal(size=(4, 3))), Tensor(rng.normal(size=(3, 2)))
    scale = np.exp(w.sum() * 0.1)  # a result from before

    def closed(x):
        return block(x, w) * scale

    np.sum(closed(x)).backward()
    expected = x.grad, w.grad
    x.zero_grad()
    w.zero_grad()
    scale = np.exp(w.sum() * 0.1)
    np.sum(ag.checkpoint(closed)(x)).backward()
    np.testing.assert_allclose(x.grad, expected[0])
    np.testing.assert_allclose(w.grad, expected[1])


def test_hooks_of_what_the_closure_holds_run_once():
    w, seen = Tensor(2.0), []
    h = w * 3.0
    h.register_hook(seen.append)
    ag.checkpoint(lambda x: x * h)(Tensor(5.0)).backward()
    assert seen == [5.0]
    assert w.grad == 15.0


def test_of_modules(rng):
    layers = [nn.Sequential(nn.Linear(3, 3), nn.Tanh()) for _ in range(3)]
    x = rng.normal(size=(5, 3)).astype(np.float32)

    def loss(layers, wrap):
        h = x
        for layer in layers:
            h = wrap(layer)(h)
        return np.mean(h**2)

    expected = ag.grad(lambda layers: loss(layers, lambda layer: layer))(layers)
    found = ag.grad(lambda layers: loss(layers, ag.checkpoint))(layers)
    for a, b in zip(expected, found, strict=True):
        for name, gradient in a.items():
            np.testing.assert_array_equal(b[name], gradient)
    loss(layers, ag.checkpoint).backward()
    np.testing.assert_array_equal(layers[0][0].weight.grad, expected[0]["0.weight"])


def test_trees_keywords_and_several_outputs():
    def function(tree, *, power, flag):
        assert flag == "kept"
        return {"up": tree["x"] ** power, "rest": [tree["x"] + tree["y"], 7, None]}

    x, y = Tensor(3.0), Tensor(2.0)
    out = ag.checkpoint(function)({"x": x, "y": y}, power=2, flag="kept")
    assert out["rest"][1:] == [7, None]
    (out["up"] * out["rest"][0]).backward()
    assert (x.grad, y.grad) == (2 * 3 * 5 + 9, 9)


def test_an_output_that_is_not_used_and_one_that_is_an_argument():
    x = Tensor(3.0)
    same, _ = ag.checkpoint(lambda x: (x, x**2))(x)
    (same * 2.0).backward()
    assert x.grad == 2.0


def test_random_numbers_are_the_same_and_the_generator_moves_on_once(rng):
    def dropout(x, rng):
        return x * (rng.random(x.shape) < 0.5) * rng.normal(size=x.shape)

    x = Tensor(np.ones(50))
    out = ag.checkpoint(dropout)(x, rng)
    after = rng.bit_generator.state
    out.sum().backward()
    np.testing.assert_array_equal(x.grad, out.data)
    assert rng.bit_generator.state == after
    nested = ag.checkpoint(lambda x, options: dropout(x, options["rng"]))(x, {"rng": rng})
    assert not np.array_equal(nested.data, out.data)
    x.zero_grad()
    nested.sum().backward()
    np.testing.assert_array_equal(x.grad, nested.data)


def test_random_numbers_from_elsewhere_are_noticed(rng):
    x = Tensor(np.ones(50))
    out = ag.checkpoint(lambda x: x * rng.normal(size=50))(x)
    with pytest.raises(ag.OverwrittenError) as caught:
        out.sum().backward()
    assert str(caught.value) == (
        "checkpoint: computing <lambda> again gave something else than the first time, so the"
        " gradient would be wrong. If it draws random numbers, pass it the numpy.random.Generator"
        " as an argument; if it reads arrays or attributes, call backward() before they change."
    )
    assert x.grad is None


def test_what_was_overwritten_since_is_noticed():
    for overwrite in ("argument", "parameter", "constant"):
        x, w, c = Tensor(np.ones(3)), Tensor(np.full(3, 2.0)), np.full(3, 3.0)
        out = ag.checkpoint(lambda x, w=w, c=c: np.tanh(x * w + c))(x)
        if overwrite == "argument":
            x.data += 1.0
        elif overwrite == "parameter":
            w.data += 1e-12  # too little to be seen in the value
        else:
            c += 1.0
        with pytest.raises(ag.OverwrittenError):
            out.sum().backward()


def test_nothing_inside_is_kept():
    inside = []

    def function(x):
        hidden = np.exp(x)
        inside.append(weakref.ref(hidden._array))
        return np.tanh(hidden) * 2.0

    x = Tensor(np.ones(1000))
    gc.collect()
    gc.disable()
    try:
        loss = ag.checkpoint(function)(x).sum()
        assert inside[0]() is None
        assert sum(node.op is not None for node in ancestors(loss._node)) == 3
        loss.backward()
        assert inside[1]() is None
    finally:
        gc.enable()


def test_everything_is_freed_by_reference_counting():
    def work():
        w = Tensor(np.ones(3))
        ag.checkpoint(lambda x: np.tanh(x * w))(Tensor(np.ones(3))).sum().backward()
        ag.hessian(ag.checkpoint(lambda x: np.sum(x**3)))(np.ones(3))

    def live():
        return sum(type(t) is Node or isinstance(t, Tensor) for t in gc.get_objects())

    work()
    gc.collect()
    gc.disable()
    try:
        before = live()
        work()
        assert live() == before
    finally:
        gc.enable()


def test_two_threads_go_back_through_one_checkpoint(rng):
    x = Tensor(rng.normal(size=(3, 3)))
    w = Tensor(rng.normal(size=(3, 3)))
    out = ag.checkpoint(block)(x, w)
    found = {}

    def work(number):
        found[number] = ag.vjp(lambda y: y * 1.0, out)[1](np.full((3, 3), float(number)))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4


def test_under_no_grad_and_of_plain_arrays_it_is_the_function():
    cheap = ag.checkpoint(lambda x: x * 2.0)
    assert type(cheap(np.ones(2))) is np.ndarray
    with ag.no_grad():
        assert not cheap(Tensor(1.0)).requires_grad
    out = cheap(Tensor(3.0))
    with ag.no_grad():
        out.backward()


def pickled(x):
    return np.tanh(x) * 2.0


def test_a_graph_with_a_checkpoint_pickles():
    x = Tensor(0.5)
    twin, out = pickle.loads(pickle.dumps((x, ag.checkpoint(pickled)(x))))
    out.backward()
    assert twin.grad == pytest.approx(2 / np.cosh(0.5) ** 2)


def test_a_checkpoint_in_a_checkpoint():
    inner = ag.checkpoint(lambda x: np.sin(x) ** 2)
    outer = ag.checkpoint(lambda x: inner(x) * inner(2.0 * x))
    plain = ag.grad(lambda x: np.sin(x) ** 2 * np.sin(2 * x) ** 2)
    assert ag.grad(outer)(0.4) == pytest.approx(plain(0.4))
    assert ag.grad(ag.grad(outer))(0.4) == pytest.approx(ag.grad(plain)(0.4))


def test_an_exception_passes():
    def fails(_):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        ag.checkpoint(fails)(Tensor(1.0))


def test_stop_gradient():
    x = Tensor(3.0)
    assert not ag.stop_gradient(x).requires_grad
    tree = ag.stop_gradient({"a": [x * 2.0], "b": 5})
    assert tree["a"][0].data == 6.0
    assert tree["b"] == 5
    assert not tree["a"][0].requires_grad
    assert ag.grad(ag.grad(lambda x: x**3 * ag.stop_gradient(x)))(2.0) == 24.0
    # the straight-through estimator: rounds, with the derivative of the identity
    assert ag.grad(lambda x: x + ag.stop_gradient(np.round(x) - x))(1.3) == 1.0
