"""Nothing needs the garbage collector: a dropped graph is gone at once."""

import copy
import gc
import operator
import pickle
import weakref

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.graph import Node
from autograd_core.reverse import node_gradients


@pytest.fixture(autouse=True)
def without_collector():
    """Only reference counting frees anything."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def build():
    x, c = Tensor(np.linspace(0.5, 1.5, 6).reshape(2, 3)), np.ones((2, 3))
    hidden = np.tanh(x * c + 1.0) / (1.0 + np.exp(-x))
    left, right = np.split(hidden, [1], axis=1)
    joined = np.concatenate([left, right[:, ::-1]], axis=1)
    chosen = np.where(joined > 0.5, joined, 0.0)
    return x, ag.logsumexp(chosen.T @ hidden) + (joined.max(axis=0) ** 2).mean()


def forward():
    build()


def backward():
    _, loss = build()
    loss.backward()


def backward_twice():
    _, loss = build()
    loss.backward(retain_graph=True)
    loss.backward()


def released():
    _, loss = build()
    loss.backward()
    with pytest.raises(ag.GraphError):
        loss.backward()


def overwritten():
    x, _ = build()
    loss = (x * x).sum()
    x.data -= 1.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


def not_a_scalar():
    x, _ = build()
    with pytest.raises(ag.GraphError):
        (x * 2).backward()


def wrong_shape():
    x, _ = build()
    with pytest.raises(ag.ShapeError):
        x + np.ones(7)


def wrong_shape_by_our_own_words():
    x, _ = build()
    with pytest.raises(ag.ShapeError):
        ag.linear(x, np.ones((5, 5)))


def wrong_axis():
    x, _ = build()
    with pytest.raises(ag.ShapeError):
        np.sum(x * 2, axis=7)


def wrong_index():
    x, _ = build()
    with pytest.raises(ag.IndexingError):
        (x * 2)[9]


def wrong_in_place():
    x, _ = build()
    with ag.no_grad(), pytest.raises(ag.ShapeError):
        x += np.ones(7)


def wrong_comparison():
    x, _ = build()
    with pytest.raises(ag.ShapeError):
        operator.lt(x * 2, np.ones(7))


def floating_point_error():
    x, _ = build()
    with np.errstate(all="raise"), pytest.raises(FloatingPointError):
        np.log(x * 0.0)


def warning_as_error():
    x, _ = build()
    with pytest.raises(RuntimeWarning):  # warnings are errors in this suite
        (x * 2) / 0.0


def refused():
    x, _ = build()
    with pytest.raises(ag.NotDifferentiable):
        np.put(x * 2, [0], 1.0)


def retained():
    x, _ = build()
    y = x * x
    y.retain_grad()
    y.sum().backward()


def gradients_of_nodes():
    _, loss = build()
    node_gradients(loss._node)


def under_no_grad():
    with ag.no_grad():
        build()


def in_place():
    x, _ = build()
    with ag.no_grad():
        x -= 1.0
        x[0] = 2.0
    y = x * 2
    y += x


def copied():
    pickle.loads(pickle.dumps(build()))


def shown():
    x, loss = build()
    repr(loss), f"{loss:.2f}", x.detach(), x.tolist(), loss.item(), x == 1.0, list(x)


ACTIONS = [
    forward,
    backward,
    backward_twice,
    released,
    overwritten,
    not_a_scalar,
    wrong_shape,
    wrong_shape_by_our_own_words,
    wrong_axis,
    wrong_index,
    wrong_in_place,
    wrong_comparison,
    floating_point_error,
    warning_as_error,
    refused,
    retained,
    gradients_of_nodes,
    under_no_grad,
    in_place,
    copied,
    shown,
]


def live():
    return sum(type(thing) is Node or isinstance(thing, Tensor) for thing in gc.get_objects())


@pytest.mark.parametrize("action", ACTIONS)
def test_everything_is_freed_by_reference_counting(action):
    action()  # what is made once and kept, such as plans
    gc.collect()
    before = live()
    action()
    assert live() == before


def test_deep_copies_are_freed_with_their_memo():
    loss = build()[1]
    before = live()
    copy.deepcopy(loss)
    gc.collect(0)  # deepcopy's own dictionary may refer to itself
    assert live() == before


def test_create_graph_needs_the_collector_or_zero_grad():
    """The one documented cycle: the leaf's gradient refers to the leaf."""
    x = Tensor(3.0)
    (x**3).backward(create_graph=True)
    node = x._node
    count = live()
    x.zero_grad()
    assert node.grad is None
    assert live() < count


def test_an_intermediate_array_lives_no_longer_than_it_is_needed():
    x = Tensor(np.ones(1000))
    y = x * 2.0
    array = weakref.ref(y._array)
    total = (y + 1.0).sum()
    del y
    assert array() is None  # neither + nor sum asked for it
    total.backward()


def test_only_what_a_recording_operand_asks_for_is_kept():
    h = Tensor(np.ones(1000))
    scaled = 2.0 * h
    assert scaled._node.saved == (2.0,)
    product = h * np.full(1000, 3.0)
    assert [value[0] for value in product._node.saved] == [3.0]
    assert (h + h)._node.saved == ()


def test_big_constants_are_not_kept_with_the_graph():
    constant = np.ones(1000)
    array = weakref.ref(constant)
    total = (Tensor(np.ones(1000)) + constant).sum()
    del constant
    assert array() is None
    total.backward()
