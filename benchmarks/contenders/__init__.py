"""The contenders: one small file each, the same work written as that library's user would.

A contender's file defines ``build(workload)``, which returns a `Job` set up and ready
for its first step, and imports its library at the top, so that a file whose library is missing
fails to import and is reported as not installed.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from typing import Protocol, cast

from benchmarks.workloads import Array, Kind, Workload


class Job(Protocol):
    """One contender at one workload."""

    def step(self) -> object:
        """Do the work once, to the end: a training step, or a value with its gradient."""

    def results(self) -> list[Array]:
        """The last loss, then the parameters; or the value, then the gradients."""


class Contender(Protocol):
    """What a contender's module offers."""

    def build(self, workload: Workload) -> Job:
        """Prepare the data and the model of ``workload``."""


@dataclass(frozen=True)
class Entry:
    """Where a contender lives and what it can do."""

    name: str
    title: str
    module: str
    requires: tuple[str, ...]  # the top-level modules it imports
    distributions: tuple[str, ...]  # whose versions are reported
    kinds: frozenset[Kind]
    also_needs: tuple[str, ...] = ()  # what its library imports without asking pip for it
    slow_start: bool = False  # two rounds only, and at the most threads only
    note: str = ""

    @property
    def missing(self) -> list[str]:
        """The modules it needs that are not installed."""
        return [
            name
            for name in self.requires + self.also_needs
            if importlib.util.find_spec(name) is None
        ]

    def load(self) -> Contender:
        """Import the contender's file and, with it, its library."""
        return cast(Contender, importlib.import_module(f"benchmarks.contenders.{self.module}"))


_ARRAYS: frozenset[Kind] = frozenset({"mlp", "elementwise"})
_IMAGES: frozenset[Kind] = frozenset({"lenet"})
_SEQUENCES: frozenset[Kind] = frozenset({"lstm", "transformer"})
_SCALARS: frozenset[Kind] = frozenset({"readme", "chain"})

CONTENDERS: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry("hand", "hand", "by_hand", ("numpy",), (), _ARRAYS | _IMAGES),
        Entry(
            "ours",
            "autograd-core",
            "ours",
            ("autograd_core", "nn"),
            (),
            _ARRAYS | _IMAGES | _SEQUENCES | _SCALARS,
        ),
        Entry(
            "torch",
            "torch eager",
            "pytorch",
            ("torch",),
            ("torch",),
            _ARRAYS | _IMAGES | _SEQUENCES | _SCALARS,
        ),
        Entry(
            "torch-compile",
            "torch.compile",
            "pytorch_compiled",
            ("torch",),
            ("torch",),
            _ARRAYS,
            slow_start=True,
            note="two rounds and one number of threads only, as every process compiles anew",
        ),
        Entry(
            "jax",
            "JAX jit",
            "jax_jit",
            ("jax",),
            ("jax", "jaxlib"),
            _ARRAYS,
            note="every step is waited for; compiling is not counted",
        ),
        Entry(
            "mygrad",
            "MyGrad",
            "my_grad",
            ("mygrad",),
            ("mygrad",),
            _ARRAYS | _SCALARS,
            note="memory guarding off, its documented fast mode",
        ),
        Entry(
            "autograd", "HIPS autograd", "hips", ("autograd",), ("autograd",), _ARRAYS | {"readme"}
        ),
        Entry(
            "dezero",
            "DeZero",
            "de_zero",
            ("dezero",),
            ("dezero",),
            _ARRAYS | {"readme"},
            also_needs=("matplotlib", "PIL"),
            note="of 2020: NumPy's removed alias `np.int` is put back for it",
        ),
        Entry("micrograd", "micrograd", "micro_grad", ("micrograd",), ("micrograd",), _SCALARS),
    )
}
