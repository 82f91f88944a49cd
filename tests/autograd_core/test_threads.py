"""Several threads build and differentiate graphs at once, each with its own mode."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor

THREADS = 8


@pytest.fixture
def often_switching():
    """Make Python switch threads a thousand times as often as it does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(before)


def run(function):
    """Every thread's result; they start together."""
    barrier = threading.Barrier(THREADS)

    def start(index):
        barrier.wait(10)
        return function(index)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(start, range(THREADS)))


def gradient(index, shared, steps):
    """Of a small network's loss, by graphs that are built and walked again and again."""
    w = Tensor(np.linspace(-1, 1, 12).reshape(3, 4) * (index + 1))
    for _ in range(steps):
        w.zero_grad()
        hidden = np.tanh(shared @ w)
        loss = ag.logsumexp(hidden, axis=1).sum() + (w[0] * hidden).mean()
        loss.backward()
    return w.grad


@pytest.mark.usefixtures("often_switching")
def test_graphs_are_built_and_differentiated_at_once():
    shared = Tensor(np.arange(15.0).reshape(5, 3) / 10).detach()
    results = run(lambda index: gradient(index, shared, 40))
    for index, result in enumerate(results):
        np.testing.assert_array_equal(result, gradient(index, shared, 1))


@pytest.mark.usefixtures("often_switching")
def test_no_grad_in_one_thread_is_nobody_elses():
    def work(index):
        x, seen = Tensor([1.0, 2.0]), set()
        for _ in range(200):
            if index == 3:
                with ag.no_grad():
                    seen.add((x * x).requires_grad)
            else:
                seen.add((x * x).requires_grad)
        return seen

    results = run(work)
    assert results[3] == {False}
    assert all(seen == {True} for i, seen in enumerate(results) if i != 3)


@pytest.mark.usefixtures("often_switching")
def test_births_are_unique_and_ascending_along_a_graph():
    def work(_):
        z = Tensor(1.0)
        births = [z._node.birth]
        for _ in range(300):
            z = z * 1.5
            births.append(z._node.birth)
        return births

    results = run(work)
    assert all(births == sorted(births) for births in results)
    assert len({birth for births in results for birth in births}) == THREADS * 301


@pytest.mark.usefixtures("often_switching")
def test_one_graph_built_here_is_extended_in_every_thread():
    x = Tensor([1.0, 2.0, 3.0])
    trunk = np.exp(x)

    def work(index):
        leaf = Tensor([float(index)] * 3)
        loss = (trunk.detach() * leaf).sum()
        loss.backward()
        return leaf.grad

    for result in run(work):
        np.testing.assert_array_equal(result, np.exp([1.0, 2.0, 3.0]))
    trunk.sum().backward()
    np.testing.assert_array_equal(x.grad, np.exp([1.0, 2.0, 3.0]))


@pytest.mark.usefixtures("often_switching")
def test_errors_in_one_thread_leave_the_others_alone():
    def work(index):
        x = Tensor(np.ones(3))
        for _ in range(50):
            if index % 2:
                with pytest.raises(ag.ShapeError):
                    x + np.ones(4)
            else:
                x.zero_grad()
                (x * x).sum().backward()
        return x.grad

    results = run(work)
    assert all(result is None for result in results[1::2])
    np.testing.assert_array_equal(results[::2], np.full((4, 3), 2.0))
