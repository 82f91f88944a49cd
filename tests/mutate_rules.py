"""Would the sweeps notice a wrong rule? Break every rule of the registry and see.

``python -m tests.mutate_rules [NAME...]`` makes mutants of the rules of all primitives (or of those
named): one operator of the rule exchanged, one factor dropped, a minus forgotten, the sign flipped,
two arguments swapped, the gradient at the output ignored. It prints each that the gradient checks
let live. A mutant that computes the same numbers as the rule, wherever the sweep looks, is counted
as equal: some are no mistake (exchanging the two axes of swapaxes), others concern single points
(ties, zeros), which have tests of their own.
"""

import dis
import itertools
import sys
import types
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_core.entry import Primitive
from autograd_core.guard import guarded
from autograd_core.primitive import REGISTRY
from tests.autograd_core.checking import check_derivatives
from tests.autograd_core.primitives.test_sweep import COMPLEX
from tests.autograd_core.samples import Case, cases, primitives

Rule = Callable[..., Any]

#: Python's numbers for operators (they are the arguments of BINARY_OP), and what to write instead.
ADD, MATMUL, MULTIPLY, POWER, SUBTRACT, DIVIDE = 0, 4, 5, 8, 10, 11
INSTEAD = {ADD: SUBTRACT, SUBTRACT: ADD, MULTIPLY: DIVIDE, DIVIDE: MULTIPLY, POWER: MULTIPLY}
SIGN = dict(zip((0, 4, 5, 8, 10, 11), "+@*^-/", strict=True))


SEED = 20_240_229  # the sweep's


@dataclass(frozen=True)
class Mutant:
    """A wrong rule for one operand of a primitive."""

    op: Primitive
    position: int
    what: str
    rule: Rule

    def __str__(self) -> str:
        return f"{self.op.name}.{self.op.operand_names[self.position]}: {self.what}"


# ------------------------------------------------------------------------------ mutants


def mutants(op: Primitive) -> Iterator[Mutant]:
    """Wrong rules for every operand of `op`."""
    for position, rule in enumerate(op.rules):
        if rule is not None:
            names = () if op.variadic else op.rule_names[position]
            for what, wrong in _wrong(rule, names, op.singular):
                yield Mutant(op, position, what, wrong)


def _wrong(rule: Rule, names: tuple[str, ...], singular: bool) -> Iterator[tuple[str, Rule]]:
    yield "sign flipped", _like(rule, lambda g, *args, **named: -rule(g, *args, **named))
    yield (
        "the gradient ignored",
        _like(rule, lambda g, *args, **named: rule(_ones(g), *args, **named)),
    )
    for i, j in itertools.combinations(range(len(names)), 2):
        yield f"{names[i]} and {names[j]} swapped", _like(rule, _swapping(rule, i, j))
    inner = getattr(rule, "__wrapped__", rule)
    if isinstance(inner, types.FunctionType):
        for what, code in _codes(inner.__code__):
            wrong = types.FunctionType(
                code, inner.__globals__, inner.__name__, inner.__defaults__, inner.__closure__
            )
            wrong.__kwdefaults__ = inner.__kwdefaults__
            yield what, guarded(wrong) if singular else wrong


def _like(rule: Rule, wrong: Rule) -> Rule:
    wrong.__wrapped__ = rule  # type: ignore[attr-defined] # the same names of arguments
    return wrong


def _ones(g: Any) -> Any:
    return tuple(map(np.ones_like, g)) if isinstance(g, tuple) else np.ones_like(g)[()]


def _swapping(rule: Rule, i: int, j: int) -> Rule:
    def swapped(g: Any, *args: Any) -> Any:
        changed = list(args)
        changed[i], changed[j] = args[j], args[i]
        return rule(g, *changed)

    return swapped


