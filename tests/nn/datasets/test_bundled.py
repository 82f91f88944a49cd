"""The data sets that scikit-learn bundles."""

import numpy as np
import pytest

import nn

pytest.importorskip("sklearn")


@pytest.mark.parametrize(
    ("name", "shape", "classes"),
    [
        ("digits", (1797, 64), 10),
        ("iris", (150, 4), 3),
        ("wine", (178, 13), 3),
        ("breast_cancer", (569, 30), 2),
        ("diabetes", (442, 10), 0),
    ],
)
def test_what_they_hold(name, shape, classes):
    data = getattr(nn.datasets, name)()
    assert (data.name, data.inputs.shape, data.classes) == (name, shape, classes)
    assert data.inputs.dtype == np.float32
    assert len(data.input_names) == shape[1]
    assert len(data.class_names) == classes
    parts = data.split(np.random.default_rng(0))
    assert sum(len(labels) for _, labels in parts) == shape[0]
    if classes:
        assert all(set(labels) == set(range(classes)) for _, labels in parts)
    else:
        assert data.labels.shape == (shape[0], 1)
