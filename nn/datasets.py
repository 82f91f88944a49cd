"""Real data to learn on: the UCI digits that scikit-learn bundles, and MNIST from IDX files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_core as ag

from .data import split
from .errors import FileFormatError
from .idx import read_idx

Pair = tuple[NDArray[Any], NDArray[Any]]

# Of the rows held out for testing. Chosen once, before any result was known; see `Dataset.split`.
TEST_SEED = 1998


@dataclass(frozen=True)
class Dataset:
    """Labelled rows, and the test rows where the source comes with its own.

    Attributes
    ----------
    name : str
    inputs : float32 array of shape (rows, columns)
    labels : int64 array of shape (rows,)
    image_shape : (int, int)
        Height and width of the picture that a row is.
    test : (inputs, labels) or None
        Rows that the source itself holds out.
    note : str
        What a user should know about where the rows come from.
    """

    name: str
    inputs: NDArray[Any]
    labels: NDArray[Any]
    image_shape: tuple[int, int]
    test: Pair | None = None
    note: str = ""

    @property
    def classes(self) -> int:
        """Number of classes; the labels are 0 to classes - 1."""
        return int(self.labels.max()) + 1

    def split(self, rng: np.random.Generator) -> tuple[Pair, Pair, Pair]:
        """Train, validation and test rows, each class in the same proportion.

        Where the source does not hold out test rows itself, a fifth is taken: always the same
        rows, whatever `rng`, so that nothing chosen on any validation rows has seen them. Of the
        rest, `rng` chooses a fifth for validation.

        Examples
        --------
        >>> import numpy as np, nn
        >>> parts = nn.datasets.digits().split(np.random.default_rng(0))
        >>> [len(labels) for inputs, labels in parts]
        [1151, 287, 359]
        """
        inputs, labels, test = self.inputs, self.labels, self.test
        if test is None:
            fixed = np.random.default_rng(TEST_SEED)
            (inputs, labels), test = _fifth(inputs, labels, fixed)
        train, validation = _fifth(inputs, labels, rng)
        return train, validation, test


def digits() -> Dataset:
    """1,797 real handwritten digits of 8x8 pixels, values 0 to 16 (needs the extra `data`).

    Source: Alpaydin & Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
    Repository, 1998, as bundled with scikit-learn.

    Examples
    --------
    >>> import nn
    >>> nn.datasets.digits().inputs.shape
    (1797, 64)
    """
    bundle = ag.require_extra("sklearn.datasets", extra="data").load_digits()
    return Dataset(
        name="digits",
        inputs=bundle.data.astype(np.float32),
        labels=bundle.target.astype(np.int64),
        image_shape=(8, 8),
        note="1797 images of 8x8 pixels (UCI, bundled with scikit-learn)",
    )


def mnist(directory: str | Path) -> Dataset:
    """MNIST from its IDX files, plain or gzipped; pixels from 0 to 1.

    Parameters
    ----------
    directory : str or Path
        Holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
        `t10k-labels-idx1-ubyte`, each with or without `.gz`. Without the `train-*` files, the
        rows of the `t10k-*` files are the data set, and the note says so.

    Raises
    ------
    FileNotFoundError
        The directory or a file is missing; the message names what was looked for.
    FileFormatError
        A file is not what its name says, or images and labels differ in number.
    """
    directory = Path(directory)
    if not directory.is_dir():
        raise FileNotFoundError(f"{directory}: there is no such directory to read MNIST from")
    held_out = _read_pair(directory, "t10k")
    image_shape = (28, 28)
    if not list(directory.glob("train-*")):
        count = len(held_out[1])
        return Dataset(
            name="mnist",
            inputs=held_out[0],
            labels=held_out[1],
            image_shape=image_shape,
            note=(
                f"{directory} has no train-* files: splitting the {count} images of its "
                "t10k-* files into train, validation and test"
            ),
        )
    inputs, labels = _read_pair(directory, "train")
    return Dataset(
        name="mnist",
        inputs=inputs,
        labels=labels,
        image_shape=image_shape,
        test=held_out,
        note=f"{len(labels)} train-* images, {len(held_out[1])} t10k-* images held out for test",
    )


def _fifth(
    inputs: NDArray[Any], labels: NDArray[Any], rng: np.random.Generator
) -> tuple[Pair, Pair]:
    """Four fifths of the rows and one fifth."""
    rest, part = split(inputs, labels, fractions=(0.8, 0.2), rng=rng, stratify=labels)
    return (rest[0], rest[1]), (part[0], part[1])


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
