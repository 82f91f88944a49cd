"""Settings and fixtures of every test: reproducible randomness, and no test may leave a trace."""

import gc
import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import numpy as np
import pytest

import autograd_core as ag
from tests.browser import browser, open_page  # noqa: F401 - fixtures of every test

# No window may open, and no font cache be asked for one, when a test draws with matplotlib.
os.environ["MPLBACKEND"] = "Agg"

# CI must fail for a reason in the code, never by the luck of a draw; at a desk, new draws are
# welcome. A slow machine is not a wrong result, hence no deadline.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("desk", deadline=None, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture
def rng() -> np.random.Generator:
    """A fresh generator with a fixed seed."""
    return np.random.default_rng(20_240_229)


def pytest_collection_finish() -> None:
    """Take what pytest itself keeps of 38,000 tests out of every later garbage collection."""
    gc.collect()
    gc.freeze()


def global_state() -> dict[str, object]:
    """What a test could change for the tests after it, by name."""
    legacy = np.random.get_state(legacy=False)  # noqa: NPY002 - read to show nobody draws from it
    return {
        "ag.is_recording()": ag.is_recording(),
        "np.geterr()": np.geterr(),
        "np.get_printoptions()": repr(np.get_printoptions()),
        "np.random's global generator": (legacy["state"]["pos"], legacy["state"]["key"].tobytes()),
        "random's global generator": hash(random.getstate()),
        "the working directory": Path.cwd(),
        "the handler of SIGINT": signal.getsignal(signal.SIGINT),
        "sys.excepthook": sys.excepthook,
        "sys.getrecursionlimit()": sys.getrecursionlimit(),
    }


@pytest.fixture(autouse=True)
def _no_trace(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves global state changed or a figure open, and clean up after it."""
    before = global_state()
    yield
    after = global_state()
    leaks = [name for name, value in before.items() if after[name] != value]
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        if pyplot.get_fignums():
            leaks.append("matplotlib's open figures")
        pyplot.close("all")
    np.seterr(**before["np.geterr()"])
    os.chdir(before["the working directory"])
    if leaks:
        pytest.fail(f"{request.node.nodeid} left changed: {', '.join(leaks)}")
