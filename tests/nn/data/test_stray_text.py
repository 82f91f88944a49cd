"""What stands among a column's numbers: told or refused where it is a slip, else left alone."""

import numpy as np
import pytest

import nn
from nn.data.stray_text import stray_text

DECIMALS = [f"{n / 7:.3f}" for n in range(60)]
WHOLE = [str(7 * n) for n in range(60)]
FEW = [str(n % 7) for n in range(60)]


def stray(cells, comma=False):
    texts = np.array(cells)
    found = stray_text(texts, texts == "", comma=comma)
    return "meant" if found is None else "refused" if found.refused else "told"


@pytest.mark.parametrize("count", [1, 5, 6, 7, 20, 30])
@pytest.mark.parametrize("word", ["-", "none", "n.a.", "unknown", "#DIV/0!", "k. A.", "--"])
@pytest.mark.parametrize("numbers", [DECIMALS, WHOLE, FEW])
def test_what_says_that_there_is_no_value_is_refused_up_to_half(numbers, word, count):
    assert stray([word] * count + numbers[count:]) == "refused"


@pytest.mark.parametrize("count", [1, 6, 30])
@pytest.mark.parametrize("word", ["high", "<0.5", "> 100"])
@pytest.mark.parametrize("numbers", [DECIMALS, WHOLE])
def test_words_among_many_numbers_are_refused(numbers, word, count):
    assert stray([word] * count + numbers[count:]) == "refused"
    assert stray([word] * 31 + numbers[31:]) == "meant"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([f"{n}a" if n % 3 == 0 else str(n) for n in range(60)], "meant"),
        (["12a", *WHOLE[1:]], "told"),
        (["12a", "-", "-", *WHOLE[3:]], "refused"),
        ([*(f"{n}b" for n in range(20)), "-", "-", *WHOLE[22:]], "meant"),
        ([f"A{n}" if n % 2 else str(n) for n in range(60)], "meant"),
        (["2", "4", "more"] * 20, "told"),
        (["3b", *FEW[1:]], "told"),
        (["1.0.2", "1.1", "1.2"] * 20, "meant"),
        (["red", "blue", "1"] * 20, "meant"),
        (["", "", "red"] * 20, "meant"),
        (DECIMALS, "meant"),
        (["", *DECIMALS], "meant"),
    ],
)
def test_names_that_are_numbers_are_left_alone(cells, said):
    assert stray(cells) == said


def test_a_decimal_comma_is_a_number_where_the_file_is_parted_otherwise():
    cells = ["-", *(text.replace(".", ",") for text in DECIMALS)]
    assert stray(cells, comma=True) == "refused"
    assert stray(cells) == "meant"


def test_a_column_is_text_if_one_says_so(tmp_path, message):
    path = tmp_path / "t.csv"
    path.write_text("n,zip\n1.5,01067\n-,80331\n2.5,-\n")
    with pytest.warns(nn.TableWarning, match=r"text=\['n'\]"):
        table = nn.read_table(path, text=["zip"])
    assert table["zip"].kind == "text"
    table = nn.read_table(path, text=["n", "zip"])
    assert nn.TableEncoder.fit(table, "zip").inputs == ["n is -", "n is 1.5", "n is 2.5"]
    assert message(nn.TableError, lambda: nn.read_table(path, text=["zp"])) == (
        f"{path}: there is no column 'zp': did you mean 'zip'? Known: n, zip"
    )
    years = nn.Table.from_columns({"x": [1, 2, 3, 4], "y": [7, 8, 7, 8]})
    assert nn.TableEncoder.fit(years.as_text("x"), "y").inputs[0] == "x is 1"
    assert message(
        nn.TableError, lambda: nn.TableEncoder.fit(years.as_text("y"), "y", task="number")
    ) == "table: the target 'y' is said to be text, so it can only be classes"  # fmt: skip
