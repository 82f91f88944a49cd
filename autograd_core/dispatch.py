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
from .unrecorded import INSTEAD, PLAIN

#: Operations by name, for Tensor's operators and methods: ``operation.multiply(x, y)``.
operation: Any = SimpleNamespace()

#: NumPy's functions and ufuncs that record, and what records them.
RECORDED: dict[Any, Callable[..., Any]] = {}

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
    if hasattr(value, "_array"):
        return value._array
    if isinstance(value, list | tuple):
        return type(value)(plain(item) for item in value)
    return value
