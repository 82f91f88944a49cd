"""What is no number, no pair or no state gets an answer in the schedule's own words."""

import pytest

import nn

S = nn.schedules


def sgd():
    return nn.SGD([nn.Parameter([1.0])], lr=0.1)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: S.Step(sgd(), 3, "a"), TypeError, "Step: factor must be a number; got 'a' (str)"),
        (lambda: S.Exponential(sgd(), None), TypeError,
         "Exponential: factor must be a number; got None (NoneType)"),
        (lambda: S.MultiStep(sgd(), 5), TypeError,
         "MultiStep: milestones are a list of steps, such as [30, 60]; got 5 (int)"),
        (lambda: S.Polynomial(sgd(), 5, "a"), TypeError,
         "Polynomial: power must be a number; got 'a' (str)"),
        (lambda: S.Cosine(sgd(), 5, "a"), TypeError, "Cosine: end must be a number; got 'a' (str)"),
        (lambda: S.OneCycle(sgd(), 5, rise="a"), TypeError,
         "OneCycle: rise must be a number; got 'a' (str)"),
        (lambda: S.OneCycle(sgd(), 5, momentum=0.9), ValueError,
         ("OneCycle: momentum is a pair, the lowest and the highest, such as (0.85, 0.95); got "
          "0.9")),
        (lambda: S.OneCycle(sgd(), 5, momentum=("a", 0.9)), TypeError,
         "OneCycle: momentum must be a number; got 'a' (str)"),
        (lambda: S.Warmup(sgd(), 5, begin="a"), TypeError,
         "Warmup: begin must be a number; got 'a' (str)"),
        (lambda: S.Warmup(sgd(), 5, then=S.Step), TypeError,
         "Warmup: then is the schedule that follows, over the same optimiser; got Step"),
        (lambda: S.Warmup(sgd(), 5, then=0.5), TypeError,
         "Warmup: then is the schedule that follows, over the same optimiser; got float"),
        (lambda: S.ReduceOnPlateau(sgd(), factor="a"), TypeError,
         "ReduceOnPlateau: factor must be a number; got 'a' (str)"),
        (lambda: S.ReduceOnPlateau(sgd(), least=None), TypeError,
         "ReduceOnPlateau: least must be a number; got None (NoneType)"),
        (lambda: S.ReduceOnPlateau(sgd()).step(None), TypeError,
         "ReduceOnPlateau.step: the measure must be a number; got None (NoneType)"),
        (lambda: S.ReduceOnPlateau(sgd()).load_state_dict({"best": 1.0}), nn.StateDictError,
         ("ReduceOnPlateau.load_state_dict: this state lacks 'waited', 'resting', 'history'; it "
          "has 'best'")),
        (lambda: S.Step(sgd(), 3).load_state_dict(None), TypeError,
         "Step.load_state_dict: give the dict that state_dict() returned; got NoneType"),
        (lambda: S.Step(sgd(), 3).load_state_dict({}), nn.StateDictError,
         "Step.load_state_dict: this state lacks 'steps', 'base'; it has nothing"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_named(message, call, error, text):
    assert message(error, call) == text


def test_milestones_may_be_any_iterable():
    assert S.MultiStep(sgd(), iter([1, 2]), 0.5).rates(3).tolist() == [0.1, 0.05, 0.025]
