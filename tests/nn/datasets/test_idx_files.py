"""MNIST and its relatives: what is read, how it is split, what is said when files are missing."""

import functools
import gc
import gzip
import hashlib
import http.server
import os
import struct
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest

import nn
from nn.datasets import idx_files


def write(path, values):
    header = bytes([0, 0, 8, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(gzip.compress(header + values.astype(np.uint8).tobytes()))


def write_pair(directory, prefix, rows, shape=(28, 28)):
    write(directory / f"{prefix}-images-idx3-ubyte.gz", np.full((rows, *shape), 255))
    write(directory / f"{prefix}-labels-idx1-ubyte.gz", np.arange(rows) % 10)


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


@pytest.mark.parametrize("name", ["fashion_mnist", "kmnist"])
def test_the_relatives_are_read_alike(tmp_path, name, message):
    write_pair(tmp_path, "train", 20)
    write_pair(tmp_path, "t10k", 10)
    data = getattr(nn.datasets, name)(tmp_path)
    assert (data.name, data.image_shape, len(data.class_names)) == (name, (28, 28), 10)
    title = {"fashion_mnist": "Fashion-MNIST", "kmnist": "KMNIST"}[name]
    nowhere = tmp_path / "nowhere"
    assert message(FileNotFoundError, lambda: getattr(nn.datasets, name)(nowhere)) == (
        f"{nowhere}: there is no such directory to read {title} from"
    )


# --- download ---------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path, monkeypatch):
    """The four files on a server of this machine, with their checksums in place of the known."""
    pytest.importorskip("pooch")
    served = tmp_path / "served"
    served.mkdir()
    write_pair(served, "train", 20)
    write_pair(served, "t10k", 10)

    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_args):
            pass

    handler = functools.partial(Silent, directory=served)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        sums = [hashlib.md5((served / name).read_bytes()).hexdigest() for name in idx_files.FILES]
        url = f"http://127.0.0.1:{running.server_port}/"
        source = idx_files.Source("MNIST", url, tuple(sums), ())
        monkeypatch.setitem(idx_files.SOURCES, "mnist", source)
        yield served
        running.shutdown()
        thread.join()
    # A download that failed leaves its connection to the garbage collector.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_a_download_is_checked_and_made_once(tmp_path, server):
    folder = tmp_path / "new"
    data = nn.datasets.mnist(folder, download=True)
    assert (len(data.labels), len(data.test[1])) == (20, 10)
    for file in server.iterdir():
        file.unlink()
    assert len(nn.datasets.mnist(folder, download=True).labels) == 20


def test_a_file_with_another_checksum_is_not_kept(tmp_path, server, message):
    (server / idx_files.FILES[0]).write_bytes(b"something else")
    folder = tmp_path / "new"
    text = message(nn.DownloadError, lambda: nn.datasets.mnist(folder, download=True))
    assert text.startswith("MNIST: http://127.0.0.1:")
    assert f"train-images-idx3-ubyte.gz could not be fetched to {folder}: MD5 hash of" in text
    assert text.endswith("Without a network, put the file there by hand")
    assert not (folder / idx_files.FILES[0]).exists()


def test_a_server_that_does_not_answer_is_told(tmp_path, server, message):
    (server / idx_files.FILES[2]).unlink()
    text = message(nn.DownloadError, lambda: nn.datasets.mnist(tmp_path / "new", download=True))
    assert "t10k-images-idx3-ubyte.gz could not be fetched" in text
    assert "404" in text


def test_the_published_checksums_are_those_of_the_files_where_there_are_any():
    directory = Path(
        os.environ.get(
            "AUTOGRAD_MNIST", Path(__file__).parents[3] / ".." / "shared" / "data" / "mnist"
        )
    )
    known = dict(zip(idx_files.FILES, idx_files.SOURCES["mnist"].md5, strict=True))
    there = [name for name in known if (directory / name).exists()]
    if not there:
        pytest.skip("no files of MNIST here")
    for name in there:
        assert hashlib.md5((directory / name).read_bytes()).hexdigest() == known[name]
