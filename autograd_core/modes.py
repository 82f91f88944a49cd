"""Whether operations are recorded: ``no_grad`` and ``enable_grad``.

The switch is a :class:`contextvars.ContextVar`, so every thread and every asyncio task has its
own, and leaving the block, by an exception too, restores what was there.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])

_recording: ContextVar[bool] = ContextVar("autograd_core_recording", default=True)

#: Called once per operation, hence the bound method and no wrapper.
is_recording_now = _recording.get


def is_recording() -> bool:
    """Return whether operations in this thread or task are being recorded.

    Examples
    --------
    >>> import autograd_core as ag
    >>> with ag.no_grad():
    ...     ag.is_recording()
    False
    """
    return _recording.get()


class _Mode:
    """A context manager and decorator that sets the switch and restores it."""

    value: bool
    __slots__ = ("_tokens",)

    def __init__(self, function: None = None) -> None:
        if function is not None:
            raise TypeError(
                f"Write the parentheses: @{type(self).__name__}() above a function, or `with"
                f" {type(self).__name__}():`."
            )
        self._tokens: list[Token[bool]] = []

    def __enter__(self) -> None:
        self._tokens.append(_recording.set(self.value))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _recording.reset(self._tokens.pop())

    def __call__(self, function: Function) -> Function:
        mode = type(self)
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(
                f"{mode.__name__} cannot decorate the generator {function.__name__}: it would end"
                f" before the body runs. Write `with {mode.__name__}():` inside, between yields."
            )
        wrapper: Callable[..., Any]
        if inspect.iscoroutinefunction(function):

            async def wrapper(*args: Any, **kwargs: Any) -> Any:
                with mode():
                    return await function(*args, **kwargs)
        else:

            def wrapper(*args: Any, **kwargs: Any) -> Any:
                with mode():
                    return function(*args, **kwargs)

        return functools.wraps(function)(wrapper)  # type: ignore[return-value]


class no_grad(_Mode):  # noqa: N801 - read as a statement: with no_grad():
    """Record nothing inside the block (or the decorated function).

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(2.0)
    >>> with ag.no_grad():
    ...     y = x * x
    >>> y.requires_grad
    False
    """

    value = False
    __slots__ = ()


class enable_grad(_Mode):  # noqa: N801 - read as a statement: with enable_grad():
    """Record inside the block, also where a surrounding ``no_grad`` switched it off.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(2.0)
    >>> with ag.no_grad(), ag.enable_grad():
    ...     y = x * x
    >>> y.requires_grad
    True
    """

    value = True
    __slots__ = ()
