"""``register_hook``: when hooks run, what they may return, that they are freed; messages."""

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.reverse import node_gradients


def test_a_hook_sees_the_whole_gradient_once_a_pass():
    x, seen = Tensor([1.0, 2.0]), []
    x.register_hook(lambda g: seen.append(g.tolist()))
    (x * x + 3.0 * x).sum().backward()
    assert seen == [[5.0, 7.0]]
    (x * 1.0).sum().backward()
    assert seen == [[5.0, 7.0], [1.0, 1.0]]
    np.testing.assert_array_equal(x.grad, [6.0, 8.0])


def test_what_a_hook_returns_goes_on():
    x = Tensor(3.0)
    y = x * x
    y.register_hook(lambda g: 10 * g)
    y.register_hook(lambda g: g + 1)
    y.retain_grad()
    (2.0 * y).backward()
    assert y.grad == 21.0
    assert x.grad == 126.0


def test_on_the_result_itself_and_on_a_leaf_that_is_the_result():
    y = Tensor(3.0) * 2.0
    y.register_hook(lambda g: 5 * g)
    y.retain_grad()
    y.backward()
    assert y.grad == 5.0
    leaf = Tensor(3.0)
    leaf.register_hook(lambda g: 5 * g)
    leaf.backward()
    assert leaf.grad == 5.0


def test_on_one_of_several_outputs():
    x = Tensor(np.arange(4.0))
    left, right = np.split(x, 2)
    left.register_hook(lambda g: -g)
    (left + 2 * right).sum().backward()
    np.testing.assert_array_equal(x.grad, [-1, -1, 2, 2])


def test_remove():
    x = Tensor(3.0)
    first, second = x.register_hook(lambda g: 2 * g), x.register_hook(lambda g: g + 1)
    first.remove()
    first.remove()
    (x * 1.0).backward()
    assert x.grad == 2.0
    second.remove()
    (x * 1.0).backward()
    assert x.grad == 3.0


def test_a_hook_may_remove_itself():
    x = Tensor(3.0)
    handle = x.register_hook(lambda g: (handle.remove(), 2 * g)[1])
    (x * 1.0).backward()
    (x * 1.0).backward()
    assert x.grad == 3.0


def test_the_gradient_is_read_only_and_may_be_kept():
    x, kept = Tensor(np.ones(3)), []
    y = x + 0.0
    y.register_hook(kept.append)
    (y * 2.0).sum().backward()
    with pytest.raises(ValueError, match="read-only"):
        kept[0][0] = 5.0
    x.grad[:] = 7.0
    np.testing.assert_array_equal(kept[0], [2.0, 2.0, 2.0])


def test_what_a_hook_returns_is_not_what_grad_holds():
    x, mine = Tensor(np.ones(3)), np.full(3, 5.0)
    x.register_hook(lambda _: mine)
    (x * 1.0).sum().backward()
    x.grad[:] = 0.0
    np.testing.assert_array_equal(mine, 5.0)


def test_dtype_stays():
    x = Tensor(np.ones(2, np.float32))
    x.register_hook(lambda g: g.astype(float) * 2)
    x.sum().backward()
    assert x.grad.dtype == np.float32
    y = Tensor(1.0)
    y.register_hook(lambda _: 3)
    (y * 1.0).backward()
    assert y.grad == 3.0
    assert y.grad.dtype == np.float64


def test_of_a_complex_tensor_it_is_the_public_gradient():
    z, seen = Tensor(1.0 + 2.0j), []
    z.register_hook(lambda g: (seen.append(g), g * 1j)[1])
    np.real(z * (3.0 + 1.0j)).backward()
    assert seen == [3.0 - 1.0j]
    assert z.grad == 1j * (3.0 - 1.0j)


def test_in_a_recorded_pass_it_gets_a_tensor_and_is_differentiated():
    x = Tensor(3.0)
    x.register_hook(lambda g: g * g)
    (x**2).backward(create_graph=True)
    slope = x.grad  # (2x)^2
    assert slope.data == 36.0
    x.zero_grad()
    slope.backward()
    assert x.grad == (8 * 3.0) ** 2
    constant = Tensor(3.0)
    constant.register_hook(lambda _: 5.0)
    (constant**2).backward(create_graph=True)
    assert constant.grad.data == 5.0


def test_transforms_and_pictures_run_hooks():
    def clipped(x):
        y = x * 3.0
        y.register_hook(lambda g: np.clip(g, -1, 1))
        x.register_hook(lambda g: g + 0.5)
        return 100.0 * y

    assert ag.grad(clipped)(2.0) == 3.5
    x = Tensor(2.0)
    assert node_gradients(clipped(x)._node)[x._node] == 3.5
    outside = Tensor(2.0)
    outside.register_hook(lambda g: g * 1000)
    assert ag.grad(lambda x: x * outside)(1.0).data == 2.0


def test_an_exception_in_a_hook_leaves_everything_as_it_was():
    x, y = Tensor(1.0), Tensor(2.0)
    x.register_hook(lambda _: 1 / 0)
    product = x * y
    with pytest.raises(ZeroDivisionError):
        product.backward()
    assert x.grad is None
    assert y.grad is None


def test_copies_have_no_hooks():
    x = Tensor(3.0)
    x.register_hook(lambda g: 2 * g)
    for twin in (copy.deepcopy(x), pickle.loads(pickle.dumps(x))):
        (twin * 1.0).backward()
        assert twin.grad == 1.0
        twin.register_hook(lambda g: 4 * g)
        twin.zero_grad()
        (twin * 1.0).backward()
        assert twin.grad == 4.0


def test_a_handle_keeps_nothing_alive():
    gc.collect()
    gc.disable()
    try:
        x = Tensor(np.ones(3))
        y = x * 2.0
        handle = y.register_hook(lambda g: 2 * g)
        y.sum().backward()
        array = weakref.ref(y._array)
        del y
        assert array() is None
        handle.remove()
    finally:
        gc.enable()


def fails(answer):
    x = Tensor(np.ones(3))
    x.register_hook(lambda _: answer)
    (x * 1.0).sum().backward()


MESSAGES = [
    (
        lambda: fails(np.ones(2)),
        ag.ShapeError,
        "A hook returned a gradient of shape (2,); its Tensor has the shape (3,). Return one",
    ),
    (
        lambda: fails(np.ones(3) * 1j),
        ag.DTypeError,
        "A hook returned a gradient of complex128; its Tensor is of float64.",
    ),
    (
        lambda: Tensor(1.0).register_hook(3),
        ag.DTypeError,
        "register_hook takes a function of the gradient, not ",
    ),
    (lambda: Tensor([1]).register_hook(print), ag.GraphError, "record"),
]


@pytest.mark.parametrize(("call", "kind", "words"), MESSAGES)
def test_a_wrong_call_says_what_to_do(call, kind, words):
    with pytest.raises(kind) as caught:
        call()
    assert words in str(caught.value)
