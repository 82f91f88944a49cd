"""Whole matrices of derivatives: jacobian, hessian, and the trace of the latter, laplacian."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..errors import GraphError, describe
from .gradient import grad
from .trace import Trace


def jacobian(
    function: Callable[..., Any], argnums: int = 0, *, has_aux: bool = False
) -> Callable[..., Any]:
    """All derivatives of all outputs of `function`.

    Parameters
    ----------
    function : callable
        Written in NumPy; returns an array.
    argnums : int
        The positional argument to differentiate with respect to: an array, number or tree.
    has_aux : bool
        Whether `function` returns ``(output, auxiliary)``.

    Returns
    -------
    callable
        Returns for each leaf of the argument an array of shape ``output.shape + leaf.shape``. It
        calls `function` once and makes one reverse pass for each element of the output, each
        at about the price of the call. For an output too wide for the result to fit in memory,
        take it in chunks with :func:`jacobian_rows`; for one much wider than the argument, use
        one :func:`jvp` for each element of the argument.

    Raises
    ------
    GraphError
        If `function` does not return an array.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> ag.jacobian(lambda x: x**2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    @functools.wraps(function)
    def evaluate(*args: Any, **kwargs: Any) -> Any:
        trace = Trace("jacobian", function, argnums, args, kwargs, has_aux=has_aux)
        shape = _shape_of(trace)
        rows = list(_rows(trace, range(_size(shape))))
        result = trace.in_shape(
            [_assemble([row[k] for row in rows], shape, leaf) for k, leaf in enumerate(trace.fresh)]
        )
        result = trace.finished(result)
        return (result, trace.aux) if has_aux else result

    return evaluate


def jacobian_rows(function: Callable[..., Any], x: Any, *, chunk: int = 64) -> Iterator[Any]:
    """The Jacobian of `function` at `x`, some rows at a time, so that it need not fit in memory.

    Parameters
    ----------
    function : callable
        Of one argument; returns an array.
    x : array
        Where to evaluate it.
    chunk : int
        How many rows at a time. `function` is called once; each row is one reverse pass.

    Yields
    ------
    array
        Of shape ``(rows, *x.shape)``; the rows are the elements of the flattened output, in order.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> [rows.shape for rows in ag.jacobian_rows(lambda x: np.tile(x, 3), np.ones(2), chunk=4)]
    [(4, 2), (2, 2)]
    """
    if chunk < 1:
        raise GraphError(f"jacobian_rows: chunk must be at least 1, not {chunk}.")
    trace = Trace("jacobian_rows", function, 0, (x,), {})
    size = _size(_shape_of(trace))
    for start in range(0, size, chunk):
        rows = [row[0] for row in _rows(trace, range(start, min(start + chunk, size)))]
        yield trace.finished(np.stack(rows))


def _shape_of(trace: Trace) -> tuple[int, ...]:
    if not hasattr(trace.output, "shape"):
        raise GraphError(
            f"{trace.what}: the function must return an array;"
            f" it returned {describe(trace.output)}."
        )
    return tuple(trace.output.shape)


def _rows(trace: Trace, elements: range) -> Iterator[list[Any]]:
    """The gradient of each of the elements, at every fresh leaf."""
    output = trace.output
    flat = np.zeros(_size(output.shape), output.dtype)
    for element in elements:
        flat[element] = 1
        row = trace.pull(flat.reshape(output.shape)[()])
        # The public gradient of a complex output's real part is conjugated; a Jacobian is not.
        yield [np.conjugate(g) if g.dtype.kind == "c" else g for g in row]
        flat = np.zeros_like(flat)


def _assemble(rows: list[Any], shape: tuple[int, ...], leaf: Any) -> Any:
    if not rows:
        return np.zeros(shape + leaf.shape, leaf.dtype)
    return np.reshape(np.stack(rows), shape + leaf.shape)


def _size(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape, dtype=int))


def hessian(function: Callable[..., Any], argnums: int = 0) -> Callable[..., Any]:
    """The second derivatives of `function`.

    Parameters
    ----------
    function : callable
        Returns one real number.
    argnums : int
        The positional argument to differentiate with respect to: an array or a number.

    Returns
    -------
    callable
        Returns an array of shape ``x.shape + x.shape``: the :func:`jacobian` of the :func:`grad`.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> ag.hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0]))
    array([[10.,  6.],
           [ 6.,  0.]])
    """
    return jacobian(grad(function, argnums), argnums)


def laplacian(function: Callable[..., Any], argnums: int = 0) -> Callable[..., Any]:
    """The sum of the unmixed second derivatives: the trace of the Hessian, without forming it.

    Parameters
    ----------
    function : callable
        Returns one real number.
    argnums : int
        The positional argument to differentiate with respect to: an array or a number.

    Returns
    -------
    callable
        Returns a number. It makes one reverse pass through the gradient for each element of the
        argument, and keeps one row of the Hessian at a time.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> float(ag.laplacian(lambda x: np.sum(x**3))(np.array([1.0, 2.0])))
    18.0
    """

    @functools.wraps(function)
    def evaluate(*args: Any, **kwargs: Any) -> Any:
        trace = Trace("laplacian", grad(function, argnums), argnums, args, kwargs)
        size = _size(_shape_of(trace))
        total: Any = 0.0
        for element, row in enumerate(_rows(trace, range(size))):
            total = total + np.reshape(row[0], (-1,))[element]
        return trace.finished(total)

    return evaluate
