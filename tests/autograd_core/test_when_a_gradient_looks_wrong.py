"""docs/when_a_gradient_looks_wrong.md: its blocks run, and every row of its table is true."""

import contextlib
import re
from pathlib import Path

import numpy as np
import pytest

import autograd_core as ag
from tests.test_readme import blocks, run_python

PAGE = Path(__file__).resolve().parents[2] / "docs" / "when_a_gradient_looks_wrong.md"
ROWS = re.findall(
    r"^\| `([^|]+)` \| (right|refused|detected|cannot be seen) \|", PAGE.read_text(), re.MULTILINE
)


def test_every_block_runs_top_to_bottom():
    namespace = {"__name__": "__main__"}
    for block in blocks(PAGE.read_text(), "python"):
        run_python(block, namespace)


def test_the_table_has_rows_of_every_kind():
    assert {verdict for _, verdict in ROWS} == {"right", "refused", "detected", "cannot be seen"}
    assert len(ROWS) > 30


def prepared():
    """What the last block of the page leaves."""
    namespace = {"np": np, "ag": ag}
    exec(blocks(PAGE.read_text(), "python")[-1].text, namespace)
    return namespace


def run(code, namespace):
    exec(code.replace("(): w", "():\n  w"), namespace)


def gradient(namespace, loss, w):
    w.grad = None
    loss.backward()
    return namespace["shared"].grad, w.grad


def right():
    namespace = prepared()
    return gradient(namespace, namespace["loss"], namespace["w"])


@pytest.mark.parametrize("looking", [False, True])
@pytest.mark.parametrize(("code", "verdict"), ROWS)
def test_every_row_is_true(code, verdict, looking):
    with ag.detect_anomaly() if looking else contextlib.nullcontext():
        namespace = prepared()
        loss, w = namespace["loss"], namespace["w"]
        if verdict == "refused":
            with pytest.raises((ag.AutogradError, ValueError)):
                run(code, namespace)
        else:
            run(code, namespace)
        if verdict == "detected" or (looking and verdict == "cannot be seen"):
            w.grad = None
            with pytest.raises(ag.OverwrittenError, match="overwritten"):
                loss.backward()
            assert w.grad is None
            return
        same = all(map(np.array_equal, gradient(namespace, loss, w), right()))
        assert same == (verdict != "cannot be seen")
