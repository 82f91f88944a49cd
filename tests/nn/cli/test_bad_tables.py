"""Every bad table is answered: exit status 2, and a message that names the place and the remedy."""

import re

import pytest

import nn
from tests.nn.cli.flowers import HEADER, flowers

pytestmark = pytest.mark.usefixtures("no_pictures")


@pytest.fixture
def refused(command, tmp_path):
    """What `train` says of a table it cannot use."""

    def said(table, *options, target="species"):
        out = tmp_path / "model"
        done = command("train", table, "--target", target, "--out", out, "--no-progress", *options)
        assert done.status == 2
        assert not out.exists(), "nothing is written for a table that is refused"
        assert done.err.count("error: ") == 1
        return done.err.split("error: ")[1]

    return said


def as_text(rows, delimiter=","):
    return "\n".join(delimiter.join(map(str, row)) for row in [HEADER, *rows]) + "\n"


def test_no_such_file(refused, tmp_path):
    assert "there is no such file" in refused(tmp_path / "no.csv")


def test_a_folder(refused, tmp_path):
    assert "found a directory" in refused(tmp_path)


def test_an_empty_file(refused, write):
    assert refused(write("t.csv", "")).endswith("t.csv: the file is empty\n")


def test_only_a_header(refused, write):
    assert "no rows under" in refused(write("t.csv", "width,colour,species\n"))


def test_a_header_missing(refused, write):
    text = as_text(flowers()).split("\n", 1)[1]
    message = refused(write("t.csv", text))
    assert "row 1 should hold the columns' names, but looks like values" in message
    assert "--header no" in message


def test_a_wrong_delimiter(refused, write):
    message = refused(write("t.csv", as_text(flowers(), ";")), "--delimiter", "comma")
    assert "parted by a semicolon" in message
    assert "--delimiter ';'" in message


def test_an_unlikely_delimiter(refused, write):
    assert "--delimiter ':'" in refused(write("t.csv", as_text(flowers(), ":")))


def test_ragged_rows(refused, write):
    lines = as_text(flowers()).splitlines()
    lines[6] += ",more"
    assert "row 7 has 4 cells, row 1 has 3" in refused(write("t.csv", "\n".join(lines)))


def test_an_unclosed_quotation_mark(refused, write):
    text = as_text(flowers()) + '1,"red,setosa\n'
    assert "is a quotation mark not closed?" in refused(write("t.csv", text))


def test_another_encoding(refused, command, tmp_path):
    rows = [[row[0], "grün", row[2]] if row[1] == "red" else row for row in flowers()]
    path = tmp_path / "t.csv"
    path.write_bytes(as_text(rows).encode("cp1252"))
    assert "--encoding cp1252" in refused(path)
    assert "unknown encoding 'cp9999'" in refused(path, "--encoding", "cp9999")
    options = ("--encoding", "cp1252", "--epochs", "1", "--out", tmp_path / "read")
    assert command("train", path, "--target", "species", *options).status == 0


def test_a_target_that_is_not_there(refused, write):
    message = refused(write("t.csv", flowers()), target="specie")
    assert message.endswith(
        "there is no column 'specie': did you mean 'species'? Known: width, colour, species\n"
    )


def test_a_single_class(refused, write):
    rows = [[width, colour, "setosa"] for width, colour, _ in flowers()]
    message = refused(write("t.csv", rows))
    assert "the target 'species' is 'setosa' in every row" in message


def test_a_class_of_one_row(refused, write):
    message = refused(write("t.csv", [*flowers(), [1.0, "red", "rara"]]))
    assert "class 'rara' of the target 'species' is in row 62 only" in message
    assert "at least 5 rows" in message


def test_few_rows(refused, write):
    assert "6 rows are too few" in refused(write("t.csv", flowers(6)))


def test_only_the_target(refused, write):
    table = write("t.csv", [[row[2]] for row in flowers()], ["species"])
    assert "there is no column to learn from" in refused(table)


def test_ignoring_what_is_needed_or_not_there(refused, write):
    table = write("t.csv", flowers())
    assert "'species' is the target" in refused(table, "--ignore", "species")
    assert "did you mean 'colour'?" in refused(table, "--ignore", "color")


