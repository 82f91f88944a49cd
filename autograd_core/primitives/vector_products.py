"""Products of vectors with vectors and matrices: vecdot, matvec, vecmat.

``np.matmul`` in which no operand has to be guessed a vector: the last axis (of a matrix, the last
two) is what is summed over, all others broadcast. As in NumPy, the left vector is conjugated.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..primitive import derived, example, primitive


def _conjugate(x: Any) -> Any:
    """Without a copy of what is real."""
    return np.conjugate(x) if x.dtype.kind == "c" else x


# |x⟩ ↦ ⟨x, y⟩ is antilinear, so its derivative is conjugated as a whole.
vecdot = primitive(
    np.vecdot,
    x=lambda g, y: _conjugate(g[..., None] * y),
    y=lambda g, x: g[..., None] * _conjugate(x),
    symbol="⋅",
    latex=r"{x}^* {y}",
    precedence=2,
    examples=[
        example((3,), (3,)),
        example((2, 3), (3,)),
        example((2, 1, 3), (4, 3)),
        example((2, 0), (2, 0)),
    ],
)


@derived(np.linalg.vecdot, name="linalg_vecdot")
def vecdot_along(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """As ``numpy.linalg.vecdot``."""
    return vecdot(np.moveaxis(x1, axis, -1), np.moveaxis(x2, axis, -1))


if hasattr(np, "matvec"):  # NumPy 2.2
    matvec = primitive(
        np.matvec,
        x=lambda g, y: g[..., :, None] * y[..., None, :],
        y=lambda g, x: np.matvec(np.swapaxes(x, -1, -2), g),
        symbol="@",
        latex=r"{x} \, {y}",
        precedence=2,
        examples=[
            example((2, 3), (3,)),
            example((4, 2, 3), (3,)),
            example((2, 3), (4, 3)),
            example((5, 1, 2, 3), (4, 3)),
            example((0, 3), (3,)),
        ],
    )
    vecmat = primitive(
        np.vecmat,
        x=lambda g, y: _conjugate(np.matvec(y, g)),
        y=lambda g, x: _conjugate(x)[..., :, None] * g[..., None, :],
        symbol="@",
        latex=r"{x}^* \, {y}",
        precedence=2,
        examples=[
            example((2,), (2, 3)),
            example((4, 2), (2, 3)),
            example((2,), (4, 2, 3)),
            example((4, 2), (5, 1, 2, 3)),
            example((2,), (2, 0)),
        ],
    )
