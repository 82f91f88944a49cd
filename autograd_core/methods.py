"""What makes a Tensor feel like an array: the attributes and methods of ``numpy.ndarray``.

Each is one line to the operation of that name, or plain NumPy where there is no derivative.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .array_methods import ArrayMethods
from .dispatch import operation


class Methods(ArrayMethods):
    """Attributes and methods of :class:`~autograd_core.tensor.Tensor` that NumPy's arrays have."""

    __slots__ = ()

    _array: Any

    # ------------------------------------------------------------------ shape

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes of the axes."""
        return self._array.shape  # type: ignore[no-any-return]

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self._array.ndim  # type: ignore[no-any-return]

    @property
    def size(self) -> int:
        """Number of elements."""
        return self._array.size  # type: ignore[no-any-return]

    @property
    def nbytes(self) -> int:
        """Bytes that the elements take."""
        return self._array.nbytes  # type: ignore[no-any-return]

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the elements."""
        return self._array.dtype  # type: ignore[no-any-return]

    @property
    def T(self) -> Any:  # noqa: N802 - NumPy's name
        """All axes reversed."""
        return operation.transpose(self)

    @property
    def mT(self) -> Any:  # noqa: N802 - NumPy's name
        """The last two axes exchanged."""
        return operation.swapaxes(self, -1, -2)

    @property
    def real(self) -> Any:
        """The real part."""
        return operation.real(self)

    @property
    def imag(self) -> Any:
        """The imaginary part."""
        return operation.imag(self)

    # ------------------------------------------------------------------ reduction

    def sum(self, axis: Any = None, *rest: Any, **keywords: Any) -> Any:
        """As ``numpy.ndarray.sum``."""
        return operation.sum(self, axis, *rest, **keywords)

    def mean(self, axis: Any = None, *rest: Any, **keywords: Any) -> Any:
        """As ``numpy.ndarray.mean``."""
        return operation.mean(self, axis, *rest, **keywords)

    def prod(self, axis: Any = None, *rest: Any, **keywords: Any) -> Any:
        """As ``numpy.ndarray.prod``."""
        return operation.prod(self, axis, *rest, **keywords)

    def max(self, axis: Any = None, *rest: Any, **keywords: Any) -> Any:
        """As ``numpy.ndarray.max``; ties share the gradient equally."""
        return operation.max(self, axis, *rest, **keywords)

    def min(self, axis: Any = None, *rest: Any, **keywords: Any) -> Any:
        """As ``numpy.ndarray.min``; ties share the gradient equally."""
        return operation.min(self, axis, *rest, **keywords)

    def var(self, axis: Any = None, *rest: Any, **keywords: Any) -> Any:
        """As ``numpy.ndarray.var``."""
        return operation.var(self, axis, *rest, **keywords)

    def std(self, axis: Any = None, *rest: Any, **keywords: Any) -> Any:
        """As ``numpy.ndarray.std``."""
        return operation.std(self, axis, *rest, **keywords)

    def cumsum(self, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        """As ``numpy.ndarray.cumsum``."""
        return operation.cumsum(self, axis, dtype, out)

    def cumprod(self, axis: Any = None, dtype: Any = None, out: Any = None) -> Any:
        """As ``numpy.ndarray.cumprod``."""
        return operation.cumprod(self, axis, dtype, out)

    def argmax(self, axis: Any = None, **keywords: Any) -> Any:
        """As ``numpy.ndarray.argmax``: a plain array."""
        return self._array.argmax(axis=axis, **keywords)

    def argmin(self, axis: Any = None, **keywords: Any) -> Any:
        """As ``numpy.ndarray.argmin``: a plain array."""
        return self._array.argmin(axis=axis, **keywords)

    def argsort(self, axis: Any = -1, **keywords: Any) -> Any:
        """As ``numpy.ndarray.argsort``: a plain array."""
        return self._array.argsort(axis=axis, **keywords)

    def all(self, axis: Any = None, **keywords: Any) -> Any:
        """As ``numpy.ndarray.all``: a plain array."""
        return self._array.all(axis=axis, **keywords)

    def any(self, axis: Any = None, **keywords: Any) -> Any:
        """As ``numpy.ndarray.any``: a plain array."""
        return self._array.any(axis=axis, **keywords)

    def tolist(self) -> Any:
        """The values as nested Python lists, outside the graph."""
        return self._array.tolist()

    # ------------------------------------------------------------------ elementwise and products

    def dot(self, other: Any) -> Any:
        """As ``numpy.ndarray.dot``."""
        return operation.dot(self, other)

    def clip(self, min: Any = None, max: Any = None, **keywords: Any) -> Any:
        """As ``numpy.ndarray.clip``."""
        return operation.clip(self, min, max, **keywords)

    def conjugate(self) -> Any:
        """The complex conjugate."""
        return operation.conjugate(self)

    conj = conjugate

    def abs(self) -> Any:
        """``np.abs(t)``."""
        return operation.absolute(self)

    def exp(self) -> Any:
        """``np.exp(t)``."""
        return operation.exp(self, 2)

    def log(self) -> Any:
        """``np.log(t)``."""
        return operation.log(self, 2)

    def sqrt(self) -> Any:
        """``np.sqrt(t)``."""
        return operation.sqrt(self, 2)

    def sin(self) -> Any:
        """``np.sin(t)``."""
        return operation.sin(self, 2)

    def cos(self) -> Any:
        """``np.cos(t)``."""
        return operation.cos(self, 2)

    def tanh(self) -> Any:
        """``np.tanh(t)``."""
        return operation.tanh(self, 2)

    def relu(self) -> Any:
        """``ag.relu(t)``."""
        return operation.relu(self, 2)

    def sigmoid(self) -> Any:
        """``ag.sigmoid(t)``."""
        return operation.sigmoid(self, 2)

    def softplus(self) -> Any:
        """``ag.softplus(t)``."""
        return operation.softplus(self, 2)

    def softmax(self, axis: int = -1) -> Any:
        """``ag.softmax(t, axis)``."""
        return operation.softmax(self, axis=axis)
