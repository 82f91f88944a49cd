"""Noticing that a value saved for the reverse pass was overwritten before the pass used it.

A node watches what it saved by pairs ``(source, seen)``. What goes through a Tensor has an exact
source: the Tensor's version counter (a list of one number, shared with its views), bumped by
every in-place change. A user's own array has none, so its source is the array itself and what was
seen is a fingerprint of its content.
"""

from __future__ import annotations

from typing import Any

import numpy as np

#: The part of a width that a stride adds: no multiple of it comes close to a whole number soon.
GOLDEN = 0.618

Watch = tuple[tuple[Any, Any], ...]


def fingerprint(array: Any) -> int:
    """A number that changes, almost surely, when somebody writes into `array`.

    Arrays of up to 64 elements are read whole; of a bigger one, some 64 elements, spread over
    the columns by the golden ratio, so that no column of a table is left out for long.
    """
    if not isinstance(array, np.ndarray):
        return 0
    stride = array.size >> 6
    if stride > 1:
        width = array.shape[-1]
        stride = stride // width * width + round(GOLDEN * width) if stride >= width else stride | 1
    stride = stride or 1
    sample = array.reshape(-1)[::stride] if array.flags.c_contiguous else array.flat[::stride]
    return hash(sample.tobytes())


def checksum(array: Any) -> tuple[int]:
    """As `fingerprint`, of every element: a tuple, to tell the two apart."""
    return (hash(array.tobytes()),)


def writable(array: Any) -> bool:
    """Whether anybody can write into the memory of `array`, through what it is a view of too."""
    while isinstance(array, np.ndarray):
        if array.flags.writeable:
            return True
        array = array.base
    return array is not None  # a buffer that is not NumPy's: nobody knows


def changed(watch: Watch) -> bool:
    """Whether any of the sources is no longer what was seen."""
    for source, seen in watch:
        if type(source) is list:
            now: Any = source[0]
        else:
            now = fingerprint(source) if type(seen) is int else checksum(source)
        if now != seen:
            return True
    return False


def refreshed(watch: Watch) -> Watch:
    """The same pairs for a copy of the graph, whose arrays have the same content elsewhere."""
    return tuple(
        (source, seen if type(source) is list else fingerprint(source)) for source, seen in watch
    )


def carried(watch: Watch) -> Watch:
    """The pairs as a copy of the graph takes them along: what was overwritten stays so."""
    return tuple(pair if not changed((pair,)) else ([1], 0) for pair in watch)