def test_words_as_numbers(refused, write):
    message = refused(write("t.csv", flowers()), "--task", "regression")
    assert "row 2, column C (species) is 'setosa', not a number" in message


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("2024-01-{:02}", "dates and times are not understood"),
        ("{:02}.11.1999", "dates and times are not understood"),
        ("10:{:02}", "dates and times are not understood"),
        ('"1,2{:02}"', "thousands separators. Write 1200"),
        ('"1,2{:02}.50"', "thousands separators. Write 1200.50"),
        ("1 2{:02}", "thousands separators. Write 1200"),
        ("1.200.{:03}", "thousands separators. Write 1200000"),
        ('"1,{:02}"', "a decimal comma, in a file whose cells commas part. Write 1.00"),
    ],
)
def test_dates_and_separators(refused, write, value, what):
    lines = ["odd,width,species"]
    lines += [f"{value.format(n % 25)},{row[0]},{row[2]}" for n, row in enumerate(flowers())]
    message = refused(write("t.csv", "\n".join(lines)))
    assert "row 2, column A (odd) is '" in message
    assert what in message


def test_a_decimal_comma_that_may_be_a_thousands_separator(refused, command, write, tmp_path):
    rows = [[f"{n + 1},{100 + n}", row[1], row[2]] for n, row in enumerate(flowers())]
    message = refused(write("t.csv", as_text(rows, ";")))
    assert "row 2, column A (width) is '1,100'" in message
    rows[0][0] = "0,5"
    out = ("--out", tmp_path / "read", "--epochs", "1")
    table = write("t.csv", as_text(rows, ";"))
    assert command("train", table, "--target", "species", *out).status == 0


def test_too_many_categories(refused, write):
    rows = [[f"name {n // 2}", *row[1:]] for n, row in enumerate(flowers(240))]
    message = refused(write("t.csv", rows))
    assert "column A (width) has 120 different texts in 240 rows" in message
    assert "--ignore 'width'" in message


@pytest.mark.parametrize(
    ("values", "note"),
    [
        (lambda _: 5, "column A (odd) is '5' in every row; it is left out"),
        (lambda n: f"name {n}", "text that differs in every row, so there is nothing to learn"),
        (lambda n: n + 1, "column A (odd) counts the rows; if it is an identifier, leave it out"),
        (lambda n: 10**16 + 7 * n, "holds numbers of more than 15 digits, such as 10000000000000"),
        (
            lambda n: f"{n % 9:03d}",
            "holds numbers that start with 0, such as 000, which is read as 0",
        ),
        (lambda n: 48_000 + 13 * n, "holds large whole numbers, different in every row"),
    ],
)
def test_columns_that_say_nothing_or_too_much(command, write, tmp_path, values, note):
    rows = [[values(n), row[0], row[2]] for n, row in enumerate(flowers())]
    table = write("t.csv", rows, ["odd", "width", "species"])
    out = ("--out", tmp_path / "model", "--epochs", "1", "--no-progress")
    done = command("train", table, "--target", "species", *out)
    assert done.status == 0
    assert note in done.err
    assert done.err.count("note: ") == 1
    left_out = "left out" in note or "nothing to learn" in note
    assert ("from 1 column," in done.out) == left_out
    assert command(
        "train", table, "--target", "species", *out, "--replace", "--ignore", "odd"
    ).err == ""  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("decimals", [".", ","])
@pytest.mark.parametrize("stray", ["-", "n.a.", "unknown"])
def test_a_stray_mark_among_numbers(refused, write, delimiter, decimals, stray):
    """The mark is to blame, whatever the numbers look like; the remedy keeps them as they are."""
    rows = flowers()
    for n, row in enumerate(rows):
        row[0] = f"{n}.{100 + 7 * n}".replace(".", decimals)
    rows[20][0] = stray
    text = as_text(rows, delimiter) if delimiter != decimals else as_quoted(rows)
    message = refused(write("t.csv", text))
    if delimiter == decimals:
        assert "Write 0.100" in message or "Write 1100, or 1.100" in message
        return
    assert f"row 22, column A (width) is '{stray}', but 59 of the 60 values of the" in message
    assert "If it stands for no value, empty the cell, or write ? or NA" in message
    assert "--ignore 'width'" in message


@pytest.mark.parametrize("count", [6, 20, 30])
@pytest.mark.parametrize("width", [lambda n: n / 7, lambda n: n % 5])
def test_many_stray_marks(refused, command, write, tmp_path, count, width):
    """However many there are, the first few are named; --text says that they are meant."""
    marks = ["-", "none", "n.a.", "-", "-"]
    rows = [[width(n), *row] for n, row in enumerate(flowers())]
    for n in range(count):
        rows[2 * n][0] = marks[n % 5]
    table = write("t.csv", rows, ["odd", *HEADER])
    message = refused(table)
    assert (
        f"row 2, column A (odd) is '-' (row 4 'none', row 6 'n.a.', row 8 '-', {count - 4} more), "
        f"but {60 - count} of the 60 values of the column are numbers"
    ) in message
    assert "say that the column is text: --text 'odd', or leave the column out: --ign" in message
    if width(7) == 2:
        options = ("--target", "species", "--out", tmp_path / "model", "--epochs", "1")
        done = command("train", table, *options, "--text", "odd")
        assert (done.status, "from 3 columns" in done.out) == (0, True)
        assert "odd" not in done.err
        done = command("predict", tmp_path / "model", table)
        assert (done.status, "odd" in done.err) == (0, False)


