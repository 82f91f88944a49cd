"""The learning-rate finder: a useful suggestion, and nothing changed."""

import numpy as np
import pytest

import nn


def setting(momentum=0.9):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((120, 4))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    model = nn.Sequential(
        nn.Linear(4, 16, rng=rng), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.1, rng=rng),
        nn.Linear(16, 2, rng=rng),
    )  # fmt: skip
    return model, (x, y), nn.SGD(model.parameters(), lr=0.123, momentum=momentum), rng


def search(model, data, optimizer, **options):
    return nn.find_learning_rate(model, data, loss=nn.cross_entropy, optimizer=optimizer, **options)


def test_training_with_the_suggestion_beats_rates_far_from_it():
    model, data, optimizer, rng = setting(momentum=0.0)
    found = search(model, data, optimizer, rng=rng)

    def loss_after(rate):
        model, data, optimizer, rng = setting(momentum=0.0)
        optimizer.lr = rate
        return nn.fit(model, data, loss=nn.cross_entropy, optimizer=optimizer, epochs=10, rng=rng,
                      progress=False)["loss"][-1]  # fmt: skip

    assert 1e-3 < found.suggestion < 1.0
    assert loss_after(found.suggestion) < 0.9 * loss_after(found.suggestion / 100)


def test_nothing_is_changed():
    def trained(look_first):
        model, data, optimizer, rng = setting()
        loader = nn.Loader(*data, batch_size=16, shuffle=True, rng=rng)
        model.eval()
        model[0].train()
        if look_first:
            search(model, loader, optimizer)
            assert [module.training for module in model] == [True, False, False, False, False]
            assert optimizer.lr == 0.123
            assert all(p.grad is None for p in model.parameters())
        nn.fit(model, loader, loss=nn.cross_entropy, optimizer=optimizer, epochs=2, progress=False)
        return model.state_dict()

    plain, looked = trained(False), trained(True)
    for name, array in plain.items():
        np.testing.assert_array_equal(looked[name], array)


def test_the_sweep_ends_when_the_loss_explodes_and_says_how_far_it_went():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((64, 2))
    model = nn.Linear(2, 1, rng=rng)
    found = nn.find_learning_rate(
        model, (x, x.sum(1, keepdims=True)), loss=nn.mse_loss, rng=rng,
        optimizer=nn.SGD(model.parameters(), lr=1.0), highest=1e4,
    )  # fmt: skip
    assert found.rates[-1] < 1e3
    assert len(found.rates) == len(found.losses) == len(found.smoothed) < 100
    assert repr(found) == (
        f"RateSearch: {len(found.rates)} steps from 1e-06 to {found.rates[-1]:.2g}; suggestion "
        f"{found.suggestion:.2g}"
    )


def test_the_plot():
    pytest.importorskip("matplotlib")
    model, data, optimizer, rng = setting()
    axes = search(model, data, optimizer, rng=rng, steps=20).plot()
    assert axes.get_xscale() == "log"
    assert [line.get_label() for line in axes.lines[:2]] == ["loss", "running mean"]
    axes.figure.clear()
    pytest.importorskip("matplotlib.pyplot").close("all")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"lowest": 1.0, "highest": 0.1},
         ("find_learning_rate: lowest and highest must be 0 < lowest < highest; got 1.0, 0.1")),
        ({"steps": 3}, "find_learning_rate: steps must be a whole number of at least 10; got 3"),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(message, options, text):
    model, data, optimizer, _ = setting()
    assert message(ValueError, lambda: search(model, data, optimizer, **options)) == text


def test_a_loss_that_is_never_finite_is_told(message):
    model, (x, y), optimizer, _ = setting()
    assert message(ValueError, lambda: search(model, (x * np.nan, y), optimizer)) == (
        "find_learning_rate: the loss is not finite from the start, with a rate of 1e-06; nn.fit "
        "says where that comes from"
    )


def test_an_optimizer_of_another_model_is_told(message):
    model, data, _, _ = setting()
    other = nn.SGD(nn.Linear(1, 1).parameters(), lr=0.1)
    assert message(ValueError, lambda: search(model, data, other)) == (
        "find_learning_rate: the optimizer holds none of the model's parameters; make it with "
        "model.parameters()"
    )
