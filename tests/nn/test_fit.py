"""The training loop: what it learns and records, and how it ends."""

import numpy as np
import pytest

import nn


def line(rows=64, seed=0):
    """Rows of y = 2 x - 1."""
    x = np.random.default_rng(seed).standard_normal((rows, 1))
    return x, 2 * x - 1


def quadrants(rows=300, seed=0):
    """Two classes that no straight line separates."""
    x = np.random.default_rng(seed).standard_normal((rows, 2))
    return x, (x[:, 0] * x[:, 1] > 0).astype(int)


def run(model=None, train=None, **options):
    """Fit with settings that most tests share."""
    model = model or nn.Linear(1, 1, rng=np.random.default_rng(0))
    settings = {
        "loss": nn.mse_loss,
        "optimizer": nn.SGD(model.parameters(), lr=0.1),
        "epochs": 3,
        "batch_size": 16,
        "rng": np.random.default_rng(0),
        "progress": False,
    }
    history = nn.fit(model, line() if train is None else train, **(settings | options))
    return model, history


def test_it_learns_what_no_line_can_separate():
    rng = np.random.default_rng(0)
    model = nn.MLP(2, [16], 2, rng=rng)
    _, history = run(
        model,
        quadrants(),
        loss=nn.cross_entropy,
        optimizer=nn.Adam(model.parameters(), lr=0.02),
        epochs=30,
        validation=quadrants(seed=1),
    )
    assert history["validation_accuracy"][-1] > 0.95
    assert history["loss"][-1] < 0.25 * history["loss"][0]
    assert len(history) == 30
    assert len(history.step_losses) == 30 * 19
    assert not history.stopped


def test_same_seed_same_bits():
    first, second = run()[0], run()[0]
    np.testing.assert_array_equal(first.weight.data, second.weight.data)


def test_columns_are_what_was_measured():
    assert run()[1].columns == ["epoch", "loss", "seconds"]
    columns = run(validation=line(), metrics={"worst": lambda p, y: np.abs(p - y).max()})[1].columns
    assert columns == ["epoch", "loss", "validation_loss", "validation_worst", "seconds"]


def test_the_recorded_loss_is_the_mean_over_rows_also_with_a_short_last_batch():
    x, y = line(rows=20)
    still = nn.Linear(1, 1, rng=np.random.default_rng(0))
    optimizer = nn.SGD(still.parameters(), lr=0.0)
    model, history = run(still, train=(x, y), epochs=1, optimizer=optimizer)
    expected = np.mean((model(x.astype(np.float32)).data - y) ** 2)
    assert history["loss"] == [pytest.approx(expected, rel=1e-6)]


