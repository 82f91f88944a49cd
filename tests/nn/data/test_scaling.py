"""Standardising, min-max and one-hot."""

import numpy as np
import pytest

import nn


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


def test_min_max_measures_the_training_rows_only(rng):
    train = rng.normal(5, 3, (50, 2))
    train[:, 1] = 7.0
    scale = nn.MinMaxScaler.fit(train)
    result = scale(train)
    assert (result[:, 0].min(), result[:, 0].max()) == (0.0, 1.0)
    assert set(result[:, 1]) == {0.0}
    assert scale([[train[:, 0].max() * 2, 7.0]])[0, 0] > 1.0
    overall = nn.MinMaxScaler.fit(train, per_column=False)(train)
    assert (overall.min(), overall.max()) == (0.0, 1.0)


def test_one_hot_of_any_shape():
    labels = np.array([[0, 2], [1, 1]])
    hot = nn.one_hot(labels, 4, dtype=np.float64)
    assert (hot.shape, hot.dtype) == ((2, 2, 4), np.float64)
    np.testing.assert_array_equal(hot.argmax(-1), labels)
    np.testing.assert_array_equal(hot.sum(-1), 1)
    assert nn.one_hot([], 3).shape == (0, 3)
    assert nn.one_hot([True, False]).tolist() == [[0, 1], [1, 0]]


def test_labels_that_are_none_are_named(message):
    assert message(ValueError, lambda: nn.one_hot([0, 3], 3)) == (
        "one_hot: labels must be 0 to 2 for 3 classes; got 3"
    )
    assert message(ValueError, lambda: nn.one_hot([0, -1])) == (
        "one_hot: labels must be 0 to 0 for 1 classes; got -1"
    )
    assert message(ValueError, lambda: nn.one_hot([0.5])) == (
        "one_hot: labels must be integers; got float64"
    )


@pytest.mark.parametrize("kind", [nn.Standardizer, nn.MinMaxScaler])
def test_a_missing_number_is_named_instead_of_spoiling_its_column(kind):
    name = kind.__name__
    with pytest.raises(ValueError, match="not finite") as caught:
        kind.fit(np.array([[1.0, 2.0], [3.0, np.nan], [np.inf, 1.0]]))
    assert str(caught.value) == (
        f"{name}.fit: 2 numbers are not finite, the first at [1, 1]: nan. Drop such rows, or fill "
        "them in: np.nan_to_num, or nn.TableEncoder, which adds an input that says so"
    )
    with pytest.raises(ValueError, match=r"there are no rows to measure \(shape \(0, 2\)\)"):
        kind.fit(np.zeros((0, 2)))
