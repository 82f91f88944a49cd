"""The report says what was measured: verdicts, what was left out, and the README's block."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks.budgets import budget_rows
from benchmarks.hand import HandMlp, Layer
from benchmarks.measurements import Measurements, Record
from benchmarks.report import END, START, report, write_readme
from benchmarks.worker import CHECKED_STEPS, worst_error
from benchmarks.workloads import WORKLOADS, Array

SMALL = "mlp-2-16-16-1"


def measured(ours: float, two: float) -> Measurements:
    return Measurements(
        machine={"Cores": "2", "Processor": "a", "Python": "CPython 3", "NumPy": "2", "Date": "d"},
        rounds=2,
        threads=[1, 2],
        left_out={"jax": "jax not installed"},
        records=[
            Record("time", SMALL, "hand", 1, [3e-5, 2e-5]),
            Record("time", SMALL, "hand", 2, [2e-5]),
            Record("time", SMALL, "ours", 1, [ours, 1.0]),
            Record("time", SMALL, "ours", 2, [two]),
            Record("time", SMALL, "mygrad", 1, problem="wrong: differs"),
            Record("memory", SMALL, "ours", 1, [2e5]),
            Record("memory", SMALL, "torch", 1, [1e5]),
        ],
    )


@pytest.mark.parametrize(
    ("ours", "two", "verdict"),
    [
        (4e-5, 4e-5, "met"),
        (4e-5, 5e-5, "MISSED at 2 threads"),
        (5e-5, 4e-5, "MISSED at 1 thread"),
        (5e-5, 5e-5, "MISSED"),
    ],
)
def test_a_budget_compares_the_lowest_medians(ours: float, two: float, verdict: str) -> None:
    (what, peer, limit, ratios, said), memory = budget_rows(measured(ours, two))
    assert (what, peer, limit) == (WORKLOADS[SMALL].title, "hand", "2.00x")
    assert ratios == f"{ours / 2e-5:.2f}x (1 thread), {two / 2e-5:.2f}x (2 threads)"
    assert said == verdict
    # Both are below what the kernel resolves, so neither counts as more than the other.
    assert memory[-2:] == ["1.00x", "met"]


def test_the_report_names_what_is_wrong_and_what_is_left_out() -> None:
    text = report(measured(4e-5, 4e-5))
    assert "| 20.0 |" in text
    assert "MyGrad, time of mlp-2-16-16-1, 1 thread(s): wrong: differs" in text
    assert "left out: JAX jit: jax not installed" in text


def test_measurements_survive_the_file(tmp_path: Path) -> None:
    found = measured(4e-5, 4e-5)
    found.save(tmp_path / "results.json")
    assert Measurements.load(tmp_path / "results.json") == found


def test_the_readme_block_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"above\n{START}\nold\n{END}\nbelow\n")
    write_readme(measured(4e-5, 4e-5), readme)
    text = readme.read_text()
    assert text.startswith(f"above\n{START}\n|")
    assert text.endswith(f"\n{END}\nbelow\n")
    assert "old" not in text
    assert "40.0" in text
    readme.write_text("no markers\n")
    with pytest.raises(ValueError, match="bench:start"):
        write_readme(measured(4e-5, 4e-5), readme)
    assert readme.read_text() == "no markers\n"


def test_a_gradient_wrong_by_a_tenth_of_a_percent_is_found() -> None:
    workload = WORKLOADS[SMALL]
    right, planted = HandMlp(workload.shape), HandMlp(workload.shape)
    planted.layers[1].backward = _off(planted.layers[1])  # type: ignore[assignment, method-assign]
    for _ in range(CHECKED_STEPS):
        right.step()
        planted.step()
    assert worst_error(workload, right.results(), right.results()) == 0
    assert worst_error(workload, planted.results(), right.results()) > 5e-4


def _off(layer: Layer) -> Callable[[Array | None], None]:
    backward = layer.backward

    def wrong(x_delta: Array | None) -> None:
        backward(x_delta)
        np.multiply(layer.weight_gradient, np.float32(1.001), out=layer.weight_gradient)

    return wrong
