r"""The four fundamental equations of backpropagation, for the layers found in a graph.

In the notation of M. Nielsen, *Neural Networks and Deep Learning*, 2015, chapter 2: layer l
computes :math:`z^l = W^l a^{l-1} + b^l` and :math:`a^l = \sigma(z^l)`, and :math:`\delta^l` is
the gradient of the cost C with respect to :math:`z^l`. Here a batch has its samples in rows, and
each formula is written the way round in which the code computed it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .derivation import Derivation, ReverseStep
from .latex_formula import to_latex
from .latex_words import latex_label, latex_text, latex_value
from .layers import Layer, find_layers
from .symbols import Call, Symbol
from .view import Quantity, State, Vertex

__all__ = ["fundamental_equations"]


def fundamental_equations(derivation: Derivation) -> tuple[str, ...]:
    r"""Write the equations in symbols and with their numbers; none where there are no layers.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> from autograd_core.visualize.replay import derive
    >>> w = ag.Tensor([[0.5, -1.0]], name="w")
    >>> loss = ag.squared_error(ag.linear(np.array([[1.0, 2.0]]), w), np.array([[0.0]]))
    >>> for equation in fundamental_equations(derive(loss)):
    ...     print(equation)
    W^{1} = w
    a^{0} = \begin{bmatrix}1 & 2\end{bmatrix}
    z^{1} = a^{0} (W^{1})^{T} = \begin{bmatrix}-1.5\end{bmatrix}
    a^{1} = z^{1}
    \nabla_{a} C = \frac{2}{1} (a^{1} - y) = \begin{bmatrix}-3\end{bmatrix}
    \delta^{1} = \nabla_{a} C = \begin{bmatrix}-3\end{bmatrix}
    \frac{\partial C}{\partial W^{1}} = (\delta^{1})^{T} a^{0} = \begin{bmatrix}-3 & -6\end{bmatrix}
    """
    result = derivation.view.vertices[-1]
    layers = find_layers(derivation)
    if not layers or result.shape is None or math.prod(result.shape) != 1:
        return ()
    if any(not _known(derivation, layer) for layer in layers):
        return ()
    writer = _Writer(derivation, layers)
    return tuple(writer.forward() + writer.backward())


def _known(derivation: Derivation, layer: Layer) -> bool:
    """Whether the gradient at z is there; it is not where values were released."""
    wanted = {layer.weighted_input, layer.output}
    return all(
        vertex.gradient.state is State.KNOWN
        for vertex in derivation.view.vertices
        if vertex.identity in wanted
    )


class _Writer:
    """The equations of one chain of layers."""

    def __init__(self, derivation: Derivation, layers: tuple[Layer, ...]) -> None:
        self.layers = layers
        self.vertices: dict[str, Vertex] = {v.identity: v for v in derivation.view.vertices}
        self.reverse: dict[str, ReverseStep] = {s.identity: s for s in derivation.reverse}
        self.calls: dict[str, Call] = {
            step.identity: step.expression
            for step in derivation.forward
            if isinstance(step.expression, Call)
        }
        self.users: dict[str, list[str]] = {}
        for edge in derivation.view.edges:
            self.users.setdefault(edge.source, []).append(edge.target)
        self.columns = all(map(self._is_one_sample, layers))
        self.last = layers[-1].number
        self.names: dict[str, str] = {}
        for layer in layers:
            self.names[layer.weighted_input] = f"z^{{{layer.number}}}"
            if layer.function:
                self.names[layer.output] = f"a^{{{layer.number}}}"

    def forward(self) -> list[str]:
        """Which quantity of the program is which in the equations; z and a."""
        lines = []
        for layer in self.layers:
            lines.append(f"W^{{{layer.number}}} = {self._label(layer.weight)}")
            if layer.bias is not None:
                lines.append(f"b^{{{layer.number}}} = {self._label(layer.bias)}")
        lines.append(f"a^{{{self.layers[0].number - 1}}} = {self._value(self.layers[0].previous)}")
        for layer in self.layers:
            number = f"{{{layer.number}}}"
            before = f"a^{{{layer.number - 1}}}"
            product = {
                "rows": f"{before} (W^{number})^{{T}}",
                "plain": f"{before} W^{number}",
                "columns": f"W^{number} {before}",
            }[layer.form]
            if layer.form == "rows" and self._is_one_sample(layer):
                product = f"W^{number} {before}"
            if layer.form == "plain" and self._is_one_sample(layer):
                product = f"(W^{number})^{{T}} {before}"
            bias = "" if layer.bias is None else f" + b^{number}"
            lines.append(f"z^{number} = {product}{bias} = {self._value(layer.weighted_input)}")
            if layer.function:
                function = " ∘ ".join(reversed(layer.function))
                sigma = rf"\sigma(z^{number}) = {self._value(layer.output)}"
                lines.append(rf"a^{number} = {sigma}, \quad \sigma = {latex_text(function)}")
            else:
                lines.append(f"a^{number} = z^{number}")
        return lines

    def backward(self) -> list[str]:
        """The equations of each layer, from the last one back."""
        lines = []
        for layer in reversed(self.layers):
            if layer.number == self.last:
                lines += self._output_error(layer)
            else:
                lines += [*self._slope(layer), self._hidden_error(layer)]
            lines += self._parameters(layer)
        return lines

    def _output_error(self, layer: Layer) -> list[str]:
        number = f"{{{layer.number}}}"
        of = self._derivative_of_the_loss(layer)
        gradient = self._gradient(layer.output)
        delta = rf"\delta^{number} = \nabla_{{a}} C"
        if not layer.function:
            return [
                rf"\nabla_{{a}} C = {of}{gradient}",
                f"{delta} = {self._gradient(layer.weighted_input)}",
            ]
        return [
            rf"\nabla_{{a}} C = {of}{gradient}",
            *self._slope(layer),
            rf"{delta} \odot \sigma'(z^{number}) = {self._gradient(layer.weighted_input)}",
        ]

    def _derivative_of_the_loss(self, layer: Layer) -> str:
        """The gradient of a loss that is one operation, in symbols."""
        users = self.users.get(layer.output, [])
        call = self.calls.get(users[0]) if len(users) == 1 else None
        shape = self.vertices[layer.output].shape or ()
        if call is None or self.vertices[users[0]].gradient.text != "1":
            return ""
        a = f"a^{{{layer.number}}}"
        if call.name == "squared_error":
            return rf"\frac{{2}}{{{max(math.prod(shape), 1)}}} ({a} - y) = "
        if call.name == "softmax_cross_entropy":
            softmax = rf"\operatorname{{softmax}}({a})"
            return rf"\frac{{1}}{{{shape[0]}}} ({softmax} - y) = "
        return ""

    def _slope(self, layer: Layer) -> list[str]:
        """The derivative of the activation, by the rules of its operations."""
        if not layer.function:
            return []
        factors, text = [], []
        identity = layer.output
        while identity != layer.weighted_input:
            step = self.reverse[identity].contributions[0]
            factors.append(step.local_value)
            if step.local is not None:
                text.append(to_latex(step.local, names=self._name))
            identity = step.target
        slope = rf"\sigma'(z^{{{layer.number}}})"
        known = all(factor.state is State.KNOWN for factor in factors)
        value = ""
        if known:
            slopes = math.prod(factor.data for factor in factors)
            value = latex_value(_column(slopes) if self.columns else slopes)
        formula = text[0] if len(text) == 1 else ""
        shown = [part for part in (slope, formula, value) if part]
        return [" = ".join(shown)] if len(shown) > 1 else []

    def _name(self, symbol: Symbol) -> str | None:
        return None if symbol.gradient else self.names.get(symbol.identity)

    def _hidden_error(self, layer: Layer) -> str:
        following = self.layers[layer.number - self.layers[0].number + 1]
        delta, weight = (f"{name}^{{{following.number}}}" for name in (r"\delta", "W"))
        one = self._is_one_sample(following)
        back = {
            "rows": f"(W^{{{following.number}}})^{{T}} {delta}" if one else f"{delta} {weight}",
            "plain": f"{weight} {delta}" if one else f"{delta} ({weight})^{{T}}",
            "columns": f"({weight})^{{T}} {delta}",
        }[following.form]
        slope = rf" \odot \sigma'(z^{{{layer.number}}})" if layer.function else ""
        if slope:
            back = rf"\left({back}\right)"
        return (
            rf"\delta^{{{layer.number}}} = {back}{slope} = {self._gradient(layer.weighted_input)}"
        )

    def _parameters(self, layer: Layer) -> list[str]:
        number = f"{{{layer.number}}}"
        delta, before = rf"\delta^{number}", f"a^{{{layer.number - 1}}}"
        one = self._is_one_sample(layer)
        lines = []
        if layer.bias is not None and self._records(layer.bias):
            same = self.vertices[layer.bias].shape == self.vertices[layer.weighted_input].shape
            column = "_{:, i}" if layer.form == "columns" else "_{i}"
            summed = delta if same else rf"\sum_{{i}} {delta}{column}"
            outputs = (self.vertices[layer.weighted_input].shape or (1,))[
                0 if layer.form == "columns" else -1
            ]
            if math.prod(self.vertices[layer.bias].shape or ()) == 1 != outputs and not same:
                summed = rf"\sum_{{i, j}} {delta}_{{ij}}"
            lines.append(self._partial("b", layer.number, summed, layer.bias))
        if self._records(layer.weight):
            product = {
                "rows": f"{delta} ({before})^{{T}}" if one else f"({delta})^{{T}} {before}",
                "plain": f"{before} ({delta})^{{T}}" if one else f"({before})^{{T}} {delta}",
                "columns": f"{delta} ({before})^{{T}}",
            }[layer.form]
            lines.append(self._partial("W", layer.number, product, layer.weight))
        return lines

    def _partial(self, name: str, number: int, formula: str, identity: str) -> str:
        left = rf"\frac{{\partial C}}{{\partial {name}^{{{number}}}}}"
        if len(self.users.get(identity, [])) > 1:
            formula += r" + \text{what comes along other paths}"
        return f"{left} = {formula} = {self._gradient(identity)}"

    def _is_one_sample(self, layer: Layer) -> bool:
        return len(self.vertices[layer.weighted_input].shape or ()) == 1

    def _records(self, identity: str) -> bool:
        return self.vertices[identity].gradient.state is State.KNOWN

    def _label(self, identity: str) -> str:
        return latex_label(self.vertices[identity].label)

    def _value(self, identity: str) -> str:
        return _written(self.vertices[identity].value, columns=self.columns)

    def _gradient(self, identity: str) -> str:
        return _written(self.vertices[identity].gradient, columns=self.columns)


def _column(data: Any) -> Any:
    """A vector as the column that the formulas mean."""
    return data.reshape(-1, 1) if np.ndim(data) == 1 and np.size(data) else data


def _written(quantity: Quantity, *, columns: bool) -> str:
    if quantity.state is State.KNOWN:
        return latex_value(_column(quantity.data) if columns else quantity.data)
    return latex_text(quantity.text)
