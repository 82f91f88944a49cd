"""Diagonals and triangles of matrices: diagonal, diag, trace, tril, triu."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ..backend import written
from ..dispatch import _refuse_out
from ..errors import ShapeError, describe
from ..primitive import derived, example, primitive
from .reduction import canonical_axes
from .shape import as_operand, ravel


def _axes(x: Any, offset: Any, axis1: int, axis2: int) -> dict[str, Any]:
    if np.ndim(x) < 2:
        raise ShapeError(
            f"a diagonal is of a matrix, and {describe(x)} has {np.ndim(x)} axes. np.diag(v) makes"
            " a diagonal matrix of a vector."
        )
    first, second = canonical_axes((axis1, axis2), np.ndim(x), x)
    return {"offset": operator.index(offset), "axis1": first, "axis2": second}


def _diagonal_door(
    a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1
) -> tuple[Any, dict[str, Any]]:
    return (a,), _axes(a, offset, axis1, axis2)


def _embed_diagonal(x: Any, shape: Any, offset: int, axis1: int, axis2: int) -> Any:
    """Zeros of `shape` with `x` on the diagonal: the transpose of reading the diagonal."""
    rows = np.arange(x.shape[-1]) - min(offset, 0)

    def fill(result: Any, x: Any) -> None:
        np.moveaxis(result, (axis1, axis2), (-2, -1))[..., rows, rows + offset] = x

    return written(shape, x, fill)


embed_diagonal: Any = primitive(
    _embed_diagonal,
    lambda g, offset, axis1, axis2: np.diagonal(g, offset, axis1, axis2),
    name="embed_diagonal",
    symbol="diag",
    latex=r"\operatorname{{diag}}({x})",
    keywords=["shape", "offset", "axis1", "axis2"],
    door=lambda x, shape, offset=0, axis1=0, axis2=1: (
        (x,),
        {"shape": shape, "offset": offset, "axis1": axis1, "axis2": axis2},
    ),
    examples=[
        example((3,), shape=(3, 3), offset=0, axis1=0, axis2=1),
        example((4, 2), shape=(3, 4, 3), offset=-1, axis1=0, axis2=2),
    ],
)

DIAGONAL: dict[str, Any] = {
    "keywords": ["offset", "axis1", "axis2"],
    "examples": [
        example((3, 3)),
        example((3, 4), offset=1),
        example((3, 4), offset=-2),
        example((2, 3, 4), offset=1, axis1=-1, axis2=0),
        example((2, 2), offset=5),
        example((0, 3)),
    ],
}

diagonal = primitive(
    np.diagonal,
    lambda g, x_shape, offset, axis1, axis2: embed_diagonal(g, x_shape, offset, axis1, axis2),
    door=_diagonal_door,
    view=True,
    latex=r"\operatorname{{diag}}({x})",
    **DIAGONAL,
)


def _trace_door(
    a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None
) -> tuple[Any, dict[str, Any]]:
    if out is not None:
        _refuse_out(np.trace)
    if dtype is not None:
        a = as_operand(a).astype(dtype)
    return (a,), _axes(a, offset, axis1, axis2)


def _trace_x(g: Any, x_shape: Any, offset: int, axis1: int, axis2: int) -> Any:
    length = min(x_shape[axis1] + min(offset, 0), x_shape[axis2] - max(offset, 0))
    spread = np.broadcast_to(np.expand_dims(g, -1), (*g.shape, max(length, 0)))
    return embed_diagonal(spread, x_shape, offset, axis1, axis2)


trace = primitive(
    np.trace,
    _trace_x,
    door=_trace_door,
    symbol="tr",
    latex=r"\operatorname{{tr}} {x}",
    precedence=2,
    **DIAGONAL,
)


@derived(np.diagflat)
def diagflat(v: Any, k: int = 0) -> Any:
    """As ``numpy.diagflat``: all elements on the diagonal of a matrix."""
    elements = ravel(as_operand(v))
    return embed_diagonal(elements, (elements.size + abs(k),) * 2, k)


@derived(np.diag)
def diag(v: Any, k: int = 0) -> Any:
    """As ``numpy.diag``: the diagonal of a matrix, or the matrix of a diagonal."""
    if np.ndim(v) not in (1, 2):
        raise ShapeError(
            f"it takes a vector or a matrix, not {describe(v)}. np.diagonal(x, axis1=-2, axis2=-1)"
            " is for stacks of matrices."
        )
    return diagflat(v, k) if np.ndim(v) == 1 else diagonal(v, k)


def _triangle_door(m: Any, k: int = 0) -> tuple[Any, dict[str, Any]]:
    if not np.ndim(m):
        raise ShapeError(f"a triangle is of a matrix, and {describe(m)} has no axes.")
    return (m,), {"k": operator.index(k)}


TRIANGLE: dict[str, Any] = {
    "keywords": ["k"],
    "door": _triangle_door,
    "examples": [
        example((3, 3)),
        example((3, 4), k=1),
        example((2, 4, 3), k=-1),
        example((3,), k=1),
        example((0, 2)),
    ],
}
# A vector is broadcast to a matrix, as NumPy does it; the engine sums its gradient back.
tril = primitive(
    np.tril, lambda g, k: np.tril(g, k), latex=r"\operatorname{{tril}}({x})", **TRIANGLE
)
triu = primitive(
    np.triu, lambda g, k: np.triu(g, k), latex=r"\operatorname{{triu}}({x})", **TRIANGLE
)
