"""An array that remembers in symbols what was computed with it.

A local derivative is called on these instead of on numbers. Each operation computes the value as
NumPy would, and beside it the formula; comparisons and ``np.where``, through which a Tensor would
only let numbers pass, are in the formula as well.
"""

# ruff: noqa: D102, N802 - the methods are those of an array, by their names there

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd_core.dispatch import RECORDED, adopt

from .symbols import Call, Expression, Number

__all__ = ["Traced", "expression_of"]

#: What says something about an array rather than computing with its elements.
ABOUT = {np.shape, np.ndim, np.size, np.result_type, np.iscomplexobj, np.isrealobj}
ABOUT |= {np.can_cast, np.common_type, np.min_scalar_type, np.zeros_like, np.ones_like}


class Traced(NDArrayOperatorsMixin):
    """A value with the formula that gave it.

    Parameters
    ----------
    value : array or number
    expression : Expression
    branches : list
        Shared by one trace: whatever asks a formula for its truth or its number is noted here.

    Examples
    --------
    >>> from autograd_core.visualize.symbols import Symbol
    >>> x = Traced(3.0, Symbol("0", "x"), [])
    >>> y = np.where(x > 0, 2 * x, 0)
    >>> y.value, y.expression.name, y.expression.operands[0].name
    (array(6.), 'where', 'greater')
    """

    __array_priority__ = 2000.0  # before a Tensor's

    def __init__(self, value: Any, expression: Expression, branches: list[str]) -> None:
        self.value = value if hasattr(value, "shape") else np.asarray(value)[()]
        self.expression = expression
        self.branches = branches

    def __repr__(self) -> str:
        return f"Traced({self.value!r}, {self.expression!r})"

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        if method != "__call__" or "out" in keywords:
            return NotImplemented
        return self._apply(ufunc, inputs, keywords)

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: Any, keywords: Any
    ) -> Any:
        if function in ABOUT:
            return function(*plain(args), **plain(keywords))
        return self._apply(function, args, keywords)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise TypeError("A formula would be lost here: this is not an array.")

    def _apply(self, function: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        value = function(*plain(args), **plain(keywords))
        name, operands, others = _described(function, args, keywords)
        return self._wrapped(value, Call(name, tuple(map(expression_of, operands)), others))

    def _wrapped(self, value: Any, expression: Expression) -> Any:
        if isinstance(value, tuple | list):
            return type(value)(
                self._wrapped(part, Call("output", (expression,), (("index", index),)))
                for index, part in enumerate(value)
            )
        return Traced(value, expression, self.branches)

    # ------------------------------------------------- what an array has besides functions

    @property
    def shape(self) -> tuple[int, ...]:
        return np.shape(self.value)

    @property
    def dtype(self) -> Any:
        return self.value.dtype

    @property
    def ndim(self) -> int:
        return np.ndim(self.value)

    @property
    def size(self) -> int:
        return int(self.value.size)

    @property
    def real(self) -> Any:
        return np.real(self)

    @property
    def imag(self) -> Any:
        return np.imag(self)

    @property
    def T(self) -> Any:
        return np.transpose(self)

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Any]:
        return (self[index] for index in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        taken = index if isinstance(index, tuple) else (index,)
        return self._wrapped(
            self.value[plain(index)],
            Call("getitem", (self.expression,), (("index", plain(taken)),)),
        )

    def __bool__(self) -> bool:
        self.branches.append("truth")
        return bool(self.value)

    def __float__(self) -> float:
        self.branches.append("number")
        return float(self.value)

    def __int__(self) -> int:
        self.branches.append("number")
        return int(self.value)

    def reshape(self, *shape: Any) -> Any:
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def dot(self, other: Any) -> Any:
        return np.dot(self, other)

    def astype(self, dtype: Any) -> Any:
        return self._wrapped(self.value.astype(dtype), self.expression)

    def copy(self) -> Any:
        return self._wrapped(self.value.copy(), self.expression)

    def conjugate(self) -> Any:
        return np.conjugate(self)

    conj = conjugate

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        return np.sum(self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Any = None, keepdims: bool = False) -> Any:
        return np.mean(self, axis=axis, keepdims=keepdims)

    def max(self, axis: Any = None, keepdims: bool = False) -> Any:
        return np.max(self, axis=axis, keepdims=keepdims)

    def any(self, axis: Any = None) -> Any:
        return np.any(self, axis=axis)

    def all(self, axis: Any = None) -> Any:
        return np.all(self, axis=axis)

    def ravel(self) -> Any:
        return np.ravel(self)


def plain(value: Any) -> Any:
    """`value` with arrays in place of formulas, also inside tuples, lists and keywords."""
    if isinstance(value, Traced):
        return value.value
    if type(value) in (tuple, list):
        return type(value)(plain(part) for part in value)
    if type(value) is dict:
        return {name: plain(part) for name, part in value.items()}
    return value


def expression_of(value: Any) -> Expression:
    """The formula of a traced value; anything else is a number, equal elements one number."""
    if isinstance(value, Traced):
        return value.expression
    if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "biufc":
        first = value.flat[0]
        if value.ndim == 0 or bool(np.all(value == first)):
            value = first
    if isinstance(value, np.bool_ | np.integer):
        value = value.item()
    return Number(value)


def _described(
    function: Any, args: tuple[Any, ...], keywords: dict[str, Any]
) -> tuple[str, Sequence[Any], tuple[tuple[str, Any], ...]]:
    """Name, operands and the other arguments of a call."""
    if isinstance(function, np.ufunc):
        return _registered(function) or function.__name__, args, ()
    name = _registered(function) or function.__name__
    if function is np.dot and np.ndim(plain(args[0])) and np.ndim(plain(args[1])):
        return "matmul", args, ()
    if function is np.swapaxes and np.ndim(plain(args[0])) == 2:
        return "transpose", args[:1], ()
    operands: list[Any] = []
    others: list[tuple[str, Any]] = []
    for position, value in enumerate(args):
        if isinstance(value, tuple | list) and any(isinstance(part, Traced) for part in value):
            operands.extend(value)
        elif isinstance(value, Traced | np.ndarray) or name in ("where", "copysign"):
            operands.append(value)
        else:
            others.append((_parameter(function, position), plain(value)))
    for key, value in keywords.items():
        if isinstance(value, Traced):
            operands.append(value)
        elif value is not None and value is not False and value is not np._NoValue:
            others.append((key, value))
    return name, operands, tuple(others)


def _registered(function: Any) -> str | None:
    """The name of the primitive, where the function is one."""
    if isinstance(function, np.ufunc) and function not in RECORDED:
        adopt(function)  # SciPy's have names of their own: psi is digamma
    op = getattr(RECORDED.get(function), "primitive", None)
    return None if op is None else op.name


@lru_cache(maxsize=256)
def _parameters(function: Any) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()


def _parameter(function: Any, position: int) -> str:
    names = _parameters(function)
    return names[position] if position < len(names) else f"argument {position}"
