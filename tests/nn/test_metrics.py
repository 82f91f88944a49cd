"""Metrics: known values, scikit-learn's, and what is said of shapes that do not fit."""

import warnings
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
    with pytest.raises(
        ag.ShapeError, match=r"must both have shape \(rows,\); got \(2,\) and \(1,\)$"
    ):
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
         ("accuracy: 2 outputs but 4 labels. One-hot labels: labels.argmax(axis=1); outputs come "
          "first")),
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


EYE = np.eye(3)
NAMES = ["a", "b", "c"]
NUMBERS_INSTEAD = (
    "Numbers are measured by nn.mean_absolute_error, nn.root_mean_squared_error, nn.r2_score; "
    "probabilities of yes become labels by labels > 0.5"
)
NUMBER_THEM = "Number them: names, labels = np.unique(labels, return_inverse=True)"


def metrics_of_rows():
    return (
        nn.accuracy, partial(nn.top_k_accuracy, k=2), nn.precision, nn.recall, nn.f1_score,
    )  # fmt: skip


@pytest.mark.parametrize("metric", metrics_of_rows())
def test_labels_that_are_no_classes_are_refused_by_every_metric_of_rows(message, metric):
    name = getattr(metric, "__name__", "top_k_accuracy")
    assert message(ag.DTypeError, lambda: metric(EYE, [0, 0.5, 2])) == (
        f"{name}: labels must be integers, the class of each row; labels[1] is 0.5 (float64). "
        + NUMBERS_INSTEAD
    )
    assert message(ag.DTypeError, lambda: metric(EYE, NAMES)) == (
        f"{name}: labels must be integers, the class of each row; got <U1 (labels[0] is a). "
        + NUMBER_THEM
    )
    assert message(ag.ShapeError, lambda: metric(EYE, EYE)) == (
        f"{name}: 3 outputs but 9 labels. One-hot labels: labels.argmax(axis=1); outputs come first"
    )
    assert "labels[0] is nan" in message(ag.DTypeError, lambda: metric(EYE, [np.nan, 1, 2]))


@pytest.mark.parametrize("metric", metrics_of_rows())
def test_whole_numbers_in_floats_and_recording_tensors_are_labels_too(metric):
    expected = metric(EYE, [0, 1, 1])
    assert metric(EYE, [0.0, 1.0, 1.0]) == expected
    assert metric(ag.Tensor(EYE), ag.Tensor([0.0, 1.0, 1.0])) == expected


def test_one_output_for_each_of_many_places():
    signs = np.array([[[1.0, -1.0], [2.0, -3.0]]])
    assert nn.accuracy(signs, np.array([[[1, 0], [0, 0]]])) == 0.75


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: nn.perplexity(EYE, [0.0, 1.0, 2.0]), ag.DTypeError,
         ("perplexity: labels must be integers, the class of each row; got float64 (labels[0] is "
          "0.0). Convert them: labels.astype(np.int64)")),
        (lambda: nn.perplexity(EYE[None], [NAMES]), ag.DTypeError,
         ("perplexity: labels must be integers, the class of each row; got <U1 (labels[0, 0] is "
          f"a). {NUMBER_THEM}")),
        (lambda: nn.perplexity(EYE, [0, 3, 1]), ag.ShapeError,
         ("perplexity: labels[1] is 3, but the classes are 0 to 2. Leave out rows that have no "
          "class, such as padding")),
        (lambda: nn.perplexity(EYE[None], [[0, 1, -100]]), ag.ShapeError,
         ("perplexity: labels[0, 2] is -100, but the classes are 0 to 2. Leave out rows that have "
          "no class, such as padding")),
        (lambda: nn.perplexity(1.0, 0), ag.ShapeError,
         "perplexity: outputs must have shape (..., classes); got ()"),
        (lambda: nn.perplexity(np.zeros((0, 3)), np.zeros(0, int)), ag.ShapeError,
         "perplexity: there are no rows to measure (shape (0, 3))"),
        (lambda: nn.accuracy([1.0, -1.0], [1, -1]), ValueError,
         ("accuracy: with one output a row the labels are 0 and 1; labels[1] is -1. Where -1 "
          "stands for no: labels > 0")),
        (lambda: nn.accuracy(np.zeros((2, 4, 3)), np.zeros((2, 4), int)), ag.ShapeError,
         ("accuracy: outputs must have shape (rows, classes), (rows,) or (rows, 1); got (2, 4, 3) "
          "with labels (2, 4). With the classes on the last axis: outputs.reshape(-1, 3), "
          "labels.ravel()")),
        (lambda: nn.accuracy([[1.0, 2.0], [1.0]], [0, 1]), ag.ShapeError,
         ("accuracy: outputs must be one array of numbers; the rows of this list differ in "
          "length")),
        (lambda: nn.precision(EYE, [0, 1, 2], average=None), ValueError,
         "precision: unknown average None: known: macro, micro, binary"),
        (lambda: nn.confusion_matrix([0.0], [1], classes=2), ag.DTypeError,
         ("confusion_matrix: labels must be integers, the class of each row; got float64 "
          "(labels[0] is 0.0). Convert them: labels.astype(np.int64)")),
        (lambda: nn.confusion_matrix([0, 1], [0, 2], classes=2), ag.ShapeError,
         ("confusion_matrix: predictions[1] is 2, but the classes are 0 to 1. Leave out rows that "
          "have no class, such as padding")),
        (lambda: nn.confusion_matrix([0], [1], classes=2.5), ValueError,
         "confusion_matrix: classes must be a whole number of at least 1; got 2.5"),
        (lambda: nn.confusion_matrix([0, 1, 2], EYE, classes=3), ag.ShapeError,
         ("confusion_matrix: labels and predictions must both have shape (rows,); got (3,) and "
          "(3, 3). Give the class of each row: predictions.argmax(axis=1)")),
        (lambda: nn.confusion_matrix([[0]], [[1]], classes=2), ag.ShapeError,
         ("confusion_matrix: labels and predictions must both have shape (rows,); got (1, 1) and "
          "(1, 1)")),
        (lambda: nn.r2_score([1.0, 2.0], ["a", "b"]), ag.DTypeError,
         "r2_score: targets must be numbers; got <U1 (the first is 'a')"),
        (lambda: nn.root_mean_squared_error([], []), ag.ShapeError,
         "root_mean_squared_error: there are no rows to measure (shape (0,))"),
    ],
)  # fmt: skip
def test_inputs_that_mean_nothing_are_named(message, call, error, text):
    assert message(error, call) == text


