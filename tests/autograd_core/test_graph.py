"""The graph is data: operations, parents, saved values, keywords, births."""

import numpy as np
import pytest

from autograd_core import Tensor
from autograd_core.graph import SMALL, Absent, Node, ancestors
from autograd_core.primitive import REGISTRY


def test_a_leaf():
    x = Tensor([1.0, 2.0], name="x")
    node = x._node
    assert (node.op, node.parents, node.saved, node.keywords) == (None, (), (), None)
    assert (node.shape, node.dtype, node.name) == ((2,), np.float64, "x")
    assert node.value is x.data
    assert repr(node) == f"<Node {node.birth}: leaf, shape (2,)>"


def test_an_operation():
    x, y = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    z = x * y
    node = z._node
    assert node.op is REGISTRY["multiply"]
    assert node.op.symbol == "×"
    assert node.parents == (x._node, y._node)
    np.testing.assert_array_equal(node.value, [3.0, 8.0])
    assert repr(node) == f"<Node {node.birth}: multiply, shape (2,)>"
    z.name = "z"
    assert node.name == "z"


def test_the_same_operand_twice_is_two_edges():
    x = Tensor(3.0)
    assert (x * x)._node.parents == (x._node, x._node)
    joined = np.concatenate([x[None], x[None], np.zeros(1)])
    assert [type(parent) is Node for parent in joined._node.parents] == [True, True, False]


def test_constants_stand_among_the_parents():
    x = Tensor([1.0, 2.0])
    assert (x * 2.5)._node.parents == (x._node, 2.5)
    assert (2.5 - x)._node.parents == (2.5, x._node)
    np.testing.assert_array_equal((x + np.ones(2))._node.parents[1], np.ones(2))
    np.testing.assert_array_equal((x + Tensor([1, 2]))._node.parents[1], [1, 2])


def test_a_big_constant_is_noted_by_its_shape():
    size = SMALL // 8
    x = Tensor(np.ones(size + 1))
    assert isinstance((Tensor(np.ones(size)) + np.ones(size))._node.parents[1], np.ndarray)
    absent = (x + np.ones(size + 1))._node.parents[1]
    assert isinstance(absent, Absent)
    assert (absent.shape, absent.dtype) == ((size + 1,), np.float64)
    assert repr(absent) == f"Absent(({size + 1},), float64)"


def test_small_values_stay_and_big_ones_do_not():
    size = SMALL // 8
    assert np.exp(Tensor(np.ones(size)))._node.value is not None
    assert np.exp(Tensor(np.ones(size + 1)))._node.value is None
    leaf = Tensor(np.ones(size + 1))
    assert leaf._node.value is leaf.data


@pytest.mark.parametrize(
    ("call", "name", "keywords"),
    [
        (lambda t: t.sum(axis=-1), "sum", {"axis": (1,), "keepdims": False}),
        (lambda t: np.mean(t, 0, keepdims=True), "mean", {"axis": (0,), "keepdims": True}),
        (lambda t: t.max(), "max", {"axis": (0, 1), "keepdims": False}),
        (lambda t: t.reshape(-1), "reshape", {"shape": (-1,)}),
        (lambda t: t.T, "transpose", {"axes": (1, 0)}),
        (lambda t: np.swapaxes(t, -1, 0), "swapaxes", {"axis1": 1, "axis2": 0}),
        (lambda t: np.stack([t, t], axis=-1), "stack", {"axis": 2}),
    ],
)
def test_keywords_are_canonical(call, name, keywords):
    node = call(Tensor(np.ones((2, 3))))._node
    assert node.op.name == name
    assert node.keywords == keywords


def test_an_operation_with_several_outputs_is_one_node():
    x = Tensor(np.arange(6.0))
    parts = np.split(x, 3)
    operation = parts[0]._node.parents[0]
    assert operation.op.name == "split"
    assert operation.op.multiple
    assert operation.parents == (x._node,)
    assert operation.shape == ((2,), (2,), (2,))
    for index, part in enumerate(parts):
        assert part._node.op.name == "output"
        assert part._node.keywords == {"index": index}
        assert part._node.parents == (operation,)
        np.testing.assert_array_equal(part._node.value, part.data)


def test_an_output_that_is_not_used_has_gradient_zero():
    x = Tensor(np.arange(6.0))
    first, _, last = np.split(x, 3)
    (first * last).sum().backward()
    np.testing.assert_array_equal(x.grad, [4.0, 5.0, 0.0, 0.0, 0.0, 1.0])


def test_all_outputs_can_be_left_to_one_backward_each():
    x = Tensor(np.arange(4.0))
    first, last = np.split(x, 2)
    first.sum().backward(retain_graph=True)
    (last * 10).sum().backward()
    np.testing.assert_array_equal(x.grad, [1.0, 1.0, 10.0, 10.0])


def test_ancestors_ascend_and_are_each_there_once():
    x, unused = Tensor(1.0), Tensor(2.0)
    y = x * x
    z = y + y * 3.0
    nodes = ancestors(z._node)
    assert [node.op and node.op.name for node in nodes] == [None, "multiply", "multiply", "add"]
    births = [node.birth for node in nodes]
    assert births == sorted(set(births))
    assert unused._node not in nodes
    assert nodes[0] is x._node
    assert nodes[-1] is z._node


def test_structure_stays_after_backward():
    x = Tensor([1.0, 2.0])
    z = (x * x).sum()
    before = ancestors(z._node)
    z.backward()
    assert ancestors(z._node) == before
    assert [node.saved for node in before] == [(), None, None]


def test_operands_that_do_not_record_have_no_part_in_the_graph():
    x, constant = Tensor([1.0, 2.0]), Tensor([3.0, 4.0], requires_grad=False)
    z = (x * (constant * 2.0)).sum()
    assert [node.op and node.op.name for node in ancestors(z._node)] == [None, "multiply", "sum"]
