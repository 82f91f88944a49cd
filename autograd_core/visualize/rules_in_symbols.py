"""The local derivatives of one node of a graph, in symbols: ``tracing`` with the graph's names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from autograd_core.graph import Node
from autograd_core.reverse import complete_outputs

from .conjugation import conjugated
from .graph_symbols import GraphSymbols
from .simplifying import simplify
from .symbols import Call, Expression, Symbol, replace_symbols
from .tracing import Argument, Formula, local_derivative, named, trace

__all__ = ["RuleTracer"]


class RuleTracer:
    """Writes the rules of nodes as formulas.

    Parameters
    ----------
    symbols : GraphSymbols
    real : dict
        Whether the numbers of a vertex are real, by identity.
    """

    def __init__(self, symbols: GraphSymbols, real: dict[str, bool]) -> None:
        self.symbols = symbols
        self.real = real

    def formula(
        self, node: Node, edge: tuple[Any, ...], saved: tuple[Any, ...] | None, gradient: Any
    ) -> tuple[Formula, Expression | None]:
        """The contribution along one edge of a node's plan, and the local derivative.

        Where the saved values or the gradient are gone (None), ones stand in: the formula is the
        same unless it depends on the numbers, and then it is only named.
        """
        position, rule, _ = edge
        op = node.op
        assert op is not None
        parent = node.parents[position]
        known = saved is not None
        arguments = self._arguments(node, position, saved, gradient)
        if arguments is None:
            operands = [self.symbols.operand(node, k) for k in range(len(node.parents))]
            incoming = self._incoming(node)
            given = incoming if isinstance(incoming, tuple) else (incoming,)
            return named(op.name, [Argument(None, (*given, *operands))]), None
        formula = trace(op.name, rule, arguments, parent.shape)
        if formula.branched and not known:
            formula = named(op.name, arguments)
        local = None
        if not op.multiple and self._keeps_shape(node):
            local = local_derivative(formula.raw, [self.symbols.gradient(node)])
        expression = self._public(formula.expression, node, parent)
        return replace(formula, expression=expression), local

    def _keeps_shape(self, node: Node) -> bool:
        """Whether the output has one element for each of the operands', broadcast."""
        shapes = [() if part is None else np.shape(part) for part in node.parents]
        shapes = [
            part.shape if hasattr(part, "shape") else shape
            for part, shape in zip(node.parents, shapes, strict=True)
        ]
        try:
            return bool(np.broadcast_shapes(*shapes) == node.shape)
        except ValueError:
            return False

    def _incoming(self, node: Node) -> Any:
        assert node.op is not None
        if node.op.multiple:
            return self.symbols.output_gradients(node)
        return self.symbols.gradient(node)

    def _arguments(
        self, node: Node, position: int, saved: tuple[Any, ...] | None, gradient: Any
    ) -> list[Argument] | None:
        op = node.op
        assert op is not None
        names = op.rule_names[0 if op.variadic else position]
        if saved is None:
            saved = _stand_ins(node)
            if saved is None:
                return None
        values = dict(zip(node.plan.names, saved, strict=True))
        if gradient is None:
            gradient = [None] * len(node.shape) if op.multiple else _ones(node)
        if op.multiple:
            gradient = complete_outputs(node, list(gradient))
        arguments = [Argument(gradient, self._incoming(node))]
        arguments += [
            Argument(values[name], self._symbol(node, name, values))
            for name in names
            if name != "position"
        ]
        return arguments

    def _symbol(self, node: Node, name: str, values: dict[str, Any]) -> Any:
        op = node.op
        assert op is not None
        if name == "out":
            return self.symbols.output_values(node) if op.multiple else self.symbols.value(node)
        if name == "operands":
            return tuple(self.symbols.operand(node, k) for k in range(len(node.parents)))
        if name in op.operand_names and not op.variadic:
            if values[name] is None:
                return None
            return self.symbols.operand(node, op.operand_names.index(name))
        if name in op.residuals:
            return self._residual(node, name, values)
        return None

    def _residual(self, node: Node, name: str, values: dict[str, Any]) -> Expression:
        """A by-product of the forward computation, in terms of what it is computed from."""
        op = node.op
        assert op is not None
        sources = _parameters(op.residuals[name])
        arguments = [
            Argument(values[source], self._symbol(node, source, values)) for source in sources
        ]
        expression = trace(op.name, op.residuals[name], arguments).expression
        if isinstance(expression, Call) and expression.name.startswith("vjp of"):
            return Call(name, expression.operands)
        return expression

    def _public(self, expression: Expression, node: Node, parent: Node) -> Expression:
        """The formula for gradients in the convention of ``.grad``."""
        kinds = node.dtype if isinstance(node.dtype, tuple) else (node.dtype,)
        from_complex = any(dtype.kind == "c" for dtype in kinds)
        if not from_complex and parent.dtype.kind != "c":
            return expression
        incoming = self._incoming(node)
        given = incoming if isinstance(incoming, tuple) else (incoming,)
        if from_complex:
            flipped: dict[Symbol, Expression] = {
                g: Call("conjugate", (g,))
                for g in given
                if isinstance(g, Symbol) and not self._real(g)
            }
            expression = replace_symbols(expression, flipped)
        if parent.dtype.kind == "c":
            return simplify(conjugated(expression, self._real))
        return Call("real", (simplify(expression),))

    def _real(self, symbol: Symbol) -> bool:
        return self.real.get(symbol.identity, False)


def _parameters(function: Any) -> tuple[str, ...]:
    code = function.__code__
    return tuple(code.co_varnames[: code.co_argcount])


def _ones(node: Node) -> Any:
    return np.ones(node.shape, node.dtype)[()]


def _stand_ins(node: Node) -> tuple[Any, ...] | None:
    """Ones in place of values that are gone."""
    op = node.op
    assert op is not None
    operands = [
        np.ones(part.shape, part.dtype)[()] if hasattr(part, "shape") else part
        for part in node.parents
    ]
    if op.multiple:
        out: Any = tuple(np.ones(s, d) for s, d in zip(node.shape, node.dtype, strict=True))
    else:
        out = _ones(node)
    try:
        with np.errstate(all="ignore"):
            return op.save(node.plan, out, operands, node.keywords)
    except Exception:  # noqa: BLE001 - a factorisation of ones, say
        return None
