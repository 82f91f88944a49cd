"""MNIST and its two relatives, Fashion-MNIST and KMNIST: from IDX files, or downloaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

import autograd_core as ag

from ..errors import DownloadError, FileFormatError
from ..idx import read_idx
from .dataset import Dataset, Pair

FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)


@dataclass(frozen=True)
class Source:
    """Where a data set's files are, and the MD5 sums published with them, in the order of FILES."""

    title: str
    url: str
    md5: tuple[str, str, str, str]
    class_names: tuple[str, ...]


# The sums are those that torchvision checks too.
SOURCES = {
    "mnist": Source(
        "MNIST",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        (
            "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "d53e105ee54ea40749a09fcbcd1e9432",
            "9fb629c4189551a2d022fa330f9573f3",
            "ec29112dd5afa0611ce80d1b7f02629c",
        ),
        tuple("0123456789"),
    ),
    "fashion_mnist": Source(
        "Fashion-MNIST",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        (
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79",
            "bb300cfdad3c16e7a12a480ee83cd310",
        ),
        (
            "T-shirt/top",
            "trouser",
            "pullover",
            "dress",
            "coat",
            "sandal",
            "shirt",
            "sneaker",
            "bag",
            "ankle boot",
        ),
    ),
    "kmnist": Source(
        "KMNIST",
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        (
            "bdb82020997e1d708af4cf47b453dcf7",
            "e144d726b3acfaa3e44228e80efcd344",
            "5c965bf0a639b31b8f53240b1b52f4d7",
            "7320c461ea6c1c855c0b718fb2a4b134",
        ),
        ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
    ),
}


def mnist(directory: str | Path, *, download: bool = False) -> Dataset:
    """MNIST from its IDX files, plain or gzipped; pixels from 0 to 1.

    Parameters
    ----------
    directory : str or Path
        Holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
        `t10k-labels-idx1-ubyte`, each with or without `.gz`. Without the `train-*` files, the
        rows of the `t10k-*` files are the data set, and the note says so.
    download : bool, default False
        Fetch the files that are not there, and check what comes (extra `data`).

    Raises
    ------
    FileNotFoundError
        The directory or a file is missing; the message names what was looked for.
    FileFormatError
        A file is not what its name says, or images and labels differ in number.
    DownloadError
        A file cannot be fetched, or is not the one that was published.

    Notes
    -----
    LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document recognition",
    Proceedings of the IEEE 86, 1998.
    """
    return _read("mnist", Path(directory), download)


def fashion_mnist(directory: str | Path, *, download: bool = False) -> Dataset:
    """Fashion-MNIST: 70,000 pictures of clothing in the format of `mnist`, which see.

    Xiao, Rasul & Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine learning
    algorithms", arXiv:1708.07747.
    """
    return _read("fashion_mnist", Path(directory), download)


def kmnist(directory: str | Path, *, download: bool = False) -> Dataset:
    """KMNIST: 70,000 cursive Japanese characters of ten kinds in the format of `mnist`, which see.

    Clanuwat, Bober-Irizar, Kitamoto, Lamb, Yamamoto & Ha, "Deep learning for classical Japanese
    literature", arXiv:1812.01718.
    """
    return _read("kmnist", Path(directory), download)


def _read(name: str, directory: Path, download: bool) -> Dataset:
    source = SOURCES[name]
    if download:
        _download(source, directory)
    if not directory.is_dir():
        raise FileNotFoundError(
            f"{directory}: there is no such directory to read {source.title} from"
        )
    held_out = _read_pair(directory, "t10k")
    image_shape = (28, 28)
    if not list(directory.glob("train-*")):
        count = len(held_out[1])
        return Dataset(
            name=name,
            inputs=held_out[0],
            labels=held_out[1],
            image_shape=image_shape,
            class_names=source.class_names,
            note=(
                f"{directory} has no train-* files: splitting the {count} images of its "
                "t10k-* files into train, validation and test"
            ),
        )
    inputs, labels = _read_pair(directory, "train")
    return Dataset(
        name=name,
        inputs=inputs,
        labels=labels,
        image_shape=image_shape,
        class_names=source.class_names,
        test=held_out,
        note=f"{len(labels)} train-* images, {len(held_out[1])} t10k-* images held out for test",
    )


def _download(source: Source, directory: Path) -> None:
    """Fetch what is not there, unpacked or not; a file with another checksum is not kept."""
    pooch = ag.require_extra("pooch", extra="data")
    for name, md5 in zip(FILES, source.md5, strict=True):
        if (directory / name.removesuffix(".gz")).exists() or (directory / name).exists():
            continue
        try:
            pooch.retrieve(source.url + name, f"md5:{md5}", fname=name, path=directory)
        except (OSError, ValueError) as error:
            raise DownloadError(
                f"{source.title}: {source.url}{name} could not be fetched to {directory}: {error}. "
                "Without a network, put the file there by hand"
            ) from error


def _read_pair(directory: Path, prefix: str) -> Pair:
    images_path = _find(directory, f"{prefix}-images-idx3-ubyte")
    labels_path = _find(directory, f"{prefix}-labels-idx1-ubyte")
    images = read_idx(images_path, dimensions=3)
    labels = read_idx(labels_path, dimensions=1)
    if images.shape[1:] != (28, 28):
        raise FileFormatError(
            f"{images_path}: expected images of 28x28 pixels, "
            f"found {images.shape[1]}x{images.shape[2]}"
        )
    if len(images) != len(labels):
        raise FileFormatError(
            f"{labels_path}: expected {len(images)} labels, one for each image in "
            f"{images_path.name}; found {len(labels)}"
        )
    if len(labels) and labels.max() > 9:
        where = int((labels > 9).argmax())
        raise FileFormatError(
            f"{labels_path}: expected labels 0 to 9, found {labels[where]} at index {where}"
        )
    pixels = images.reshape(len(images), -1).astype(np.float32) / np.float32(255)
    return pixels, labels.astype(np.int64)


def _find(directory: Path, name: str) -> Path:
    for candidate in (directory / name, directory / f"{name}.gz"):
        if candidate.exists():
            return candidate
    present = ", ".join(sorted(entry.name for entry in directory.iterdir())) or "nothing"
    raise FileNotFoundError(f"{directory}: expected {name} or {name}.gz in it, found {present}")
