"""From what users hand to ``Tensor(...)`` to the array it holds, and why that may be refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from .errors import DTypeError, describe

#: Floating and complex numbers have derivatives; integers and booleans do not.
DIFFERENTIABLE_KINDS = "fc"


def as_value(data: Any, dtype: Any, copy: bool) -> Any:
    """The array, or NumPy scalar, that a Tensor holds."""
    if hasattr(data, "_node"):
        if data._node is not None:
            raise DTypeError(
                "Tensor(t) of a Tensor that records would drop its history in silence. Use t"
                f" itself, or t.detach() ({describe(data)})."
            )
        data = data._array
    if not isinstance(data, np.ndarray | np.generic) and hasattr(data, "__array_function__"):
        return data.astype(dtype) if dtype is not None else data  # a duck array stays what it is
    try:
        value = np.array(data, dtype=dtype) if copy else np.asarray(data, dtype=dtype)
    except (ValueError, TypeError) as error:
        if isinstance(error, DTypeError):
            raise
        raise DTypeError(f"Tensor: the data is not an array of numbers ({error}).") from error
    if value.dtype.kind not in "fciub":
        raise DTypeError(
            f"A Tensor holds numbers, not {value.dtype} ({describe(data)}). Convert the data first,"
            " for example with np.asarray(data, dtype=float)."
        )
    return value if value.ndim else value[()]


def no_integer_gradient(dtype: Any) -> DTypeError:
    """The exception for integers or booleans that are asked to record."""
    return DTypeError(
        f"A Tensor of {dtype} cannot record: only floating and complex numbers have derivatives."
        " Write 2.0 instead of 2, or convert: Tensor(data, dtype=float)."
    )


def why_not_recording(tensor: Any) -> str:
    """The message for a Tensor without a graph that is asked for gradients."""
    if tensor._array.dtype.kind not in DIFFERENTIABLE_KINDS:
        why = "integers and booleans never record; write 2.0 instead of 2"
    else:
        why = "it was computed under no_grad, detached, or made with requires_grad=False"
    return f"This Tensor does not record ({describe(tensor)}): {why}. There is no graph to walk."
