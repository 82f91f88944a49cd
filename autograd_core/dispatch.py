"""The one door: which of NumPy's functions is which operation of ours.

Primitives enter themselves here as they are defined; Tensor's operators, its methods and both of
NumPy's protocols (NEP 13 ``__array_ufunc__``, NEP 18 ``__array_function__``) look up here. So
this file knows neither Tensor nor any primitive.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from .errors import DTypeError, NotDifferentiable

#: Operations by name, for Tensor's operators and methods: ``operation.multiply(x, y)``.
operation: Any = SimpleNamespace()

#: NumPy's functions and ufuncs that record, and what records them.
RECORDED: dict[Any, Callable[..., Any]] = {}

#: NumPy's functions and ufuncs whose results carry no derivative: plain arrays come out.
PLAIN: set[Any] = {
    *(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal),
    *(np.logical_and, np.logical_or, np.logical_xor, np.logical_not),
    *(np.isfinite, np.isinf, np.isnan, np.isnat, np.signbit),
    *(np.floor, np.ceil, np.rint, np.trunc, np.fix, np.round, np.around, np.floor_divide),
    *(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.left_shift, np.right_shift),
    *(np.gcd, np.lcm, np.spacing, np.nextafter),
    *(np.argmax, np.argmin, np.argsort, np.argwhere, np.argpartition, np.nanargmax, np.nanargmin),
    *(np.nonzero, np.flatnonzero, np.count_nonzero, np.searchsorted, np.digitize, np.lexsort),
    *(np.all, np.any, np.allclose, np.isclose, np.array_equal, np.array_equiv),
    *(np.shape, np.ndim, np.size, np.iscomplex, np.isreal, np.iscomplexobj, np.isrealobj),
    *(np.zeros_like, np.ones_like, np.empty_like, np.full_like),
    *(np.result_type, np.can_cast, np.min_scalar_type, np.common_type),
    *(np.shares_memory, np.may_share_memory),
    *(np.isin, np.unique, np.histogram, np.bincount, np.isposinf, np.isneginf),
}

#: What to write instead, for functions that are asked for often and have no derivative here.
INSTEAD: dict[Any, str] = {
    np.copyto: "np.where(condition, values, x), or ag.index_update(x, index, values)",
    np.put: "ag.index_update(x, index, values)",
    np.place: "np.where(mask, values, x)",
    np.putmask: "np.where(mask, values, x)",
    np.fill_diagonal: "np.where(np.eye(n, dtype=bool), value, x)",
    np.modf: "x - np.trunc(x.data) for the fraction",
    np.frexp: "arithmetic on x",
    np.divmod: "x / y and np.floor(x.data / y)",
}


def refuse(function: Any, why: str = "it has no derivative rule here") -> NotDifferentiable:
    """The exception for a NumPy function that cannot be recorded, with the way out."""
    name = getattr(function, "__name__", str(function))
    module = getattr(function, "__module__", None) or "numpy"
    prefix = "np." if module == "numpy" else module.replace("numpy.", "np.") + "."
    instead = INSTEAD.get(function)
    remedy = f"Use {instead} instead." if instead else "Write it with recorded operations,"
    if not instead:
        remedy += f" or leave the graph on purpose: {prefix}{name}(x.data)."
    return NotDifferentiable(f"{prefix}{name} on a Tensor: {why}. {remedy}")


def call_ufunc(
    ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    """Answer NumPy's call of a ufunc, or of one of its methods, on operands with a Tensor."""
    if keywords.get("out") is not None:
        _refuse_out(ufunc)
    if method == "reduce" and ufunc in REDUCTIONS:
        keywords.setdefault("axis", 0)
        return RECORDED[REDUCTIONS[ufunc]](*inputs, **keywords)
    if method != "__call__":
        raise refuse(ufunc, f"its method .{method} is not recorded")
    recorder = RECORDED.get(ufunc)
    if recorder is not None:
        if not keywords:
            return recorder(*inputs)
        return _with_keywords(ufunc, recorder, inputs, keywords)
    if ufunc in PLAIN:
        return ufunc(*map(plain, inputs), **keywords)
    raise refuse(ufunc)


#: ``ufunc.reduce`` is the reduction of this name.
REDUCTIONS: dict[Any, Any] = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
}


def _with_keywords(
    ufunc: np.ufunc, recorder: Callable[..., Any], inputs: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    dtype = keywords.pop("dtype", None)
    if keywords:
        names = ", ".join(f"{key}=" for key in keywords)
        raise refuse(ufunc, f"{names} is not recorded")
    if dtype is None:
        return recorder(*inputs)
    return recorder(*[_cast(ufunc, operand, dtype) for operand in inputs])


def _cast(ufunc: np.ufunc, operand: Any, dtype: Any) -> Any:
    """An operand in the type that the ufunc was asked to compute in, by NumPy's casting rule."""
    have = getattr(operand, "dtype", None)
    if have is None:
        return operand  # Python's numbers adapt
    if not np.can_cast(have, dtype, "same_kind"):
        raise DTypeError(
            f"np.{ufunc.__name__}(..., dtype=...) cannot cast {have} to {np.dtype(dtype)}."
            " Convert on purpose: x.astype(dtype)."
        )
    return operand.astype(dtype)


def call_function(function: Any, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Answer NumPy's call of one of its functions on operands with a Tensor among them."""
    if keywords.get("out") is not None:
        _refuse_out(function)
    recorder = RECORDED.get(function)
    if recorder is not None:
        return recorder(*args, **keywords)
    if function in PLAIN:
        return function(*map(plain, args), **{key: plain(keywords[key]) for key in keywords})
    raise refuse(function)


def _refuse_out(function: Any) -> None:
    raise NotDifferentiable(
        f"np.{function.__name__}(..., out=...) on a Tensor: writing into an array that already"
        " exists would overwrite what the reverse pass needs. Leave out= away and use the result."
    )


def plain(value: Any) -> Any:
    """The array inside a Tensor (or inside a list or tuple of them); anything else as it is."""
    if hasattr(value, "_data"):
        return value._data
    if isinstance(value, list | tuple):
        return type(value)(plain(item) for item in value)
    return value
