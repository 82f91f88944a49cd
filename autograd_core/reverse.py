"""The reverse pass: from the gradient at a result to those at the leaves.

Collect what is reachable, sort by birth (which is a topological order), walk from the latest to
the earliest and apply each operation's local derivatives. The pass is a pure function of the
graph: ``backward()`` writes the leaves' ``.grad`` only when all of it has succeeded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

import numpy as np

from .contributions import fit, is_sole, own
from .errors import GraphError, OverwrittenError
from .graph import LEAF, Absent, Node, ancestors, describe_node
from .hooks import run_hooks
from .overwriting import changed

#: From this many bytes on, not allocating a sum is worth a look at who else refers to a part.
LARGE = 1 << 16

NOTHING: dict[str, Any] = {}
ndarray = np.ndarray
float64, FLOAT64 = np.float64, np.dtype(np.float64)


def reverse_order(*roots: Node) -> list[Node]:
    """The operations of a reverse pass, latest first, checked to be fit for it.

    All checks come before the first derivative is computed: a pass that starts, ends.

    Raises
    ------
    GraphError
        If an earlier ``backward()`` released what a node had saved.
    OverwrittenError
        If a saved value was changed since.
    """
    seen = set(roots)
    stack = list(seen)
    for node in stack:
        if node.saved is None:
            raise _released(node)
        if node.watch and changed(node.watch):
            raise _overwritten(node)
        for parent in node.parents:
            # A leaf (no parents) passes nothing on, so it needs no place in the order.
            if type(parent) is Node and parent.parents and parent not in seen:
                seen.add(parent)
                stack.append(parent)
    stack.sort(key=attrgetter("birth"), reverse=True)
    return stack


def _released(node: Node) -> GraphError:
    if node.keywords is not None and "index" in node.keywords and node.plan is LEAF:
        node = node.parents[0]  # one of the outputs of an operation with several
    return GraphError(
        f"The values that {describe_node(node)} saved were released by an earlier"
        " backward() through it. Pass retain_graph=True to that earlier call, or compute"
        " the expression again."
    )


def _overwritten(node: Node) -> OverwrittenError:
    return OverwrittenError(
        f"A value that {describe_node(node)} saved for the reverse pass was overwritten"
        " before backward() came to use it, so the gradient would be wrong. Call"
        " backward() before changing the array, or give the operation a copy (x.copy())."
    )


def backpropagate(  # noqa: C901 - one loop, kept flat for speed
    order: Iterable[Node],
    seeds: dict[Node, Any],
    *,
    values: Callable[[Node], tuple[Any, ...] | None] | None = None,
    wanted: set[Node] | None = None,
    every: bool = False,
) -> list[tuple[Node, Any]]:
    """The reverse pass: from the gradients at its roots to those at the leaves.

    A pure function of the graph: it writes no ``.grad`` and releases nothing.

    Parameters
    ----------
    order : iterable of Node
        What is reachable from the roots, latest first.
    seeds : dict
        The gradient at each root, of its shape and dtype.
    values : callable, optional
        What the local derivatives of a node read instead of ``node.saved``; Tensors, for a pass
        that is recorded itself. ``None`` from it means: not to be had, go no further here.
    wanted : set of Node, optional
        Go to these parents only, and leave their hooks to the caller.
    every : bool
        Return the gradient of every node rather than of leaves and retained nodes.

    Returns
    -------
    list of (Node, gradient)
        In reverse topological order; arrays are nobody else's.
    """
    gradients: dict[Node, Any] = dict(seeds)
    buffers: set[Node] = set()  # whose sum is an array this pass made, so may be added to in place
    results: list[tuple[Node, Any]] = []
    take = gradients.pop
    for node in order:
        g = take(node, None)
        if g is None:
            continue
        if every or node.extras is not None:
            extras = node.extras or NOTHING
            if "hooks" in extras:
                g = run_hooks(node, g)
            if every or "retain" in extras:
                results.append((node, g if type(g) is list else own(g)))
        plan = node.plan
        edges = plan.edges
        if not edges:
            if node.op is None:
                if not every:
                    results.append((node, own(g)))
            else:
                gather_output(gradients, node, g)
            continue
        saved = node.saved if values is None else values(node)
        if saved is None:
            continue
        if type(g) is list:
            g = complete_outputs(node, g)
        parents = node.parents
        for position, rule, pick in edges:
            if wanted is not None and parents[position] not in wanted:
                continue
            part = rule(g, *saved) if pick is None else rule(g, *pick(saved))
            if part is None:
                continue
            parent = parents[position]
            if type(part) is float64:
                if parent.dtype is not FLOAT64 or parent.shape:
                    part = fit(part, parent.shape, parent.dtype)
            elif part.shape != parent.shape or part.dtype is not parent.dtype:
                part = fit(part, parent.shape, parent.dtype)
            present = gradients.get(parent)
            if present is None:
                gradients[parent] = part
            elif parent in buffers and type(part) is ndarray:
                present += part
            elif type(part) is ndarray and part.nbytes > LARGE and is_sole(part):
                part += present
                gradients[parent] = part
                buffers.add(parent)
            else:
                gradients[parent] = total = present + part
                if type(total) is ndarray:
                    buffers.add(parent)
        part = present = total = None  # else they would count as references in own()
    while gradients:  # only leaves are left (and what the order left out)
        node, part = gradients.popitem()
        if node.extras is not None and "hooks" in node.extras and wanted is None:
            part = run_hooks(node, part)
        results.append((node, own(part)))
    return results


def gather_output(gradients: dict[Node, Any], node: Node, g: Any) -> None:
    """Put the gradient of one output into its place among those of the whole operation."""
    assert node.keywords is not None
    operation = node.parents[0]
    slots = gradients.setdefault(operation, [None] * len(operation.shape))
    index = node.keywords["index"]
    present = slots[index]  # a recorded pass resumes an output as a node of its own
    slots[index] = g if present is None else present + g


def complete_outputs(node: Node, parts: list[Any]) -> tuple[Any, ...]:
    """The gradients of all outputs; the missing ones are zero."""
    return tuple(
        np.zeros(shape, dtype) if part is None else part
        for part, shape, dtype in zip(parts, node.shape, node.dtype, strict=True)
    )


def gradients_at(
    targets: Iterable[Node],
    seeds: dict[Node, Any],
    values: Callable[[Node], tuple[Any, ...] | None] | None = None,
    since: int = -1,
) -> dict[Node, Any]:
    """The gradients at `targets`, leaves or not, walking only the paths that lead there.

    Pure: touches nobody's ``.grad`` and goes no further back than the targets. A target that no
    path reaches is missing. The hooks of the targets are not run.

    Parameters
    ----------
    targets : iterable of Node
    seeds : dict
        The gradient at each root.
    values : callable, optional
        As in :func:`backpropagate`.
    since : int
        A birth; what was recorded before it does not depend on the targets, and is not looked at.

    Raises
    ------
    GraphError, OverwrittenError
        As :func:`reverse_order`, for what lies on the paths.
    """
    ends = set(targets)
    seen = set(seeds)
    order = list(seen)
    for node in order:
        for parent in node.parents:
            if type(parent) is Node and parent.birth >= since and parent not in seen:
                seen.add(parent)
                order.append(parent)
    order.sort(key=attrgetter("birth"), reverse=True)
    wanted = set(ends)
    for node in reversed(order):
        if any(type(parent) is Node and parent in wanted for parent in node.parents):
            wanted.add(node)
    path = [node for node in order if node in wanted and node not in ends]
    for node in path:
        if node.saved is None:
            raise _released(node)
        if node.watch and changed(node.watch):
            raise _overwritten(node)
    useful = {root: seed for root, seed in seeds.items() if root in wanted}
    return dict(backpropagate(path, useful, values=values, wanted=wanted))


def node_gradients(root: Node, seed: Any = None) -> dict[Node, Any]:
    """The gradient of `root` with respect to every node it was computed from.

    Pure: touches nobody's ``.grad``, and works after ``backward()`` released the graph wherever
    the values were small enough to stay. A node whose gradient cannot be computed any more
    (:func:`lost_gradients`: not even where some of the paths to it are still there), or that no
    gradient reaches, is missing.

    Parameters
    ----------
    root : Node
    seed : array, optional
        The gradient at `root`; ones when left out.
    """
    if seed is None:
        seed = np.ones(root.shape, root.dtype)[()]
    order = [node for node in reversed(ancestors(root)) if node.parents]
    gone: set[Node] = set()

    def values(node: Node) -> tuple[Any, ...] | None:
        saved = recover(node)
        if saved is None:
            gone.add(node)
        return saved

    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        results = backpropagate(order, {root: seed}, values=values, every=True)
    lost = _behind(gone, order) if gone else gone
    return {node: _public(g) for node, g in results if node not in lost}


def lost_gradients(root: Node) -> set[Node]:
    """The nodes before `root` whose gradient misses a contribution.

    What an operation on the way would have sent there cannot be computed any more, for its values
    were released or overwritten.
    """
    order = [node for node in reversed(ancestors(root)) if node.parents]
    return _behind({node for node in order if node.plan.edges and recover(node) is None}, order)


def _behind(gone: set[Node], order: Iterable[Node]) -> set[Node]:
    """What the operations in `gone` would send a gradient to, by any path."""
    lost: set[Node] = set()
    for node in order:
        if node in gone or node in lost:
            plan = node.plan
            edges = plan.edges
            lost.update([node.parents[at] for at, _, _ in edges] if edges else node.parents)
    return lost


def _public(gradient: Any) -> Any:
    """From the convention of the rules (unconjugated) to that of ``.grad`` (see DESIGN)."""
    if type(gradient) is list:
        return [None if part is None else _public(part) for part in gradient]
    return gradient.conjugate() if gradient.dtype.kind == "c" else gradient


def recover(node: Node) -> tuple[Any, ...] | None:
    """What `node` saved; after its release, the same from the small values that stayed."""
    if changed(node.watch):
        return None
    if node.saved is not None:
        return node.saved
    assert node.op is not None
    operands = [_kept(parent, node.birth) for parent in node.parents]
    out = _kept(node, node.birth)
    saved = node.op.save(node.plan, out, operands, node.keywords)
    missing = any(
        type(part) is Absent
        for value in saved
        for part in (value if isinstance(value, tuple) else (value,))
    )
    return None if missing else saved


def _kept(parent: Any, birth: int) -> Any:
    """The value that an operand had at `birth`, or a note of its shape where it was not kept."""
    if type(parent) is not Node:
        return parent
    replaced = parent.extras is not None and parent.extras.get("replaced", -1) > birth
    if parent.value is None or replaced:
        return Absent(parent.shape, parent.dtype)
    return parent.value
