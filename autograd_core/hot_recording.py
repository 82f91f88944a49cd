"""The recorders of one, two and three operands: the hot path, worth microseconds.

They do what `record_any` does, written out; everything rare (views, overwritable operands, errors)
is behind a test that costs nothing when it does not apply.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .entry import Primitive
from .errors import raise_failed
from .graph import SMALL, Node, new, next_birth
from .modes import is_recording_now
from .provenance import HIDDEN, user_frame
from .recording import (
    OBJECT,
    constant,
    record_any,
    refuse_objects,
    stand_in,
    watch,
    without_history,
)
from .tensor import TENSORS, Tensor

ndarray = np.ndarray
float64, FLOAT64 = np.float64, np.dtype(np.float64)
_getframe = sys._getframe
NUMBERS = frozenset({float, int, bool, complex})


def unary(op: Primitive) -> Callable[..., Any]:
    """The recorder of a primitive of one operand and no keywords."""
    compute = op.compute
    plan = op.plan(1)
    keep, watched = plan.keep, bool(plan.watched)

    def record(x: Any, depth: int = 1) -> Any:
        if type(x) not in TENSORS:
            return compute(x)
        value = x._array
        try:
            out = compute(value)
        except (ValueError, TypeError, IndexError) as error:
            raise_failed(op.name, op.operand_names, (x,), error)
        result = new(Tensor)
        result._array = out
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
        code = frame.f_code
        if HIDDEN[code.co_filename]:
            frame = user_frame(frame)
            code = frame.f_code
        node.code = code
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
        if type(x) is Tensor or type(x) in TENSORS:
            a = x._array
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
        if type(y) is Tensor or type(y) in TENSORS:
            b = y._array
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
        except (ValueError, TypeError, IndexError) as error:
            raise_failed(op.name, op.operand_names, (x, y), error)
        if type(out) is complex:  # np.float64 is a float to Python's operators: 2j * it is Python's
            out = op.numpy(a, b)
        if not mask or not is_recording_now():
            if type(x) not in TENSORS and type(y) not in TENSORS:
                return out
            result = new(Tensor)
            result._array = out
            result._node = None
            result._version = [0]
            return result
        result = new(Tensor)
        result._array = out
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
            if node.dtype is OBJECT:
                refuse_objects(op.name, (x, y))
            node.value = out if out.nbytes <= SMALL else None
            if plan.watched:
                node.watch = watch(plan, (x, y), (a, b))
            if mask != 3:
                if mask == 1:
                    q = stand_in(q)
                else:
                    p = stand_in(p)
        else:
            if type(out) is float64:
                node.shape = ()
                node.dtype = FLOAT64
            else:
                node.shape = out.shape
                node.dtype = out.dtype
            node.value = out
            if type(a) is ndarray or type(b) is ndarray:  # a product of two vectors
                node.watch = watch(plan, (x, y), (a, b))
                p, q = stand_in(p), stand_in(q)
        node.parents = (p, q)
        frame = _getframe(depth)
        code = frame.f_code
        if HIDDEN[code.co_filename]:
            frame = user_frame(frame)
            code = frame.f_code
        node.code = code
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
        if type(x) is Tensor or type(x) in TENSORS:
            a = x._array
            p = x._node
            if p is not None:
                mask = 1
            else:
                p = stand_in(a)
        else:
            a = constant(x)
            p = stand_in(a)
        if type(y) is Tensor or type(y) in TENSORS:
            b = y._array
            q = y._node
            if q is not None:
                mask |= 2
            else:
                q = stand_in(b)
        else:
            b = constant(y)
            q = stand_in(b)
        if type(z) is Tensor or type(z) in TENSORS:
            c = z._array
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
        except (ValueError, TypeError, IndexError) as error:
            raise_failed(op.name, op.operand_names, (x, y, z), error)
        if not mask or not is_recording_now():
            if any(type(operand) in TENSORS for operand in (x, y, z)):
                return without_history(op, out, x, a)
            return out
        result = new(Tensor)
        result._array = out
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
        code = frame.f_code
        if HIDDEN[code.co_filename]:
            frame = user_frame(frame)
            code = frame.f_code
        node.code = code
        node.offset = frame.f_lasti
        node.watch = watch(plan, (x, y, z), (a, b, c)) if plan.watched else ()
        node.keywords = node.extras = node.grad = None
        return result

    return record


def recorder(
    op: Primitive, door: Callable[..., tuple[Sequence[Any], dict[str, Any]]] | None
) -> Callable[..., Any]:
    """The function users call: it records `op`, its arguments made canonical by `door`."""
    if door is not None:

        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                operands, keywords = door(*args, **kwargs)
            except (ValueError, TypeError, IndexError) as error:
                raise_failed(op.name, op.operand_names, args, error)
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
