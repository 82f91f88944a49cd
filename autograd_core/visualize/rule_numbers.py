"""What a rule is given and what it gives, in numbers: between its conventions and ``.grad``.

Rules work with unconjugated gradients, want one for each of several outputs, and may return what
still has to be brought to an operand's shape.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_core.contributions import fit
from autograd_core.graph import Node
from autograd_core.reverse import complete_outputs

__all__ = ["fitted", "inward", "outward", "settled_zeros"]


def settled_zeros(rule: Any, g: Any, arguments: Any, part: Any) -> bool:
    """Whether the engine put 0 where the rule itself says 0 times infinity."""
    formula = getattr(rule, "__wrapped__", None)
    if formula is None or isinstance(g, tuple) or np.all(g):
        return False
    return bool(np.any(np.isfinite(part) & ~np.isfinite(formula(g, *arguments))))


def fitted(part: Any, parent: Node) -> Any:
    """What a rule gave, with the operand's shape and dtype."""
    if part.shape != parent.shape or part.dtype is not parent.dtype:
        return fit(part, parent.shape, parent.dtype)
    return part


def inward(node: Node, gradient: Any) -> Any:
    """From the convention of ``.grad`` to that of the rules."""
    if type(gradient) is list:
        return complete_outputs(
            node, [None if part is None else outward(part) for part in gradient]
        )
    return outward(gradient)


def outward(gradient: Any) -> Any:
    """From the convention of the rules to that of ``.grad``, or back."""
    return gradient.conjugate() if gradient.dtype.kind == "c" else gradient
