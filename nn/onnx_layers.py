"""How each layer reads in ONNX: the table from class to the function that adds its nodes.

Layers are walked, not traced: a traced graph would hold the example's batch size in every shape,
and one node for each step of a sequence.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from . import (  # fmt: skip
    activations,
    containers,
    convolution,
    dropout,
    embedding,
    layers,
    normalization,
    pooling,
    rectifiers,
)
from .module import Module
from .onnx_graph import Emit, OnnxGraph
from .onnx_recurrent import RECURRENT


def _simple(operator: str, *attributes: str) -> Emit:
    """One node; the attributes have the same names here and there."""

    def emit(graph: OnnxGraph, layer: Any, x: str) -> str:
        given = {name: getattr(layer, name) for name in attributes}
        return graph.node(operator, [x], **given)

    return emit


def _same(_graph: OnnxGraph, _layer: Any, x: str) -> str:
    return x


def _clip(graph: OnnxGraph, x: str, low: float, high: float) -> str:
    return graph.node("Clip", [x, graph.constant(low), graph.constant(high)])


def _gelu(graph: OnnxGraph, layer: Any, x: str) -> str:
    if layer.approximate == "tanh":
        cube = graph.node("Pow", [x, graph.constant(3.0)])
        inner = graph.node("Mul", [cube, graph.constant(0.044715)])
        inner = graph.node("Add", [x, inner])
        inner = graph.node("Mul", [inner, graph.constant(math.sqrt(2 / math.pi))])
        bent = graph.node("Tanh", [inner])
    else:
        bent = graph.node("Erf", [graph.node("Div", [x, graph.constant(math.sqrt(2.0))])])
    share = graph.node("Add", [bent, graph.constant(1.0)])
    return graph.node("Mul", [graph.node("Mul", [x, graph.constant(0.5)]), share])


def _silu(graph: OnnxGraph, _layer: Any, x: str) -> str:
    return graph.node("Mul", [x, graph.node("Sigmoid", [x])])


def _log_sigmoid(graph: OnnxGraph, _layer: Any, x: str) -> str:
    return graph.node("Neg", [graph.node("Softplus", [graph.node("Neg", [x])])])


def _prelu(graph: OnnxGraph, layer: Any, x: str) -> str:
    axes = (1,) * (len(graph.shapes[x]) - 2) if layer.channels > 1 else ()
    slope = graph.constant(layer.weight.data.reshape(-1, *axes))
    return graph.node("PRelu", [x, slope])


# --- products -------------------------------------------------------------------------------


def _linear(graph: OnnxGraph, layer: Any, x: str) -> str:
    if len(graph.shapes[x]) == 2:
        inputs = [x, graph.constant(layer.weight.data)]
        inputs += [] if layer.bias is None else [graph.constant(layer.bias.data)]
        return graph.node("Gemm", inputs, transB=1)
    out = graph.node("MatMul", [x, graph.constant(layer.weight.data.T)])
    return _plus_bias(graph, out, layer.bias)


def _bilinear(graph: OnnxGraph, layer: Any, a: str, b: str) -> str:
    weight = graph.constant(layer.weight.data)
    out = graph.node("Einsum", [a, weight, b], equation="...i,kij,...j->...k")
    return _plus_bias(graph, out, layer.bias)


def _plus_bias(graph: OnnxGraph, x: str, bias: Any) -> str:
    return x if bias is None else graph.node("Add", [x, graph.constant(bias.data)])


def _embedding(graph: OnnxGraph, layer: Any, x: str) -> str:
    return graph.node("Gather", [graph.constant(layer.weight.data), x], axis=0)


# --- windows --------------------------------------------------------------------------------


def _spread(value: Any, axes: int) -> list[Any]:
    return list(value) if isinstance(value, tuple | list) else [value] * axes


def _pads(options: Any, kernel: list[int], axes: int) -> list[int]:
    """Zeros before each axis, then after each."""
    padding = options["padding"]
    if padding == "same":
        dilation = _spread(options["dilation"], axes)
        total = [d * (k - 1) for d, k in zip(dilation, kernel, strict=True)]
        before = [t // 2 for t in total]
        return before + [t - b for t, b in zip(total, before, strict=True)]
    return _spread(0 if padding == "valid" else padding, axes) * 2


def _convolution(graph: OnnxGraph, layer: Any, x: str) -> str:
    axes, options, kernel = layer.axes, layer.options, list(layer.kernel_size)
    transposed = "output_padding" in options
    inputs = [x, graph.constant(layer.weight.data)]
    inputs += [] if layer.bias is None else [graph.constant(layer.bias.data)]
    more = {"output_padding": _spread(options["output_padding"], axes)} if transposed else {}
    return graph.node(
        "ConvTranspose" if transposed else "Conv",
        inputs,
        kernel_shape=kernel,
        strides=_spread(options["stride"], axes),
        pads=_pads(options, kernel, axes),
        dilations=_spread(options["dilation"], axes),
        group=options["groups"],
        **more,
    )


def _pool(graph: OnnxGraph, layer: Any, x: str) -> str:
    axes, options = len(graph.shapes[x]) - 2, layer.options
    kernel = _spread(layer.window, axes)
    average = "count_include_pad" in options
    if options["ceil_mode"]:
        raise ValueError(
            f"export_onnx: {graph.where(layer)} is {layer!r}: programs that read ONNX "
            "disagree about ceil_mode=True. Pad the input instead, so that the windows fit"
        )
    more: dict[str, Any] = (
        {"count_include_pad": int(options["count_include_pad"])}
        if average
        else {"dilations": _spread(options["dilation"], axes)}
    )
    return graph.node(
        "AveragePool" if average else "MaxPool",
        [x],
        kernel_shape=kernel,
        strides=kernel if options["stride"] is None else _spread(options["stride"], axes),
        pads=_pads(options, kernel, axes),
        **more,
    )


def _adaptive_pool(graph: OnnxGraph, layer: Any, x: str) -> str:
    sizes = graph.shapes[x][2:]
    wanted: list[Any] = _spread(layer.output_size, len(sizes))
    wanted = [n if want is None else want for want, n in zip(wanted, sizes, strict=True)]
    if any(n % want for n, want in zip(sizes, wanted, strict=True)):
        raise ValueError(
            f"export_onnx: {graph.where(layer)} is {layer!r}, of an input of shape "
            f"{graph.shapes[x]}: ONNX has windows of one size only, so the output's sizes must "
            "divide the input's"
        )
    kernel = [n // want for n, want in zip(sizes, wanted, strict=True)]
    return graph.node("AveragePool", [x], kernel_shape=kernel, strides=kernel)


def _flatten(graph: OnnxGraph, layer: Any, x: str) -> str:
    kept = layer.start % len(graph.shapes[x])
    return graph.node("Reshape", [x, graph.integers(*[0] * kept, -1)])


# --- normalisation --------------------------------------------------------------------------


def _values(graph: OnnxGraph, parameter: Any, shape: Any, value: float) -> str:
    return graph.constant(np.full(shape, value) if parameter is None else parameter.data)


def _batch_norm(graph: OnnxGraph, layer: Any, x: str) -> str:
    if not layer.track_running_stats:
        raise ValueError(
            f"export_onnx: {graph.where(layer)} is {layer!r}: it normalises by each "
            "batch's own statistics, which ONNX has for training only"
        )
    weight = _values(graph, layer.weight, layer.num_features, 1.0)
    bias = _values(graph, layer.bias, layer.num_features, 0.0)
    running = [graph.constant(layer.running_mean), graph.constant(layer.running_var)]
    return graph.node("BatchNormalization", [x, weight, bias, *running], epsilon=layer.eps)


def _layer_norm(graph: OnnxGraph, layer: Any, x: str) -> str:
    shape = layer.normalized_shape
    weight = _values(graph, layer.weight, shape, 1.0)
    bias = _values(graph, layer.bias, shape, 0.0)
    return graph.node("LayerNormalization", [x, weight, bias], axis=-len(shape), epsilon=layer.eps)


def _rms_norm(graph: OnnxGraph, layer: Any, x: str) -> str:
    axes = graph.integers(*range(-len(layer.normalized_shape), 0))
    eps = float(np.finfo(graph.dtype).eps) if layer.eps is None else layer.eps
    square = graph.node("ReduceMean", [graph.node("Mul", [x, x]), axes], keepdims=1)
    root = graph.node("Sqrt", [graph.node("Add", [square, graph.constant(eps)])])
    out = graph.node("Div", [x, root])
    if layer.weight is None:
        return out
    return graph.node("Mul", [out, graph.constant(layer.weight.data)])


def _group_norm(graph: OnnxGraph, layer: Any, x: str) -> str:
    groups = layer.num_groups
    one, zero = graph.constant(np.ones(groups)), graph.constant(np.zeros(groups))
    rows = graph.node("Reshape", [x, graph.integers(0, groups, -1)])
    rows = graph.node("InstanceNormalization", [rows, one, zero], epsilon=layer.eps)
    out = graph.node("Reshape", [rows, graph.node("Shape", [x])])
    if layer.weight is None:
        return out
    shape = (-1, *(1,) * (len(graph.shapes[x]) - 2))
    out = graph.node("Mul", [out, graph.constant(layer.weight.data.reshape(shape))])
    return graph.node("Add", [out, graph.constant(layer.bias.data.reshape(shape))])


# --- containers -----------------------------------------------------------------------------


def _sequential(graph: OnnxGraph, layer: Any, x: Any) -> Any:
    for inner in layer:
        x = graph.layer(inner, x)
    return x


def _residual(graph: OnnxGraph, layer: Any, x: str) -> str:
    past = x if layer.shortcut is None else graph.layer(layer.shortcut, x)
    return graph.node("Add", [past, graph.layer(layer.module, x)])


EMITTERS: dict[type[Module], Emit] = {
    activations.Identity: _same,
    activations.Tanh: _simple("Tanh"),
    activations.Sigmoid: _simple("Sigmoid"),
    activations.LogSigmoid: _log_sigmoid,
    activations.Softsign: _simple("Softsign"),
    activations.HardTanh: lambda graph, layer, x: _clip(graph, x, layer.low, layer.high),
    activations.HardSigmoid: lambda graph, _, x: graph.node(
        "HardSigmoid", [x], alpha=1 / 6, beta=0.5
    ),
    activations.Softmax: _simple("Softmax", "axis"),
    activations.LogSoftmax: _simple("LogSoftmax", "axis"),
    rectifiers.ReLU: _simple("Relu"),
    rectifiers.ReLU6: lambda graph, _, x: _clip(graph, x, 0.0, 6.0),
    rectifiers.LeakyReLU: lambda graph, layer, x: graph.node(
        "LeakyRelu", [x], alpha=layer.negative_slope
    ),
    rectifiers.PReLU: _prelu,
    rectifiers.ELU: _simple("Elu", "alpha"),
    rectifiers.CELU: _simple("Celu", "alpha"),
    rectifiers.SELU: _simple("Selu"),
    rectifiers.GELU: _gelu,
    rectifiers.SiLU: _silu,
    rectifiers.Mish: _simple("Mish"),
    rectifiers.Softplus: _simple("Softplus"),
    layers.Linear: _linear,
    layers.Bilinear: _bilinear,
    layers.MLP: _sequential,
    embedding.Embedding: _embedding,
    convolution.Conv1d: _convolution,
    convolution.Conv2d: _convolution,
    convolution.ConvTranspose1d: _convolution,
    convolution.ConvTranspose2d: _convolution,
    pooling.MaxPool1d: _pool,
    pooling.MaxPool2d: _pool,
    pooling.AvgPool1d: _pool,
    pooling.AvgPool2d: _pool,
    pooling.AdaptiveAvgPool1d: _adaptive_pool,
    pooling.AdaptiveAvgPool2d: _adaptive_pool,
    pooling.Flatten: _flatten,
    normalization.BatchNorm1d: _batch_norm,
    normalization.BatchNorm2d: _batch_norm,
    normalization.LayerNorm: _layer_norm,
    normalization.RMSNorm: _rms_norm,
    normalization.GroupNorm: _group_norm,
    dropout.Dropout: _same,
    containers.Sequential: _sequential,
    containers.Residual: _residual,
    **RECURRENT,
}
