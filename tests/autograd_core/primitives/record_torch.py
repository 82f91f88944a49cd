"""Writes ``torch_values.json``: values and derivatives as PyTorch computes them, in float64.

Run it from the top of the repository with PyTorch installed (the extra ``bench`` brings it)::

    python tests/autograd_core/primitives/record_torch.py

For each case: the operands, the output ``y``, a fixed cotangent ``v``, the gradients of
``sum(v * y)`` and, with fixed ``u``, the gradients of ``sum(u * gradient)``: second order.
"""

import json
from pathlib import Path

import torch
from torch.nn import functional

TARGET = Path(__file__).with_name("torch_values.json")

SMALL = [[0.3, -1.2, 2.0], [0.0, 0.5, -0.7]]
HUGE = [[1000.0, -1000.0, 999.0], [-1e4, 0.0, 1e4]]
EDGE = [-1000.0, -40.0, -1.0, 0.0, 1e-9, 1.0, 40.0, 1000.0]
INFINITY = float("inf")
LABELS = [2, 0]

CASES = {
    "softmax": (lambda x: functional.softmax(x, -1), [SMALL]),
    "softmax of axis 0": (lambda x: functional.softmax(x, 0), [SMALL]),
    "softmax of huge": (lambda x: functional.softmax(x, -1), [HUGE]),
    "log_softmax": (lambda x: functional.log_softmax(x, -1), [SMALL]),
    "log_softmax of huge": (lambda x: functional.log_softmax(x, -1), [HUGE]),
    "logsumexp": (lambda x: torch.logsumexp(x, -1), [SMALL]),
    "logsumexp of huge": (lambda x: torch.logsumexp(x, (0, 1)), [HUGE]),
    "cross-entropy": (lambda x: functional.cross_entropy(x, torch.tensor(LABELS)), [SMALL]),
    "cross-entropy of huge": (lambda x: functional.cross_entropy(x, torch.tensor(LABELS)), [HUGE]),
    "softplus": (lambda x: functional.softplus(x, threshold=1e9), [EDGE[:-1]]),
    "sigmoid": (torch.sigmoid, [EDGE]),
    "relu": (torch.relu, [EDGE]),
    "abs": (torch.abs, [EDGE]),
    "var": (lambda x: torch.var(x, 1, correction=1), [SMALL]),
    "std": (lambda x: torch.std(x, 1, correction=0), [SMALL]),
    "std of equals": (lambda x: torch.std(x, 0, correction=0), [[2.0, 2.0, 2.0]]),
    "prod": (lambda x: torch.prod(x, 1), [[[2.0, -3.0, 0.5], [1.5, 2.5, -2.0]]]),
    "prod with zeros": (
        lambda x: torch.prod(x, 1),
        [[[2.0, 0.0, -3.0], [0.0, 5.0, 0.0], [0.0, 0.0, 0.0]]],
    ),
    "power": (torch.pow, [[0.5, 2.0, 3.0], [2.0, -1.5, 0.5]]),
    "max with ties": (lambda x: torch.amax(x, 1), [[[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]]]),
    "maximum with ties": (torch.maximum, [[1.0, 2.0, 5.0], [1.0, 3.0, 4.0]]),
    "clip at its bounds": (lambda x: torch.clamp(x, -1.0, 1.0), [[-2.0, -1.0, 0.0, 1.0, 2.0]]),
    "clip with crossed bounds": (torch.clamp, [[-3.0, 0.0, 3.0], [1.0] * 3, [-1.0] * 3]),
}
# At first order only: PyTorch's second derivative is NaN there.
FIRST_ORDER = {
    "logsumexp of an infinity": (lambda x: torch.logsumexp(x, 0), [[-INFINITY, 0.5, -1.0]]),
    "power at zero": (torch.pow, [[0.0, 0.0, 0.0], [0.0, 1.0, 2.0]]),
    "arctan2 at the origin": (torch.atan2, [[0.0, 0.0], [0.0, 1.0]]),
}


def weights(shape):
    """Fixed numbers without a pattern that a wrong rule could share."""
    count = int(torch.Size(shape).numel())
    return torch.cos(torch.arange(1, count + 1, dtype=torch.float64) * 1.7).reshape(shape)


def record(function, arrays, order):
    """One case, as nested lists."""
    operands = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays]
    y = function(*operands)
    loss = (weights(y.shape) * y).sum()
    first = torch.autograd.grad(loss, operands, create_graph=True)
    entry = {"operands": arrays, "value": y.tolist(), "first": [g.tolist() for g in first]}
    if order == 2:
        again = sum((weights(g.shape) * g).sum() for g in first)
        second = [None] * len(operands)
        if again.requires_grad:
            second = torch.autograd.grad(again, operands, allow_unused=True)
        entry["second"] = [
            (torch.zeros_like(x) if g is None else torch.zeros_like(x) + g).tolist()
            for x, g in zip(operands, second, strict=True)
        ]
    return entry


if __name__ == "__main__":
    entries = {"torch": torch.__version__, "labels": LABELS}
    for order, cases in ((2, CASES), (1, FIRST_ORDER)):
        entries |= {
            name: record(function, arrays, order) for name, (function, arrays) in cases.items()
        }
    lines = (f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in entries.items())
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n")
