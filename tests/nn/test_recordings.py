"""What was recorded of PyTorch is what PyTorch does, where it is installed."""

import importlib
import json
import math
from pathlib import Path

import pytest

RECORDINGS = {
    "losses": ("make_values", "values.json"),
    "optim": ("make_trajectories", "trajectories.json"),
    "schedules": ("make_rates", "rates.json"),
}


def flat(value, path=""):
    """Every number of nested lists and dicts, by where it stands."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, member in items:
            yield from flat(member, f"{path}/{key}")
    elif path != "/torch":
        yield path, value


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", RECORDINGS)
def test_the_recorded_numbers_are_pytorch_s(name):
    pytest.importorskip("torch")
    script, file = RECORDINGS[name]
    live = importlib.import_module(f"tests.nn.{name}.{script}").everything()
    recorded = json.loads((Path(__file__).parent / name / file).read_text())
    found, expected = dict(flat(live)), dict(flat(recorded))
    assert found.keys() == expected.keys()
    wrong = [
        (place, found[place], number)
        for place, number in expected.items()
        if not math.isclose(found[place], number, rel_tol=1e-6, abs_tol=1e-9)
    ]
    assert not wrong
