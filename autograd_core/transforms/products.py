"""Products with the Jacobian and the Hessian, without forming either: vjp, jvp, hvp."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import DTypeError, ShapeError, describe
from ..tensor import Tensor
from .gradient import grad
from .trace import Trace
from .tree import leaves, map_leaves


def vjp(function: Callable[..., Any], *args: Any, has_aux: bool = False) -> tuple[Any, ...]:
    """The value of `function`, and the map from a cotangent to its vector-Jacobian product.

    Parameters
    ----------
    function : callable
        Written in NumPy; returns an array or a nested dict, list or tuple of them.
    *args
        Where to evaluate it; each an array, number or tree, and each differentiated.
    has_aux : bool
        Whether `function` returns ``(output, auxiliary)``.

    Returns
    -------
    output
        What `function` returned.
    pullback : callable
        ``pullback(cotangent)``, with a cotangent of the structure and shapes of `output`, returns
        the tuple of products, one an argument. It may be called more than once.
    auxiliary
        Only with `has_aux`.

    Raises
    ------
    ShapeError
        If a cotangent does not have its output's shape.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> y, pullback = ag.vjp(lambda x: x**2, np.array([1.0, 2.0]))
    >>> pullback(np.array([1.0, 10.0]))
    (array([ 2., 40.]),)
    """
    trace = Trace("vjp", function, range(len(args)), args, {}, has_aux=has_aux)

    def pullback(cotangent: Any) -> Any:
        return trace.in_shape(trace.pull(cotangent))

    output = trace.finished(trace.output)
    return (output, pullback, trace.aux) if has_aux else (output, pullback)


def jvp(
    function: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]
) -> tuple[Any, Any]:
    """The value of `function`, and its derivative in the direction of `tangents`.

    The vector-Jacobian product is linear in the cotangent; its own transpose is this product. So
    it costs two reverse passes, the second through the first, whatever the sizes.

    Parameters
    ----------
    function : callable
        Written in NumPy; returns an array or a tree of arrays.
    primals, tangents : sequence
        The arguments and the direction; the same structure and shapes.

    Returns
    -------
    output, derivative
        Of the same structure.

    Raises
    ------
    ShapeError
        If a tangent does not have its argument's shape.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> y, dy = ag.jvp(lambda x: np.sin(x), (0.0,), (2.0,))
    >>> float(y), float(dy)
    (0.0, 2.0)
    """
    if len(primals) != len(tangents):
        raise ShapeError(f"jvp: {len(primals)} primals but {len(tangents)} tangents.")
    trace = Trace("jvp", function, range(len(primals)), primals, {})
    map_leaves(_check_tangent, tuple(primals), tuple(tangents))

    # The pullback is linear, so where its transpose is taken does not matter; at ones no
    # cotangent is exactly 0, which would hide an infinite slope.
    ones = map_leaves(_ones_like, trace.output)
    second = Trace("jvp", trace.pull, 0, (ones,), {}, inside=trace)
    derivative = second.in_shape(second.pull(leaves(tuple(tangents))))
    return trace.finished(trace.output), derivative


def hvp(function: Callable[..., Any], x: Any, vector: Any) -> Any:
    """Product of the Hessian of `function` at `x` with `vector`, without forming the Hessian.

    Parameters
    ----------
    function : callable
        Of one argument; returns one real number.
    x, vector : array or tree
        Of the same structure and shapes.

    Returns
    -------
    array or tree
        Of the structure of `x`: the gradient of ``<grad f(x), vector>`` (Pearlmutter, "Fast exact
        multiplication by the Hessian", 1994), at the price of two reverse passes.

    Raises
    ------
    GraphError
        If `function` does not return a single real number.
    ShapeError
        If `vector` does not have the shape of `x`.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> ag.hvp(lambda x: np.sum(x**3), np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    array([ 6., 12.])
    """
    map_leaves(_check_tangent, x, vector)

    def along(point: Any) -> Any:
        products = map_leaves(lambda g, v: np.sum(g * v), grad(function)(point), vector)
        return sum(leaves(products))

    return grad(along)(x)


def _plain(value: Any) -> Any:
    return value._array if isinstance(value, Tensor) else value


def _ones_like(output: Any) -> Any:
    value = _plain(output)
    return np.ones(np.shape(value), np.result_type(value))[()]


def _check_tangent(primal: Any, tangent: Any) -> None:
    primal, tangent = _plain(primal), _plain(tangent)
    if tangent is None or np.shape(primal) != np.shape(tangent):
        raise ShapeError(
            "A tangent (direction) has the shape of its argument; given:"
            f" {describe(primal, 'argument')}; {describe(tangent, 'tangent')}."
        )
    if np.iscomplexobj(tangent) and not np.iscomplexobj(primal):
        raise DTypeError(
            "A real argument can move in a real direction only; given:"
            f" {describe(primal, 'argument')}; {describe(tangent, 'tangent')}."
        )
