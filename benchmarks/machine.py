"""The machine and the versions a table was measured with, in words."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import os
import platform
import re
import shutil
from pathlib import Path
from typing import Any, cast

import numpy as np

from benchmarks.contenders import CONTENDERS


def cores() -> int:
    """The cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def compiler() -> str | None:
    """The C++ compiler torch.compile would call, None where there is none."""
    return shutil.which(os.environ.get("CXX", "g++")) or shutil.which("clang++")


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    found = (
        re.search(r"model name\s*: (.+)", information.read_text()) if information.exists() else None
    )
    return found[1] if found else platform.processor() or platform.machine()


def _memory() -> str:
    if "SC_PHYS_PAGES" not in os.sysconf_names:
        return "unknown"
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"


def _blas() -> str:
    configuration = cast(dict[str, Any], np.show_config(mode="dicts"))
    blas = configuration["Build Dependencies"]["blas"]
    return f"{blas['name']} {blas['version']}"


def describe_machine() -> dict[str, str]:
    """Label and value of everything a reader needs to judge the numbers."""
    return {
        "Date": dt.datetime.now(dt.UTC).date().isoformat(),
        "Processor": _processor(),
        "Cores": str(cores()),
        "Memory": _memory(),
        "System": platform.platform(),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "NumPy": np.__version__,
        "NumPy's BLAS": _blas(),
    }


def describe_versions() -> dict[str, str]:
    """The installed version of every peer's distribution."""
    versions = {}
    names = {name for entry in CONTENDERS.values() for name in entry.distributions}
    for name in sorted(names):
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions
