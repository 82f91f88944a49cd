"""Whole models on disk: a folder with the architecture as JSON and the weights as safetensors.

=======================  ===================================================================
``model.json``           architecture, metadata, the format's version, size and checksum of
                         the other files
``weights.safetensors``  parameters and buffers under PyTorch's names
``arrays.safetensors``   other arrays saved with the model, where there are any
=======================  ===================================================================

Other files in the folder are left alone. Loading runs no code from a file: the architecture names
classes of `nn`, and arguments that are checked (`architecture.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag

from .architecture import build, describe
from .errors import FileFormatError, StateDictError
from .io import load, pack
from .module import Module

FORMAT = "autograd-core model"
VERSION = 1

DESCRIPTION = "model.json"
WEIGHTS = "weights.safetensors"
ARRAYS = "arrays.safetensors"

KEYS = ("files", "architecture", "metadata")


@dataclass(frozen=True)
class SavedModel:
    """What `load_model` found in a folder.

    Attributes
    ----------
    model : Module
    metadata : dict
        What was saved with it, as JSON gives it back: lists where tuples were.
    arrays : dict of str to ndarray

    Examples
    --------
    >>> import nn
    >>> nn.SavedModel(nn.Tanh(), {"task": "example"}, {}).metadata["task"]
    'example'
    """

    model: Module
    metadata: dict[str, Any]
    arrays: dict[str, NDArray[Any]]


def save_model(
    model: Module,
    folder: str | Path,
    *,
    metadata: Mapping[str, Any] | None = None,
    arrays: Mapping[str, ArrayLike] | None = None,
    weights_metadata: Mapping[str, str] | None = None,
) -> None:
    """Keep a model of `nn`'s layers in a folder: architecture, weights, and what goes with them.

    Parameters
    ----------
    model : Module
        Made of `nn`'s own layers. (For any other, `nn.save` keeps the weights.)
    folder : str or Path
        Made if it is missing. A model that is there is replaced, other files stay.
    metadata : mapping, optional
        What JSON can hold: text, numbers, lists, None, and mappings with text for keys.
    arrays : mapping of str to array_like, optional
        Numbers saved beside the weights, such as the means of the training rows.
    weights_metadata : mapping of str to str, optional
        Texts in the weights' own file, for those who read it alone: `nn.load(...).metadata`.

    Raises
    ------
    TypeError
        A module is not one of `nn`'s, or the metadata is not JSON.
    FileFormatError
        An array has a dtype that safetensors cannot hold.

    Notes
    -----
    Nothing that is there is touched before all of the new files are on the disk.

    Examples
    --------
    >>> import tempfile, nn
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     nn.save_model(nn.MLP(4, [8], 3), folder, metadata={"classes": ["a", "b", "c"]})
    ...     saved = nn.load_model(folder)
    >>> saved.model
    MLP(
      (0): Linear(4, 8)
      (1): ReLU()
      (2): Linear(8, 3)
    )
    >>> saved.metadata
    {'classes': ['a', 'b', 'c']}
    """
    place = Path(folder)
    architecture = describe(model)
    kept = dict(metadata or {})
    _check_json(kept, "metadata")
    contents = {WEIGHTS: pack(model.state_dict(), place / WEIGHTS, weights_metadata)}
    if arrays:
        extra = {name: np.asarray(array) for name, array in arrays.items()}
        contents[ARRAYS] = pack(extra, place / ARRAYS)
    page = {
        "format": FORMAT,
        "version": VERSION,
        "written by": f"autograd-core {ag.__version__}",
        "files": {name: _fingerprint(content) for name, content in contents.items()},
        "architecture": architecture,
        "metadata": kept,
    }
    text = json.dumps(page, indent=1, ensure_ascii=False, allow_nan=False)
    contents[DESCRIPTION] = (text + "\n").encode()
    _write(place, contents)
    if not arrays:
        (place / ARRAYS).unlink(missing_ok=True)


def load_model(folder: str | Path) -> SavedModel:
    """Read what `save_model` wrote; no code is run from the files.

    Raises
    ------
    FileNotFoundError
        There is no such folder.
    FileFormatError
        A file is missing, damaged, of another version, or does not fit the others; the message
        names it.

    Examples
    --------
    >>> import nn
    >>> try:
    ...     nn.load_model("no such folder")
    ... except FileNotFoundError as error:
    ...     print(error)
    load_model: no such folder: there is no such folder
    """
    place = Path(folder)
    if not place.exists():
        raise FileNotFoundError(f"load_model: {place}: there is no such folder")
    path = place / DESCRIPTION
    if not path.is_file():
        raise FileFormatError(
            f"load_model: {place}: there is no {DESCRIPTION} in it; a model is a folder that "
            "nn.save_model wrote. (nn.load reads weights alone)"
        )
    page = _read_page(path)
    for name, expected in page["files"].items():
        _check_file(place / name, expected)
    try:
        state = load(place / WEIGHTS)
        shapes = {name: array.shape for name, array in state.items()}
        model = build(page["architecture"], shapes=shapes)
        model.load_state_dict(state)
    except StateDictError as error:
        raise FileFormatError(
            f"load_model: {place / WEIGHTS}: the weights do not fit the architecture in "
            f"{DESCRIPTION}: {error}"
        ) from error
    except ag.AutogradError as error:
        raise FileFormatError(f"load_model: {path}: {error}") from error
    arrays = dict(load(place / ARRAYS)) if ARRAYS in page["files"] else {}
    return SavedModel(model, page["metadata"], arrays)


def _check_json(value: Any, where: str) -> None:
    """Refuse what JSON would refuse, or would give back as something else."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"save_model: {where}: the key {key!r} is not text, as JSON wants")
            _check_json(inner, f"{where}[{key!r}]")
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            _check_json(inner, f"{where}[{position}]")
    elif isinstance(value, float) and not np.isfinite(value):
        raise TypeError(f"save_model: {where} is {value}, which JSON lacks; None says missing")
    elif not (value is None or isinstance(value, bool | int | float | str)):
        raise TypeError(
            f"save_model: {where} is {value!r}, a {type(value).__name__}; metadata is what JSON "
            "holds. Arrays go into arrays="
        )


