"""How a call becomes a node: the recorders, one for each arity that is worth it.

This is the hot path; it is worth microseconds. So the recorders of one and of two operands are
written out, and everything rare (views, overwritable operands, errors, keywords) is behind a test
that costs nothing when it does not apply. What they do is the same, and `record_any` says it
plainest: take the arrays out of the Tensors, compute, and if an operand records, make a node.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .entry import OUTPUT, Plan, Primitive
from .errors import DTypeError, NotDifferentiable, ShapeError, operation_failed
from .graph import SMALL, Absent, Node, new, next_birth, output_node
from .modes import is_recording_now
from .overwriting import fingerprint
from .provenance import HIDDEN, user_frame
from .tensor import TENSORS, Tensor

ndarray = np.ndarray
_getframe = sys._getframe
NUMBERS = frozenset({float, int, bool, complex})


def constant(value: Any) -> Any:
    """An operand that is not a Tensor, as something NumPy computes with."""
    if isinstance(value, list | tuple):
        return np.asarray(value)
    return value


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
        elif isinstance(operand, ndarray) and operand.flags.writeable:
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
    if version is None or not np.may_share_memory(out, value):
        return None
    return version


def unary(op: Primitive) -> Callable[..., Any]:
    """The recorder of a primitive of one operand and no keywords."""
    compute = op.compute
    plan = op.plan(1)
    keep, watched = plan.keep, bool(plan.watched)

    def record(x: Any, depth: int = 1) -> Any:
        if type(x) not in TENSORS:
            return compute(x)
        value = x._data
        try:
            out = compute(value)
        except Exception as error:
            raise operation_failed(op.name, op.operand_names, (x,), error) from error
        result = new(Tensor)
        result._data = out
        parent = x._node
        if parent is None or not is_recording_now():
            result._node = None
            result._version = [0]
            return result
        result._version = None
        result._node = node = new(Node)
        node.op = op
        node.plan = plan
        node.parents = (parent,)
        node.saved = keep((out, value))
        node.birth = next_birth()
        node.dtype = out.dtype
        node.watch = ()
        if type(out) is ndarray:
            node.shape = out.shape
            node.value = out if out.nbytes <= SMALL else None
            if watched and x._version is not None:
                node.watch = watch(plan, (x,), (value,))
        else:
            node.shape = out.shape
            node.value = out
        frame = _getframe(depth)
        if HIDDEN[frame.f_code.co_filename]:
            frame = user_frame(frame)
        node.code = frame.f_code
        node.offset = frame.f_lasti
        node.keywords = node.extras = node.grad = None
        return result

    return record


def binary(op: Primitive) -> Callable[..., Any]:  # noqa: C901 - see the head of this file
    """The recorder of a primitive of two operands and no keywords."""
    compute = op.compute
    plans = tuple(op.plan(mask) for mask in range(4))

    def record(x: Any, y: Any, depth: int = 1) -> Any:  # noqa: C901
        mask = 0
        if type(x) in TENSORS:
            a = x._data
            p = x._node
            if p is not None:
                mask = 1
            else:
                p = a
        elif type(x) in NUMBERS or isinstance(x, ndarray):
            a = p = x
        elif x is None or isinstance(x, str):
            return NotImplemented
        else:
            a = p = constant(x)
        if type(y) in TENSORS:
            b = y._data
            q = y._node
            if q is not None:
                mask |= 2
            else:
                q = b
        elif type(y) in NUMBERS or isinstance(y, ndarray):
            b = q = y
        elif y is None or isinstance(y, str):
            return NotImplemented
        else:
            b = q = constant(y)
        try:
            out = compute(a, b)
        except Exception as error:
            raise operation_failed(op.name, op.operand_names, (x, y), error) from error
        if not mask or not is_recording_now():
            if type(x) not in TENSORS and type(y) not in TENSORS:
                return out
            result = new(Tensor)
            result._data = out
            result._node = None
            result._version = [0]
            return result
        result = new(Tensor)
        result._data = out
        result._version = None
        result._node = node = new(Node)
        node.op = op
        node.plan = plan = plans[mask]
        node.saved = plan.keep((out, a, b))
        node.birth = next_birth()
        node.watch = ()
        if type(out) is ndarray:
            node.shape = out.shape
            node.dtype = out.dtype
            node.value = out if out.nbytes <= SMALL else None
            if plan.watched:
                node.watch = watch(plan, (x, y), (a, b))
            if mask != 3:
                if mask == 1:
                    q = stand_in(q)
                else:
                    p = stand_in(p)
        else:
            node.shape = out.shape
            node.dtype = out.dtype
            node.value = out
            if type(a) is ndarray or type(b) is ndarray:  # a product of two vectors
                node.watch = watch(plan, (x, y), (a, b))
                p, q = stand_in(p), stand_in(q)
        node.parents = (p, q)
        frame = _getframe(depth)
        if HIDDEN[frame.f_code.co_filename]:
            frame = user_frame(frame)
        node.code = frame.f_code
        node.offset = frame.f_lasti
        node.keywords = node.extras = node.grad = None
        return result

    return record


def ternary(op: Primitive) -> Callable[..., Any]:
    """The recorder of a primitive of three operands and no keywords, some of which may be None."""
    compute = op.compute
    plans = tuple(op.plan(mask) for mask in range(8))

    def record(x: Any, y: Any, z: Any = None, depth: int = 1) -> Any:
        mask = 0
        if type(x) in TENSORS:
            a = x._data
            p = x._node
            if p is not None:
                mask = 1
            else:
                p = stand_in(a)
        else:
            a = constant(x)
            p = stand_in(a)
        if type(y) in TENSORS:
            b = y._data
            q = y._node
            if q is not None:
                mask |= 2
            else:
                q = stand_in(b)
        else:
            b = constant(y)
            q = stand_in(b)
        if type(z) in TENSORS:
            c = z._data
            r = z._node
            if r is not None:
                mask |= 4
            else:
                r = stand_in(c)
        else:
            c = constant(z)
            r = stand_in(c)
        try:
            out = compute(a, b, c)
        except Exception as error:
            raise operation_failed(op.name, op.operand_names, (x, y, z), error) from error
        if not mask or not is_recording_now():
            if any(type(operand) in TENSORS for operand in (x, y, z)):
                return _without_history_one(op, out, x, a)
            return out
        result = new(Tensor)
        result._data = out
        result._version = None
        result._node = node = new(Node)
        node.op = op
        node.plan = plan = plans[mask]
        node.parents = (p, q, r)
        node.saved = plan.keep((out, a, b, c))
        node.birth = next_birth()
        node.shape = out.shape
        node.dtype = out.dtype
        node.value = out if type(out) is not ndarray or out.nbytes <= SMALL else None
        frame = _getframe(depth)
        if HIDDEN[frame.f_code.co_filename]:
            frame = user_frame(frame)
        node.code = frame.f_code
        node.offset = frame.f_lasti
        node.watch = watch(plan, (x, y, z), (a, b, c)) if plan.watched else ()
        node.keywords = node.extras = node.grad = None
        return result

    return record


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
            values.append(operand._data)
            if operand._node is not None:
                mask |= 1 << position
        else:
            values.append(constant(operand))
    try:
        if op.variadic:
            out = op.compute(values, **keywords) if keywords else op.compute(values)
        else:
            out = op.compute(*values, **keywords) if keywords else op.compute(*values)
    except Exception as error:
        raise operation_failed(op.name, op.operand_names, operands, error) from error
    residuals = None
    if op.residuals:
        out, *by_products = out
        residuals = dict(zip(op.residuals, by_products, strict=True))
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
        return _outputs(node, out)
    node.shape = out.shape
    node.dtype = out.dtype
    node.value = out if type(out) is not ndarray or out.nbytes <= SMALL else None
    result = new(Tensor)
    result._data = out
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
        return _same_container(out, [_without_history_one(op, o, operand, value) for o in out])
    return _without_history_one(op, out, operand, value)


def _without_history_one(op: Primitive, out: Any, operand: Any, value: Any) -> Any:
    result = new(Tensor)
    result._data = out
    result._node = None
    version = None
    if op.view and type(operand) in TENSORS:
        version = shared_version(out, operand, value)
    result._version = [0] if version is None else version
    return result


def _outputs(node: Node, outs: Any) -> Any:
    node.shape = tuple([out.shape for out in outs])
    node.dtype = tuple([out.dtype for out in outs])
    node.value = tuple(outs) if sum(out.nbytes for out in outs) <= SMALL else None
    results = []
    for index, out in enumerate(outs):
        result = new(Tensor)
        result._data = out
        result._node = output_node(OUTPUT, node, index)
        result._version = None
        results.append(result)
    return _same_container(outs, results)


def _same_container(outs: Any, results: list[Any]) -> Any:
    """Lists as a list, NumPy's named tuples as that named tuple."""
    if isinstance(outs, list):
        return results
    return type(outs)(*results) if hasattr(outs, "_fields") else tuple(results)


def recorder(
    op: Primitive, door: Callable[..., tuple[Sequence[Any], dict[str, Any]]] | None
) -> Callable[..., Any]:
    """The function users call: it records `op`, its arguments made canonical by `door`."""
    if door is not None:

        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                operands, keywords = door(*args, **kwargs)
            except (NotDifferentiable, ShapeError, DTypeError):
                raise
            except (ValueError, TypeError, IndexError) as error:
                raise operation_failed(op.name, op.operand_names, args, error) from error
            return record_any(op, operands, keywords)

        return call
    arity = len(op.operand_names)
    simple = not (op.keyword_names or op.residuals or op.view or op.multiple or op.variadic)
    if simple and arity == 1:
        return unary(op)
    if simple and arity == 2 and None not in op.rules:
        return binary(op)
    if simple and arity == 3:
        return ternary(op)

    def call_any(*operands: Any, **keywords: Any) -> Any:
        return record_any(op, operands, keywords or None)

    return call_any
