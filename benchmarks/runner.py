"""Starts a fresh process for every measurement, the contenders in turn, and collects records."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.contenders import CONTENDERS, Entry
from benchmarks.machine import compiler, describe_machine, describe_versions
from benchmarks.measurements import PARTS, Measurements, Part, Record
from benchmarks.workloads import WORKLOADS, Workload

ROOT = Path(__file__).resolve().parent.parent
TIME_LIMIT = 300.0  # seconds a process may take
MEMORY_ROUNDS, IMPORT_ROUNDS, SLOW_ROUNDS = 3, 7, 2
# NumPy alone; the same as torch; needs NumPy patched first
NO_IMPORT = ("hand", "torch-compile", "dezero")
CHAIN_LENGTHS = (10_000, 100_000, 1_000_000)


@dataclass(frozen=True)
class Plan:
    """What to measure, how often and for how long."""

    workloads: list[Workload] = field(default_factory=lambda: [*WORKLOADS.values()])
    contenders: list[Entry] = field(default_factory=lambda: [*CONTENDERS.values()])
    threads: tuple[int, ...] = (1, 2)
    rounds: int = 7
    seconds: float = 0.25  # of timed work in each process
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
            check=False,
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
            *more,
        ],
        record.threads,
    )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _check(plan: Plan, workload: Workload) -> dict[str, str]:
    """What is wrong with each contender's answer, by name; the right ones are not in it."""
    problems = {}
    for entry in plan.contenders:
        if workload.kind in entry.kinds:
            answer = _work("check", Record("time", workload.name, entry.name, plan.threads[-1]))
            if answer["status"] != "ok":
                problems[entry.name] = f"{answer['status']}: {answer['why']}"
                _say(f"  {entry.name}: {problems[entry.name]}")
    return problems


def _measure_times(
    plan: Plan, workload: Workload, threads: int, problems: dict[str, str]
) -> list[Record]:
    """Time those contenders that are right, in turn, round after round."""
    _say(f"{workload.name}, {threads} BLAS thread{'s' * (threads > 1)}")
    records = [
        Record("time", workload.name, entry.name, threads, problem=problems.get(entry.name, ""))
        for entry in plan.contenders
        if workload.kind in entry.kinds and not (entry.slow_start and threads != plan.threads[-1])
    ]
    for turn in range(plan.rounds):
        # Another first one each round, so that nobody always follows the same neighbour.
        first = turn % max(1, len(records))
        for record in records[first:] + records[:first]:
            if record.problem or (CONTENDERS[record.contender].slow_start and turn >= SLOW_ROUNDS):
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
        if workload.kind not in entry.kinds or entry.slow_start:
            continue
        record = Record("memory", workload.name, entry.name, 1)
        for _ in range(min(MEMORY_ROUNDS, plan.rounds)):
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
        if entry.name in NO_IMPORT:
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


def _ready(plan: Plan, found: Measurements) -> list[Entry]:
    """The contenders that can run here; the others are noted as left out, and why."""
    ready = []
    for entry in plan.contenders:
        if entry.missing:
            found.left_out[entry.name] = f"{', '.join(entry.missing)} not installed"
        elif entry.name == "torch-compile" and compiler() is None:
            found.left_out[entry.name] = "no C++ compiler found"
        else:
            ready.append(entry)
            continue
        _say(f"left out: {entry.name}: {found.left_out[entry.name]}")
    return ready


def measure(plan: Plan) -> Measurements:
    """Carry out ``plan``; what cannot run is left out and named."""
    found = Measurements(describe_machine(), describe_versions(), plan.rounds, [*plan.threads])
    plan = replace(plan, contenders=_ready(plan, found))
    for workload in plan.workloads:
        if "time" in plan.parts:
            problems = _check(plan, workload)
            for threads in plan.threads if workload.uses_blas else plan.threads[:1]:
                found.records += _measure_times(plan, workload, threads, problems)
        if "memory" in plan.parts and workload.uses_blas:
            found.records += _measure_memory(plan, workload)
    if "import" in plan.parts:
        found.records += _measure_imports(plan)
    if "linear" in plan.parts:
        found.records += _measure_chains(plan)
    return found
