"""What the caller calls a Tensor or an array: looked up in the variables of the frame that asks.

A learner writes ``x = Tensor(2.0)`` and expects to see ``x`` in the picture, without saying it
a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import FrameType
from typing import Any

import numpy as np

from autograd_core.tensor import Tensor

__all__ = ["named_arrays", "variables_of"]

LONGEST_LIST = 100  # a list is searched this far: w[0], w[1], ...


def variables_of(frame: FrameType | None) -> dict[str, Any]:
    """Return the variables seen from ``frame``: its own first, then its module's.

    Examples
    --------
    >>> import sys
    >>> answer = 42
    >>> variables_of(sys._getframe())["answer"]
    42
    """
    if frame is None:
        return {}
    variables = dict(frame.f_locals)
    for name, value in list(frame.f_globals.items()):  # another thread may define one meanwhile
        variables.setdefault(name, value)
    return variables


def named_arrays(variables: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """Yield every Tensor and array among ``variables`` with its name; in lists as ``w[0]``.

    Names that begin with an underscore are skipped: they are not meant to be looked at, and a
    notebook keeps its past results under them.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x, y = ag.Tensor(1.0), ag.Tensor(2.0)
    >>> [name for name, tensor in named_arrays({"x": x, "_y": y, "pair": [x, y]})]
    ['x', 'pair[0]', 'pair[1]']
    """
    containers: list[tuple[str, Any]] = []
    for name, value in variables.items():
        if name.startswith("_") or not name.isidentifier():  # a debugger's or pytest's own
            continue
        if isinstance(value, Tensor | np.ndarray):
            yield name, value
        elif type(value) in (list, tuple):
            containers.append((name, value))
    for name, values in containers:  # after all plain variables, which read better
        for position, value in enumerate(values[:LONGEST_LIST]):
            if isinstance(value, Tensor | np.ndarray):
                yield f"{name}[{position}]", value
