"""Every loss against PyTorch's values and gradients (see make_values.py), and to second order."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor
from tests.nn.losses.cases import CASES

RECORDED = json.loads(Path(__file__).with_name("values.json").read_text())["values"]
EVERY = [(name, reduction) for name, case in CASES.items() for reduction in case.reductions]
#: Where second derivatives are compared with differences: the draws are away from every kink.
SMOOTH = [
    pytest.param(name, marks=pytest.mark.slow) if name.startswith("ctc, ") else name
    for name in CASES
    if name != "binary, sure"
]


def loss_of(case, reduction, trained):
    function = getattr(nn, case.function)
    if case.function == "ctc_loss":
        trained = [ag.log_softmax(logits, axis=2) for logits in trained]
    return function(*trained, *case.constants, reduction=reduction, **case.options)


def test_everything_recorded_is_compared_and_every_loss_has_a_case():
    assert RECORDED.keys() == CASES.keys()
    named = {case.function for case in CASES.values()}
    losses = {name for name in vars(nn.losses) if callable(getattr(nn.losses, name))}
    assert named == losses


@pytest.mark.parametrize(("name", "reduction"), EVERY)
def test_values_and_gradients_equal_pytorch(name, reduction):
    case, expected = CASES[name], RECORDED[name][reduction]
    trained = [Tensor(x) for x in case.trained]
    loss = loss_of(case, reduction, trained)
    np.testing.assert_allclose(loss.data, expected["loss"], rtol=1e-12, atol=1e-14)
    cotangent = np.cos(np.arange(1.0, loss.size + 1.0)).reshape(loss.shape)
    if name == "binary, sure":
        return  # the gradients differ where the logarithm is cut: see the next test
    loss.backward(cotangent)
    for tensor, gradient in zip(trained, expected["gradients"], strict=True):
        np.testing.assert_allclose(tensor.grad, gradient, rtol=1e-9, atol=1e-12)


def test_a_cut_logarithm_passes_on_what_is_left():
    sure = Tensor([1.0, 1.0, 0.0])
    nn.binary_cross_entropy(sure, [0.5, 1.0, 0.0], "sum").backward()
    assert sure.grad.tolist() == [-0.5, -1.0, 1.0]


@pytest.mark.parametrize(("name", "reduction"), EVERY)
def test_float32_stays_float32(name, reduction):
    case = CASES[name]
    trained = [Tensor(x, dtype=np.float32) for x in case.trained]
    narrow = [x.astype(np.float32) if x.dtype == np.float64 else x for x in case.constants]
    loss = loss_of(replace(case, constants=narrow), reduction, trained)
    assert loss.dtype == np.float32
    loss.sum().backward()
    for tensor, gradient in zip(trained, RECORDED[name][reduction]["gradients"], strict=True):
        assert tensor.grad.dtype == np.float32
        assert tensor.grad.shape == np.shape(gradient)


@pytest.mark.parametrize("name", SMOOTH)
def test_second_derivatives_agree_with_differences(name):
    case = CASES[name]

    def loss(*trained):
        return loss_of(case, "mean", trained)

    ag.assert_gradients(loss, *[Tensor(x) for x in case.trained], order=2)


def test_a_target_may_be_trained_too():
    prediction, target = Tensor([1.0, 2.0]), Tensor([0.5, 4.0])
    nn.huber_loss(prediction, target).backward()
    np.testing.assert_allclose(target.grad, -prediction.grad)
    logits, teacher = Tensor([[1.0, 2.0]]), Tensor([[0.25, 0.75]])
    nn.cross_entropy(logits, teacher).backward()
    np.testing.assert_allclose(teacher.grad, -ag.log_softmax(logits.detach(), axis=1).data)


Z = Tensor(np.zeros((2, 3)))
V = Tensor(np.zeros(2))
CTC = Tensor(np.zeros((3, 1, 4)))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: nn.huber_loss(V, [0, 0], delta=0), ValueError,
         "huber_loss: delta must be positive; got 0"),
        (lambda: nn.smooth_l1_loss(V, [0, 0], beta=-1), ValueError,
         "smooth_l1_loss: beta must be at least 0; got -1"),
        (lambda: nn.mae_loss(V, [[0], [0]]), ag.ShapeError,
         ("mae_loss: the prediction has shape (2,), the target (2, 1); they must be the same. "
          "Reshape one of them")),
        (lambda: nn.mae_loss(Tensor([]), []), ag.ShapeError,
         "mae_loss: an empty batch (shape (0,)) has no loss"),
        (lambda: nn.cross_entropy(Z, [0, 1], label_smoothing=2), ValueError,
         "cross_entropy: label_smoothing must be between 0 and 1; got 2"),
        (lambda: nn.cross_entropy(Z, [0, 1], weights=[1, 2]), ValueError,
         ("cross_entropy: weights are 3 numbers of at least 0, one for each class; got shape (2,), "
          "least 1")),
        (lambda: nn.cross_entropy(Z, [0, 1], weights=[1, -2, 1]), ValueError,
         ("cross_entropy: weights are 3 numbers of at least 0, one for each class; got shape (3,), "
          "least -2")),
        (lambda: nn.cross_entropy(Z, [1, 1], weights=[1, 0, 1]), ValueError,
         "cross_entropy: the weights of all labels are 0: nothing to average"),
        (lambda: nn.cross_entropy(Z, [9, 9], ignore_index=9), ValueError,
         "cross_entropy: all 2 labels are 9, which is ignored, so there is nothing to average"),
        (lambda: nn.cross_entropy(Z, np.ones((2, 3)) / 3, ignore_index=9), ValueError,
         "cross_entropy: ignore_index goes with labels, not with probabilities"),
        (lambda: nn.cross_entropy(Z, [[0.5, 0.5, 0.0], [1.0, 1.0, 1.0]]), ValueError,
         ("cross_entropy: labels of the logits' shape are probabilities, each row from 0 up and "
          "summing to 1; row 1 sums to 3 and its least is 1. Divide it by its sum, or give the "
          "class of each row")),
        (lambda: nn.cross_entropy(Z, [[0.5, 0.5, 0.0], [2.0, -1.0, 0.0]]), ValueError,
         ("cross_entropy: labels of the logits' shape are probabilities, each row from 0 up and "
          "summing to 1; row 1 sums to 1 and its least is -1. Divide it by its sum, or give the "
          "class of each row")),
        (lambda: nn.nll_loss(Z, [0.0, 1.0]), ag.DTypeError,
         ("nll_loss: labels must be integers, the class of each row; got float64 (labels[0] is "
          "0.0). Convert them: labels.astype(np.int64)")),
        (lambda: nn.nll_loss(Z, [0, 3]), ag.ShapeError,
         ("nll_loss: labels[1] is 3, but logits of shape (2, 3) have classes 0 to 2")),
        (lambda: nn.binary_cross_entropy(Tensor([0.5, 1.5]), [0, 1]), ValueError,
         ("binary_cross_entropy: probabilities[1] is 1.5, outside 0 to 1. Put a sigmoid before it, "
          "or use binary_cross_entropy_with_logits")),
        (lambda: nn.focal_loss(V, [0, 1], gamma=-1), ValueError,
         "focal_loss: gamma must be at least 0; got -1"),
        (lambda: nn.focal_loss(V, [0, 1], alpha=2), ValueError,
         "focal_loss: alpha must be between 0 and 1; got 2"),
        (lambda: nn.focal_loss(Z, [0, 1], alpha=0.5), ValueError,
         "focal_loss: alpha weighs yes against no; labels of classes have none"),
        (lambda: nn.hinge_loss(V, [0, 1]), ValueError,
         "hinge_loss: labels[0] is 0; a label is -1 or 1"),
        (lambda: nn.hinge_loss(Z, [1, 1]), ag.ShapeError,
         "hinge_loss: scores must have shape (rows,); got (2, 3)"),
        (lambda: nn.hinge_loss(V, [1, 1, 1]), ag.ShapeError,
         "hinge_loss: labels must have shape (2,), one for each row; got (3,)"),
        (lambda: nn.multi_margin_loss(Z, [0, 1], power=3), ValueError,
         "multi_margin_loss: power must be 1 or 2; got 3"),
        (lambda: nn.contrastive_loss(Z, Z, [1, -1]), ValueError,
         "contrastive_loss: labels[1] is -1; a label is 0 or 1"),
        (lambda: nn.cosine_embedding_loss(Z, V, [1, 1]), ag.ShapeError,
         ("cosine_embedding_loss: the first has shape (2, 3), the second (2,); they must be the "
          "same. Reshape one of them")),
        (lambda: nn.triplet_loss(Tensor(np.zeros((0, 3))), Z, Z), ag.ShapeError,
         "triplet_loss: an empty batch (shape (0, 3)) has no loss"),
        (lambda: nn.kl_divergence(Z, -np.ones((2, 3))), ValueError,
         ("kl_divergence: targets are probabilities, but the least is -1; give log_targets=True if "
          "they are logarithms")),
        (lambda: nn.kl_divergence(Z, np.ones((2, 3)), reduction="batch"), ValueError,
         "kl_divergence: unknown reduction 'batch': known: mean, sum, none"),
        (lambda: nn.ctc_loss(Z, [[1]], [3], [1]), ag.ShapeError,
         ("ctc_loss: log_probabilities must have shape (steps, batch, classes), none of them 0; "
          "got (2, 3)")),
        (lambda: nn.ctc_loss(CTC, [1], [3], [1]), ag.ShapeError,
         ("ctc_loss: targets must be integers of shape (1, longest), padded at the end; got int64 "
          "of shape (1,)")),
        (lambda: nn.ctc_loss(CTC, [[1]], [3.0], [1]), ag.ShapeError,
         "ctc_loss: input_lengths must be 1 integers; got float64 of shape (1,)"),
        (lambda: nn.ctc_loss(CTC, [[1]], [4], [1]), ag.ShapeError,
         "ctc_loss: input_lengths[0] is 4, but at most 3 are there"),
        (lambda: nn.ctc_loss(CTC, [[1, 0]], [3], [2]), ValueError,
         "ctc_loss: targets[0, 1] is 0; a label is one of 0 to 3, except the blank 0"),
        (lambda: nn.ctc_loss(CTC, [[1]], [3], [1], blank=7), ValueError,
         "ctc_loss: blank is 7, but the classes are 0 to 3"),
        (lambda: nn.ctc_loss(CTC, [[1, 1]], [2], [2]), ag.ShapeError,
         ("ctc_loss: target 0 has 2 labels and 1 repeats (a blank goes between), so it needs 3 "
          "steps; its input has 2")),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == text
