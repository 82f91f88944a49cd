"""Transforms in transforms: closures, any order, modules, cost, threads, reference counting."""

import gc
import threading
import time

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core.graph import Node


def test_derivatives_of_any_order():
    function, factor = np.sin, 1.0
    for order, expected in enumerate([np.sin, np.cos, np.sin, np.cos, np.sin]):
        assert function(0.7) == pytest.approx(factor * expected(0.7), rel=1e-12)
        factor *= -1 if order % 2 else 1
        function = ag.grad(function)


def test_inner_and_outer_variables_are_told_apart():
    # d/dx (x * d/dy (x + y)) is 1: a confusion of the two gives 2 (Siskind and Pearlmutter, 2005)
    assert ag.grad(lambda x: x * ag.grad(lambda y: x + y)(1.0))(1.0) == 1.0
    assert ag.grad(lambda x: x * ag.grad(lambda y: x * y)(2.0))(3.0) == 6.0


def test_through_the_minimum_found_by_an_inner_loop():
    def after_three_steps(rate):
        x = 1.0
        for _ in range(3):
            x = x - rate * ag.grad(lambda x: x**2)(x)
        return x

    assert after_three_steps(0.1) == pytest.approx(0.8**3)
    assert ag.grad(after_three_steps)(0.1) == pytest.approx(-6 * 0.8**2)


def test_a_recording_tensor_as_argument_keeps_the_result_recorded():
    x = ag.Tensor(2.0)
    slope = ag.grad(lambda x: x**3)(x)
    slope.backward()
    assert x.grad == 12.0
    assert slope.data == 12.0


def test_an_inner_transform_under_no_grad_is_a_constant():
    def function(x):
        with ag.no_grad():
            weight = ag.grad(lambda y: y**2)(x)
        return weight * x

    assert ag.grad(function)(3.0) == 6.0


def test_all_pairs_of_transforms_agree(rng):
    x, u = rng.normal(size=3), rng.normal(size=3)

    def function(x):
        return np.sum(np.sin(x) * x[::-1] ** 2)

    hessian = ag.hessian(function)(x)
    gradient = ag.grad(function)
    for product in (
        ag.hvp(function, x, u),
        ag.jvp(gradient, (x,), (u,))[1],
        ag.vjp(gradient, x)[1](u)[0],
        ag.grad(lambda x: gradient(x) @ u)(x),
        ag.grad(lambda x: ag.jvp(function, (x,), (u,))[1])(x),
        ag.grad(lambda x: ag.vjp(function, x)[1](1.0)[0] @ u)(x),
        ag.jacobian(gradient)(x) @ u,
        np.concatenate(list(ag.jacobian_rows(gradient, x))) @ u,
    ):
        np.testing.assert_allclose(product, hessian @ u, rtol=1e-11)


# ------------------------------------------------------------------------------ modules


def test_a_module_in_two_transforms_at_once():
    model = nn.Linear(1, 1)
    model.weight.data[...], model.bias.data[...] = 3.0, 0.5

    def square(model):
        return np.sum(model(np.ones((1, 1), np.float32)) ** 2)  # (w + b)^2

    def size(model):
        return sum(np.sum(g**2) for g in ag.grad(square)(model).values())  # 8 (w + b)^2

    found = ag.grad(size)(model)
    assert found["weight"] == pytest.approx(56.0)
    assert found["bias"] == pytest.approx(56.0)
    assert type(found["weight"]) is np.ndarray


def test_what_was_computed_from_a_module_before_is_a_constant_of_the_inner_transform():
    model = nn.Linear(1, 1, bias=False)
    model.weight.data[...] = 3.0

    def outer(model):
        scale = np.sum(model.weight)
        inner = ag.grad(lambda m: scale * np.sum(m.weight))(model)["weight"]  # scale, not 2 w
        return np.sum(inner * model.weight)

    assert ag.grad(outer)(model)["weight"] == pytest.approx(6.0)


def test_two_threads_differentiate_one_module(rng):
    model = nn.Linear(2, 1)
    nodes = [p._node for p in model.parameters()]
    inputs = rng.normal(size=(2, 2)).astype(np.float32)
    barrier, found = threading.Barrier(3), {}

    def work(number):
        def loss(model):
            barrier.wait(5)  # all three are inside their function at once
            value = np.sum(model(inputs[number][None]))
            barrier.wait(5)
            return value

        found[number] = ag.grad(loss)(model)["weight"]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    barrier.wait(5)
    by_backward = np.sum(model(np.ones((1, 2), np.float32)))  # meanwhile, not in a transform
    barrier.wait(5)
    for thread in threads:
        thread.join()
    for number in range(2):
        np.testing.assert_array_equal(found[number], inputs[number][None])
    assert [p._node for p in model.parameters()] == nodes
    by_backward.backward()
    np.testing.assert_array_equal(model.weight.grad, np.ones((1, 2)))


# ------------------------------------------------------------------------------ cost


def test_a_transform_in_a_long_computation_looks_at_its_own_part_only():
    def seconds(length):
        x = ag.Tensor(1.0)
        for _ in range(length):
            x = x * 1.0001
        start = time.process_time()
        for _ in range(20):
            ag.grad(lambda y: y * y)(x)
        return time.process_time() - start

    seconds(10)
    assert min(seconds(20_000) for _ in range(3)) < 20 * min(seconds(10) for _ in range(3))


def test_a_released_graph_around_it_does_not_matter():
    x = ag.Tensor(2.0)
    y = np.exp(x) * 1.0
    y.backward()
    slope = ag.grad(lambda z: z**2 * 3.0)(y)
    assert slope.data == pytest.approx(6 * np.exp(2.0))
    with pytest.raises(ag.GraphError, match="released"):
        slope.backward()


def test_a_long_chain_of_transforms_needs_no_recursion():
    def function(x):
        for _ in range(5_000):
            x = x * 1.0001
        return x

    assert ag.grad(function)(1.0) == pytest.approx(1.0001**5_000)


# ------------------------------------------------------------------------------ freeing

MODEL = nn.Linear(2, 1)
CALLS = {
    "grad": ag.grad(np.sum),
    "grad of a recording tensor": lambda x: ag.grad(lambda y: np.sum(y**2))(ag.Tensor(x)),
    "value_and_grad with aux": ag.value_and_grad(lambda x: (np.sum(x**2), x + 1), has_aux=True),
    "of a module": lambda x: ag.grad(lambda m: np.sum(m(x[None])))(MODEL),
    "vjp": lambda x: ag.vjp(np.sin, x)[1](x),
    "jvp": lambda x: ag.jvp(np.sin, (x,), (x,)),
    "hvp": lambda x: ag.hvp(lambda x: np.sum(x**3), x, x),
    "hvp of a module": lambda x: ag.hvp(
        lambda m: np.sum(m(x[None]) ** 2), MODEL, {"weight": x[None], "bias": x[:1]}
    ),
    "jacobian": ag.jacobian(np.sin),
    "jacobian_rows": lambda x: next(ag.jacobian_rows(np.sin, x)),
    "hessian": ag.hessian(lambda x: np.sum(x**3)),
    "laplacian": ag.laplacian(lambda x: np.sum(x**3)),
}


def live():
    return sum(type(thing) is Node or isinstance(thing, ag.Tensor) for thing in gc.get_objects())


@pytest.mark.parametrize("name", CALLS)
def test_everything_is_freed_by_reference_counting(name):
    x = np.array([0.5, 1.5])
    CALLS[name](x)
    gc.collect()
    gc.disable()
    try:
        before = live()
        CALLS[name](x)
        assert live() == before
    finally:
        gc.enable()
