"""Writing a file so that nobody ever sees half of it."""

from __future__ import annotations

import os
from pathlib import Path


def write_atomically(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a whole file or, on any failure, leave what was there.

    A symbolic link stays one: the file it points to is written. What is no file, such as a named
    pipe or `/dev/stdout`, is written to and cannot be replaced as a whole.

    Parameters
    ----------
    path : str or path
        Replaced if it exists; missing folders are made.
    content : bytes
        All of it.

    Raises
    ------
    OSError
        If the file system refuses.

    Examples
    --------
    >>> import tempfile, pathlib, autograd_core as ag
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     target = pathlib.Path(folder, "new", "a.txt")
    ...     ag.write_atomically(target, b"whole")
    ...     target.read_bytes()
    b'whole'
    """
    path = Path(path)
    # Asked of the path as given: what /dev/stdout leads to has no name of its own.
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    target = Path(os.path.realpath(path))
    if target.is_symlink():  # Links that lead back to themselves:
        target.stat()  # raises, and says so.
    target.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder: a rename is one step only within a file system.
    unfinished = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
