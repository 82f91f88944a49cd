"""What is determined of eigenvectors, singular vectors and their like.

LAPACK is free to choose the phase (for real numbers, the sign) of such a vector, and the basis of
a complement. NumPy's values for two matrices close to each other need not be close, so the checks
by differences look at functions of them that do not depend on the choice.
"""

from collections.abc import Callable
from typing import Any

import numpy as np


def determined(name: str, outputs: Any) -> Any:
    """The outputs of the primitive called `name`; of free ones, functions that are determined."""
    return DETERMINED[name](*outputs) if name in DETERMINED else outputs


def _weights(vectors: Any) -> Any:
    return np.cos(np.arange(vectors.shape[-1]), dtype=np.finfo(vectors.dtype).dtype)


def _adjoint(x: Any) -> Any:
    return np.conjugate(np.swapaxes(x, -1, -2))


def _projector(vectors: Any, weights: Any) -> Any:
    return np.matmul(vectors * weights, _adjoint(vectors))


def _eigh(values: Any, vectors: Any) -> list[Any]:
    return [values, _projector(vectors, _weights(vectors))]


def _eig(values: Any, vectors: Any) -> list[Any]:
    lengths = np.real(vectors * np.conjugate(vectors))
    return [values, lengths, np.matmul(vectors * _weights(vectors), np.linalg.inv(vectors))]


def _svd(u: Any, values: Any, vh: Any) -> list[Any]:
    count = values.shape[-1]
    weights = _weights(values)
    joint = np.matmul(u[..., :count] * weights, vh[..., :count, :])
    v = _adjoint(vh)
    return [values, joint, *(_spans(x, count) for x in (u, v))]


def _spans(vectors: Any, count: int) -> Any:
    """A sum of projectors that tells the first `count` vectors apart, but not the others."""
    weights = _weights(vectors)
    return _projector(vectors, np.where(np.arange(len(weights)) < count, weights, weights[-1]))


def _qr(q: Any, r: Any) -> list[Any]:
    """Where Q has more columns than needed, R ends in rows of zeros."""
    count = min(r.shape[-2:])
    return [q[..., :count], r, _projector(q[..., count:], _weights(q[..., count:]) ** 0)]


#: Functions of the outputs of a primitive that do not depend on what LAPACK is free to choose.
DETERMINED: dict[str, Callable[..., list[Any]]] = {
    "eigh": _eigh,
    "eig": _eig,
    "svd": _svd,
    "qr": _qr,
}
