"""Losses: PyTorch's values, gradients by the engine, and what is said of wrong labels."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor

# Recorded with torch 2.13.0 in float64, for example
#   F.cross_entropy(torch.tensor([[2., -1., .5], [.1, .2, -.3]]), torch.tensor([2, 0]))
LOGITS = [[2.0, -1.0, 0.5], [0.1, 0.2, -0.3]]
LABELS = np.array([2, 0])
CROSS_ENTROPY = {
    "mean": 1.3810694761052082,
    "sum": 2.7621389522104165,
    "none": [1.7413112966571571, 1.0208276555532594],
}
#   F.binary_cross_entropy_with_logits(z, t), and its gradient for the mean
Z = [-30.0, -1.5, 0.0, 2.0, 40.0]
T = [1.0, 0.0, 0.25, 1.0, 0.0]
BINARY = {
    "mean": 14.204297693917152,
    "sum": 71.02148846958576,
    "none": [30.000000000000092, 0.20141327798275244, 0.6931471805599453, 0.1269280110429725, 40.0],
}
BINARY_GRADIENT = [-0.19999999999998128, 0.03648510476127127, 0.05, -0.023840584404423538, 0.2]
#   F.mse_loss(torch.tensor([[1., 2.], [3., 5.]]), torch.tensor([[.5, 2.5], [1., 4.]]))
MSE = {"mean": 1.375, "sum": 5.5, "none": [[0.25, 0.25], [4.0, 1.0]]}

REDUCTIONS = ["mean", "sum", "none"]


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_cross_entropy_equals_pytorch(reduction):
    loss = nn.cross_entropy(Tensor(LOGITS), LABELS, reduction)
    np.testing.assert_allclose(loss.data, CROSS_ENTROPY[reduction], rtol=1e-14)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_binary_cross_entropy_equals_pytorch(reduction):
    loss = nn.binary_cross_entropy_with_logits(Tensor(Z), np.array(T), reduction)
    np.testing.assert_allclose(loss.data, BINARY[reduction], rtol=1e-14)


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_mse_equals_pytorch(reduction):
    prediction = Tensor([[1.0, 2.0], [3.0, 5.0]])
    loss = nn.mse_loss(prediction, np.array([[0.5, 2.5], [1.0, 4.0]]), reduction)
    np.testing.assert_allclose(loss.data, MSE[reduction], rtol=1e-14)


def test_binary_gradient_equals_pytorch():
    z = Tensor(Z)
    nn.binary_cross_entropy_with_logits(z, T).backward()
    np.testing.assert_allclose(z.grad, BINARY_GRADIENT, rtol=1e-12)


def test_binary_loses_no_digits_for_sure_and_right_answers():
    losses = nn.binary_cross_entropy_with_logits(Tensor([40.0, -40.0]), [1, 0], "none").data
    np.testing.assert_allclose(losses, np.exp(-40.0), rtol=1e-12)


@pytest.mark.parametrize("reduction", ["sum", "none"])
def test_every_reduction_has_the_gradient_of_the_mean_but_for_its_scale(reduction):
    gradients = []
    for chosen in ("mean", reduction):
        logits = Tensor(LOGITS)
        nn.cross_entropy(logits, LABELS, chosen).sum().backward()
        gradients.append(logits.grad)
    np.testing.assert_allclose(gradients[1], 2 * gradients[0], rtol=1e-14)


def test_whole_number_targets_keep_float32():
    prediction = Tensor(np.zeros(2, np.float32))
    assert nn.mse_loss(prediction, np.array([1, 2]), "none").dtype == np.float32
    assert nn.binary_cross_entropy_with_logits(prediction, [0, 1]).dtype == np.float32


def test_a_tensor_can_be_the_target():
    target = Tensor([1.0])
    nn.mse_loss(Tensor([3.0]), target).backward()
    assert target.grad.tolist() == [-4.0]


FIVE = Tensor(np.zeros((5, 3)))


@pytest.mark.parametrize("reduction", ["mean", "none"])
@pytest.mark.parametrize(
    ("labels", "error", "text"),
    [
        (
            np.array([0, 1, 2, 3, 9]),
            ag.ShapeError,
            "cross_entropy: labels[3] is 3, but logits of shape (5, 3) have classes 0 to 2",
        ),
        (
            np.array([0, -1, 2, 0, 0]),
            ag.ShapeError,
            "cross_entropy: labels[1] is -1, but logits of shape (5, 3) have classes 0 to 2",
        ),
        (
            np.array(["a", "b", "a", "b", "c"]),
            ag.DTypeError,
            (
                "cross_entropy: labels must be integers, the class of each row; got <U1 "
                "(labels[0] is a). Number them: names, labels = np.unique(labels, "
                "return_inverse=True)"
            ),
        ),
        (
            np.array([0.5, 1, 2, 0, 0]),
            ag.DTypeError,
            (
                "cross_entropy: labels must be integers, the class of each row; got float64 "
                "(labels[0] is 0.5). Convert them: labels.astype(np.int64)"
            ),
        ),
        (
            np.array([0, 1, 2, 1]),
            ag.ShapeError,
            (
                "cross_entropy: logits of shape (5, 3) need 5 labels, one for each row; got 4; "
                "the last is labels[3] = 1"
            ),
        ),
        (
            np.array([], int),
            ag.ShapeError,
            "cross_entropy: logits of shape (5, 3) need 5 labels, one for each row; got 0",
        ),
        (
            np.eye(3, dtype=int)[[0, 1, 2, 0, 1]],
            ag.ShapeError,
            (
                "cross_entropy: labels have shape (5, 3), like the logits: are they one-hot? "
                "Give the class of each row: labels.argmax(axis=1)"
            ),
        ),
        (
            np.zeros((5, 1), int),
            ag.ShapeError,
            (
                "cross_entropy: labels must have shape (5,), one for each row of the logits "
                "(5, 3); got (5, 1)"
            ),
        ),
    ],
)
def test_wrong_labels_are_named(message, reduction, labels, error, text):
    assert message(error, lambda: nn.cross_entropy(FIVE, labels, reduction)) == text


def test_wrong_logits_are_named(message):
    assert message(ag.ShapeError, lambda: nn.cross_entropy(Tensor([1.0]), [0])) == (
        "cross_entropy: logits must have shape (rows, classes); got (1,)"
    )


def test_an_empty_batch_is_refused(message):
    empty = Tensor(np.zeros((0, 3)))
    assert message(ag.ShapeError, lambda: nn.cross_entropy(empty, np.zeros(0, int))) == (
        "cross_entropy: an empty batch (shape (0, 3)) has no loss"
    )
    assert message(ag.ShapeError, lambda: nn.mse_loss(empty, np.zeros((0, 3)))) == (
        "mse_loss: an empty batch (shape (0, 3)) has no loss"
    )


def test_mse_refuses_to_broadcast(message):
    text = message(ag.ShapeError, lambda: nn.mse_loss(Tensor(np.zeros((4, 1))), np.zeros(4)))
    assert text == (
        "mse_loss: the prediction has shape (4, 1), the target (4,); they must be the same. "
        "Reshape one of them"
    )


@pytest.mark.parametrize("bad", [1.5, -0.1, np.nan])
def test_binary_names_a_target_that_is_no_probability(message, bad):
    targets = np.array([[0.0, 1.0], [bad, 0.0]])
    text = message(
        ValueError, lambda: nn.binary_cross_entropy_with_logits(Tensor(np.zeros((2, 2))), targets)
    )
    assert text == (
        f"binary_cross_entropy_with_logits: targets[1, 0] is {bad}; a target is a probability, "
        "0 to 1"
    )


def test_binary_of_one_number(message):
    assert message(
        ValueError, lambda: nn.binary_cross_entropy_with_logits(Tensor(0.0), 2)
    ).startswith("binary_cross_entropy_with_logits: targets[()] is 2.0;")


def test_an_unknown_reduction_gets_a_suggestion(message):
    assert message(ValueError, lambda: nn.mse_loss(Tensor([1.0]), [1.0], "average")) == (
        "mse_loss: unknown reduction 'average': known: mean, sum, none"
    )
    assert message(ValueError, lambda: nn.cross_entropy(FIVE, np.zeros(5, int), "summ")) == (
        "cross_entropy: unknown reduction 'summ': did you mean 'sum'? Known: mean, sum, none"
    )


def test_an_error_that_only_the_engine_knows_passes_through():
    with pytest.raises(ag.AutogradError):
        nn.cross_entropy(Tensor(np.array([["a", "b"]]) == "a"), [0])


STEPS = Tensor(np.zeros((2, 4, 3)))


@pytest.mark.parametrize(
    ("loss", "wanted"),
    [
        (nn.cross_entropy, "(rows, classes, ...)"),
        (nn.nll_loss, "(rows, classes, ...)"),
        (nn.multi_margin_loss, "(rows, classes)"),
        (nn.focal_loss, "(rows, classes)"),
    ],
)
def test_classes_on_the_last_axis_are_told_how_to_become_rows(message, loss, wanted):
    labels = np.zeros((2, 4), int)
    text = message(ag.ShapeError, lambda: loss(STEPS, labels))
    assert text == (
        f"{loss.__name__}: logits of shape (2, 4, 3) with labels (2, 4) look like (batch, steps, "
        f"classes), but the classes belong on axis 1, {wanted}. Make rows of the steps: "
        "logits.reshape(-1, 3), labels.reshape(-1)"
    )
    assert loss(STEPS.reshape(-1, 3), labels.reshape(-1)).shape == ()


@pytest.mark.parametrize(
    ("labels", "error", "text"),
    [
        (np.zeros(8, int), ag.ShapeError,
         ("cross_entropy: logits of shape (2, 4, 3) with labels (8,) look like (batch, steps, "
          "classes), but the classes belong on axis 1, (rows, classes, ...). Make rows of the "
          "steps: logits.reshape(-1, 3)")),
        (np.zeros(5, int), ag.ShapeError,
         ("cross_entropy: logits must have shape (rows, classes) with labels (rows,), or (rows, "
          "classes, ...) with labels (rows, ...); got (2, 4, 3) with labels (5,)")),
        (np.zeros((2, 4, 3), int), ag.ShapeError,
         ("cross_entropy: labels have shape (2, 4, 3), like the logits: are they one-hot? Give "
          "the class of each row: labels.argmax(axis=1)")),
        (np.full((2, 4, 3), 1 / 3), ValueError,
         ("cross_entropy: of logits and labels of shape (2, 4, 3) the classes belong on axis 1, "
          "but these probabilities sum to 1 along the last axis. Make rows of both: "
          ".reshape(-1, 3)")),
        (np.full((2, 4, 3), 1 / 2), ValueError,
         ("cross_entropy: labels of the logits' shape are probabilities, each row from 0 up and "
          "summing to 1; row 0, 0 sums to 2 and its least is 0.5. Divide it by its sum, or give "
          "the class of each row")),
    ],
)  # fmt: skip
def test_labels_that_do_not_fit_logits_with_steps_are_named(message, labels, error, text):
    assert message(error, lambda: nn.cross_entropy(STEPS, labels)) == text


SHARES = Tensor([[0.25, 0.75], [0.5, 0.5]])


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda x: nn.nll_loss(x, [0, 1]),
         ("nll_loss: log_probabilities are at least 0 and sum to 1 along axis 1: these are "
          "probabilities, not their logarithms. Use ag.log_softmax instead of a softmax, or "
          "cross_entropy of the scores themselves")),
        (lambda x: nn.kl_divergence(x, SHARES),
         ("kl_divergence: log_probabilities are at least 0 and sum to 1 along axis -1: these are "
          "probabilities, not their logarithms. Use ag.log_softmax instead of a softmax")),
        (lambda x: nn.ctc_loss(x.reshape(2, 1, 2), [[1]], [2], [1]),
         ("ctc_loss: log_probabilities are at least 0 and sum to 1 along axis 2: these are "
          "probabilities, not their logarithms. Use ag.log_softmax instead of a softmax")),
    ],
)  # fmt: skip
def test_probabilities_where_their_logarithms_belong_are_refused(message, call, text):
    assert message(ValueError, lambda: call(SHARES)) == text
    # Logarithms, of densities too, scores, and what is not finite are nobody's business.
    for values in (np.log(SHARES.data), SHARES.data + 1.0, SHARES.data - 1.0, -np.inf * SHARES.data,
                   np.zeros((2, 2)), np.full((2, 2), np.nan)):  # fmt: skip
        with np.errstate(all="ignore"):
            call(Tensor(values))


def test_probabilities_as_logarithmic_targets_are_refused(message):
    logarithms = np.log(SHARES.data)

    def call(targets):
        return nn.kl_divergence(Tensor(logarithms), targets, log_targets=True)

    assert message(ValueError, lambda: call(SHARES)) == (
        "kl_divergence: targets are at least 0 and sum to 1 along axis -1: these are "
        "probabilities, not their logarithms. Leave out log_targets=True"
    )
    assert call(logarithms).item() == 0.0
