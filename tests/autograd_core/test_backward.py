"""``backward()``: what it leaves in ``.grad``, when it may be called, and what it says if not."""

import itertools
import weakref

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor

# ---------------------------------------------------------------- the gradients it leaves


def test_gradients_arrive_at_every_leaf():
    x, y = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    (x * y + x).sum().backward()
    np.testing.assert_array_equal(x.grad, [4.0, 5.0])
    np.testing.assert_array_equal(y.grad, [1.0, 2.0])


def test_an_operand_used_twice_gets_both_parts():
    x = Tensor(3.0)
    (x * x * x).backward()
    assert x.grad == 27.0


def test_a_second_backward_into_the_same_leaves_adds_up():
    x = Tensor([1.0, 2.0])
    for _ in range(3):
        (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [6.0, 12.0])
    scalar = Tensor(2.0)
    (scalar * 3).backward()
    (scalar * 5).backward()
    assert scalar.grad == 8.0


def test_zero_grad_clears_to_not_computed():
    x = Tensor([1.0, 2.0])
    (x * x).sum().backward()
    x.zero_grad()
    assert x.grad is None
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_a_leaf_is_its_own_gradient():
    x = Tensor(5.0)
    x.backward()
    assert x.grad == 1.0
    seed = np.array([1.0, 2.0])
    v = Tensor([7.0, 7.0])
    v.backward(seed)
    np.testing.assert_array_equal(v.grad, seed)
    assert not np.shares_memory(v.grad, seed)


SHAPES = [(), (3,), (1,), (2, 3), (2, 1), (0,), (1, 1, 3)]


def broadcast(first, second):
    return all(a == b or 1 in (a, b) for a, b in zip(first[::-1], second[::-1], strict=False))


PAIRS = [pair for pair in itertools.product(SHAPES, repeat=2) if broadcast(*pair)]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_gradients_have_shape_and_dtype_of_their_tensors(first, second, dtype):
    x = Tensor(np.full(first, 2.0), dtype=dtype)
    y = Tensor(np.full(second, 3.0), dtype="f8")
    (x * y + x - y).sum().backward()
    for tensor in (x, y):
        assert tensor.grad.shape == tensor.shape
        assert tensor.grad.dtype == tensor.dtype
    expected = 4.0 * np.broadcast(np.empty(first), np.empty(second)).size / max(x.size, 1)
    np.testing.assert_array_equal(x.grad, np.full(first, expected))


def test_intermediates_keep_no_gradient_unless_asked():
    x = Tensor([1.0, 2.0])
    y = x * x
    z = y * 3
    y.retain_grad()
    z.sum().backward()
    assert z.grad is None
    np.testing.assert_array_equal(y.grad, [3.0, 3.0])
    y.grad[0] = 99.0
    np.testing.assert_array_equal(x.grad, [6.0, 12.0])


def test_retain_grad_of_the_root_and_of_a_leaf():
    x = Tensor([1.0, 2.0])
    x.retain_grad()
    loss = (x * x).sum()
    loss.retain_grad()
    loss.backward()
    assert loss.grad == 1.0
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


# ---------------------------------------------------------------- own arrays, shared with nobody

LINEAR = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "y + x + y": lambda x, y: y + x + y,
    "x.sum() + y.sum()": lambda x, y: x.sum() + y.sum(),
    "x.T + y.T": lambda x, y: x.T + y.T,
    "reshaped": lambda x, y: x.reshape(4) + y.reshape(4),
    "broadcast": lambda x, y: np.broadcast_to(x, (3, 2, 2)) + y,
    "stacked": lambda x, y: np.stack([x, y]),
    "concatenated": lambda x, y: np.concatenate([x, y]),
    "indexed": lambda x, y: x[0] + y[1],
    "split": lambda x, y: np.split(x, 2)[0] + y,
    "where": lambda x, y: np.where(np.eye(2, dtype=bool), x, y),
    "updated": lambda x, y: ag.index_update(x, 0, y[0]),
    "through a retained one": lambda x, y: x + y,
}


@pytest.mark.parametrize("function", LINEAR.values(), ids=LINEAR)
@pytest.mark.parametrize("seeded", [False, True])
def test_each_gradient_is_an_own_writable_array(function, seeded):
    x, y = Tensor(np.ones((2, 2))), Tensor(np.ones((2, 2)))
    out = function(x, y)
    out.retain_grad()
    seed = np.ones(out.shape)
    if seeded:
        out.backward(seed)
    else:
        out.sum().backward()
    arrays = {"x.grad": x.grad, "y.grad": y.grad, "the seed": seed}
    if out.shape:
        arrays["out.grad"] = out.grad
    before = {name: array.copy() for name, array in arrays.items()}
    for name, array in arrays.items():
        assert isinstance(array, np.ndarray)
        assert array.flags.writeable, name
        assert array.flags.owndata, name
        array += 100.0
        for other in arrays.keys() - {name}:
            np.testing.assert_array_equal(arrays[other], before[other], err_msg=f"{name} {other}")
        array -= 100.0


