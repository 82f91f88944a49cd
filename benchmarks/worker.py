"""One process that measures one contender at one workload and prints one line of JSON.

The runner starts it afresh for every measurement, with the number of BLAS threads in the
environment. What it prints is ``{"status": "ok", ...}`` or ``{"status": "error", "why": ...}``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.contenders import CONTENDERS, Job
from benchmarks.hand import HandElementwise, HandMlp, chain_answer, readme_answer
from benchmarks.hand_lenet import HandLenet
from benchmarks.memory import measure_memory
from benchmarks.workloads import (
    WORKLOADS,
    Array,
    Workload,
    make_lenet_problem,
    make_problem,
)

CHECKED_STEPS = 3
# What PyTorch computes in float64; make_sequence_values.py recorded it.
SEQUENCES = Path(__file__).with_name("sequence_values.json")
# Sums of float32 taken in another order differ by about 2e-6, and the README prints four decimals.
TOLERANCE = {
    "mlp": 1e-4,
    "lenet": 5e-3,
    "lstm": 1e-4,
    "transformer": 5e-3,
    "elementwise": 1e-9,
    "readme": 1e-6,
    "chain": 1e-9,
}
# Such a difference can switch a ReLU unit on or off for one example: with n active entries in its
# layer, that moves the gradient of the layer's biases by about 1/sqrt(n). (LeNet has them too.)
RELU_TOLERANCE = 5e-3


def expected_results(workload: Workload) -> list[Array]:
    """What a right contender has after `CHECKED_STEPS` steps."""
    if workload.kind in ("lstm", "transformer"):
        return [np.array(values) for values in json.loads(SEQUENCES.read_text())[workload.name]]
    if workload.kind == "readme":
        return readme_answer()
    if workload.kind == "chain":
        return chain_answer(workload.size)
    if workload.kind == "mlp":
        hand: HandMlp | HandLenet | HandElementwise = HandMlp(workload.shape)
    elif workload.kind == "lenet":
        hand = HandLenet(workload.size)
    else:
        hand = HandElementwise(workload.size)
    for _ in range(CHECKED_STEPS):
        hand.step()
    return hand.results()


def worst_error(workload: Workload, found: list[Array], expected: list[Array]) -> float:
    """The largest relative error of any result, in the norm.

    Of a parameter the *change* since the start is compared, as the first weights, which all have
    in common, would hide a wrong gradient.
    """
    if len(found) != len(expected):
        raise ValueError(f"{len(found)} results where hand has {len(expected)}")
    starts: list[Array | float] = [0.0] * len(expected)
    if workload.kind in ("mlp", "lenet"):
        lenet = workload.kind == "lenet"
        problem = make_lenet_problem(workload.size) if lenet else make_problem(workload.shape)
        pairs = zip(problem.weights, problem.biases, strict=True)
        starts[1:] = [array for pair in pairs for array in pair]
    errors = []
    for one, other, start in zip(found, expected, starts, strict=True):
        if one.shape != other.shape:
            raise ValueError(f"a result of shape {one.shape} where hand has {other.shape}")
        wanted = np.asarray(other, np.float64) - start
        missed = np.linalg.norm(np.asarray(one, np.float64) - start - wanted)
        errors.append(float(missed / np.linalg.norm(wanted)))
    return float(np.max(errors))  # NaN, unlike max(), wins


def check(job: Job, workload: Workload) -> dict[str, Any]:
    """Take the first steps and compare what they leave with the hand-written ones."""
    for _ in range(CHECKED_STEPS):
        job.step()
    error = worst_error(workload, job.results(), expected_results(workload))
    tolerance = TOLERANCE[workload.kind]
    if workload.mlp is not None and workload.mlp.activation == "relu":
        tolerance = RELU_TOLERANCE
    if not error <= tolerance:
        why = f"differs from the hand-written result by {error:.2g} (at most {tolerance:g})"
        return {"status": "wrong", "why": why}
    return {"status": "ok", "error": error}


def measure_time(job: Job, seconds: float, fewest: int = 3) -> dict[str, Any]:
    """The median time of a step, over samples of as many steps as last a millisecond or more.

    Steps are repeated for ``seconds``, after a third of that as warming up.
    """
    clock = time.perf_counter
    start = clock()
    job.step()  # the first one also allocates, or compiles
    first, steps, start = clock() - start, 0, clock()
    while fewest > 1 and clock() - start < 0.3 * seconds:
        job.step()
        steps += 1
    batch = max(1, round(0.001 * steps / (clock() - start)))
    samples: list[float] = []
    end = clock() + seconds
    while len(samples) < fewest or (fewest > 1 and clock() < end):
        start = clock()
        for _ in range(batch):
            job.step()
        samples.append((clock() - start) / batch)
    return {
        "status": "ok",
        "seconds": statistics.median(samples),
        "lowest": min(samples),
        "first": first,
        "samples": len(samples),
        "batch": batch,
    }


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description="One measurement in this process.")
    parser.add_argument("mode", choices=["check", "time", "memory"])
    parser.add_argument("--workload", choices=WORKLOADS, required=True)
    parser.add_argument("--contender", choices=CONTENDERS, required=True)
    parser.add_argument("--seconds", type=float, default=0.25)
    options = parser.parse_args()
    workload = WORKLOADS[options.workload]
    try:
        contender = CONTENDERS[options.contender].load()
        if options.mode == "memory":
            answer = measure_memory(contender, workload)
        else:
            job = contender.build(workload)
            if options.mode == "check":
                answer = check(job, workload)
            else:
                # A chain takes seconds: one more after the first is what there is time for.
                fewest = 1 if workload.kind == "chain" else 3
                answer = measure_time(job, options.seconds, fewest)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong in a peer is reported
        answer = {"status": "error", "why": f"{type(error).__name__}: {error}"[:300]}
    json.dump(answer, sys.stdout)
    print()


if __name__ == "__main__":
    main()
