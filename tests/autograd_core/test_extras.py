"""Optional packages: imported on first use, and named with their extra when missing."""

import subprocess
import sys
import xml.dom.minidom
from pathlib import Path

import pytest

import autograd_core as ag

ROOT = Path(__file__).parents[2]


def test_what_is_there_is_returned():
    assert ag.require_extra("xml.dom.minidom", extra="plot") is xml.dom.minidom


def test_what_is_missing_is_named_with_its_extra():
    with pytest.raises(ag.MissingExtraError) as caught:
        ag.require_extra("no_such_package.pyplot", extra="plot")
    message = str(caught.value)
    assert "'no_such_package'" in message
    assert "pip install 'autograd-core[plot]'" in message
    assert isinstance(caught.value, ImportError)


def test_a_fault_inside_an_installed_package_is_not_hidden(tmp_path, monkeypatch):
    (tmp_path / "broken_package.py").write_text("import another_missing_package\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match="another_missing_package") as caught:
        ag.require_extra("broken_package", extra="plot")
    assert not isinstance(caught.value, ag.MissingExtraError)


def test_a_package_that_says_it_itself_is_quoted_as_it_is(tmp_path, monkeypatch):
    (tmp_path / "apologetic_package.py").write_text("raise ModuleNotFoundError('no GPU here')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match="no GPU here"):
        ag.require_extra("apologetic_package", extra="plot")


HEAVY = ["matplotlib", "sklearn", "pandas", "scipy", "graphviz", "tqdm", "safetensors"]


def test_importing_the_engine_imports_nothing_heavy():
    code = f"import sys, autograd_core; print([m for m in {HEAVY} if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert run.stdout.strip() == "[]"


def test_the_face_lists_what_it_has():
    for name in ag.__all__:
        assert getattr(ag, name) is not None
    assert "draw" in dir(ag)
    with pytest.raises(AttributeError, match="no_such_name"):
        ag.no_such_name  # noqa: B018 - asking is the test
