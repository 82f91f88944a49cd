"""Depth and sharing cost linear time, and no recursion, whatever is done with the graph."""

import gc
import sys

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.graph import Node, ancestors


@pytest.fixture
def without_collector():
    """Only reference counting frees anything; and a recursion of a thousand calls fails."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def live_nodes():
    return sum(type(thing) is Node for thing in gc.get_objects())


def chain(length):
    """A leaf x and z = x * 1.0000001 ** length, one operation at a time."""
    x = Tensor(1.0)
    z = x
    for _ in range(length):
        z = z * 1.0000001
    return x, z


@pytest.mark.usefixtures("without_collector")
@pytest.mark.parametrize("length", [100_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_a_long_chain_goes_forward_backward_and_is_freed(length):
    before = live_nodes()
    x, z = chain(length)
    assert live_nodes() == before + length + 1
    z.backward()
    np.testing.assert_allclose(x.grad, 1.0000001**length, rtol=1e-9)
    del z
    assert live_nodes() == before + 1


@pytest.mark.usefixtures("without_collector")
def test_a_long_chain_is_freed_without_ever_going_backward():
    before = live_nodes()
    x, z = chain(50_000)
    del x, z
    assert live_nodes() == before


@pytest.mark.usefixtures("without_collector")
def test_a_long_chain_of_arrays():
    x = Tensor(np.linspace(0.0, 1.0, 5))
    z = x
    for _ in range(20_000):
        z = np.sin(z) + x
    z.sum().backward()
    assert np.isfinite(x.grad).all()


@pytest.mark.parametrize("start", [1.0, [1.0, 2.0]])
def test_64_doublings_take_65_nodes(start):
    x = Tensor(start)
    z = x
    for _ in range(64):
        z = z + z
    assert len(ancestors(z._node)) == 65
    z.backward(np.ones(x.shape))
    np.testing.assert_array_equal(x.grad, np.full(x.shape, 2.0**64))


def test_64_squarings_of_one_take_65_nodes():
    x = Tensor(1.0)
    z = x
    for _ in range(64):
        z = z * z
    z.backward()
    assert x.grad == 2.0**64


def test_a_ladder_of_shared_results_is_walked_once_each():
    x = Tensor(1.0)
    a, b = x, x
    for _ in range(1_000):  # 2**1000 paths
        a, b = a + b, a - b
    assert len(ancestors((a + b)._node)) == 2002
    (a + b).backward()
    assert x.grad == float(a + b)


def test_a_wide_graph():
    x = Tensor(2.0)
    parts = [x * float(k) for k in range(20_000)]
    total = sum(parts)
    total.backward()
    assert x.grad == sum(range(20_000))


def test_create_graph_through_a_long_chain():
    length = 5_000
    x = Tensor(1.0)
    z = x
    for _ in range(length):
        z = z * x
    z.backward(create_graph=True)
    slope = x.grad
    x.zero_grad()
    slope.backward()
    assert x.grad == (length + 1) * length
    x.zero_grad()


def test_the_recursion_limit_is_never_near():
    before = sys.getrecursionlimit()
    depth = len(_frames()) + 60
    sys.setrecursionlimit(depth)
    try:
        x, z = chain(3_000)
        z.backward()
        with ag.no_grad():
            x -= 0.1 * x.grad
        del z
    finally:
        sys.setrecursionlimit(before)
    assert x.grad > 1.0


def _frames():
    frame, frames = sys._getframe(), []
    while frame is not None:
        frames.append(frame)
        frame = frame.f_back
    return frames
