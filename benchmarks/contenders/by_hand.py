"""The hand-written steps of `benchmarks.hand`, as a contender."""

from __future__ import annotations

from benchmarks.contenders import Job
from benchmarks.hand import HandElementwise, HandMlp
from benchmarks.hand_lenet import HandLenet
from benchmarks.workloads import Workload


def build(workload: Workload) -> Job:
    """Allocate every buffer of the hand-written step."""
    if workload.kind == "mlp":
        return HandMlp(workload.shape)
    if workload.kind == "lenet":
        return HandLenet(workload.size)
    return HandElementwise(workload.size)
