"""Gradients of all nodes for pictures: pure, right before and after ``backward()``, or missing."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.contributions import fit
from autograd_core.graph import ancestors
from autograd_core.reverse import lost_gradients, node_gradients


def example():
    """Leaves and results of a small expression, with the gradients of all of them."""
    x, y = Tensor(2.0), Tensor(3.0)
    product = x * y
    total = product + x
    square = total**2
    expected = {square: 1.0, total: 16.0, product: 16.0, y: 32.0, x: 64.0}
    return square, x, {tensor._node: value for tensor, value in expected.items()}


def test_every_node_gets_its_gradient():
    root, _, expected = example()
    assert node_gradients(root._node) == expected


def test_it_touches_no_grad_and_releases_nothing():
    root, x, expected = example()
    x.grad = 100.0
    node_gradients(root._node)
    assert x.grad == 100.0
    assert [node.grad for node in expected if node is not x._node] == [None] * 4
    root.backward()
    assert x.grad == 164.0


def test_it_works_after_backward_released_a_small_graph():
    root, x, expected = example()
    root.backward()
    assert node_gradients(root._node) == expected
    assert x.grad == 64.0
    with pytest.raises(ag.GraphError):
        root.backward()


def test_it_is_not_recorded_and_needs_no_mode():
    root, _, expected = example()
    with ag.no_grad():
        assert node_gradients(root._node) == expected


def test_a_seed_scales_everything():
    x = Tensor([1.0, 2.0])
    y = x * x
    gradients = node_gradients(y._node, np.array([10.0, 100.0]))
    np.testing.assert_array_equal(gradients[x._node], [20.0, 400.0])
    np.testing.assert_array_equal(node_gradients(y._node)[x._node], [2.0, 4.0])


def test_the_arrays_are_nobody_elses():
    x, y = Tensor([1.0, 2.0]), Tensor([1.0, 2.0])
    z = (x + y).sum()
    z.backward()
    arrays = [g for g in node_gradients(z._node).values() if g.shape]
    arrays += [x.grad, y.grad]
    for array in arrays:
        array += 10.0
    for array in arrays:
        np.testing.assert_array_equal(array, [11.0, 11.0])


def test_operations_of_every_kind_after_release():
    x = Tensor(np.arange(1.0, 7.0).reshape(2, 3))
    left, right = np.split(x, [1], axis=1)
    joined = np.concatenate([np.log(left), right.T.reshape(2, 2)], axis=1)
    chosen = np.where(joined > 2.0, joined, -joined)
    loss = ag.logsumexp(ag.linear(chosen, np.ones((2, 3)), np.zeros(2))) + x[0, ::2].std()
    loss = loss + ag.softmax_cross_entropy(x, np.array([0, 2])) + ag.squared_error(x, x.data + 1)
    before = node_gradients(loss._node)
    loss.backward()
    after = node_gradients(loss._node)
    assert before.keys() == after.keys()
    np.testing.assert_allclose(after[x._node], x.grad, rtol=1e-12)
    for node, gradient in before.items():
        if not isinstance(gradient, list):
            np.testing.assert_allclose(after[node], gradient, rtol=1e-12)


def test_what_was_too_big_to_stay_is_missing_never_zero():
    x = Tensor(np.full(1000, 2.0))
    y = np.sin(x * 3.0)
    loss = y.sum()
    assert x._node in node_gradients(loss._node)
    loss.backward()
    gradients = node_gradients(loss._node)
    assert y._node in gradients
    assert x._node not in gradients


def test_linear_without_a_bias_after_release():
    w = Tensor(np.ones((2, 3)))
    loss = ag.linear(np.ones((4, 3)), w).sum()
    loss.backward()
    np.testing.assert_array_equal(node_gradients(loss._node)[w._node], np.full((2, 3), 4.0))


# ---------------------------------------------------------------- overwritten values


def step_of_an_array(w):
    w.data -= 1.0


def step_under_no_grad(w):
    with ag.no_grad():
        w -= 1.0


@pytest.mark.parametrize("step", [step_of_an_array, step_under_no_grad])
@pytest.mark.parametrize("start", [3.0, [3.0, 4.0]])
@pytest.mark.parametrize("first", [True, False])
def test_after_a_step_the_old_gradient_is_right_or_missing(step, start, first):
    w = Tensor(start)
    loss = np.sum(w * w)
    if first:
        loss.backward()
    expected = 2 * np.asarray(start)
    step(w)
    gradient = node_gradients(loss._node).get(w._node)
    if gradient is not None:
        np.testing.assert_array_equal(gradient, expected)


@pytest.mark.parametrize("first", [True, False])
def test_after_a_constant_changed_the_old_gradient_is_right_or_missing(first):
    x, constant = Tensor([1.0, 2.0]), np.array([3.0, 4.0])
    loss = (x * constant).sum()
    if first:
        loss.backward()
    constant += 1.0
    gradient = node_gradients(loss._node).get(x._node)
    if gradient is not None:
        np.testing.assert_array_equal(gradient, [3.0, 4.0])


def test_a_step_hides_no_more_than_it_must():
    w, x = Tensor([3.0, 4.0]), Tensor([1.0, 2.0])
    y = w + x
    loss = (y * y).sum()
    loss.backward()
    w.data -= 1.0
    np.testing.assert_array_equal(node_gradients(loss._node)[x._node], [8.0, 12.0])


# ---------------------------------------------------------------- fitting


@pytest.mark.parametrize(
    ("have", "want"),
    [
        ((2, 3), (3,)),
        ((2, 3), (1, 3)),
        ((2, 3), (2, 1)),
        ((2, 3), (1, 1)),
        ((2, 3), ()),
        ((4, 2, 3), (2, 1)),
        ((4, 1), (1,)),
        ((1, 3), (3,)),
        ((2, 0), (2, 1)),
        ((0, 3), (3,)),
        ((4, 5, 3), (3,)),
        ((4, 5, 3, 2), (3, 2)),
        ((4, 5, 3, 1), (3, 1)),
        ((0, 4, 3), (3,)),
        ((4, 5, 0), (0,)),
    ],
)
@pytest.mark.parametrize("order", ["C", "F"])
def test_fit_sums_over_what_was_broadcast(have, want, order, rng):
    """The transpose of broadcasting: <broadcast(v), g> = <v, fit(g)> for every v."""
    g, v = np.asarray(rng.standard_normal(have), order=order), rng.standard_normal(want)
    fitted = fit(g, want, np.dtype("f8"))
    assert fitted.shape == want
    np.testing.assert_allclose(np.sum(np.broadcast_to(v, have) * g), np.sum(v * fitted))


def test_fit_spreads_casts_and_takes_the_real_part():
    spread = fit(np.float64(2.0), (2, 3), np.dtype("f4"))
    assert spread.dtype == np.float32
    np.testing.assert_array_equal(spread, np.full((2, 3), 2.0))
    real = fit(np.array([1 + 2j, 3 + 4j]), (2,), np.dtype("f8"))
    np.testing.assert_array_equal(real, [1.0, 3.0])


def test_the_order_of_a_pass_is_the_reverse_of_births():
    root, _, expected = example()
    order = list(node_gradients(root._node))
    operations = [node for node in order if node.parents]
    assert operations == [node for node in reversed(ancestors(root._node)) if node.parents]
    assert order[: len(operations)] == list(expected)[: len(operations)]


def partly_released():
    """Two paths lead to x; what one of them needs was released."""
    x = Tensor(np.linspace(0.1, 1.0, 1000), name="x")
    early = np.exp(x)
    one = np.sin(early).sum()
    one.backward()
    x.grad = None
    return x, early, one + (x * 2.0).sum()


def test_what_misses_a_contribution_is_missing_and_not_a_part_of_the_sum():
    x, early, both = partly_released()
    gradients = node_gradients(both._node)
    assert x._node not in gradients
    assert early._node not in gradients
    assert lost_gradients(both._node) == {x._node, early._node}
    assert len(gradients) == 5


def test_nothing_is_lost_where_no_gradient_would_have_gone():
    x = Tensor(np.linspace(0.1, 1.0, 1000))
    whole = np.exp(x)
    z = (x * 2.0).sum()
    z.backward()
    assert lost_gradients(z._node) == set()  # the rule of x * 2 needs only the 2
    assert whole._node not in node_gradients(z._node)
