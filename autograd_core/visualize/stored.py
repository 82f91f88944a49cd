"""What ``why`` has to say about ``.grad``: missing, cleared, or something else than asked for."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core.tensor import Tensor

from .disconnected import Question
from .evidence import Cause
from .format import format_number
from .gradient_flow import Flow

__all__ = ["of_the_grad"]

#: What may have made of ``.grad`` something else: its number alone does not say which.
POSSIBLE = "passes that added up (call zero_grad() before each), another loss, or code that scaled"
POSSIBLE += " or clipped it"


def of_the_grad(
    question: Question, found: Flow, gradient: Any, name: str
) -> tuple[list[str], Cause | None]:
    """Notes about ``x.grad``, and why it is None or not this gradient.

    Parameters
    ----------
    question : Question
    found : Flow
    gradient : array
        The gradient as computed now.
    name : str
        What x is called.
    """
    x, loss = question.x, question.loss
    if x.grad is None:
        return _missing(question, found, name)
    stored = np.asarray(x.grad.data if isinstance(x.grad, Tensor) else x.grad)
    if _close(stored, gradient):
        return [], None
    times = _times(stored, gradient)
    what = "not" if times is None else f"{format_number(times, 3)} times"
    text = f"{name}.grad is {what} this gradient: {POSSIBLE}."
    if loss._node.saved is not None:
        text += " backward() has not been called on this loss (or with retain_graph=True)."
    return [text], Cause.ACCUMULATED


def _missing(question: Question, found: Flow, name: str) -> tuple[list[str], Cause]:
    x, root = question.x, question.loss._node
    loss_name = question.name_of(question.loss, "the loss")
    released = [node for node in found.nodes if node.op is not None and node.saved is None]
    other = any(node.grad is not None for node in found.nodes if node.op is None)
    if x._node.op is not None and (root.saved is None or "retain" not in (x._node.extras or {})):
        text = (
            f"{name} is an intermediate result ({x._node.op.name}), and backward() leaves the"
            f" gradient at leaves only. Call {name}.retain_grad() before backward(), or use"
            " ag.grad."
        )
        return [text], Cause.INTERMEDIATE
    if root.op is not None and root.saved is None:
        text = (
            f"{name}.grad is None although backward() went through {loss_name}: it was cleared"
            " since, by zero_grad() or .grad = None."
        )
        return [text], Cause.CLEARED
    if released or other:
        earlier = released[-1].op if released else None
        what = " but on something else" if earlier is None else f" but on {earlier.name} before it"
        text = (
            f"{name}.grad is None: backward() was not called on {loss_name}{what},"
            " or the gradient was cleared since."
        )
        return [text], Cause.CALLED_ELSEWHERE
    text = f"{name}.grad is None: backward() has not been called on {loss_name}."
    return [text], Cause.NOT_CALLED


def _close(stored: Any, gradient: Any) -> bool:
    tolerance = 1e-4 if gradient.dtype.itemsize < 8 else 1e-9
    scale = np.max(np.abs(gradient), initial=0.0)
    if not np.isfinite(scale):
        return True
    return bool(np.allclose(stored, gradient, rtol=tolerance, atol=tolerance * scale))


def _times(stored: Any, gradient: Any) -> float | None:
    """The number that `stored` is of `gradient`; None where it is no multiple, or 0."""
    gradient = np.asarray(gradient)
    squares = float(np.sum(np.abs(gradient) ** 2))
    if not squares or not np.isfinite(squares) or stored.shape != gradient.shape:
        return None
    ratio = float(np.real(np.sum(np.conj(gradient) * stored))) / squares
    if not np.isfinite(ratio) or not ratio:
        return None
    return ratio if _close(stored / ratio, gradient) else None
