"""`predict`: what is printed and written, and what is said of models and tables that do not fit."""

import csv
import errno
import io
import json
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

import autograd_core as ag
import nn
from nn.cli.trained import Trained
from tests.nn.cli.flowers import HEADER, flowers


@pytest.fixture
def copy(trained, tmp_path):
    """A copy of the model, to damage."""
    return shutil.copytree(trained.model, tmp_path / "copy")


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_classes_and_their_probabilities(command, trained):
    done = command("predict", trained.model, trained.table)
    assert done.status == 0
    rows = read(done.out)
    assert list(rows[0]) == [
        "row",
        "predicted species",
        "probability of setosa",
        "probability of versicolor",
        "probability of virginica",
    ]
    assert [int(row["row"]) for row in rows] == list(range(2, 62))
    for row in rows:
        shares = {name[15:]: float(row[name]) for name in list(row)[2:]}
        assert sum(shares.values()) == pytest.approx(1.0, abs=2e-4)
        assert max(shares, key=shares.get) == row["predicted species"]
    right = sum(
        row["predicted species"] == was[2] for row, was in zip(rows, flowers(), strict=True)
    )
    assert right >= 55
    assert (
        f"note: {trained.table}: {right} of 60 predictions are what its column 'species' says"
        in (done.err)
    )


def test_the_order_of_columns_does_not_matter_and_others_are_ignored(command, trained, write):
    expected = command("predict", trained.model, trained.table).out
    rows = [[n, row[1], row[0]] for n, row in enumerate(flowers())]
    table = write("t.csv", rows, ["number", "colour", "width"])
    done = command("predict", trained.model, table)
    assert done.out == expected
    assert done.err == f"note: {table}: the model does not use 'number'\n"


def test_into_a_file(command, trained, tmp_path):
    out = tmp_path / "predictions.csv"
    done = command("predict", trained.model, trained.table, "--out", out)
    assert done.status == 0
    assert done.out == f"wrote {out}: 60 rows\n"
    assert out.read_text() == command("predict", trained.model, trained.table).out


def test_files_that_would_be_lost(command, trained, tmp_path):
    before = trained.table.read_bytes()
    done = command("predict", trained.model, trained.table, "--out", trained.table)
    assert (done.status, "is the table itself; name another" in done.err) == (2, True)
    assert trained.table.read_bytes() == before
    done = command("predict", trained.model, trained.table, "--out", tmp_path)
    assert (done.status, "is a folder; name a file" in done.err) == (2, True)


def full(path, _content):
    raise OSError(errno.ENOSPC, "No space left on device", str(path))


def test_a_full_disk(command, trained, tmp_path, monkeypatch):
    monkeypatch.setattr(ag, "write_atomically", full)
    out = tmp_path / "predictions.csv"
    done = command("predict", trained.model, trained.table, "--out", out)
    assert (done.status, done.out) == (1, "")
    assert done.err == f"error: {out}: could not be written: No space left on device\n"
    done = command("explain", trained.model, trained.table, "--row", 2, "--out", tmp_path)
    assert done.status == 1
    assert "row_2_network.svg: could not be written: No space left on device" in done.err


def test_a_reader_that_has_gone(trained):
    """As `| head -1` does: no traceback, nothing that Python says at its end."""
    arguments = [sys.executable, "-u", "-m", "nn", "predict", trained.model, trained.table]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (1, b"")


def test_numbers(command, write, tmp_path):
    rows = [[n, 2.5 * n] for n in range(40)]
    table = write("t.csv", rows, ["x", "y"])
    options = ("--out", tmp_path / "model", "--hidden", "none", "--no-progress")
    assert command("train", table, "--target", "y", *options).status == 0
    done = command("predict", tmp_path / "model", table)
    assert list(read(done.out)[0]) == ["row", "predicted y"]
    said = [float(row["predicted y"]) for row in read(done.out)]
    assert np.allclose(said, [row[1] for row in rows], atol=5)
    summary = command("summary", tmp_path / "model").out
    assert ": predicts y, a number\n" in summary
    assert re.search(r"test: R2 [01]\.\d{3}, root mean squared error [\de.-]+ on 8 rows", summary)


