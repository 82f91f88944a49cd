"""Functions that look at, or replace, the gradient of one Tensor during the reverse pass."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import DTypeError, ShapeError, describe

if TYPE_CHECKING:
    from .graph import Node

Hook = Callable[[Any], Any]


class Hooks(dict[int, Hook]):
    """The hooks of one node, in the order in which they were registered.

    A copy of the graph, pickled or deep, has none: functions belong to the program.
    """

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return Hooks, ()


class HookHandle:
    """What :meth:`Tensor.register_hook` returns: it takes the hook off again.

    It keeps neither the Tensor nor its graph alive.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(3.0)
    >>> handle = x.register_hook(lambda g: 2 * g)
    >>> handle.remove()
    >>> (x * x).backward()
    >>> float(x.grad)
    6.0
    """

    __slots__ = ("_hooks", "_key")

    def __init__(self, hooks: Hooks, key: int) -> None:
        self._hooks = weakref.ref(hooks)
        self._key = key

    def remove(self) -> None:
        """Take the hook off; nothing happens if it is off already."""
        hooks = self._hooks()
        if hooks is not None:
            hooks.pop(self._key, None)


def add_hook(node: Node, hook: Hook) -> HookHandle:
    """Put one more hook on `node`."""
    if not callable(hook):
        raise DTypeError(f"register_hook takes a function of the gradient, not {describe(hook)}.")
    extras = node.extras or {}
    if "hooks" not in extras:
        node.note("hooks", Hooks())
    assert node.extras is not None
    hooks = node.extras["hooks"]
    key = max(hooks, default=-1) + 1
    hooks[key] = hook
    return HookHandle(hooks, key)


def run_hooks(node: Node, g: Any) -> Any:
    """The gradient at `node` after its hooks: they see, and answer with, what users call so."""
    assert node.extras is not None
    for hook in tuple(node.extras["hooks"].values()):
        shown = g.conjugate() if node.dtype.kind == "c" else g
        if type(shown) is np.ndarray:  # others may share it
            shown = shown.view()
            shown.flags.writeable = False
        answer = hook(shown)
        if answer is not None:
            answer = _checked(answer, g, node)
            g = answer.conjugate() if node.dtype.kind == "c" else answer
    return g


def _checked(answer: Any, g: Any, node: Node) -> Any:
    recorded = hasattr(g, "_node")
    if hasattr(answer, "_node") and not recorded:
        answer = answer._array
    elif not hasattr(answer, "__array_function__"):
        answer = np.asarray(answer)
    if answer.shape != node.shape:
        raise ShapeError(
            f"A hook returned a gradient of shape {answer.shape}; its Tensor has the shape"
            f" {node.shape}. Return one of that shape, or None to leave the gradient as it is."
        )
    if answer.dtype.kind not in ("fciub" if node.dtype.kind == "c" else "fiub"):
        raise DTypeError(
            f"A hook returned a gradient of {answer.dtype}; its Tensor is of {node.dtype}."
        )
    if answer.dtype != node.dtype:
        answer = answer.astype(node.dtype)
    if recorded and not hasattr(answer, "_node"):
        return type(g)(answer, False, copy=False)
    return answer[()] if type(answer) is np.ndarray and not answer.ndim else answer
