"""What is no array, no table, no generator gets an answer in the words of what was called."""

import numpy as np
import pytest

import autograd_core as ag
import nn

X, Y = np.zeros((6, 2)), np.arange(6) % 2
TABLE = nn.Table.from_columns({"a": [1, 2, 3, 4], "b": ["x", "y", "x", "y"]})
RAGGED = [[1.0], [1.0, 2.0]]


def of_rows(*rows):
    return list(nn.Loader(nn.IterableDataset(lambda: iter(rows))))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: nn.Loader(RAGGED, [0, 1]), ag.ShapeError,
         ("Loader: array 0 is a list whose rows differ in length; cut or pad them to one length")),
        (lambda: nn.Loader((X, Y)), ag.ShapeError,
         "Loader: array 0 is a tuple of 2 arrays; give them one by one: Loader(x, y)"),
        (lambda: nn.Loader((X, X)), ag.ShapeError,
         "Loader: array 0 is a tuple of 2 arrays; give them one by one: Loader(x, y)"),
        (lambda: nn.Loader([X, Y]), ag.ShapeError,
         "Loader: array 0 is a list of 2 arrays; give them one by one: Loader(x, y)"),
        (lambda: nn.Loader(list(zip(X, Y, strict=True))), ag.ShapeError,
         ("Loader: array 0 is a list of tuples, such as pairs of input and target; make arrays of "
          "them and give these one by one: x, y = map(np.array, zip(*rows)), then Loader(x, y)")),
        (lambda: nn.Loader({"x": X}), ag.ShapeError,
         "Loader: array 0 is a dict, not an array"),
        (lambda: nn.Loader(X, Y, collate=3), TypeError,
         "Loader: collate is a function that makes a batch of rows; got int"),
        (lambda: nn.Loader(X, Y).load_state_dict({}), nn.StateDictError,
         ("Loader.load_state_dict: this state lacks 'rows', 'batch_size', 'rng', 'position', "
          "'order'; it has nothing")),
        (lambda: of_rows(1.0, 2.0), TypeError,
         "IterableDataset: a row is a tuple, such as (input, target); got float"),
        (lambda: list(nn.Loader(nn.IterableDataset(lambda: None))), TypeError,
         ("IterableDataset: the function must return the rows of a pass, an iterable; it returned "
          "NoneType")),
        (lambda: of_rows((1.0, np.zeros(2)), (2.0, np.zeros(3))), ag.ShapeError,
         ("IterableDataset: element 1 of a batch's rows has shapes (2,) and (3,); a batch needs "
          "one. Pad them, or give the Loader collate=")),
        (lambda: of_rows((1.0, 0), (1.0,)), ag.ShapeError,
         ("IterableDataset: the rows of a batch must have as many elements each; got rows of 2 and "
          "of 1")),
        (lambda: nn.split(X, Y, fractions=0.8), TypeError,
         ("split: fractions are the sizes of all parts, such as (0.8, 0.2); got 0.8 (float)")),
        (lambda: nn.split(X, Y, fractions=("a", "b")), TypeError,
         "split: each of the fractions must be a number; got 'a' (str)"),
        (lambda: nn.split(RAGGED), ag.ShapeError,
         "split: array 0 is a list whose rows differ in length; cut or pad them to one length"),
        (lambda: nn.k_fold(X, 3), TypeError,
         "k_fold: the first argument is the number of rows, such as len(x); got ndarray"),
        (lambda: nn.Standardizer.fit([["a"], ["b"]]), ag.DTypeError,
         ("Standardizer.fit: the rows must be numbers; got <U1, such as a. Convert numbers with "
          "array.astype(np.float32); nn.TableEncoder takes text columns too")),
        (lambda: nn.MinMaxScaler.fit(np.array([[1, None]], object)), ag.DTypeError,
         ("MinMaxScaler.fit: the rows must be numbers; got object, such as 1. Convert numbers with "
          "array.astype(np.float32); nn.TableEncoder takes text columns too")),
        (lambda: nn.Standardizer.fit(3.0), ag.ShapeError,
         "Standardizer.fit: the training rows are an array; got one float64"),
        (lambda: nn.Standardizer.fit(RAGGED), ag.ShapeError,
         ("Standardizer.fit: array 0 is a list whose rows differ in length; cut or pad them to one "
          "length")),
        (lambda: nn.Standardizer.fit(X)(np.zeros((3, 3))), ag.ShapeError,
         ("Standardizer: it was fitted on rows of shape (2,), which these of shape (3, 3) do not "
          "have")),
        (lambda: nn.MinMaxScaler.fit(X)(np.zeros((3, 3))), ag.ShapeError,
         ("MinMaxScaler: it was fitted on rows of shape (2,), which these of shape (3, 3) do not "
          "have")),
        (lambda: nn.Standardizer.fit(X)([["a", "b"]]), ag.DTypeError,
         ("Standardizer: the rows must be numbers; got <U1, such as a. Convert numbers with "
          "array.astype(np.float32); nn.TableEncoder takes text columns too")),
        (lambda: nn.Table.from_columns([[1], [2]]), TypeError,
         ('Table.from_columns: give a dict of name and values, such as {"age": [31, 27]}, or a '
          "DataFrame; got list")),
        (lambda: nn.Table.from_columns({"a": 1}), nn.TableError,
         "table: a column is a list of values, one for each row; 'a' has shape ()"),
        (lambda: nn.Table.from_columns({"a": np.zeros((2, 2))}), nn.TableError,
         "table: a column is a list of values, one for each row; 'a' has shape (2, 2)"),
        (lambda: TABLE.take([0, 9]), nn.TableError,
         "table: take: there is no row 9; the 4 rows are counted from 0"),
        (lambda: TABLE.take("a"), nn.TableError,
         "table: take needs the indices of rows, or a mask of 4 rows; got <U1 of shape ()"),
        (lambda: TABLE.take([True, False]), nn.TableError,
         "table: take needs the indices of rows, or a mask of 4 rows; got bool of shape (2,)"),
        (lambda: nn.TableEncoder.fit({"a": [1]}, "a"), TypeError,
         ("TableEncoder.fit: the first argument is a Table, from nn.read_table or "
          "nn.Table.from_columns; got dict")),
        (lambda: nn.TableEncoder.fit(TABLE, "b").encode(X), TypeError,
         ("TableEncoder.encode: the first argument is a Table, from nn.read_table or "
          "nn.Table.from_columns; got ndarray")),
        (lambda: nn.TableEncoder.fit(TABLE, "b").decode(np.zeros((2, 5))), ag.ShapeError,
         "decode: outputs of a network with 2 classes have shape (rows, 2); got (2, 5)"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_named(message, call, error, text):
    assert message(error, call) == text


@pytest.mark.parametrize(
    ("who", "call"),
    [
        ("Loader", lambda: nn.Loader(X, Y, shuffle=True, rng=7)),
        ("split", lambda: nn.split(X, Y, rng=7)),
        ("k_fold", lambda: nn.k_fold(6, 3, rng=7)),
        ("stratified_k_fold", lambda: nn.stratified_k_fold(Y, 3, rng=7)),
    ],
)
def test_a_seed_is_no_generator(message, who, call):
    text = message(TypeError, call)
    assert text.startswith(f"{who}: rng must be a numpy.random.Generator")
    assert "np.random.default_rng(7)" in text


def test_what_fits_goes_through():
    assert nn.Standardizer.fit(X)(X[0]).shape == (2,)
    assert nn.Standardizer.fit(Y.reshape(-1, 1))(Y).shape == (6,)
    assert len(TABLE.take([])) == 0
    assert len(TABLE.take([-1, 0])) == 2
    assert len(TABLE.take(np.array([True, False, True, True]))) == 3
    assert nn.Table.from_columns({"id": [1, 2], "d": [3, 4]}).drop("id").names == ["d"]
    assert [len(part[0]) for part in nn.split(X, fractions=np.array([0.5, 0.5]))] == [3, 3]
