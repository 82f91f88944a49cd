"""Why a node comes now in the reverse pass, in a sentence.

It is the question that learners ask most. A node's gradient is the sum over everything that used
it, so its turn comes when all of that is done, and not before.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["reason"]

MOST = 4  # names that a sentence lists


def reason(
    label: str,
    consumers: Sequence[str],
    *,
    result: bool,
    leaf: bool,
    reached: bool,
    complete: bool = True,
) -> str:
    """Say why it is the turn of a node.

    Parameters
    ----------
    label : str
        What the node is called.
    consumers : sequence of str
        What the nodes that used it are called.
    result, leaf : bool
        Whether it is where the pass starts; whether nothing lies before it.
    reached : bool
        Whether a gradient arrives.
    complete : bool
        Whether it is known, all of it; else some of what it needs was released.

    Examples
    --------
    >>> reason("v3", ["v5", "v7"], result=False, leaf=False, reached=True)
    'v3 comes now: both nodes that used it, v5 and v7, are done.'
    >>> reason("v8", [], result=True, leaf=False, reached=True)
    'v8 comes first: it is the result, so there is nothing to wait for.'
    >>> reason("x", ["v3"], result=False, leaf=True, reached=True)
    'x is a leaf, nothing lies before it: v3, the only node that used it, is done, so its \
gradient is complete.'
    """
    if result:
        return f"{label} comes first: it is the result, so there is nothing to wait for."
    if not reached:
        return f"{label} gets nothing: none of the nodes that used it passes a gradient on to it."
    users = _users(consumers)
    if leaf:
        done = "is" if len(consumers) == 1 else "are"
        ending = ", so its gradient is complete" if complete else ""
        return f"{label} is a leaf, nothing lies before it: {users} {done} done{ending}."
    done = "is" if len(consumers) == 1 else "are"
    return f"{label} comes now: {users} {done} done."


def _users(labels: Sequence[str]) -> str:
    if len(labels) == 1:
        return f"{labels[0]}, the only node that used it,"
    if len(labels) == 2:
        return f"both nodes that used it, {labels[0]} and {labels[1]},"
    if len(labels) <= MOST:
        return f"all {len(labels)} nodes that used it, {', '.join(labels[:-1])} and {labels[-1]},"
    return f"all {len(labels):,} nodes that used it, {', '.join(labels[: MOST - 1])} and more,"
