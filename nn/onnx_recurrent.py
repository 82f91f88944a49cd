"""RNN, LSTM and GRU in ONNX: one node for each layer and direction.

ONNX has the steps first, its own order of the gates, and for the backward direction an attribute
that not every reader knows: here the sequence is turned round before and after instead.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .module import Module
from .onnx_graph import Emit, OnnxGraph
from .recurrent import GRU, LSTM, RNN

# PyTorch's gates, in ONNX's order: LSTM i o f g, GRU z r n.
ORDER = {RNN: (0,), LSTM: (0, 3, 1, 2), GRU: (1, 0, 2)}
BACKWARDS = (-1, -(2**31), 0, -1)  # start, end, axis, step


def _recurrent(graph: OnnxGraph, layer: Any, x: str) -> tuple[str, Any]:
    steps = graph.node("Transpose", [x], perm=[1, 0, 2]) if layer.batch_first else x
    states: list[list[str]] = [[], []]
    for depth in range(layer.num_layers):
        directions = []
        for suffix in ("", "_reverse")[: 1 + layer.bidirectional]:
            turned = _turned(graph, steps) if suffix else steps
            out, *ends = _scan(graph, layer, turned, f"_l{depth}{suffix}")
            directions.append(_turned(graph, out) if suffix else out)
            for kept, end in zip(states, ends, strict=False):
                kept.append(end)
        steps = directions[0]
        if len(directions) > 1:
            steps = graph.node("Concat", directions, axis=2)
    out = graph.node("Transpose", [steps], perm=[1, 0, 2]) if layer.batch_first else steps
    last = [graph.node("Concat", kept, axis=0) for kept in states if kept]
    return out, tuple(last) if len(last) > 1 else last[0]


def _scan(graph: OnnxGraph, layer: Any, x: str, suffix: str) -> list[str]:
    """One direction of one layer: outputs of shape (steps, batch, hidden), and the last state."""
    kind = type(layer)
    order, hidden = ORDER[kind], layer.hidden_size

    def gates(name: str) -> Any:
        rows = np.asarray(getattr(layer, name + suffix).data).reshape(len(order), hidden, -1)
        return rows[list(order)].reshape(len(order) * hidden, -1)

    inputs = [x, graph.constant(gates("weight_ih")[None]), graph.constant(gates("weight_hh")[None])]
    if layer.bias:
        both = np.concatenate([gates("bias_ih"), gates("bias_hh")]).reshape(1, -1)
        inputs.append(graph.constant(both))
    more: dict[str, Any] = {"linear_before_reset": 1} if kind is GRU else {}
    if kind is RNN and layer.nonlinearity == "relu":
        more["activations"] = ["Relu"]
    count = 3 if kind is LSTM else 2
    out, *ends = graph.node_of_many(kind.__name__, inputs, count, hidden_size=hidden, **more)
    return [graph.node("Squeeze", [out, graph.integers(1)]), *ends]


def _turned(graph: OnnxGraph, x: str) -> str:
    return graph.node("Slice", [x, *(graph.integers(value) for value in BACKWARDS)])


RECURRENT: dict[type[Module], Emit] = {RNN: _recurrent, LSTM: _recurrent, GRU: _recurrent}
