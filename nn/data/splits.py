"""Honest splits: each row to exactly one part, at random, and classes in proportion if wished."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag

from ..errors import check_generator, check_number, check_whole
from .rows import Array, as_rows, count_rows

Fold = tuple[NDArray[np.intp], NDArray[np.intp]]


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
    kept = tuple(as_rows("split", position, array) for position, array in enumerate(arrays))
    rows = count_rows("split", kept)
    check_generator("split", rng)
    if not isinstance(fractions, Iterable):
        raise TypeError(
            "split: fractions are the sizes of all parts, such as (0.8, 0.2); got "
            f"{fractions!r} ({type(fractions).__name__})"
        )
    fractions = tuple(fractions)
    for fraction in fractions:
        check_number("split", "each of the fractions", fraction)
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


def k_fold(rows: int, folds: int = 5, *, rng: np.random.Generator | None = None) -> Iterator[Fold]:
    """Cross-validation: every row is held out once.

    Parameters
    ----------
    rows : int
    folds : int, default 5
    rng : numpy.random.Generator, optional
        Where the order comes from. Without it the folds differ from run to run.

    Returns
    -------
    iterator of (int array, int array)
        For each fold the indices of the rows to train on and of those held out.

    Raises
    ------
    ValueError
        There are fewer rows than folds, or fewer than two folds.

    Examples
    --------
    >>> import numpy as np, nn
    >>> for train, held_out in nn.k_fold(6, 3, rng=np.random.default_rng(0)):
    ...     print(sorted(train.tolist()), sorted(held_out.tolist()))
    [0, 1, 4, 5] [2, 3]
    [0, 1, 2, 3] [4, 5]
    [2, 3, 4, 5] [0, 1]
    """
    check_whole("k_fold", "folds", folds, least=2)
    check_generator("k_fold", rng)
    if not isinstance(rows, int | np.integer):
        raise TypeError(
            "k_fold: the first argument is the number of rows, such as len(x); got "
            f"{type(rows).__name__}"
        )
    if rows < folds:
        raise ValueError(f"k_fold: {rows} rows are too few for {folds} folds")
    rng = np.random.default_rng() if rng is None else rng
    return _folds(np.array_split(rng.permutation(rows), folds))


def stratified_k_fold(
    labels: ArrayLike, folds: int = 5, *, rng: np.random.Generator | None = None
) -> Iterator[Fold]:
    """Cross-validation in which every fold has each class in (nearly) the same proportion.

    Parameters
    ----------
    labels : array_like of shape (rows,)
    folds : int, default 5
    rng : numpy.random.Generator, optional
        Where the order comes from. Without it the folds differ from run to run.

    Returns
    -------
    iterator of (int array, int array)
        For each fold the indices of the rows to train on and of those held out.

    Raises
    ------
    ValueError
        A class has fewer rows than there are folds.

    Examples
    --------
    >>> import numpy as np, nn
    >>> labels = np.array([0, 0, 0, 0, 1, 1])
    >>> for train, held_out in nn.stratified_k_fold(labels, 2, rng=np.random.default_rng(0)):
    ...     print(np.bincount(labels[train]), np.bincount(labels[held_out]))
    [2 1] [2 1]
    [2 1] [2 1]
    """
    check_whole("stratified_k_fold", "folds", folds, least=2)
    check_generator("stratified_k_fold", rng)
    classes = np.asarray(labels)
    if classes.ndim != 1:
        raise ag.ShapeError(
            f"stratified_k_fold: labels must have one axis; got shape {classes.shape}"
        )
    rng = np.random.default_rng() if rng is None else rng
    parts: list[list[Array]] = [[] for _ in range(folds)]
    dealt = 0
    for label in np.unique(classes):
        members = rng.permutation(np.flatnonzero(classes == label))
        if len(members) < folds:
            raise ValueError(
                f"stratified_k_fold: class {label} has {len(members)} rows, too few for each of "
                f"{folds} folds to get one"
            )
        # Dealt out like cards, going on where the last class ended: the folds differ by one row.
        for place, share in enumerate(np.array_split(members, folds)):
            parts[(dealt + place) % folds].append(share)
        dealt += len(members)
    return _folds([rng.permutation(np.concatenate(part)) for part in parts])


def _folds(parts: list[Array]) -> Iterator[Fold]:
    for place, held_out in enumerate(parts):
        yield np.concatenate(parts[:place] + parts[place + 1 :]), held_out


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
