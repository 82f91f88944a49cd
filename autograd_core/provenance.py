"""Where in the user's code an operation was called.

A node stores the caller's code object and instruction offset (two references, no formatting);
a :class:`Location` with file and line is made from them only when a message or a picture asks.
"""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from types import CodeType, FrameType


@dataclass(frozen=True)
class Location:
    """A place in the user's code: ``filename``, ``line`` and the ``function`` it is in.

    Examples
    --------
    >>> str(Location("/home/ada/train.py", 12, "step"))
    'train.py:12'
    """

    filename: str
    line: int
    function: str

    def __str__(self) -> str:
        if "ipykernel" in self.filename:  # a notebook's cell has a file name nobody has chosen
            return f"line {self.line} of a cell"
        return f"{os.path.basename(self.filename)}:{self.line}"


class _Hidden(dict[str, bool]):
    """Whether a source file belongs to a library rather than to the user, remembered per file."""

    def __init__(self) -> None:
        super().__init__()
        self.directories: tuple[str, ...] = ()

    def hide(self, directory: str) -> None:
        self.directories += (os.path.join(os.path.abspath(directory), ""),)
        self.clear()

    def __missing__(self, filename: str) -> bool:
        hidden = os.path.abspath(filename).startswith(self.directories)
        self[filename] = hidden
        return hidden


HIDDEN = _Hidden()
HIDDEN.hide(os.path.dirname(__file__))


def hide_frames(directory: str) -> None:
    """Declare code below `directory` to be library code, never shown as "the user's line".

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.hide_frames("/opt/my_layers")
    """
    HIDDEN.hide(directory)


def user_frame(frame: FrameType) -> FrameType:
    """The nearest caller, `frame` itself included, that is not library code."""
    hidden = HIDDEN
    outer: FrameType | None = frame
    while outer is not None:
        if not hidden[outer.f_code.co_filename]:
            return outer
        outer = outer.f_back
    return frame


def locate(code: CodeType | Location | None, offset: int) -> Location | None:
    """The place that a code object and an instruction offset (in bytes) stand for."""
    if not isinstance(code, CodeType):
        return code
    position = next(itertools.islice(code.co_positions(), offset // 2, None), (None,))
    return Location(code.co_filename, position[0] or code.co_firstlineno, code.co_name)
