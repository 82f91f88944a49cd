"""Copies and changes of type: the value stays, the gradient passes through."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..backend import is_foreign
from ..dispatch import operation
from ..primitive import derived, example, primitive
from ..tensor import Tensor


def _copy_door(x: Any, order: Any = "K", subok: bool = False) -> tuple[Any, dict[str, Any]]:
    return (x,), {"order": order}


copy = primitive(
    np.copy,
    lambda g: g,
    door=_copy_door,
    keywords=["order"],
    compute=lambda x, order: x.copy() if is_foreign(x) else np.array(x, order=order)[()],
    latex=r"\operatorname{{copy}}({x})",
    javascript="{x}",
    examples=[example((2, 3))],
)


def _cast(x: Any, dtype: Any, order: str = "K") -> Any:
    return x.astype(dtype) if order == "K" else x.astype(dtype, order)


def _cast_door(x: Any, dtype: Any, order: str = "K") -> tuple[Any, dict[str, Any]]:
    return (x,), {"dtype": np.dtype(dtype), **({} if order == "K" else {"order": order})}


cast = primitive(
    _cast,
    lambda g: g,
    name="astype",
    keywords=["dtype", "order"],
    door=_cast_door,
    latex=r"\operatorname{{astype}}({x})",
    javascript="{x}",
    examples=[example((2, 3), dtype="float64"), example((2, 3), dtype="float64", order="F")],
)


@derived(np.astype, name="astype")
def astype(
    x: Any,
    dtype: Any,
    *,
    copy: bool = True,
    device: Any = None,
    order: Any = "K",
    casting: Any = "unsafe",
) -> Any:
    """As ``numpy.astype``: a recorded change of precision; to integers the history ends."""
    wanted = np.dtype(dtype)
    if device not in (None, "cpu"):
        raise ValueError(f"the device is 'cpu'; {device!r} was given")
    if not np.can_cast(x.dtype, wanted, casting):
        raise TypeError(f"Cannot cast array data from {x.dtype!r} to {wanted!r} ({casting=}).")
    if not copy and wanted == x.dtype:
        return x
    if not hasattr(x, "_array"):
        return x.astype(wanted, order, casting, copy=copy)
    if wanted.kind not in "fc":
        return Tensor(x._array.astype(wanted, order), requires_grad=False)
    if wanted.kind != "c" and x.dtype.kind == "c":
        x = operation.real(x)
    return cast(x, wanted, order)
