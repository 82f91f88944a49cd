"""What cannot be trained, is no number or no state gets an answer in the optimiser's own words."""

import numpy as np
import pytest

import nn
from autograd_core import Tensor

OPTIMIZERS = [
    nn.SGD, nn.Adam, nn.AdamW, nn.NAdam, nn.RAdam, nn.Adamax, nn.Lion, nn.RMSprop, nn.Adagrad,
    nn.Adadelta, nn.LBFGS,
]  # fmt: skip


def one():
    return [nn.Parameter([1.0, 2.0])]


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_a_rate_that_is_no_number_is_named(message, kind):
    assert message(TypeError, lambda: kind(one(), lr="0.1")) == (
        f"{kind.__name__}: lr must be a number; got '0.1' (str)"
    )
    assert message(TypeError, lambda: kind(one(), lr=None)) == (
        f"{kind.__name__}: lr must be a number; got None (NoneType)"
    )
    optimizer = kind(one(), lr=np.float32(0.5))
    assert message(TypeError, lambda: setattr(optimizer, "lr", "0.1")).endswith("'0.1' (str)")
    assert optimizer.lr == 0.5


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_a_state_that_is_no_dict_is_named(message, kind):
    assert message(TypeError, lambda: kind(one(), lr=0.1).load_state_dict(None)) == (
        f"{kind.__name__}.load_state_dict: give the dict that state_dict() returned; got NoneType"
    )


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        (lambda: [Tensor([1, 2])],
         "SGD: parameter 0 holds int64, which has no gradient; make it of floats"),
        (lambda: nn.Linear(2, 2).named_parameters(),
         "SGD: parameter 0 is a tuple, not a Tensor. Give model.parameters()"),
        (lambda: [nn.Linear(2, 2)],
         "SGD: parameter 0 is a Linear, not a Tensor. Give model.parameters()"),
        (lambda: [np.zeros(2)], "SGD: parameter 0 is a ndarray, not a Tensor"),
        (lambda: [{"parameters": nn.Linear(2, 2)}],
         ("SGD: a group is a dict with a list of Tensors under 'parameters' and any of lr, "
          "weight_decay, l1; this one has 'parameters', and under 'parameters' one Linear")),
        (lambda: [{"parameters": one(), "lr": "a"}],
         "SGD: a group's lr must be a number; got 'a' (str)"),
    ],
)  # fmt: skip
def test_what_cannot_be_trained_is_named(message, parameters, text):
    assert message(TypeError, lambda: nn.SGD(parameters(), lr=0.1)) == text


@pytest.mark.parametrize("kind", [nn.Adam, nn.AdamW, nn.NAdam, nn.RAdam, nn.Adamax, nn.Lion])
def test_betas_are_a_pair_of_shares(message, kind):
    for betas in (0.9, (0.9, 0.9, 0.9), None):
        assert message(ValueError, lambda betas=betas: kind(one(), betas=betas)) == (
            f"{kind.__name__}: betas is a pair of shares, such as (0.9, 0.999); got {betas!r}"
        )
    assert message(TypeError, lambda: kind(one(), betas=("a", 0.9))) == (
        f"{kind.__name__}: betas[0] must be a number; got 'a' (str)"
    )
    assert kind(one(), betas=[0.5, 0.75]).betas == (0.5, 0.75)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: nn.SGD(one(), lr=0.1, weight_decay="a"), TypeError,
         "SGD: weight_decay must be a number; got 'a' (str)"),
        (lambda: nn.SGD(one(), lr=0.1, momentum=None), TypeError,
         "SGD: momentum must be a number; got None (NoneType)"),
        (lambda: nn.SGD(one(), lr=0.1).load_state_dict({"lr": "fast"}), nn.StateDictError,
         ("load_state_dict: this state does not fit SGD with 1 parameters:\n"
          "  'lr' holds <U4, not numbers")),
        (lambda: nn.parameter_groups([1], {}), TypeError,
         "parameter_groups: the first argument is the model; got list"),
        (lambda: nn.parameter_groups(nn.Linear(2, 2), ["*.bias"]), TypeError,
         ("parameter_groups: give a dict of pattern and options, such as "
          '{"*.bias": {"weight_decay": 0.0}}; got [\'*.bias\']')),
        (lambda: nn.parameter_groups(nn.Linear(2, 2), {"bias": 0.1}), TypeError,
         ("parameter_groups: give a dict of pattern and options, such as "
          '{"*.bias": {"weight_decay": 0.0}}; got {\'bias\': 0.1}')),
        (lambda: nn.LBFGS(one()).step(lambda: None), TypeError,
         ("LBFGS.step: the function returned None; it must return the loss, after it called "
          "backward() on it")),
        (lambda: nn.clip_gradient_norm(one(), "1"), TypeError,
         "clip_gradient_norm: most must be a number; got '1' (str)"),
        (lambda: nn.clip_gradient_value(one(), None), TypeError,
         "clip_gradient_value: most must be a number; got None (NoneType)"),
        (lambda: nn.ExponentialMovingAverage(nn.Linear(2, 2).parameters()), TypeError,
         ("ExponentialMovingAverage: the first argument is the model, not its parameters; got "
          "generator")),
        (lambda: nn.ExponentialMovingAverage(nn.Linear(2, 2), "a"), TypeError,
         "ExponentialMovingAverage: decay must be a number; got 'a' (str)"),
        (lambda: nn.ExponentialMovingAverage(nn.Linear(2, 2)).load_state_dict([]), TypeError,
         ("ExponentialMovingAverage.load_state_dict: give the dict that state_dict() returned; got "
          "list")),
    ],
)  # fmt: skip
def test_other_wrong_arguments_are_named(message, call, error, text):
    assert message(error, call) == text
