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


def vjp(
    function: Callable[..., Any],
    *args: Any,
    argnums: int | Sequence[int] | None = None,
    has_aux: bool = False,
) -> tuple[Any, ...]:
    """The value of `function`, and the map from a cotangent to its vector-Jacobian product.

    Parameters
    ----------
    function : callable
        Written in NumPy; returns an array or a nested dict, list or tuple of them.
    *args
        Where to evaluate it; each an array, number or tree.
    argnums : int or sequence of int, optional
        Which of them to differentiate with respect to; all of them by default.
    has_aux : bool
        Whether `function` returns ``(output, auxiliary)``.

    Returns
    -------
    output
        What `function` returned.
    pullback : callable
        ``pullback(cotangent)``, with a cotangent of the structure and shapes of `output`, returns
        the tuple of products, one an argument (for an int as `argnums`, just that one). It may be
        called more than once.
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
    chosen = range(len(args)) if argnums is None else argnums
    trace = Trace("vjp", function, chosen, args, {}, has_aux=has_aux)

    def pullback(cotangent: Any) -> Any:
        return trace.in_shape(trace.pull(cotangent))

    output = trace.finished(trace.output)
    return (output, pullback, trace.aux) if has_aux else (output, pullback)


def jvp(
    function: Callable[..., Any],
    primals: Sequence[Any],
    tangents: Sequence[Any],
    *,
    argnums: Sequence[int] | None = None,
    has_aux: bool = False,
) -> tuple[Any, ...]:
    """The value of `function`, and its derivative in the direction of `tangents`.

    The vector-Jacobian product is linear in the cotangent; its own transpose is this product. So
    it costs two reverse passes, the second through the first, whatever the sizes.

    Parameters
    ----------
    function : callable
        Written in NumPy; returns an array or a tree of arrays.
    primals : sequence
        The arguments.
    tangents : sequence
        The direction: one of the structure and shapes of each argument that moves.
    argnums : sequence of int, optional
        Which arguments move; all of them by default.
    has_aux : bool
        Whether `function` returns ``(output, auxiliary)``.

    Returns
    -------
    output, derivative
        Of the same structure.
    auxiliary
        Only with `has_aux`.

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
    chosen = range(len(primals)) if argnums is None else argnums
    if len(chosen) != len(tangents):
        raise ShapeError(f"jvp: {len(chosen)} primals but {len(tangents)} tangents.")
    trace = Trace("jvp", function, chosen, primals, {}, has_aux=has_aux)
    map_leaves(_check_tangent, tuple(primals[number] for number in chosen), tuple(tangents))

    # The pullback is linear, so where its transpose is taken does not matter; at ones no
    # cotangent is exactly 0, which would hide an infinite slope.
    ones = map_leaves(_ones_like, trace.output)
    second = Trace("jvp", trace.pull, 0, (ones,), {}, inside=trace)
    derivative = second.in_shape(second.pull(leaves(tuple(tangents))))
    output = trace.finished(trace.output)
    return (output, derivative, trace.aux) if has_aux else (output, derivative)


def hvp(
    function: Callable[..., Any],
    x: Any,
    vector: Any,
    *args: Any,
    argnums: int = 0,
    has_aux: bool = False,
) -> Any:
    """Product of the Hessian of `function` at `x` with `vector`, without forming the Hessian.

    Parameters
    ----------
    function : callable
        Returns one real number.
    x, vector : array or tree
        Of the same structure and shapes.
    *args
        The other positional arguments of `function`, in their order.
    argnums : int
        Which of the positional arguments `x` is; the first by default, so that
        ``hessp=functools.partial(ag.hvp, f)`` is what ``scipy.optimize.minimize`` takes.
    has_aux : bool
        Whether `function` returns ``(output, auxiliary)``; then so does this.

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
    argnums = argnums + len(args) + 1 if argnums < 0 else argnums
    everything = [*args[:argnums], x, *args[argnums:]]

    def along(*arguments: Any) -> Any:
        gradient = grad(function, argnums, has_aux=has_aux)(*arguments)
        gradient, aux = gradient if has_aux else (gradient, None)
        products = leaves(map_leaves(lambda g, v: np.sum(g * v), gradient, vector))
        return (sum(products), aux) if has_aux else sum(products)

    return grad(along, argnums, has_aux=has_aux)(*everything)


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
