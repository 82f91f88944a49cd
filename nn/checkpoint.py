"""Checkpoints on disk: a run's state in one safetensors file, the newest good one found again.

A file holds the arrays; its metadata hold everything else as JSON, and a checksum. Nothing in it is
code. A file is written beside its place and moved there in one step, and the one before is deleted
only then: whenever the process dies, a good one is left.
"""

from __future__ import annotations

import json
import warnings
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import CheckpointWarning, FileFormatError
from .io import load, save

FORMAT = "autograd-core checkpoint 1"
# Stands in the JSON for an array, with the array's name.
ARRAY = "$array"
# The newest may turn out to be damaged.
KEPT = 2


class Checkpoints:
    """A folder with the newest checkpoints of one run.

    Parameters
    ----------
    folder : str or Path
        Made when the first one is written.

    Attributes
    ----------
    found : Path or None
        The file whose state `newest` returned.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     checkpoints = Checkpoints(folder)
    ...     checkpoints.write(7, {"weights": np.arange(3.0), "epoch": 2})
    ...     checkpoints.newest()
    {'weights': array([0., 1., 2.]), 'epoch': 2}
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.found: Path | None = None

    def files(self) -> list[Path]:
        """Those there are, the oldest first."""
        return sorted(self.folder.glob("step-*.safetensors"))

    def write(self, step: int, state: Mapping[str, Any]) -> None:
        """Write one, then delete all but the newest; a file system that refuses is warned of."""
        path = self.folder / f"step-{step:010d}.safetensors"
        try:
            write_checkpoint(path, state)
            for old in self.files()[:-KEPT]:
                old.unlink()
        except OSError as error:
            last = self.files()
            kept = f"The last good one is {last[-1].name}" if last else "There is none yet"
            warnings.warn(
                f"fit: the checkpoint of step {step} could not be written to {self.folder} "
                f"({error.strerror or error}). {kept}; training goes on, and the next is tried",
                CheckpointWarning,
                stacklevel=2,
            )

    def newest(self) -> dict[str, Any] | None:
        """The state in the newest file that is whole; None where there is no file.

        Raises
        ------
        FileFormatError
            There are files, but none can be used.

        Warns
        -----
        CheckpointWarning
            A newer file is damaged.
        """
        # What a process left that was killed while it wrote.
        for part in self.folder.glob(".step-*.safetensors.*.part"):
            part.unlink(missing_ok=True)
        files = self.files()
        for path in reversed(files):
            try:
                state = read_checkpoint(path)
            except FileFormatError as error:
                if path == files[0]:
                    raise
                warnings.warn(
                    f"fit: {error}. Going on from the checkpoint before it",
                    CheckpointWarning,
                    stacklevel=2,
                )
            else:
                self.found = path
                return state
        return None


def write_checkpoint(path: Path, state: Mapping[str, Any]) -> None:
    """Write a nested dict of numbers, text, lists and arrays as one file, or leave what was there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.safetensors")
    ...     write_checkpoint(path, {"rng": {"state": 2**100}, "best": float("inf")})
    ...     read_checkpoint(path)
    {'rng': {'state': 1267650600228229401496703205376}, 'best': inf}
    """
    arrays: dict[str, NDArray[Any]] = {}
    tree = json.dumps(_without_arrays(state, "", arrays))
    checksum = f"{_checksum(tree, arrays):08x}"
    save(arrays, path, metadata={"format": FORMAT, "state": tree, "crc32": checksum})


def read_checkpoint(path: Path) -> dict[str, Any]:
    """What `write_checkpoint` wrote.

    Raises
    ------
    FileFormatError
        The file is damaged, or of another format or version.
    """
    saved = load(path)
    version = saved.metadata.get("format")
    if version != FORMAT:
        raise FileFormatError(
            f"{path}: expected a checkpoint of the format {FORMAT!r}, found "
            f"{'no format named in it' if version is None else repr(version)}"
        )
    tree = saved.metadata.get("state", "")
    if f"{_checksum(tree, saved):08x}" != saved.metadata.get("crc32"):
        raise FileFormatError(f"{path}: the checksum is wrong, so the file is damaged")
    state: dict[str, Any] = _with_arrays(json.loads(tree), saved)
    return state


def _checksum(tree: str, arrays: Mapping[str, NDArray[Any]]) -> int:
    checksum = zlib.crc32(tree.encode())
    for name in sorted(arrays):
        array = arrays[name]
        checksum = zlib.crc32(f"{name} {array.dtype} {array.shape}".encode(), checksum)
        checksum = zlib.crc32(array.tobytes(), checksum)
    return checksum


def _without_arrays(value: Any, name: str, arrays: dict[str, NDArray[Any]]) -> Any:
    """The same with every array taken out into `arrays`."""
    if isinstance(value, np.ndarray):
        arrays[name] = value
        return {ARRAY: name}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return {
            str(key): _without_arrays(member, f"{name}/{key}" if name else str(key), arrays)
            for key, member in value.items()
        }
    if isinstance(value, list | tuple):
        return [
            _without_arrays(member, f"{name}/{place}", arrays) for place, member in enumerate(value)
        ]
    return value


def _with_arrays(value: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    """The same with every array back in its place."""
    if isinstance(value, dict):
        if list(value) == [ARRAY]:
            return arrays[value[ARRAY]]
        return {key: _with_arrays(member, arrays) for key, member in value.items()}
    if isinstance(value, list):
        return [_with_arrays(member, arrays) for member in value]
    return value
