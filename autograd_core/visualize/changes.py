"""Which values of a graph were changed after it had been computed with them.

A graph keeps its leaves, not copies of them: after a step of the optimiser they hold the new
numbers beside results of the old ones. The evidence is what the engine noted: when a value was
replaced or written into, and the fingerprints of arrays that are the user's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from autograd_core.graph import Node
from autograd_core.overwriting import changed

__all__ = ["changed_arrays", "changed_nodes"]


def changed_nodes(nodes: Iterable[Node], data: Mapping[Node, Any]) -> set[Node]:
    """The nodes whose value is another one than when the graph was computed.

    These are leaves, and views into the arrays of such leaves.

    Parameters
    ----------
    nodes : iterable of Node
        By ascending birth.
    data : mapping of Node to array
        The value of nodes that did not keep it themselves, where it is known.

    Examples
    --------
    >>> import autograd_core as ag
    >>> w = ag.Tensor(2.0)
    >>> y = w * 3.0
    >>> changed_nodes([w._node, y._node], {})
    set()
    >>> with ag.no_grad():
    ...     w -= 1.0
    >>> changed_nodes([w._node, y._node], {}) == {w._node}
    True
    """
    found: set[Node] = set()
    written: dict[Node, tuple[Any, int]] = {}  # the array written into, and when
    for node in nodes:
        arrays: set[int] | None = None
        for parent in node.parents:
            if type(parent) is not Node:
                continue
            if parent.op is None:
                if node.watch:
                    arrays = changed_arrays(node) if arrays is None else arrays
                    if id(parent.value) in arrays:
                        found.add(parent)
                if parent.extras is None:
                    continue
                if parent.extras.get("replaced", -1) > node.birth:
                    found.add(parent)
                when = parent.extras.get("overwritten", -1)
                if when <= node.birth:
                    continue
                found.add(parent)
                written[parent] = parent.value, when
            if parent in written and _is_view(node, written[parent], data):
                written[node] = written[parent]
                if not node.op.multiple:  # type: ignore[union-attr]
                    found.add(node)
    return found


def _is_view(node: Node, written: tuple[Any, int], data: Mapping[Node, Any]) -> bool:
    """Whether a node, there when the array was written into, looks into that array."""
    memory, when = written
    op = node.op
    if op is None or when <= node.birth or not (op.view or op.name == "output"):
        return False
    if op.multiple:
        return True  # which of its outputs, they say themselves
    value = node.value if node.value is not None else data.get(node)
    return isinstance(value, np.ndarray) and bool(np.may_share_memory(value, memory))


def changed_arrays(node: Node) -> set[int]:
    """The arrays, by identity, that `node` was computed with and that were written into since.

    Only the user's own arrays count: those of Tensors are told by what their leaves note.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> array = np.array([1.0, 2.0])
    >>> y = ag.Tensor([3.0, 4.0]) * array
    >>> changed_arrays(y._node)
    set()
    >>> array[0] = 5.0
    >>> changed_arrays(y._node) == {id(array)}
    True
    """
    return {
        id(source)
        for source, seen in node.watch
        if type(source) is not list and changed(((source, seen),))
    }
