"""From gradients to weights: accumulation, clipping, averages and schedules in `fit`."""

import numpy as np
import pytest

import nn

X = np.random.default_rng(0).standard_normal((24, 3))
Y = X @ [[1.0], [-2.0], [0.5]]


def run(*, model=None, make=None, train=(X, Y), epochs=2, **options):
    model = model or nn.Linear(3, 1, dtype=np.float64, rng=np.random.default_rng(1))
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    if make is not None:
        options["schedule"] = make(optimizer)
    history = nn.fit(
        model,
        nn.Loader(*train, batch_size=options.pop("batch_size", 8), dtype=np.float64),
        loss=nn.mse_loss,
        optimizer=optimizer,
        epochs=epochs,
        progress=False,
        **options,
    )
    return model, history, optimizer


@pytest.mark.parametrize("batch_size", [3, 5])
def test_accumulated_batches_are_one_large_batch_whatever_their_sizes(batch_size):
    """24 rows in batches of 5: the last has 4, and its mean must not count more."""
    large, _, _ = run(batch_size=24)
    small, history, _ = run(batch_size=batch_size, accumulate=-(-24 // batch_size))
    np.testing.assert_allclose(small.weight.data, large.weight.data, rtol=1e-12)
    assert len(history.step_losses) == 2 * -(-24 // batch_size)


def test_what_is_left_at_the_end_of_an_epoch_is_used():
    some, _, optimizer = run(batch_size=8, accumulate=2, epochs=1, make=Spy,
                             schedule_every="step")  # fmt: skip
    assert optimizer.lr == 0.05  # two updates: the rate moved once
    first, _, _ = run(train=(X[:16], Y[:16]), batch_size=16, epochs=1)
    second = first
    run(model=second, train=(X[16:], Y[16:]), batch_size=8, epochs=1, make=Half)
    np.testing.assert_allclose(some.weight.data, second.weight.data, rtol=1e-12)


class Spy(nn.schedules.Schedule):
    """Halves the rate at every step."""

    def factor(self, step):
        return 0.5**step


class Half(nn.schedules.Schedule):
    """Half the rate from the start."""

    def __init__(self, optimizer):
        super().__init__(optimizer)
        self.start()

    def factor(self, _step):
        return 0.5


def test_gradients_are_clipped_before_the_step():
    start = nn.Linear(3, 1, dtype=np.float64, rng=np.random.default_rng(1))
    model, _, _ = run(epochs=1, batch_size=24, clip=0.25)
    moved = [a.data - b.data for a, b in zip(model.parameters(), start.parameters(), strict=True)]
    assert np.sqrt(sum((step**2).sum() for step in moved)) == pytest.approx(0.1 * 0.25, rel=1e-5)


@pytest.mark.parametrize(("every", "rates"), [("epoch", [0.1, 0.05]), ("step", [0.025, 0.003125])])
def test_a_schedule_moves_by_epoch_or_by_step(every, rates):
    seen = []
    run(make=Spy, schedule_every=every, callbacks=[lambda t: seen.append(t.optimizer.lr)])
    assert seen == pytest.approx(rates)


def test_a_cycle_as_long_as_the_training_fits():
    _, _, optimizer = run(make=lambda o: nn.schedules.OneCycle(o, steps=6), schedule_every="step")
    assert optimizer.lr == pytest.approx(0.1 / 25 / 1e4)


def test_a_plateau_is_judged_by_the_monitor_or_by_the_training_loss():
    def make(optimizer):
        return nn.schedules.ReduceOnPlateau(optimizer, patience=0, threshold=0.9, factor=0.5)

    assert run(make=make, epochs=3)[2].lr == 0.025
    seen = []

    class Plateau(nn.schedules.ReduceOnPlateau):
        def step(self, measure):
            seen.append(measure)

    history = run(make=Plateau, validation=(X, Y), metrics={"worst": worst},
                  monitor="validation_worst")[1]  # fmt: skip
    assert seen == history["validation_worst"]


def worst(outputs, targets):
    return float(np.abs(outputs - targets).max())


def test_validation_judges_the_average_and_the_model_ends_with_it():
    model, history, _ = run(average=0.5, validation=(X, Y), epochs=3)
    assert history["validation_loss"][-1] == pytest.approx(
        nn.evaluate(model, X, Y, loss=nn.mse_loss)["loss"]
    )
    trained, _, _ = run(epochs=3)
    kept, _, _ = run(average=0.5, keep_average=False, validation=(X, Y), epochs=3)
    np.testing.assert_array_equal(kept.weight.data, trained.weight.data)
    assert not np.array_equal(kept.weight.data, model.weight.data)


def test_an_average_of_ones_own_is_at_hand_after_training():
    model = nn.Linear(3, 1, dtype=np.float64, rng=np.random.default_rng(1))
    average = nn.ExponentialMovingAverage(model, decay=0.5)
    run(model=model, average=average)
    np.testing.assert_array_equal(average.state_dict()["weight"], model.weight.data)
    assert average.updates == 6


def test_the_best_weights_are_those_of_the_average():
    values = iter([3.0, 1.0, 2.0])
    averages = []
    average_of = {}

    def note(_training):
        averages.append(average_of["it"].state_dict()["weight"])

    model = nn.Linear(3, 1, dtype=np.float64, rng=np.random.default_rng(1))
    average_of["it"] = nn.ExponentialMovingAverage(model, decay=0.5)
    run(model=model, average=average_of["it"], epochs=3, validation=(X, Y), patience=5,
        metrics={"x_loss": lambda *_: next(values)}, monitor="validation_x_loss",
        callbacks=[note])  # fmt: skip
    np.testing.assert_array_equal(model.weight.data, averages[1])


def test_step_callbacks_see_every_step_and_can_stop_at_once(capsys):
    seen = []

    def look(training):
        seen.append(training.step)
        if training.step == 4:
            training.stop("enough")

    _, history, _ = run(on_step=[look])
    assert seen == [1, 2, 3, 4]
    assert history.stopped == "stopped after epoch 2 of 2: enough"
    assert len(history) == 2
    assert not capsys.readouterr().err


def test_a_loader_without_rows_is_told(message):
    model = nn.Linear(1, 1)
    loader = nn.Loader(nn.IterableDataset(list))
    assert message(
        ValueError,
        lambda: nn.fit(model, loader, loss=nn.mse_loss, epochs=1, progress=False,
                       optimizer=nn.SGD(model.parameters(), lr=0.1)),
    ) == "fit: the loader gave no batches, so there is nothing to train on"  # fmt: skip


def test_bad_values_from_a_loader_without_arrays_are_named(message):
    model = nn.Linear(1, 1)
    loader = nn.Loader(nn.IterableDataset(lambda: [([1.0], [np.nan])]))
    text = message(
        nn.NonFiniteLoss,
        lambda: nn.fit(model, loader, loss=nn.mse_loss, epochs=1, progress=False,
                       optimizer=nn.SGD(model.parameters(), lr=0.1)),
    )  # fmt: skip
    assert "at step 1 (epoch 1). The data are to blame: the batch's targets[0, 0] is nan." in text


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"accumulate": 0}, "fit: accumulate must be a whole number of at least 1; got 0"),
        ({"clip": 0.0}, "fit: clip is the largest norm of the gradients, above 0; got 0.0"),
        ({"schedule_every": "epochs"},
         ("fit: unknown schedule_every 'epochs': did you mean 'epoch'? Known: epoch, step")),
        ({"schedule": Spy(nn.SGD([nn.Parameter(1.0)], lr=1.0))},
         "fit: the schedule moves the rate of another optimizer than this one"),
        ({"make": nn.schedules.ReduceOnPlateau, "validation": (X, Y), "monitor": "loss"},
         ("fit: unknown monitor 'loss': known: validation_loss")),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(message, options, text):
    assert message(ValueError, lambda: run(**options)) == text


def test_lbfgs_wants_a_loop_of_ones_own():
    model = nn.Linear(1, 1)
    with pytest.raises(ValueError, match=r"fit: LBFGS evaluates the loss several times a step"):
        nn.fit(
            model,
            (np.ones((2, 1)), np.ones((2, 1))),
            loss=nn.mse_loss,
            optimizer=nn.LBFGS(model.parameters()),
            epochs=1,
        )


def test_batches_of_a_weighted_loss_weigh_by_their_rows():
    """Its mean divides by the weights of a batch, so accumulating is not one large batch."""
    labels = np.array([0] * 6 + [1] * 6)
    x = np.random.default_rng(2).standard_normal((12, 3))

    def loss(outputs, targets):
        return nn.cross_entropy(outputs, targets, weights=[1.0, 5.0])

    def moved(batch_size, accumulate):
        model = nn.Linear(3, 2, dtype=np.float64, rng=np.random.default_rng(1))
        before = model.weight.data.copy()
        nn.fit(
            model, nn.Loader(x, labels, batch_size=batch_size, dtype=np.float64), loss=loss,
            optimizer=nn.SGD(model.parameters(), lr=1.0), epochs=1, accumulate=accumulate,
            progress=False,
        )  # fmt: skip
        return before - model.weight.data

    by_hand = []
    for start, rows in ((0, 8), (8, 4)):
        model = nn.Linear(3, 2, dtype=np.float64, rng=np.random.default_rng(1))
        loss(model(x[start : start + rows]), labels[start : start + rows]).backward()
        by_hand.append(rows / 12 * model.weight.grad)
    np.testing.assert_allclose(moved(8, 2), sum(by_hand), rtol=1e-12)
    assert not np.allclose(moved(8, 2), moved(12, 1), rtol=1e-2)
