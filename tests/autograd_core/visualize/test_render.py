"""Rendering with what pip installed, and files that are whole or not there."""

import os
import sys
from pathlib import Path

import pytest

import autograd_core as ag
from autograd_core.visualize import PictureError, render

SOURCE = "digraph { a -> b }"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the fake programs are scripts")


def program(folder: Path, name: str, script: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def only(monkeypatch):
    """Make the given programs the only renderers."""

    def use(*programs):
        monkeypatch.setattr(render, "_renderers", lambda: list(programs))

    return use


def test_without_dot_on_the_path_svg_and_png_are_rendered(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert b"<svg" in render.render(SOURCE, "svg")
    assert render.render(SOURCE, "png").startswith(b"\x89PNG\r\n")


def test_the_systems_dot_comes_first(monkeypatch, tmp_path):
    dot = program(tmp_path, "dot", "echo from dot")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    assert render._renderers()[0] == dot
    assert render.render(SOURCE, "svg") == b"from dot\n"


def test_a_broken_dot_is_passed_over(monkeypatch, tmp_path):
    program(tmp_path, "dot", "echo no such plugin >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    assert b"<svg" in render.render(SOURCE, "svg")
    assert render.render(SOURCE, "png").startswith(b"\x89PNG\r\n")


def test_nothing_installed(only):
    only()
    with pytest.raises(PictureError) as caught:
        render.render(SOURCE, "svg")
    assert str(caught.value) == (
        "No program that can render a graph was found. Install one with: pip install"
        " graphviz-pure; or save the graph as DOT text (.dot)."
    )


def test_the_wheel_is_not_installed(monkeypatch):
    def missing(name):
        raise render.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(render.metadata, "files", missing)
    assert render._from_wheel() is None
    monkeypatch.setattr(render.metadata, "files", lambda _: None)
    monkeypatch.setattr(render.sysconfig, "get_path", lambda _: "/nowhere")
    assert render._from_wheel() is None


def test_all_fail_and_say_why(only, tmp_path):
    first = program(tmp_path, "first", "echo out of ink >&2; exit 3")
    second = program(tmp_path, "second", "exit 4")
    only(first, second, str(tmp_path / "gone"))
    with pytest.raises(PictureError) as caught:
        render.render(SOURCE, "svg")
    message = str(caught.value)
    assert message.startswith("Rendering svg failed. ")
    assert f"{first}: out of ink" in message
    assert f"{second}: exit code 4" in message
    assert "gone" in message


def test_a_layout_that_takes_too_long(only, monkeypatch, tmp_path):
    only(program(tmp_path, "slow", "exec sleep 10"))
    monkeypatch.setattr(render, "LONGEST_LAYOUT", 0.05)
    with pytest.raises(PictureError) as caught:
        render.render(SOURCE, "svg")
    assert str(caught.value) == (
        "Laying out this graph took more than 0.05 s. Draw less of it, with a smaller limit=,"
        " or save the DOT text and lay it out elsewhere."
    )


def test_a_big_png_is_drawn_smaller(tmp_path):
    wide = program(tmp_path, "wide", "echo graph 1 1000 0.5")
    assert render._resolution(wide, SOURCE) == 30.0
    square = program(tmp_path, "square", "echo graph 1 1000 1000")
    assert render._resolution(square, SOURCE) == 7.7
    small = program(tmp_path, "small", "echo graph 1 3 2")
    assert render._resolution(small, SOURCE) == 144


@pytest.mark.parametrize(
    ("name", "picked"), [("a.svg", "svg"), ("b/c.PNG", "png"), ("d.dot", "dot"), ("e.gv", "dot")]
)
def test_formats_by_suffix(name, picked):
    assert render.format_of(name) == picked


def test_unknown_suffixes():
    with pytest.raises(PictureError) as caught:
        render.format_of("graph.pdf")
    assert str(caught.value) == (
        "A picture is saved as .dot, .gv, .svg or .png; 'graph.pdf' ends in '.pdf'."
    )
    with pytest.raises(PictureError) as caught:
        render.format_of(Path("graph"))
    assert str(caught.value) == (
        "A picture is saved as .dot, .gv, .svg or .png; 'graph' has no suffix."
    )


def test_a_failed_write_leaves_the_old_file_and_nothing_else(monkeypatch, tmp_path):
    target = tmp_path / "a.svg"
    target.write_bytes(b"old")

    def fail(*_):
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="disk full"):
            ag.write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
    ag.write_atomically(target, b"new")
    assert target.read_bytes() == b"new"
