"""`train table.csv`: what is learnt, written and said."""

import csv
import errno
import json

import numpy as np
import pytest

import autograd_core as ag
import nn
from nn.cli.trained import Trained
from nn.judge import Judge
from tests.nn.cli.flowers import flowers

QUICK = ("--epochs", "15", "--hidden", "8", "--no-progress")
FILES = {"model.json", "weights.safetensors", "test_predictions.csv", "history.csv"}


@pytest.fixture
def train(command, tmp_path):
    """Train quickly; the model is written to tmp_path / "model"."""

    def trained(table, *options, target="species"):
        out = tmp_path / "model"
        return command("train", table, "--target", target, "--out", out, *QUICK, *options)

    return trained


def test_a_table_is_learnt_tested_and_kept(write, train, tmp_path):
    pytest.importorskip("matplotlib")
    done = train(write("flowers.csv", flowers()), "--epochs", "60")
    assert done.status == 0
    lines = done.out.splitlines()
    assert lines[0].endswith(
        "flowers.csv: 60 rows; predicts species, 3 classes: setosa, versicolor, virginica"
    )
    assert lines[1] == "from 2 columns, as 3 inputs: width, colour"
    assert lines[2] == (
        "rows: 42 for training, 6 for validation, 12 for test; standardised by the training rows"
    )
    assert lines[3] == "MLP 3-8-3, relu, 59 parameters; seed 0"
    assert "test: accuracy 100.0 % of 12 rows never trained on" in done.out
    assert "(always the most common class: 33.3 %)" in done.out
    names = {path.name for path in (tmp_path / "model").iterdir()}
    assert names == FILES | {"learning_curves.png", "confusion_matrix.png"}
    for name in names:
        assert str(tmp_path / "model" / name) in done.out

    # The model that was kept gives the accuracy that was printed, on the rows that it names.
    kept = Trained.load(tmp_path / "model")
    table = nn.read_table(tmp_path / "flowers.csv")
    with (tmp_path / "model" / "test_predictions.csv").open() as file:
        tested = list(csv.DictReader(file))
    rows = table.take([table.row_index(int(row["row"])) for row in tested])
    said = kept.encoder.decode(kept.outputs(kept.encoder.encode(rows)))
    assert [row["predicted species"] for row in tested] == said.tolist()
    assert [row["true species"] for row in tested] == rows["species"].texts.tolist()


@pytest.mark.usefixtures("no_pictures")
def test_same_seed_same_bits_and_another_seed_another_split(write, train, tmp_path):
    table = write("flowers.csv", flowers())
    contents = []
    for seed in (0, 0, 1):
        assert train(table, "--seed", seed, "--replace").status == 0
        contents.append((tmp_path / "model" / "weights.safetensors").read_bytes())
    assert contents[0] == contents[1] != contents[2]


def test_a_number_is_predicted(write, train, tmp_path):
    pytest.importorskip("matplotlib")
    rng = np.random.default_rng(0)
    x = rng.standard_normal((80, 2)).round(3)
    rows = [[a, b, 100 + 10 * (2 * a - b)] for a, b in x.tolist()]
    done = train(write("t.csv", rows, ["a", "b", "price"]), "--epochs", "300", target="price")
    assert done.status == 0
    assert "predicts price, a number, mean " in done.out
    test = Trained.load(tmp_path / "model").training["test"]
    assert test["r2"] > 0.95
    assert f"R2 {test['r2']:.3f}, root mean squared error" in done.out
    assert (tmp_path / "model" / "predicted_against_true.png").exists()


@pytest.mark.usefixtures("no_pictures")
def test_numbers_can_be_classes_or_not(write, train):
    rows = [[number % 7, 10 * (number % 5)] for number in range(50)]
    table = write("t.csv", rows, ["a", "grade"])
    assert "5 classes: 0, 10, 20, 30, 40" in train(table, target="grade").out
    done = train(table, "--task", "regression", "--replace", target="grade")
    assert "predicts grade, a number" in done.out


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize(
    ("classes", "said"),
    [(("007", "075"), "007, 075"), (("7", "007"), "007, 7"), (("0.0", "1.0"), "0.0, 1.0")],
)
def test_classes_come_back_as_they_stand_in_the_table(
    write, train, command, tmp_path, classes, said
):
    rows = [[n % 2 + n / 100, classes[n % 2]] for n in range(50)]
    table = write("t.csv", rows, ["a", "dept"])
    done = train(table, target="dept")
    assert f"predicts dept, 2 classes: {said}\n" in done.out
    with (tmp_path / "model" / "test_predictions.csv").open() as file:
        tested = list(csv.DictReader(file))
    assert {row["true dept"] for row in tested} == set(classes)
    assert {row["predicted dept"] for row in tested} <= set(classes)
    done = command("predict", tmp_path / "model", table)
    assert {row["predicted dept"] for row in csv.DictReader(done.out.splitlines())} == set(classes)
    assert "predictions are what its column 'dept' says" in done.err


