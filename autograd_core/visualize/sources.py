"""The user's source line of a step, from files and from the cells of a notebook."""

from __future__ import annotations

import linecache
from typing import Any

from autograd_core.graph import Node
from autograd_core.provenance import locate

from .format import shorten, visible

__all__ = ["Sources"]

LONGEST_LINE = 200


class Sources:
    """Looks lines up, each place once.

    Examples
    --------
    >>> import autograd_core as ag
    >>> leaf = ag.Tensor(1.0)
    >>> Sources().of(leaf._node)
    (None, None)
    """

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], tuple[str | None, str | None]] = {}
        self.codes: list[Any] = []  # kept alive: they are known by their identity

    def of(self, node: Node) -> tuple[str | None, str | None]:
        """Where the user called the operation, and the text of that line where it can be read."""
        if node.code is None:
            return None, None
        key = id(node.code), node.offset
        if key not in self.known:
            self.codes.append(node.code)
            self.known[key] = self._look_up(node)
        return self.known[key]

    def _look_up(self, node: Node) -> tuple[str | None, str | None]:
        place = locate(node.code, node.offset)
        if place is None:
            return None, None
        line = linecache.getline(place.filename, place.line).strip()
        return visible(str(place)), shorten(visible(line), LONGEST_LINE) or None
