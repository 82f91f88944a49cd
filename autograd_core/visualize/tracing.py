"""What a local derivative computes, in symbols: the rule itself is called and watched.

There is no table of derivative texts. The rule of an entry runs once on values that remember
their formula (``traced``). Where it does something they cannot do, such as writing into an array,
it runs on Tensors, which record it as they would for a second derivative, and the formula is read
from that record. What cannot be read either way is named: ``vjp of svd``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_core.entry import REGISTRY
from autograd_core.graph import Node, ancestors
from autograd_core.modes import enable_grad
from autograd_core.tensor import Tensor

from .fitting import fitted
from .simplifying import simplify
from .symbols import Call, Expression, Number, Symbol, replace_symbols, symbols_of
from .traced import Traced, expression_of

__all__ = ["LONGEST", "Argument", "Formula", "is_elementwise", "local_derivative", "trace"]

#: Operations that a formula may have; a longer one is better named than written out.
LONGEST = 24

#: Functions of a whole array that work on each element by itself.
EACH = {"where", "nan_to_num", "real", "imag", "clip", "power", "sinc_slope"}


@dataclass(frozen=True, slots=True)
class Argument:
    """What a rule is given: a number or an array, and its symbol (None: not part of a formula).

    Examples
    --------
    >>> Argument(2.0, Symbol("0", "x")).symbol.label
    'x'
    """

    value: Any
    symbol: Expression | tuple[Expression, ...] | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A rule in symbols.

    Attributes
    ----------
    expression : Expression
        What is added to the operand: of its shape.
    raw : Expression
        The same before the sum over the axes along which the operand was broadcast.
    branched : bool
        Whether the rule looked at a number to choose its formula.

    Examples
    --------
    >>> Formula(Symbol("0", "x"), Symbol("0", "x")).branched
    False
    """

    expression: Expression
    raw: Expression
    branched: bool = False


def trace(
    name: str,
    rule: Callable[..., Any],
    arguments: Sequence[Argument],
    shape: tuple[int, ...] | None = None,
) -> Formula:
    """Write what ``rule`` computes as a formula.

    Parameters
    ----------
    name : str
        Of the operation, for what cannot be written.
    rule : callable
    arguments : sequence of Argument
        As the rule takes them: the incoming gradient first.
    shape : tuple of int, optional
        Of the operand; the sum over axes along which it was broadcast is part of the formula.

    Examples
    --------
    >>> from autograd_core.visualize.symbols import to_text
    >>> g, x = Argument(1.0, Symbol("1", "v1", True)), Argument(2.0, Symbol("0", "x"))
    >>> to_text(trace("square", lambda g, x: g * (2 * x), [g, x]).expression)
    'grad v1 × 2 × x'
    """
    rule = getattr(rule, "__wrapped__", rule)  # without the engine's 0 * inf = 0
    branches: list[str] = []
    with np.errstate(all="ignore"):
        part = _watched(rule, arguments, branches)
        if part is None:
            branches.clear()
            part = _recorded(rule, arguments, branches)
    if part is None:
        return named(name, arguments)
    value, expression = part
    raw = simplify(expression)
    expression = fitted(raw, np.shape(value), shape)
    if arguments and getattr(arguments[0].value, "shape", None) == ():
        expression = _spread(expression)
    return Formula(expression, raw, bool(branches))


def _spread(expression: Expression) -> Expression:
    """One number that is given the axes of an array goes to each of its elements."""
    match expression:
        case Call("reshape", (Symbol(gradient=True) as g,), (("shape", tuple() as shape),)):
            return Call("broadcast_to", (g,), (("shape", shape),))
    return expression


def _watched(
    rule: Callable[..., Any], arguments: Sequence[Argument], branches: list[str]
) -> tuple[Any, Expression] | None:
    """The rule on traced values, or None where it does what they cannot do."""
    try:
        part = rule(*[_traced(argument, branches) for argument in arguments])
    except Exception:  # noqa: BLE001 - whatever it is, the other way is tried
        return None
    if not isinstance(part, Traced):
        return part, expression_of(part)
    return None if _too_long(part.expression) else (part.value, part.expression)


def _traced(argument: Argument, branches: list[str]) -> Any:
    if isinstance(argument.symbol, tuple):
        return tuple(
            _traced(Argument(value, symbol), branches)
            for value, symbol in zip(argument.value, argument.symbol, strict=True)
        )
    if argument.symbol is None or isinstance(argument.symbol, Number):
        return argument.value
    return Traced(argument.value, argument.symbol, branches)


