"""``python -m benchmarks``: measure, print, and write ``benchmarks/RESULTS.md``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import cast

from benchmarks.contenders import CONTENDERS
from benchmarks.measurements import PARTS, Measurements, Part
from benchmarks.report import report, write_readme
from benchmarks.runner import CHAIN_LENGTHS, Plan, measure
from benchmarks.workloads import WORKLOADS

HERE = Path(__file__).resolve().parent
RESULTS, RECORDS, README = HERE / "RESULTS.md", HERE / "results.json", HERE.parent / "README.md"


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure autograd-core side by side with the hand-written step and its peers. "
        "A full run writes benchmarks/RESULTS.md; one narrowed by an option only prints, unless "
        "--merge is given.",
    )
    parser.add_argument("--rounds", type=int, metavar="N", help="processes each (default 7)")
    parser.add_argument(
        "--only", type=_names, metavar="WORKLOADS", help="of " + ", ".join(WORKLOADS)
    )
    parser.add_argument(
        "--contenders", type=_names, metavar="NAMES", help="of " + ", ".join(CONTENDERS)
    )
    parser.add_argument("--threads", type=_names, metavar="N,N", help="BLAS threads (default 1,2)")
    parser.add_argument(
        "--parts",
        type=_names,
        help=f"of {', '.join(PARTS)} (default all; time with --only, --contenders or --threads)",
    )
    parser.add_argument("--quick", action="store_true", help="one short round: does it run?")
    parser.add_argument(
        "--merge",
        action="store_true",
        help="put what --only measures into the saved run of the same machine and day",
    )
    parser.add_argument("--no-write", action="store_true", help="print only")
    parser.add_argument(
        "--readme",
        action="store_true",
        help="measure nothing: put the last full run's table into README.md",
    )
    return parser


def _known(parser: argparse.ArgumentParser, names: list[str], known: list[str]) -> list[str]:
    for name in names:
        if name not in known:
            parser.error(f"unknown name {name!r}; known are {', '.join(known)}")
    return names


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.readme:
        if not RECORDS.exists():
            parser.error(f"there is no {RECORDS.name} yet: run without --readme first")
        write_readme(Measurements.load(RECORDS), README)
        return 0
    narrowed = bool(options.only or options.contenders or options.threads)
    workloads = _known(parser, options.only or [*WORKLOADS], [*WORKLOADS])
    quick = [name for name, entry in CONTENDERS.items() if not entry.slow_start]
    contenders = options.contenders or (quick if options.quick else [*CONTENDERS])
    parts = options.parts or (["time"] if narrowed else [*PARTS])
    plan = Plan(
        workloads=[WORKLOADS[name] for name in workloads],
        contenders=[CONTENDERS[name] for name in _known(parser, contenders, [*CONTENDERS])],
        threads=tuple(int(number) for number in options.threads or (1, 2)),
        rounds=options.rounds or (1 if options.quick else 7),
        seconds=0.1 if options.quick else 0.25,
        parts=tuple(cast(list[Part], _known(parser, parts, [*PARTS]))),
        chain_lengths=CHAIN_LENGTHS[:2] if options.quick else CHAIN_LENGTHS,
    )
    if options.merge and (options.contenders or options.threads or options.quick):
        parser.error("--merge replaces whole workloads: give --only, and no other narrowing")
    found = measure(plan)
    if options.merge:
        saved = Measurements.load(RECORDS)
        try:
            saved.take_in(found)
        except ValueError as error:
            print(report(found))
            parser.error(f"--merge: {error}; make a full run")
        saved.save(RECORDS)
        RESULTS.write_text(report(saved))
        return 0
    text = report(found)
    print(text)
    if narrowed or options.parts or options.quick or options.no_write:
        print("(nothing written)", file=sys.stderr)
    else:
        RESULTS.write_text(text)
        found.save(RECORDS)
        print(f"wrote {RESULTS} and {RECORDS}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
