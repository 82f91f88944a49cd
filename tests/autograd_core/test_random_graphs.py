"""Random graphs of hundreds of nodes, every operation drawn from the registry.

A node takes earlier values, whichever; so parts are shared, and what nobody takes counts as well:
the loss is a weighted sum of all nodes. Between two operations stands a bridge that brings the
values into the domain of the next one and keeps everything of moderate size. One program runs on
Tensors, on arrays (for differences) and on dual numbers. Where `dual_numbers` has no derivative of
an operation from the textbook, the dual number takes NumPy's own function apart by differences, at
that one node, where no rounding of a long computation disturbs them.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograd_core import Tensor
from tests.autograd_core import dual_numbers as dual
from tests.autograd_core.checking import STEP, as_list, inner, pull, size, slopes
from tests.autograd_core.dual_numbers import Dual
from tests.autograd_core.samples import cases, domain_of, primitives

#: Shapes of the leaves, of every dtype, and a constant beside them.
SHAPES = [(), (3,), (2, 3), (1, 2), (2, 1, 2)]
CONSTANT = np.array([[1, -2], [0, 3]])

TEXTBOOK = {
    "add": dual.add,
    "subtract": dual.subtract,
    "multiply": dual.multiply,
    "divide": dual.divide,
    "sin": dual.sin,
    "tanh": dual.tanh,
    "exp": dual.exp,
    "log": dual.log,
    "sqrt": dual.sqrt,
    "absolute": dual.absolute,
}


@cache
def usable():
    """The cases of the registry that have elements to draw and to give."""
    found = []
    for op in primitives():
        for case in cases(op):
            if all(np.prod(slot.shape) for slot in case.slots) and case.slots:
                drawn = case.draw(np.random.default_rng(5))
                with np.errstate(all="ignore"):
                    outs = [np.asarray(out) for out in as_list(case.compute(*drawn))]
                if all(out.size for out in outs):
                    found.append((case, drawn, 1 + max(np.max(np.abs(out)) for out in outs)))
    return found


@dataclass(frozen=True)
class Step:
    """One node: which case of the registry, and which earlier values it takes."""

    case: int
    operands: tuple[int, ...]
    narrow: bool  # to float32


whole = st.integers(0, 2**16)
steps = st.builds(
    Step, whole, st.tuples(whole, whole, whole), st.sampled_from([False, False, True])
)
seeds = st.integers(0, 2**32 - 1)


def leaves_of(seed, dtypes):
    rng = np.random.default_rng(seed)
    arrays, directions = [], []
    for dtype in dtypes:
        for shape in SHAPES:
            for target in (arrays, directions):
                numbers = rng.uniform(-1, 1, shape)
                if dtype.startswith("complex"):
                    numbers = numbers + 1j * rng.uniform(-1, 1, shape)
                target.append(np.asarray(numbers).astype(dtype)[()])
    return arrays, directions


# ------------------------------------------------------------------------------ pieces of a node


#: How far an operand may move from where it was drawn without a kink on the way.
WIDTHS = {"distinct": 0.004, "dominant": 0.05, "nonzero": 0.1, "quantile": 0.003}


def domain_at(case, slot):
    """Where an operand may lie; quantiles have a kink wherever they name one element."""
    return "quantile" if slot.name == "q" else domain_of(case.op, slot.name)


def bridge(x, shape, domain, centre):
    """Any value `x` as an operand of `shape` in `domain`, near where `centre` was drawn."""
    x = np.sin(np.real(x) + 0.5 * np.imag(x))
    places = np.arange(int(np.prod(shape))) % x.size
    wave = np.reshape(np.ravel(x)[places], shape)
    if isinstance(domain, tuple):  # halfway to where it was drawn, so that no two are the same
        low, high = domain
        return 0.5 * centre + 0.25 * (low + high) + 0.22 * (high - low) * wave
    return centre + WIDTHS[domain] * wave


def gathered(outs, scale):
    """The outputs of an operation as one value of moderate size."""
    parts = [np.ravel(np.real(out) + 0.5 * np.imag(out)) for out in outs]
    joined = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return np.sin(joined * (1 / scale))


def node(values, step, apply):
    """One more value; `apply` makes one of operands by a function on arrays, or by recording."""
    case, drawn, scale = usable()[step.case % len(usable())]
    operands = [
        apply(
            lambda x, slot=slot, centre=centre: bridge(
                x, slot.shape, domain_at(case, slot), centre
            ),
            [values[step.operands[i % 3] % len(values) - i // 3]],
        )
        for i, (slot, centre) in enumerate(zip(case.slots, drawn, strict=True))
    ]
    outs = apply(case, operands)
    value = apply(lambda *outs: gathered(outs, scale), as_list(outs))
    return apply(lambda x: x.astype("f4"), [value]) if step.narrow else value


def on_tensors(function, operands):
    return (function.record if hasattr(function, "record") else function)(*operands)


def on_arrays(function, operands):
    return (function.compute if hasattr(function, "compute") else function)(*operands)


def on_duals(function, operands):
    """Values by NumPy; slopes from the textbook, or from differences of this function alone."""
    plain = function.compute if hasattr(function, "compute") else function
    values = [x.value for x in operands]
    outs = as_list(plain(*values))
    known = TEXTBOOK.get(function.op.name) if hasattr(function, "op") else None
    if known is not None and not function.keywords:
        results = [known(*operands)]
    else:
        wide = [widened(x) for x in values]
        changes = slopes(plain_wide(plain), wide, [widened(x.slope) for x in operands])
        results = [Dual(*pair) for pair in zip(outs, changes, strict=True)]
    results = [Dual(out, x.slope) for out, x in zip(outs, results, strict=True)]
    return results if len(results) > 1 else results[0]


def widened(x):
    return np.asarray(x).astype(np.result_type(x, np.float64))[()]


def plain_wide(function):
    """Differences are taken in double precision: a cast to float32 among them is left out."""
    return lambda *xs: [
        part if np.asarray(part).dtype.itemsize >= 8 else xs[0] for part in as_list(function(*xs))
    ]


def execute(program, leaves, apply, constant):
    """All values of the program, the leaves first."""
    values = [*leaves, constant]
    for step in program:
        values.append(node(values, step, apply))
    return values[len(leaves) + 1 :]


def loss(values, rng):
    """A weighted sum of all nodes, so that none is without effect."""
    total = 0.0
    for value in values:
        total = total + np.sum(value * rng.uniform(-1, 1, value.shape))
    return total


# ------------------------------------------------------------------------------ the comparisons


def gradients_of(program, arrays, seed):
    leaves = [Tensor(x) for x in arrays]
    values = execute(program, leaves, on_tensors, CONSTANT)
    total = loss(values, np.random.default_rng(seed))
    return values, pull(lambda *_: total, leaves, [np.ones(())[()]])


def agrees_with_dual_numbers(program, seed, dtypes, tolerance):
    arrays, directions = leaves_of(seed, dtypes)
    values, gradients = gradients_of(program, arrays, seed)
    duals = execute(
        program, list(map(Dual, arrays, directions)), on_duals, dual.constant(CONSTANT * 1.0)
    )
    for value, twin in zip(values, duals, strict=True):
        assert value.dtype == np.asarray(twin.value).dtype
        np.testing.assert_allclose(value.data, twin.value, rtol=tolerance, atol=tolerance)
    rng = np.random.default_rng(seed)
    expected = sum(np.sum(x.slope * rng.uniform(-1, 1, np.shape(x.value))) for x in duals)
    bound = tolerance * (1 + size(gradients, directions))
    assert abs(inner(gradients, directions) - expected) <= bound
    return gradients


def agrees_with_differences(program, seed):
    program = [Step(step.case, step.operands, False) for step in program]
    arrays, directions = leaves_of(seed, ["float64", "complex128"])
    _, gradients = gradients_of(program, arrays, seed)

    def value(*moved):
        values = execute(program, moved, on_arrays, CONSTANT)
        return [np.asarray(loss(values, np.random.default_rng(seed)))]

    (expected,) = slopes(value, arrays, directions)
    bound = 1e-6 * (1 + size(gradients, directions)) + 1e-12 / STEP
    assert abs(inner(gradients, directions) - expected) <= bound


def programs(least, most):
    return st.lists(steps, min_size=least, max_size=most)


WIDE, MIXED = ["float64", "complex128"], ["float64", "float32", "complex128"]
SETTINGS = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=15, derandomize=True, **SETTINGS)
@given(programs(20, 80), seeds)
def test_random_graphs_agree_with_dual_numbers(program, seed):
    agrees_with_dual_numbers(program, seed, MIXED, 1e-3)
    program = [Step(step.case, step.operands, False) for step in program]
    agrees_with_dual_numbers(program, seed, WIDE, 1e-7)


@settings(max_examples=15, derandomize=True, **SETTINGS)
@given(programs(20, 80), seeds)
def test_random_graphs_agree_with_differences(program, seed):
    agrees_with_differences(program, seed)


@pytest.mark.slow
@settings(max_examples=150, **SETTINGS)
@given(programs(100, 400), seeds)
def test_big_random_graphs(program, seed):
    agrees_with_dual_numbers(program, seed, MIXED, 1e-3)
    agrees_with_differences(program, seed)


def registry_shuffled(rng, count, narrow):
    """A program of different cases of the registry, without Hypothesis."""
    return [
        Step(int(case), tuple(map(int, rng.integers(0, 2**16, 3))), bool(rng.uniform() < narrow))
        for case in rng.permutation(len(usable()))[:count]
    ]


def test_hundreds_of_nodes(rng):
    for count in (300, 400):
        program = registry_shuffled(rng, count, narrow=0)
        agrees_with_dual_numbers(program, count, WIDE, 1e-7)
        agrees_with_differences(program, count)


def test_hundreds_of_nodes_of_mixed_dtypes(rng):
    agrees_with_dual_numbers(registry_shuffled(rng, 300, narrow=0.1), 0, MIXED, 1e-3)


@pytest.mark.slow
def test_the_whole_registry_in_one_graph(rng):
    program = registry_shuffled(rng, len(usable()), narrow=0)
    agrees_with_dual_numbers(program, 0, WIDE, 1e-7)
    agrees_with_differences(program, 0)


def test_the_graphs_draw_from_the_whole_registry():
    left_out = {op.name for op in primitives()} - {case.op.name for case, *_ in usable()}
    assert not left_out


def test_a_wrong_rule_is_found(monkeypatch, rng):
    number = next(i for i, (case, *_) in enumerate(usable()) if case.op.name == "tanh")
    program = [*registry_shuffled(rng, 100, narrow=0), Step(number, (1, 2, 3), False)]
    agrees_with_differences(program, 0)
    op = usable()[number][0].op
    ((position, rule, pick),) = op.plan(1).edges
    monkeypatch.setattr(op.plan(1), "edges", ((position, lambda *a: rule(*a) * 1.001, pick),))
    with pytest.raises(AssertionError):
        agrees_with_differences(program, 0)
    with pytest.raises(AssertionError):
        agrees_with_dual_numbers(program, 0, WIDE, 1e-7)
