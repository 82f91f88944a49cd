"""The confusion table and the two pictures."""

import numpy as np
import pytest

import nn
from nn import report

PNG = b"\x89PNG\r\n\x1a\n"


def test_confusion_text():
    matrix = [[10, 0, 1], [0, 0, 0], [2, 0, 120]]
    assert report.confusion_text(matrix) == (
        "true / predicted    0   1   2   right\n"
        "               0   10   .   1    91 %\n"
        "               1    .   .   .       -\n"
        "               2    2   . 120    98 %"
    )


def test_pictures_are_written(tmp_path, rng):
    pytest.importorskip("matplotlib")
    history = nn.History()
    history.add(epoch=1, loss=1.0, validation_loss=2.0)
    report.learning_curves(history, tmp_path / "curves.png")
    images = rng.random((40, 8, 8))
    labels = np.zeros(40, int)
    outputs = np.tile([0.0, 1.0], (40, 1))
    outputs[:3] = [1.0, 0.0]
    wrong = report.misclassified(images, labels, outputs, tmp_path / "wrong.png")
    assert wrong == 37
    assert report.misclassified(images[:3], labels[:3], outputs[:3], tmp_path / "none.png") == 0
    for name in ("curves.png", "wrong.png", "none.png"):
        assert (tmp_path / name).read_bytes().startswith(PNG)
