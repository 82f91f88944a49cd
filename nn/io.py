"""Weights on disk: safetensors (what PyTorch reads and writes too) and npz.

A file is never half written: the bytes go to a temporary file beside it, which then takes its
place in one step. Loading runs no code from the file (nothing is unpickled).
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_core as ag

from .errors import FileFormatError, suggestion
from .module import Module

# A name no parameter has: dots and identifiers make those.
NPZ_METADATA = "__metadata__"

PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle")
PICKLED = (
    "Reading a pickle can run any code that is in it, so none is read here. Where PyTorch is: "
    "safetensors.torch.save_file(torch.load(path, weights_only=True), 'weights.safetensors')"
)
PYTORCH = "PyTorch reads .safetensors too: safetensors.torch.load_file('weights.safetensors')"


class SavedState(dict[str, NDArray[Any]]):
    """Arrays by name, as `load` found them, and the metadata saved with them.

    Attributes
    ----------
    metadata : dict of str to str

    Examples
    --------
    >>> import numpy as np, nn
    >>> state = nn.SavedState({"w": np.zeros(2)}, {"who": "Ada"})
    >>> list(state), state.metadata
    (['w'], {'who': 'Ada'})
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> None:
        super().__init__(arrays)
        self.metadata = dict(metadata)


def save(
    model: Module | Mapping[str, NDArray[Any]],
    path: str | Path,
    *,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write a model's weights, or any state dict; the suffix of the path names the format.

    Parameters
    ----------
    model : Module or mapping of str to ndarray
    path : str or Path
        Ends in .safetensors or .npz.
    metadata : mapping of str to str, optional
        Saved beside the arrays.

    Raises
    ------
    FileFormatError
        The suffix names no known format, or the format cannot hold a dtype.
    TypeError
        The metadata is not text.

    Examples
    --------
    >>> import pathlib, tempfile, nn
    >>> model = nn.Linear(3, 2)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "weights.safetensors")
    ...     nn.save(model, path, metadata={"task": "example"})
    ...     state = nn.load(path)
    >>> state.metadata, state["weight"].shape
    ({'task': 'example'}, (2, 3))
    >>> model.load_state_dict(state)
    """
    path = Path(path)
    suffix = _suffix(path, "save")
    arrays = model.state_dict() if isinstance(model, Module) else model
    texts = dict(metadata or {})
    _check_text(texts)
    ag.write_atomically(path, PACKERS[suffix](path, _laid_out(arrays), texts))


def load(path: str | Path) -> SavedState:
    """Read what `save`, PyTorch (safetensors) or NumPy (npz) wrote, for `load_state_dict`.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    FileFormatError
        The suffix names no known format, or the file is damaged or of another format.

    Examples
    --------
    >>> import pathlib, tempfile, numpy as np, nn
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "arrays.npz")
    ...     np.savez(path, a=np.arange(3))
    ...     nn.load(path)["a"]
    array([0, 1, 2])
    """
    path = Path(path)
    suffix = _suffix(path, "load")
    if not path.exists():
        raise FileNotFoundError(f"load: {path}: there is no such file")
    return READERS[suffix](path)


def pack(
    arrays: Mapping[str, NDArray[Any]], path: Path, metadata: Mapping[str, str] | None = None
) -> bytes:
    r"""The bytes of a safetensors file; `path` is for messages.

    Examples
    --------
    >>> import numpy as np
    >>> pack({"w": np.zeros(2, np.float32)}, Path("w.safetensors"))[-8:]
    b'\x00\x00\x00\x00\x00\x00\x00\x00'
    """
    texts = dict(metadata or {})
    _check_text(texts)
    return _pack_safetensors(path, _laid_out(arrays), texts)


def _laid_out(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    # safetensors writes memory as it lies, so it must lie in C order.
    return {name: np.asarray(array, order="C") for name, array in arrays.items()}


def _check_text(metadata: dict[Any, Any]) -> None:
    for key, value in metadata.items():
        if not isinstance(key, str) or not isinstance(value, str):
            raise TypeError(f"save: metadata must be text; {key!r} is {value!r}. Use str() or JSON")


def _suffix(path: Path, operation: str) -> str:
    if path.suffix not in PACKERS:
        known = suggestion(path.suffix, PACKERS)
        if path.suffix in PICKLES:
            listing = ", ".join(PACKERS)
            known = f"known: {listing}. {PICKLED if operation == 'load' else PYTORCH}"
        raise FileFormatError(
            f"{operation}: {path}: the format is told by the suffix, and {path.suffix!r} is not "
            f"one: {known}"
        )
    return path.suffix


def _pack_safetensors(
    path: Path, state: dict[str, NDArray[Any]], metadata: dict[str, str]
) -> bytes:
    safetensors = ag.require_extra("safetensors.numpy")
    try:
        # Of no arrays with metadata {} the library writes a file that it cannot read itself.
        return _in_order(safetensors.save(state, metadata or None))
    except (ag.require_extra("safetensors").SafetensorError, KeyError, ValueError) as error:
        dtypes = ", ".join(sorted({str(array.dtype) for array in state.values()}))
        raise FileFormatError(
            f"save: {path}: safetensors cannot hold these arrays ({dtypes}): {error}"
        ) from error


def _in_order(packed: bytes) -> bytes:
    """The same file with its metadata in alphabetical order.

    The library writes them in an order that differs from run to run; equal weights should be
    equal files. A file is: length of the header (8 bytes, little-endian), header (JSON), data.
    """
    start = 8 + int.from_bytes(packed[:8], "little")
    header = json.loads(packed[8:start])
    metadata = header.pop("__metadata__", {})
    ordered = {"__metadata__": dict(sorted(metadata.items())), **header}
    text = json.dumps(ordered, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)  # the data start at a multiple of 8, as the format asks
    return len(text).to_bytes(8, "little") + text + packed[start:]


def _read_safetensors(path: Path) -> SavedState:
    safetensors = ag.require_extra("safetensors")
    try:
        with safetensors.safe_open(path, framework="numpy") as file:
            arrays = {name: _tensor(path, file, name) for name in file.keys()}  # noqa: SIM118
            return SavedState(arrays, file.metadata() or {})
    except (safetensors.SafetensorError, OSError, ValueError) as error:
        if isinstance(error, FileFormatError):
            raise
        with path.open("rb") as start:
            pickled = start.read(4).startswith((b"PK\x03\x04", b"\x80"))
        raise FileFormatError(
            f"load: {path}: expected a whole safetensors file; it is damaged, truncated or "
            f"something else ({error})" + (f". It looks pickled. {PICKLED}" if pickled else "")
        ) from error


def _tensor(path: Path, file: Any, name: str) -> NDArray[Any]:
    dtype = file.get_slice(name).get_dtype()
    if dtype == "BF16":
        return _from_bfloat16(path, name)
    if dtype.startswith("F8") or dtype in ("F4", "C64"):
        raise FileFormatError(
            f"load: {path}: {name!r} is of the dtype {dtype}, which is not read here. Convert it "
            "in PyTorch before saving: tensor.float()"
        )
    array: NDArray[Any] = file.get_tensor(name)
    return array


def _from_bfloat16(path: Path, name: str) -> NDArray[Any]:
    """The same numbers as float32: NumPy has no bfloat16, which is the upper half of one."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        entry = json.loads(file.read(length))[name]
        start, end = entry["data_offsets"]
        file.seek(8 + length + start)
        upper = np.frombuffer(file.read(end - start), "<u2").astype(np.uint32)
    return (upper << np.uint32(16)).view(np.float32).reshape(entry["shape"])


def _pack_npz(_path: Path, state: dict[str, NDArray[Any]], metadata: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    extra = {NPZ_METADATA: np.array(json.dumps(metadata))} if metadata else {}
    np.savez(packed, allow_pickle=False, **state, **extra)
    return packed.getvalue()


def _read_npz(path: Path) -> SavedState:
    try:
        # Not np.load(path): it leaves a damaged file open.
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            arrays = dict(file)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, TypeError) as error:
        raise FileFormatError(
            f"load: {path}: expected a whole npz file; it is damaged, truncated or "
            f"something else ({error})"
        ) from error
    metadata = arrays.pop(NPZ_METADATA, None)
    return SavedState(arrays, {} if metadata is None else json.loads(str(metadata)))


PACKERS = {".safetensors": _pack_safetensors, ".npz": _pack_npz}
READERS = {".safetensors": _read_safetensors, ".npz": _read_npz}
