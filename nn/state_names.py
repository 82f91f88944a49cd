"""The names in a state dict that PyTorch wrote, as the model here calls them.

PyTorch writes ``_orig_mod.`` into the names of a compiled model, ``module.`` before those of a
parallel one, and a parameter that is in two places under either name or both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .parameter import Parameter

if TYPE_CHECKING:
    from .module import Module

COMPILED = "_orig_mod."
PARALLEL = "module."


def tied_names(model: Module) -> Iterator[tuple[str, str]]:
    """(first name, other name) of each parameter that is an attribute in two places.

    Examples
    --------
    >>> import nn
    >>> model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    >>> model[1].weight = model[0].weight
    >>> list(tied_names(model))
    [('0.weight', '1.weight')]
    """
    first: dict[int, str] = {}
    for prefix, module in model.named_modules():
        for name, value in vars(module).items():
            if isinstance(value, Parameter):
                full = f"{prefix}.{name}" if prefix else name
                if id(value) in first:
                    yield first[id(value)], full
                first.setdefault(id(value), full)


def without_wrappers(
    given: dict[str, NDArray[Any]], own: Collection[str]
) -> dict[str, NDArray[Any]]:
    """The state without what PyTorch's wrappers put into its names, unless the model has it too.

    Examples
    --------
    >>> import numpy as np
    >>> list(without_wrappers({"module._orig_mod.0.weight": np.zeros(2)}, ["0.weight"]))
    ['0.weight']
    """
    if not any(COMPILED in name for name in own):
        given = {name.replace(COMPILED, ""): value for name, value in given.items()}
    wrapped = all(name.startswith(PARALLEL) for name in given)
    if wrapped and not any(name.startswith(PARALLEL) for name in own):
        given = {name.removeprefix(PARALLEL): value for name, value in given.items()}
    return given


def untied(
    model: Module, given: dict[str, NDArray[Any]]
) -> tuple[dict[str, NDArray[Any]], list[str]]:
    """The state with each tied parameter under its first name, and what contradicts that.

    Examples
    --------
    >>> import numpy as np, nn
    >>> model = nn.Sequential(nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False))
    >>> model[1].weight = model[0].weight
    >>> untied(model, {"1.weight": np.ones((1, 1))})
    ({'0.weight': array([[1.]])}, [])
    """
    given, problems = dict(given), []
    for first, other in tied_names(model):
        if other in given:
            value = given.pop(other)
            if not np.array_equal(given.setdefault(first, value), value):
                problems.append(f"{first!r} and {other!r} differ; in the model they are one")
    return given, problems
