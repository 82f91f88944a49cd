"""How a ufunc is called with more than its operands: ``dtype=``, ``casting=``, ``axes=``...

NumPy casts the operands to what the chosen loop takes, computes, and lays the result out. The same
here, by recorded operations: a cast before, a copy after. ``where=`` is refused, because NumPy
leaves the elements that are not selected uninitialised.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import METHODS, RECORDED, operation, plain, refuse
from ..errors import DTypeError, NotDifferentiable, describe, raise_failed

NUMBERS = {int, float, complex}


def call(ufunc: np.ufunc, *inputs: Any, **keywords: Any) -> Any:
    """``ufunc(*inputs, **keywords)``, recorded."""
    record = RECORDED.get(ufunc)
    if record is None:
        raise refuse(ufunc)
    refuse_where(ufunc, keywords.pop("where", True))
    keywords.pop("subok", None)  # about subclasses of ndarray, which a Tensor is not
    order = keywords.pop("order", "K")
    axes = {name: keywords.pop(name) for name in ("axes", "axis", "keepdims") if name in keywords}
    if keywords:
        inputs = cast_inputs(ufunc, inputs, **keywords)
    if axes:
        try:
            return _along(ufunc, record, inputs, **axes)
        except (ValueError, TypeError) as error:
            raise_failed(ufunc.__name__, (), inputs, error)
    return _laid_out(record(*inputs), order, inputs)


METHODS["__call__"] = call


def refuse_where(ufunc: np.ufunc, where: Any) -> None:
    """Refuse a mask: there is no ``out=`` for the elements that it leaves out."""
    if where is True:
        return
    name = f"np.{ufunc.__name__}"
    raise NotDifferentiable(
        f"{name}(..., where=...) on a Tensor: the elements that are not selected would be"
        f" uninitialised memory. Use np.where(condition, {name}(x), value) instead; the branch"
        " not taken brings no NaN into the gradient."
    )


def cast_inputs(
    ufunc: np.ufunc,
    inputs: tuple[Any, ...],
    dtype: Any = None,
    signature: Any = None,
    casting: Any = "same_kind",
) -> tuple[Any, ...]:
    """The inputs in the dtypes of the loop that NumPy chooses for these keywords."""
    if dtype is not None:
        signature = (None,) * ufunc.nin + (np.dtype(dtype),) * ufunc.nout
    inputs = tuple(np.asarray(x) if isinstance(x, list | tuple) else x for x in inputs)
    given = tuple(type(x) if type(x) in NUMBERS else np.result_type(plain(x)) for x in inputs)
    keywords = (
        {"casting": casting} if signature is None else {"casting": casting, "signature": signature}
    )
    try:
        chosen: Any = ufunc.resolve_dtypes((*given, *(None,) * ufunc.nout), **keywords)
    except TypeError as error:
        wanted = "" if dtype is None else f"dtype={np.dtype(dtype)}, "
        raise DTypeError(
            f"np.{ufunc.__name__}({', '.join(describe(x) for x in inputs)}, {wanted}"
            f"casting={casting!r}): that cast is not allowed. Convert on purpose: x.astype(dtype)."
            f" NumPy says: {error}"
        ) from error
    if any(one.kind not in "fciub" for one in chosen):
        raise refuse(ufunc, f"a result of dtype {chosen[-1]} has no derivative")
    return tuple(cast(x, one) for x, one in zip(inputs, chosen, strict=False))


def cast(x: Any, dtype: Any) -> Any:
    """`x` in another dtype; a cast of a Tensor is recorded."""
    if hasattr(x, "_array"):
        return x if x.dtype == dtype else operation.astype(x, dtype)
    return np.asarray(x, dtype)[()]


def _laid_out(result: Any, order: str, inputs: tuple[Any, ...]) -> Any:
    """The result in the memory layout asked for. ``"K"`` is what computing gives by itself."""
    if isinstance(result, tuple):
        return tuple(_laid_out(part, order, inputs) for part in result)
    if order == "K" or not np.ndim(result):
        return result
    if order == "A":
        layouts = [np.asarray(plain(x)).flags for x in inputs]
        columns = all(flags.f_contiguous for flags in layouts)  # a vector is both
        order = "F" if columns and not all(flags.c_contiguous for flags in layouts) else "C"
    flags = plain(result).flags
    if flags.f_contiguous if order == "F" else flags.c_contiguous:
        return result
    return operation.copy(result, order=order)


# ------------------------------------------------------------------ products of vectors, matrices


def _along(
    ufunc: np.ufunc,
    record: Any,
    inputs: tuple[Any, ...],
    axes: Any = None,
    axis: int | None = None,
    keepdims: bool = False,
) -> Any:
    """A product such as ``np.vecdot`` with its vectors along other axes than the last ones."""
    parts = [part.strip("()") for part in (ufunc.signature or "").replace("->", ",(").split("),(")]
    ranks = [len(part.strip("(").split(",")) if part.strip("(") else 0 for part in parts]
    # Asked of NumPy as well, on no more than the shapes: it alone knows which axes are wrong.
    empty = [np.broadcast_to(np.zeros((), "?"), np.shape(x)) for x in inputs]
    keywords = {
        name: value for name, value in (("axes", axes), ("axis", axis)) if value is not None
    }
    shape = ufunc(*empty, **keywords, **({"keepdims": True} if keepdims else {})).shape
    if axis is not None:
        axes = [(axis,)] * ufunc.nin
    elif axes is None:
        axes = [tuple(range(-rank, 0)) for rank in ranks]
    axes = [(where,) if isinstance(where, int) else tuple(where) for where in axes]
    moved = [
        np.moveaxis(x, where, tuple(range(-len(where), 0)))
        for x, where in zip(inputs, axes, strict=False)
    ]
    result = record(*moved)
    if keepdims:
        return np.reshape(result, shape)
    if len(axes) > ufunc.nin and axes[-1]:
        return np.moveaxis(result, tuple(range(-len(axes[-1]), 0)), axes[-1])
    return result
