"""`fit` and its relatives are given what is no loss, no optimizer, no schedule, no average."""

import re

import numpy as np
import pytest

import autograd_core as ag
import nn

X, Y = np.zeros((6, 3), np.float32), np.arange(6) % 2
MODEL = nn.Linear(3, 2)
SGD = nn.SGD(MODEL.parameters(), lr=0.1)

ADAM = "nn.Adam(model.parameters(), lr=0.001)"
LOSS = "loss is a function of (outputs, targets); "
SCHEDULE = (
    "a schedule is made with the optimizer, such as nn.schedules.Cosine(optimizer, steps=100)"
)
RETURNED = "it must return a Tensor that it computed from the outputs, such as "
WRONG = {
    "a name": ({"loss": "mse_loss"}, f"{LOSS}got 'mse_loss'; write loss=nn.mse_loss"),
    "a wrong name": ({"loss": "mse"}, f"{LOSS}got 'mse'; give one such as nn.cross_entropy"),
    "no loss": ({"loss": None}, f"{LOSS}got None; give one such as nn.cross_entropy"),
    "a class": ({"loss": nn.ReLU}, f"{LOSS}got <class 'nn.rectifiers.ReLU'>; give one such as"),
    "a schedule's name": (
        {"schedule": "cosine"},
        f"{SCHEDULE}; got 'cosine'",
    ),
    "a schedule's class": (
        {"schedule": nn.schedules.Cosine},
        f"{SCHEDULE}; got <class",
    ),
    "an optimizer's name": (
        {"optimizer": "adam"},
        f"the optimizer is made with the model's parameters, such as {ADAM}; got 'adam'",
    ),
    "an optimizer's class": (
        {"optimizer": nn.Adam},
        f"the optimizer is made with the model's parameters, such as {ADAM}; got <class",
    ),
    "clip": ({"clip": "1"}, "clip must be a number; got '1' (str)"),
    "average": (
        {"average": "0.9"},
        "average is a decay, such as 0.999, or an nn.ExponentialMovingAverage; got '0.9'",
    ),
    "a loss that forgets to return": (
        {"loss": lambda _outputs, _targets: None},
        f"the loss function returned None; {RETURNED}",
    ),
    "a loss of plain numbers": (
        {"loss": lambda _outputs, _targets: 1.5},
        f"the loss function returned 1.5 (float); {RETURNED}",
    ),
    "no model": ({"model": "mlp"}, "the model is a Module, such as nn.MLP(2, [8], 1); got str"),
}  # fmt: skip


def fit(*, model=MODEL, **options):
    settings = {"loss": nn.cross_entropy, "optimizer": SGD, "epochs": 1, "progress": False}
    return nn.fit(model, (X, Y), **(settings | options))


@pytest.mark.parametrize(("options", "text"), WRONG.values(), ids=WRONG)
def test_what_is_none_of_them_is_named_with_what_to_give(message, options, text):
    assert message(TypeError, lambda: fit(**options)).startswith(f"fit: {text}")


def test_a_loss_for_every_row_is_told_to_become_one_number():
    with pytest.raises(ag.ShapeError, match=r"fit: the loss function returned \(6, 2\), not one"):
        fit(loss=lambda outputs, _targets: outputs * 2)


@pytest.mark.parametrize(
    ("who", "call"),
    [
        ("evaluate", lambda: nn.evaluate(MODEL, X, Y, loss="mse_loss")),
        (
            "find_learning_rate",
            lambda: nn.find_learning_rate(MODEL, (X, Y), loss="mse_loss", optimizer=SGD),
        ),
    ],
)
def test_so_do_the_others_that_take_a_loss(who, call):
    expected = f"{who}: {LOSS}got 'mse_loss'; write loss=nn.mse_loss"
    with pytest.raises(TypeError, match=re.escape(expected)):
        call()


def test_a_module_may_be_the_loss():
    class Squared(nn.Module):
        def forward(self, outputs, targets):
            return ((outputs - targets[:, None]) ** 2).mean()

    assert len(fit(loss=Squared())) == 1
