"""micrograd: Python scalars, one object for each."""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from micrograd.engine import Value

from benchmarks.contenders import Job
from benchmarks.workloads import (
    CHAIN_POINT,
    README_POINT,
    Array,
    Workload,
    chain,
    readme_expression,
)


class _Readme:
    def step(self) -> None:
        self.a, self.b = Value(README_POINT[0]), Value(README_POINT[1])
        self.value = readme_expression(self.a, self.b, Value.relu)
        self.value.backward()

    def results(self) -> list[Array]:
        return [np.array(number) for number in (self.value.data, self.a.grad, self.b.grad)]


class _Chain:
    def __init__(self, length: int) -> None:
        # Its backward() walks the graph by recursion, one level or more a link.
        sys.setrecursionlimit(10 * length)
        self.length = length

    def step(self) -> None:
        self.x: Any = Value(CHAIN_POINT)
        value = chain(self.x, self.length)
        value.backward()
        self.value = value.data

    def results(self) -> list[Array]:
        return [np.array(self.value), np.array(self.x.grad)]


def build(workload: Workload) -> Job:
    """Only the scalar workloads."""
    return _Readme() if workload.kind == "readme" else _Chain(workload.size)
