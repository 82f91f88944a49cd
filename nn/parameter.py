"""`Parameter`: a Tensor that a module trains."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from autograd_core import Tensor


class Parameter(Tensor):
    """A Tensor that a `Module` trains.

    Parameters
    ----------
    data : array_like
        The initial value; copied.
    dtype : data-type, default float32
        What it is stored as.
    name : str, optional
        Shown in pictures and messages.

    Examples
    --------
    >>> import numpy as np, nn
    >>> weight = nn.Parameter(np.zeros((2, 3)))
    >>> weight.dtype, weight.requires_grad
    (dtype('float32'), True)
    """

    __slots__ = ()

    def __init__(
        self, data: Any, *, dtype: DTypeLike = np.float32, name: str | None = None
    ) -> None:
        super().__init__(data, True, dtype=dtype, name=name)


def assign(parameter: Parameter, value: NDArray[Any]) -> None:
    """Write through the `.data` setter, so that a graph that saved the old value notices."""
    data = parameter.data
    if parameter.ndim == 0:
        parameter.data = value.astype(parameter.dtype)[()]
    else:
        data[...] = value
        parameter.data = data
