"""Where an operation passes nothing on although something arrives: counted element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core.entry import Primitive, Rule

__all__ = ["PRODUCTS", "factor_positions", "lost_elements"]

#: Operations that multiply what arrives by other operands.
PRODUCTS = {
    *("multiply", "divide", "matmul", "linear", "einsum", "outer", "cross", "tensordot"),
    *("vecdot", "matvec", "vecmat", "convolve", "prod", "cumprod", "xlogy", "ldexp"),
}


def factor_positions(op: Primitive, position: int, count: int) -> list[int]:
    """The operands that are factors on the way to one of them: those that its rule asks for.

    Parameters
    ----------
    op : Primitive
    position : int
        Of the operand on the way to which they are factors.
    count : int
        How many operands there are.

    Examples
    --------
    >>> from autograd_core.entry import REGISTRY
    >>> factor_positions(REGISTRY["linear"], 1, 3)  # of (x, weight, bias): x alone
    [0]
    """
    asked = op.rule_names[0 if op.variadic else position]
    everything = op.variadic or "out" in asked  # the output was computed from all of them
    return [
        other
        for other in range(count)
        if other != position and (everything or op.operand_names[other] in asked)
    ]


def lost_elements(
    op: Primitive, rule: Rule, g: Any, given: tuple[Any, ...], part: Any, shape: tuple[int, ...]
) -> tuple[int, int, tuple[int, ...] | None]:
    """Where something arrives and `part` is 0: how many elements, of how many, one of them.

    Parameters
    ----------
    op : Primitive
    rule : callable
        The one that made `part` of `g` and `given`.
    g : array or list or tuple of arrays
        What arrives.
    given : tuple
    part : array
    shape : tuple of int
        Of the operand.

    Examples
    --------
    >>> lost_elements(None, None, np.array([1.0, 0.0, 2.0]), (), np.array([0.0, 0.0, 2.0]), (3,))
    (1, 3, (0,))
    """
    here = np.asarray(part) == 0
    if here.all():
        here = np.ones(shape, bool)
    elif not isinstance(g, tuple | list) and np.shape(g) == here.shape:
        here = here & (np.asarray(g) != 0)
    elif here.shape != shape:
        here = np.zeros(shape, bool)
    elif here.any() and not isinstance(g, tuple | list):
        here = here & ~_forgone(op, rule, g, given)
    count = int(np.count_nonzero(here))
    if not count:
        return 0, here.size, None
    return count, here.size, tuple(map(int, np.unravel_index(here.argmax(), here.shape)))


def _forgone(op: Primitive, rule: Rule, g: Any, given: tuple[Any, ...]) -> Any:
    """Elements that the operation would pass something on to, if anything arrived for them.

    Ones take the place of all factors, so that it is the wiring alone that decides.
    """
    if op.name in PRODUCTS:
        given = tuple(map(_ones, given))
    arriving = np.asarray(g) != 0
    reachable = np.asarray(rule(np.ones_like(g)[()], *given)) != 0
    reached = np.asarray(rule(arriving.astype(np.asarray(g).dtype)[()], *given)) != 0
    return reachable & ~reached


def _ones(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(map(_ones, value))
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fc":
        return np.ones_like(value)[()]
    return value
