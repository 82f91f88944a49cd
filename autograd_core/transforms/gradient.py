"""``grad`` and ``value_and_grad``: the derivative of a function that returns one number."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .trace import Trace


def grad(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False
) -> Callable[..., Any]:
    """The gradient of `function`, as a function of the same arguments.

    Parameters
    ----------
    function : callable
        Written in NumPy; returns one real number (with `has_aux`: that and something else).
    argnums : int or sequence of int
        The positional arguments to differentiate with respect to. Each is an array or number, a
        nested dict, list or tuple of them, or a module (then the gradient is a dict by
        parameter name).
    has_aux : bool
        Whether `function` returns ``(output, auxiliary)``; then so does the gradient.

    Returns
    -------
    callable
        Gradients in the shape of the argument (for several `argnums`, a tuple). Plain arrays,
        unless an enclosing transform needs them recorded, or a recording Tensor does that is an
        argument or in the closure (then, under ``no_grad``, plain too). The parameters of a
        module that is an argument do not count as such: to differentiate once more with respect
        to them, use an enclosing transform.

    Raises
    ------
    GraphError
        If `function` does not return a single real number, or `argnums` names no argument.
    DTypeError
        If an argument is of integers.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> slope = ag.grad(lambda x: np.sin(x) ** 2)
    >>> round(float(slope(0.5)), 6), round(np.sin(1.0), 6)
    (0.841471, np.float64(0.841471))
    >>> float(ag.grad(ag.grad(lambda x: x**3))(2.0))
    12.0
    >>> ag.grad(lambda p: np.sum(p["w"] * p["x"]))({"w": np.ones(2), "x": np.array([3.0, 4.0])})
    {'w': array([3., 4.]), 'x': array([1., 1.])}
    """
    evaluate = value_and_grad(function, argnums, has_aux=has_aux)

    @functools.wraps(function, updated=())
    def gradient(*args: Any, **kwargs: Any) -> Any:
        value, result = evaluate(*args, **kwargs)
        return (result, value[1]) if has_aux else result

    return gradient


def value_and_grad(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False
) -> Callable[..., Any]:
    """The value and the gradient of `function`, for the price of the gradient.

    Parameters
    ----------
    function, argnums, has_aux
        As for :func:`grad`.

    Returns
    -------
    callable
        Returns ``(value, gradient)``; with `has_aux`, ``((value, auxiliary), gradient)``. This is
        what ``scipy.optimize.minimize(..., jac=True)`` takes.

    Raises
    ------
    GraphError, DTypeError
        As :func:`grad`.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> value, gradient = ag.value_and_grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    >>> float(value), gradient
    (5.0, array([2., 4.]))
    """

    @functools.wraps(function, updated=())
    def evaluate(*args: Any, **kwargs: Any) -> Any:
        trace = Trace("grad", function, argnums, args, kwargs, has_aux=has_aux)
        output = trace.scalar()
        gradients = trace.in_shape(trace.pull(np.ones((), output.dtype)[()], output))
        value = trace.finished(output)
        return ((value, trace.aux) if has_aux else value), gradients

    return evaluate
