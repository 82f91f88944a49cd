"""Copies and changes of type: the value stays, the gradient passes through."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import operation
from ..primitive import derived, example, primitive


def _copy_door(x: Any, order: Any = "K", subok: bool = False) -> tuple[Any, dict[str, Any]]:
    return (x,), {"order": order}


copy = primitive(
    np.copy,
    lambda g: g,
    door=_copy_door,
    keywords=["order"],
    compute=lambda x, order: np.array(x, order=order)[()],
    latex="{x}",
    examples=[example((2, 3))],
)


def _cast(x: Any, dtype: Any) -> Any:
    return x.astype(dtype)


cast = primitive(
    _cast,
    lambda g: g,
    name="astype",
    keywords=["dtype"],
    door=lambda x, dtype: ((x,), {"dtype": np.dtype(dtype)}),
    latex="{x}",
    examples=[example((2, 3), dtype="float64")],
)


@derived(np.astype, name="astype")
def astype(x: Any, dtype: Any, *, copy: bool = True, **keywords: Any) -> Any:
    """As ``numpy.astype``: a recorded change of precision; to integers the history ends."""
    wanted = np.dtype(dtype)
    if wanted.kind not in "fc":
        return type(x)(x.data.astype(wanted), requires_grad=False)
    if not copy and wanted == x.dtype:
        return x
    if wanted.kind != "c" and x.dtype.kind == "c":
        return operation.real(x).astype(wanted)
    return cast(x, wanted)
