"""Turns measurements into Markdown, the same text for the terminal and for the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.budgets import budget_rows
from benchmarks.contenders import CONTENDERS
from benchmarks.measurements import Measurements, Part
from benchmarks.workloads import WORKLOADS

START, END = "<!-- bench:start -->", "<!-- bench:end -->"
ABSENT = "–"
INTRODUCTION = """\
Written by `make bench`. Every contender's answer (loss and parameters after three steps, or value
and gradient) is first compared with the hand-written one's; one that differs is not timed. Each
measurement is a fresh process, the contenders in turn, {rounds} rounds."""


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, padded so that it also reads well as plain text."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]

    def line(cells: list[str]) -> str:
        first, *others = cells
        padded = [first.ljust(widths[0])]
        padded += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        return "| " + " | ".join(padded) + " |"

    return "\n".join([line(head), line(rule), *map(line, rows)])


def show_seconds(seconds: float) -> str:
    """Microseconds, or seconds from one second up."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{1e6 * seconds:,.1f}" if seconds < 1e-4 else f"{1e6 * seconds:,.0f}"


def show_bytes(size: float) -> str:
    """Megabytes."""
    return f"{size / 1e6:.1f}"


def _grid(
    found: Measurements,
    part: Part,
    threads: int,
    cell: Callable[[str, str, float], str],
    contenders: list[str],
) -> str:
    """A row a workload and a column a contender, of what was measured at ``threads``."""
    records = {
        (record.workload, record.contender): record
        for record in found.of(part)
        if record.threads == threads
    }
    columns = [name for name in contenders if any(name == of for _, of in records)]
    rows = []
    for workload in WORKLOADS.values():
        if not any(workload.name == of for of, _ in records):
            continue
        row = [workload.title]
        for name in columns:
            record = records.get((workload.name, name))
            if record is None:
                row.append(ABSENT)
            elif record.best is None:
                row.append("wrong" if record.problem.startswith("wrong") else "failed")
            else:
                row.append(cell(workload.name, name, record.best))
        rows.append(row)
    return table(["", *(CONTENDERS[name].title for name in columns)], rows) if rows else ""


def _time_sections(found: Measurements) -> list[str]:
    sections = []
    for threads in found.threads:

        def over(workload: str, _name: str, seconds: float, threads: int = threads) -> str:
            ours = found.best("time", workload, "ours", threads)
            return ABSENT if ours is None else f"{ours / seconds:.2f}"

        times = _grid(found, "time", threads, lambda _w, _n, s: show_seconds(s), [*CONTENDERS])
        if not times:
            continue
        sections.append(f"## Time, {threads} BLAS thread{'s' * (threads > 1)}")
        sections.append("Microseconds a step: the lowest of the processes' medians.\n\n" + times)
        if found.timed("ours", threads):
            peers = [name for name in CONTENDERS if name != "ours"]
            ratios = _grid(found, "time", threads, over, peers)
            text = "autograd-core's time over each contender's (below 1: it is the faster one).\n\n"
            sections.append(text + ratios)
    return sections


def _memory_section(found: Measurements) -> list[str]:
    grid = _grid(found, "memory", 1, lambda _w, _n, size: show_bytes(size), [*CONTENDERS])
    if not grid:
        return []
    return [
        "## Peak memory of a step",
        "Megabytes: the highest resident set during three steps less the resident set just before\n"
        "them, with the library imported and warmed on a tiny model, data and model built;\n"
        "the lowest of the processes, 1 BLAS thread. Below about 0.5 MB it is the kernel's\n"
        "counting in batches of pages; the budget takes 0.5 MB for anything less.\n\n" + grid,
    ]


def _import_section(found: Measurements) -> list[str]:
    rows = [
        [CONTENDERS[record.contender].title, f"{record.best:.3f}"]
        for record in found.of("import")
        if record.best is not None
    ]
    if not rows:
        return []
    text = "Seconds over `import numpy`, the lowest of the processes.\n\n"
    return ["## Import", text + table(["", "seconds"], rows)]


def _linear_section(found: Measurements) -> list[str]:
    costs: dict[str, dict[str, str]] = {}
    for record in found.of("linear"):
        name, length = record.workload.split("-")
        shown = "failed" if record.best is None else f"{1e6 * record.best:.2f}"
        costs.setdefault(length, {})[name] = shown
    if not costs:
        return []
    rows = [
        [f"{int(length):,}", of.get("forward", ABSENT), of.get("backward", ABSENT)]
        for length, of in costs.items()
    ]
    text = "Microseconds a node of a chain `z = z*1.0001 + x`, two nodes a link.\n\n"
    return ["## Cost of a node", text + table(["links", "forward", "backward"], rows)]


def _notes(found: Measurements) -> list[str]:
    measured = {record.contender for record in found.records}
    notes = [
        f"- {e.title}: {e.note}." for e in CONTENDERS.values() if e.note and e.name in measured
    ]
    notes += [f"- left out: {CONTENDERS[n].title}: {why}." for n, why in found.left_out.items()]
    for record in found.records:
        if record.problem:
            where = f"{record.part} of {record.workload}, {record.threads} thread(s)"
            notes.append(f"- {CONTENDERS[record.contender].title}, {where}: {record.problem}")
    return ["## Notes", "\n".join(notes)] if notes else []


def report(found: Measurements) -> str:
    """The whole report."""
    about = [[label, value] for label, value in found.machine.items()]
    about.append(["Peers", ", ".join(f"{n} {v}" for n, v in found.versions.items())])
    budgets = budget_rows(found)
    sections = [
        "# Benchmarks",
        INTRODUCTION.format(rounds=found.rounds),
        table(["", "this machine"], about),
    ]
    if budgets:
        head = ["autograd-core", "against", "at most", "measured", "verdict"]
        sections += ["## Budgets", table(head, budgets)]
    sections += _time_sections(found) + _memory_section(found)
    sections += _import_section(found) + _linear_section(found) + _notes(found)
    return "\n\n".join(sections) + "\n"


def readme_table(found: Measurements) -> str:
    """The short table for README.md: the most threads measured, microseconds a step."""
    threads = max(found.threads)
    columns = [name for name in CONTENDERS if name != "torch-compile"]
    head = ["", *(CONTENDERS[name].title for name in columns)]
    rows = []
    for workload in WORKLOADS.values():
        row = [workload.title]
        for name in columns:
            seconds = found.best(
                "time", workload.name, name, threads if workload.uses_blas else min(found.threads)
            )
            row.append(ABSENT if seconds is None else show_seconds(seconds))
        rows.append(row)
    used = [0, *(i for i in range(1, len(head)) if any(row[i] != ABSENT for row in rows))]
    grid = table([head[i] for i in used], [[row[i] for i in used] for row in rows])
    machine = found.machine
    return (
        f"{grid}\n\nMicroseconds a step, {threads} BLAS threads, {machine['Cores']} cores of "
        f"{machine['Processor']}, Python {machine['Python'].split()[-1]}, "
        f"NumPy {machine['NumPy']}, {machine['Date']}. *hand* is the same step written out in "
        "NumPy with every buffer preallocated. All of it, with memory and import time: "
        "[benchmarks/RESULTS.md](benchmarks/RESULTS.md)."
    )


def write_readme(found: Measurements, path: Path) -> None:
    """Replace what stands between the two markers in ``path`` by the table.

    Raises
    ------
    ValueError
        If ``path`` does not hold both markers, in order.
    """
    text = path.read_text()
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"{path} does not hold {START} followed by {END}")
    path.write_text(f"{before}{START}\n{readme_table(found)}\n{END}{after}")
