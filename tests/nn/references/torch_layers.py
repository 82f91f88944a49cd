"""PyTorch's side of the comparison of layers: values, gradients and buffers, in float64."""

from typing import Any

import torch

from tests.nn.references.layer_cases import EARLIER, Case, numbers, parameter_values


def evaluate(case: Case) -> dict[str, Any]:
    """Output, gradients and buffers of PyTorch's layer, as plain arrays."""
    layer = getattr(torch.nn, case.layer)(*case.arguments, **case.options).double()
    shapes = {name: tuple(p.shape) for name, p in layer.named_parameters()}
    with torch.no_grad():
        for name, value in parameter_values(shapes).items():
            dict(layer.named_parameters())[name].copy_(torch.from_numpy(value))
    for seed in range(EARLIER):
        layer(torch.from_numpy(numbers(case.shape, 100 + seed)) * (seed + 1) + seed)
    layer.train(case.training)
    x = torch.from_numpy(numbers(case.shape, 1)).requires_grad_()
    out = layer(x)
    out.backward(torch.from_numpy(numbers(tuple(out.shape), 2)))
    found = {"out": out.detach().numpy(), "x": x.grad.numpy()}
    found |= {name: p.grad.numpy() for name, p in layer.named_parameters()}
    return found | {f"buffer {name}": b.numpy() for name, b in layer.named_buffers()}
