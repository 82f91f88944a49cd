"""The methods of ``numpy.ndarray`` about shape and selection, and those that work in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from .dispatch import operation, plain
from .errors import InPlaceError, NotDifferentiable, describe, raise_failed
from .modes import is_recording_now
from .unrecorded import OF_THE_ARRAY


class ArrayMethods:
    """Methods of :class:`~autograd_core.tensor.Tensor`, each one line to the operation."""

    __slots__ = ()

    _array: Any
    _node: Any
    _overwritten: Any
    data: Any

    if not TYPE_CHECKING:  # or no attribute of a Tensor would be checked

        def __getattr__(self, name: str) -> NoReturn:
            instead = OF_THE_ARRAY.get(name)
            hint = f": it has no place in a graph. Use {instead}" if instead else ""
            raise AttributeError(f"a Tensor has no attribute {name!r}{hint}", name=name, obj=self)

    def round(self, decimals: int = 0) -> Any:
        """As ``numpy.ndarray.round``: a plain array, for the derivative is 0."""
        return self._array.round(decimals)

    # ------------------------------------------------------------------ shape

    def reshape(self, *shape: Any, order: Any = "C", copy: Any = None) -> Any:
        """As ``numpy.ndarray.reshape``."""
        wanted = shape[0] if len(shape) == 1 else shape
        return operation.reshape(self, wanted, order=order, copy=copy)

    def ravel(self, order: Any = "C") -> Any:
        """As ``numpy.ndarray.ravel``."""
        return operation.ravel(self, order=order)

    def flatten(self, order: Any = "C") -> Any:
        """As ``numpy.ndarray.flatten``: never a view."""
        return operation.flatten(self, order=order)

    def transpose(self, *axes: Any) -> Any:
        """As ``numpy.ndarray.transpose``."""
        if not axes:
            return operation.transpose(self)
        return operation.transpose(self, axes[0] if len(axes) == 1 else axes)

    def swapaxes(self, axis1: int, axis2: int) -> Any:
        """As ``numpy.ndarray.swapaxes``."""
        return operation.swapaxes(self, axis1, axis2)

    def squeeze(self, axis: Any = None) -> Any:
        """As ``numpy.ndarray.squeeze``."""
        return operation.squeeze(self, axis=axis)

    def astype(
        self,
        dtype: Any,
        order: Any = "K",
        casting: Any = "unsafe",
        subok: bool = True,  # noqa: ARG002 - by position before copy, as NumPy has it
        copy: bool = True,
    ) -> Any:
        """As ``numpy.ndarray.astype``; to integers or booleans the history ends."""
        return operation.astype(self, dtype, order=order, casting=casting, copy=copy)

    def copy(self, order: Any = "C") -> Any:
        """A recorded copy, as ``numpy.ndarray.copy``."""
        return operation.copy(self, order=order)

    def view(self, dtype: Any = None) -> Any:
        """The same elements as a Tensor of its own; not for another dtype."""
        if dtype is not None and np.dtype(dtype) != self._array.dtype:
            raise NotDifferentiable(
                f"t.view({dtype}) reads the bytes of a Tensor of {self._array.dtype} as other"
                " numbers, which has no derivative. Use t.astype(dtype) to convert the numbers."
            )
        return operation.getitem(self, Ellipsis)

    # ------------------------------------------------------------------ selection

    def take(self, indices: Any, axis: Any = None, out: Any = None, mode: str = "raise") -> Any:
        """As ``numpy.ndarray.take``."""
        return operation.take(self, indices, axis, out, mode)

    def compress(self, condition: Any, axis: Any = None, out: Any = None) -> Any:
        """As ``numpy.ndarray.compress``."""
        return operation.compress(condition, self, axis, out)

    def choose(self, choices: Any, out: Any = None, mode: str = "raise") -> Any:
        """As ``numpy.ndarray.choose``: this Tensor, of integers, is the index."""
        return operation.choose(self, choices, out, mode)

    def repeat(self, repeats: Any, axis: Any = None) -> Any:
        """As ``numpy.ndarray.repeat``."""
        return operation.repeat(self, repeats, axis)

    def diagonal(self, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
        """As ``numpy.ndarray.diagonal``."""
        return operation.diagonal(self, offset, axis1, axis2)

    def trace(
        self, offset: int = 0, axis1: int = 0, axis2: int = 1, dtype: Any = None, out: Any = None
    ) -> Any:
        """As ``numpy.ndarray.trace``."""
        return operation.trace(self, offset, axis1, axis2, dtype, out)

    def argpartition(self, kth: Any, axis: Any = -1, **keywords: Any) -> Any:
        """As ``numpy.ndarray.argpartition``: a plain array."""
        return self._array.argpartition(kth, axis, **keywords)

    def nonzero(self) -> Any:
        """As ``numpy.ndarray.nonzero``: plain arrays."""
        return self._array.nonzero()

    def searchsorted(self, v: Any, side: Any = "left", sorter: Any = None) -> Any:
        """As ``numpy.ndarray.searchsorted``: a plain array."""
        return self._array.searchsorted(plain(v), side, plain(sorter))

    # ------------------------------------------------------------------ in place

    def sort(self, axis: int = -1, kind: Any = None, order: Any = None, **keywords: Any) -> None:
        """Sort in place, where that is allowed; ``np.sort(t)`` is recorded."""
        self._overwrite("sort", "np.sort(t)", axis, kind, order, **keywords)

    def partition(self, kth: Any, axis: int = -1, kind: Any = "introselect") -> None:
        """Partition in place, where that is allowed; ``np.partition(t, kth)`` is recorded."""
        self._overwrite("partition", "np.partition(t, kth)", kth, axis, kind)

    def fill(self, value: Any) -> None:
        """Fill in place, where that is allowed; ``np.full_like(t, value)`` is recorded."""
        self._overwrite("fill", "np.full_like(t, value)", value)

    def put(self, indices: Any, values: Any, mode: Any = "raise") -> None:
        """Put in place, where that is allowed; ``ag.index_update`` is recorded."""
        self._overwrite("put", "ag.index_update(t, index, values)", indices, values, mode)

    def resize(self, *new_shape: Any, **_: Any) -> NoReturn:
        """Not to be had in place; ``np.resize(t, new_shape)`` is recorded."""
        shape = new_shape[0] if len(new_shape) == 1 else new_shape
        raise InPlaceError(
            f"t.resize(...) would change the shape of a Tensor in place ({describe(self)}). Use"
            f" np.resize(t, {shape}) or t.reshape({shape}), which return a new one."
        )

    def _overwrite(self, method: str, instead: str, *args: Any, **keywords: Any) -> None:
        """Call NumPy's `method`, which works in place, unless a graph may need the values."""
        node = self._node
        recording = is_recording_now() and any(getattr(a, "_node", None) is not None for a in args)
        if recording or (node is not None and (is_recording_now() or node.op is not None)):
            raise InPlaceError(
                f"t.{method}(...) works in place, on a Tensor that records or with one"
                f" ({describe(self)}): its graph would no longer be true. Use {instead}, which"
                " returns a new Tensor. To change a parameter, do it under `with ag.no_grad():`."
            )
        array = np.array(self._array) if isinstance(self._array, np.generic) else self._array
        try:
            getattr(array, method)(*map(plain, args), **keywords)
        except (ValueError, TypeError, IndexError) as error:
            raise_failed(f"t.{method}", ("t",), (self, *args), error)
        if array is self._array:
            self._overwritten()
        else:
            self.data = array[()]
