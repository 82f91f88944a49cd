"""A trained model as an ONNX file, which other programs run without this package."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_core as ag

from .evaluate import evaluating
from .module import Module
from .onnx_graph import Emit, OnnxGraph
from .onnx_layers import EMITTERS

# The version of ONNX's operators, and of its files that goes with it (ONNX 1.13, December 2022).
OPSET = 18
IR_VERSION = 8


def export_onnx(
    model: Module,
    example_input: Any,
    path: str | Path,
    *,
    layers: Mapping[type[Module], Emit] | None = None,
) -> None:
    """Write what the model computes in evaluation mode as an ONNX file (operator set 18).

    Parameters
    ----------
    model : Module
        Of `nn`'s feed-forward, convolutional and recurrent layers.
    example_input : array_like, or tuple of them
        What the model is called with. Its values do not matter; its shape holds in the file, but
        for the first axis, which is free.
    path : str or Path
        Ends in .onnx.
    layers : mapping of Module class to function, optional
        How a class of your own reads: a function of an `OnnxGraph`, the module and the names of
        its inputs, that returns the names of its outputs.

    Raises
    ------
    TypeError
        It is not known how a layer reads in ONNX; the message names it and those that are known.
    ValueError
        A layer's option has no counterpart in ONNX, or the path does not end in .onnx.
    MissingExtraError
        The package onnx is not installed.

    Examples
    --------
    >>> import pathlib, tempfile, numpy as np, onnx, nn
    >>> model = nn.MLP(4, [8], 3)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "model.onnx")
    ...     nn.export_onnx(model, np.zeros((1, 4), np.float32), path)
    ...     [node.op_type for node in onnx.load(path).graph.node]
    ['Gemm', 'Relu', 'Gemm', 'Identity']

    A class of one's own, by the layers in it:

    >>> class Classifier(nn.Module):
    ...     def __init__(self):
    ...         self.read, self.head = nn.GRU(3, 8), nn.Linear(8, 2)
    ...
    ...     def forward(self, x):
    ...         return self.head(self.read(x)[0])
    >>> def classifier(graph, module, x):
    ...     outputs, state = graph.layer(module.read, x)
    ...     return graph.layer(module.head, outputs)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "model.onnx")
    ...     x = np.zeros((1, 5, 3), np.float32)
    ...     nn.export_onnx(Classifier(), x, path, layers={Classifier: classifier})
    """
    path = Path(path)
    if path.suffix != ".onnx":
        raise ValueError(f"export_onnx: {path}: the name of an ONNX file ends in .onnx")
    onnx = ag.require_extra("onnx", extra="onnx")
    dtype = next((p.dtype for p in model.parameters()), np.dtype(np.float32))
    graph = OnnxGraph({**EMITTERS, **(layers or {})}, dtype)
    graph.name_layers(model)
    given = example_input if isinstance(example_input, tuple) else (example_input,)
    examples = [_cast(array, dtype) for array in given]
    names = ["input"] if len(examples) == 1 else [f"input_{i}" for i in range(len(examples))]
    for name, array in zip(names, examples, strict=True):
        graph.example(name, array)
    with evaluating(model):
        made = _flat(graph.layer(model, *names))
    words = ["output"] if len(made) == 1 else [f"output_{i}" for i in range(len(made))]
    for inner, word in zip(made, words, strict=True):
        graph.nodes.append(onnx.helper.make_node("Identity", [inner], [word]))
    batch = examples[0].shape[0] if examples[0].ndim else None
    page = onnx.helper.make_model(
        onnx.helper.make_graph(
            graph.nodes,
            type(model).__name__,
            [
                _value(onnx, n, a.dtype, a.shape, batch)
                for n, a in zip(names, examples, strict=True)
            ],
            [
                _value(onnx, w, dtype, graph.shapes[m], None)
                for w, m in zip(words, made, strict=True)
            ],
            graph.constants,
        ),
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="autograd-core",
        producer_version=ag.__version__,
    )
    onnx.checker.check_model(page, full_check=True)
    ag.write_atomically(path, page.SerializeToString())


def _cast(value: Any, dtype: np.dtype[Any]) -> NDArray[Any]:
    array = np.asarray(value.data if isinstance(value, ag.Tensor) else value)
    return array.astype(dtype if array.dtype.kind == "f" else np.int64)


def _flat(names: Any) -> list[str]:
    return [names] if isinstance(names, str) else [one for each in names for one in _flat(each)]


def _value(onnx: Any, name: str, dtype: Any, shape: tuple[int, ...], batch: int | None) -> Any:
    """A name with its type; of an output only the number of axes, the rest follows."""
    sizes: list[Any] = list(shape) if batch is not None else [None] * len(shape)
    if batch is not None and sizes and sizes[0] == batch:
        sizes[0] = "batch"
    kind = onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    return onnx.helper.make_tensor_value_info(name, kind, sizes)