@pytest.mark.parametrize(
    ("values", "note"),
    [
        (lambda n: f"{n % 9}a" if n % 3 == 0 else f"{n % 30}", False),
        (lambda n: f"A{n % 9}" if n % 2 else f"{n % 30}", False),
        (lambda n: "more" if n % 5 == 0 else f"{n % 5}", True),
    ],
)
def test_names_that_hold_numbers_are_used(command, write, tmp_path, values, note):
    rows = [[values(n), *row] for n, row in enumerate(flowers())]
    table = write("t.csv", rows, ["house", *HEADER])
    options = ("--target", "species", "--out", tmp_path / "model", "--epochs", "1")
    done = command("train", table, *options)
    assert (done.status, "from 3 columns" in done.out) == (0, True)
    assert ("say so: --text 'house'" in done.err) == note


def test_columns_read_as_text(refused, command, write, tmp_path):
    rows = [[f"{n // 2 % 3:03d}", *row] for n, row in enumerate(flowers())]
    table = write("t.csv", rows, ["code", *HEADER])
    options = ("--target", "species", "--out", tmp_path / "model", "--epochs", "1")
    assert refused(table, "--text", "cod").endswith(
        "there is no column 'cod': did you mean 'code'? Known: code, width, colour, species\n"
    )
    assert "as 6 inputs" in command("train", table, *options, "--text", "code").out
    assert re.search(r"code +text: 000, 001, 002", command("summary", tmp_path / "model").out)


def as_quoted(rows):
    """Cells with a comma in them, in a file parted by commas."""
    return "\n".join([",".join(HEADER)] + [",".join(f'"{cell}"' for cell in row) for row in rows])


def test_without_the_mark_dots_are_decimal_points(command, write, tmp_path):
    rows = flowers()
    for n, row in enumerate(rows):
        row[0] = f"{n}.{100 + 7 * n}"
    rows[20][0] = "NA"
    out = ("--out", tmp_path / "model", "--epochs", "1", "--no-progress")
    done = command("train", write("t.csv", rows), "--target", "species", *out)
    assert (done.status, done.err) == (0, "")
    assert nn.read_table(tmp_path / "t.csv")["width"].numbers[1] == 1.107


def test_a_stray_mark_in_the_target(refused, write):
    rows = [[n, n / 7] for n in range(30)]
    rows[3][1] = "-"
    message = refused(write("t.csv", rows, ["a", "y"]), target="y")
    assert "row 5, column B (y) is '-', but 29 of the 30 values" in message
    assert "--ignore" not in message


def test_a_huge_number_in_the_target(refused, write):
    rows = [[n, n / 7] for n in range(30)]
    rows[3][1] = "1e400"
    message = refused(write("t.csv", rows, ["a", "y"]), target="y")
    assert "row 5, column B (y) is '1e400', too large to compute with" in message


def test_numbers_that_name_something_may_have_a_letter(command, write, tmp_path):
    rows = [["3b" if n == 7 else n % 5, *row] for n, row in enumerate(flowers())]
    out = ("--out", tmp_path / "model", "--epochs", "1", "--no-progress")
    table = write("t.csv", rows, ["class", *HEADER])
    done = command("train", table, "--target", "species", *out)
    assert done.status == 0
    assert "is '3b', so the column is read as text" in done.err


@pytest.mark.parametrize(
    ("cells", "place", "what"),
    [
        (["1.304", "0,5"], "row 2", "'1.304', which looks like a number with thousands separators"),
        (["1.304,50", "1.304"], "row 2", "separators. Write 1304.50"),
        (["1.304", "1.304,50"], "row 2", "separators. Write 1304"),
        (["1.3", "0,5"], "row 3", "a decimal comma, in a column with decimal points. Write 0.5"),
        (["1,304", "5,123"], "row 2", "separators. Write 1304, or 1.304 if the comma is a deci"),
        (["1,304", "1,304.5"], "row 2", "separators. Write 1304\n"),
    ],
)
def test_dots_and_commas_in_a_file_parted_by_semicolons(refused, write, cells, place, what):
    rows = [[cells[n % 2], *row[1:]] for n, row in enumerate(flowers())]
    message = refused(write("t.csv", as_text(rows, ";")))
    assert f"{place}, column A (width) is " in message
    assert what in message
