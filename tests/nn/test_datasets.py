"""Digits and MNIST: what is read, how it is split, what is said when files are missing."""

import gzip
import struct

import numpy as np
import pytest

import nn


def write(path, values):
    header = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(gzip.compress(header + values.astype(np.uint8).tobytes()))


def write_pair(directory, prefix, rows, shape=(28, 28)):
    write(directory / f"{prefix}-images-idx3-ubyte.gz", np.full((rows, *shape), 255))
    write(directory / f"{prefix}-labels-idx1-ubyte.gz", np.arange(rows) % 10)


def test_digits_are_the_1797_images():
    pytest.importorskip("sklearn")
    digits = nn.datasets.digits()
    assert digits.inputs.shape == (1797, 64)
    assert (digits.inputs.dtype, digits.labels.dtype) == (np.float32, np.int64)
    assert (digits.inputs.min(), digits.inputs.max(), digits.classes) == (0.0, 16.0, 10)


def test_the_test_rows_are_the_same_for_every_seed_and_in_no_other_part():
    pytest.importorskip("sklearn")
    digits = nn.datasets.digits()
    splits = [digits.split(np.random.default_rng(seed)) for seed in (0, 1)]
    np.testing.assert_array_equal(splits[0][2][0], splits[1][2][0])
    assert not np.array_equal(splits[0][1][0], splits[1][1][0])
    rows = np.concatenate([inputs for inputs, _ in splits[0]])
    order, original = np.lexsort(rows.T), np.lexsort(digits.inputs.T)
    np.testing.assert_array_equal(rows[order], digits.inputs[original])


def test_mnist_with_train_files_holds_out_the_t10k_files(tmp_path):
    write_pair(tmp_path, "train", 100)
    write_pair(tmp_path, "t10k", 20)
    mnist = nn.datasets.mnist(tmp_path)
    assert mnist.note == "100 train-* images, 20 t10k-* images held out for test"
    train, validation, test = mnist.split(np.random.default_rng(0))
    assert [len(labels) for _, labels in (train, validation, test)] == [80, 20, 20]
    assert train[0].dtype == np.float32
    assert train[0].max() == 1.0
    assert test[1].tolist() == [*range(10)] * 2


def test_mnist_without_train_files_splits_what_there_is_and_says_so(tmp_path):
    write_pair(tmp_path, "t10k", 100)
    mnist = nn.datasets.mnist(str(tmp_path))
    assert mnist.note == (
        f"{tmp_path} has no train-* files: splitting the 100 images of its t10k-* files into "
        "train, validation and test"
    )
    assert [len(y) for _, y in mnist.split(np.random.default_rng(0))] == [60, 20, 20]


def test_missing_files_are_named(tmp_path, message):
    nowhere = tmp_path / "nowhere"
    assert message(FileNotFoundError, lambda: nn.datasets.mnist(nowhere)) == (
        f"{nowhere}: there is no such directory to read MNIST from"
    )
    assert message(FileNotFoundError, lambda: nn.datasets.mnist(tmp_path)) == (
        f"{tmp_path}: expected t10k-images-idx3-ubyte or t10k-images-idx3-ubyte.gz in it, "
        "found nothing"
    )
    write_pair(tmp_path, "t10k", 10)
    (tmp_path / "t10k-labels-idx1-ubyte.gz").rename(tmp_path / "labels.gz")
    assert message(FileNotFoundError, lambda: nn.datasets.mnist(tmp_path)) == (
        f"{tmp_path}: expected t10k-labels-idx1-ubyte or t10k-labels-idx1-ubyte.gz in it, "
        "found labels.gz, t10k-images-idx3-ubyte.gz"
    )


def test_files_that_do_not_belong_together_are_named(tmp_path, message):
    images = tmp_path / "t10k-images-idx3-ubyte.gz"
    labels = tmp_path / "t10k-labels-idx1-ubyte.gz"
    write_pair(tmp_path, "t10k", 10)
    write(labels, np.zeros(9))
    assert message(nn.FileFormatError, lambda: nn.datasets.mnist(tmp_path)) == (
        f"{labels}: expected 10 labels, one for each image in {images.name}; found 9"
    )
    write(labels, np.arange(10) + 3)
    assert message(nn.FileFormatError, lambda: nn.datasets.mnist(tmp_path)) == (
        f"{labels}: expected labels 0 to 9, found 10 at index 7"
    )
    write_pair(tmp_path, "t10k", 10, shape=(8, 8))
    assert message(nn.FileFormatError, lambda: nn.datasets.mnist(tmp_path)) == (
        f"{images}: expected images of 28x28 pixels, found 8x8"
    )
    write(images, np.zeros(10))
    assert message(nn.FileFormatError, lambda: nn.datasets.mnist(tmp_path)) == (
        f"{images}: expected images (3 dimensions), found labels (1 dimension). "
        "Was the file given another's name?"
    )
