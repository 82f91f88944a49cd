"""The hand-written steps of `benchmarks.hand`, as a contender."""

from __future__ import annotations

from benchmarks.contenders import Job
from benchmarks.hand import HandElementwise, HandMlp
from benchmarks.workloads import Workload


class _Mlp(HandMlp):
    def finish(self) -> None:
        pass


class _Elementwise(HandElementwise):
    def finish(self) -> None:
        pass


def build(workload: Workload) -> Job:
    """Allocate every buffer of the hand-written step."""
    if workload.kind == "mlp":
        return _Mlp(workload.shape)
    return _Elementwise(workload.size)
