"""Bringing columns to a common scale, measured on the training rows only; and one-hot labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

import autograd_core as ag

from ..errors import check_whole
from .rows import Array, as_rows


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

        Raises
        ------
        ValueError
            There are no rows, or a number is NaN or infinite; the message names the first.
        """
        rows = _finite("Standardizer", train)
        axis = 0 if per_column else None
        scale = np.asarray(rows.std(axis=axis))
        return cls(np.asarray(rows.mean(axis=axis)), np.where(scale == 0, 1, scale))

    def __call__(self, x: ArrayLike) -> Array:
        """Apply to any rows."""
        result: Array = (_fitting("Standardizer", x, self.mean) - self.mean) / self.scale
        return result


@dataclass(frozen=True)
class MinMaxScaler:
    """(x - low) / (high - low), with the range of the training rows only.

    Examples
    --------
    >>> import numpy as np, nn
    >>> scale = nn.MinMaxScaler.fit(np.array([[1.0, 5.0], [3.0, 5.0]]))
    >>> scale(np.array([[2.0, 5.0], [4.0, 6.0]]))
    array([[0.5, 0. ],
           [1.5, 1. ]])
    """

    low: Array
    width: Array

    @classmethod
    def fit(cls, train: ArrayLike, *, per_column: bool = True) -> MinMaxScaler:
        """Measure the training rows.

        Parameters
        ----------
        train : array_like of shape (rows, columns)
        per_column : bool, default True
            A range for each column; a column that never changes is only moved to 0.
            False: one for all, which suits the pixels of an image.

        Raises
        ------
        ValueError
            There are no rows, or a number is NaN or infinite; the message names the first.
        """
        rows = _finite("MinMaxScaler", train)
        axis = 0 if per_column else None
        low = np.asarray(rows.min(axis=axis))
        width = np.asarray(rows.max(axis=axis) - low)
        return cls(low, np.where(width == 0, 1, width))

    def __call__(self, x: ArrayLike) -> Array:
        """Apply to any rows; values outside the training rows' range leave the range 0 to 1."""
        result: Array = (_fitting("MinMaxScaler", x, self.low) - self.low) / self.width
        return result


def _fitting(name: str, x: ArrayLike, measured: Array) -> Array:
    """The rows as an array that has the columns which were measured."""
    rows = as_rows(name, 0, x)
    _refuse_text(name, rows)
    try:
        np.broadcast_shapes(rows.shape, measured.shape)
    except ValueError as error:
        raise ag.ShapeError(
            f"{name}: it was fitted on rows of shape {measured.shape}, which these of shape "
            f"{rows.shape} do not have"
        ) from error
    return rows


def _refuse_text(name: str, rows: Array) -> None:
    if rows.dtype.kind in "USOMm" and rows.size:
        raise ag.DTypeError(
            f"{name}: the rows must be numbers; got {rows.dtype}, such as {rows.ravel()[0]!s}. "
            "Convert numbers with array.astype(np.float32); nn.TableEncoder takes text columns too"
        )


def _finite(name: str, train: ArrayLike) -> Array:
    """The rows as an array, refused where one missing number would spoil its whole column."""
    rows = as_rows(f"{name}.fit", 0, train)
    if rows.ndim == 0:
        raise ag.ShapeError(f"{name}.fit: the training rows are an array; got one {rows.dtype}")
    _refuse_text(f"{name}.fit", rows)
    if not len(rows):
        raise ValueError(f"{name}.fit: there are no rows to measure (shape {rows.shape})")
    if rows.dtype.kind == "f" and not np.isfinite(rows).all():
        where = tuple(map(int, np.argwhere(~np.isfinite(rows))[0]))
        count = int(np.count_nonzero(~np.isfinite(rows)))
        raise ValueError(
            f"{name}.fit: {count} number{'s are' if count > 1 else ' is'} not finite, the first at "
            f"[{', '.join(map(str, where))}]: {rows[where]}. Drop such rows, or fill them in: "
            "np.nan_to_num, or nn.TableEncoder, which adds an input that says so"
        )
    return rows


def one_hot(
    labels: ArrayLike, classes: int | None = None, *, dtype: DTypeLike = np.float32
) -> Array:
    """Rows of zeros with a one at the label.

    Parameters
    ----------
    labels : array_like of integers, of any shape
    classes : int, optional
        How many there are. Default: the largest label and those below it.
    dtype : data-type, default float32

    Returns
    -------
    ndarray of shape (*labels.shape, classes)

    Raises
    ------
    ValueError
        A label is not a whole number from 0 to classes - 1.

    Examples
    --------
    >>> import nn
    >>> nn.one_hot([2, 0])
    array([[0., 0., 1.],
           [1., 0., 0.]], dtype=float32)
    """
    given = np.asarray(labels)
    if given.size and given.dtype.kind not in "iub":
        raise ValueError(f"one_hot: labels must be integers; got {given.dtype}")
    whole = given.astype(np.intp)
    if classes is None:
        classes = int(whole.max(initial=0)) + 1
    check_whole("one_hot", "classes", classes)
    outside = whole[(whole < 0) | (whole >= classes)]
    if outside.size:
        raise ValueError(
            f"one_hot: labels must be 0 to {classes - 1} for {classes} classes; got {outside[0]}"
        )
    result: Array = np.zeros((*whole.shape, classes), dtype)
    np.put_along_axis(result, whole[..., None], 1, axis=-1)
    return result
