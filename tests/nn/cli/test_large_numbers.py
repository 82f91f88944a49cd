"""Numbers too large to compute with are refused by row and column; no class is made of NaN."""

import json

import numpy as np
import pytest

import nn
from nn.cli.trained import Trained
from nn.judge import Judge
from tests.nn.cli.flowers import HEADER, flowers

pytestmark = pytest.mark.usefixtures("no_pictures")
QUICK = ("--epochs", "2", "--hidden", "4", "--no-progress")


@pytest.mark.parametrize("value", ["1e39", "-1e39", "1e400", "9" * 60])
@pytest.mark.parametrize("command_name", ["predict", "explain"])
def test_a_cell_is_refused_at_prediction(command, trained, write, tmp_path, value, command_name):
    rows = [row[:2] for row in flowers(6)]
    rows[1][0] = value
    table = write("t.csv", rows, HEADER[:2])
    row = ("--row", 3, "--out", tmp_path / "out") if command_name == "explain" else ()
    done = command(command_name, trained.model, table, *row)
    assert (done.status, done.out) == (2, "")
    assert f"row 3, column A (width) is '{value}', too large to compute with" in done.err


def test_a_cell_too_far_from_the_training_rows():
    table = nn.Table.from_columns({"x": [1, 2], "y": ["a", "b"]})
    encoder = nn.TableEncoder.fit(table, "y")
    with pytest.raises(nn.TableError, match=r"row 3, column A \(x\) is '3e38', too far from"):
        encoder.encode(nn.Table.from_columns({"x": [1, "3e38"]}))


@pytest.mark.parametrize("place", range(0, 60, 11))
@pytest.mark.parametrize("value", ["1e39", "1e400"])
def test_an_input_is_refused_in_training(command, write, tmp_path, place, value):
    rows = flowers()
    rows[place][0] = value
    out = ("--out", tmp_path / "model")
    done = command("train", write("t.csv", rows), "--target", "species", *out, *QUICK)
    assert done.status == 2
    assert f"row {place + 2}, column A (width) is '{value}', too large to compute with" in done.err
    assert "note" not in done.err
    assert not (tmp_path / "model").exists()


@pytest.mark.parametrize("one", [True, False])
def test_a_target_is_refused_in_training(command, write, tmp_path, one):
    rows = [[n / 7, n / 3] for n in range(40)]
    for n in [17] if one else range(17, 40):
        rows[n][1] = f"{n}e39"
    out = ("--out", tmp_path / "model")
    done = command("train", write("t.csv", rows, ["a", "y"]), "--target", "y", *out, *QUICK)
    assert done.status == 2
    assert "row 19, column B (y) is '17e39', too large to compute with" in done.err


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("value", ["1e19", "1e37", "3e38"])
def test_an_extreme_target_is_learnt_or_refused(command, write, tmp_path, value, seed):
    """Whichever part the row falls into: a finite score, or a message, never a NaN."""
    rows = [[n / 7, n / 3] for n in range(40)]
    rows[17][1] = value
    out = ("--out", tmp_path / "model", "--seed", seed)
    done = command("train", write("t.csv", rows, ["a", "y"]), "--target", "y", *out, *QUICK)
    assert "nan" not in done.out
    if done.status:
        assert "19" in done.err
        assert not (tmp_path / "model" / "model.json").exists()
    else:
        assert np.isfinite(Trained.load(tmp_path / "model").training["test"]["mean absolute error"])


def test_a_validation_loss_that_is_never_finite(command, write, tmp_path, monkeypatch):
    monkeypatch.setattr(Judge, "measure", lambda *_: {"validation_loss": float("nan")})
    out = ("--out", tmp_path / "model")
    done = command("train", write("t.csv", flowers()), "--target", "species", *out, *QUICK)
    assert done.status == 2
    assert "the loss of the validation rows was nan in every epoch" in done.err
    assert "whose 'width' is " in done.err
    assert not (tmp_path / "model" / "model.json").exists()


def weights(folder, value):
    """The same model with other weights."""
    saved = nn.load_model(folder.model)
    for parameter in saved.model.parameters():
        parameter.data[...] = value
    return saved


@pytest.mark.parametrize("value", [np.nan, 1e38])
@pytest.mark.parametrize("command_name", ["predict", "explain"])
def test_outputs_that_are_no_numbers(command, trained, tmp_path, value, command_name):
    saved = weights(trained, value)
    nn.save_model(saved.model, tmp_path / "model", metadata=saved.metadata)
    row = ("--row", 3, "--out", tmp_path / "out") if command_name == "explain" else ()
    done = command(command_name, tmp_path / "model", trained.table, *row)
    assert (done.status, done.out) == (2, "")
    said = "weights are not finite" if np.isnan(value) else "gives outputs that are not finite"
    assert said in done.err
    assert "Warning" not in done.err


def test_long_whole_numbers_are_told_of_by_one_of_them(command, write, tmp_path):
    rows = [[10**17 if n == 3 else n % 5, *row[:]] for n, row in enumerate(flowers())]
    table = write("t.csv", rows, ["code", *HEADER])
    out = ("--out", tmp_path / "model")
    done = command("train", table, "--target", "species", *out, *QUICK)
    assert f"numbers of more than 15 digits, such as {10**17}," in done.err
    rows[4][0] = "0.5"
    table = write("t.csv", rows, ["code", *HEADER])
    assert "15 digits" not in command("train", table, "--target", "species", *out, *QUICK).err


def test_what_is_kept_of_a_wide_target_is_json(command, write, tmp_path):
    rows = [[n / 7, f"{n - 20}e37"] for n in range(40)]
    out = ("--out", tmp_path / "model")
    done = command("train", write("t.csv", rows, ["a", "y"]), "--target", "y", *out, *QUICK)
    assert done.status == 0
    page = json.loads((tmp_path / "model" / "model.json").read_text())
    assert np.isfinite(page["metadata"]["training"]["test"]["mean absolute error"])
