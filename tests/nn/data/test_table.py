"""Tables: types inferred, missing values, cells that know their place."""

import numpy as np
import pytest

import nn


@pytest.fixture
def read(tmp_path):
    def of(text, **options):
        path = tmp_path / "t.csv"
        path.write_text(text, encoding="utf-8")
        return nn.read_table(path, **options)

    return of


def test_numbers_text_and_missing_values(read):
    table = read("n,t,m\n1,a,\n-2.5e3,?,NA\n.5,None,7\nnan,c,8\n")
    assert repr(table) == "Table: 4 rows; number: n, m; text: t"
    np.testing.assert_array_equal(table["n"].numbers, [1, -2500, 0.5, np.nan])
    assert table["t"].missing.tolist() == [False, True, False, False]
    assert table["t"].texts.tolist() == ["a", "", "None", "c"]
    assert read("n,t\n1,-\n2,x\n", missing=["-"])["t"].missing.tolist() == [True, False]


@pytest.mark.parametrize("text", ["inf", "1e999", "1_000", "0x10", "12 kg", "1,5"])
def test_what_is_no_number_is_text(read, text):
    assert read(f'n,t\n"{text}",a\n').columns["n"].kind == "text"


def test_a_column_without_any_value_is_text(read):
    column = read("a,b\n,1\n,2\n")["a"]
    assert column.kind == "text"
    assert column.missing.all()


def test_without_header_columns_are_called_by_their_letters(read):
    assert read("1,a\n2,b\n", header=False).names == ["column A", "column B"]
    assert read("2019,2020\n1,2\n", header=True).names == ["2019", "2020"]


def test_cells_know_their_place_and_rows_their_number(read, message):
    table = read("a,b\n1,x\n\n2,y\n").take([1])
    assert table.where(0, "b") == "row 4, column B (b)"
    assert table.row_index(4) == 0
    assert message(nn.TableError, lambda: table.row_index(2)) == (
        f"{table.source}: there is no row 2; the rows are 4 to 4 (as a spreadsheet counts: the "
        "header is row 1)"
    )
    assert table.drop(["a"]).names == ["b"]
    assert len(table.take([False])) == 0
    assert message(nn.TableError, lambda: table.drop(["c"])) == (
        f"{table.source}: there is no column 'c': known: a, b"
    )


def test_a_word_among_numbers_is_warned_of(read):
    rows = "\n".join(map(str, range(20)))
    with pytest.warns(nn.TableWarning) as caught:
        table = read(f"n\n{rows}\nunknown\n")
    assert str(caught[0].message) == (
        f"{table.source}: row 22, column A (n) is 'unknown', so the column is read as text, but 20 "
        "of its 21 values are numbers. If it stands for no value, empty the cell; if the column is "
        "text, say so: text=['n']"
    )


def test_a_column_without_name_is_warned_of(read):
    with pytest.warns(nn.TableWarning) as caught:
        table = read(",b\n0,1\n1,2\n")
    assert table.names == ["column A", "b"]
    assert str(caught[0].message) == (
        f"{table.source}: row 1, column A has no name; it is called 'column A'. If it only numbers "
        "the rows, leave it out"
    )


def test_a_table_of_values_in_memory(message):
    table = nn.Table.from_columns(
        {"n": [1, None, 3], "x": [0.1, np.nan, 1e-9], "t": ["a", "", "b"]}
    )
    np.testing.assert_array_equal(table["n"].numbers, [1, np.nan, 3])
    np.testing.assert_array_equal(table["x"].numbers, [0.1, np.nan, 1e-9])
    assert table["t"].missing.tolist() == [False, True, False]
    assert message(nn.TableError, lambda: nn.Table.from_columns({"a": [1], "b": [1, 2]})) == (
        "table: the columns must have the same length; got {'a': 1, 'b': 2}"
    )
