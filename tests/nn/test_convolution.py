"""Convolutional layers: shapes, state, what is refused; LeNet-like networks learn digits."""

import os
from pathlib import Path

import numpy as np
import pytest

import autograd_core as ag
import nn

MNIST = Path(
    os.environ.get("AUTOGRAD_MNIST", Path(__file__).parents[2] / ".." / "shared" / "data" / "mnist")
)


@pytest.mark.parametrize(
    ("layer", "shapes"),
    [
        (lambda rng: nn.Conv1d(4, 6, 3, groups=2, rng=rng), [(6, 2, 3), (6,)]),
        (lambda rng: nn.Conv2d(3, 6, (3, 2), bias=False, rng=rng), [(6, 3, 3, 2)]),
        (lambda rng: nn.ConvTranspose1d(4, 6, 3, rng=rng), [(4, 6, 3), (6,)]),
        (lambda rng: nn.ConvTranspose2d(4, 6, 3, groups=2, rng=rng), [(4, 3, 3, 3), (6,)]),
    ],
)
def test_parameters_are_laid_out_as_pytorchs(layer, shapes, rng):
    parameters = list(layer(rng).parameters())
    assert [p.shape for p in parameters] == shapes
    assert {p.dtype for p in parameters} == {np.dtype("f4")}


