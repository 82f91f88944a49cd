"""Rows that come one after the other: from a file too large for memory, or made on the fly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

import autograd_core as ag

from ..errors import check_whole
from .rows import Array, cast


class IterableDataset:
    """Rows from a function that starts a new pass over them; a `Loader` makes batches of them.

    Parameters
    ----------
    passes : function without arguments
        Called at the start of every pass; returns an iterable of rows, each a tuple such as
        (input, target).
    rows : int, optional
        How many rows a pass has, if known: a progress bar can then tell how much is left.

    Raises
    ------
    TypeError
        `passes` cannot be called: an iterator would be used up after one pass.

    Examples
    --------
    >>> import nn
    >>> dataset = nn.IterableDataset(lambda: ((float(n), n % 2) for n in range(5)))
    >>> for x, y in nn.Loader(dataset, batch_size=2):
    ...     print(x, y)
    [0. 1.] [0 1]
    [2. 3.] [0 1]
    [4.] [0]
    """

    def __init__(
        self, passes: Callable[[], Iterable[Sequence[Any]]], rows: int | None = None
    ) -> None:
        if not callable(passes):
            raise TypeError(
                "IterableDataset: give a function that starts a new pass, such as lambda: "
                f"iter(rows); got {type(passes).__name__}, which may be used up after one pass"
            )
        if rows is not None:
            check_whole("IterableDataset", "rows", rows)
        self.passes = passes
        self.rows = rows

    def batches(self, size: int, *, skip: int, drop_last: bool) -> Iterator[list[Sequence[Any]]]:
        """Lists of `size` rows, the last perhaps shorter, without the first `skip` lists."""
        begun: Any = self.passes()
        if not isinstance(begun, Iterable):
            raise TypeError(
                "IterableDataset: the function must return the rows of a pass, an iterable; it "
                f"returned {type(begun).__name__}"
            )
        rows = islice(iter(begun), skip * size, None)
        while batch := list(islice(rows, size)):
            if len(batch) == size or not drop_last:
                yield batch


def stack_rows(rows: Sequence[Sequence[Any]], dtype: DTypeLike) -> tuple[Array, ...]:
    """Arrays of the rows' first elements, of their second, and so on.

    Raises
    ------
    TypeError
        A row is not a tuple.
    ShapeError
        The rows differ in how many elements they have, or these in their shapes.

    Examples
    --------
    >>> stack_rows([(1.0, 0), (2.0, 1)], np.float32)
    (array([1., 2.], dtype=float32), array([0, 1]))
    """
    for row in rows:
        if not isinstance(row, tuple | list | np.ndarray):
            raise TypeError(
                "IterableDataset: a row is a tuple, such as (input, target); got "
                f"{type(row).__name__}"
            )
        if len(row) != len(rows[0]):
            raise ag.ShapeError(
                "IterableDataset: the rows of a batch must have as many elements each; got rows "
                f"of {len(rows[0])} and of {len(row)}"
            )
    return tuple(
        cast(_stacked(position, column), dtype)
        for position, column in enumerate(zip(*rows, strict=True))
    )


def _stacked(position: int, column: Sequence[Any]) -> Array:
    try:
        return np.stack(column)
    except ValueError as error:
        shapes = list(dict.fromkeys(np.shape(value) for value in column))
        raise ag.ShapeError(
            f"IterableDataset: element {position} of a batch's rows has shapes {shapes[0]} and "
            f"{shapes[1]}; a batch needs one. Pad them, or give the Loader collate="
        ) from error
