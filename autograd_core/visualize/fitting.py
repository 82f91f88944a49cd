"""In a formula: the sum over broadcast axes, and the spreading over reduced ones.

No rule mentions them; the engine does both, and the reader has to see it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .symbols import Call, Expression, Number

__all__ = ["fitted"]


def fitted(
    expression: Expression, have: tuple[int, ...], shape: tuple[int, ...] | None
) -> Expression:
    """What the engine does to bring a contribution to the operand's shape.

    Examples
    --------
    >>> from autograd_core.visualize.symbols import Symbol
    >>> fitted(Symbol("2", "v2", True), (5, 3), (3,)).keywords
    (('axis', (0,)),)
    >>> fitted(Symbol("2", "v2", True), (), (3,)).name
    'broadcast_to'
    """
    if shape is None or have == shape or _is_zero(expression):
        return expression
    extra = len(have) - len(shape)
    lead = tuple(range(max(extra, 0)))
    padded = have[len(lead) :] if extra >= 0 else (1,) * -extra + have
    spread = tuple(
        len(lead) + axis
        for axis, (size, there) in enumerate(zip(shape, padded, strict=True))
        if size == 1 and there != 1
    )
    if lead or spread:
        keywords: tuple[tuple[str, Any], ...] = (("axis", lead + spread),)
        if spread and not lead:
            keywords += (("keepdims", True),)
        expression = Call("sum", (expression,), keywords)
        padded = tuple(1 if size == 1 else there for size, there in zip(shape, padded, strict=True))
        if lead and spread:
            expression = Call("reshape", (expression,), (("shape", padded),))
    elif np.prod(have) == np.prod(shape) and len(have) != len(shape):
        return Call("reshape", (expression,), (("shape", shape),))
    if padded == shape:
        return expression
    return Call("broadcast_to", (_without_ones(expression),), (("shape", shape),))


def _is_zero(expression: Expression) -> bool:
    return (
        isinstance(expression, Number)
        and np.shape(expression.value) == ()
        and bool(expression.value == 0)
    )


def _without_ones(expression: Expression) -> Expression:
    """A number need not get axes of length 1 before it is spread."""
    if isinstance(expression, Call) and expression.name == "reshape":
        shape = dict(expression.keywords).get("shape", dict(expression.keywords).get("newshape"))
        if isinstance(shape, tuple) and all(size == 1 for size in shape):
            return expression.operands[0]
    return expression
