"""`explain` and `summary`: what is printed, drawn and derived for one row and for a model."""

import re
import xml.etree.ElementTree as ET

import pytest

import nn
from nn.cli.trained import Trained
from tests.nn.cli.flowers import HEADER, flowers


@pytest.fixture
def explain(command, trained, tmp_path):
    def explained(table=trained.table, row=7, *options, model=trained.model):
        return command("explain", model, table, "--row", row, "--out", tmp_path / "out", *options)

    return explained


def test_one_row_is_drawn_and_derived(explain, trained, tmp_path):
    done = explain()
    assert done.status == 0
    width, colour, species = flowers()[5]
    assert re.search(rf"x1 +width +{width}  as ", done.out)
    assert re.search(rf"x2 +colour is blue +{colour}  as ", done.out)
    assert re.search(
        rf"predicted species: \w+ \([\d.]+ % sure\); the table says {species}", done.out
    )
    out = tmp_path / "out"
    names = {"row_7_network.svg", "row_7_steps.html", "row_7_steps.txt"}
    assert {path.name for path in out.iterdir()} == names
    for name in names:
        assert str(out / name) in done.out

    # The picture's numbers are the model's, for this row and its true class.
    kept = Trained.load(trained.model)
    row = nn.read_table(trained.table).take([5])
    label = int(kept.encoder.encode_target(row)[0])
    loss = nn.cross_entropy(kept.model(kept.encoder.encode(row)), [label]).item()
    svg = (out / "row_7_network.svg").read_text()
    ET.fromstring(svg)
    assert "species, row 7 of flowers.csv" in svg
    text = (out / "row_7_steps.txt").read_text()
    assert float(re.search(r"^loss .* (\S+)", text, re.MULTILINE)[1]) == pytest.approx(
        loss, rel=1e-3
    )
    assert "grad 0.weight +=" in text
    assert "grad x +=" in text
    assert "your line" not in text
    html = (out / "row_7_steps.html").read_text()
    assert html.startswith("<!doctype html>")
    assert "0.weight" in html


def test_rows_are_counted_as_a_spreadsheet_does(explain):
    assert re.search(rf"x1 +width +{flowers()[0][0]}  as", explain(row=2).out)
    for row in (1, 62):
        done = explain(row=row)
        assert done.status == 2
        assert f"there is no row {row}; the rows are 2 to 61" in done.err


def test_without_the_target_the_prediction_is_explained(explain, write):
    table = write("t.csv", [row[:2] for row in flowers()], HEADER[:2])
    done = explain(table)
    assert done.status == 0
    assert "the table says" not in done.out


def test_what_is_left_out_is_said(explain, trained):
    assert (
        "abbreviated: the picture draws at most 5 neurons in a column"
        in explain(trained.table, 7, "--most", 5).out
    )
    assert "abbreviated" not in explain().out
    assert "a long array is given by its smallest and largest value" in explain().out


@pytest.mark.usefixtures("no_pictures")
def test_a_number_is_explained_with_and_without_the_true_one(explain, command, write, tmp_path):
    rows = [[*[n * k for k in range(1, 25)], 2.5 * n] for n in range(40)]
    names = [*(f"x{k}" for k in range(1, 25)), "y"]
    table = write("t.csv", rows, names)
    model = tmp_path / "model"
    options = ("--out", model, "--hidden", "4", "--no-progress", "--epochs", "5")
    assert command("train", table, "--target", "y", *options).status == 0
    done = explain(table, model=model)
    assert done.status == 0
    assert "and 4 more inputs" in done.out
    assert "(24 of inputs)" in done.out
    assert "; the table says 12.5" in done.out
    without = write("w.csv", [row[:-1] for row in rows], names[:-1])
    done = explain(without, model=model)
    assert done.status == 0
    assert re.search(r"predicted y: [\d.-]+\n", done.out)
    assert "outputs" in (tmp_path / "out" / "row_7_steps.txt").read_text()


def test_a_row_must_be_named(command, trained, capsys):
    with pytest.raises(SystemExit) as caught:
        command("explain", trained.model, trained.table)
    assert caught.value.code == 2
    assert "the following arguments are required: --row" in capsys.readouterr().err


def test_an_unseen_category_is_told_only_for_the_row_explained(explain, write):
    rows = flowers()
    rows[0][1] = "green"
    table = write("t.csv", rows)
    assert "green" not in explain(table, 7).err
    done = explain(table, 2)
    assert "row 2, column B (colour) is 'green', which no training row had" in done.err


def test_summary(command, trained):
    done = command("summary", trained.model)
    assert done.status == 0
    assert done.out.startswith(
        f"{trained.model}: predicts species, one of 3 classes\n  setosa, versicolor, virginica\n"
    )
    assert re.search(r"width +number, mean [\d.]+, standard deviation [\d.]+\n", done.out)
    assert re.search(r"colour +text: blue, red\n", done.out)
    assert "table: flowers.csv, 60 rows: 42 training, 6 validation, 12 test" in done.out
    assert "test: accuracy " in done.out
    assert "true / predicted" in done.out
    assert "input (1, 3); 59 parameters" in done.out


def test_summary_of_what_is_no_model(command, tmp_path):
    done = command("summary", tmp_path)
    assert (done.status, "there is no model.json in it" in done.err) == (2, True)
