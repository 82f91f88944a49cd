"""``no_grad`` and ``enable_grad``: blocks and decorators, nested, restored, per thread and task."""

import asyncio
import threading

import pytest

import autograd_core as ag
from autograd_core import Tensor


def records():
    """Whether an operation is recorded here, asked of an operation."""
    recorded = (Tensor(2.0) * 3.0).requires_grad
    assert recorded == ag.is_recording()
    return recorded


def test_no_grad_records_nothing():
    x = Tensor([1.0, 2.0])
    with ag.no_grad():
        y = x * x
        assert not records()
    assert records()
    assert y.is_leaf
    assert not y.requires_grad


def test_values_are_the_same_either_way():
    x = Tensor([0.5, 2.0])
    recorded = (x * x).sum()
    with ag.no_grad():
        assert float((x * x).sum()) == float(recorded)


def test_a_new_tensor_is_a_leaf_under_no_grad_too():
    with ag.no_grad():
        x = Tensor([1.0])
    assert x.requires_grad
    (x * 2).sum().backward()
    assert x.grad == 2.0


def test_nested():
    with ag.no_grad():
        with ag.enable_grad():
            assert records()
            with ag.no_grad():
                assert not records()
            assert records()
        assert not records()
    assert records()


@pytest.mark.parametrize("mode", [ag.no_grad, ag.enable_grad])
def test_restored_after_an_exception(mode):
    with pytest.raises(KeyError), mode():
        raise KeyError
    assert records()
    with ag.no_grad():
        with pytest.raises(KeyError), ag.enable_grad():
            raise KeyError
        assert not records()


def test_one_object_may_be_entered_twice():
    mode = ag.no_grad()
    with mode:
        with mode:
            assert not records()
        assert not records()
    assert records()


def test_decorators():
    @ag.no_grad()
    def evaluate(x, *, scale=1.0):
        """Evaluate x."""
        return records(), x * scale

    @ag.enable_grad()
    def learn():
        return records()

    assert evaluate(2.0, scale=4.0) == (False, 8.0)
    assert evaluate.__name__ == "evaluate"
    assert evaluate.__doc__ == "Evaluate x."
    assert records()
    with ag.no_grad():
        assert learn()
        assert not records()


def test_a_decorated_function_restores_after_an_exception_and_may_recurse():
    @ag.no_grad()
    def fail(depth):
        assert not records()
        if depth:
            fail(depth - 1)
        raise KeyError

    with pytest.raises(KeyError):
        fail(3)
    assert records()


def test_a_decorated_coroutine_holds_over_its_awaits():
    @ag.no_grad()
    async def evaluate():
        before = records()
        await asyncio.sleep(0)
        return before, records()

    async def main():
        return await evaluate(), records()

    assert asyncio.run(main()) == ((False, False), True)


@pytest.mark.parametrize("kind", ["generator", "asynchronous generator"])
def test_a_generator_is_not_decorated_in_vain(kind):
    def generator():
        yield 1

    async def asynchronous():
        yield 1

    function = generator if kind == "generator" else asynchronous
    with pytest.raises(TypeError, match=rf"no_grad.*generator {function.__name__}.*inside"):
        ag.no_grad()(function)


def test_forgotten_parentheses_are_explained():
    with pytest.raises(TypeError, match=r"parentheses: @no_grad\(\)"):

        @ag.no_grad
        def evaluate():
            """Never made."""


def test_each_thread_has_its_own_mode():
    inside, outside, entered, finished = [], [], threading.Event(), threading.Event()

    def quiet():
        with ag.no_grad():
            entered.set()
            assert finished.wait(10)
            inside.append(records())

    thread = threading.Thread(target=quiet)
    thread.start()
    assert entered.wait(10)
    outside.append(records())
    finished.set()
    thread.join()
    assert (inside, outside) == ([False], [True])


def test_a_thread_started_under_no_grad_records():
    seen = []
    with ag.no_grad():
        thread = threading.Thread(target=lambda: seen.append(records()))
        thread.start()
        thread.join()
    assert seen == [True]


def test_each_asyncio_task_has_its_own_mode():
    async def quiet(turn):
        with ag.no_grad():
            turn.set()
            await asyncio.sleep(0)
            return records()

    async def loud(turn):
        await turn.wait()
        return records()

    async def main():
        turn = asyncio.Event()
        return await asyncio.gather(quiet(turn), loud(turn), quiet(turn), loud(turn))

    assert asyncio.run(main()) == [False, True, False, True]


def test_a_task_keeps_the_mode_it_was_started_in():
    async def main():
        with ag.no_grad():
            task = asyncio.create_task(asyncio.to_thread(records))
        return await task, records()

    assert asyncio.run(main()) == (False, True)


def test_constants_made_under_no_grad_join_a_graph_later():
    x = Tensor([1.0, 2.0])
    with ag.no_grad():
        scale = x * 10
    (x * scale).sum().backward()
    assert list(x.grad) == [10.0, 20.0]
