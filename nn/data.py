"""Bringing data: mini-batches, honest splits, and standardising without looking at the test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

import autograd_core as ag

from .errors import check_whole

Array = NDArray[Any]


class Loader:
    """Mini-batches of arrays that belong together row by row.

    Parameters
    ----------
    *arrays : array_like
        Usually inputs and labels; the first axis of each counts the rows.
    batch_size : int, default 32
        Rows in a batch; the last may be shorter.
    shuffle : bool, default False
        A new order for every pass. Without it the batches are views, not copies.
    rng : numpy.random.Generator, optional
        Where the order comes from. Without it the order differs from run to run.
    drop_last : bool, default False
        Leave out a last batch that is shorter.
    dtype : data-type, default float32
        Floating arrays are cast to it, once, here; integers and booleans stay as they are.

    Raises
    ------
    ShapeError
        There are no arrays or no rows, or the arrays have different numbers of rows.
    ValueError
        The batch size is not a positive whole number.

    Examples
    --------
    >>> import numpy as np, nn
    >>> loader = nn.Loader(np.arange(5.0), np.arange(5), batch_size=2)
    >>> len(loader)
    3
    >>> for x, y in loader:
    ...     print(x, y)
    [0. 1.] [0 1]
    [2. 3.] [2 3]
    [4.] [4]
    """

    def __init__(
        self,
        *arrays: ArrayLike,
        batch_size: int = 32,
        shuffle: bool = False,
        rng: np.random.Generator | None = None,
        drop_last: bool = False,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.arrays = tuple(_cast(array, dtype) for array in arrays)
        self.rows = _rows("Loader", self.arrays)
        check_whole("Loader", "batch_size", batch_size)
        self.batch_size = int(batch_size)
        self.shuffle = shuffle
        self.rng = np.random.default_rng() if rng is None and shuffle else rng
        self.drop_last = drop_last
        if len(self) == 0:
            raise ValueError(
                f"Loader: {self.rows} rows make no batch of {batch_size} with drop_last=True"
            )

    def __len__(self) -> int:
        """Number of batches in a pass."""
        whole, rest = divmod(self.rows, self.batch_size)
        return whole + (1 if rest and not self.drop_last else 0)

    def __iter__(self) -> Iterator[tuple[Array, ...]]:
        order = self.rng.permutation(self.rows) if self.shuffle and self.rng else None
        for start in range(0, len(self) * self.batch_size, self.batch_size):
            batch = slice(start, start + self.batch_size)
            rows = batch if order is None else order[batch]
            yield tuple(array[rows] for array in self.arrays)


def split(
    *arrays: ArrayLike,
    fractions: Sequence[float] = (0.7, 0.15, 0.15),
    rng: np.random.Generator | None = None,
    stratify: ArrayLike | None = None,
) -> tuple[tuple[Array, ...], ...]:
    """Share out rows at random, each row to exactly one part.

    Parameters
    ----------
    *arrays : array_like
        Usually inputs and labels; the first axis of each counts the rows.
    fractions : sequence of float, default (0.7, 0.15, 0.15)
        Size of each part (train, validation, test); they add up to 1.
    rng : numpy.random.Generator, optional
        Where the order comes from. Without it the split differs from run to run.
    stratify : array_like of shape (rows,), optional
        Labels; every part then has each class in (nearly) the same proportion.

    Returns
    -------
    tuple of tuples of ndarray
        For each part, its rows of each array.

    Raises
    ------
    ShapeError
        The arrays have different numbers of rows.
    ValueError
        The fractions do not add up to 1, or a class has too few rows to be in every part.

    Examples
    --------
    >>> import numpy as np, nn
    >>> x, y = np.arange(10.0), np.arange(10) % 2
    >>> train, test = nn.split(x, y, fractions=(0.8, 0.2), rng=np.random.default_rng(0), stratify=y)
    >>> len(train[0]), sorted(test[1].tolist())
    (8, [0, 1])
    """
    kept = tuple(np.asarray(array) for array in arrays)
    rows = _rows("split", kept)
    if any(fraction <= 0 for fraction in fractions) or abs(sum(fractions) - 1.0) > 1e-6:
        raise ValueError(
            f"split: fractions must be positive and add up to 1; got {tuple(fractions)}, "
            f"which add up to {sum(fractions):g}"
        )
    rng = np.random.default_rng() if rng is None else rng
    if stratify is None:
        parts = _share_out(rng.permutation(rows), fractions)
    else:
        parts = _stratified(np.asarray(stratify), rows, fractions, rng)
    if not all(len(part) for part in parts):
        raise ValueError(
            f"split: {rows} rows are too few for {len(parts)} parts of {tuple(fractions)}"
        )
    return tuple(tuple(array[part] for array in kept) for part in parts)


@dataclass(frozen=True)
class Standardizer:
    """(x - mean) / scale, with the mean and scale of the training rows only.

    Examples
    --------
    >>> import numpy as np, nn
    >>> standardize = nn.Standardizer.fit(np.array([[1.0, 5.0], [3.0, 5.0]]))
    >>> standardize(np.array([[2.0, 5.0], [4.0, 6.0]]))
    array([[0., 0.],
           [2., 1.]])
    """

    mean: Array
    scale: Array

    @classmethod
    def fit(cls, train: ArrayLike, *, per_column: bool = True) -> Standardizer:
        """Measure the training rows.

        Parameters
        ----------
        train : array_like of shape (rows, columns)
        per_column : bool, default True
            A mean and scale for each column; a column that never changes is only centred.
            False: one for all, which suits the pixels of an image.
        """
        rows = np.asarray(train)
        axis = 0 if per_column else None
        scale = np.asarray(rows.std(axis=axis))
        return cls(np.asarray(rows.mean(axis=axis)), np.where(scale == 0, 1, scale))

    def __call__(self, x: ArrayLike) -> Array:
        """Apply to any rows."""
        result: Array = (np.asarray(x) - self.mean) / self.scale
        return result


def _cast(array: ArrayLike, dtype: DTypeLike) -> Array:
    result = np.asarray(array)
    return result.astype(dtype, copy=False) if result.dtype.kind == "f" else result


def _rows(who: str, arrays: tuple[Array, ...]) -> int:
    """The common number of rows."""
    if not arrays:
        raise ag.ShapeError(f"{who}: no arrays were given")
    for position, array in enumerate(arrays):
        if array.ndim == 0:
            raise ag.ShapeError(f"{who}: array {position} is a single number; it has no rows")
        if len(array) != len(arrays[0]):
            raise ag.ShapeError(
                f"{who}: array 0 has {len(arrays[0])} rows, array {position} has {len(array)}; "
                "they must belong together row by row"
            )
    if len(arrays[0]) == 0:
        raise ag.ShapeError(f"{who}: the arrays have no rows")
    return len(arrays[0])


def _share_out(order: Array, fractions: Sequence[float]) -> list[Array]:
    cuts = np.rint(np.cumsum(fractions[:-1]) * len(order)).astype(int)
    return np.split(order, cuts)


def _stratified(
    labels: Array, rows: int, fractions: Sequence[float], rng: np.random.Generator
) -> list[Array]:
    if labels.shape != (rows,):
        raise ag.ShapeError(
            f"split: stratify needs one label for each of the {rows} rows; got shape {labels.shape}"
        )
    parts: list[list[Array]] = [[] for _ in fractions]
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        for part, share in zip(parts, _share_out(members, fractions), strict=True):
            if len(share) == 0:
                raise ValueError(
                    f"split: class {label} has {len(members)} rows, too few for each of "
                    f"{len(fractions)} parts of {tuple(fractions)} to get one"
                )
            part.append(share)
    # Without this last shuffle every part would be sorted by class.
    return [rng.permutation(np.concatenate(part)) for part in parts]
