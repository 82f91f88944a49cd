"""Reading CSV files: what is understood, and how every flaw is named by row and column."""

import pytest

import nn


@pytest.fixture
def written(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "table.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(written, delimiter):
    text = 'width,note,kind\n1.5,"a b",x\n2.5,"c d",y\n'.replace(",", delimiter)
    table = nn.read_table(written(text))
    assert table.names == ["width", "note", "kind"]
    assert table["width"].numbers.tolist() == [1.5, 2.5]
    assert table["note"].texts.tolist() == ["a b", "c d"]


def test_decimal_commas_in_two_columns_do_not_mislead(written):
    table = nn.read_table(written("size;kind\n1,5;red\n2,5;blue\n"))
    assert table["size"].numbers.tolist() == [1.5, 2.5]


def test_commas_inside_cells_do_not_mislead(written):
    table = nn.read_table(written("place;size\nUlm, Germany;1,5\nBonn, Germany;-2\n"))
    assert table["place"].texts.tolist() == ["Ulm, Germany", "Bonn, Germany"]
    assert table["size"].numbers.tolist() == [1.5, -2.0]


def test_quotes_line_ends_blank_lines_and_byte_order_marks(written):
    text = '\ufeffa,b\r\n"say ""hi""\nthere",1\r\n\r\n x , 2\r\n'
    table = nn.read_table(written(text))
    assert table["a"].texts.tolist() == ['say "hi"\nthere', "x"]
    assert table.rows.tolist() == [2, 4]
    assert nn.read_table(written("a,b\nü,1\n", "utf-16")).names == ["a", "b"]
    assert nn.read_table(written("a,b\nü,1\n", "cp1252"), encoding="cp1252")["a"].texts[0] == "ü"


def test_one_column_is_a_table_too(written):
    assert nn.read_table(written("x\n1\n2\n"))["x"].numbers.tolist() == [1.0, 2.0]


def test_empty_cells_at_the_end_do_not_count(written):
    assert nn.read_table(written("a,b\n1,2,,\n3,4\n"))["b"].numbers.tolist() == [2.0, 4.0]


@pytest.mark.parametrize(
    ("text", "options", "problem"),
    [
        ("", {}, "the file is empty"),
        ("a,b\n", {}, "there are names in row 1, but no rows under them"),
        ("a;b\n1;2\n", {"delimiter": ","},
         ("with a comma as the delimiter every row is one cell, such as 'a;b'. The cells look "
         "parted by a semicolon: pass delimiter=';'")),
        ("a b c\n1 2 3\n4 5 6\n", {},
         ("no delimiter found (tried a comma, a semicolon, a tab, a bar). The rows look parted by "
         "a space; if they are, pass delimiter=' '. Row 1 is 'a b c'")),
        ("a,b\n1,2\n", {"delimiter": "::"}, "a delimiter is one character; got '::'"),
        ("a,b,c\n1,2,3\n\n1,2\n", {},
         ("row 4 has 2 cells, row 1 has 3, parted by a comma: '1,2'. A cell that holds the "
         'delimiter must stand in quotation marks ("...")')),
        ("a,b\n1,2,3\n", {"delimiter": ","},
         ("row 2 has 3 cells, row 1 has 2, parted by a comma: '1,2,3'. A cell that holds the "
         'delimiter must stand in quotation marks ("...")')),
        ('a,b\n1,"2\n3,4\n', {},
         "row 2 cannot be read (unexpected end of data); is a quotation mark not closed?"),
        ("5.1,3.5,setosa\n4.9,3.0,setosa\n", {},
         ("row 1 should hold the columns' names, but looks like values: '5.1', '3.5', 'setosa'. "
         "Add a first row with names, or pass header=False (the columns are then called "
         "'column A', 'column B'...), or header=True if these are names")),
        ("a,b,a\n1,2,3\n", {}, "columns A and C have the same name, 'a'"),
        (b"PK\x03\x04...", {},
         ("expected a CSV file, found a spreadsheet's own format or an archive. Save it as CSV "
         "first")),
        (b"a,b\n1,\xff\n", {},
         ("row 2 is not utf-8 text (byte 0xff). Save the file as UTF-8, or give its encoding, such "
         "as encoding='cp1252'")),
        (b"a,b\n1,\0\n", {}, "expected a CSV file, found one with zero bytes, so not text"),
    ],
)  # fmt: skip
def test_flaws_are_named(written, message, text, options, problem):
    path = written(text)
    assert message(nn.TableError, lambda: nn.read_table(path, **options)) == f"{path}: {problem}"


def test_files_that_cannot_be_read(tmp_path, message, monkeypatch):
    path = tmp_path / "no.csv"
    assert message(FileNotFoundError, lambda: nn.read_table(path)) == (
        f"{path}: there is no such file"
    )
    assert message(nn.TableError, lambda: nn.read_table(tmp_path)) == (
        f"{tmp_path}: expected a CSV file, found a directory"
    )

    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    assert message(nn.TableError, lambda: nn.read_table(path)) == (
        f"{path}: cannot be read: Permission denied"
    )