def test_validation_is_measured_after_the_epoch_without_training_on_it():
    model, history = run(validation=line(seed=1))
    x, y = line(seed=1)
    assert history["validation_loss"][-1] == pytest.approx(
        nn.evaluate(model, x, y, loss=nn.mse_loss)["loss"], rel=1e-5
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_data_are_cast_to_the_models_dtype(dtype):
    seen = set()

    class Spy(nn.Linear):
        def forward(self, x):
            seen.add(x.dtype)
            return super().forward(x)

    run(Spy(1, 1, dtype=dtype), validation=line())
    assert seen == {np.dtype(dtype)}


def test_a_loader_decides_order_and_batches_itself():
    x, y = line(rows=10)
    _, history = run(train=nn.Loader(x, y, batch_size=4, drop_last=True), epochs=2)
    assert len(history.step_losses) == 4


def test_each_modules_mode_is_training_meanwhile_and_comes_back():
    model = nn.Sequential(nn.Linear(1, 1), nn.Identity()).eval()
    model[0].train()
    modes = []
    run(
        model,
        callbacks=[lambda _: None],
        loss=lambda p, y: modes.append(model.training) or nn.mse_loss(p, y),
    )
    assert set(modes) == {True}
    assert [module.training for module in model.modules()] == [False, True, False]


def test_callbacks_see_the_run_and_can_steer_and_stop_it(capsys):
    seen = []

    def halve(training):
        seen.append((training.epoch, training.step, training.history["epoch"][-1]))
        training.optimizer.lr /= 2

    def enough(training):
        if training.epoch == 2:
            training.stop()

    _, history = run(epochs=5, callbacks=[halve, enough], progress=True)
    assert seen == [(1, 4, 1), (2, 8, 2)]
    assert history.stopped == "stopped after epoch 2 of 5: a callback stopped it"
    assert capsys.readouterr().err.endswith(f"\nfit: {history.stopped}\n")


def test_early_stopping_restores_the_best_weights(capsys):
    weights = {}

    def worsen(training):
        """Keep a copy of the weights, then spoil every epoch after the second."""
        weights[training.epoch] = training.model.weight.data.copy()
        if training.epoch == 2:
            training.optimizer.lr = 5.0

    model, history = run(epochs=50, validation=line(seed=1), patience=3, callbacks=[worsen])
    losses = history["validation_loss"]
    assert history.best_epoch == np.argmin(losses) + 1 == len(losses) - 3
    np.testing.assert_array_equal(model.weight.data, weights[history.best_epoch])
    assert history.stopped == (
        f"stopped after epoch {len(losses)} of 50: no better validation loss for 3 epochs; "
        f"the weights of epoch {history.best_epoch}, the best, are restored"
    )
    assert history.stopped in repr(history)
    assert capsys.readouterr() == ("", "")


def test_with_patience_the_best_weights_are_restored_also_at_the_planned_end():
    accuracies = iter([0.5, 0.9, 0.7])
    weights = []
    model, history = run(
        validation=line(),
        metrics={"accuracy": lambda *_: next(accuracies)},
        monitor="validation_accuracy",
        patience=9,
        callbacks=[lambda t: weights.append(t.model.weight.data.copy())],
    )
    assert history.best_epoch == 2
    np.testing.assert_array_equal(model.weight.data, weights[1])
    assert not history.stopped


def test_no_epochs_change_nothing():
    model, history = run(epochs=0, validation=line(), patience=1)
    assert len(history) == 0
    assert history.best_epoch is None
    np.testing.assert_array_equal(
        model.weight.data, nn.Linear(1, 1, rng=np.random.default_rng(0)).weight.data
    )


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"epochs": -1}, "fit: epochs must be a whole number of at least 0; got -1"),
        ({"patience": 2}, "fit: patience needs validation data to judge by; give validation="),
        (
            {"patience": 0, "validation": line()},
            "fit: patience must be a whole number of at least 1; got 0",
        ),
        (
            {"patience": 1, "validation": line(), "monitor": "val_loss"},
            ("fit: unknown monitor 'val_loss': did you mean 'validation_loss'? "
            "Known: validation_loss"),
        ),
        ({"train": np.zeros(3)}, "fit: train must be (inputs, targets); got ndarray"),
        ({"validation": line()[:1]}, "fit: validation must be (inputs, targets); got tuple of 1"),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(message, options, text):
    assert message(ValueError, lambda: run(**options)) == text


# --- the loss is not finite ------------------------------------------------------------------


def failure(**options):
    with pytest.raises(nn.NonFiniteLoss) as caught:
        run(**options)
    return caught.value


def test_bad_data_are_named_and_the_weights_stay_those_before_the_step():
    x, y = line()
    x[40, 0] = np.nan
    loader = nn.Loader(x, y, batch_size=16)
    model = nn.Linear(1, 1, rng=np.random.default_rng(0))
    error = failure(model=model, train=loader)
    assert str(error) == (
        "fit: the loss became nan at step 3 (epoch 1; 4 steps an epoch). The data are to blame: "
        "inputs[40, 0] is nan. Mend or drop such rows. The weights are as they were before this "
        "step; the history so far is in this exception's .history."
    )
    assert (error.step, error.layer) == (3, None)
    assert len(error.history.step_losses) == 3
    two_steps, _ = run(train=nn.Loader(*(a[:32] for a in line()), batch_size=16), epochs=1)
    np.testing.assert_array_equal(model.weight.data, two_steps.weight.data)


def test_bad_targets_are_named():
    x, y = line()
    y[7] = np.inf
    error = failure(train=(x, y), batch_size=64)
    assert "targets[7, 0] is inf" in str(error)


