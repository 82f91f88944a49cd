"""Whether a value read from a file has the type that a constructor's signature asks for."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Union, get_args, get_origin

from .module import Module

ORIGINS_OF_UNIONS = (Union, types.UnionType)


def fits(value: Any, hint: Any) -> bool:
    """Whether `value` is of the type `hint`; a whole number is a float too, a bool is no int.

    Examples
    --------
    >>> fits(3, int | str), fits(True, int), fits((1, 2), tuple[int, ...]), fits("3", float)
    (True, False, True, False)
    """
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any or isinstance(hint, str):
        return True
    if origin in ORIGINS_OF_UNIONS:
        return any(fits(value, one) for one in arguments)
    if origin is tuple:
        return isinstance(value, tuple) and _fits_in_order(value, arguments)
    if origin in (Sequence, Iterable, list):
        return isinstance(value, list | tuple) and all(fits(v, arguments[0]) for v in value)
    if origin in (Mapping, dict):
        return isinstance(value, dict) and all(fits(v, arguments[1]) for v in value.values())
    if origin in (Callable, type) or hint in (Callable, type):
        # A file holds no functions and no classes; a module can be called.
        return isinstance(value, Module) and origin is Callable
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint is None or hint is types.NoneType:
        return value is None
    return isinstance(value, hint)


def _fits_in_order(values: tuple[Any, ...], hints: tuple[Any, ...]) -> bool:
    if len(hints) == 2 and hints[1] is Ellipsis:
        return all(fits(value, hints[0]) for value in values)
    return len(values) == len(hints) and all(map(fits, values, hints))


def readable(hint: Any) -> str:
    """A type as a message names it.

    Examples
    --------
    >>> readable(int | None), readable(tuple[int, int])
    ('int or None', 'tuple[int, int]')
    """
    if get_origin(hint) in ORIGINS_OF_UNIONS:
        return " or ".join(map(readable, get_args(hint)))
    if hint is types.NoneType:
        return "None"
    return hint.__name__ if get_origin(hint) is None else str(hint)
