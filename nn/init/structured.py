"""Weights with a structure: orthogonal, the identity, sparse."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

import autograd_core as ag

from ..errors import check_generator
from .plain import Shape

__all__ = ["identity", "orthogonal", "sparse"]


def orthogonal(
    shape: Shape, rng: np.random.Generator, dtype: DTypeLike = np.float32, *, gain: float = 1.0
) -> NDArray[Any]:
    """Orthonormal rows (or columns, where there are more rows), times `gain`.

    A product of many such matrices neither grows nor vanishes: good for recurrent and deep nets.
    A shape of more than two axes is taken as (out, everything else).

    Notes
    -----
    Saxe, McClelland & Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep
    linear neural networks", ICLR 2014. The signs of R's diagonal are taken out, so that the
    matrix is uniformly distributed (Mezzadri, Notices of the AMS 54, 2007).

    Examples
    --------
    >>> import numpy as np
    >>> w = orthogonal((2, 3), np.random.default_rng(0), np.float64)
    >>> (w @ w.T).round(12) + 0.0
    array([[1., 0.],
           [0., 1.]])
    """
    check_generator("orthogonal", rng, needed=True)
    rows, columns = _as_matrix("orthogonal", shape)
    values = rng.normal(size=(max(rows, columns), min(rows, columns)))
    q, r = np.linalg.qr(values)
    q *= np.where(np.diagonal(r) < 0, -1.0, 1.0)
    matrix = q if rows >= columns else q.T
    return (gain * matrix).reshape(shape).astype(dtype)


def identity(
    shape: Shape,
    rng: np.random.Generator | None = None,
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    """The layer starts by passing on what it gets: ones on the diagonal.

    A convolution's weight (out, in, *window) gets them in the middle of the window.

    Examples
    --------
    >>> identity((2, 3))
    array([[1., 0., 0.],
           [0., 1., 0.]], dtype=float32)
    """
    check_generator("identity", rng)
    _as_matrix("identity", shape)
    values = np.zeros(shape, dtype)
    middle = tuple(length // 2 for length in shape[2:])
    for channel in range(min(shape[:2])):
        values[(channel, channel, *middle)] = 1
    return values


def sparse(
    shape: Shape,
    rng: np.random.Generator,
    dtype: DTypeLike = np.float32,
    *,
    connections: int = 15,
    std: float = 1.0,
) -> NDArray[Any]:
    """Each unit (row) gets this many normally distributed weights; the others are zero.

    Notes
    -----
    Martens, "Deep learning via Hessian-free optimization", ICML 2010, section 5.

    Examples
    --------
    >>> import numpy as np
    >>> (sparse((4, 100), np.random.default_rng(0)) != 0).sum(axis=1)
    array([15, 15, 15, 15])
    """
    check_generator("sparse", rng, needed=True)
    rows, columns = _as_matrix("sparse", shape)
    if not connections > 0:
        raise ValueError(f"sparse: connections must be at least 1; got {connections}")
    kept = min(connections, columns)
    values = np.zeros((rows, columns))
    places = np.argpartition(rng.random((rows, columns)), kept - 1, axis=1)[:, :kept]
    np.put_along_axis(values, places, rng.normal(0.0, std, (rows, kept)), axis=1)
    return values.reshape(shape).astype(dtype)


def _as_matrix(name: str, shape: Shape) -> tuple[int, int]:
    if len(shape) < 2:
        raise ag.ShapeError(
            f"{name}: shape {shape} is not that of a weight, (out, in) or (out, in, *window)"
        )
    return shape[0], math.prod(shape[1:])
