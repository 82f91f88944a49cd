"""Thousands separators are refused where another cell shows which mark is the decimal one."""

import pytest

from tests.nn.cli.flowers import HEADER, flowers

pytestmark = pytest.mark.usefixtures("no_pictures")
QUICK = ("--epochs", "1", "--no-progress")


def rows_of(first, second, delimiter=";"):
    """Flowers with two more columns, whose cells take turns."""
    cells = [
        [first[n % len(first)], second[n % len(second)], *row] for n, row in enumerate(flowers())
    ]
    lines = [delimiter.join(f'"{cell}"' for cell in row[:2] + row[3:]) for row in cells]
    return "\n".join([delimiter.join(["a", "b", *HEADER[1:]]), *lines])


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (["71,2", "115,0"], ["497", "2.082"], ("row 3, column B (b) is '2.082', which looks like a "
         "number with thousands separators, because row 2, column A (a) is '71,2'. Write 2082, or "
         "2.0820 if the point is a decimal point\n")),
        (["1.5", "115"], ["497", "2,082"], ("row 3, column B (b) is '2,082', which looks like a "
         "number with thousands separators, because row 2, column A (a) is '1.5'. Write 2082, or "
         "2,0820 if the comma is a decimal comma\n")),
        (["71,2", "1.5"], ["7", "8"], "a decimal comma, in a column with decimal points"),
        (["71,2", "1.500", "-"], ["7", "8"], "row 3, column A (a) is '1.500', which looks like"),
        (["1.5", "8"], ["7,5", "2,082", "1.023"], "row 4, column B (b) is '1.023', which looks"),
    ],
)  # fmt: skip
def test_the_other_mark_is_refused(command, write, tmp_path, first, second, said, delimiter):
    table = write("t.csv", rows_of(first, second, delimiter))
    out = ("--out", tmp_path / "model", *QUICK)
    done = command("train", table, "--target", "species", *out)
    assert done.status == 2
    assert said in done.err
    assert done.err.count("is read with decimals") == 0


@pytest.mark.parametrize("target", ["species", "b"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (["71.2", "5"], ["2.082", "497", "1.023"]),
        (["71,2", "5"], ["2,082", "497", "1,023"]),
        (["71,2", "5"], ["2.0820", "497", "1.023"]),
        (["7", "5"], ["2.082", "497", "1.023"]),
    ],
)
def test_one_mark_is_not(command, write, tmp_path, first, second, target):
    table = write("t.csv", rows_of(first, second))
    out = ("--out", tmp_path / "model", *QUICK)
    done = command("train", table, "--target", target, *out)
    assert (done.status, done.err.replace("fit: ", "")) == (0, "")


def test_the_other_mark_is_refused_in_use(command, write, tmp_path):
    model = tmp_path / "model"
    table = write("t.csv", rows_of(["71,2", "5"], ["2082", "497", "1023"]))
    done = command("train", table, "--target", "b", "--task", "regression", "--out", model, *QUICK)
    assert done.status == 0
    new = write("new.csv", 'a;b;colour;species\n71,2;2.082;red;"setosa"\n')
    assert command("predict", model, new).status == 0, "the target is not looked at"
    done = command("explain", model, new, "--row", 2, "--out", tmp_path / "out")
    assert (done.status, "Write 2082, or 2.0820" in done.err) == (2, True)
    new = write("new.csv", 'b;a;colour;species\n71,2;2.082;red;"setosa"\n')
    done = command("predict", model, new)
    assert (done.status, "row 2, column B (a) is '2.082'" in done.err) == (2, True)


def test_the_column_that_tells_may_be_left_out(command, write, tmp_path):
    table = write("t.csv", rows_of(["71,2", "5"], ["2.082", "497"]))
    out = ("--out", tmp_path / "model", *QUICK)
    done = command("train", table, "--target", "species", "--ignore", "a", *out)
    assert (done.status, "because row 2, column A (a) is '71,2'" in done.err) == (2, True)
    assert command("train", table, "--target", "species", "--ignore", "b", *out).status == 0
