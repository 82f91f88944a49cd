"""The state of random generators as plain values: what exact resume has to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .errors import StateDictError
from .module import Module


def generator_state(generator: np.random.Generator) -> dict[str, Any]:
    """Where the generator is: numbers, text and arrays, by name.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> state = generator_state(rng)
    >>> first = rng.random()
    >>> set_generator_state(rng, state)
    >>> rng.random() == first
    True
    """
    return dict(generator.bit_generator.state)


def set_generator_state(generator: np.random.Generator, state: Mapping[str, Any]) -> None:
    """Take the generator to where `generator_state` found one of the same kind.

    Raises
    ------
    StateDictError
        The state is of another kind of generator.
    """
    kind = type(generator.bit_generator).__name__
    if state.get("bit_generator") != kind:
        raise StateDictError(
            f"the random state is of {state.get('bit_generator')}, the generator is {kind}"
        )
    generator.bit_generator.state = dict(state)


def generators_in(model: Module) -> dict[str, np.random.Generator]:
    """Every generator among the attributes of the model's modules, by dotted name.

    Examples
    --------
    >>> import nn
    >>> list(generators_in(nn.Sequential(nn.Linear(1, 1), nn.Dropout())))
    ['1.rng']
    """
    return {
        ".".join(filter(None, [prefix, name])): found
        for prefix, module in model.named_modules()
        for attribute, value in vars(module).items()
        for name, found in _generators(attribute, value)
    }


def _generators(name: str, value: object) -> Iterator[tuple[str, np.random.Generator]]:
    if isinstance(value, np.random.Generator):
        yield name, value
    elif isinstance(value, list | tuple):
        for index, member in enumerate(value):
            yield from _generators(f"{name}.{index}", member)
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _generators(f"{name}.{key}", member)
