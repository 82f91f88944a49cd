"""Numbers whose mark parts thousands, as other cells of the file tell, are not read in silence."""

import pytest

import nn
from nn.data.decimal_marks import decimal_mark

AREAS = ["71,2", "115,0", "34,4"]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("71,2", ","), ("1,5e3", ","), ("0,123", ","), ("1234,567", ","), (",5", ","),
        ("1.304,50", ","), ("1.304,567", ","), ("1 304,567", ","), ("1.304.567", ","),
        ("1.5", "."), ("-0.497", "."), ("1,304.5", "."), ("1'304.567", "."), ("1,304,567", "."),
        ("1.304", ""), ("1,304", ""), ("1 304", ""), ("7", ""), ("5.", ""),
        ("1.2.3", ""), ("a", ""),
    ],
)  # fmt: skip
def test_what_a_number_says_of_its_mark(text, mark):
    assert decimal_mark(text) == mark


@pytest.fixture
def read(tmp_path):
    def of(first, second, delimiter=";"):
        path = tmp_path / "t.csv"
        rows = [f'"{a}"{delimiter}"{b}"' for a, b in zip(first, second, strict=True)]
        path.write_text("\n".join([f"a{delimiter}b", *rows]))
        return nn.read_table(path)

    return of


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("first", [AREAS, ["1.304,50", "7", "8"], ["1.304.567", "7", "8"]])
def test_thousands_beside_decimal_commas_are_warned_of(read, first, delimiter):
    with pytest.warns(nn.TableWarning) as caught:
        table = read(first, ["497", "2.082", "1.023"], delimiter)
    assert str(caught[0].message) == (
        f"{table.source}: row 3, column B (b) is '2.082', so it is read with decimals, but row 2, "
        f"column A (a) is {first[0]!r}. If its mark parts thousands, drop it"
    )
    assert table.drop(["a"]).take([0]).decimal_marks == table.decimal_marks


def test_thousands_beside_decimal_points_are_warned_of(read):
    with pytest.warns(nn.TableWarning, match=r"is '2,082', so it is read with decimals, but row 2"):
        read(["1.5", "7", "8"], ["497", "2,082", "1,023"])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["71.2", "5", "6"], ["2.082", "1.023", "497"]),
        (AREAS, ["2,082", "1,023", "497"]),
        (AREAS, ["2.082", "1.5", "497"]),
        (AREAS, ["0.497", "1.023", "497"]),
        (["1.304", "5", "6"], ["2.082", "1.023", "497"]),
        (["a, b", "c, d 1,5", "1,5"], ["2.082", "1.023", "497"]),
        (["1.2.3", "1.2.4", "1.3"], ["2,082", "1,023", "497"]),
        (["1", "2", "3"], ["x", "y", "z"]),
    ],
)
def test_files_of_one_mark_are_read_without_a_word(read, first, second):
    read(first, second)
