"""PyTorch's side of the comparison of layers for sequences: values and gradients, in float64."""

from typing import Any

import numpy as np
import torch

from tests.nn.sequences.cases import (
    BATCH,
    SIZES,
    SOURCES,
    STEPS,
    TARGETS,
    WIDTH,
    Attention,
    Block,
    Recurrent,
    attention_mask,
    numbers,
    padding_mask,
    parameter_values,
)


def evaluate(case: Any) -> dict[str, Any]:
    """Outputs and gradients as plain arrays, by name."""
    sides = {Recurrent: _recurrent, Attention: _attention, Block: _block}
    return sides[type(case)](case)


def _set(layer: Any) -> Any:
    shapes = {name: tuple(p.shape) for name, p in layer.named_parameters()}
    with torch.no_grad():
        for name, value in parameter_values(shapes).items():
            dict(layer.named_parameters())[name].copy_(torch.from_numpy(value))
    return layer


def _leaf(shape: tuple[int, ...], seed: int) -> Any:
    return torch.from_numpy(numbers(shape, seed)).requires_grad_()


def _results(layer: Any, outputs: dict[str, Any], leaves: dict[str, Any]) -> dict[str, Any]:
    total = 0
    for i, out in enumerate(outputs.values()):
        total = total + (out * torch.from_numpy(numbers(tuple(out.shape), 50 + i))).sum()
    total.backward()
    found = {name: out.detach().numpy() for name, out in outputs.items()}
    found |= {f"d {name}": leaf.grad.numpy() for name, leaf in leaves.items()}
    return found | {f"d {name}": p.grad.numpy() for name, p in layer.named_parameters()}


def _recurrent(case: Recurrent) -> dict[str, Any]:
    options = {"batch_first": True, **case.options}
    layer = _set(getattr(torch.nn, case.layer)(**SIZES, **options).double())
    first = options["batch_first"]
    x = _leaf((BATCH, STEPS, 4) if first else (STEPS, BATCH, 4), 1)
    leaves = {"x": x}
    state = None
    if case.state:
        rows = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
        leaves["h0"] = state = _leaf((rows, BATCH, 3), 2)
        if case.layer == "LSTM":
            leaves["c0"] = _leaf((rows, BATCH, 3), 3)
            state = (leaves["h0"], leaves["c0"])
    if case.lengths is None:
        out, end = layer(x, state)
    else:
        pack = torch.nn.utils.rnn.pack_padded_sequence
        unpack = torch.nn.utils.rnn.pad_packed_sequence
        lengths = torch.tensor(case.lengths)
        out, end = layer(pack(x, lengths, first, enforce_sorted=False), state)
        out, _ = unpack(out, first, total_length=STEPS)
    ends = end if isinstance(end, tuple) else (end,)
    outputs = {"out": out, **dict(zip(["h", "c"], ends, strict=False))}
    return _results(layer, outputs, leaves)


def _attention(case: Attention) -> dict[str, Any]:
    layer = torch.nn.MultiheadAttention(WIDTH, case.heads, batch_first=True, **case.options)
    layer = _set(layer.double())
    leaves = {"query": _leaf((3, TARGETS, WIDTH), 1)}
    query = key = value = leaves["query"]
    places = TARGETS
    if case.cross:
        places = SOURCES
        leaves["key"] = key = _leaf((3, places, WIDTH), 2)
        leaves["value"] = value = _leaf((3, places, WIDTH), 4)
    mask = None if case.mask is None else torch.from_numpy(attention_mask(case.mask))
    if case.causal:
        mask = torch.triu(torch.ones(TARGETS, places, dtype=torch.bool), 1)
    padding = torch.from_numpy(padding_mask(places)) if case.padding else None
    if padding is not None and mask is not None and mask.is_floating_point():
        padding = torch.zeros(padding.shape, dtype=float).masked_fill(padding, -np.inf)
    out, weights = layer(query, key, value, padding, True, mask, average_attn_weights=False)
    return _results(layer, {"out": out, "weights": weights}, leaves)


def _block(case: Block) -> dict[str, Any]:
    kind = getattr(torch.nn, case.layer)
    layer = kind(WIDTH, 2, 8, dropout=0.0, batch_first=True, **case.options)
    layer = _set(layer.double())
    leaves = {"x": _leaf((3, TARGETS, WIDTH), 1)}
    mask = torch.triu(torch.ones(TARGETS, TARGETS, dtype=torch.bool), 1) if case.causal else None
    padding = torch.from_numpy(padding_mask(TARGETS)) if case.padding else None
    if case.layer == "TransformerEncoderLayer":
        out = layer(leaves["x"], mask, padding)
    else:
        leaves["memory"] = _leaf((3, SOURCES, WIDTH), 2)
        far = torch.from_numpy(padding_mask(SOURCES)) if case.padding else None
        out = layer(
            leaves["x"],
            leaves["memory"],
            mask,
            tgt_key_padding_mask=padding,
            memory_key_padding_mask=far,
        )
    return _results(layer, {"out": out}, leaves)
