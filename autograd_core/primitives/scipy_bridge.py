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
from .operands import only_real, option

#: ``scipy.special.NAME`` is recorded by this.
BY_NAME: dict[str, Callable[..., Any]] = ELSEWHERE.setdefault("scipy.special", {})

ONE = [example((2, 3)), example(()), example((0,))]
TWO = [example((2, 3), (3,)), example((), ()), example((2, 1), (3,)), example((3,), ())]


@functools.cache
def from_scipy(name: str) -> Callable[..., Any]:
    """``scipy.special.NAME``; without SciPy an error that names the extra to install."""
    function: Callable[..., Any] = getattr(require_extra("scipy.special", extra="scipy"), name)
    return function


def scipy_ufunc(name: str, *rules: Any, ours: str | None = None, **entries: Any) -> Any:
    """An entry for ``scipy.special.NAME`` on real numbers, called `ours` here.

    An operand whose rule is None is a parameter: a Tensor that records is refused in its place.
    """
    ours = ours or name
    named = {key: rule for key, rule in entries.items() if callable(rule) or rule is None}
    operands = ("x",) if rules else tuple(named)
    parameters = tuple(key for key, rule in named.items() if rule is None)

    def forward(*values: Any) -> Any:
        only_real(ours, *values)
        return from_scipy(name)(*values)

    def door(*values: Any) -> Any:
        given = list(values)
        for i, operand in enumerate(operands[: len(given)]):
            if operand in parameters:
                instead = f"another function: no derivative in {operand} is known here"
                given[i] = option(f"{ours}: {operand}", given[i], instead)
        return given, {}

    forward.__name__ = ours
    entries.setdefault("examples", {1: ONE, 2: TWO}.get(len(operands)))
    shown = ours.replace("_", ""), ", ".join("{" + operand + "}" for operand in operands)
    entries.setdefault("latex", r"\operatorname{{%s}}(%s)" % shown)  # noqa: UP031 - braces
    record = primitive(forward, *rules, name=ours, door=door if parameters else None, **entries)
    return recorded_for_scipy(name, record)


def recorded_for_scipy(name: str, record: Callable[..., Any]) -> Callable[..., Any]:
    """Let `record` answer ``scipy.special.NAME(tensor)``."""
    BY_NAME[name] = record
    return record
