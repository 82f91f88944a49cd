"""Normalising layers: running statistics, modes, dtypes, what is refused."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor


def test_running_statistics_follow_the_batches_by_the_momentum(rng):
    layer = nn.BatchNorm2d(2, momentum=0.25, dtype=float)
    mean, variance = np.zeros(2), np.ones(2)
    for _ in range(3):
        x = rng.normal(3, 2, (4, 2, 3, 3))
        layer(x)
        mean = 0.75 * mean + 0.25 * x.mean((0, 2, 3))
        variance = 0.75 * variance + 0.25 * x.var((0, 2, 3), ddof=1)
    np.testing.assert_allclose(layer.running_mean, mean)
    np.testing.assert_allclose(layer.running_var, variance)
    assert layer.num_batches_tracked == 3


def test_without_a_momentum_they_are_the_means_of_all_batches(rng):
    layer = nn.BatchNorm1d(2, momentum=None, dtype=float)
    batches = rng.normal(size=(5, 6, 2))
    for batch in batches:
        layer(batch)
    np.testing.assert_allclose(layer.running_mean, batches.mean((0, 1)))
    np.testing.assert_allclose(layer.running_var, batches.var(1, ddof=1).mean(0))


def test_in_evaluation_a_row_does_not_depend_on_its_batch_and_nothing_moves(rng):
    layer = nn.BatchNorm1d(3)
    x = rng.normal(5, 3, (8, 3)).astype(np.float32)
    layer(x)
    before = layer.state_dict()
    together = layer.eval()(x).data
    np.testing.assert_allclose(layer(x[:1]).data, together[:1], rtol=1e-6)
    for name, array in layer.state_dict().items():
        np.testing.assert_array_equal(array, before[name])


def test_evaluation_has_gradients_for_input_and_parameters(rng):
    layer = nn.BatchNorm1d(3, dtype=float)
    layer(rng.normal(5, 3, (8, 3)))
    layer.eval()
    x = Tensor(rng.normal(size=(4, 3)))
    layer(x).sum().backward()
    scale = 1 / np.sqrt(layer.running_var + layer.eps)
    np.testing.assert_allclose(x.grad, np.broadcast_to(scale, (4, 3)))
    np.testing.assert_allclose(layer.weight.grad, (x.data - layer.running_mean).sum(0) * scale)
    np.testing.assert_allclose(layer.bias.grad, [4, 4, 4])


def test_buffers_are_saved_and_not_trained():
    layer = nn.BatchNorm2d(2)
    assert [name for name, _ in layer.named_parameters()] == ["weight", "bias"]
    assert sorted(layer.state_dict()) == [
        "bias",
        "num_batches_tracked",
        "running_mean",
        "running_var",
        "weight",
    ]
    assert not list(nn.BatchNorm1d(2, track_running_stats=False).buffers())


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.BatchNorm1d(4), (3, 4)),
        (nn.BatchNorm2d(4), (3, 4, 5, 5)),
        (nn.LayerNorm(4), (3, 4)),
        (nn.RMSNorm(4), (3, 4)),
        (nn.GroupNorm(2, 4), (3, 4, 5)),
    ],
    ids=str,
)
def test_single_precision_stays_in_both_modes(layer, shape, rng):
    x = Tensor(rng.normal(size=shape).astype(np.float32))
    for mode in (True, False):
        out = layer.train(mode)(x)
        assert out.dtype == np.float32
        out.sum().backward()
        assert x.grad.dtype == np.float32


REFUSED = [
    (
        lambda: nn.BatchNorm2d(3)(np.zeros((2, 4, 5, 5))),
        (
            "BatchNorm2d(3): the input must have shape (batch, channels, height, width) with 3"
            " channels; it has shape (2, 4, 5, 5)"
        ),
    ),
    (
        lambda: nn.BatchNorm1d(3)(np.zeros((2, 3, 5, 5))),
        (
            "BatchNorm1d(3): the input must have shape (batch, channels) or (batch, channels,"
            " length) with 3 channels; it has shape (2, 3, 5, 5)"
        ),
    ),
    (
        lambda: nn.BatchNorm1d(3)(np.zeros((1, 3))),
        (
            "BatchNorm1d: in training each channel needs at least two values to have a variance;"
            " the input has shape (1, 3). Take a larger batch, or model.eval()"
        ),
    ),
    (
        lambda: nn.LayerNorm((2, 3))(np.zeros((4, 3, 2))),
        "LayerNorm: the last axes of the input must be (2, 3); it has shape (4, 3, 2)",
    ),
    (
        lambda: nn.RMSNorm(3)(np.zeros((4, 2))),
        "RMSNorm: the last axes of the input must be (3); it has shape (4, 2)",
    ),
    (
        lambda: nn.GroupNorm(2, 4)(np.zeros((4, 2))),
        "GroupNorm: the input must have shape (batch, 4, ...); it has shape (4, 2)",
    ),
    (
        lambda: nn.GroupNorm(3, 4),
        "GroupNorm: num_channels=4 must split into num_groups=3 equal groups",
    ),
    (
        lambda: nn.BatchNorm1d(3, momentum=2),
        "BatchNorm1d: momentum must be from 0 to 1, or None; got 2",
    ),
    (
        lambda: nn.LayerNorm(()),
        "LayerNorm: normalized_shape is empty; give the lengths of the last axes",
    ),
    (
        lambda: nn.LayerNorm(0),
        "LayerNorm: normalized_shape must be a whole number of at least 1; got 0",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_what_is_refused_and_why(call, message):
    with pytest.raises((ValueError, ag.ShapeError)) as caught:
        call()
    assert str(caught.value) == message
