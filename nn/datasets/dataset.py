"""`Dataset`: inputs and labels, and how they are split honestly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..data import split
from ..errors import check_generator

Pair = tuple[NDArray[Any], NDArray[Any]]

# Of the rows held out for testing. Chosen once, before any result was known; see `Dataset.split`.
TEST_SEED = 1998


@dataclass(frozen=True)
class Dataset:
    """Rows and what is to be predicted of each, and the test rows where the source has its own.

    Attributes
    ----------
    name : str
    inputs : float32 array of shape (rows, columns)
    labels : int64 array of shape (rows,), or float32 array of shape (rows, 1)
        Classes, or for regression numbers.
    image_shape : (int, int) or ()
        Height and width, where a row is a picture.
    test : (inputs, labels) or None
        Rows that the source itself holds out.
    note : str
        What a user should know about where the rows come from.
    input_names : tuple of str
        Of the columns, where they have names.
    class_names : tuple of str
        Of the classes, where they have names.
    """

    name: str
    inputs: NDArray[Any]
    labels: NDArray[Any]
    image_shape: tuple[int, ...] = ()
    test: Pair | None = None
    note: str = ""
    input_names: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()

    @property
    def classes(self) -> int:
        """Number of classes; the labels are 0 to classes - 1. For regression 0."""
        return int(self.labels.max()) + 1 if self.labels.dtype.kind == "i" else 0

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
        check_generator("Dataset.split", rng, needed=True)
        inputs, labels, test = self.inputs, self.labels, self.test
        if test is None:
            fixed = np.random.default_rng(TEST_SEED)
            (inputs, labels), test = _fifth(inputs, labels, fixed)
        train, validation = _fifth(inputs, labels, rng)
        return train, validation, test


def _fifth(
    inputs: NDArray[Any], labels: NDArray[Any], rng: np.random.Generator
) -> tuple[Pair, Pair]:
    """Four fifths of the rows and one fifth."""
    stratify = labels if labels.dtype.kind == "i" else None
    rest, part = split(inputs, labels, fractions=(0.8, 0.2), rng=rng, stratify=stratify)
    return (rest[0], rest[1]), (part[0], part[1])