def test_a_learning_rate_too_large_is_told_with_the_layer_and_good_weights_come_back():
    model = nn.MLP(1, [4], 1, rng=np.random.default_rng(0))
    error = failure(model=model, optimizer=nn.SGD(model.parameters(), lr=1e6), epochs=100)
    last_good = error.history.step_losses[-2]
    assert np.isfinite(last_good)
    assert str(error) == (
        f"fit: the loss became {error.history.step_losses[-1]} at step {error.step} (epoch "
        f"{(error.step + 3) // 4}; 4 steps an epoch). The first value that is not finite came out "
        f"of layer '{error.layer}' (Linear), whose "
        + str(error).split("whose ")[1].split(". Try")[0]
        + ". Try a smaller learning rate than 1e+06, or standardise the inputs. The weights are "
        f"back to the last good ones, whose loss was {last_good:.4g}; the history so far is in "
        "this exception's .history."
    )
    assert error.layer in ("0", "2")
    assert all(np.isfinite(p.data).all() for p in model.parameters())
    assert error.history.stopped.endswith(f"at step {error.step}")


def test_a_first_step_that_fails_leaves_the_weights():
    model = nn.Linear(1, 1)
    model.weight.data[:] = 3e38
    error = failure(model=model, train=(np.full((4, 1), 1e3), np.zeros((4, 1))))
    assert error.layer == ""
    assert "came out of the model itself (Linear), whose parameters are finite" in str(error)
    assert "The weights are as they were before this step" in str(error)
    assert model.weight.data == np.float32(3e38)


def test_a_loss_function_that_fails_by_itself_is_told():
    def broken(prediction, target):
        return np.log(nn.mse_loss(prediction, target) * 0.0) * 0.0

    error = failure(loss=broken)
    assert error.layer is None
    assert "Every layer's output is finite, so the loss function (broken) made it" in str(error)


def test_an_update_that_breaks_the_weights_in_the_last_step_is_noticed():
    def steep(prediction, target):
        """Finite, but its gradient is not."""
        return nn.mse_loss(prediction, target) + np.sqrt((prediction * 0.0).sum())

    model = nn.Linear(1, 1, rng=np.random.default_rng(0))
    before = model.weight.data.copy()
    error = failure(model=model, loss=steep, batch_size=64)
    assert str(error).startswith(
        "fit: the update made weights that are not finite at step 1 (epoch 1; 1 steps an epoch). "
        "The first value that is not finite came out of the model itself (Linear), whose weight "
        "is no longer finite."
    )
    np.testing.assert_array_equal(model.weight.data, before)


# --- Ctrl-C -----------------------------------------------------------------------------------


@pytest.mark.parametrize("progress", [True, False])
def test_ctrl_c_keeps_the_weights_and_the_history_and_says_so(capsys, progress):
    def interrupt(training):
        if training.epoch == 2:
            raise KeyboardInterrupt

    model, history = run(epochs=5, callbacks=[interrupt], progress=progress)
    assert history.stopped == (
        "interrupted in epoch 2 of 5, after step 8; the weights and the history so far are kept"
    )
    said = capsys.readouterr().err
    assert said.endswith(f"\nfit: {history.stopped}\n") if progress else not said
    assert len(history) == 2
    two_epochs, _ = run(epochs=2)
    np.testing.assert_array_equal(model.weight.data, two_epochs.weight.data)


def test_ctrl_c_in_the_middle_of_an_epoch_keeps_the_steps():
    calls = []

    def loss(prediction, target):
        calls.append(1)
        if len(calls) == 7:
            raise KeyboardInterrupt
        return nn.mse_loss(prediction, target)

    _, history = run(loss=loss)
    assert history.stopped.startswith("interrupted in epoch 2 of 3, after step 6;")
    assert (len(history), len(history.step_losses)) == (1, 6)


def test_soft_labels_are_validated_by_the_loss_alone():
    x, y = quadrants(rows=40)
    model = nn.MLP(2, [4], 2, rng=np.random.default_rng(0))
    rows = (x, nn.one_hot(y))
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    _, history = run(model, rows, loss=nn.cross_entropy, optimizer=optimizer, validation=rows)
    assert history.columns == ["epoch", "loss", "validation_loss", "seconds"]
    expected = nn.evaluate(model, x.astype(np.float32), y, loss=nn.cross_entropy)["loss"]
    assert history["validation_loss"][-1] == pytest.approx(expected, rel=1e-5)


