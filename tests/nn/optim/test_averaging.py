"""The moving average of the weights."""

import numpy as np
import pytest

import nn


def test_the_average_follows_its_definition():
    model = nn.Linear(1, 1, bias=False, dtype=np.float64)
    average = nn.ExponentialMovingAverage(model, decay=0.9)
    expected, values = model.weight.item(), [1.0, 2.0, -3.0, 5.0]
    for n, value in enumerate(values * 30):
        model.weight.data = np.array([[value]])
        average.update()
        decay = min(0.9, (1 + n) / (10 + n))
        expected = decay * expected + (1 - decay) * value
    with average.applied() as averaged:
        assert averaged.weight.item() == pytest.approx(expected, rel=1e-12)
    assert model.weight.item() == 5.0
    average.copy_to_model()
    assert model.weight.item() == pytest.approx(expected, rel=1e-12)


def test_the_weights_come_back_after_an_error():
    model = nn.Linear(2, 2)
    average = nn.ExponentialMovingAverage(model)
    before = model.weight.data.copy()
    model.weight.data += 1.0

    def fail():
        with average.applied():
            assert (model.weight.data == before).all()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert (model.weight.data == before + 1.0).all()


def test_going_on_from_a_state():
    model = nn.Linear(2, 2)
    average = nn.ExponentialMovingAverage(model)
    model.weight.data += 1.0
    average.update()
    other = nn.ExponentialMovingAverage(model)
    other.load_state_dict(average.state_dict())
    assert other.updates == 1
    assert (other.state_dict()["weight"] == average.state_dict()["weight"]).all()
    with pytest.raises(nn.StateDictError) as caught:
        nn.ExponentialMovingAverage(nn.Linear(2, 3)).load_state_dict(average.state_dict())
    assert "'weight': (2, 2) in the state, (3, 2) here" in str(caught.value)


def test_a_decay_of_one_is_refused():
    with pytest.raises(ValueError, match=r"decay must be in \[0, 1\); got 1.0"):
        nn.ExponentialMovingAverage(nn.Linear(1, 1), decay=1.0)
