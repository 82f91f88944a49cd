"""Where the first NaN or infinity was born: ``with ag.detect_anomaly():``.

Off, it costs nothing: no operation asks whether it is on. On, the functions that compute a
primitive, and the one that takes a graph in reverse, are replaced by those below, which look at
every result; they do so only in the threads and tasks that are inside such a block.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar, Token
from threading import Lock
from types import TracebackType
from typing import Any, NoReturn

import numpy as np

from . import contributions, history, hot_recording, recording, reverse
from .entry import OUTPUT, REGISTRY, Plan, Primitive
from .errors import AnomalyError
from .graph import Absent, Node, describe_node
from .overwriting import checksum
from .provenance import locate, user_frame
from .ranges import first_of, form, has_nan, is_finite, range_of
from .tensor import TENSORS
from .traps import FORWARD, REVERSE, overflow, trap

#: What is looked at: nothing; the saved arrays only (inside a reverse pass); everything.
OFF, QUIET, ON = 0, 1, 2

_looking: ContextVar[int] = ContextVar("autograd_core_anomaly", default=OFF)
_lock = Lock()
_blocks = 0  # entered and not yet left, in all threads; guarded by the lock
_undo: list[Callable[[], None]] = []


class detect_anomaly:  # noqa: N801 - read as a statement: with detect_anomaly():
    """Raise at the first NaN or infinity, in the forward or the reverse pass.

    The message names the operation, the shapes and ranges of its operands, the line of the
    user's that called it, and the known trap. Everything that is saved for the reverse pass is
    watched in full, so that any array overwritten meanwhile is noticed.

    Holds for this thread or task, also inside ``nn.fit`` and the transforms. Slow: for looking,
    not for production. An infinity that comes in with your own arrays (a mask of -inf) is let
    through until it makes a NaN.

    Raises
    ------
    AnomalyError
        From the operation inside the block that makes the number.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> x = ag.Tensor([4.0, 0.0])
    >>> try:
    ...     with ag.detect_anomaly():
    ...         np.sqrt(x).sum().backward()
    ... except ag.AnomalyError as error:
    ...     print("slope of the square root at 0 is infinite" in str(error))
    True
    """

    __slots__ = ("_tokens",)

    def __init__(self) -> None:
        self._tokens: list[Token[int]] = []

    def __enter__(self) -> None:
        global _blocks  # noqa: PLW0603 - guarded by the lock
        with _lock:
            if not _blocks:
                _install()
            _blocks += 1
        self._tokens.append(_looking.set(ON))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        global _blocks  # noqa: PLW0603 - guarded by the lock
        _looking.reset(self._tokens.pop())
        with _lock:
            _blocks -= 1
            if not _blocks:
                while _undo:
                    _undo.pop()()


# ------------------------------------------------------------------------------ on and off


def _install() -> None:
    for op in REGISTRY.values():
        if op is not OUTPUT:
            looking = _looking_at(op, op.compute)
            _replace(op, "compute", looking)
            code = getattr(op.call, "__code__", None)
            if code is not None and "compute" in code.co_freevars:  # a recorder of the hot path
                cells: Any = op.call.__closure__
                cell = cells[code.co_freevars.index("compute")]
                _replace(cell, "cell_contents", looking)
    for module in (recording, hot_recording):
        _replace(module, "watch", _watch_all)
    for module in (history, reverse):
        _replace(module, "backpropagate", _backpropagate)


def _replace(owner: Any, name: str, new: Any) -> None:
    before = getattr(owner, name)
    setattr(owner, name, new)
    _undo.append(lambda: setattr(owner, name, before))


_watch = recording.watch
_pass = reverse.backpropagate


def _watch_all(plan: Plan, operands: Sequence[Any], values: Sequence[Any]) -> tuple[Any, ...]:
    """As ``recording.watch``, and a checksum of every saved array that anybody could write into."""
    pairs = _watch(plan, operands, values)
    if _looking.get() == OFF:
        return pairs
    saved = [
        operand._array if type(operand) in TENSORS else value
        for operand, value in ((operands[i], values[i]) for i in plan.watched)
        if type(operand) not in TENSORS or operand._version is not None
    ]
    return (*pairs, *[(array, checksum(array)) for array in saved if type(array) is np.ndarray])


# ------------------------------------------------------------------------------ forward


def _looking_at(op: Primitive, compute: Callable[..., Any]) -> Callable[..., Any]:
    def look(*args: Any, **keywords: Any) -> Any:
        if _looking.get() != ON:
            return compute(*args, **keywords)
        with np.errstate(all="ignore"):
            out = compute(*args, **keywords)
            value = out[0] if op.residuals else out
            if not all(map(is_finite, value if op.multiple else (value,))):
                _look_closer(op, list(args[0]) if op.variadic else list(args), keywords, value)
        return out

    return look


def _look_closer(op: Primitive, operands: list[Any], keywords: dict[str, Any], value: Any) -> None:
    """Raise unless the infinities of `value` came in with a constant."""
    outs = value if op.multiple else (value,)
    given = [*operands, *keywords.values()]
    born_nan = any(map(has_nan, outs))
    came_in = any(map(has_nan, given))
    if not born_nan and any(not is_finite(part) for part in given):
        return
    place = locate(*_caller())
    out = next(part for part in outs if not is_finite(part))
    number, index, count = first_of(out)
    names = [*op.operand_names] * (len(operands) if op.variadic else 1)
    made = "got" if came_in else "made"
    head = (
        f"{op.name} ({place}) {made} {number}, the first number of the forward pass that is not"
        f" finite: {count} of {out.size} elements, the first at index {index}."
    )
    lines = [head]
    lines += [f"  {name}: {range_of(x)}" for name, x in zip(names, operands, strict=False)]
    if came_in:
        lines.append("It came in with an operand: look where that was loaded or computed.")
    else:
        known = trap(FORWARD, op.name, operands, out.dtype)
        if known is None and not all(map(is_finite, operands)):
            known = "inf - inf, 0 * inf and inf / inf are NaN, and an operand holds inf already."
        lines.append(f"A known trap: {known or overflow(out.dtype)}")
    raise AnomalyError("\n".join(lines))


def _caller() -> tuple[Any, int]:
    frame = user_frame(sys._getframe(1))
    return frame.f_code, frame.f_lasti


# ------------------------------------------------------------------------------ reverse


def _backpropagate(order: Iterable[Node], seeds: dict[Node, Any], **how: Any) -> Any:
    """The reverse pass, after a slower one that looks at every part."""
    if _looking.get() != ON or how.get("every"):
        return _pass(order, seeds, **how)
    order = list(order)
    token = _looking.set(QUIET)  # what the rules compute on the way is no forward pass
    try:
        with np.errstate(all="ignore"):
            _look_back(order, seeds, how.get("wanted"))
        results = _pass(order, seeds, **how)
    finally:
        _looking.reset(token)
    for node, gradient in results:
        if not is_finite(getattr(gradient, "_array", gradient)):
            raise AnomalyError(
                f"A hook made the gradient at {describe_node(node)} other than finite."
            )
    return results


def _look_back(order: list[Node], seeds: dict[Node, Any], wanted: set[Node] | None) -> None:
    gradients: dict[Node, Any] = {}
    for node, seed in seeds.items():
        gradients[node] = plain = getattr(seed, "_array", seed)
        if not is_finite(plain):
            raise AnomalyError(
                f"The gradient that the reverse pass of {describe_node(node)} starts from is not"
                f" finite: {range_of(plain)}."
            )
    for node in order:
        g = gradients.pop(node, None)
        if g is None or node.op is None:
            continue
        if not node.plan.edges:
            reverse.gather_output(gradients, node, g)
            continue
        _look_at_parts(node, g, gradients, wanted)


def _look_at_parts(
    node: Node, g: Any, gradients: dict[Node, Any], wanted: set[Node] | None
) -> None:
    """Pass the gradient at `node` on to its operands, and raise if that is not finite."""
    saved = node.saved
    if saved is None:
        return
    if isinstance(g, list):
        g = reverse.complete_outputs(node, g)
    for position, rule, pick in node.plan.edges:
        parent = node.parents[position]
        if wanted is not None and parent not in wanted:
            continue
        part = rule(g, *(saved if pick is None else pick(saved)))
        if part is None:
            continue
        if not is_finite(part):
            _raise_reverse(node, position, g, part)
        part = contributions.fit(part, parent.shape, parent.dtype)
        present = gradients.get(parent)
        gradients[parent] = total = part if present is None else present + part
        if not is_finite(total):
            _raise_reverse(node, position, g, total)


def _raise_reverse(node: Node, position: int, g: Any, part: Any) -> NoReturn:
    assert node.op is not None
    number, index, count = first_of(part)
    op = node.op
    names = [*op.operand_names] * (len(node.parents) if op.variadic else 1)
    operands = [_known(node, name, i) for i, name in enumerate(names[: len(node.parents)])]
    shown = [
        f"  {name}: {range_of(value)}" if value is not None else f"  {name}: {form(parent)}"
        for name, value, parent in zip(names, operands, node.parents, strict=False)
    ]
    out = node.value if node.value is not None else _saved(node, "out")
    if out is not None and not op.multiple:
        shown.append(f"  output: {range_of(out)}")
    arriving = g if isinstance(g, tuple) else (g,)
    shown += [f"  gradient at the output: {range_of(each)}" for each in arriving]
    if not all(is_finite(x) for x in (*operands, *(node.saved or ())) if x is not None):
        words = (
            "What the forward pass saved is not finite already: put it inside the block too, to see"
            " where that was born."
        )
    else:
        if op.name in ("sqrt", "cbrt") and operands[0] is None:
            operands[0] = out  # 0 where x is 0
        dtype = node.parents[position].dtype
        words = f"A known trap: {trap(REVERSE, op.name, operands, dtype) or overflow(dtype)}"
    raise AnomalyError(
        f"The derivative of {describe_node(node)} with respect to {names[position]} is {number},"
        " the first number of the reverse pass that is not finite:"
        f" {count} of {part.size} elements, the first at index {index}.\n"
        + "\n".join([*shown, words])
    )


def _saved(node: Node, name: str) -> Any:
    """The value that `node` saved under this name, or None."""
    return dict(zip(node.plan.names, node.saved or (), strict=False)).get(name)


def _known(node: Node, name: str, position: int) -> Any:
    """The value of an operand, as far as the graph still has it."""
    parent = node.parents[position]
    if isinstance(parent, Absent):
        return _saved(node, name)
    if type(parent) is not Node:
        return parent
    value = _saved(node, name)
    return parent.value if value is None else value
