"""Every schedule against PyTorch's rates (see make_rates.py), its state, and what is refused."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd_core import Tensor
from nn import schedules
from tests.nn.schedules.plateau_losses import LOSSES

RECORDED = json.loads(Path(__file__).with_name("rates.json").read_text())["rates"]
SCHEDULES = {
    "step": lambda o: schedules.Step(o, 7, 0.3),
    "multistep": lambda o: schedules.MultiStep(o, [5, 9, 30], 0.5),
    "exponential": lambda o: schedules.Exponential(o, 0.9),
    "polynomial": lambda o: schedules.Polynomial(o, 25, 1.7),
    "cosine": lambda o: schedules.Cosine(o, 39, 0.01),
    "restarts": lambda o: schedules.Cosine(o, 10, 0.01, restarts=True),
    "growing restarts": lambda o: schedules.Cosine(o, 5, restarts=True, growth=2),
    "warm-up": lambda o: schedules.Warmup(o, 12, 0.25),
    "one cycle": lambda o: schedules.OneCycle(o, 40, momentum=(0.85, 0.95)),
    "plateau": lambda o: schedules.ReduceOnPlateau(o, factor=0.5, patience=2, cooldown=3),
    "plateau up": lambda o: schedules.ReduceOnPlateau(
        o, factor=0.5, patience=3, threshold=0.05, least=0.06, larger_is_better=True
    ),
}


def sgd(lr=0.4):
    return nn.SGD([Tensor([1.0])], lr=lr, momentum=0.9)


def run(make, stop_at=None):
    optimizer = sgd()
    schedule = make(optimizer)
    rates, momenta = [], []
    for step in range(40):
        if step == stop_at:  # another process goes on
            state, optimizer = schedule.state_dict(), sgd()
            schedule = make(optimizer)
            schedule.load_state_dict(state)
        rates.append(optimizer.lr)
        momenta.append(optimizer.momentum)
        if step < 39:
            plateau = isinstance(schedule, schedules.ReduceOnPlateau)
            schedule.step(*([LOSSES[step]] if plateau else []))
    return rates, momenta


@pytest.mark.parametrize("name", SCHEDULES)
def test_rates_equal_pytorch(name):
    rates, momenta = run(SCHEDULES[name])
    np.testing.assert_allclose(rates, RECORDED[name], rtol=1e-9, atol=1e-15)
    assert len(set(rates)) > 1
    if name == "one cycle":
        np.testing.assert_allclose(momenta, RECORDED["one cycle momentum"], rtol=1e-9)


@pytest.mark.parametrize("name", SCHEDULES)
def test_going_on_from_a_state_gives_the_same_bits(name):
    assert run(SCHEDULES[name], stop_at=17) == run(SCHEDULES[name])


@pytest.mark.parametrize("name", [name for name in SCHEDULES if "plateau" not in name])
def test_rates_beforehand_are_those_that_come(name):
    schedule = SCHEDULES[name](sgd())
    assert schedule.rates(40).tolist() == run(SCHEDULES[name])[0]
    assert schedule.steps == 0


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_plot_themselves(name):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    schedule = SCHEDULES[name](sgd())
    if "plateau" in name:
        for loss in LOSSES:
            schedule.step(loss)
        line = schedule.plot().lines[0]
        assert line.get_ydata().tolist() == schedule.history
    else:
        assert schedule.plot(40).lines[0].get_ydata().tolist() == schedule.rates(40).tolist()
    pyplot.close("all")


def test_groups_keep_their_proportion():
    slow, quick = Tensor([1.0]), Tensor([1.0])
    optimizer = nn.SGD([{"parameters": [slow], "lr": 0.1}, {"parameters": [quick]}], lr=1.0)
    schedules.Exponential(optimizer, 0.5).step()
    assert [optimizer.lr_of(0), optimizer.lr_of(1)] == [0.05, 0.5]


def test_one_cycle_moves_the_first_beta_of_adam():
    optimizer = nn.Adam([Tensor([1.0])], lr=0.1)
    schedule = schedules.OneCycle(optimizer, 10, momentum=(0.8, 0.9))
    assert optimizer.betas == (0.9, 0.999)
    schedule.step()
    schedule.step()
    assert optimizer.betas == (0.8, 0.999)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: schedules.Step([1], 3), TypeError,
         "Step: the first argument is the optimiser whose rate changes; got list"),
        (lambda: schedules.Step(sgd(), 0), ValueError,
         "Step: every must be a whole number of at least 1; got 0"),
        (lambda: schedules.Step(sgd(), 3, -1.0), ValueError,
         "Step: factor must be a positive finite number; got -1.0"),
        (lambda: schedules.MultiStep(sgd(), [5, 3]), ValueError,
         "MultiStep: milestones must ascend; got [5, 3]"),
        (lambda: schedules.Cosine(sgd(), 5, end=1.0), ValueError,
         "Cosine: end is the last rate, from 0 to the optimiser's lr 0.4; got 1.0"),
        (lambda: schedules.Cosine(sgd(), 5, growth=2), ValueError,
         "Cosine: growth is that of restarted waves; give restarts=True"),
        (lambda: schedules.Warmup(sgd(), 5, begin=2.0), ValueError,
         "Warmup: begin is a share of the rate, 0 to 1; got 2.0"),
        (lambda: schedules.Warmup(sgd(), 5, then=schedules.Exponential(sgd(), 0.9)), ValueError,
         "Warmup: the schedule that follows is of another optimiser"),
        (lambda: schedules.OneCycle(sgd(), 5, rise=1.0), ValueError,
         "OneCycle: rise is a share of the steps, between 0 and 1; got 1.0"),
        (lambda: schedules.OneCycle(nn.Adagrad([Tensor([1.0])]), 5, momentum=(0.8, 0.9)),
         ValueError, "OneCycle: Adagrad has no momentum to move"),
        (lambda: exhaust(schedules.OneCycle(sgd(), 3)),
         ValueError,
         ("OneCycle: the cycle has 3 steps and is over; give as many steps as there are "
          "(epochs * len(loader), if it steps after every mini-batch)")),
        (lambda: schedules.ReduceOnPlateau(sgd(), factor=1.0), ValueError,
         "ReduceOnPlateau: factor must be between 0 and 1; got 1.0"),
        (lambda: schedules.ReduceOnPlateau(sgd(), threshold=-1.0), ValueError,
         "ReduceOnPlateau: threshold and least must be at least 0; got -1.0, 0.0"),
        (lambda: schedules.ReduceOnPlateau([1]), TypeError,
         "ReduceOnPlateau: the first argument is the optimiser whose rate changes; got list"),
        (lambda: schedules.ReduceOnPlateau(sgd()).step(math.nan), ValueError,
         "ReduceOnPlateau.step: the measure is NaN: training has broken down"),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == text


def exhaust(schedule):
    for _ in range(3):
        schedule.step()


def test_a_subclass_must_say_its_factor():
    with pytest.raises(NotImplementedError):
        schedules.Schedule(sgd()).step()
