"""Splits and folds: every row once, classes in proportion."""

import numpy as np
import pytest

import autograd_core as ag
import nn


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
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
        (lambda: list(nn.k_fold(3, 4)), ValueError, "k_fold: 3 rows are too few for 4 folds"),
        (lambda: list(nn.k_fold(3, 1)), ValueError,
         "k_fold: folds must be a whole number of at least 2; got 1"),
        (lambda: list(nn.stratified_k_fold([0, 0, 1], 2)), ValueError,
         "stratified_k_fold: class 1 has 1 rows, too few for each of 2 folds to get one"),
        (lambda: list(nn.stratified_k_fold([[0], [0]], 2)), ag.ShapeError,
         "stratified_k_fold: labels must have one axis; got shape (2, 1)"),
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


def test_in_k_folds_every_row_is_held_out_once(rng):
    folds = list(nn.k_fold(23, 4, rng=rng))
    assert sorted(np.concatenate([held_out for _, held_out in folds])) == list(range(23))
    assert sorted(len(held_out) for _, held_out in folds) == [5, 6, 6, 6]
    for train, held_out in folds:
        assert sorted([*train, *held_out]) == list(range(23))


def test_stratified_folds_have_each_class_in_proportion_and_equal_sizes(rng):
    labels = np.repeat([0, 1, 2], [11, 6, 8])
    folds = list(nn.stratified_k_fold(labels, 5, rng=rng))
    assert [len(held_out) for _, held_out in folds] == [5] * 5
    assert sorted(np.concatenate([held_out for _, held_out in folds])) == list(range(25))
    for _, held_out in folds:
        assert np.all(np.abs(np.bincount(labels[held_out]) - np.array([11, 6, 8]) / 5) < 1)


def test_folds_without_generator_differ():
    folds = [np.concatenate([held for _, held in nn.k_fold(100)]) for _ in range(2)]
    assert not np.array_equal(*folds)
    folds = [
        np.concatenate([held for _, held in nn.stratified_k_fold([0] * 100)]) for _ in range(2)
    ]
    assert not np.array_equal(*folds)