@pytest.mark.usefixtures("no_pictures")
def test_missing_values_are_filled_or_refused(write, train):
    rows = flowers()
    rows[4][0], rows[8][1], rows[9][2] = "", "NA", ""
    table = write("t.csv", rows)
    done = train(table)
    assert done.status == 0
    assert "from 2 columns, as 5 inputs" in done.out
    assert "59 rows" in done.out
    assert "row 11, column C (species) has no value; rows without the target are left" in done.err
    done = train(table, "--missing", "refuse", "--replace")
    assert done.status == 2
    assert "has no value" in done.err


def test_no_pictures_without_matplotlib(write, train, tmp_path, monkeypatch):
    def missing(*_arguments):
        raise ag.MissingExtraError("pip install 'autograd-core[plot]'")

    monkeypatch.setattr("nn.report.learning_curves", missing)
    done = train(write("t.csv", flowers()))
    assert done.status == 0
    assert "note: no pictures: pip install 'autograd-core[plot]'" in done.err
    assert {path.name for path in (tmp_path / "model").iterdir()} == FILES


@pytest.mark.usefixtures("no_pictures")
def test_ctrl_c_keeps_what_was_learnt(write, train, tmp_path, monkeypatch):
    calls = []

    def loss(outputs, labels):
        calls.append(1)
        if len(calls) == 10:
            raise KeyboardInterrupt
        return nn.cross_entropy(outputs, labels)

    monkeypatch.setattr("nn.cli.train_table.cross_entropy", loss)
    done = train(write("t.csv", flowers()))
    assert done.status == 130
    assert "fit: interrupted in epoch " in done.err
    assert "the best until then, are tested and written" in done.err
    assert "test: accuracy" in done.out
    assert "interrupted" in Trained.load(tmp_path / "model").training["run"]["epochs"]


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize("best", [1, 2, 4])
def test_ctrl_c_keeps_the_best_epoch(write, train, tmp_path, monkeypatch, best):
    """Bit for bit the weights of a run whose last epoch was that one."""
    measure = Judge.measure
    epochs = []

    def judged(self, model):
        epochs.append(measure(self, model))
        if len(epochs) == 5:
            raise KeyboardInterrupt
        return epochs[-1] | {"validation_loss": 0.5 if len(epochs) == best else 1.0}

    monkeypatch.setattr(Judge, "measure", judged)
    table = write("t.csv", flowers())
    done = train(table)
    assert done.status == 130
    assert f"weights of epoch {best}, whose validation loss was lowest" in done.out
    assert f"interrupted: the weights of epoch {best}, the best until then, are tested" in done.err
    found = (tmp_path / "model" / "weights.safetensors").read_bytes()
    epochs.clear()
    assert train(table, "--replace", "--epochs", best).status == 0
    assert (tmp_path / "model" / "weights.safetensors").read_bytes() == found


@pytest.mark.usefixtures("no_pictures")
def test_ctrl_c_in_the_first_epoch(write, train, monkeypatch):
    def loss(_outputs, _labels):
        raise KeyboardInterrupt

    monkeypatch.setattr("nn.cli.train_table.cross_entropy", loss)
    done = train(write("t.csv", flowers()))
    assert done.status == 130
    assert "interrupted: no epoch was finished; the weights as they were are tested" in done.err
    assert "weights as training left them" in done.out


