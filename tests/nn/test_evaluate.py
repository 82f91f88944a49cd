"""Using a model without training it."""

from collections import namedtuple

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


class Returning(nn.Module):
    """Gives what a function makes of the inputs."""

    def __init__(self, function):
        self.function = function

    def forward(self, x):
        return self.function(x)


Pair = namedtuple("Pair", "double negative")  # noqa: PYI024


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 99])
def test_several_outputs_are_joined_one_by_one(batch_size, rng):
    x = rng.standard_normal((5, 2))
    model = Returning(lambda x: (Pair(x * 2, -ag.Tensor(x)), {"sum": x.sum(axis=1)}, [x, None]))
    pair, named, (same, nothing) = nn.predict(model, x, batch_size=batch_size)
    assert isinstance(pair, Pair)
    np.testing.assert_array_equal(pair.double, 2 * x)
    np.testing.assert_array_equal(pair.negative, -x)
    np.testing.assert_array_equal(named["sum"], x.sum(axis=1))
    np.testing.assert_array_equal(same, x)
    assert nothing is None


@pytest.mark.parametrize("batch_size", [3, 4, 99])
@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
def test_the_states_of_recurrent_layers_are_joined_along_their_rows(kind, batch_size, rng):
    model = kind(3, 4, num_layers=2, bidirectional=True, dtype=np.float64)
    x = rng.standard_normal((7, 6, 3))
    with ag.no_grad():
        expected, state = model(x)
    if batch_size == 4:
        # As many layers and directions as rows, but the last batch is shorter and tells.
        assert len(state[0] if kind is nn.LSTM else state) == batch_size
    outputs, found = nn.predict(model, x, batch_size=batch_size)
    np.testing.assert_allclose(outputs, expected.data, atol=1e-12)
    pairs = zip(found, state, strict=True) if kind is nn.LSTM else [(found, state)]
    for mine, theirs in pairs:
        np.testing.assert_allclose(mine, theirs.data, atol=1e-12)


def test_a_single_output_may_have_several_rows_for_each_row():
    x = np.arange(12.0).reshape(4, 3)
    model = Returning(lambda x: x.reshape(-1, 1))
    np.testing.assert_array_equal(nn.predict(model, x, batch_size=3), x.reshape(-1, 1))
    # As wide as a batch has rows: still the first axis.
    wide = np.zeros((4, 2, 2))
    assert nn.predict(nn.Identity(), wide, batch_size=2).shape == (4, 2, 2)
    assert nn.predict(Returning(lambda x: [float(v) for v in x[:, 0]]), x).tolist() == [0, 3, 6, 9]


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (
            lambda x: (x, x.mean(axis=0)),
            (
                "output[1] of the model has shape (3,) for 2 rows, so the batches cannot be "
                "joined: the rows must be the first axis, or the second of three as in the state "
                "of an LSTM. Or take all rows at once: batch_size=5"
            ),
        ),
        (
            lambda x: [row[None] for row in x],
            (
                "output of the model is a list of 2 for one batch and of 1 for another, so they "
                "cannot be joined. Return an array with the rows on its first axis"
            ),
        ),
    ],
)
def test_what_cannot_be_joined_is_told(message, function, text):
    model, x = Returning(function), np.ones((5, 3))
    found = message(ag.ShapeError, lambda: nn.predict(model, x, batch_size=2))
    assert found == f"predict: {text}"


def test_an_axis_that_cannot_be_told_from_another_is_asked_for(message):
    model = nn.LSTM(3, 4, num_layers=2)
    x = np.zeros((4, 5, 3), np.float32)
    assert message(ag.ShapeError, lambda: nn.predict(model, x, batch_size=2)) == (
        "predict: output[1][0] of the model has shape (2, 2, 4) for 2 rows: the first axis or the "
        "second may be the rows. Give another batch_size"
    )


def last_state_loss(outputs, targets):
    _, (hidden, _) = outputs
    return nn.cross_entropy(hidden[0], targets)


def test_evaluate_and_fit_judge_a_model_of_several_outputs(rng):
    x, y = rng.standard_normal((8, 5, 3)).astype(np.float32), np.arange(8) % 2
    model = nn.LSTM(3, 2)

    def right(outputs, targets):
        return nn.accuracy(outputs[1][0][0], targets)

    found = nn.evaluate(model, x, y, loss=last_state_loss, metrics={"right": right})
    with ag.no_grad():
        assert found["loss"] == pytest.approx(float(last_state_loss(model(x), y)))
    history = nn.fit(
        model, (x, y), loss=last_state_loss, optimizer=nn.SGD(model.parameters(), lr=0.1),
        epochs=1, progress=False, validation=(x, y), metrics={"right": right},
    )  # fmt: skip
    assert history.columns == ["epoch", "loss", "validation_loss", "validation_right", "seconds"]


TEXT = np.array([["1", "2", "3"]] * 4)
REFUSED_TEXT = (
    "the inputs are text, such as '1' (dtype <U1), not numbers. Convert numbers with "
    "inputs.astype(np.float32); text columns become numbers by nn.TableEncoder"
)


def test_text_is_refused_as_text(message):
    model = nn.Linear(3, 2)
    y = np.arange(4) % 2
    options = {"loss": nn.cross_entropy, "optimizer": nn.SGD(model.parameters(), lr=0.1),
               "epochs": 1, "progress": False}  # fmt: skip
    numbers = TEXT.astype(np.float32)
    for who, call in (
        ("predict", lambda: nn.predict(model, TEXT)),
        ("predict", lambda: nn.evaluate(model, TEXT, y)),
        ("fit", lambda: nn.fit(model, (TEXT, y), **options)),
        ("fit", lambda: nn.fit(model, nn.Loader(TEXT, y), **options)),
        ("fit", lambda: nn.fit(model, (numbers, y), validation=(TEXT, y), **options)),
    ):
        assert message(ag.DTypeError, call) == f"{who}: {REFUSED_TEXT}"


def test_text_is_welcome_where_a_function_makes_numbers_of_it():
    model = nn.Linear(3, 2)
    loader = nn.Loader(TEXT, np.arange(4) % 2, collate=lambda x, y: (x.astype(np.float32), y))
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    assert len(
        nn.fit(model, loader, loss=nn.cross_entropy, optimizer=optimizer, epochs=1, progress=False)
    ) == 1  # fmt: skip