@pytest.mark.usefixtures("no_pictures")
def test_numbers_are_written_with_every_digit(command, write, tmp_path):
    """Of Unix times a day apart the first six digits are the same; what is written tells more."""
    rows = [[n % 24, 1_700_000_000 + 3600 * (n % 24) + n] for n in range(60)]
    table = write("t.csv", rows, ["hour", "finish"])
    model = tmp_path / "model"
    options = ("--out", model, "--task", "regression", "--no-progress", "--epochs", "80")
    done = command("train", table, "--target", "finish", *options)
    with (model / "test_predictions.csv").open() as file:
        tested = list(csv.DictReader(file))
    true, said = (
        np.array([float(row[f"{name} finish"]) for row in tested]) for name in ("true", "predicted")
    )
    r2 = 1 - np.sum((said - true) ** 2) / np.sum((true - true.mean()) ** 2)
    assert f"test: R2 {r2:.3f}, " in done.out
    assert r2 > 0.9
    kept = Trained.load(model)
    exact = kept.encoder.decode(kept.outputs(kept.encoder.encode(nn.read_table(table))))
    said = [row["predicted finish"] for row in read(command("predict", model, table).out)]
    assert [float(text) for text in said] == exact.tolist()
    explained = command("explain", model, table, "--row", 7, "--out", tmp_path / "out").out
    assert f"predicted finish: {said[5]}; the table says" in explained


@pytest.mark.usefixtures("no_pictures")
def test_the_true_number_is_written_as_the_predicted_one_is(command, write, tmp_path):
    text = "x;y\n" + "".join(f"{n};{n},5\n" for n in range(40))
    table = write("t.csv", text)
    options = ("--out", tmp_path / "model", "--no-progress", "--epochs", "5")
    assert command("train", table, "--target", "y", *options).status == 0
    with (tmp_path / "model" / "test_predictions.csv").open() as file:
        for row in csv.DictReader(file):
            assert float(row["true y"]) == int(row["row"]) - 1.5


def test_columns_that_are_missing(command, trained, write):
    table = write("t.csv", [[row[0]] for row in flowers()], ["width"])
    done = command("predict", trained.model, table)
    assert done.status == 2
    assert "columns that the model was trained on are not there: 'colour'" in done.err


def test_an_unseen_category_and_a_missing_number(command, trained, write):
    rows = [row[:2] for row in flowers(9)]
    rows[3][1], rows[5][0] = "green", ""
    done = command("predict", trained.model, write("t.csv", rows, HEADER[:2]))
    assert done.status == 0
    assert len(read(done.out)) == 9
    assert "row 5, column B (colour) is 'green', which no training row had" in done.err
    assert "as if the column said nothing" in done.err
    assert "row 7, column A (width) has no value, though every training row had one" in done.err


def test_text_where_numbers_belong(command, trained, write):
    rows = [row[:2] for row in flowers(9)]
    rows[3][0] = "wide"
    done = command("predict", trained.model, write("t.csv", rows, HEADER[:2]))
    assert done.status == 2
    assert "row 5, column A (width) is 'wide', but numbers belong there" in done.err


def test_no_agreement_where_the_target_says_something_else(command, trained, write):
    rows = flowers(9)
    rows[3][2], rows[4][2] = "rara", ""
    done = command("predict", trained.model, write("t.csv", rows))
    assert (done.status, done.err) == (0, "")


def test_a_table_in_the_place_of_the_model(command, trained):
    done = command("predict", trained.table, trained.model)
    assert done.status == 2
    assert "is a file; a model is a folder" in done.err


def test_no_model(command, trained, tmp_path):
    done = command("predict", tmp_path / "no", trained.table)
    assert (done.status, "there is no such folder" in done.err) == (2, True)
    (tmp_path / "empty").mkdir()
    done = command("predict", tmp_path / "empty", trained.table)
    assert (done.status, "there is no model.json in it" in done.err) == (2, True)


@pytest.mark.parametrize("name", ["model.json", "weights.safetensors"])
@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9])
def test_a_truncated_model(command, trained, copy, name, kept):
    content = (copy / name).read_bytes()
    (copy / name).write_bytes(content[: int(kept * len(content))])
    done = command("predict", copy, trained.table)
    assert (done.status, done.out) == (2, "")
    assert "truncated" in done.err


def test_a_model_without_weights(command, trained, copy):
    (copy / "weights.safetensors").unlink()
    done = command("predict", copy, trained.table)
    assert (done.status, "the file is missing" in done.err) == (2, True)


def change(folder, *keys, to):
    path = folder / "model.json"
    page = json.loads(path.read_text())
    inner = page
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = to
    path.write_text(json.dumps(page))


