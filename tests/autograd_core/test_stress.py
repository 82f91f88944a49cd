"""Threads and tasks at once, all on different things: nobody's mode, gradient or watch leaks."""

import asyncio
import gc
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.test_anomaly import parts

ROUNDS = 25


@pytest.fixture(autouse=True)
def often_switching():
    """Make Python switch threads a thousand times as often as it does."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(before)


X = np.linspace(-1, 1, 15).reshape(5, 3)


def trains(index):
    """Gradients of a small network."""
    w = Tensor(np.linspace(-1, 1, 12).reshape(3, 4) * (index + 1))
    hidden = np.tanh(X @ w)
    loss = ag.logsumexp(hidden, axis=1).sum() + (w[0] * hidden).mean()
    loss.backward()
    return w.grad


def transforms(index):
    """A Hessian inside a gradient."""
    point = np.array([0.5, 1.0 + index])
    norm = ag.grad(lambda x: np.sum(ag.hessian(lambda y: np.sum(np.sin(y) * y**2))(x) ** 2))
    return norm(point)


def records_nothing(index):
    """Under no_grad, with an island of enable_grad."""
    x = Tensor(np.arange(3.0) + index)
    with ag.no_grad():
        assert not (x * x).requires_grad
        with ag.enable_grad():
            (x * x).sum().backward()
        assert not ag.is_recording()
    return x.grad


def differentiates_twice(index):
    x = Tensor(1.5 + index)
    (x**4).backward(create_graph=True)
    first = x.grad
    x.zero_grad()
    first.backward()
    second = x.grad
    x.zero_grad()
    return second


def overwrites(index):
    w = Tensor(np.ones(4) * index)
    loss = (w * w).sum()
    w.data -= 1.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()
    return w.grad


def fails(index):
    x = Tensor(np.ones(3 + index))
    with pytest.raises(ag.ShapeError):
        x + np.ones(100)
    with pytest.raises(ag.GraphError):
        x.backward()
    return x.data


def looks(index):
    """Anomalies in this thread only."""
    with ag.detect_anomaly():
        x = Tensor(np.array([4.0, float(index > 100)]))
        with pytest.raises(ag.AnomalyError):
            np.sqrt(x).sum().backward()
        with pytest.raises(ag.AnomalyError):
            np.log(x)
    return x.data


def makes_infinities(index):
    """What ``looks`` must not see."""
    x = Tensor(np.array([4.0, 0.0]))
    with np.errstate(all="ignore"):
        loss = (np.log(x) * index).sum() + np.sqrt(x).sum()
        loss.backward()
    return x.grad


def checks(index):
    return np.array(ag.gradcheck(lambda x: np.sin(x) * index, np.ones(2)).compared)


WORK = [
    trains,
    transforms,
    records_nothing,
    differentiates_twice,
    overwrites,
    fails,
    looks,
    makes_infinities,
    checks,
]


def alone():
    return [function(index + 1) for index, function in enumerate(WORK)]


def assert_same(found, expected):
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)


def test_threads_at_different_work_do_not_disturb_each_other():
    expected, before = alone(), parts()
    barrier = threading.Barrier(len(WORK))

    def work(index):
        barrier.wait(10)
        return [WORK[index](index + 1) for _ in range(ROUNDS)]

    with ThreadPoolExecutor(len(WORK)) as pool:
        results = list(pool.map(work, range(len(WORK))))
    for every_round in zip(*results, strict=True):
        assert_same(every_round, expected)
    assert parts() == before
    assert ag.is_recording()
    gc.collect()  # differentiates_twice leaves the one documented cycle


def test_tasks_at_different_work_do_not_disturb_each_other():
    expected = alone()

    async def work(index, mode):
        found = []
        for _ in range(5):
            with mode():
                await asyncio.sleep(0)
                recording = ag.is_recording()
                await asyncio.sleep(0)
                assert ag.is_recording() == recording == (mode is ag.enable_grad)
                with ag.enable_grad():
                    await asyncio.sleep(0)
                    found.append(WORK[index](index + 1))
        return found

    async def everything():
        modes = [ag.enable_grad, ag.no_grad]
        return await asyncio.gather(*[work(i, modes[i % 2]) for i in range(len(WORK))])

    for every_round in zip(*asyncio.run(everything()), strict=True):
        assert_same(every_round, expected)
    gc.collect()


def test_one_graph_is_read_by_all_threads_at_once():
    x = Tensor(np.linspace(0.1, 1, 50))
    loss = (np.tanh(x) * np.exp(x)).sum()
    expected = ag.vjp(lambda y: (np.tanh(y) * np.exp(y)).sum(), x.data)[1](1.0)[0]

    def work(_):
        leaf = Tensor(2.0)
        (leaf * loss.detach()).backward()
        return ag.grad(lambda y: (np.tanh(y) * np.exp(y)).sum())(x.detach())

    with ThreadPoolExecutor(8) as pool:
        for gradient in pool.map(work, range(40)):
            np.testing.assert_array_equal(gradient, expected)
    loss.backward()
    np.testing.assert_array_equal(x.grad, expected)