def test_probabilities_of_yes_have_no_accuracy_but_yes_and_no_in_floats_have_one():
    x, y = quadrants(rows=40)
    for targets, measured in ((np.where(y, 0.9, 0.1), False), (y.astype(float), True)):
        model = nn.Sequential(nn.Linear(2, 1, rng=np.random.default_rng(0)), nn.Flatten(0))
        optimizer = nn.SGD(model.parameters(), lr=0.1)
        loss = nn.binary_cross_entropy_with_logits
        rows = (x, targets)
        _, history = run(model, rows, loss=loss, optimizer=optimizer, validation=rows)
        assert ("validation_accuracy" in history.columns) is measured


# --- arguments that do not fit together -------------------------------------------------------


def test_a_model_that_is_frozen_altogether_is_refused():
    model = nn.Linear(1, 1, rng=np.random.default_rng(0)).freeze()
    with pytest.raises(ValueError, match=r"fit: .* are frozen; call model.unfreeze\(\)"):
        run(model)


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"optimizer": nn.SGD(nn.Linear(1, 1).parameters(), lr=0.1)}, ValueError,
         ("fit: the optimizer holds none of the model's parameters; make it with "
          "model.parameters()")),
        ({"metrics": {"r2": nn.r2_score}}, ValueError,
         "fit: metrics are measured on the validation rows; give validation="),
        ({"metrics": [nn.r2_score], "validation": line()}, TypeError,
         ("fit: metrics must be a dict of name and function, such as "
          '{"f1": nn.f1_score}; got list')),
        ({"callbacks": print}, TypeError,
         ("fit: callbacks must be a list of functions, such as callbacks=[f]; "
          "got builtin_function_or_method")),
        ({"on_step": print}, TypeError,
         ("fit: on_step must be a list of functions, such as on_step=[f]; "
          "got builtin_function_or_method")),
    ],
)  # fmt: skip
def test_what_would_be_ignored_or_break_later_is_refused(options, kind, message):
    with pytest.raises(kind) as caught:
        run(**options)
    assert str(caught.value) == message


# --- the progress bar -------------------------------------------------------------------------


def test_the_bar_shows_the_epoch_the_loss_and_the_validation(capsys):
    run(progress=True, validation=line())
    text = capsys.readouterr().err
    assert "epoch 3/3: 100%" in text
    assert "validation loss" in text


def test_the_bar_shows_accuracy_in_percent(capsys):
    model = nn.MLP(2, [], 2, rng=np.random.default_rng(0))
    run(
        model,
        quadrants(),
        loss=nn.cross_entropy,
        optimizer=nn.SGD(model.parameters(), lr=0.1),
        validation=quadrants(),
        progress=True,
    )
    last = capsys.readouterr().err.split("\r")[-1]
    assert "loss 0." in last
    assert "validation accuracy" in last
    assert last.rstrip().endswith("%")


def test_ctrl_c_with_patience_restores_the_best_epoch(rng):
    """As the end of training would; without an epoch that was judged, the weights stay."""
    x = rng.standard_normal((20, 2)).astype(np.float32)
    y = x.sum(axis=1, keepdims=True)
    for interrupted_in in (1, 3):
        model = nn.MLP(2, [3], 1, rng=np.random.default_rng(1))
        states = []

        def stop(training, last=interrupted_in, states=states):
            states.append({k: v.copy() for k, v in training.model.state_dict().items()})
            if training.epoch == last:
                raise KeyboardInterrupt
            if training.epoch > 1:  # from here on it only gets worse
                for parameter in training.model.parameters():
                    parameter.data += 10

        history = nn.fit(
            model,
            (x, y),
            loss=nn.mse_loss,
            optimizer=nn.SGD(model.parameters(), lr=0.01),
            epochs=5,
            rng=np.random.default_rng(2),
            validation=(x, y),
            patience=5,
            on_step=[stop],
            batch_size=20,
            progress=False,
        )
        assert history.best_epoch == (1 if interrupted_in == 3 else None)
        assert ("the weights of epoch 1, the best so far, are restored" in history.stopped) == (
            interrupted_in == 3
        )
        for name, array in model.state_dict().items():
            np.testing.assert_array_equal(array, states[0][name])
