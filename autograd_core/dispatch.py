"""The one door: which of NumPy's functions is which operation of ours.

Primitives enter themselves here as they are defined; Tensor's operators, its methods and both of
NumPy's protocols (NEP 13 ``__array_ufunc__``, NEP 18 ``__array_function__``) look up here. So
this file knows neither Tensor nor any primitive.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from .errors import NotDifferentiable

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
    *(np.gcd, np.lcm, np.spacing, np.nextafter, np.bitwise_count),
    *(np.argmax, np.argmin, np.argsort, np.argwhere, np.argpartition, np.nanargmax, np.nanargmin),
    *(np.nonzero, np.flatnonzero, np.count_nonzero, np.searchsorted, np.digitize, np.lexsort),
    *(np.all, np.any, np.allclose, np.isclose, np.array_equal, np.array_equiv),
    *(np.shape, np.ndim, np.size, np.iscomplex, np.isreal, np.iscomplexobj, np.isrealobj),
    *(np.zeros_like, np.ones_like, np.empty_like, np.full_like),
    *(np.result_type, np.can_cast, np.min_scalar_type, np.common_type),
    *(np.shares_memory, np.may_share_memory, np.einsum_path, np.linalg.matrix_rank),
    *(np.ix_, np.diag_indices_from, np.tril_indices_from, np.triu_indices_from),
    *(np.ravel_multi_index, np.unravel_index),
    *(np.isin, np.histogram, np.bincount, np.isposinf, np.isneginf),
}

#: What to write instead, for functions that are asked for often and have no derivative here.
INSTEAD: dict[Any, str] = {
    np.copyto: "np.where(condition, values, x), or ag.index_update(x, index, values)",
    np.put: "ag.index_update(x, index, values)",
    np.put_along_axis: "ag.index_update(x, index, values)",
    np.place: "np.where(mask, values, x)",
    np.putmask: "np.where(mask, values, x)",
    np.fill_diagonal: "np.where(np.eye(n, dtype=bool), value, x)",
}

#: The same for functions that NumPy does not dispatch: they ask a Tensor for its array instead.
CONVERTING: dict[str, str] = {
    "as_strided": "np.lib.stride_tricks.sliding_window_view, np.broadcast_to or indexing",
    "select": "a last choice with the condition True for a default",  # which it does not look at
}

#: Ufuncs of other packages, by module and name, and what records them. They are found by name when
#: one meets a Tensor, so that nothing need be imported to know them.
ELSEWHERE: dict[str, dict[str, Callable[..., Any]]] = {}


def adopt(ufunc: np.ufunc) -> None:
    """Enter a ufunc that nobody knows yet, if it is one of `ELSEWHERE`."""
    for module, recorders in ELSEWHERE.items():
        known = recorders.get(ufunc.__name__)
        if known is not None and owner(ufunc) == module:
            RECORDED[ufunc] = known


def owner(ufunc: Any) -> str:
    """The module that offers a ufunc, which does not say so itself."""
    for module in ("numpy", *ELSEWHERE):
        if getattr(sys.modules.get(module), ufunc.__name__, None) is ufunc:
            return module
    return "numpy"


def refuse(function: Any, why: str = "it has no derivative rule here") -> NotDifferentiable:
    """The exception for a NumPy function that cannot be recorded, with the way out."""
    name = getattr(function, "__name__", str(function))
    module = getattr(function, "__module__", None) or owner(function)
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
        _refuse_out(ufunc, in_place=any(x is keywords["out"][0] for x in inputs))
    if ufunc not in RECORDED:
        adopt(ufunc)
    if ufunc in PLAIN and method != "at":  # which writes into its first operand
        keywords = {name: plain(value) for name, value in keywords.items()}
        return getattr(ufunc, method)(*map(plain, inputs), **keywords)
    if keywords or method != "__call__":
        return METHODS[method](ufunc, *inputs, **keywords)
    recorder = RECORDED.get(ufunc)
    if recorder is None:
        raise refuse(ufunc)
    return recorder(*inputs)


#: What answers ``ufunc.reduce`` and its like, and ``__call__`` with keywords, by the method's name.
METHODS: dict[str, Callable[..., Any]] = {}


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


def _refuse_out(function: Any, in_place: bool = False) -> None:
    hint = " (array += tensor is such a call: write array = array + tensor.)" if in_place else ""
    raise NotDifferentiable(
        f"np.{function.__name__}(..., out=...) on a Tensor: writing into an array that already"
        " exists would overwrite what the reverse pass needs. Leave out= away and use the result."
        + hint
    )


def plain(value: Any) -> Any:
    """The array inside a Tensor (or inside a list or tuple of them); anything else as it is."""
    if hasattr(value, "_data"):
        return value._data
    if isinstance(value, list | tuple):
        return type(value)(plain(item) for item in value)
    return value
