"""Reading IDX, the file format of MNIST: a short header, then the numbers.

Four bytes: 0, 0, a code for the type of number, the number of dimensions; then each dimension as
a big-endian uint32; then the data, big-endian, last axis fastest. Source: LeCun, Cortes & Burges,
"The MNIST database of handwritten digits". Files may be compressed with gzip, whatever their name.
"""

from __future__ import annotations

import gzip
import math
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import FileFormatError

DTYPES: dict[int, np.dtype[Any]] = {
    0x08: np.dtype(">u1"),
    0x09: np.dtype(">i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}
KINDS = {1: "labels", 3: "images"}


def read_idx(path: str | Path, *, dimensions: int | None = None) -> NDArray[Any]:
    """Read an IDX file, plain or gzipped, as an array in the machine's byte order.

    Parameters
    ----------
    path : str or Path
        The file.
    dimensions : int, optional
        What the array must have: 3 for images, 1 for labels.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    FileFormatError
        It is not IDX, not the expected kind, or not as long as its header says; the message
        names the file, what was expected and what was found.

    Examples
    --------
    >>> import pathlib, tempfile, nn
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "labels.idx")
    ...     _ = path.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]))
    ...     nn.read_idx(path, dimensions=1)
    array([7, 2, 1], dtype=uint8)
    """
    path = Path(path)
    content = _content(path)
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in DTYPES or not content[3]:
        found = content[:4].hex(" ") or "nothing"
        raise FileFormatError(
            f"{path}: not an IDX file: expected it to begin with 00 00, a type code (08 for "
            f"bytes) and the number of dimensions; found {found}"
        )
    dtype, found_dimensions = DTYPES[content[2]], content[3]
    if dimensions is not None and found_dimensions != dimensions:
        raise FileFormatError(
            f"{path}: expected {_kind(dimensions)}, found {_kind(found_dimensions)}. "
            "Was the file given another's name?"
        )
    start = 4 + 4 * found_dimensions
    if len(content) < start:
        raise FileFormatError(
            f"{path}: truncated in its header: expected {start} bytes of it, found {len(content)}"
        )
    shape = tuple(np.frombuffer(content, ">u4", found_dimensions, offset=4).tolist())
    expected = start + math.prod(shape) * dtype.itemsize
    if len(content) != expected:
        problem = "truncated" if len(content) < expected else "too long"
        raise FileFormatError(
            f"{path}: {problem}: its header says shape {shape} of {dtype.itemsize}-byte numbers, "
            f"which makes {expected} bytes; found {len(content)}"
        )
    values: NDArray[Any] = np.frombuffer(content, dtype, offset=start).reshape(shape)
    return values.astype(dtype.newbyteorder("="))


def _kind(dimensions: int) -> str:
    counted = "1 dimension" if dimensions == 1 else f"{dimensions} dimensions"
    return f"{KINDS[dimensions]} ({counted})" if dimensions in KINDS else counted


def _content(path: Path) -> bytes:
    """The bytes of the file, unpacked if they begin like gzip."""
    if path.is_dir():
        raise FileFormatError(f"{path}: expected an IDX file, found a directory")
    try:
        packed = path.read_bytes()
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{path}: there is no such file") from error
    except OSError as error:
        raise FileFormatError(f"{path}: cannot be read: {error.strerror}") from error
    if not packed.startswith(b"\x1f\x8b"):
        return packed
    try:
        return gzip.decompress(packed)
    except (EOFError, OSError, zlib.error) as error:
        raise FileFormatError(
            f"{path}: expected a whole gzip file, found one that is truncated or damaged "
            f"after {len(packed)} bytes ({error})"
        ) from error
