"""Accuracy and the confusion matrix."""

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
