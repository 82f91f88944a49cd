"""What a run leaves behind: plain records, saved as JSON so that a table can be made again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

Part = Literal["time", "memory", "import", "linear"]
PARTS: tuple[Part, ...] = ("time", "memory", "import", "linear")


@dataclass
class Record:
    """One number: what, of whom, and every process's value behind it."""

    part: Part
    workload: str
    contender: str
    threads: int
    values: list[float] = field(default_factory=list)  # seconds, or bytes, one a process
    problem: str = ""  # why there are no values: wrong, or an error

    @property
    def best(self) -> float | None:
        """The lowest of the processes' values, None where there is a problem."""
        return min(self.values) if self.values and not self.problem else None


@dataclass
class Measurements:
    """Everything one run measured, and where."""

    machine: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    rounds: int = 0
    threads: list[int] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)  # contender: why
    records: list[Record] = field(default_factory=list)

    def best(
        self, part: Part, workload: str, contender: str, threads: int | None = None
    ) -> float | None:
        """The value of that one record; None when it was not measured or went wrong."""
        for record in self.records:
            if (record.part, record.workload, record.contender) == (part, workload, contender) and (
                threads is None or record.threads == threads
            ):
                return record.best
        return None

    def timed(self, contender: str, threads: int) -> bool:
        """Tell whether anything of this contender was timed with so many threads."""
        return any(
            record.best is not None
            for record in self.of("time")
            if (record.contender, record.threads) == (contender, threads)
        )

    def of(self, part: Part) -> Iterable[Record]:
        """The records of one part."""
        return (record for record in self.records if record.part == part)

    def take_in(self, newer: Measurements) -> None:
        """Replace what a later, narrower run on the same machine measured anew.

        A workload's time is replaced as a whole, so that its ratios stay those of one run.
        """
        differing = [
            f"{name} was {self.machine.get(name)}, is {value}"
            for name, value in newer.machine.items()
            if self.machine.get(name) != value
        ]
        differing += [
            f"{name} was {self.versions[name]}, is {version}"
            for name, version in newer.versions.items()
            if self.versions.get(name, version) != version
        ]
        if differing:
            raise ValueError("not the machine of the saved run: " + "; ".join(differing))
        measured = {(record.part, record.workload) for record in newer.records}
        kept = [record for record in self.records if (record.part, record.workload) not in measured]
        self.records = kept + newer.records

    def save(self, path: Path) -> None:
        """Write everything to ``path`` as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, path: Path) -> Measurements:
        """Read what `save` wrote."""
        fields = json.loads(path.read_text())
        fields["records"] = [Record(**record) for record in fields["records"]]
        return cls(**fields)
