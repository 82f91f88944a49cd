"""Where entries are made: ``primitive`` for one operation, ``derived`` for a combination.

To add an operation, add one entry in ``primitives/``. It is then dispatched from NumPy, swept by
the gradient checks, drawn and derived, with no second place to edit.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .dispatch import RECORDED, operation
from .entry import OUTPUT, REGISTRY, Plan, Primitive, Rule
from .errors import raise_failed
from .hot_recording import recorder
from .unrecorded import PLAIN

__all__ = ["OUTPUT", "REGISTRY", "Plan", "Primitive", "derived", "example", "primitive"]


def primitive(
    forward: Callable[..., Any],
    *rules: Rule | None,
    name: str | None = None,
    compute: Callable[..., Any] | None = None,
    door: Callable[..., tuple[Sequence[Any], dict[str, Any]]] | None = None,
    also: Sequence[Any] = (),
    **entries: Any,
) -> Callable[..., Any]:
    """Define one operation with its local derivatives.

    Parameters
    ----------
    forward : callable
        NumPy's function, or one of our own in plain NumPy. It is the key: ``forward(tensor)``
        records from now on, if it is NumPy's.
    *rules : callable
        The local derivative of a primitive of one operand, called ``x``. For several operands
        give them by keyword instead, in the order of the operands:
        ``x=lambda g, y: ..., y=lambda g, x: ...``; None for an operand without a derivative.
    name : str, optional
        By default the function's.
    compute : callable, optional
        What computes the value, where that is not `forward` itself (Python's ``operator.mul`` is
        faster on scalars than ``np.multiply``, and the same).
    door : callable, optional
        Takes the arguments as users give them, returns ``(operands, keywords)``, canonical.
    also : sequence of callable
        Other NumPy functions that are this operation (``np.amax`` is ``np.max``).
    **entries
        Further rules, and the options of :class:`Primitive`: keywords, symbol, latex,
        javascript, precedence, singular, view, multiple, variadic, residuals, domain, examples.

    Returns
    -------
    callable
        The recorder, which behaves as `forward` does and records when an operand is a Tensor;
        its attribute ``primitive`` is the entry.

    Raises
    ------
    TypeError
        If a rule asks for a name that is neither operand, keyword nor residual.
    ValueError
        If the name is taken. (Running one's own definition again, as in a notebook, replaces it;
        graphs recorded before keep the old one.)

    Examples
    --------
    >>> import numpy as np
    >>> from autograd_core import Tensor
    >>> from autograd_core.primitive import primitive
    >>> cube = primitive(lambda x: x**3, lambda g, x: g * 3 * x**2, name="cube_example")
    >>> x = Tensor(2.0)
    >>> cube(x).backward()
    >>> float(x.grad)
    12.0
    """
    name = str(name or getattr(forward, "__name__", ""))
    settings = {key: entries.pop(key) for key in tuple(entries) if key in OPTIONS}
    by_operand = {"x": rules[0]} if rules else entries
    if name in REGISTRY and not _again(REGISTRY[name], forward):
        raise ValueError(f"There is already a primitive called {name!r}. Pass another name=.")
    op = Primitive(name, compute or forward, by_operand, numpy=forward, **settings)
    call = recorder(op, door)
    if isinstance(forward, np.ufunc):
        call.__name__, call.__doc__ = name, forward.__doc__
    else:
        functools.update_wrapper(call, forward)
        call.__name__ = name
    call.primitive = op  # type: ignore[attr-defined]
    op.call = call
    REGISTRY[name] = op
    _enter(name, call, (forward, *also))
    return call


def _again(present: Primitive, forward: Callable[..., Any]) -> bool:
    """Whether a user runs the definition of their own primitive again, as a notebook's cell."""
    module = getattr(forward, "__module__", None) or "numpy"
    return (
        module.partition(".")[0] not in ("numpy", __package__)
        and getattr(present.numpy, "__module__", None) == module
        and getattr(present.numpy, "__qualname__", None) == getattr(forward, "__qualname__", "")
    )


OPTIONS = frozenset(
    inspect.signature(Primitive).parameters.keys() - {"name", "compute", "rules", "numpy"}
)


def derived(*functions: Any, name: str | None = None) -> Callable[..., Any]:
    """Define NumPy's `functions` on Tensors by other recorded operations (a decorator).

    What fails inside says the name of the function that was called.
    """

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        label = name or function.__name__

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except (ValueError, TypeError, IndexError) as error:
                raise_failed(label, (), args, error)

        _enter(label, call, functions)
        return call

    return enter


def _enter(name: str, call: Callable[..., Any], functions: Sequence[Any]) -> None:
    setattr(operation, name, call)
    for function in functions:
        if getattr(function, "__module__", "").startswith("numpy") or isinstance(
            function, np.ufunc
        ):
            RECORDED[function] = call
            PLAIN.discard(function)


def example(*operands: Any, **keywords: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments for the gradient checks: a tuple is the shape of an operand to be drawn.

    Anything else is passed as it is; a list stands for a sequence of operands.
    """
    return operands, keywords
