"""Products of several matrices: powers and chains."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ..dispatch import _refuse_out
from ..errors import LinearAlgebraError, ShapeError, describe
from ..primitive import derived


@derived(np.linalg.matrix_power)
def matrix_power(a: Any, n: Any) -> Any:
    """As ``numpy.linalg.matrix_power``: by repeated squaring; of exponent 0 it is constant."""
    n, shape = operator.index(n), np.shape(a)
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise LinearAlgebraError(
            f"matrix_power: it takes square matrices, in the last two axes, not {describe(a)}."
        )
    if n == 0:
        return np.broadcast_to(np.eye(shape[-1], dtype=a.dtype), shape).copy()
    if n < 0:
        a, n = np.linalg.inv(a), -n
    if n == 3:
        return np.matmul(np.matmul(a, a), a)
    result, square = None, a
    while n:
        n, odd = divmod(n, 2)
        if odd:
            result = square if result is None else np.matmul(result, square)
        if n:
            square = np.matmul(square, square)
    return result


@derived(np.linalg.multi_dot)
def multi_dot(arrays: Any, *, out: Any = None) -> Any:
    """As ``numpy.linalg.multi_dot``: in the order that takes the fewest multiplications."""
    if out is not None:
        _refuse_out(np.linalg.multi_dot)
    arrays = list(arrays)
    if len(arrays) < 2:
        raise ShapeError("multi_dot: it multiplies at least two arrays.")
    if len(arrays) == 2:
        return np.dot(*arrays)
    first, last = np.ndim(arrays[0]) == 1, np.ndim(arrays[-1]) == 1
    if first:
        arrays[0] = np.reshape(arrays[0], (1, -1))
    if last:
        arrays[-1] = np.reshape(arrays[-1], (-1, 1))
    for matrix in arrays:
        if np.ndim(matrix) != 2:
            raise ShapeError(
                "multi_dot: matrices in the middle, vectors or matrices at the ends. Given:"
                f" {describe(arrays)}."
            )
    result = _chain(arrays, _cuts([*[np.shape(m)[0] for m in arrays], np.shape(arrays[-1])[1]]))
    shape = np.shape(result)[first : 2 - last]
    return np.reshape(result, shape) if first or last else result


def _cuts(sizes: list[int]) -> dict[tuple[int, int], int]:
    """Where to cut each part of the chain last (Cormen et al., "Introduction to Algorithms")."""
    count = len(sizes) - 1
    cost: dict[tuple[int, int], float] = {(i, i): 0 for i in range(count)}
    cuts = {}
    for length in range(1, count):
        for i in range(count - length):
            j = i + length
            cost[i, j] = float("inf")
            for k in range(i, j):
                total = cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1]
                if total < cost[i, j]:
                    cost[i, j], cuts[i, j] = total, k
    return cuts


def _chain(arrays: list[Any], cuts: dict[tuple[int, int], int], i: int = 0, j: int = -1) -> Any:
    j = j % len(arrays)
    if i == j:
        return arrays[i]
    k = cuts[i, j]
    return np.matmul(_chain(arrays, cuts, i, k), _chain(arrays, cuts, k + 1, j))
