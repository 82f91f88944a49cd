"""From DOT text to SVG and PNG, with what is at hand: the system's ``dot``, else a pip wheel.

The wheel is `graphviz-pure <https://pypi.org/project/graphviz-pure/>`_, a port of Graphviz that
brings its own fonts, so that pictures need nothing that pip does not install.
"""

from __future__ import annotations

import math
import os
import shutil
import subprocess
import sysconfig
from importlib import metadata
from pathlib import Path

from autograd_core.errors import AutogradError

__all__ = ["FORMATS", "PictureError", "format_of", "render"]

#: What can be written, and the suffixes that ask for it.
FORMATS = {".dot": "dot", ".gv": "dot", ".svg": "svg", ".png": "png"}

RESOLUTION = 144  # dots per inch of a PNG: sharp on a projector
MOST_PIXELS = 60e6  # of a PNG, and on its longer side: a bigger graph is drawn smaller
LONGEST_SIDE = 30_000
LONGEST_LAYOUT = 120.0  # seconds; a layout that takes longer will not be legible either


class PictureError(AutogradError, ValueError):
    """A picture that cannot be made: an unknown format, or no program that can render it.

    Examples
    --------
    >>> format_of("graph.jpgg")
    Traceback (most recent call last):
        ...
    autograd_core.visualize.render.PictureError: A picture is saved as .dot, .gv, .svg or .png; \
'graph.jpgg' ends in '.jpgg'.
    """


def format_of(path: str | os.PathLike[str]) -> str:
    """Return the format that a file name asks for.

    Raises
    ------
    PictureError
        If the suffix is not one of ``FORMATS``.

    Examples
    --------
    >>> format_of("out/graph.SVG")
    'svg'
    """
    suffix = Path(path).suffix
    picked = FORMATS.get(suffix.lower())
    if picked is None:
        *most, last = FORMATS
        ending = f"ends in {suffix!r}" if suffix else "has no suffix"
        raise PictureError(
            f"A picture is saved as {', '.join(most)} or {last}; {os.fspath(path)!r} {ending}."
        )
    return picked


def render(source: str, image: str) -> bytes:
    """Lay a graph out and draw it.

    Parameters
    ----------
    source : str
        The graph as DOT text.
    image : str
        ``"svg"`` or ``"png"`` (or another format that the renderer at hand knows).

    Raises
    ------
    PictureError
        If no renderer is installed, or all of them fail.

    Examples
    --------
    >>> render("digraph { a -> b }", "png")[1:4]
    b'PNG'
    """
    failures = []
    for program in _renderers():
        try:
            options = [f"-Gdpi={_resolution(program, source)}"] if image == "png" else []
            return _run([program, f"-T{image}", *options], source)
        except (OSError, _RendererError) as error:
            failures.append(f"{program}: {error}")
    if failures:
        raise PictureError(f"Rendering {image} failed. " + " ".join(failures))
    raise PictureError(
        "No program that can render a graph was found. Install one with: pip install"
        " graphviz-pure; or save the graph as DOT text (.dot)."
    )


class _RendererError(Exception):
    """One renderer gave no picture; another one may."""


def _run(command: list[str], source: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - a renderer found by us, no shell, text on stdin
            command,
            input=source.encode(),
            capture_output=True,
            timeout=LONGEST_LAYOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PictureError(
            f"Laying out this graph took more than {LONGEST_LAYOUT:g} s. Draw less of it, with"
            " a smaller limit=, or save the DOT text and lay it out elsewhere."
        ) from None
    if done.returncode != 0 or not done.stdout:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise _RendererError(" ".join(words[-5:])[:500] or f"exit code {done.returncode}")
    return done.stdout


def _resolution(program: str, source: str) -> float:
    """Dots per inch that keep a PNG within the memory of an ordinary computer."""
    first_line = _run([program, "-Tplain"], source).split(b"\n", 1)[0].split()
    width, height = float(first_line[2]), float(first_line[3])  # "graph", scale, inches
    fitting = min(LONGEST_SIDE / max(width, height), math.sqrt(MOST_PIXELS / (width * height)))
    return round(min(RESOLUTION, fitting), 1)


def _renderers() -> list[str]:
    """Programs that read DOT, best first."""
    found = [shutil.which("dot"), _from_wheel(), shutil.which("graphviz-pure")]
    return list(dict.fromkeys(str(Path(program).resolve()) for program in found if program))


def _from_wheel() -> str | None:
    """The renderer that pip installed beside this Python, also where PATH does not lead to it."""
    try:
        files = metadata.files("graphviz-pure") or []
    except metadata.PackageNotFoundError:
        return None
    candidates = [Path(str(file.locate())) for file in files if file.stem == "graphviz-pure"]
    candidates.append(Path(sysconfig.get_path("scripts"), "graphviz-pure"))
    for candidate in candidates:
        program = shutil.which(candidate)
        if program is not None:
            return str(program)
    return None
