"""How the page computes: the entries' JavaScript for the operations that one graph uses.

The page never evaluates text: what stands here comes from the entries of the registry alone, and
becomes a part of its script when the page is made.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from ...entry import REGISTRY
from ..derivation import Derivation
from ..symbols import Call, Expression
from ..view import Kind, State

__all__ = ["functions_script", "functions_used", "javascript_of", "what_if"]

#: NumPy's functions that rules use and that have no entry: they have no derivative. On single
#: numbers, of which true and false are 1 and 0.
WITHOUT_DERIVATIVE = {
    "greater": "{x} > {y}",
    "greater_equal": "{x} >= {y}",
    "less": "{x} < {y}",
    "less_equal": "{x} <= {y}",
    "equal": "{x} === {y}",
    "not_equal": "{x} !== {y}",
    "logical_and": "{x} != 0 && {y} != 0",
    "logical_or": "{x} != 0 || {y} != 0",
    "logical_xor": "{x} != 0 !== ({y} != 0)",
    "logical_not": "{x} == 0",
    "bitwise_and": "{x} & {y}",
    "bitwise_or": "{x} | {y}",
    "invert": "{x} == 0",
    "isnan": "isNaN({x})",
    "isfinite": "isFinite({x})",
    "isinf": "Math.abs({x}) === Infinity",
    "signbit": "{x} < 0 || Object.is({x}, -0)",
    "any": "{x} != 0",
    "all": "{x} != 0",
    "floor": "Math.floor({x})",
    "ceil": "Math.ceil({x})",
    "trunc": "Math.trunc({x})",
    "rint": "roundEven({x})",
    "floor_divide": "floorDivide({x}, {y})",
    "zeros_like": "0",
    "ones_like": "1",
}

#: Precisions that a page's numbers can have.
PRECISIONS = ("float64", "float32")


def javascript_of(name: str) -> str | None:
    """Return the operation as JavaScript: how many operands, which keywords, the function.

    None where it cannot be computed on a page.

    Examples
    --------
    >>> javascript_of("multiply")
    '[2, [], (x, y) => x * y]'
    >>> javascript_of("leaky_relu")
    '[1, ["negative_slope"], (x, negative_slope) => x > 0 ? x : negative_slope * x]'
    >>> javascript_of("svd") is None
    True
    """
    if name in WITHOUT_DERIVATIVE:
        body = WITHOUT_DERIVATIVE[name]
        operands: tuple[str, ...] = ("x", "y") if "{y}" in body else ("x",)
        keywords: tuple[str, ...] = ()
    elif name in REGISTRY and REGISTRY[name].javascript is not None:
        entry = REGISTRY[name]
        body, operands, keywords = str(entry.javascript), entry.operand_names, entry.keyword_names
    else:
        return None
    names = [*operands, *keywords]
    written = body.format(**{name: name for name in names})
    return f"[{len(operands)}, {json.dumps(list(keywords))}, ({', '.join(names)}) => {written}]"


def functions_used(derivation: Derivation) -> tuple[str, ...]:
    """Return the names of the operations in all formulas, sorted.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(2.0)
    >>> functions_used(ag.explain(x * x).derivation)
    ('multiply',)
    """
    names: set[str] = set()
    seen: set[int] = set()
    stack = list(_formulas(derivation))
    while stack:
        formula = stack.pop()
        if isinstance(formula, Call) and id(formula) not in seen:
            seen.add(id(formula))
            names.add(formula.name)
            stack.extend(formula.operands)
    return tuple(sorted(names))


def _formulas(derivation: Derivation) -> Iterable[Expression]:
    for forward in derivation.forward:
        if forward.expression is not None:
            yield forward.expression
    for reverse in derivation.reverse:
        for contribution in reverse.contributions:
            yield contribution.rule
            if contribution.local is not None:
                yield contribution.local


def what_if(derivation: Derivation) -> dict[str, Any]:
    """Return whether leaves can be dragged on the page, and if not, why not, as its data.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([2.0, 3.0])
    >>> what_if(ag.explain((x * x).sum()).derivation)["offered"]
    False
    """
    why = _refusal(derivation)
    if why:
        return {"offered": False, "why": why}
    guarded = [
        step.identity
        for step in derivation.forward
        if isinstance(step.expression, Call)
        and step.expression.name in REGISTRY
        and REGISTRY[step.expression.name].singular
    ]
    return {"offered": True, "why": "", "guarded": guarded}


def _refusal(derivation: Derivation) -> str:
    """Why the page cannot compute this graph anew; empty if it can."""
    if not derivation.scalar:
        return (
            "Values can be dragged in graphs whose every quantity is a single real number;"
            " this one has arrays or complex numbers."
        )
    vertices = derivation.view.vertices
    if any(vertex.kind is Kind.FOLDED for vertex in vertices):
        return "Values can be dragged where the whole graph is shown; this page leaves a part out."
    changed = [vertex.label for vertex in vertices if vertex.value.state is State.CHANGED]
    if changed:
        return (
            "Values can be dragged where they are those that the results were computed with;"
            f" changed since: {', '.join(changed[:5])}. Compute the results anew."
        )
    if any(vertex.value.state is not State.KNOWN for vertex in vertices):
        return "Values can be dragged where all values are known; some were not kept or released."
    kinds = (Kind.LEAF, Kind.OPERATION, Kind.RESULT)
    other = {str(v.dtype) for v in vertices if v.kind in kinds} - set(PRECISIONS)
    if other:
        return (
            f"Values can be dragged in graphs of {' and '.join(PRECISIONS)}; this one has"
            f" {', '.join(sorted(other))}."
        )
    missing = [name for name in functions_used(derivation) if javascript_of(name) is None]
    if missing:
        return (
            "Values cannot be dragged here: the page does not know how to compute"
            f" {', '.join(missing)}."
        )
    return ""


def functions_script(derivation: Derivation) -> str:
    """Return the script that gives the page its functions; empty where it needs none.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(2.0)
    >>> script = functions_script(ag.explain(x * x).derivation)
    >>> '"multiply": [2, [], (x, y) => x * y]' in script
    True
    """
    if _refusal(derivation):
        return ""
    return table_script(functions_used(derivation))


def table_script(names: Iterable[str]) -> str:
    """Return the script that sets ``window.stepThroughFunctions`` for these operations."""
    table = ",\n".join(f"{json.dumps(name)}: {javascript_of(name)}" for name in names)
    return (
        "window.stepThroughFunctions = (() => {\n"
        f'"use strict";\n{_special()}return {{\n{table}\n}};\n}})();\n'
    )


@functools.cache
def _special() -> str:
    return (files(__package__) / "assets" / "special.js").read_text(encoding="utf-8")
