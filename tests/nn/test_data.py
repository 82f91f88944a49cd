"""Loader, split and Standardizer."""

import numpy as np
import pytest

import autograd_core as ag
import nn


def test_batches_in_order_are_views_and_the_last_is_shorter():
    x = np.arange(10, dtype=np.float32).reshape(5, 2)
    loader = nn.Loader(x, np.arange(5), batch_size=2)
    batches = list(loader)
    assert len(loader) == len(batches) == 3
    assert [len(y) for _, y in batches] == [2, 2, 1]
    assert np.shares_memory(batches[0][0], x)
    assert all(type(array) is np.ndarray for batch in batches for array in batch)


def test_drop_last():
    loader = nn.Loader(np.arange(5.0), batch_size=2, drop_last=True)
    assert [len(x) for (x,) in loader] == [2, 2]
    assert len(loader) == 2
    assert len(nn.Loader(np.arange(4.0), batch_size=2)) == 2


def test_shuffling_is_new_each_pass_keeps_rows_together_and_repeats_by_seed():
    x = np.arange(20.0)

    def passes(seed):
        rng = np.random.default_rng(seed)
        loader = nn.Loader(x, x.astype(int), batch_size=6, shuffle=True, rng=rng)
        return [np.concatenate([y for _, y in loader]) for _ in range(2)]

    first, second = passes(0)
    assert sorted(first) == sorted(second) == list(range(20))
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(passes(0), [first, second])
    loader = nn.Loader(x, x.astype(int), shuffle=True)
    assert all(np.array_equal(a, b) for a, b in loader)


def test_floats_are_cast_once_and_integers_stay():
    loader = nn.Loader(np.zeros((2, 1)), np.zeros(2, np.uint8), [True, False])
    x, y, z = next(iter(loader))
    assert (x.dtype, y.dtype, z.dtype) == (np.float32, np.uint8, np.bool_)
    assert next(iter(nn.Loader(np.zeros(2), dtype=np.float64)))[0].dtype == np.float64


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (nn.Loader, ag.ShapeError, "Loader: no arrays were given"),
        (lambda: nn.Loader(3.0), ag.ShapeError,
         "Loader: array 0 is a single number; it has no rows"),
        (lambda: nn.Loader(np.zeros(3), np.zeros(4)), ag.ShapeError,
         "Loader: array 0 has 3 rows, array 1 has 4; they must belong together row by row"),
        (lambda: nn.Loader(np.zeros((0, 2))), ag.ShapeError, "Loader: the arrays have no rows"),
        (lambda: nn.Loader(np.zeros(3), batch_size=0), ValueError,
         "Loader: batch_size must be a whole number of at least 1; got 0"),
        (lambda: nn.Loader(np.zeros(3), batch_size=4, drop_last=True), ValueError,
         "Loader: 3 rows make no batch of 4 with drop_last=True"),
        (lambda: nn.split(np.zeros(9), fractions=(0.5, 0.4)), ValueError,
         "split: fractions must be positive and add up to 1; got (0.5, 0.4), which add up to 0.9"),
        (lambda: nn.split(np.zeros(9), fractions=(1.2, -0.2)), ValueError,
         "split: fractions must be positive and add up to 1; got (1.2, -0.2), which add up to 1"),
        (lambda: nn.split(np.zeros(2)), ValueError,
         "split: 2 rows are too few for 3 parts of (0.7, 0.15, 0.15)"),
        (lambda: nn.split(np.zeros(9), stratify=np.zeros(8)), ag.ShapeError,
         "split: stratify needs one label for each of the 9 rows; got shape (8,)"),
        (lambda: nn.split(np.zeros(9), fractions=(0.5, 0.5), stratify=[0] * 8 + [1]), ValueError,
         "split: class 1 has 1 rows, too few for each of 2 parts of (0.5, 0.5) to get one"),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == text


@pytest.mark.parametrize("stratify", [False, True])
def test_a_split_shares_out_every_row_once(stratify, rng):
    x = np.arange(100)
    y = x % 4
    parts = nn.split(x, y, fractions=(0.6, 0.2, 0.2), rng=rng, stratify=y if stratify else None)
    assert [len(rows) for rows, _ in parts] == [60, 20, 20]
    assert sorted(np.concatenate([rows for rows, _ in parts])) == list(range(100))
    for rows, labels in parts:
        np.testing.assert_array_equal(rows % 4, labels)
        assert not np.array_equal(labels, np.sort(labels))
        if stratify:
            assert len(set(np.bincount(labels))) == 1


def test_a_split_without_generator_differs():
    parts = [nn.split(np.arange(100), fractions=(0.5, 0.5))[0][0] for _ in range(2)]
    assert not np.array_equal(*parts)


def test_standardizer_measures_the_training_rows_only(rng):
    train, test = rng.normal(5, 3, (500, 2)), rng.normal(50, 3, (10, 2))
    train[:, 1] = 7.0
    standardize = nn.Standardizer.fit(train)
    result = standardize(train)
    np.testing.assert_allclose(result.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(result.std(axis=0), [1, 0], atol=1e-12)
    np.testing.assert_allclose(standardize(test)[:, 1], test[:, 1] - 7)
    overall = nn.Standardizer.fit(train, per_column=False)
    assert overall(train).std() == pytest.approx(1.0)
    assert overall.mean.shape == ()
