"""Writes ``torch_special_values.json``: activations and special functions as PyTorch has them.

Run it from the top of the repository with PyTorch installed (the extra ``bench`` brings it)::

    python -m tests.autograd_core.primitives.record_torch_special

What is recorded of a case is in record_torch.py.
"""

import json
from pathlib import Path

import torch
from torch.nn import functional

from tests.autograd_core.primitives.record_torch import record

TARGET = Path(__file__).with_name("torch_special_values.json")

EDGE = [-50.0, -3.0, -1.0, -0.25, 0.0, 1e-9, 0.5, 1.0, 3.0, 50.0]
AWAY = [-50.0, -2.5, -0.25, 1e-9, 0.5, 2.5, 50.0]  # from kinks, for the second derivative
UNIT = [0.01, 0.2, 0.5, 0.7, 0.99]
POSITIVE = [0.1, 0.5, 1.0, 2.5, 30.0]
ROWS = [[0.3, -1.2, 2.0, -1.0], [0.1, 0.5, -0.7, 0.4]]
TIES = [[1.0, 3.0, 3.0, 2.0], [2.0, 2.0, -1.0, 2.0]]
POINTS = [[0.0, 1.0, 2.0], [0.5, -1.0, 0.25]]
OTHERS = [[1.0, 1.0, -2.0], [0.5, 0.3, 0.2], [3.0, -0.1, 0.4]]

CASES = {
    "log_sigmoid": (functional.logsigmoid, [EDGE]),
    "leaky_relu": (lambda x: functional.leaky_relu(x, 0.2), [EDGE]),
    "elu": (lambda x: functional.elu(x, 1.0), [AWAY]),
    "elu of alpha": (lambda x: functional.elu(x, 0.3), [AWAY]),
    "celu": (lambda x: functional.celu(x, 0.5), [AWAY]),
    "selu": (functional.selu, [AWAY]),
    "gelu": (functional.gelu, [EDGE[1:-1]]),
    "gelu by tanh": (lambda x: functional.gelu(x, approximate="tanh"), [EDGE]),
    "silu": (functional.silu, [EDGE]),
    "mish": (functional.mish, [EDGE]),
    "softsign": (functional.softsign, [EDGE]),
    "hardtanh": (lambda x: functional.hardtanh(x, -1.0, 3.0), [EDGE]),
    "erf": (torch.erf, [EDGE[1:-1]]),
    "erfinv": (torch.erfinv, [UNIT]),
    "gammaln": (torch.lgamma, [POSITIVE]),
    "digamma": (torch.digamma, [POSITIVE]),
    "polygamma": (lambda x: torch.polygamma(2, x), [POSITIVE]),
    "i0": (torch.special.i0, [EDGE[1:-1]]),
    "i1": (torch.special.i1, [AWAY[1:3] + AWAY[4:]]),
    "xlogy": (torch.xlogy, [POSITIVE, POSITIVE[::-1]]),
    "xlog1py": (torch.special.xlog1py, [POSITIVE, POSITIVE[::-1]]),
    "logit": (torch.logit, [UNIT]),
    "entr": (torch.special.entr, [POSITIVE]),
    "ndtr": (torch.special.ndtr, [EDGE[1:-1]]),
    "logcumsumexp": (lambda x: torch.logcumsumexp(x, 1), [ROWS]),
    "logcumsumexp of axis 0": (lambda x: torch.logcumsumexp(x, 0), [ROWS]),
    "cummax with ties": (lambda x: torch.cummax(x, 1).values, [TIES]),
    "cummin with ties": (lambda x: torch.cummin(x, 1).values, [TIES]),
    "topk": (lambda x: torch.topk(x, 2, 1).values, [ROWS]),
    "topk of the smallest": (lambda x: torch.topk(x, 3, 1, largest=False).values, [ROWS]),
}
# At first order only: kinks, or no second derivative in PyTorch.
FIRST_ORDER = {
    "cdist": (torch.cdist, [POINTS, OTHERS]),
    "hardsigmoid": (functional.hardsigmoid, [EDGE]),
    "elu at its kink": (lambda x: functional.elu(x, 0.3), [EDGE]),
    "celu at its kink": (lambda x: functional.celu(x, 0.5), [EDGE]),
    "selu at its kink": (functional.selu, [EDGE]),
    "i1 at zero": (torch.special.i1, [EDGE[1:-1]]),
    "xlogy at zero": (torch.xlogy, [[0.0, 0.0, 0.0, 2.0], [1.0, 3.0, 0.5, 1.0]]),
    "cdist of p=1": (lambda x, y: torch.cdist(x, y, 1.0), [POINTS, OTHERS]),
    "cdist of p=3": (lambda x, y: torch.cdist(x, y, 3.0), [POINTS, OTHERS]),
    "cdist of the largest": (lambda x, y: torch.cdist(x, y, float("inf")), [POINTS, OTHERS]),
    "cdist of equal points": (torch.cdist, [POINTS, POINTS]),
}


if __name__ == "__main__":
    entries = {"torch": torch.__version__}
    for order, cases in ((2, CASES), (1, FIRST_ORDER)):
        entries |= {
            name: record(function, arrays, order) for name, (function, arrays) in cases.items()
        }
    lines = (f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in entries.items())
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n")