def test_adding_to_a_gradient_leaves_the_others_alone():
    x, y = Tensor(np.ones(3)), Tensor(np.ones(3))
    (x + y).sum().backward()
    (x * 2).sum().backward()
    np.testing.assert_array_equal(x.grad, [3.0, 3.0, 3.0])
    np.testing.assert_array_equal(y.grad, [1.0, 1.0, 1.0])


def test_large_gradients_are_own_arrays_too():
    x, y, z = (Tensor(np.ones(20_000)) for _ in range(3))
    ((x + y) * 1.0 + (x + z) + x).sum().backward()
    arrays = [x.grad, y.grad, z.grad]
    assert not any(np.shares_memory(a, b) for a, b in itertools.combinations(arrays, 2))
    assert [array[0] for array in arrays] == [3.0, 1.0, 1.0]


# ---------------------------------------------------------------- the gradient it starts from


def test_a_seed_weighs_the_elements():
    x = Tensor([1.0, 2.0], dtype="f4")
    (x * x).backward([10, 100])
    np.testing.assert_array_equal(x.grad, [20.0, 400.0])
    assert x.grad.dtype == np.float32


def test_a_seed_may_be_a_tensor_and_the_gradient_is_still_an_array():
    x = Tensor([1.0, 2.0], dtype="f4")
    (x * x).backward(Tensor([10.0, 100.0]))
    assert type(x.grad) is np.ndarray
    assert x.grad.dtype == np.float32
    np.testing.assert_array_equal(x.grad, [20.0, 400.0])


def test_one_element_needs_no_seed_whatever_its_shape():
    x = Tensor([[3.0]])
    (x * x).backward()
    np.testing.assert_array_equal(x.grad, [[6.0]])


def test_a_non_scalar_without_gradient_is_refused():
    x = Tensor(np.ones((2, 3)))
    with pytest.raises(ag.GraphError, match=r"\(2, 3\).*x\.sum\(\)\.backward\(\).*np\.ones_like"):
        (x * 2).backward()
    assert x.grad is None


@pytest.mark.parametrize("seed", [np.ones(3), 1.0, np.ones((1, 2)), np.ones((2, 1))])
def test_a_gradient_of_the_wrong_shape_is_refused(seed):
    x = Tensor([1.0, 2.0])
    with pytest.raises(ag.ShapeError, match=r"shape \(2,\), but has") as caught:
        (x * 2).backward(seed)
    assert str(np.shape(seed)) in str(caught.value)
    assert x.grad is None


@pytest.mark.parametrize("seed", ["ab", [object(), None], np.array([1j, 2j])])
def test_a_gradient_that_is_no_real_number_is_refused(seed):
    x = Tensor([1.0, 2.0])
    with pytest.raises(ag.DTypeError, match="gradient"):
        (x * 2).backward(seed)
    assert x.grad is None


# ---------------------------------------------------------------- nothing to walk


@pytest.mark.parametrize(
    ("tensor", "why"),
    [
        (Tensor([1, 2], name="n"), r"'n'.*int64.*2\.0 instead of 2"),
        (Tensor([1, 2]) * 3, r"int64.*2\.0 instead of 2"),
        ((Tensor(1.0) * 2).detach(), r"does not record.*float64.*detached"),
        (Tensor(1.0, requires_grad=False) * 2, r"requires_grad=False"),
    ],
)
def test_a_tensor_that_does_not_record_has_no_gradient(tensor, why):
    with pytest.raises(ag.GraphError, match=why):
        tensor.backward()


def test_a_result_of_no_grad_says_so():
    with ag.no_grad():
        y = Tensor(1.0) * 2
    with pytest.raises(ag.GraphError, match=r"does not record.*no_grad"):
        y.backward()
    with pytest.raises(ag.GraphError, match=r"does not record.*no_grad"):
        y.retain_grad()


# ---------------------------------------------------------------- released graphs


def test_a_second_pass_through_a_released_graph_is_refused():
    x = Tensor([1.0, 2.0])
    loss = (x * x).sum()
    loss.backward()
    with pytest.raises(ag.GraphError, match=r"released.*retain_graph=True.*again"):
        loss.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_the_refusal_names_the_operation_and_its_line():
    x = Tensor(2.0)
    shared = x * x
    (shared + 1).backward()
    with pytest.raises(ag.GraphError, match=r"multiply \(test_backward\.py:\d+\).*retain_graph"):
        (shared + 2).backward()
    assert x.grad == 4.0


def test_retain_graph_allows_another_pass_and_the_last_releases():
    x = Tensor([1.0, 2.0])
    loss = (x * x).sum()
    loss.backward(retain_graph=True)
    loss.backward()
    np.testing.assert_array_equal(x.grad, [4.0, 8.0])
    with pytest.raises(ag.GraphError, match="retain_graph=True"):
        loss.backward()


def test_big_saved_arrays_are_freed_by_backward():
    x = Tensor(np.ones(1000))
    y = x * 2.0
    loss = np.exp(y).sum()
    saved = weakref.ref(loss._node.parents[0].saved[0])
    del y
    assert saved() is not None
    loss.backward()
    assert saved() is None
    assert loss._node.parents[0].op.name == "exp"
