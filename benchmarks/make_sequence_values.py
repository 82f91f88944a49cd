"""Writes sequence_values.json: what PyTorch computes in float64 in the first steps.

Run it where torch is installed: ``python -m benchmarks.make_sequence_values``. It was last run
with torch 2.13.0.
"""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.contenders import torch_sequences
from benchmarks.worker import CHECKED_STEPS
from benchmarks.workloads import WORKLOADS

if __name__ == "__main__":
    values = {}
    for name in ("lstm", "transformer"):
        job = torch_sequences.build(WORKLOADS[name])
        job.double()  # type: ignore[attr-defined]
        for _ in range(CHECKED_STEPS):
            job.step()
        values[name] = [array.tolist() for array in job.results()]
    path = Path(__file__).with_name("sequence_values.json")
    path.write_text(json.dumps(values, indent=1) + "\n")
