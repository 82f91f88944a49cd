"""The peak memory of a step, as the kernel counts it.

Defined as: the highest resident set during three steps, less the resident set just before the
first of them, when the library is imported, the data and the model are built, and the library
has already taken steps of a *tiny* workload of the same kind (else its one-off start, thread
pools and code pages, would be charged to the step). So it is what a step adds: gradients, saved
values, temporaries. Linux only, as the high-water mark is set back through /proc.
"""

from __future__ import annotations

import ctypes
import gc
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.contenders import Contender
from benchmarks.workloads import Workload

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_STEPS = 3
RESOLUTION = 0.5e6  # bytes: the kernel counts pages per CPU, in batches


def _bytes_of(field: str) -> int:
    found = re.search(rf"^{field}:\s+(\d+) kB", _STATUS.read_text(), re.MULTILINE)
    if found is None:
        raise OSError(f"no {field} in {_STATUS}")
    return 1024 * int(found[1])


def _settle() -> None:
    """Give freed memory back, so that a step's allocations show as new pages."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def _tiny(workload: Workload) -> Workload:
    if workload.mlp is None:
        return replace(workload, size=min(workload.size, 16))
    sizes = tuple(min(size, 10) for size in workload.mlp.sizes)
    return replace(workload, mlp=replace(workload.mlp, sizes=sizes, batch=8))


def measure_memory(contender: Contender, workload: Workload) -> dict[str, Any]:
    """The step's peak in bytes, and the process's whole peak besides."""
    if not (_STATUS.exists() and _CLEAR.exists()):
        return {"status": "error", "why": "peak memory is measured on Linux only"}
    warm = contender.build(_tiny(workload))
    for _ in range(_STEPS):
        warm.step()
    job = contender.build(workload)
    _settle()
    _CLEAR.write_text("5")  # sets VmHWM back to VmRSS
    before = _bytes_of("VmRSS")
    for _ in range(_STEPS):
        job.step()
    peak = _bytes_of("VmHWM")
    return {"status": "ok", "step": peak - before, "process": peak}
