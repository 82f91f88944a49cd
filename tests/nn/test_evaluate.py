"""Using a model without training it."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from nn.evaluate import evaluating


class Spy(nn.Module):
    """Notes how it was called."""

    def __init__(self):
        self.calls = []

    def forward(self, x):
        self.calls.append((len(x), self.training, ag.is_recording()))
        return x * 2.0


def test_predict_works_in_batches_in_evaluation_mode_without_recording(rng):
    spy = Spy()
    x = rng.standard_normal((5, 2))
    np.testing.assert_array_equal(nn.predict(spy, x, batch_size=2), 2 * x)
    assert spy.calls == [(2, False, False), (2, False, False), (1, False, False)]
    assert spy.training
    assert ag.is_recording()


def test_predict_for_no_rows():
    assert nn.predict(nn.MLP(3, [4], 2), np.zeros((0, 3), np.float32)).shape == (0, 2)


def test_modes_come_back_one_by_one_also_after_an_error():
    model = nn.Sequential(nn.Tanh(), nn.Tanh())
    model[0].eval()
    with pytest.raises(ZeroDivisionError), evaluating(model):
        _ = 1 / 0
    assert [module.training for module in model.modules()] == [True, False, True]


def test_evaluate_reports_loss_and_metrics():
    model = nn.Identity()
    x = np.array([[1.0, 0.0], [0.0, 2.0]])
    result = nn.evaluate(model, x, [0, 0], loss=nn.cross_entropy, metrics={"right": nn.accuracy})
    expected = (np.log(1 + np.exp(-1)) + np.log(1 + np.exp(2))) / 2
    assert result == {"loss": pytest.approx(expected), "right": 0.5}
    assert nn.evaluate(model, x, [0, 0]) == {}