def test_the_same_seed_gives_the_same_kernels_and_he_uniform_is_the_start():
    first, second = (nn.Conv2d(3, 64, 5, rng=np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(first.weight.data, second.weight.data)
    bound = np.sqrt(6 / 75)
    assert 0.95 * bound < np.abs(first.weight.data).max() <= bound
    transposed = nn.ConvTranspose2d(3, 64, 5, rng=np.random.default_rng(1))
    assert 0.95 * bound < np.abs(transposed.weight.data).max() <= bound


def test_how_they_show_themselves(rng):
    model = nn.Sequential(
        nn.Conv2d(1, 4, (3, 5), stride=2, padding="valid", bias=False, rng=rng),
        nn.ConvTranspose1d(4, 2, 3, output_padding=1, stride=2, rng=rng),
        nn.MaxPool2d(2),
        nn.AvgPool2d((2, 3), stride=1, padding=1, count_include_pad=False),
        nn.AdaptiveAvgPool2d((None, 3)),
        nn.AdaptiveAvgPool1d(3),
        nn.Flatten(),
        nn.Flatten(start=2),
        nn.BatchNorm2d(3, eps=0.1, momentum=None, affine=False),
        nn.BatchNorm1d(3, track_running_stats=False),
        nn.LayerNorm((2, 3), bias=False),
        nn.LayerNorm(3, eps=0.1, elementwise_affine=False),
        nn.RMSNorm(3, eps=0.1, elementwise_affine=False),
        nn.GroupNorm(2, 4, eps=0.1, affine=False),
        nn.Dropout(0.1),
    )
    assert [repr(layer) for layer in model] == [
        "Conv2d(1, 4, (3, 5), stride=2, padding='valid', bias=False)",
        "ConvTranspose1d(4, 2, 3, stride=2, output_padding=1)",
        "MaxPool2d(2)",
        "AvgPool2d((2, 3), stride=1, padding=1, count_include_pad=False)",
        "AdaptiveAvgPool2d((None, 3))",
        "AdaptiveAvgPool1d(3)",
        "Flatten()",
        "Flatten(start=2)",
        "BatchNorm2d(3, eps=0.1, momentum=None, affine=False)",
        "BatchNorm1d(3, track_running_stats=False)",
        "LayerNorm(2, 3, bias=False)",
        "LayerNorm(3, eps=0.1, elementwise_affine=False)",
        "RMSNorm(3, eps=0.1, elementwise_affine=False)",
        "GroupNorm(2, 4, eps=0.1, affine=False)",
        "Dropout(p=0.1)",
    ]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: nn.Conv2d(3, 4, 2, groups=2),
            "Conv2d: in_channels=3 and out_channels=4 must each split into groups=2 equal groups",
        ),
        (
            lambda: nn.Conv2d(3, 4, (2, 2, 2)),
            "Conv2d: kernel_size is one whole number or 2 of them; got (2, 2, 2)",
        ),
        (
            lambda: nn.Conv1d(3, 4, 0),
            "Conv1d: kernel_size must be a whole number of at least 1; got 0",
        ),
        (
            lambda: nn.ConvTranspose2d(0, 4, 2),
            "ConvTranspose2d: in_channels must be a whole number of at least 1; got 0",
        ),
    ],
)
def test_what_cannot_be_made(make, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared in full
        make()
    assert str(caught.value) == message


def test_a_flat_batch_of_images_is_refused_with_the_way_out(rng):
    with pytest.raises(ag.ShapeError, match=r"conv2d: x has shape \(batch, channels, height, wid"):
        nn.Conv2d(1, 4, 3, rng=rng)(np.zeros((5, 784), np.float32))
    with pytest.raises(ag.ShapeError, match=r"Flatten: start=1, and the input has 1 axes"):
        nn.Flatten()(np.zeros(3))


def test_a_state_goes_through_a_file(tmp_path, rng):
    def model():
        return nn.Sequential(nn.Conv2d(1, 2, 3, rng=rng), nn.BatchNorm2d(2))

    first, second = model(), model()
    x = rng.normal(size=(4, 1, 6, 6)).astype(np.float32)
    first(x)
    nn.save(first, tmp_path / "model.safetensors")
    second.load_state_dict(nn.load(tmp_path / "model.safetensors"))
    assert int(second[1].num_batches_tracked) == 1
    np.testing.assert_array_equal(first.eval()(x).data, second.eval()(x).data)


def train(model, images, labels, epochs, rng, batch=64, lr=0.001):
    optimizer = nn.Adam(model.parameters(), lr=lr)
    for _ in range(epochs):
        order = rng.permutation(len(images))
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            loss = nn.cross_entropy(model(images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def share_right(model, images, labels):
    with ag.no_grad():
        return np.mean(model.eval()(images).data.argmax(1) == labels)


def test_a_small_network_with_all_these_layers_learns_the_digits(rng):
    data = pytest.importorskip("sklearn.datasets").load_digits()
    order = rng.permutation(len(data.target))  # the last ones in the file are by other hands
    images, labels = (data.images[order, None] / 16).astype(np.float32), data.target[order]
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding="same", rng=rng),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1, rng=rng),
        nn.GroupNorm(4, 16),
        nn.ReLU(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.LayerNorm(64),
        nn.Dropout(0.1, rng=rng),
        nn.Linear(64, 10, rng=rng),
    )
    train(model, images[:1297], labels[:1297], 12, rng, lr=0.005)
    assert share_right(model, images[1297:], labels[1297:]) >= 0.96


def lenet(rng):
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2, rng=rng),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5, rng=rng),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120, init="he_uniform", rng=rng),
        nn.ReLU(),
        nn.Linear(120, 84, init="he_uniform", rng=rng),
        nn.ReLU(),
        nn.Linear(84, 10, rng=rng),
    )


@pytest.mark.slow
@pytest.mark.skipif(
    not MNIST.is_dir(), reason=f"no MNIST at {MNIST}; name its directory in AUTOGRAD_MNIST"
)
def test_lenet_reads_97_percent_of_the_handwritten_digits(rng):
    images = nn.read_idx(MNIST / "t10k-images-idx3-ubyte.gz")[:, None].astype(np.float32) / 255
    labels = nn.read_idx(MNIST / "t10k-labels-idx1-ubyte.gz").astype(int)
    assert images.shape == (10_000, 1, 28, 28)
    model = lenet(rng)
    train(model, images[:8000], labels[:8000], 5, rng, lr=0.002)
    assert share_right(model, images[8000:], labels[8000:]) >= 0.97