SURE = np.array([0.1, 0.9, 0.2, 0.7, 0.3, 0.6, 0.0, 1.0])
ALTERNATING = np.arange(8) % 2
OF_CLASSES = [nn.accuracy, nn.precision, nn.recall, nn.f1_score]


@pytest.mark.parametrize("metric", OF_CLASSES)
def test_probabilities_have_their_own_threshold(metric):
    assert metric(SURE, ALTERNATING, threshold=0.5) == 1.0
    assert metric(SURE[:, None], ALTERNATING[:, None], threshold=0.5) == 1.0
    assert metric(np.log(SURE[:6] / (1 - SURE[:6])), ALTERNATING[:6]) == 1.0
    # Of several outputs the largest decides.
    assert metric(np.eye(8), np.arange(8), threshold=0.5) == 1.0


@pytest.mark.parametrize("metric", OF_CLASSES)
def test_probabilities_taken_for_logits_are_warned_of(metric):
    name = metric.__name__
    with pytest.warns(UserWarning, match="lie between 0 and 1") as caught:
        metric(SURE, ALTERNATING)
    assert [(str(each.message), each.filename) for each in caught] == [
        (
            (
                f"{name}: all outputs lie between 0 and 1. If these are probabilities, threshold "
                "0, which is meant for logits, takes every row for class 1. Give threshold=0.5, in "
                f"metrics= as functools.partial(nn.{name}, threshold=0.5); or leave the sigmoid "
                "out of the model and train with nn.binary_cross_entropy_with_logits"
            ),
            __file__,
        )
    ]


@pytest.mark.parametrize(
    ("scores", "labels"),
    [
        (SURE[:6], ALTERNATING[:6]),
        (SURE * 2 - 1, ALTERNATING),
        (SURE * 1.01, ALTERNATING),
        (SURE, np.ones(8, int)),
        (SURE / 2, ALTERNATING),
        (np.linspace(0.2, 0.8, 8), ALTERNATING),
        (np.full(8, np.nan), ALTERNATING),
    ],
    ids=["few rows", "below 0", "above 1", "one class", "0.5 parts nothing", "unrelated", "nan"],
)
def test_what_may_well_be_logits_is_left_in_peace(scores, labels):
    nn.accuracy(scores, labels)


def test_an_untrained_network_s_logits_are_not_taken_for_probabilities():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for seed in range(300):
            rng = np.random.default_rng(seed)
            x = rng.standard_normal((int(rng.integers(8, 60)), 4)).astype(np.float32)
            nn.accuracy(nn.predict(nn.MLP(4, [8], 1, rng=rng), x), (x[:, 0] > 0).astype(int))


def test_a_threshold_is_a_number(message):
    assert message(TypeError, lambda: nn.accuracy(SURE, ALTERNATING, threshold="0.5")) == (
        "accuracy: threshold must be a number; got '0.5' (str)"
    )
