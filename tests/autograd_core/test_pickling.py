"""Pickling and copying: a Tensor travels with its graph, and what was shared stays shared."""

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor

ROOT = Path(__file__).parents[2]


def by_pickle(protocol):
    return lambda value: pickle.loads(pickle.dumps(value, protocol))


COPIES = {f"pickle {p}": by_pickle(p) for p in range(2, pickle.HIGHEST_PROTOCOL + 1)}
COPIES["deepcopy"] = copy.deepcopy

copies = pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)


@copies
def test_a_leaf_keeps_value_gradient_and_name(copied):
    x = Tensor([1.0, 2.0], dtype="f4", name="w")
    (x * x).sum().backward()
    y = copied(x)
    assert y.name == "w"
    assert y.is_leaf
    assert y.requires_grad
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y.data, x.data)
    np.testing.assert_array_equal(y.grad, x.grad)
    for mine, theirs in ((y.data, x.data), (y.grad, x.grad)):
        assert not np.shares_memory(mine, theirs)
        assert mine.flags.writeable


@copies
def test_constants_and_integers(copied):
    for tensor in (Tensor([1, 2]), Tensor([1.0], requires_grad=False), Tensor(3.0).detach()):
        again = copied(tensor)
        assert not again.requires_grad
        assert again.dtype == tensor.dtype
        np.testing.assert_array_equal(again.data, tensor.data)


@copies
def test_a_result_and_its_leaf_stay_connected(copied):
    w = Tensor([1.0, 2.0], name="w")
    loss = (np.exp(w) * w).sum()
    loss2, w2 = copied((loss, w))
    loss2.backward()
    np.testing.assert_allclose(w2.grad, np.exp(w.data) * (1 + w.data), rtol=1e-15)
    assert w.grad is None
    loss.backward()
    np.testing.assert_array_equal(w.grad, w2.grad)


@copies
def test_the_order_does_not_matter(copied):
    w, v = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    shared = w * v
    first, second = shared.sum(), (shared * v).sum()
    v2, second2, first2, w2 = copied([v, second, first, w])
    (first2 + second2).backward()
    (first + second).backward()
    np.testing.assert_array_equal(w2.grad, w.grad)
    np.testing.assert_array_equal(v2.grad, v.grad)


@copies
def test_a_shared_node_is_one_node_afterwards(copied):
    x = Tensor(2.0)
    square = x * x
    total = copied(square + square)
    first, second = total._node.parents
    assert first is second
    assert first.parents[0] is first.parents[1]


@copies
def test_a_loaded_graph_can_be_extended(copied):
    x, hidden = copied((x := Tensor([1.0, 2.0]), np.tanh(x)))
    births = [node.birth for node in (x._node, hidden._node, (hidden * x)._node)]
    assert births == sorted(births)
    (hidden * x).sum().backward()
    t = np.tanh([1.0, 2.0])
    np.testing.assert_allclose(x.grad, t + np.array([1.0, 2.0]) * (1 - t * t), rtol=1e-15)


@copies
def test_released_and_retained_stay_what_they_were(copied):
    x = Tensor([1.0, 2.0])
    y = x * x
    y.retain_grad()
    loss = y.sum()
    loss.backward()
    loss2, y2 = copied((loss, y))
    np.testing.assert_array_equal(y2.grad, [1.0, 1.0])
    with pytest.raises(ag.GraphError, match="retain_graph=True"):
        loss2.backward()


@copies
def test_overwriting_is_noticed_in_the_copy_too(copied):
    x, constant = Tensor([1.0, 2.0]), np.array([3.0, 4.0])
    loss, x2, constant2 = copied(((x * x * constant).sum(), x, constant))
    x2.data -= 1.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()
    loss, x2, constant2 = copied(((x * constant).sum(), x, constant))
    constant2 += 1.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


@copies
def test_an_overwritten_graph_is_not_made_right_by_copying(copied):
    x, constant = Tensor([1.0, 2.0]), np.array([3.0, 4.0])
    loss = (x * constant).sum()
    constant += 1.0
    with pytest.raises(ag.OverwrittenError):
        copied(loss).backward()


@copies
def test_operations_with_several_outputs_and_with_keywords(copied):
    x = Tensor(np.arange(6.0).reshape(2, 3))
    left, right = np.split(x, [1], axis=1)
    loss = (left * right.sum(axis=1, keepdims=True)).max() + np.concatenate([left, right], 1).mean()
    loss2, x2 = copied((loss, x))
    loss2.backward()
    loss.backward()
    np.testing.assert_array_equal(x2.grad, x.grad)


@copies
def test_the_users_line_survives(copied):
    y = Tensor(2.0) * 3.0
    assert str(copied(y)._node.location) == str(y._node.location)


def test_copy_copy_is_the_same_node():
    x = Tensor([1.0, 2.0])
    y = copy.copy(x)
    (y * y).sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


@copies
def test_second_order_gradients_travel(copied):
    x = Tensor(2.0)
    (x**3).backward(create_graph=True)
    slope, x2 = copied((x.grad, x))
    x.zero_grad()
    x2.zero_grad()
    slope.backward()
    assert float(x2.grad) == 12.0


class Weight(Tensor):
    """A Tensor of the user's own kind, with an attribute."""


@copies
def test_a_subclass_keeps_its_type_and_attributes(copied):
    w = Weight([1.0, 2.0])
    w.layer = "first"
    again = copied(w)
    assert type(again) is Weight
    assert again.layer == "first"


EXTEND = """
import pickle, sys
z, x = pickle.load(open(sys.argv[1], "rb"))
for _ in range(10):
    z = z * 2.0
z.backward()
print(float(z), float(x.grad))
"""


@pytest.mark.parametrize("length", [1_000, pytest.param(100_000, id="100000")])
def test_a_long_graph_is_loaded_in_a_fresh_process_extended_and_differentiated(tmp_path, length):
    x = Tensor(1.0)
    z = x
    for k in range(length // 2):
        z = (z + x) * (1.0 if k % 2 else 0.5)
    path = tmp_path / "graph.pickle"
    with path.open("wb") as file:
        pickle.dump((z, x), file)
    fresh = subprocess.run(
        [sys.executable, "-c", EXTEND, str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=120,
    )
    assert fresh.returncode == 0, fresh.stderr
    value, slope = map(float, fresh.stdout.split())
    assert value == float(z) * 1024
    z.backward()
    assert slope == float(x.grad) * 1024


def test_a_long_graph_is_deep_copied():
    x = Tensor(1.0)
    z = x
    for _ in range(5_000):
        z = z * 1.001
    z2, x2 = copy.deepcopy((z, x))
    z2.backward()
    z.backward()
    assert x2.grad == x.grad
