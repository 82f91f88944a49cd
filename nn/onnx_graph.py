"""An ONNX graph being put together: nodes, constants, and an example value of what flows."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import autograd_core as ag

from .module import Module

Emit = Callable[..., Any]


class OnnxGraph:
    """What a function that exports a layer is given: it adds nodes and returns names.

    Attributes
    ----------
    shapes : dict of str to tuple of int
        By name, the shape of each layer's input and output in the example.
    dtype : numpy.dtype
        Of the model's numbers.

    Examples
    --------
    >>> import numpy as np, nn
    >>> graph = OnnxGraph({}, np.dtype(np.float32))
    >>> graph.node("Add", ["x", graph.constant([1.0])])
    'Add_2'
    >>> [node.op_type for node in graph.nodes]
    ['Add']
    """

    def __init__(self, emitters: Mapping[type[Module], Emit], dtype: np.dtype[Any]) -> None:
        self.onnx = ag.require_extra("onnx", extra="onnx")
        self.emitters = emitters
        self.dtype = dtype
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._examples: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        self._count = 0

    def name_layers(self, model: Module) -> None:
        """Learn the layers' names, for messages and the names of constants."""
        self._names = {id(module): name for name, module in model.named_modules()}

    def where(self, layer: Module) -> str:
        """Where a layer is, for messages."""
        name = self._names.get(id(layer))
        return f"layer {name!r}" if name else "the model"

    def example(self, name: str, value: Any) -> None:
        """Note what flows under this name in the example."""
        self._examples[name] = value
        self.shapes[name] = tuple(value.shape)

    def constant(self, value: Any, dtype: Any = None) -> str:
        """Add an array that the file holds; numbers get the model's dtype."""
        array = np.ascontiguousarray(np.asarray(value, self.dtype if dtype is None else dtype))
        array = array.reshape(np.shape(value))
        name = self._fresh("constant")
        self.constants.append(self.onnx.numpy_helper.from_array(array, name))
        return name

    def integers(self, *values: int) -> str:
        """Add a constant list of whole numbers: a shape, axes, a slice."""
        return self.constant(values, np.int64)

    def node(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        """Add a node with one output, and name that."""
        return self.node_of_many(operator, inputs, 1, **attributes)[0]

    def node_of_many(
        self, operator: str, inputs: list[str], outputs: int, **attributes: Any
    ) -> list[str]:
        """Add a node with several outputs, and name them."""
        names = [self._fresh(operator) for _ in range(outputs)]
        self.nodes.append(self.onnx.helper.make_node(operator, inputs, names, **attributes))
        return names

    def layer(self, layer: Module, *inputs: str) -> Any:
        """Add what a layer computes; the name of its output, or a tuple of names."""
        emit = self.emitters.get(type(layer))
        if emit is None:
            raise TypeError(_unknown(layer, self.where(layer), self.emitters))
        try:
            inspect.signature(emit).bind(self, layer, *inputs)
        except TypeError:
            raise TypeError(_miscounted(layer, self.where(layer), emit, len(inputs))) from None
        names = emit(self, layer, *inputs)
        values = layer(*(self._examples[name] for name in inputs))
        for name, value in _pairs(names, values):
            self.example(name, value.data if isinstance(value, ag.Tensor) else value)
        return names

    def _fresh(self, word: str) -> str:
        self._count += 1
        return f"{word}_{self._count}"


def _pairs(names: Any, values: Any) -> list[tuple[str, Any]]:
    """Names of outputs and values, out of tuples in tuples."""
    if isinstance(names, str):
        return [(names, values)]
    return [pair for name, value in zip(names, values, strict=True) for pair in _pairs(name, value)]


def _miscounted(layer: Module, which: str, emit: Emit, given: int) -> str:
    """What to say of too few or too many inputs."""
    # Behind the graph and the layer.
    inputs = list(inspect.signature(emit).parameters.values())[2:]
    needed = sum(parameter.default is parameter.empty for parameter in inputs)
    most = "" if len(inputs) == needed else f" to {len(inputs)}"
    plural = "" if len(inputs) == 1 else "s"
    return (
        f"export_onnx: {which}, a {type(layer).__name__}, takes {needed}{most} input{plural}; "
        f"got {given}. The example of a model of several inputs is a tuple of arrays, one for each"
    )


def _unknown(layer: Module, which: str, emitters: Mapping[type[Module], Emit]) -> str:
    kind = type(layer).__name__
    known = ", ".join(sorted(each.__name__ for each in emitters))
    return (
        f"export_onnx: {which} is of the class {kind}, and it is not known how that reads in ONNX. "
        f"Known: {known}. For a class of your own, say it: export_onnx(..., layers={{{kind}: "
        "lambda graph, module, x: graph.layer(module.first, x)})"
    )
