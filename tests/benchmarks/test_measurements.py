"""Saved measurements: a narrower run takes the place of what it measured anew, nothing else."""

import pytest

from benchmarks.measurements import Measurements, Record


def run(*records, date="2026-01-01", torch="2"):
    return Measurements({"Date": date, "Cores": "2"}, {"torch": torch}, 7, [1], {}, list(records))


def test_a_workload_is_replaced_as_a_whole():
    saved = run(
        Record("time", "small", "hand", 1, [1.0]),
        Record("time", "small", "ours", 1, [2.0]),
        Record("memory", "small", "ours", 1, [3.0]),
        Record("time", "large", "ours", 1, [4.0]),
    )
    saved.take_in(run(Record("time", "small", "ours", 1, [1.5])))
    assert saved.best("time", "small", "hand") is None
    assert saved.best("time", "small", "ours") == 1.5
    assert saved.best("memory", "small", "ours") == 3.0
    assert saved.best("time", "large", "ours") == 4.0


@pytest.mark.parametrize(
    ("newer", "text"),
    [
        (run(date="2026-01-02"), "Date was 2026-01-01, is 2026-01-02"),
        (run(torch="3"), "torch was 2, is 3"),
    ],
)
def test_another_machine_is_not_mixed_in(newer, text):
    saved = run(Record("time", "small", "ours", 1, [2.0]))
    with pytest.raises(ValueError, match="not the machine of the saved run") as caught:
        saved.take_in(newer)
    assert text in str(caught.value)
    assert saved.best("time", "small", "ours") == 2.0


def test_what_is_saved_is_loaded(tmp_path):
    saved = run(Record("time", "small", "ours", 1, [2.0], "wrong"))
    saved.save(tmp_path / "results.json")
    assert Measurements.load(tmp_path / "results.json") == saved
