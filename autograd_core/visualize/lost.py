"""Where an operation passes nothing on although something arrives: told element by element.

And of which kind these elements are where that is not the same for all of an operation: at a kink,
or shares of a softmax that are masked out, alone, or 0 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_core.entry import Primitive, Rule
from autograd_core.graph import Node
from autograd_core.primitives.reduction import canonical_axes, keep
from autograd_core.reverse import recover

__all__ = ["MASKING", "PRODUCTS", "SHARING", "TOLD_APART", "Shares", "factor_positions"]
__all__ += ["first_and_count", "kinks", "lost_elements", "probabilities", "shares"]
__all__ += ["sharing_axis"]

#: Operations that multiply what arrives by other operands.
PRODUCTS = {
    *("multiply", "divide", "matmul", "linear", "einsum", "outer", "cross", "tensordot"),
    *("vecdot", "matvec", "vecmat", "convolve", "prod", "cumprod", "xlogy", "ldexp"),
}


def factor_positions(op: Primitive, position: int, count: int) -> list[int]:
    """The operands that are factors on the way to one of them: those that its rule asks for.

    Parameters
    ----------
    op : Primitive
    position : int
        Of the operand on the way to which they are factors.
    count : int
        How many operands there are.

    Examples
    --------
    >>> from autograd_core.entry import REGISTRY
    >>> factor_positions(REGISTRY["linear"], 1, 3)  # of (x, weight, bias): x alone
    [0]
    """
    asked = op.rule_names[0 if op.variadic else position]
    everything = op.variadic or "out" in asked  # the output was computed from all of them
    return [
        other
        for other in range(count)
        if other != position and (everything or op.operand_names[other] in asked)
    ]


def lost_elements(
    op: Primitive, rule: Rule, g: Any, given: tuple[Any, ...], part: Any, shape: tuple[int, ...]
) -> Any:
    """Where something arrives and `part` is 0: a boolean for each element.

    Parameters
    ----------
    op : Primitive
    rule : callable
        The one that made `part` of `g` and `given`.
    g : array or list or tuple of arrays
        What arrives.
    given : tuple
    part : array
    shape : tuple of int
        Of the operand.

    Examples
    --------
    >>> lost_elements(None, None, np.array([1.0, 0.0, 2.0]), (), np.array([0.0, 0.0, 2.0]), (3,))
    array([ True, False, False])
    """
    here = np.asarray(part) == 0
    if here.all():
        here = np.ones(shape, bool)
    elif not isinstance(g, tuple | list) and np.shape(g) == here.shape:
        here = here & (np.asarray(g) != 0)
    elif here.shape != shape:
        here = np.zeros(shape, bool)
    elif here.any() and not isinstance(g, tuple | list):
        here = here & ~_forgone(op, rule, g, given)
    if here.shape == shape:
        return here
    return _shaped(here, shape) & ~_shaped(np.asarray(part) != 0, shape)  # it was broadcast


def first_and_count(here: Any) -> tuple[int, int, tuple[int, ...] | None]:
    """How many elements are marked, of how many, and the index of the first.

    Parameters
    ----------
    here : array of bool

    Examples
    --------
    >>> first_and_count(np.array([False, True, True]))
    (2, 3, (1,))
    """
    count = int(np.count_nonzero(here))
    if not count:
        return 0, here.size, None
    return count, here.size, tuple(map(int, np.unravel_index(here.argmax(), here.shape)))


def _forgone(op: Primitive, rule: Rule, g: Any, given: tuple[Any, ...]) -> Any:
    """Elements that the operation would pass something on to, if anything arrived for them.

    Ones take the place of all factors, so that it is the wiring alone that decides.
    """
    if op.name in PRODUCTS:
        given = tuple(map(_ones, given))
    arriving = np.asarray(g) != 0
    reachable = np.asarray(rule(np.ones_like(g)[()], *given)) != 0
    reached = np.asarray(rule(arriving.astype(np.asarray(g).dtype)[()], *given)) != 0
    return reachable & ~reached


def _ones(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(map(_ones, value))
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "fc":
        return np.ones_like(value)[()]
    return value


# ------------------------------------------------------------------------------ kinks

#: Operations that bend or jump where this operand is 0.
BENT_AT_ZERO = {("absolute", 0), ("fabs", 0), ("copysign", 0), ("i0e", 0), ("ive", 1)}
#: Lengths and their like: they bend where the result is 0.
LENGTHS = {"hypot", "std", "nanstd", "cdist", "norm"}
#: x·log(y) and x·log(1 + y), with the greatest y at which there is no logarithm.
LOGARITHMIC = {"xlogy": 0.0, "xlog1py": -1.0}

#: Softmax and what has one inside: whether it is saturated is seen in its probabilities.
SHARING = {"softmax", "log_softmax", "softmax_cross_entropy", "logsumexp"}

#: Operations of which `lost_elements` must be kept, to tell one kind of them from another.
TOLD_APART = {
    *(name for name, _ in BENT_AT_ZERO),
    *(*LENGTHS, *LOGARITHMIC, *SHARING, "arctan2", "svdvals", "exp"),
}


def kinks(node: Node, position: int, values: list[Any], out: Any) -> Any:
    """Where an operand sits at a point at which the operation has no derivative.

    As docs/non_differentiable.md lists them, where the convention there is 0; a step has a cause
    of its own, and so have ReLU, limits and choices.

    Parameters
    ----------
    node : Node
    position : int
        Of the operand.
    values : list of array or None
        All operands, as far as they are known.
    out : array or None
        The result.

    Returns
    -------
    array of bool or None
        Of the operand's shape; None where nothing is known of such a point.

    Examples
    --------
    >>> import autograd_core as ag
    >>> y = abs(ag.Tensor([0.0, 2.0]))
    >>> kinks(y._node, 0, [np.array([0.0, 2.0])], y.data)
    array([ True, False])
    """
    assert node.op is not None
    name, own = node.op.name, values[position]
    shape = node.parents[position].shape
    here: Any = None
    if (name, position) in BENT_AT_ZERO and own is not None:
        here = np.asarray(own) == 0
    elif name in LOGARITHMIC and values[0] is not None and values[1] is not None:
        here = (np.asarray(values[0]) == 0) & (np.asarray(values[1]) <= LOGARITHMIC[name])
    elif name == "arctan2" and values[0] is not None and values[1] is not None:
        here = (np.asarray(values[0]) == 0) & (np.asarray(values[1]) == 0)
    elif name == "svdvals" and out is not None:
        here = _loses_rank(np.asarray(out), shape)
    elif name == "norm" and own is not None and (node.keywords or {}).get("ord") == 1:
        here = np.asarray(own) == 0
    elif name in LENGTHS and out is not None:
        here = _of_the_operand(np.asarray(out) == 0, node, position, shape)
    return None if here is None else _shaped(here, shape)


def _loses_rank(sizes: Any, shape: tuple[int, ...]) -> Any:
    """The matrices with a singular value that is 0 to rounding, as ``matrix_rank`` decides it."""
    largest = np.max(sizes, axis=-1, keepdims=True, initial=0)
    rounding = max(shape[-2:]) * np.finfo(sizes.dtype).eps
    return np.any(sizes <= rounding * largest, axis=-1)[..., None, None]


def _of_the_operand(here: Any, node: Node, position: int, shape: tuple[int, ...]) -> Any:
    """What is said of the elements of the result, said of those they are computed from."""
    if node.op is not None and node.op.name == "cdist":  # result (..., rows of x, rows of y)
        return np.any(here, axis=-1 if position == 0 else -2)[..., None]
    if not node.keywords:  # element by element
        return here
    return keep(here, shape, canonical_axes(node.keywords["axis"], len(shape)))


def _shaped(here: Any, shape: tuple[int, ...]) -> Any:
    """A mask that broadcasts with a shape, brought to it: of what was spread out, if any is."""
    here = np.any(here, axis=tuple(range(max(0, here.ndim - len(shape)))))
    ahead = len(shape) - here.ndim
    spread = [i for i in range(here.ndim) if shape[ahead + i] == 1]
    return np.broadcast_to(np.any(here, axis=tuple(spread), keepdims=True), shape)


# ------------------------------------------------------------------------------ shares of a whole

#: A score from here on down is a mask's, which are often of -1e4: those of a model are not so low.
MASKING = -9e3


def probabilities(node: Node, own: Any, out: Any) -> Any:
    """The softmax that an operation is, or has inside; None where it is not known.

    Parameters
    ----------
    node : Node
    own, out : array or None
        Its operand, and its result.

    Examples
    --------
    >>> import autograd_core as ag
    >>> y = ag.log_softmax(ag.Tensor([0.0, 0.0]))
    >>> probabilities(y._node, None, y.data)
    array([0.5, 0.5])
    """
    assert node.op is not None
    name = node.op.name
    if name == "softmax_cross_entropy":
        return dict(zip(node.plan.names, recover(node) or (), strict=False)).get("probabilities")
    if out is None or name not in ("softmax", "log_softmax", "logsumexp"):
        return None
    if name == "softmax":
        return np.asarray(out)
    if name == "log_softmax":
        return np.exp(np.asarray(out))
    if own is None:
        return None
    own = np.asarray(own)
    axes = canonical_axes(sharing_axis(node), own.ndim)
    with np.errstate(all="ignore"):
        return np.exp(own - keep(np.asarray(out), own.shape, axes))


def sharing_axis(node: Node) -> Any:
    """Along which the probabilities of an operation sum to 1.

    Parameters
    ----------
    node : Node
    """
    return (node.keywords or {}).get("axis", -1)


@dataclass(frozen=True, slots=True)
class Shares:
    """Of which kind the elements of a softmax are, each a boolean array.

    Attributes
    ----------
    masked : array
        The probability is 0 because of a mask: a score of minus infinity, or one very low.
    alone : array
        All others of the softmax are masked: the probability is 1 whatever the score is.
    ends : array
        The others where the probability is 0 or 1 to within the dtype.
    """

    masked: Any
    alone: Any
    ends: Any


def shares(found: Any, own: Any, axis: Any) -> Shares:
    """Tell the elements of a softmax apart.

    Where the scores are not known, a 0 counts as masked: by itself a score hardly ever falls so
    far behind the others.

    Parameters
    ----------
    found : array
        The probabilities.
    own : array or None
        The scores.
    axis : int or tuple of int or None
        Along which they sum to 1.

    Examples
    --------
    >>> shares(np.array([1.0, 0.0]), np.array([0.3, -np.inf]), -1).alone
    array([ True, False])
    """
    limits = np.finfo(found.dtype)
    none = found < limits.tiny
    masked = none if own is None else none & (np.asarray(own) <= MASKING)
    left = np.sum(~masked, axis=axis, keepdims=True)
    alone = ~masked & (left == 1)
    full = found >= 1 - 2 * limits.eps
    return Shares(masked, alone, (none | full) & ~masked & ~alone)
