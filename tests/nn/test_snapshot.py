"""Going back to earlier weights."""

import numpy as np

import nn
from nn.snapshot import Snapshot


def test_take_and_restore_parameters_scalars_and_buffers():
    model = nn.Linear(2, 2)
    model.factor = nn.Parameter(1.0)
    model.register_buffer("count", np.zeros(1))
    snapshot = Snapshot(model)
    first = model.state_dict()

    def move():
        model.weight.data += 1.0
        model.factor.data = np.float32(model.factor.data + 1)
        model.count += 1

    move()
    second = model.state_dict()
    snapshot.restore()
    assert all(np.array_equal(value, first[name]) for name, value in model.state_dict().items())
    move()
    snapshot.take()
    move()
    snapshot.restore()
    assert all(np.array_equal(value, second[name]) for name, value in model.state_dict().items())
    assert type(model.factor.data) is np.float32
