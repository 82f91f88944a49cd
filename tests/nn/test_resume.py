"""A run that is killed and resumed gives the bits of one that was not."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import nn
from tests.nn.resumed_run import result, train

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def expected():
    return result(*train(None))


def assert_same_bits(found, expected):
    assert list(found) == list(expected)
    for name, array in expected.items():
        assert found[name].tobytes() == array.tobytes(), name


def program(folder, *arguments):
    return [sys.executable, "-m", "tests.nn.resumed_run", folder / "run", folder / "out.npz",
            *map(str, arguments)]  # fmt: skip


def test_killed_at_random_steps_and_while_writing(tmp_path, expected, rng):
    deaths = [("step", rng.integers(1, 10)), ("write", 2), ("step", rng.integers(12, 30))]
    for death in deaths:
        done = subprocess.run(program(tmp_path, *death), cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr
    subprocess.run(program(tmp_path), cwd=ROOT, check=True, capture_output=True)
    assert_same_bits(nn.load(tmp_path / "out.npz"), expected)
    assert not list((tmp_path / "run").glob(".*.part"))


@pytest.mark.slow
def test_killed_many_times_at_any_moment(tmp_path, expected, rng):
    """The parent kills by the clock: within a step, a write, an import."""
    for _ in range(25):
        with subprocess.Popen(program(tmp_path, "sleep", 20), cwd=ROOT) as process:
            time.sleep(rng.uniform(0.3, 0.7))
            process.kill()
    subprocess.run(program(tmp_path), cwd=ROOT, check=True, capture_output=True)
    assert_same_bits(nn.load(tmp_path / "out.npz"), expected)


class Death(BaseException):
    """Ends a run from outside, as far as anything in this process can."""


def dying(step):
    def hook(training):
        if training.step == step:
            raise Death

    return hook


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"accumulate": 1, "checkpoint_every": 1},
        {"checkpoint_every": None},
        {"keep_average": False},
        {"average": None, "clip": None, "accumulate": 1, "patience": None, "schedule": None,
         "checkpoint_every": 1},
        {"patience": 1},
    ],
    ids=["all", "every step", "every epoch", "last weights", "plain", "stopped early"],
)  # fmt: skip
def test_from_every_step_on(tmp_path, changes):
    whole = train(None, **{k: v for k, v in changes.items() if k != "checkpoint_every"})
    steps = len(whole[1].step_losses)
    for step in range(1, steps + 1, 7):
        folder = tmp_path / str(step)
        with pytest.raises(Death):
            train(folder, on_step=[dying(step)], **changes)
        assert_same_bits(result(*train(folder, **changes)), result(*whole))


def test_a_plateau_schedule_and_a_rate_set_by_a_callback_go_on(tmp_path):
    def run(folder, hooks=()):
        rng = np.random.default_rng(0)
        x = rng.standard_normal((40, 1))
        model = nn.Linear(1, 1, rng=rng)
        optimizer = nn.SGD(model.parameters(), lr=0.1, momentum=0.9)

        def shrink(training):
            training.optimizer.lr *= 0.9

        history = nn.fit(
            model, (x, 3 * x), loss=nn.mse_loss, optimizer=optimizer, epochs=6, rng=rng,
            schedule=nn.schedules.ReduceOnPlateau(optimizer, patience=0, threshold=0.9),
            callbacks=[shrink], on_step=hooks, checkpoint=folder, resume=folder is not None,
            progress=False,
        )  # fmt: skip
        return result(model, history) | {"rate": np.array(optimizer.lr)}

    with pytest.raises(Death):
        run(tmp_path, [dying(9)])
    assert_same_bits(run(tmp_path), run(None))


def test_rows_that_come_one_after_the_other_go_on(tmp_path):
    rows = np.random.default_rng(0).standard_normal((30, 2))

    def run(folder, hooks=()):
        model = nn.Linear(1, 1, rng=np.random.default_rng(0))
        dataset = nn.IterableDataset(lambda: ((row[:1], row[1:]) for row in rows))
        history = nn.fit(
            model, nn.Loader(dataset, batch_size=4, prefetch=2), loss=nn.mse_loss, epochs=3,
            optimizer=nn.SGD(model.parameters(), lr=0.1), on_step=hooks, checkpoint=folder,
            checkpoint_every=None if folder is None else 2, resume=folder is not None,
            progress=False,
        )  # fmt: skip
        return result(model, history)

    with pytest.raises(Death):
        run(tmp_path, [dying(11)])
    assert_same_bits(run(tmp_path), run(None))


def test_a_finished_run_is_not_trained_again_and_more_epochs_go_on(tmp_path, expected):
    train(tmp_path)
    steps = []
    again = train(tmp_path, on_step=[steps.append])
    assert not steps
    assert_same_bits(result(*again), expected)
    longer = train(tmp_path, epochs=6)
    assert_same_bits(result(*longer), result(*train(None, epochs=6)))


def test_the_finished_epochs_stay_after_ctrl_c_while_a_checkpoint_is_written(
    tmp_path, expected, monkeypatch, capsys
):
    def interrupt(_file):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", interrupt)
        _, history = train(tmp_path, checkpoint_every=11)
    assert history.stopped.startswith("interrupted in epoch 2 of 4, after step 11;")
    assert len(history.step_losses) == 11
    assert not capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    train(tmp_path, checkpoint_every=4, epochs=2)
    kept = sorted(path.name for path in tmp_path.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", interrupt)
        train(tmp_path, checkpoint_every=4)
    assert sorted(path.name for path in tmp_path.iterdir()) == kept
    assert_same_bits(result(*train(tmp_path)), expected)


def test_a_full_disk_is_warned_of_and_loses_nothing(tmp_path, expected, monkeypatch):
    calls = []

    def full(_file):
        calls.append(1)
        if len(calls) > 2:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.warns(nn.CheckpointWarning) as caught:
            found = train(tmp_path)
    assert_same_bits(result(*found), expected)
    assert str(caught[0].message) == (
        f"fit: the checkpoint of step 11 could not be written to {tmp_path} (No space left on "
        "device). The last good one is step-0000000008.safetensors; training goes on, and the next "
        "is tried"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "step-0000000004.safetensors", "step-0000000008.safetensors"
    ]  # fmt: skip
    assert_same_bits(result(*train(tmp_path)), expected)


def test_a_truncated_newest_file_is_passed_over_with_a_warning(tmp_path, expected):
    with pytest.raises(Death):
        train(tmp_path, on_step=[dying(20)])
    newest = max(tmp_path.iterdir())
    newest.write_bytes(newest.read_bytes()[:-100])
    with pytest.warns(nn.CheckpointWarning) as caught:
        found = train(tmp_path)
    text = str(caught[0].message)
    assert text.startswith(f"fit: load: {newest}: expected a whole safetensors file; ")
    assert text.endswith(" Going on from the checkpoint before it")
    assert_same_bits(result(*found), expected)


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"resume": True}, ValueError,
         "fit: resume and checkpoint_every need a folder: give checkpoint="),
        ({"checkpoint_every": 2}, ValueError,
         "fit: resume and checkpoint_every need a folder: give checkpoint="),
        ({"checkpoint": "{}", "checkpoint_every": 0}, ValueError,
         "fit: checkpoint_every must be a whole number of at least 1; got 0"),
        ({"checkpoint": "{}"}, nn.CheckpointError,
         ("fit: {} holds checkpoints of an earlier run, the newest step-0000000003.safetensors. "
         "Pass resume=True to go on with it, give another folder, or delete them")),
        ({"checkpoint": "{}", "resume": True, "clip": 1.0, "accumulate": 2}, nn.StateDictError,
         ("fit: the checkpoint {file} is of a run with accumulate=1; this one has accumulate=2. "
         "Resume with the same settings, or use another folder")),
        ({"checkpoint": "{}", "resume": True, "adam": True}, nn.StateDictError,
         ("fit: the checkpoint {file} is of a run with optimizer='SGD'; this one has "
         "optimizer='Adam'. Resume with the same settings, or use another folder")),
        ({"checkpoint": "{}", "resume": True, "rows": 5}, nn.StateDictError,
         ("fit: the checkpoint {file} is of another run than this one. "
          "Loader.load_state_dict: the state is of rows 6, this loader has rows 5\n"
          "Resume with the same model, data and settings, or use another folder")),
        ({"checkpoint": "{}", "resume": True, "outputs": 2}, nn.StateDictError,
         ("fit: the checkpoint {file} is of another run than this one:\n"
          "  layer (the whole) is Linear(1, 1) in the checkpoint, Linear(1, 2) in this run\n"
          "Resume with the same model, data and settings, or use another folder")),
        ({"checkpoint": "{}", "resume": True, "dtype": np.float64}, nn.StateDictError,
         ("fit: the checkpoint {file} is of another run than this one:\n"
          "  of the model, arguments dtype is float32 in the checkpoint, float64 in this run\n"
          "Resume with the same model, data and settings, or use another folder")),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(tmp_path, message, options, error, text):
    def run(rows=6, dtype=np.float32, adam=False, outputs=1, **settings):
        model = nn.Linear(1, outputs, dtype=dtype)
        x = np.ones((rows, 1))
        kind = nn.Adam if adam else nn.SGD
        nn.fit(
            model, (x, np.ones((rows, outputs))), loss=nn.mse_loss,
            optimizer=kind(model.parameters(), lr=0.1), epochs=1, batch_size=2,
            progress=False, **settings,
        )  # fmt: skip

    run(checkpoint=tmp_path)
    options = {k: tmp_path if v == "{}" else v for k, v in options.items()}
    assert message(error, lambda: run(**options)) == text.format(
        tmp_path, file=tmp_path / "step-0000000003.safetensors"
    )