def _fingerprint(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _write(place: Path, contents: dict[str, bytes]) -> None:
    # All of it on the disk before anything is replaced: a full disk leaves the old model whole.
    waiting = {name: place / f".{name}.new" for name in contents}
    try:
        for name, content in contents.items():
            ag.write_atomically(waiting[name], content)
        for name, path in waiting.items():
            path.replace(place / name)
    finally:
        for path in waiting.values():
            path.unlink(missing_ok=True)


def _read_page(path: Path) -> dict[str, Any]:
    try:
        page = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise FileFormatError(
            f"load_model: {path}: expected JSON; the file is damaged or truncated ({error})"
        ) from error
    if not isinstance(page, dict) or page.get("format") != FORMAT:
        raise FileFormatError(
            f'load_model: {path}: it does not say "format": {FORMAT!r}, so nn.save_model did '
            "not write it"
        )
    if page.get("version") != VERSION:
        writer = page.get("written by", "another version of autograd-core")
        raise FileFormatError(
            f"load_model: {path}: it is in version {page.get('version')!r} of the format, written "
            f"by {writer}; this is autograd-core {ag.__version__}, which reads version {VERSION}. "
            "Load it with the version that wrote it"
        )
    if missing := [key for key in KEYS if not isinstance(page.get(key), dict)]:
        raise FileFormatError(f"load_model: {path}: it lacks {', '.join(map(repr, missing))}")
    names = set(page["files"])
    if WEIGHTS not in names or not names <= {WEIGHTS, ARRAYS}:
        raise FileFormatError(
            f"load_model: {path}: 'files' must name {WEIGHTS!r}, and may name {ARRAYS!r}; it "
            f"names {', '.join(map(repr, sorted(names))) or 'nothing'}"
        )
    return page


def _check_file(path: Path, expected: Any) -> None:
    if not path.is_file():
        raise FileFormatError(
            f"load_model: {path}: the file is missing; {DESCRIPTION} says it belongs to the model"
        )
    found = _fingerprint(path.read_bytes())
    if found == expected:
        return
    size = expected.get("bytes") if isinstance(expected, dict) else None
    if found["bytes"] != size:
        raise FileFormatError(
            f"load_model: {path}: the file has {found['bytes']} bytes, and {DESCRIPTION} says "
            f"{size}; it is truncated, or not the one that was saved with it"
        )
    raise FileFormatError(
        f"load_model: {path}: the checksum is not the one in {DESCRIPTION}; the file is damaged, "
        "or not the one that was saved with it"
    )