def _recorded(
    rule: Callable[..., Any], arguments: Sequence[Argument], branches: list[str]
) -> tuple[Any, Expression] | None:
    """The rule on Tensors, and the formula from what they recorded."""
    known: dict[Node, Expression] = {}
    try:
        with enable_grad():
            part = rule(*[_tensor(argument, known) for argument in arguments])
    except Exception:  # noqa: BLE001 - then it is named instead
        return None
    if not isinstance(part, Tensor):
        return part, expression_of(part)
    if part._node is None:
        return part.data, expression_of(part.data)
    constants = {id(a.value): a.symbol for a in arguments if isinstance(a.symbol, Symbol)}
    for node in ancestors(part._node):
        if node in known:
            continue
        if node.op is None:
            return None
        if node.op.name == "output" or not node.op.multiple:
            operands = [
                known[parent] if type(parent) is Node else _constant(parent, constants, branches)
                for parent in node.parents
            ]
            known[node] = Call(node.op.name, tuple(operands), tuple((node.keywords or {}).items()))
        else:
            return None
    expression = known[part._node]
    return None if _too_long(expression) else (part.data, expression)


def _tensor(argument: Argument, known: dict[Node, Expression]) -> Any:
    if isinstance(argument.symbol, tuple):
        return tuple(
            _tensor(Argument(value, symbol), known)
            for value, symbol in zip(argument.value, argument.symbol, strict=True)
        )
    if argument.symbol is None or np.result_type(argument.value).kind not in "fc":
        return argument.value
    tensor = Tensor(argument.value)
    if tensor._node is not None:
        known[tensor._node] = argument.symbol
    return tensor


def _constant(value: Any, constants: Mapping[int, Any], branches: list[str]) -> Expression:
    """An operand that did not record: known by its symbol, or made from a comparison."""
    symbol: Expression | None = constants.get(id(value))
    if symbol is not None:
        return symbol
    number = expression_of(value)
    if np.shape(value):
        branches.append("comparison")
    return number


def _too_long(expression: Expression) -> bool:
    seen: set[int] = set()
    stack = [expression]
    while stack and len(seen) <= LONGEST:
        part = stack.pop()
        if isinstance(part, Call) and id(part) not in seen:
            seen.add(id(part))
            stack.extend(part.operands)
    return len(seen) > LONGEST


def named(name: str, arguments: Sequence[Argument]) -> Formula:
    """``vjp of svd`` of the symbols that the rule was given.

    Examples
    --------
    >>> named("svd", [Argument(1.0, Symbol("1", "v1", True))]).expression.name
    'vjp of svd'
    """
    symbols: list[Expression] = []
    for argument in arguments:
        given = argument.symbol if isinstance(argument.symbol, tuple) else (argument.symbol,)
        symbols += [symbol for symbol in given if symbol is not None]
    expression = Call(f"vjp of {name}", tuple({id(symbol): symbol for symbol in symbols}.values()))
    return Formula(expression, expression)


def is_elementwise(expression: Expression) -> bool:
    """Whether a formula treats each element by itself.

    Examples
    --------
    >>> x = Symbol("0", "x")
    >>> is_elementwise(Call("exp", (x,))), is_elementwise(Call("matmul", (x, x)))
    (True, False)
    """
    seen: set[int] = set()
    stack = [expression]
    while stack:
        part = stack.pop()
        if not isinstance(part, Call) or id(part) in seen:
            continue
        op = REGISTRY.get(part.name)
        if part.keywords or not (
            part.name in EACH
            or (op is not None and not op.examples and op.operand_names)
            or (op is None and isinstance(getattr(np, part.name, None), np.ufunc))
        ):
            return False
        seen.add(id(part))
        stack.extend(part.operands)
    return True


def local_derivative(rule: Expression, gradient: Sequence[Symbol]) -> Expression | None:
    """The rule for an incoming gradient of 1, where that says everything about it.

    Examples
    --------
    >>> g, x = Symbol("1", "v1", True), Symbol("0", "x")
    >>> local_derivative(Call("multiply", (g, x)), [g]).label
    'x'
    """
    if len(gradient) != 1 or not is_elementwise(rule):
        return None
    if gradient[0] not in symbols_of(rule):
        return None
    return simplify(replace_symbols(rule, {gradient[0]: Number(1)}))
