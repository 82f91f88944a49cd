"""Products that sum over an axis: matmul, dot, and the affine map of a layer."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from ..dispatch import _refuse_out
from ..errors import ShapeError, describe
from ..primitive import derived, example, primitive


def _matmul_x(g: Any, x_shape: Any, y: Any) -> Any:
    """G yᵀ; where an operand is a vector, with its missing axis put back."""
    if y.ndim == 1:
        return g[..., None] * y if g.ndim else g * y
    if len(x_shape) == 1:
        return np.matmul(y, g[..., None])[..., 0]
    return np.matmul(g, np.swapaxes(y, -1, -2))


def _matmul_y(g: Any, x: Any, y_shape: Any) -> Any:
    """xᵀ g; where an operand is a vector, with its missing axis put back."""
    if x.ndim == 1:
        if len(y_shape) == 1:
            return g * x
        return x[:, None] * g[..., None, :]
    if len(y_shape) == 1:
        return np.matmul(np.swapaxes(x, -1, -2), g[..., None])[..., 0]
    return np.matmul(np.swapaxes(x, -1, -2), g)


matmul = primitive(
    np.matmul,
    x=_matmul_x,
    y=_matmul_y,
    compute=operator.matmul,
    symbol="@",
    latex=r"{x} \, {y}",
    javascript="{x} * {y}",
    precedence=2,
    examples=[
        example((3, 4), (4, 2)),
        example((4,), (4, 2)),
        example((3, 4), (4,)),
        example((4,), (4,)),
        example((5, 3, 4), (4, 2)),
        example((5, 1, 3, 4), (2, 4, 3)),
        example((4,), (5, 4, 2)),
        example((5, 3, 4), (4,)),
        example((0, 4), (4, 2)),
    ],
)


@derived(np.dot)
def dot(a: Any, b: Any, out: Any = None) -> Any:
    """As ``numpy.dot``: matmul for vectors and matrices, a product for scalars."""
    if out is not None:
        _refuse_out(np.dot)
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return np.multiply(a, b)
    if np.ndim(b) <= 2:
        return matmul(a, b)
    first, inner, rest = np.shape(a)[:-1], np.shape(b)[-2], np.shape(b)[:-2] + np.shape(b)[-1:]
    rows = np.reshape(a, (math.prod(first), np.shape(a)[-1]))
    columns = np.reshape(np.moveaxis(b, -2, 0), (inner, math.prod(rest)))
    return np.reshape(matmul(rows, columns), first + rest)


def _linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """Affine map ``x @ weight.T + bias``, in one operation.

    Parameters
    ----------
    x : Tensor or array, shape (..., inputs)
    weight : Tensor or array, shape (outputs, inputs)
    bias : Tensor or array, shape (outputs,), optional

    Returns
    -------
    Tensor or array, shape (..., outputs)

    Raises
    ------
    ShapeError
        If the numbers of inputs or of outputs do not agree.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> w, b = ag.Tensor(np.eye(2)), ag.Tensor([0.5, -0.5])
    >>> ag.linear(np.array([[1.0, 2.0]]), w, b).data
    array([[1.5, 1.5]])
    """
    try:
        out = x.dot(weight.T) if x.ndim <= 2 else _rows_times(x, weight.T)
        if bias is None:
            return out
        if bias.shape != out.shape[-1:]:
            raise ValueError("the bias needs one number an output")
    except (ValueError, AttributeError) as error:
        raise ShapeError(
            "linear: x of shape (..., inputs) needs a weight of shape (outputs, inputs) with the"
            " same inputs, and a bias of shape (outputs,). Given:"
            f" {describe(x, 'x')}; {describe(weight, 'weight')}; {describe(bias, 'bias')}."
        ) from error
    if out.dtype is bias.dtype and type(out) is np.ndarray:
        return np.add(out, bias, out=out)  # the product is ours alone
    return out + bias


def _rows_times(x: Any, matrix: Any) -> Any:
    """The product of all rows at once: one call of BLAS, where `@` makes one a leading index."""
    rows = x.reshape(math.prod(x.shape[:-1]), x.shape[-1]).dot(matrix)
    return rows.reshape(*x.shape[:-1], matrix.shape[-1])


def _linear_weight(g: Any, x: Any) -> Any:
    """gᵀ x, over all leading axes: one outer product an example, summed."""
    if g.ndim == 2:
        return g.T.dot(x)
    if g.ndim == 1:
        return g[:, None] * x
    return g.reshape(-1, g.shape[-1]).T @ x.reshape(-1, x.shape[-1])


linear = primitive(
    _linear,
    x=lambda g, weight: g.dot(weight) if g.ndim <= 2 else _rows_times(g, weight),
    weight=_linear_weight,
    bias=lambda g: g,
    name="linear",
    latex=r"{x} \, {weight}^T + {bias}",
    javascript="{x} * {weight} + ({bias} ?? 0)",
    precedence=1,
    examples=[
        example((5, 3), (2, 3), (2,)),
        example((3,), (2, 3), (2,)),
        example((2, 4, 3), (2, 3), (2,)),
        example((5, 3), (2, 3), None),
    ],
)
