"""What the caller calls a Tensor or an array: looked up in the variables of the frame that asks.

A learner writes ``x = Tensor(2.0)`` and expects to see ``x`` in the picture, without saying it
a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
    """Yield every Tensor and array among ``variables`` with its name.

    Those in a list are called ``w[0]``, those of a model (anything with ``named_parameters()``)
    ``model.0.weight``.

    Names that begin with an underscore are skipped: they are not meant to be looked at, and a
    notebook keeps its past results under them.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x, y = ag.Tensor(1.0), ag.Tensor(2.0)
    >>> [name for name, tensor in named_arrays({"x": x, "_y": y, "pair": [x, y]})]
    ['x', 'pair[0]', 'pair[1]']
    """
    containers: dict[str, Any] = {}
    for name, value in variables.items():
        if name.startswith("_") or not name.isidentifier():  # a debugger's or pytest's own
            continue
        if isinstance(value, Tensor | np.ndarray):
            yield name, value
        elif type(value) in (list, tuple) or hasattr(type(value), "named_parameters"):
            containers[name] = value
    for name, container in containers.items():  # after all plain variables, which read better
        for path, value in _inside(container):
            if isinstance(value, Tensor | np.ndarray):
                yield f"{name}{path}", value


def _inside(container: Any) -> Iterator[tuple[str, Any]]:
    """What a list, or anything that names its parameters, holds: path and value."""
    if type(container) in (list, tuple):
        for position, value in enumerate(container[:LONGEST_LIST]):
            yield f"[{position}]", value
        return
    try:
        for path, value in container.named_parameters():
            yield f".{path}", value
    except TypeError:  # somebody else's method of that name, which wants arguments
        return
