"""Rows that come one after the other."""

import numpy as np

import nn


def rows():
    return ((np.full(2, n, float), n) for n in range(7))


def test_rows_become_batches_pass_after_pass():
    loader = nn.Loader(nn.IterableDataset(rows, rows=7), batch_size=3)
    for _ in range(2):
        batches = list(loader)
        assert [y.tolist() for _, y in batches] == [[0, 1, 2], [3, 4, 5], [6]]
        assert batches[0][0].dtype == np.float32
        assert batches[0][0].shape == (3, 2)
    assert len(loader) == 3
    shorter = nn.Loader(nn.IterableDataset(rows), batch_size=3, drop_last=True)
    assert [len(y) for _, y in shorter] == [3, 3]


def test_collate_gets_the_rows():
    loader = nn.Loader(nn.IterableDataset(rows), batch_size=5, collate=len)
    assert list(loader) == [5, 2]


def test_a_pass_goes_on_where_it_was():
    first = nn.Loader(nn.IterableDataset(rows), batch_size=2)
    batches = iter(first)
    next(batches)
    second = nn.Loader(nn.IterableDataset(rows), batch_size=2)
    second.load_state_dict(first.state_dict())
    assert [y.tolist() for _, y in second] == [[2, 3], [4, 5], [6]]
    assert [y.tolist() for _, y in second] == [[0, 1], [2, 3], [4, 5], [6]]


def test_an_iterator_is_refused(message):
    assert message(TypeError, lambda: nn.IterableDataset(iter([]))) == (
        "IterableDataset: give a function that starts a new pass, such as lambda: iter(rows); got "
        "list_iterator, which may be used up after one pass"
    )
    assert message(ValueError, lambda: nn.IterableDataset(rows, rows=0)) == (
        "IterableDataset: rows must be a whole number of at least 1; got 0"
    )
