"""Fused losses: the steps they are made of, huge logits, and labels that cannot be."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import DTypeError, ShapeError, Tensor
from tests.autograd_core.checking import check_derivatives, derivative, pull

LABELS = np.array([2, 0, 1, 2])


def by_steps(logits, labels=LABELS):
    rows = np.arange(len(labels))
    return -np.mean(ag.log_softmax(logits, 1)[rows, labels])


def test_cross_entropy_is_its_steps_to_third_order(rng):
    logits = rng.uniform(-2, 2, (4, 3))
    for order in (1, 2, 3):
        fused = derivative(lambda t: ag.softmax_cross_entropy(t, LABELS) ** 2, logits, order)
        steps = derivative(lambda t: by_steps(t) ** 2, logits, order)
        np.testing.assert_allclose(fused, steps, rtol=1e-11, atol=1e-13)


def test_the_slope_of_cross_entropy_is_probability_minus_truth(rng):
    logits = rng.uniform(-2, 2, (4, 3))
    found = derivative(lambda t: ag.softmax_cross_entropy(t, LABELS), logits)
    expected = (ag.softmax(logits, 1) - np.eye(3)[LABELS]) / 4
    np.testing.assert_allclose(found, expected, rtol=1e-13)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("size", [1e3, 1e4, 1e30])
def test_huge_logits_neither_overflow_nor_lose_the_gradient(size, dtype):
    logits = np.array([[size, -size, 0.0], [0.0, size, -size]], dtype)
    right, wrong = np.array([0, 1]), np.array([1, 2])
    for labels, loss in ((right, 0.0), (wrong, 2 * size)):
        leaf = Tensor(logits)
        value = ag.softmax_cross_entropy(leaf, labels)
        assert value.dtype == dtype
        assert float(value) == pytest.approx(loss, rel=1e-6)
        value.backward()
        assert leaf.grad.dtype == dtype
        winners = np.eye(3)[[0, 1]]
        np.testing.assert_allclose(leaf.grad, (winners - np.eye(3)[labels]) / 2, atol=1e-7)
    second = derivative(lambda t: ag.softmax_cross_entropy(t, wrong), logits, 2)
    np.testing.assert_array_equal(second, 0)


def test_labels_may_be_any_integers_and_a_tensor(rng):
    logits = rng.uniform(-2, 2, (4, 3))
    expected = ag.softmax_cross_entropy(logits, LABELS)
    for labels in (LABELS.astype(np.uint8), list(LABELS), Tensor(LABELS)):
        assert ag.softmax_cross_entropy(Tensor(logits), labels).data == expected


def test_the_fused_loss_leaves_its_operands_alone(rng):
    logits = rng.uniform(-2, 2, (4, 3))
    before = logits.copy()
    leaf = Tensor(logits, copy=False)
    ag.softmax_cross_entropy(leaf, LABELS).backward()
    np.testing.assert_array_equal(logits, before)


@pytest.mark.parametrize(
    ("labels", "error", "words"),
    [
        ([0, 3], ShapeError, ["label 3", "row 1", "0..2"]),
        ([-1, 0], ShapeError, ["label -1", "row 0", "0..2"]),
        ([0.0, 1.0], DTypeError, ["integers", "float64", "astype(int)"]),
        ([True, False], DTypeError, ["integers", "bool"]),
        ([0, 1, 2], ShapeError, ["(examples,)", "(2, 3)", "(3,)"]),
        ([[0], [1]], ShapeError, ["(examples,)", "(2, 1)"]),
    ],
    ids=str,
)
def test_labels_that_cannot_be(labels, error, words):
    with pytest.raises(error) as caught:
        ag.softmax_cross_entropy(Tensor(np.zeros((2, 3))), np.array(labels))
    for word in words:
        assert word in str(caught.value)


def test_logits_that_are_no_table_or_have_no_row():
    with pytest.raises(ShapeError, match="examples, classes"):
        ag.softmax_cross_entropy(Tensor(np.zeros(3)), np.array([0]))
    with pytest.raises(ShapeError, match="empty"):
        ag.softmax_cross_entropy(Tensor(np.zeros((0, 3))), np.zeros(0, int))


# ------------------------------------------------------------------------------ squared error


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1,)])
def test_squared_error_is_its_steps(shape, rng):
    operands = [np.asarray(rng.uniform(-2, 2, shape))[()] for _ in range(2)]
    fused = pull(ag.squared_error, list(map(Tensor, operands)), [1.0])
    steps = pull(lambda p, t: np.mean((p - t) ** 2), list(map(Tensor, operands)), [1.0])
    for a, b in zip(fused, steps, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-13)
    check_derivatives(ag.squared_error, operands, rng, order=3)


def test_a_number_may_be_the_prediction_or_the_target():
    for operands in ((Tensor(3.0), 1.0), (1.0, Tensor(3.0))):
        loss = ag.squared_error(*operands)
        loss.backward()
        (leaf,) = [operand for operand in operands if isinstance(operand, Tensor)]
        assert (loss.data, leaf.grad) == (4.0, 4.0)


def test_the_error_of_nothing_is_zero_and_has_a_gradient():
    empty = Tensor(np.zeros(0))
    loss = ag.squared_error(empty, np.zeros(0))
    loss.backward()
    assert loss.data == 0
    assert empty.grad.shape == (0,)


def test_a_prediction_that_would_broadcast_is_refused():
    with pytest.raises(ShapeError, match=r"\(3, 1\).*\(3,\)"):
        ag.squared_error(Tensor(np.zeros((3, 1))), np.zeros(3))
