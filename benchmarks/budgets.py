"""The budgets the engine must keep, each a ratio of two measurements."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.contenders import CONTENDERS
from benchmarks.measurements import Measurements, Part
from benchmarks.memory import RESOLUTION
from benchmarks.workloads import WORKLOADS

SMALL = ("mlp-2-16-16-1", "mlp-784-30-10")
MIDDLE = ("mlp-784-128-64-10",)
LARGE = ("mlp-784-512-512-10", "mlp-1024-2048-2048-1024")
IMAGES = ("lenet",)
SEQUENCES = ("lstm", "transformer")
ELEMENTWISE = ("elementwise-1e6",)
IMPORT_LIMIT = 0.1  # seconds
# A node of the longest chain over one of the shortest, a hundred times fewer: anything worse than
# linear shows far more, while a graph that has outgrown the caches costs a little.
LINEAR_LIMIT = 2.0


@dataclass(frozen=True)
class Budget:
    """``ours`` at this workload takes at most ``limit`` times what ``peer`` takes."""

    part: Part
    workload: str
    peer: str
    limit: float

    def ratios(self, found: Measurements) -> list[tuple[int, float]]:
        """The number of threads and the ratio, wherever both were measured."""
        ratios = []
        for threads in found.threads:
            ours = found.best(self.part, self.workload, "ours", threads)
            theirs = found.best(self.part, self.workload, self.peer, threads)
            if ours is not None and theirs is not None:
                floor = RESOLUTION if self.part == "memory" else 0.0
                ratios.append((threads, max(ours, floor) / max(theirs, floor)))
        return ratios


BUDGETS: list[Budget] = [
    *(Budget("time", name, "hand", 2.0) for name in SMALL),
    *(Budget("time", name, "hand", 1.15) for name in MIDDLE + LARGE + ELEMENTWISE),
    *(Budget("time", name, "torch", 0.30) for name in SMALL),
    *(Budget("time", name, "torch", 0.85) for name in MIDDLE),
    *(Budget("time", name, "torch", 1.0) for name in LARGE),
    *(Budget("time", name, "hand", 1.25) for name in IMAGES),
    *(Budget("time", name, "torch", 3.5) for name in IMAGES),
    *(Budget("time", name, "torch", 1.5) for name in SEQUENCES),
    Budget("time", "readme-expression", "micrograd", 1.0),
    Budget("time", "chain-100k", "torch", 0.35),
    *(Budget("memory", name, "torch", 1.1) for name in SMALL + MIDDLE + LARGE + ELEMENTWISE),
]


def budget_rows(found: Measurements) -> list[list[str]]:
    """One row a budget that could be judged: what, against whom, limit, measured, verdict."""
    rows = []
    for budget in BUDGETS:
        ratios = budget.ratios(found)
        if not ratios:
            continue
        what = "memory of " if budget.part == "memory" else ""
        both = len(ratios) > 1
        measured = ", ".join(
            f"{ratio:.2f}x" + (f" ({threads} thread{'s' * (threads > 1)})" if both else "")
            for threads, ratio in ratios
        )
        rows.append(
            [
                what + WORKLOADS[budget.workload].title,
                CONTENDERS[budget.peer].title,
                f"{budget.limit:.2f}x",
                measured,
                _verdict([(threads, ratio <= budget.limit) for threads, ratio in ratios]),
            ]
        )
    ours = found.best("import", "import", "ours")
    if ours is not None:
        limit, measured = f"{IMPORT_LIMIT:.2f} s", f"{ours:.3f} s"
        verdict = "met" if ours <= IMPORT_LIMIT else "MISSED"
        rows.append(["import autograd_core, nn", "import numpy", limit, measured, verdict])
    return rows + _linear_rows(found)


def _verdict(met: list[tuple[int, bool]]) -> str:
    missed = [str(threads) for threads, good in met if not good]
    if not missed:
        return "met"
    if len(missed) == len(met):
        return "MISSED"
    return f"MISSED at {', '.join(missed)} thread{'s' * (missed != ['1'])}"


def _linear_rows(found: Measurements) -> list[list[str]]:
    rows = []
    for name in ("forward", "backward"):
        costs = [
            record.best
            for record in found.of("linear")
            if record.workload.startswith(name) and record.best is not None
        ]
        if len(costs) > 1:
            ratio = costs[-1] / costs[0]
            verdict = "met" if ratio <= LINEAR_LIMIT else "MISSED"
            what = f"a node of the longest chain, {name}"
            rows.append([what, "the shortest", f"{LINEAR_LIMIT:.2f}x", f"{ratio:.2f}x", verdict])
    return rows