@pytest.mark.usefixtures("no_pictures")
def test_ctrl_c_before_training_writes_nothing(write, train, tmp_path, monkeypatch):
    def read(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("nn.cli.train_table.read", read)
    done = train(write("t.csv", flowers()))
    assert (done.status, done.err) == (130, "interrupted: nothing more is done or written\n")
    assert not (tmp_path / "model").exists()


@pytest.mark.usefixtures("no_pictures")
def test_a_full_disk(write, train, tmp_path, monkeypatch):
    table = write("t.csv", flowers())
    assert train(table).status == 0
    before = (tmp_path / "model" / "weights.safetensors").read_bytes()

    def full(path, _content):
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(ag, "write_atomically", full)
    done = train(table, "--seed", "1", "--replace")
    assert done.status == 1
    assert done.err.endswith(
        "error: " + str(tmp_path / "model") + ": the model could not be written: No space left on "
        "device. Make room, or name another folder with --out, and train again: the same seed "
        "gives the same model\n"
    )
    assert (tmp_path / "model" / "weights.safetensors").read_bytes() == before
    assert Trained.load(tmp_path / "model")


@pytest.mark.usefixtures("no_pictures")
def test_a_folder_that_is_there(write, train, tmp_path):
    table = write("t.csv", flowers())
    (tmp_path / "model").mkdir()
    assert train(table).status == 0, "an empty folder is used"
    done = train(table)
    assert done.status == 2
    assert done.err == (
        f"error: --out {tmp_path / 'model'}: the folder is there and holds a model. Name another "
        "with --out, or write into it all the same with --replace\n"
    )
    (tmp_path / "model" / "mine.txt").write_text("kept")
    assert train(table, "--replace").status == 0
    assert (tmp_path / "model" / "mine.txt").read_text() == "kept"
    done = train(table, "--out", tmp_path)
    assert (done.status, "holds other files" in done.err) == (2, True)
    done = train(table, "--out", table)
    assert (done.status, "there is a file of that name" in done.err) == (2, True)


def test_pictures_of_the_model_that_was_replaced_go(write, train, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    out = tmp_path / "model"
    flowers_table = write("flowers.csv", flowers())
    assert train(flowers_table).status == 0
    for name in ("mine.png", "confusion_matrix.svg"):
        (out / name).write_text("kept")
    numbers = write("t.csv", [[n, n / 3] for n in range(40)], ["a", "y"])
    assert train(numbers, "--replace", target="y").status == 0
    mine = {"mine.png", "confusion_matrix.svg"}
    pictures = {"learning_curves.png", "predicted_against_true.png"}
    assert {path.name for path in out.iterdir()} == FILES | mine | pictures

    def missing(*_arguments):
        raise ag.MissingExtraError("pip install 'autograd-core[plot]'")

    monkeypatch.setattr("nn.report.learning_curves", missing)
    assert train(flowers_table, "--replace").status == 0
    assert {path.name for path in out.iterdir()} == FILES | mine


@pytest.mark.usefixtures("no_pictures")
def test_pictures_in_a_folder_without_a_model_stay(write, train, tmp_path):
    out = tmp_path / "model"
    out.mkdir()
    (out / "predicted_against_true.png").write_text("mine")
    assert train(write("t.csv", flowers()), "--replace").status == 0
    assert (out / "predicted_against_true.png").read_text() == "mine"


def test_a_folder_that_cannot_be_made(write, train):
    table = write("t.csv", flowers())
    done = train(table, "--out", table / "below")
    assert done.status == 2
    assert "below: the folder cannot be made: Not a directory" in done.err


@pytest.mark.usefixtures("no_pictures")
def test_a_loss_that_explodes(write, train):
    done = train(write("t.csv", flowers()), "--lr", "1e30")
    assert done.status == 1
    assert "Try a smaller learning rate" in done.err


@pytest.mark.usefixtures("no_pictures")
def test_a_name_with_a_comma_can_be_left_out(write, train):
    table = write("t.csv", flowers(), ["width", "colour, seen", "species"])
    done = train(table, "--ignore", '"colour, seen"')
    assert "from 1 column, as 1 input: width\n" in done.out


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize("activation", ["prelu", "tanh", "gelu", "softmax"])
def test_every_activation_is_kept_and_explained(write, train, command, tmp_path, activation):
    table = write("t.csv", flowers())
    assert train(table, "--activation", activation).status == 0
    out = ("--out", tmp_path / "out")
    assert command("explain", tmp_path / "model", table, "--row", "3", *out).status == 0


@pytest.mark.usefixtures("no_pictures")
def test_what_is_kept_is_plain_data(write, train, tmp_path):
    train(write("t.csv", flowers()))
    page = json.loads((tmp_path / "model" / "model.json").read_text())
    assert page["metadata"]["kind"] == "table"
    assert page["metadata"]["encoder"]["target"]["classes"] == ["setosa", "versicolor", "virginica"]


def test_names_in_any_script(write, train, tmp_path):
    pytest.importorskip("matplotlib")
    called = {"setosa": "ひと$x$", "virginica": 'so "called", yes', "versicolor": "é"}
    rows = [[*row[:2], called[row[2]]] for row in flowers()]
    header = ["Größe (µm)", "色", "Art"]
    table = write("t.csv", rows, header)
    table.write_bytes(b"\xef\xbb\xbf" + table.read_bytes())
    done = train(table, target="Art")
    assert done.status == 0
    assert '3 classes: so "called", yes, é, ひと$x$' in done.out
    assert (tmp_path / "model" / "confusion_matrix.png").exists()
