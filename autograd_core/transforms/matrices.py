"""Whole matrices of derivatives: jacobian, hessian, and the trace of the latter, laplacian."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ..errors import DTypeError, GraphError, describe
from .gradient import grad
from .trace import Trace
from .tree import leaves, map_leaves


def jacobian(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False
) -> Callable[..., Any]:
    """All derivatives of all outputs of `function`.

    Parameters
    ----------
    function : callable
        Written in NumPy; returns an array, or a nested dict, list or tuple of arrays.
    argnums : int or sequence of int
        The positional arguments to differentiate with respect to: arrays, numbers or trees.
    has_aux : bool
        Whether `function` returns ``(output, auxiliary)``.

    Returns
    -------
    callable
        Returns for each output, and in it for each leaf of the argument, an array of shape
        ``output.shape + leaf.shape``. It calls `function` once and makes one reverse pass (two
        for a complex output) for each element of the output, each at about the price of the
        call. For an output too wide for the result to fit in memory, take it in chunks with
        :func:`jacobian_rows`; for one much wider than the argument, use one :func:`jvp` for
        each element of the argument.

        With respect to a complex argument, the derivatives of a complex output are those of a
        holomorphic function; those of a real output are the gradients of its elements.

    Raises
    ------
    GraphError
        If `function` does not return arrays, or is not holomorphic where it would have to be.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> ag.jacobian(lambda x: x**2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    @functools.wraps(function, updated=())
    def evaluate(*args: Any, **kwargs: Any) -> Any:
        trace = Trace("jacobian", function, argnums, args, kwargs, has_aux=has_aux)
        result = map_leaves(lambda output: _block(trace, output), trace.output)
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
    if len(trace.fresh) != 1:
        raise GraphError(f"jacobian_rows: the argument must be one array, not {describe(x)}.")
    size = _size(_shape_of(trace, trace.output))
    for start in range(0, size, chunk):
        elements = range(start, min(start + chunk, size))
        yield np.stack([_row(trace, trace.output, element)[0] for element in elements])


def _shape_of(trace: Trace, output: Any) -> tuple[int, ...]:
    if not hasattr(output, "shape"):
        raise GraphError(
            f"{trace.what}: the function must return an array; it returned {describe(output)}."
        )
    return tuple(output.shape)


def _size(shape: tuple[int, ...]) -> int:
    return int(np.prod(shape, dtype=int))


def _block(trace: Trace, output: Any) -> Any:
    """The derivatives of one output at every fresh leaf, in the shape of the arguments."""
    shape = _shape_of(trace, output)
    rows = [_row(trace, output, element) for element in range(_size(shape))]
    parts = [_stacked([row[k] for row in rows], shape, leaf) for k, leaf in enumerate(trace.fresh)]
    return trace.in_shape(parts)


def _stacked(rows: Sequence[Any], shape: tuple[int, ...], leaf: Any) -> Any:
    whole = shape + leaf.shape
    if not rows:
        return np.zeros(whole, leaf.dtype)
    if not whole:
        return rows[0]
    return np.reshape(np.stack(rows), whole)


def _row(trace: Trace, output: Any, element: int) -> list[Any]:
    """The derivatives of one element of an output, at every fresh leaf."""
    cotangent = np.zeros(_size(output.shape), output.dtype)
    cotangent[element] = 1
    cotangent = cotangent.reshape(output.shape)[()]
    row = trace.pull(cotangent, output)
    if output.dtype.kind != "c":
        return row
    # Those are the slopes of the real part, and these of the imaginary part.
    across = trace.pull(1j * cotangent, output)
    return [_complex_slope(trace, *parts) for parts in zip(trace.fresh, row, across, strict=True)]


def _complex_slope(trace: Trace, leaf: Any, real: Any, imaginary: Any) -> Any:
    if leaf.dtype.kind != "c":
        return real + 1j * imaginary
    close = 100 * np.finfo(leaf.dtype).eps
    if not np.allclose(imaginary, 1j * real, rtol=close, atol=close, equal_nan=True):
        raise GraphError(
            f"{trace.what}: the function is not holomorphic here, so it has no complex derivative."
            " Differentiate its real and imaginary parts, np.real(f(z)) and np.imag(f(z))."
        )
    return np.conjugate(real)


def hessian(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False
) -> Callable[..., Any]:
    """The second derivatives of `function`.

    Parameters
    ----------
    function : callable
        Returns one real number.
    argnums : int or sequence of int
        The positional arguments to differentiate with respect to: arrays, numbers or trees.
    has_aux : bool
        Whether `function` returns ``(output, auxiliary)``.

    Returns
    -------
    callable
        Returns the :func:`jacobian` of the :func:`grad`: an array of shape ``x.shape + x.shape``.
        For a tree, the same tree twice: ``h["a"]["b"]`` has shape ``a.shape + b.shape``.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> ag.hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0]))
    array([[10.,  6.],
           [ 6.,  0.]])
    """
    return jacobian(grad(function, argnums, has_aux=has_aux), argnums, has_aux=has_aux)


def laplacian(function: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """The sum of the unmixed second derivatives: the trace of the Hessian, without forming it.

    Parameters
    ----------
    function : callable
        Returns one real number.
    argnums : int or sequence of int
        The positional arguments to differentiate with respect to: real arrays, numbers or trees.

    Returns
    -------
    callable
        Returns a number. It makes one reverse pass through the gradient for each element of the
        argument, and keeps one row of the Hessian at a time.

    Raises
    ------
    DTypeError
        If the argument is complex.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> float(ag.laplacian(lambda x: np.sum(x**3))(np.array([1.0, 2.0])))
    18.0
    """

    @functools.wraps(function, updated=())
    def evaluate(*args: Any, **kwargs: Any) -> Any:
        trace = Trace("laplacian", grad(function, argnums), argnums, args, kwargs)
        total: Any = 0.0
        for k, output in enumerate(leaves(trace.output)):
            if output.dtype.kind == "c":
                raise DTypeError(
                    "laplacian: the argument must be real. Give the function the real and the"
                    " imaginary part as two arguments, and argnums=(0, 1)."
                )
            for element in range(_size(output.shape)):
                row = _row(trace, output, element)[k]
                total = total + np.reshape(row, (-1,))[element]
        return total

    return evaluate
