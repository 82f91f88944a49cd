"""Complex gradients in the convention of ``.grad``, in formulas.

The rules are written unconjugated, so that those of holomorphic functions read as in real
calculus; what users see is dL/dRe z + i dL/dIm z, the conjugate. So a contribution that readers
can check by the numbers before them is ``conj(rule(conj(g)))``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .symbols import Call, Expression, Number, Symbol, fold

__all__ = ["conjugated"]

#: Operations with f(conj z) = conj f(z).
THROUGH = {"add", "subtract", "multiply", "divide", "negative", "square", "reciprocal", "exp"}
THROUGH |= {"matmul", "transpose", "sum", "reshape", "broadcast_to", "getitem", "scatter", "sin"}
THROUGH |= {"cos", "tanh", "sinh", "cosh", "where"}


def conjugated(expression: Expression, real: Callable[[Symbol], bool]) -> Expression:
    """The conjugate of a formula, written where it is shortest: at the symbols.

    Parameters
    ----------
    expression : Expression
    real : callable
        Whether a symbol stands for real numbers.

    Examples
    --------
    >>> from autograd_core.visualize.symbols import to_text
    >>> g, z = Symbol("1", "v1", gradient=True), Symbol("0", "z")
    >>> product = Call("multiply", (Call("conjugate", (g,)), z))
    >>> to_text(conjugated(product, lambda symbol: False))
    'grad v1 × conj(z)'
    """

    def both(
        part: Expression, pairs: list[tuple[Expression, Expression]]
    ) -> tuple[Expression, Expression]:
        if isinstance(part, Symbol):
            return part, part if real(part) else Call("conjugate", (part,))
        if isinstance(part, Number):
            return part, Number(None if part.value is None else np.conjugate(part.value))
        if part.name == "conjugate":
            return part, part.operands[0]
        if part.name in THROUGH:
            other = tuple(pair[1] for pair in pairs)
            if part.name == "where":
                other = (part.operands[0], *other[1:])
            return part, Call(part.name, other, part.keywords)
        return part, Call("conjugate", (part,))

    pair: tuple[Expression, Expression] = fold(expression, both)
    return pair[1]
