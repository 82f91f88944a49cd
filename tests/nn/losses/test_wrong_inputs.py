"""What is no array, no number or no label gets an answer in the loss's own words."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor

TABLE = Tensor(np.zeros((2, 2)))
ROW = Tensor([0.5, 0.25])
FIRST_ARGUMENTS = [
    (nn.cross_entropy, "logits", TABLE, [0, 1]),
    (nn.nll_loss, "log_probabilities", TABLE, [0, 1]),
    (nn.focal_loss, "logits", TABLE, [0, 1]),
    (nn.multi_margin_loss, "scores", TABLE, [0, 1]),
    (nn.hinge_loss, "scores", ROW, [1, -1]),
    (nn.mse_loss, "the prediction", ROW, [0.0, 1.0]),
    (nn.mae_loss, "the prediction", ROW, [0.0, 1.0]),
    (nn.huber_loss, "the prediction", ROW, [0.0, 1.0]),
    (nn.smooth_l1_loss, "the prediction", ROW, [0.0, 1.0]),
    (nn.kl_divergence, "the prediction", ROW, [0.5, 0.5]),
    (nn.binary_cross_entropy, "the prediction", ROW, [0.0, 1.0]),
    (nn.binary_cross_entropy_with_logits, "the prediction", ROW, [0.0, 1.0]),
]


@pytest.mark.parametrize(("loss", "name", "good", "targets"), FIRST_ARGUMENTS)
def test_a_first_argument_that_is_no_array_is_named(message, loss, name, good, targets):
    said = f"{loss.__name__}: {name} must be a Tensor, a model's output; got "
    for given, text in [
        ([[0.1, 0.2]], "list. Make it one: ag.Tensor(...)"),
        ((good, good), "tuple. Recurrent layers return (outputs, state): take one of them"),
        (None, "NoneType. Does forward() return its result?"),
        (nn.Linear(2, 2), "Linear. Call the model on its inputs first: model(x)"),
        ("0.5", "str"),
    ]:
        assert message(TypeError, lambda given=given: loss(given, targets)) == said + text
    # An array is as good as a Tensor, where nothing is to be trained.
    assert float(loss(good.data, targets)) == loss(good, targets).item()


@pytest.mark.parametrize(("loss", "name", "good", "targets"), FIRST_ARGUMENTS)
def test_targets_of_rows_of_several_lengths_are_named(message, loss, name, good, targets):  # noqa: ARG001
    text = message(ag.ShapeError, lambda: loss(good, [[1.0], [1.0, 0.0]]))
    assert text.startswith(f"{loss.__name__}: ")
    assert text.endswith(" must be one array; the rows of this list differ in length")


@pytest.mark.parametrize("loss", [case[0] for case in FIRST_ARGUMENTS[5:]])
def test_targets_that_are_no_numbers_are_named(message, loss):
    assert message(ag.DTypeError, lambda: loss(ROW, ["a", "b"])) == (
        f"{loss.__name__}: the target must be numbers; got <U1, such as a"
    )
    assert message(ag.DTypeError, lambda: loss(ROW, [None, 1.0])) == (
        f"{loss.__name__}: the target must be numbers; got object, such as None"
    )


@pytest.mark.parametrize("loss", [nn.cross_entropy, nn.nll_loss, nn.focal_loss])
def test_labels_in_a_tensor_are_labels_and_numbers_in_one_are_named(message, loss):
    expected = loss(TABLE, [0, 1]).item()
    assert loss(TABLE, Tensor([0, 1])).item() == expected
    assert message(ag.DTypeError, lambda: loss(TABLE, Tensor([0.0, 1.0]))) == (
        f"{loss.__name__}: labels must be integers, the class of each row; got float64 (labels[0] "
        "is 0.0). Convert them: labels.astype(np.int64)"
    )


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: nn.cross_entropy(TABLE, [0, 1], [1.0, 2.0]), ValueError,
         "cross_entropy: unknown reduction [1.0, 2.0]: known: mean, sum, none"),
        (lambda: nn.cross_entropy(TABLE, [0, 1], weights="balanced"), TypeError,
         "cross_entropy: weights are 2 numbers, one for each class; got 'balanced'"),
        (lambda: nn.cross_entropy(TABLE, [0, 1], weights={0: 1.0, 1: 2.0}), TypeError,
         "cross_entropy: weights are 2 numbers, one for each class; got {0: 1.0, 1: 2.0}"),
        (lambda: nn.cross_entropy(TABLE, [0, 1], label_smoothing="a"), TypeError,
         "cross_entropy: label_smoothing must be a number; got 'a' (str)"),
        (lambda: nn.mse_loss(ROW, ROW, None), ValueError,
         "mse_loss: unknown reduction None: did you mean 'none'? Known: mean, sum, none"),
        (lambda: nn.huber_loss(ROW, ROW, "sum"), TypeError,
         "huber_loss: delta must be a number; got 'sum' (str)"),
        (lambda: nn.smooth_l1_loss(ROW, ROW, "sum"), TypeError,
         "smooth_l1_loss: beta must be a number; got 'sum' (str)"),
        (lambda: nn.hinge_loss(ROW, [1, -1], "sum"), TypeError,
         "hinge_loss: margin must be a number; got 'sum' (str)"),
        (lambda: nn.multi_margin_loss(TABLE, [0, 1], None), TypeError,
         "multi_margin_loss: margin must be a number; got None (NoneType)"),
        (lambda: nn.focal_loss(TABLE, [0, 1], "a"), TypeError,
         "focal_loss: gamma must be a number; got 'a' (str)"),
        (lambda: nn.focal_loss(ROW, [0, 1], alpha="a"), TypeError,
         "focal_loss: alpha must be a number; got 'a' (str)"),
        (lambda: nn.triplet_loss([[1.0]], [[1.0]], [[2.0]]), TypeError,
         ("triplet_loss: anchor must be a Tensor, a model's output; got list. Make it one: "
          "ag.Tensor(...)")),
        (lambda: nn.triplet_loss(TABLE, [[1.0]], TABLE), TypeError,
         ("triplet_loss: the positive must be a Tensor, a model's output; got list. Make it one: "
          "ag.Tensor(...)")),
        (lambda: nn.contrastive_loss(TABLE, TABLE, [1, 0], "a"), TypeError,
         "contrastive_loss: margin must be a number; got 'a' (str)"),
        (lambda: nn.cosine_embedding_loss(TABLE, None, [1, 1]), TypeError,
         ("cosine_embedding_loss: the second must be a Tensor, a model's output; got NoneType. "
          "Does forward() return its result?")),
        (lambda: nn.ctc_loss([[[0.0, 1.0]]], [[1]], [1], [1]), TypeError,
         ("ctc_loss: log_probabilities must be a Tensor, a model's output; got list. Make it one: "
          "ag.Tensor(...)")),
        (lambda: nn.ctc_loss(TABLE, [[1]], [1], [1], blank=None), ValueError,
         "ctc_loss: blank must be a whole number of at least 0; got None"),
        (lambda: nn.ctc_loss(Tensor(np.zeros((2, 2, 2))), [[1], [1, 1]], [1], [1]), ag.ShapeError,
         "ctc_loss: targets must be one array; the rows of this list differ in length"),
    ],
)  # fmt: skip
def test_other_wrong_arguments_are_named(message, call, error, text):
    assert message(error, call) == text


def test_a_margin_may_be_trained():
    margin = Tensor(1.0)
    nn.hinge_loss(ROW, [1, -1], margin).backward()
    assert margin.grad == 1.0
