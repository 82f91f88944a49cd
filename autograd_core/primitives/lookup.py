"""Rows of a table by number, as an embedding looks them up."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import DTypeError, ShapeError, describe
from ..primitive import example, primitive
from .operands import only_real


def _door(weight: Any, numbers: Any) -> tuple[Any, dict[str, Any]]:
    numbers = np.asarray(plain(numbers))
    if np.ndim(weight) != 2:
        raise ShapeError(
            "embedding: the table of vectors has shape (rows, width). Given:"
            f" {describe(weight, 'weight')}."
        )
    if numbers.dtype.kind not in "iu":
        raise DTypeError(
            "embedding: rows are looked up by whole numbers; these are"
            f" {numbers.dtype}. Convert them: numbers.astype(int)."
        )
    rows = np.shape(weight)[0]
    if numbers.size and (numbers.min() < 0 or numbers.max() >= rows):
        place = np.unravel_index(np.argmax((numbers < 0) | (numbers >= rows)), numbers.shape)
        raise ShapeError(
            f"embedding: {numbers[place]} (at {tuple(map(int, place))}) is outside 0..{rows - 1}:"
            f" the table has {rows} rows."
        )
    return (weight, numbers), {}


def _forward(weight: Any, numbers: Any) -> Any:
    """Rows of a table, by their numbers.

    Parameters
    ----------
    weight : Tensor or array, shape (rows, width)
    numbers : array of int, any shape (...)
        From 0 to ``rows - 1``.

    Returns
    -------
    Tensor or array, shape (..., width)
        ``weight[numbers]``. Where a number comes up several times, its gradients add up.

    Raises
    ------
    DTypeError
        If the numbers are not integers.
    ShapeError
        If one of them is out of range, or `weight` has not two axes.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> table = ag.Tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> out = ag.embedding(table, np.array([1, 1, 0]))
    >>> out.data
    array([[3., 4.],
           [3., 4.],
           [1., 2.]])
    >>> out.sum().backward()
    >>> table.grad
    array([[1., 1.],
           [2., 2.]])
    """
    only_real("embedding", weight)
    return np.take(weight, numbers, axis=0)


def _weight_rule(g: Any, numbers: Any, weight_shape: Any) -> Any:
    return gather_rows(g, numbers, rows=weight_shape[0])


def _gather(values: Any, numbers: Any, rows: int) -> Any:
    """The sum of the rows of `values` that have the same number, for every number.

    Sorted, those are next to each other: a third of the time of ``np.add.at``.
    """
    flat = values.reshape(numbers.size, values.shape[-1])
    numbers = numbers.ravel()
    order = np.argsort(numbers, kind="stable")
    present, starts = np.unique(numbers[order], return_index=True)
    total = np.zeros((rows, flat.shape[1]), values.dtype)
    if len(numbers):
        total[present] = np.add.reduceat(flat[order], starts, axis=0)
    return total


NUMBERS = np.array([[1, 0, 1], [3, 1, 3]])

embedding = primitive(
    _forward,
    weight=_weight_rule,
    numbers=None,
    name="embedding",
    door=_door,
    symbol="rows",
    latex=r"\operatorname{{rows}}_{{{numbers}}}\left({weight}\right)",
    examples=[
        example((4, 2), NUMBERS),
        example((5, 1), np.array([4, 0, 4])),
        example((3, 2), np.zeros((0,), int)),
    ],
)

gather_rows: Any = primitive(
    _gather,
    values=lambda g, numbers: np.take(g, numbers, axis=0),
    numbers=None,
    name="gather_rows",
    keywords=["rows"],
    symbol="Σ rows",
    latex=r"\operatorname{{gather}}\left({values}, {numbers}\right)",
    examples=[
        example((2, 3, 2), NUMBERS, rows=4),
        example((2, 3, 2), NUMBERS, rows=5),
    ],
)
