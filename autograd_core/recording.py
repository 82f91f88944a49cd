"""How a call becomes a node, for an operation of any kind.

Take the arrays out of the Tensors, compute, and if an operand records, make a node. Operations of
one, two or three operands without keywords have recorders of their own in ``hot_recording.py``,
which do the same in fewer microseconds.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from numbers import Number
from typing import Any, NoReturn

import numpy as np

from .entry import OUTPUT, Plan, Primitive
from .errors import DTypeError, describe, raise_failed
from .graph import SMALL, Absent, Node, new, next_birth, output_node
from .modes import is_recording_now
from .overwriting import fingerprint, writable
from .provenance import user_frame
from .tensor import TENSORS, Tensor

ndarray = np.ndarray
OBJECT = np.dtype(object)
_getframe = sys._getframe


def constant(value: Any) -> Any:
    """An operand that is not a Tensor, as something NumPy computes with."""
    if isinstance(value, list | tuple):
        return np.asarray(value)
    if isinstance(value, Number) and not isinstance(value, np.generic | int | float | complex):
        return float(value)  # type: ignore[arg-type] # a Fraction, a Decimal
    return value


def refuse_objects(name: str, operands: Sequence[Any]) -> NoReturn:
    """Raise for a result of Python objects, which have no derivative."""
    raise DTypeError(
        f"{name}: an operand is an array of Python objects, which has no derivative and is slow."
        f" Convert it: np.asarray(values, dtype=float). Operands: {describe(list(operands))}."
    )


def stand_in(value: Any) -> Any:
    """What a node keeps of a constant operand: the value, or a note of its shape if it is big."""
    if isinstance(value, ndarray) and value.nbytes > SMALL:
        return Absent(value.shape, value.dtype)
    return value


def watch(plan: Plan, operands: Sequence[Any], values: Sequence[Any]) -> tuple[Any, ...]:
    """How to notice that one of the saved operands is overwritten before the reverse pass."""
    pairs: list[tuple[Any, Any]] | None = None
    for position in plan.watched:
        operand = operands[position]
        if type(operand) in TENSORS:
            version = operand._version
            if version is None:
                continue
            pair: tuple[Any, Any] = (version, version[0])
            if len(version) > 1 and isinstance(
                operand._array, ndarray
            ):  # the array of a user's own
                pairs = [*(pairs or ()), (operand._array, fingerprint(operand._array))]
        elif isinstance(operand, ndarray) and (operand.flags.writeable or writable(operand.base)):
            pair = (values[position], fingerprint(operand))
        else:
            continue
        if pairs is None:
            pairs = [pair]
        else:
            pairs.append(pair)
    return () if pairs is None else tuple(pairs)


def shared_version(out: Any, operand: Any, value: Any) -> list[int] | None:
    """The version counter that a possible view shares with what it looks into."""
    version: list[int] | None = operand._version
    if version is None or not isinstance(out, ndarray) or not np.may_share_memory(out, value):
        return None
    return version


def record_any(  # noqa: C901
    op: Primitive, operands: Sequence[Any], keywords: dict[str, Any] | None
) -> Any:
    """Record a primitive of any number of operands, with keywords, or with several outputs."""
    values = []
    mask = 0
    among = False
    for position, operand in enumerate(operands):
        if type(operand) in TENSORS:
            among = True
            values.append(operand._array)
            if operand._node is not None:
                mask |= 1 << position
        else:
            values.append(constant(operand))
    try:
        if op.variadic:
            out = op.compute(values, **keywords) if keywords else op.compute(values)
        else:
            out = op.compute(*values, **keywords) if keywords else op.compute(*values)
    except (ValueError, TypeError, IndexError) as error:
        raise_failed(op.name, op.operand_names, operands, error)
    residuals = None
    if op.residuals:
        out, *by_products = out
        residuals = dict(zip(op.residuals, by_products, strict=True))
    if type(out) is ndarray and not out.ndim:  # scalars stay NumPy scalars
        out = out[()]
    if not among:
        return out
    if not op.variadic:
        for position, rule in enumerate(op.rules):
            if rule is None:
                mask &= ~(1 << position)
    if not mask or not is_recording_now():
        return _without_history(op, out, operands[0], values[0])
    plan = op.plan(tuple(mask >> i & 1 == 1 for i in range(len(values))) if op.variadic else mask)
    node = new(Node)
    node.op = op
    node.plan = plan
    node.parents = tuple(
        [
            stand_in(value) if operand_node(operand) is None else operand._node
            for operand, value in zip(operands, values, strict=True)
        ]
    )
    node.keywords = keywords
    node.saved = op.save(plan, out, values, keywords, residuals)
    node.birth = next_birth()
    frame = user_frame(_getframe(2))
    node.code = frame.f_code
    node.offset = frame.f_lasti
    node.watch = watch(plan, operands, values) if plan.watched else ()
    node.extras = node.grad = None
    if op.multiple:
        return _outputs(node, out, operands[0], values[0])
    node.shape = out.shape
    node.dtype = out.dtype
    if node.dtype is OBJECT:
        refuse_objects(op.name, operands)
    node.value = out if type(out) is not ndarray or out.nbytes <= SMALL else None
    result = new(Tensor)
    result._array = out
    result._node = node
    if op.view and type(operands[0]) in TENSORS:
        result._version = shared_version(out, operands[0], values[0])
    else:
        result._version = None
    return result


def operand_node(operand: Any) -> Node | None:
    """The node of an operand that records, even where this operation has no rule for it."""
    return operand._node if type(operand) in TENSORS else None


def _without_history(op: Primitive, out: Any, operand: Any, value: Any) -> Any:
    if op.multiple:
        return _same_container(out, [without_history(op, o, operand, value) for o in out])
    return without_history(op, out, operand, value)


def without_history(op: Primitive, out: Any, operand: Any, value: Any) -> Any:
    """A Tensor that is a constant; a view shares the version of what it looks into."""
    result = new(Tensor)
    result._array = out
    result._node = None
    version = None
    if op.view and type(operand) in TENSORS:
        version = shared_version(out, operand, value)
    result._version = [0] if version is None else version
    return result


def _outputs(node: Node, outs: Any, operand: Any, value: Any) -> Any:
    view = node.op is not None and node.op.view and type(operand) in TENSORS
    node.shape = tuple([out.shape for out in outs])
    node.dtype = tuple([out.dtype for out in outs])
    node.value = tuple(outs) if sum(out.nbytes for out in outs) <= SMALL else None
    results = []
    for index, out in enumerate(outs):
        result = new(Tensor)
        result._array = out
        result._node = output_node(OUTPUT, node, index)
        result._version = shared_version(out, operand, value) if view else None
        results.append(result)
    return _same_container(outs, results)


def _same_container(outs: Any, results: list[Any]) -> Any:
    """Lists as a list, NumPy's named tuples as that named tuple."""
    if isinstance(outs, list):
        return results
    return type(outs)(*results) if hasattr(outs, "_fields") else tuple(results)
