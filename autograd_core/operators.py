"""What makes a Tensor feel like a number: Python's operators, comparisons and conversions.

Each is one line to the operation of that name, or plain NumPy where there is no derivative.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import numpy as np

from .dispatch import operation, plain
from .errors import DTypeError, InPlaceError, ShapeError, describe, raise_failed
from .modes import is_recording_now


class Operators:
    """Operators of :class:`~autograd_core.tensor.Tensor`."""

    __slots__ = ()

    _array: Any
    data: Any
    shape: Any
    _node: Any
    _overwritten: Any

    # ------------------------------------------------------------------ arithmetic
    # The number at the end says how many frames up the user's line is.

    def __add__(self, other: Any) -> Any:
        return operation.add(self, other, 2)

    def __radd__(self, other: Any) -> Any:
        return operation.add(other, self, 2)

    def __sub__(self, other: Any) -> Any:
        return operation.subtract(self, other, 2)

    def __rsub__(self, other: Any) -> Any:
        return operation.subtract(other, self, 2)

    def __mul__(self, other: Any) -> Any:
        return operation.multiply(self, other, 2)

    def __rmul__(self, other: Any) -> Any:
        return operation.multiply(other, self, 2)

    def __truediv__(self, other: Any) -> Any:
        return operation.divide(self, other, 2)

    def __rtruediv__(self, other: Any) -> Any:
        return operation.divide(other, self, 2)

    def __pow__(self, other: Any) -> Any:
        return operation.power(self, other, 2)

    def __rpow__(self, other: Any) -> Any:
        return operation.power(other, self, 2)

    def __matmul__(self, other: Any) -> Any:
        return operation.matmul(self, other, 2)

    def __rmatmul__(self, other: Any) -> Any:
        return operation.matmul(other, self, 2)

    def __mod__(self, other: Any) -> Any:
        return operation.remainder(self, other, 2)

    def __rmod__(self, other: Any) -> Any:
        return operation.remainder(other, self, 2)

    def __divmod__(self, other: Any) -> Any:
        return operation.divmod(self, other)

    def __rdivmod__(self, other: Any) -> Any:
        return operation.divmod(other, self)

    def __neg__(self) -> Any:
        return operation.negative(self, 2)

    def __pos__(self) -> Any:
        return operation.positive(self, 2)

    def __abs__(self) -> Any:
        return operation.absolute(self, 2)

    def __floordiv__(self, other: Any) -> Any:
        return self._array // plain(other)

    def __rfloordiv__(self, other: Any) -> Any:
        return plain(other) // self._array

    # ------------------------------------------------------------------ in place

    def __iadd__(self, other: Any) -> Any:
        return self._change("+=", operation.add, np.add, other)

    def __isub__(self, other: Any) -> Any:
        return self._change("-=", operation.subtract, np.subtract, other)

    def __imul__(self, other: Any) -> Any:
        return self._change("*=", operation.multiply, np.multiply, other)

    def __itruediv__(self, other: Any) -> Any:
        return self._change("/=", operation.divide, np.true_divide, other)

    def __ipow__(self, other: Any) -> Any:
        return self._change("**=", operation.power, np.power, other)

    def __imatmul__(self, other: Any) -> Any:
        return self._change("@=", operation.matmul, np.matmul, other)

    def __imod__(self, other: Any) -> Any:
        return self._change("%=", operation.remainder, np.remainder, other)

    def __ifloordiv__(self, other: Any) -> Any:
        return self._change("//=", _floor_divide, np.floor_divide, other)

    def _change(self, symbol: str, record: Any, compute: Any, other: Any) -> Any:
        """``t += other``: a new node for a result; in place for a leaf under ``no_grad``."""
        node = self._node
        if node is not None and node.op is not None:
            return record(self, other, 3)
        if is_recording_now():
            if node is not None:
                self._refuse_in_place(f"t {symbol} value")
            if getattr(other, "_node", None) is not None:
                return record(self, other, 3)
        value = plain(other)
        try:
            if isinstance(self._array, np.ndarray):
                compute(self._array, value, out=self._array, casting="same_kind")
                self._overwritten()
            else:
                self.data = self._array.dtype.type(compute(self._array, value))
        except (ValueError, TypeError) as error:
            raise_failed(symbol, ("t", "value"), (self, other), error)
        return self

    def __setitem__(self, index: Any, value: Any) -> None:
        node = self._node
        if node is not None and (is_recording_now() or node.op is not None):
            self._refuse_in_place("t[index] = value")
        if getattr(value, "_node", None) is not None and is_recording_now():
            raise InPlaceError(
                "t[index] = value: the value records but t does not, so its gradient would be lost."
                " Use ag.index_update(t, index, value), which returns a new Tensor."
            )
        try:
            if isinstance(self._array, np.generic):  # t[...] = value of a scalar
                scalar = np.array(self._array)
                scalar[plain(index)] = plain(value)
                self.data = scalar[()]
                return
            self._array[plain(index)] = plain(value)
        except (ValueError, TypeError, IndexError) as error:
            raise_failed("t[index] = value", ("t", "value"), (self, value), error)
        self._overwritten()

    def _refuse_in_place(self, what: str) -> NoReturn:
        raise InPlaceError(
            f"{what} on a Tensor that records ({describe(self)}) would change values its graph"
            " still needs. To update a parameter, do it under `with ag.no_grad():`; inside an"
            " expression use t = t + value, np.where(condition, a, b), or"
            " ag.index_update(t, index, value)."
        )

    # ------------------------------------------------------------------ comparison: plain arrays

    def _compare(self, compare: Callable[[Any, Any], Any], other: Any) -> Any:
        try:
            return compare(self._array, plain(other))
        except (ValueError, TypeError) as error:
            raise_failed(compare.__name__, ("x", "y"), (self, other), error)

    def __eq__(self, other: object) -> Any:
        return self._compare(operator.eq, other)

    def __ne__(self, other: object) -> Any:
        return self._compare(operator.ne, other)

    def __lt__(self, other: Any) -> Any:
        return self._compare(operator.lt, other)

    def __le__(self, other: Any) -> Any:
        return self._compare(operator.le, other)

    def __gt__(self, other: Any) -> Any:
        return self._compare(operator.gt, other)

    def __ge__(self, other: Any) -> Any:
        return self._compare(operator.ge, other)

    def __hash__(self) -> int:
        return object.__hash__(self)

    # ------------------------------------------------------------------ Python's conversions

    def __bool__(self) -> bool:
        if self._array.size != 1:
            raise ShapeError(
                f"A Tensor of shape {self.shape} is neither true nor false as a whole. Ask for"
                " np.all(t > 0), np.any(t > 0), or t.size."
            )
        return bool(self._array)

    def _number(self, wanted: str) -> Any:
        if self._array.size != 1:
            raise DTypeError(
                f"{wanted}() needs exactly one element, not {describe(self)}. Reduce it first,"
                " for example with t.sum(), or take one element: t[0]."
            )
        return self._array.item()

    def __float__(self) -> float:
        return float(self._number("float"))

    def __int__(self) -> int:
        return int(self._number("int"))

    def __complex__(self) -> complex:
        return complex(self._number("complex"))

    def __index__(self) -> int:
        if self._array.dtype.kind not in "iu" or self._array.ndim:
            raise DTypeError(f"Only an integer scalar can be an index, not {describe(self)}.")
        return int(self._array)

    def __len__(self) -> int:
        if not self._array.ndim:
            raise DTypeError("len() of a scalar Tensor: it has no axes. Its size is 1.")
        return len(self._array)

    def __iter__(self) -> Iterator[Any]:
        if not self._array.ndim:
            raise DTypeError("A scalar Tensor cannot be iterated over; use it as it is.")
        return (self[i] for i in range(len(self._array)))

    def __contains__(self, value: Any) -> bool:
        return bool(np.any(self._array == plain(value)))

    def __getitem__(self, index: Any) -> Any:
        return operation.getitem(self, index)

    def __format__(self, spec: str) -> str:
        if spec and self._array.size == 1:
            return format(self._array.item(), spec)
        return format(str(self), spec)

    def __repr__(self) -> str:
        kind = type(self).__name__
        text = np.array2string(np.asarray(self._array), separator=", ", prefix=f"{kind}(")
        parts = [text]
        if self._array.dtype != np.float64:
            parts.append(f"dtype={self._array.dtype}")
        name = getattr(self, "_name", None)
        if name is not None:
            parts.append(f"name={name!r}")
        node = self._node
        if node is None:
            if self._array.dtype.kind in "fc":
                parts.append("requires_grad=False")
        elif node.op is not None:
            parts.append(f"op={node.op.name}")
        return f"{kind}({', '.join(parts)})"


def _floor_divide(x: Any, y: Any, _depth: int) -> Any:
    """``x // y`` of a result: a plain array, as of any ``//`` (its derivative is 0)."""
    return x // y
