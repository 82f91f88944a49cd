"""Starts a fresh process for every measurement, the contenders in turn, and collects records."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.contenders import CONTENDERS, Entry
from benchmarks.machine import compiler, describe_machine, describe_versions
from benchmarks.measurements import PARTS, Measurements, Part, Record
from benchmarks.workloads import WORKLOADS, Workload

ROOT = Path(__file__).resolve().parent.parent
TIME_LIMIT = 300.0  # seconds a process may take
MEMORY_ROUNDS, IMPORT_ROUNDS = 3, 7
CHAIN_LENGTHS = (10_000, 100_000, 1_000_000)


@dataclass(frozen=True)
class Plan:
    """What to measure, how often and for how long."""

    workloads: list[Workload] = field(default_factory=lambda: [*WORKLOADS.values()])
    contenders: list[Entry] = field(default_factory=lambda: [*CONTENDERS.values()])
    threads: tuple[int, ...] = (1, 2)
    rounds: int = 7
    seconds: float = 0.4  # of timed work in each process
    parts: tuple[Part, ...] = PARTS
    chain_lengths: tuple[int, ...] = CHAIN_LENGTHS


def thread_environment(threads: int) -> dict[str, str]:
    """The environment in which every library's linear algebra uses ``threads`` threads."""
    names = ("OPENBLAS", "OMP", "MKL", "NUMEXPR", "VECLIB_MAXIMUM", "BLIS")
    environment = dict(os.environ, **{f"{name}_NUM_THREADS": str(threads) for name in names})
    environment["NPROC"] = str(threads)  # the size of XLA's thread pools
    eigen = "true" if threads > 1 else "false"
    environment["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={eigen}"
    environment["JAX_PLATFORMS"] = "cpu"
    environment["PYTHONPATH"] = str(ROOT)
    return environment


def _run(arguments: Sequence[str], threads: int) -> dict[str, Any]:
    """Run Python with ``arguments`` and read the JSON in its last line of output."""
    command = [sys.executable, *arguments]
    try:
        process = subprocess.run(
            command,
            cwd=ROOT,
            env=thread_environment(threads),
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
        )
    except subprocess.TimeoutExpired:
        return {"status": "error", "why": f"took longer than {TIME_LIMIT:.0f} s"}
    lines = process.stdout.strip().splitlines()
    if process.returncode or not lines:
        complaint = (process.stderr.strip().splitlines() or ["no output"])[-1]
        return {"status": "error", "why": f"exit status {process.returncode}: {complaint}"[:300]}
    answer: dict[str, Any] = json.loads(lines[-1])
    return answer


def _work(mode: str, record: Record, *more: str) -> dict[str, Any]:
    return _run(
        [
            "-m",
            "benchmarks.worker",
            mode,
            f"--workload={record.workload}",
            f"--contender={record.contender}",
            f"--threads={record.threads}",
            *more,
        ],
        record.threads,
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _measure_times(plan: Plan, workload: Workload, threads: int) -> list[Record]:
    """Check every contender once, then time those that are right, in turn, round after round."""
    _say(f"{workload.name}, {threads} BLAS thread{'s' * (threads > 1)}")
    records = [
        Record("time", workload.name, entry.name, threads)
        for entry in plan.contenders
        if workload.kind in entry.kinds
    ]
    for record in records:
        answer = _work("check", record)
        if answer["status"] != "ok":
            record.problem = f"{answer['status']}: {answer['why']}"
            _say(f"  {record.contender}: {record.problem}")
    for turn in range(plan.rounds):
        # Another first one each round, so that nobody always follows the same neighbour.
        for record in records[turn % len(records) :] + records[: turn % len(records)]:
            most = CONTENDERS[record.contender].most_rounds
            if record.problem or (most is not None and turn >= most):
                continue
            answer = _work("time", record, f"--seconds={plan.seconds}")
            if answer["status"] == "ok":
                record.values.append(answer["seconds"])
            else:
                record.problem = f"{answer['status']}: {answer['why']}"
    for record in records:
        if record.best is not None:
            _say(f"  {record.contender:14} {1e6 * record.best:12,.1f} µs")
    return records


def _measure_memory(plan: Plan, workload: Workload) -> list[Record]:
    _say(f"{workload.name}, memory")
    records = []
    for entry in plan.contenders:
        if workload.kind not in entry.kinds:
            continue
        record = Record("memory", workload.name, entry.name, 1)
        for _ in range(min(MEMORY_ROUNDS, plan.rounds, entry.most_rounds or plan.rounds)):
            answer = _work("memory", record)
            if answer["status"] == "ok":
                record.values.append(answer["step"])
            else:
                record.problem = answer["why"]
                break
        records.append(record)
    return records


def _measure_imports(plan: Plan) -> list[Record]:
    """The time of the import alone, in a process that has imported NumPy already."""
    _say("imports")
    records = []
    for entry in plan.contenders:
        if entry.name in ("hand", "torch-compile"):
            continue
        code = (
            "import time, numpy; start = time.perf_counter(); "
            f"import {', '.join(entry.requires)}; "
            """print('{"status": "ok", "seconds": %r}' % (time.perf_counter() - start))"""
        )
        record = Record("import", "import", entry.name, 1)
        for turn in range(1 + min(IMPORT_ROUNDS, plan.rounds)):
            answer = _run(["-c", code], 1)
            if answer["status"] != "ok":
                record.problem = answer["why"]
                break
            if turn:  # the first one may have had to compile, and reads from the disk
                record.values.append(answer["seconds"])
        records.append(record)
    return records


def _measure_chains(plan: Plan) -> list[Record]:
    """Forward and backward of ever longer chains, in seconds a node."""
    if not any(entry.name == "ours" for entry in plan.contenders):
        return []
    _say("cost of a node")
    records = []
    for length in plan.chain_lengths:
        passes = [
            Record("linear", f"{name}-{length}", "ours", 1) for name in ("forward", "backward")
        ]
        for _ in range(min(3, plan.rounds)):
            answer = _run(["-m", "benchmarks.linear", str(length)], 1)
            for record, key in zip(passes, ("forward", "backward"), strict=True):
                if answer["status"] == "ok":
                    record.values.append(answer[key])
                else:
                    record.problem = answer["why"]
        records += passes
    return records


def measure(plan: Plan) -> Measurements:
    """Carry out ``plan``; what cannot run is left out and named."""
    found = Measurements(describe_machine(), describe_versions(), plan.rounds, [*plan.threads])
    ready = []
    for entry in plan.contenders:
        if entry.missing:
            found.left_out[entry.name] = f"{', '.join(entry.missing)} not installed"
        elif entry.name == "torch-compile" and compiler() is None:
            found.left_out[entry.name] = "no C++ compiler found"
        else:
            ready.append(entry)
    for name, why in found.left_out.items():
        _say(f"left out: {name}: {why}")
    plan = Plan(**{**vars(plan), "contenders": ready})
    if "time" in plan.parts:
        for workload in plan.workloads:
            for threads in plan.threads if workload.uses_blas else plan.threads[:1]:
                found.records += _measure_times(plan, workload, threads)
    if "memory" in plan.parts:
        for workload in plan.workloads:
            if workload.uses_blas:
                found.records += _measure_memory(plan, workload)
    if "import" in plan.parts:
        found.records += _measure_imports(plan)
    if "linear" in plan.parts:
        found.records += _measure_chains(plan)
    return found
