"""Numbers with a unit beside them are told of: as text they are a category each."""

import pytest

import nn
from nn.cli.units import unit_hint
from tests.nn.cli.flowers import HEADER, flowers

pytestmark = pytest.mark.usefixtures("no_pictures")


def hint(values):
    return unit_hint(nn.Table.from_columns({"x": values})["x"])


@pytest.mark.parametrize(
    ("values", "unit", "written"),
    [
        (["12%", "7.5%", "31 %", None], "'%' stands behind", "write 12 for '12%'"),
        (["€3.50", "€ 4", "€-1"], "'€' stands before", "write 3.50 for '€3.50'"),
        (["3,50 €", "4 €", "5 €"], "'€' stands behind", "write 3,50 for '3,50 €'"),
        (["US$3", "US$4", "US$5"], "'US$' stands before", "write 3 for 'US$3'"),
        (["5 km/h", "6km/h", "7 km/h"], "'km/h' stands behind", "write 5 for '5 km/h'"),
        (["21.5°C", "20 °C", "-1°C"], "'°C' stands behind", "write 21.5 for '21.5°C'"),
        (["1", "2", "3%"], "'%' stands behind", "write 3 for '3%'"),
        (["x", *(f"{n} kg" for n in range(19))], "'kg' stands behind", "write 0 for '0 kg'"),
    ],
)
def test_one_unit_is_found(values, unit, written):
    assert f"because {unit} its numbers" in hint(values)
    assert hint(values).endswith(written)


@pytest.mark.parametrize(
    "values",
    [
        ["room 1", "room 2", "room 3"],
        ["1a", "2b", "3c"],
        ["x1", "x2", "x3"],
        ["red", "green", "blue"],
        ["12 kg", "1 lb", "3 st"],
        ["<5", "<6", "<7"],
        ["#1", "#2", "#3"],
        ["2024-01-01", "2024-01-02", "2024-01-03"],
        ["1%", "2%", "1%"],
        ["1%", "2%", "3%", "a", "b"],
        ["1.5", "2", "x"],
        [None, None],
    ],
)
def test_names_and_categories_have_none(values):
    assert hint(values) == ""


@pytest.mark.parametrize("every", [1, 4])
def test_training_says_so(command, write, tmp_path, every):
    rows = [[f"{n // every}%", *row] for n, row in enumerate(flowers())]
    table = write("t.csv", rows, ["share", *HEADER])
    out = ("--out", tmp_path / "model", "--epochs", "1", "--no-progress")
    done = command("train", table, "--target", "species", *out)
    assert done.status == 0
    assert f"note: {table}: column A (share) is text, with a category for each value" in done.err
    assert "write 0 for '0%'" in done.err


def test_of_too_many_categories_too(command, write, tmp_path):
    rows = [[f"€{n // 2}", *row] for n, row in enumerate(flowers(240))]
    table = write("t.csv", rows, ["price", *HEADER])
    done = command("train", table, "--target", "species", "--out", tmp_path / "model")
    assert done.status == 2
    assert "because '€' stands before its numbers" in done.err
    assert "has 120 different texts" in done.err
