"""Metrics: known values, scikit-learn's, and what is said of shapes that do not fit."""

from functools import partial

import numpy as np
import pytest

import autograd_core as ag
import nn


def test_accuracy_of_classes_and_of_yes_or_no():
    assert nn.accuracy(np.eye(4), [0, 1, 2, 0]) == 0.75
    assert nn.accuracy([[-1.0], [2.0]], [[0], [0]]) == 0.5
    assert nn.accuracy(ag.Tensor(np.eye(2)) * 2.0, [0, 1]) == 1.0


def test_confusion_matrix_counts_true_by_predicted():
    matrix = nn.confusion_matrix([0, 1, 1, 2], [0, 2, 1, 2], classes=3)
    assert matrix.tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 1]]


def test_confusion_matrix_needs_one_prediction_a_label():
    with pytest.raises(ag.ShapeError, match=r"^confusion_matrix: \(2,\) labels but \(1,\) pred"):
        nn.confusion_matrix([0, 1], [0], classes=2)


@pytest.mark.parametrize("average", ["macro", "micro", "binary"])
@pytest.mark.parametrize("name", ["precision", "recall", "f1"])
def test_precision_recall_and_f1_are_those_of_scikit_learn(name, average, rng):
    theirs = pytest.importorskip("sklearn.metrics")
    classes = 2 if average == "binary" else 5
    for rows in (1, 4, 40):
        outputs = rng.standard_normal((rows, classes))
        labels = rng.integers(0, classes, rows)
        mine = getattr(nn, {"f1": "f1_score"}.get(name, name))(outputs, labels, average=average)
        expected = getattr(theirs, f"{name}_score")(
            labels, outputs.argmax(1), average=average, zero_division=0
        )
        assert mine == pytest.approx(expected, abs=1e-15)


def test_top_k(rng):
    theirs = pytest.importorskip("sklearn.metrics")
    outputs, labels = rng.standard_normal((50, 6)), rng.integers(0, 6, 50)
    for k in (1, 2, 5):
        expected = theirs.top_k_accuracy_score(labels, outputs, k=k, labels=range(6))
        assert nn.top_k_accuracy(outputs, labels, k=k) == expected
    assert nn.top_k_accuracy(outputs, labels, k=6) == 1.0
    assert nn.top_k_accuracy(outputs, labels, k=1) == nn.accuracy(outputs, labels)


def test_r2_and_errors_are_those_of_scikit_learn(rng):
    theirs = pytest.importorskip("sklearn.metrics")
    for shape in ((30,), (30, 1), (30, 3)):
        outputs, targets = rng.standard_normal(shape), rng.standard_normal(shape)
        assert nn.r2_score(outputs, targets) == pytest.approx(theirs.r2_score(targets, outputs))
        assert nn.mean_absolute_error(outputs, targets) == pytest.approx(
            theirs.mean_absolute_error(targets, outputs)
        )
    assert nn.root_mean_squared_error(outputs, targets) == pytest.approx(
        np.sqrt(theirs.mean_squared_error(targets, outputs))
    )
    assert np.isnan(nn.r2_score([1.0, 2.0], [1.0, 1.0]))


def test_perplexity_is_the_exponential_of_the_cross_entropy(rng):
    outputs, labels = rng.standard_normal((20, 7)) * 5, rng.integers(0, 7, 20)
    assert nn.perplexity(outputs, labels) == pytest.approx(
        np.exp(nn.cross_entropy(ag.Tensor(outputs), labels).item())
    )
    sequences = outputs.reshape(4, 5, 7)
    assert nn.perplexity(sequences, labels.reshape(4, 5)) == nn.perplexity(outputs, labels)
    assert nn.perplexity([[1e4, 0.0]], [0]) == 1.0


def test_they_stand_in_fit(rng):
    x = rng.standard_normal((20, 3))
    y = x.argmax(1)
    model = nn.Linear(3, 3, rng=rng)
    history = nn.fit(
        model, (x, y), loss=nn.cross_entropy, optimizer=nn.SGD(model.parameters(), lr=0.1),
        epochs=1, validation=(x, y), progress=False,
        metrics={"f1": nn.f1_score, "top 2": partial(nn.top_k_accuracy, k=2),
                 "perplexity": nn.perplexity},
    )  # fmt: skip
    assert history["validation_perplexity"][0] == pytest.approx(
        np.exp(history["validation_loss"][0]), rel=1e-5
    )
    assert history["validation_f1"][0] <= 1.0


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: nn.f1_score([1.0], [1], average="weighted"), ValueError,
         "f1_score: unknown average 'weighted': known: macro, micro, binary"),
        (lambda: nn.accuracy(np.eye(3), [1]), ag.ShapeError, "accuracy: 3 outputs but 1 labels"),
        (lambda: nn.accuracy(np.eye(2), np.eye(2)), ag.ShapeError,
         "accuracy: 2 outputs but 4 labels"),
        (lambda: nn.accuracy(np.zeros((0, 2)), []), ag.ShapeError,
         "accuracy: there are no rows to measure"),
        (lambda: nn.top_k_accuracy(np.eye(3), [1], k=2), ag.ShapeError,
         "top_k_accuracy: 3 outputs but 1 labels"),
        (lambda: nn.recall([1.0, 2.0], [1]), ag.ShapeError, "recall: 2 outputs but 1 labels"),
        (lambda: nn.top_k_accuracy([[1.0, 2.0]], [1]), ag.ShapeError,
         ("top_k_accuracy: outputs must have shape (rows, classes) with at least k=5 classes; got "
         "(1, 2)")),
        (lambda: nn.perplexity([[1.0, 2.0]], [[1]]), ag.ShapeError,
         "perplexity: outputs of shape (1, 2) need labels of shape (1,); got (1, 1)"),
        (lambda: nn.r2_score([[1.0], [2.0]], [1.0, 2.0]), ag.ShapeError,
         "r2_score: outputs and targets must have one shape; got (2, 1) and (2,)"),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(message, call, error, text):
    assert message(error, call) == text