@pytest.mark.parametrize(
    ("keys", "value", "said"),
    [
        (["version"], 99, "it is in version 99 of the format"),
        (["metadata", "version"], 99, "it was written in version 99 of what is kept about tables"),
        (["metadata", "kind"], "image", "was not trained on a table"),
        (["metadata", "encoder"], {}, "model.json does not say what a table becomes"),
        (["metadata", "encoder", "columns"], [], "model.json does not say what a table becomes"),
        (["metadata", "encoder", "columns"], "all", "model.json does not say what a table becomes"),
        (["metadata", "training"], 3, "model.json does not say what a table becomes"),
        (["metadata", "encoder", "target", "classes"], ["a"], "do not fit the target"),
        (["metadata", "encoder", "target", "classes"], [1], "target: 'classes' must be a list of"),
        (["metadata", "encoder", "target"], "species", "target is 'species'"),
        (
            ["metadata", "encoder", "columns", 0, "mean"],
            "a",
            "columns[0]: 'mean' must be a finite number; got 'a'",
        ),
        (
            ["metadata", "encoder", "columns", 0, "mean"],
            float("nan"),
            "columns[0]: 'mean' must be a finite number; got nan",
        ),
        (
            ["metadata", "encoder", "columns", 0, "scale"],
            0,
            "columns[0]: 'scale' must be a number above 0; got 0",
        ),
        (
            ["metadata", "encoder", "columns", 0, "indicator"],
            1,
            "'indicator' must be true or false",
        ),
        (
            ["metadata", "encoder", "columns", 1, "categories"],
            "red",
            "columns[1]: 'categories' must be a list of texts; got 'red'",
        ),
        (["metadata", "encoder", "columns", 1, "kind"], "image", "('image')"),
        (["metadata", "encoder", "columns", 1], 3, "columns[1] is 3"),
        (["metadata", "encoder", "missing"], "maybe", "'missing' is 'maybe'; known: impute, refu"),
    ],
)
def test_a_model_from_another_version_or_changed(command, trained, copy, keys, value, said):
    change(copy, *keys, to=value)
    done = command("predict", copy, trained.table)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert str(copy) in done.err


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["run"], "yesterday"),
        (["test"], "good"),
        (["test", "accuracy"], "a"),
        (["test", "confusion"], [[1, 2], [3]]),
    ],
)
def test_a_summary_of_what_was_changed(command, copy, keys, value):
    assert command("summary", copy).status == 0
    change(copy, "metadata", "training", *keys, to=value)
    done = command("summary", copy)
    assert done.status == 2
    assert f"error: {copy / 'model.json'}: what 'training' says" in done.err


def test_a_network_that_would_not_fit_into_memory(command, trained, copy):
    page = json.loads((copy / "model.json").read_text())
    layers = page["architecture"]["model"]["arguments"]["layers"]
    layers[0]["arguments"]["out_features"] = 320_000_000
    change(copy, "architecture", to=page["architecture"])
    done = command("predict", copy, trained.table)
    assert (done.status, done.out) == (2, "")
    assert "weights.safetensors: the weights do not fit the architecture in model.json" in done.err
    assert "out_features=320000000" in done.err
    assert "has an array of 960,000,000 numbers, and the largest in the file has 24" in done.err


def test_a_model_that_was_not_trained_on_a_table(command, trained, tmp_path):
    nn.save_model(nn.Linear(2, 2), tmp_path / "other")
    done = command("predict", tmp_path / "other", trained.table)
    assert done.status == 2
    assert "was not trained on a table by `python -m nn train`" in done.err


def test_loading_runs_no_code_from_the_model(command, trained, copy, tmp_path):
    """A class of another module in the architecture, or a pickle beside it, is never looked at."""
    touched = tmp_path / "touched"
    (copy / "weights.pkl").write_bytes(
        b"cos\nsystem\n(S'touch " + str(touched).encode() + b"'\ntR."
    )
    assert command("predict", copy, trained.table).status == 0
    page = json.loads((copy / "model.json").read_text())
    text = json.dumps(page).replace('"MLP"', '"os.system"')
    assert text != json.dumps(page)
    (copy / "model.json").write_text(text)
    done = command("predict", copy, trained.table)
    assert done.status == 2
    assert "os.system" in done.err
    assert not touched.exists()


def test_other_ways_of_writing_a_table(command, trained, tmp_path):
    expected = command("predict", trained.model, trained.table).out
    rows = "\r\n".join(f'{str(row[0]).replace(".", ",")};"{row[1]}"' for row in flowers())
    path = tmp_path / "t.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"width;colour\r\n{rows}\r\n".encode())
    done = command("predict", trained.model, path)
    assert (done.out, done.err) == (expected, "")
    path.write_bytes(f"width;colour\r\n{rows}\r\n".encode("utf-16"))
    assert command("predict", trained.model, path, "--delimiter", "semicolon").out == expected


def test_three_digits_behind_every_comma(command, trained, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("width;colour\n5,123;red\n6,250;blue\n")
    done = command("predict", trained.model, path)
    assert done.status == 2
    assert "'5,123'" in done.err
    assert done.err.endswith("Write 5123, or 5.123 if the comma is a decimal comma\n")
    path.write_text("width;colour\n5.123;red\n6.250;blue\n")
    assert command("predict", trained.model, path).status == 0
    path.write_text("width,colour\n5.123,red\n-,blue\n")
    done = command("predict", trained.model, path)
    assert "row 3, column A (width) is '-', but numbers belong there (an empty cell" in done.err
