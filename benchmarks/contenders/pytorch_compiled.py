"""PyTorch with `torch.compile` around what computes the loss; its optimiser stays eager."""

from __future__ import annotations

import torch

from benchmarks.contenders import Job
from benchmarks.contenders.pytorch import Elementwise, Mlp
from benchmarks.workloads import Workload


def build(workload: Workload) -> Job:
    """Set up the model; the first step compiles it."""
    if workload.kind == "mlp":
        return Mlp(workload.shape, torch.compile)
    return Elementwise(workload.size, torch.compile)
