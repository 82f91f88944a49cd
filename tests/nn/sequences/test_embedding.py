"""Embedding and positions."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor


def test_rows_by_number_and_gradients_that_add_up(rng):
    layer = nn.Embedding(5, 3, rng=rng, dtype=float)
    numbers = np.array([[4, 0, 4], [1, 4, 0]])
    out = layer(numbers)
    np.testing.assert_array_equal(out.data, layer.weight.data[numbers])
    g = rng.standard_normal(out.shape)
    out.backward(g)
    expected = np.zeros((5, 3))
    np.add.at(expected, numbers, g)
    np.testing.assert_allclose(layer.weight.grad, expected, rtol=1e-14)


@pytest.mark.parametrize("kind", ["int8", "uint16", "int64"])
def test_any_integers_and_any_shape(kind):
    layer = nn.Embedding(5, 3)
    assert layer(np.array(2, kind)).shape == (3,)
    assert layer(np.zeros((0, 4), kind)).shape == (0, 4, 3)
    assert layer([1, 2]).shape == (2, 3)
    np.testing.assert_array_equal(layer(Tensor([1])).data, layer.weight.data[[1]])


@pytest.mark.parametrize("padding", [2, -3])
def test_padding_starts_at_zero_and_stays(padding, rng):
    layer = nn.Embedding(5, 3, padding, rng=rng)
    assert layer.padding_index == 2
    numbers = np.array([2, 1, 2, 4])
    out = layer(numbers)
    assert np.all(out.data[[0, 2]] == 0)
    assert np.all(out.data[[1, 3]] != 0)
    (out * out + out).sum().backward()
    assert np.all(layer.weight.grad[2] == 0)
    assert np.all(layer.weight.grad[[1, 4]] != 0)


def test_second_order(rng):
    layer = nn.Embedding(4, 2, rng=rng, dtype=float)
    numbers = np.array([1, 1, 3])
    report = ag.gradcheck(lambda layer: np.sum(layer(numbers) ** 3), layer, order=2)
    assert report.ok, str(report)


@pytest.mark.parametrize(
    ("numbers", "error", "message"),
    [
        (
            [[1, 2], [5, 0]],
            ag.ShapeError,
            "embedding: 5 (at (1, 0)) is outside 0..4: the table has 5 rows.",
        ),
        ([1, -1], ag.ShapeError, "embedding: -1 (at (1,)) is outside 0..4: the table has 5 rows."),
        (
            [1.0, 2.0],
            ag.DTypeError,
            (
                "embedding: rows are looked up by whole numbers; these are float64. "
                "Convert them: numbers.astype(int)."
            ),
        ),
    ],
)
def test_wrong_numbers_are_named(numbers, error, message):
    with pytest.raises(error) as raised:
        nn.Embedding(5, 3)(np.array(numbers))
    assert str(raised.value) == message


def test_wrong_tables_are_named():
    with pytest.raises(ValueError, match=r"Embedding: padding_index 5 is outside -5..4"):
        nn.Embedding(5, 3, 5)
    with pytest.raises(ag.ShapeError, match=r"the table of vectors has shape \(rows, width\)"):
        ag.embedding(np.ones(3), np.array([1]))


# ------------------------------------------------------------------------------ positions


def test_sines_and_cosines_as_in_the_paper():
    rows = nn.SinusoidalPositions(50, 6)(np.zeros((50, 6)))
    for place, column in [(0, 0), (7, 1), (7, 2), (49, 5)]:
        angle = place / 10000 ** (2 * (column // 2) / 6)
        wave = np.cos(angle) if column % 2 else np.sin(angle)
        assert rows[place, column] == pytest.approx(wave, rel=1e-12)


def test_sines_keep_single_precision_and_are_not_saved():
    layer = nn.SinusoidalPositions(8, 4)
    assert layer(np.zeros((2, 5, 4), "float32")).dtype == np.float32
    assert layer(np.zeros((2, 5, 4))).dtype == np.float64
    assert layer.state_dict() == {}


def test_learned_positions_are_trained_where_there_are_steps():
    layer = nn.LearnedPositions(8, 4, rng=np.random.default_rng(0))
    out = layer(np.ones((2, 5, 4), "float32"))
    np.testing.assert_allclose(out.data[1], 1 + layer.weight.data[:5])
    out.sum().backward()
    np.testing.assert_array_equal(layer.weight.grad[:, 0], [2] * 5 + [0] * 3)


@pytest.mark.parametrize("kind", [nn.SinusoidalPositions, nn.LearnedPositions])
def test_positions_refuse_what_does_not_fit(kind):
    name = kind.__name__
    with pytest.raises(ag.ShapeError) as raised:
        kind(8, 4)(np.zeros((2, 9, 4)))
    assert str(raised.value) == (
        f"{name}: a sequence of 9 steps is longer than the positional table, which has 8: "
        "shorten it, or make the layer with max_length=9"
    )
    with pytest.raises(ag.ShapeError) as raised:
        kind(8, 4)(np.zeros((2, 9, 6)))
    assert str(raised.value) == (
        f"{name}: the input must have shape (..., steps, 4); it has shape (2, 9, 6)"
    )


def test_odd_widths_have_no_pairs():
    with pytest.raises(ValueError, match="width must be even, for sines and cosines; got 5"):
        nn.SinusoidalPositions(8, 5)


def test_dropout_of_the_sum_in_training_only():
    layer = nn.LearnedPositions(8, 4, dropout=0.5, rng=np.random.default_rng(0))
    x = np.ones((2, 5, 4), "float32")
    assert np.any(layer(x).data == 0)
    assert np.all(layer.eval()(x).data != 0)
    assert repr(nn.Embedding(5, 3, 1)) == "Embedding(5, 3, padding_index=1)"
