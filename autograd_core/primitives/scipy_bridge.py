"""SciPy's special functions: computed by SciPy where it is installed, and recorded on Tensors.

SciPy is an extra: nothing here imports it before a value is asked for. Its ufuncs find the
entries that record them by name, when the first one of them meets a Tensor.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..dispatch import ELSEWHERE
from ..extras import require_extra
from ..primitive import example, primitive

#: ``scipy.special.NAME`` is recorded by this.
BY_NAME: dict[str, Callable[..., Any]] = ELSEWHERE.setdefault("scipy.special", {})

ONE = [example((2, 3)), example(()), example((0,))]
TWO = [example((2, 3), (3,)), example((), ()), example((2, 1), (3,)), example((3,), ())]


@functools.cache
def from_scipy(name: str) -> Callable[..., Any]:
    """``scipy.special.NAME``; without SciPy an error that names the extra to install."""
    function: Callable[..., Any] = getattr(require_extra("scipy.special", extra="scipy"), name)
    return function


def scipy_ufunc(
    name: str, *rules: Any, ours: str | None = None, latex: str | None = None, **entries: Any
) -> Callable[..., Any]:
    """An entry for ``scipy.special.NAME``, called `ours` here."""

    def forward(*operands: Any) -> Any:
        return from_scipy(name)(*operands)

    count = len(rules) or sum(callable(entry) or entry is None for entry in entries.values())
    entries.setdefault("examples", {1: ONE, 2: TWO}.get(count))
    if latex is None:
        shown = ", ".join("{" + operand + "}" for operand in _operands(rules, entries))
        latex = rf"\operatorname{{{{{(ours or name).replace('_', chr(92) + ' ')}}}}}({shown})"
    forward.__name__ = ours or name
    record = primitive(forward, *rules, name=ours or name, latex=latex, **entries)
    return recorded_for_scipy(name, record)


def _operands(rules: Any, entries: dict[str, Any]) -> list[str]:
    if rules:
        return ["x"]
    return [name for name, entry in entries.items() if callable(entry) or entry is None]


def recorded_for_scipy(name: str, record: Callable[..., Any]) -> Callable[..., Any]:
    """Let `record` answer ``scipy.special.NAME(tensor)``."""
    BY_NAME[name] = record
    return record