def _codes(code: types.CodeType) -> Iterator[tuple[str, types.CodeType]]:
    """The code with one operator exchanged, or one factor or minus left out."""
    instructions = list(dis.get_instructions(code))
    ends = [following.offset for following in instructions[1:]] + [len(code.co_code)]
    nop, pop = dis.opmap["NOP"], dis.opmap["POP_TOP"]
    for number, (instruction, end) in enumerate(zip(instructions, ends, strict=True)):
        start = instruction.offset
        rest = bytes([nop, 0]) * ((end - start) // 2 - 1)  # in place of the operator's cache
        if instruction.opname == "UNARY_NEGATIVE":
            yield f"minus forgotten ({number})", _patched(code, start, bytes([nop, 0]) + rest)
        elif instruction.opname == "BINARY_OP" and instruction.arg in SIGN:
            symbol = SIGN[instruction.arg]
            if instruction.arg in (MULTIPLY, DIVIDE, MATMUL):
                dropped = bytes([pop, 0]) + rest
                yield f"right of {symbol} dropped ({number})", _patched(code, start, dropped)
            if instruction.arg in INSTEAD:
                other = INSTEAD[instruction.arg]
                exchanged = bytes([code.co_code[start], other])
                yield f"{symbol} became {SIGN[other]} ({number})", _patched(code, start, exchanged)


def _patched(code: types.CodeType, start: int, new: bytes) -> types.CodeType:
    old = code.co_code
    return code.replace(co_code=old[:start] + new + old[start + len(new) :])


# ------------------------------------------------------------------------------ judging


@contextmanager
def planted(mutant: Mutant) -> Iterator[list[bool]]:
    """The registry with the wrong rule in place; whether it ever gave other numbers."""
    op, right = mutant.op, mutant.op.rules[mutant.position]
    differs: list[bool] = []

    def wrong(*args: Any, **named: Any) -> Any:
        part = mutant.rule(*args, **named)
        if not differs and not _same(part, right(*args, **named)):
            differs.append(True)
        return part

    rules, plans = op.rules, op._plans
    edges = {mask: plan.edges for mask, plan in plans.items()}
    op.rules = (*rules[: mutant.position], wrong, *rules[mutant.position + 1 :])
    op._plans = {}
    for mask, plan in plans.items():  # the recorders of the hot path hold on to these
        plan.edges = op.plan(mask).edges
    try:
        yield differs
    finally:
        op.rules, op._plans = rules, plans
        for mask, plan in plans.items():
            plan.edges = edges[mask]


def _same(part: Any, right: Any) -> bool:
    if part is None or right is None:
        return part is right
    try:
        a, b = np.broadcast_arrays(getattr(part, "data", part), getattr(right, "data", right))
    except ValueError:
        return False
    return bool(np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True))


def verdict(mutant: Mutant) -> str:
    """What became of a mutant: "noticed", "survives", or "equal" if it gave the same numbers.

    The second order is for what only a recorded pass computes.
    """
    with planted(mutant) as differs, np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for order, (case, dtype) in itertools.product((1, 2), _draws(mutant.op)):
            rng = np.random.default_rng(SEED)
            arrays = case.draw(rng, dtype=dtype)
            try:
                check_derivatives(case.record, arrays, rng, order=order, reference=case.compute)
            except Exception:  # noqa: BLE001 - a mutant may fail in any way: it is noticed
                return "noticed"
    return "survives" if differs else "equal"


def _draws(op: Primitive) -> list[tuple[Case, Any]]:
    """What the sweeps draw for `op`: real numbers, and complex ones where NumPy takes them."""
    in_the_plane = [case for case in COMPLEX if case.op is op]
    return [*((case, float) for case in cases(op)), *((case, complex) for case in in_the_plane)]


def judged(ops: Iterable[Primitive]) -> dict[str, list[str]]:
    """All mutants of `ops`, by what became of them."""
    found: dict[str, list[str]] = {"noticed": [], "equal": [], "survives": []}
    for op in ops:
        for mutant in mutants(op):
            found[verdict(mutant)].append(str(mutant))
    return found


def main(names: list[str]) -> int:
    """Print the survivors; 1 if there are any."""
    found = judged([REGISTRY[name] for name in names] if names else primitives())
    for words in found["survives"]:
        print(f"survives: {words}")
    for words in found["equal"] if names else ():
        print(f"equal: {words}")
    print(", ".join(f"{len(them)} {what}" for what, them in found.items()))
    return bool(found["survives"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
