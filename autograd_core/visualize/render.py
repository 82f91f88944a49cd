"""From DOT text to SVG and PNG, with what is at hand: the system's ``dot``, else a pip wheel.

The wheel is `graphviz-pure <https://pypi.org/project/graphviz-pure/>`_, a port of Graphviz that
brings its own fonts, so that pictures need nothing that pip does not install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from importlib import metadata
from pathlib import Path

from autograd_core.errors import AutogradError

__all__ = ["FORMATS", "PictureError", "format_of", "render", "write_atomically"]

#: What can be written, and the suffixes that ask for it.
FORMATS = {".dot": "dot", ".gv": "dot", ".svg": "svg", ".png": "png"}

PNG_RESOLUTION = 144  # dots per inch: sharp on a projector; SVG has no such limit
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
        command = [program, f"-T{image}"]
        if image == "png":
            command.append(f"-Gdpi={PNG_RESOLUTION}")
        try:
            done = subprocess.run(  # noqa: S603 - our own program, no shell, text on stdin
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
        except OSError as error:
            failures.append(f"{program}: {error}")
            continue
        if done.returncode == 0 and done.stdout:
            return done.stdout
        failures.append(f"{program}: {done.stderr.decode(errors='replace').strip()[:500]}")
    if failures:
        raise PictureError(f"Rendering {image} failed. " + " ".join(failures))
    raise PictureError(
        "No program that can render a graph was found. Install one with: pip install"
        " graphviz-pure; or save the graph as DOT text (.dot)."
    )


def _renderers() -> list[str]:
    """Programs that read DOT, best first."""
    found = [shutil.which("dot"), _from_wheel(), shutil.which("graphviz-pure")]
    return list(dict.fromkeys(program for program in found if program is not None))


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


def write_atomically(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file so that nobody ever sees half of it: beside it first, then in one step.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder, "new", "a.txt"), b"whole")
    ...     Path(folder, "new", "a.txt").read_bytes()
    b'whole'
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
