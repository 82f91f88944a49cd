"""The engine against forward mode, on random expressions with shared parts."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core import dual_numbers as dual
from tests.autograd_core.checking import pull

TOLERANCE = 1e-10
SHAPES = [(), (3,), (1, 3), (2, 1), (2, 3)]  # any two of which broadcast
AXES = [None, 0, -1]

# Each operation twice: on Tensors, and on dual numbers. Arguments are kept where both are smooth,
# and values where a long expression stays of moderate size.
ONE = {
    "sin": (np.sin, dual.sin),
    "tanh": (np.tanh, dual.tanh),
    "exp": (lambda x: np.exp(np.tanh(x)), lambda x: dual.exp(dual.tanh(x))),
    "log": (
        lambda x: np.log(1.5 + np.sin(x)),
        lambda x: dual.log(dual.add(dual.constant(1.5), dual.sin(x))),
    ),
    "sqrt": (
        lambda x: np.sqrt(1 + x**2),
        lambda x: dual.sqrt(dual.add(dual.constant(1.0), dual.power(x, 2))),
    ),
    "cube": (lambda x: np.tanh(x) ** 3, lambda x: dual.power(dual.tanh(x), 3)),
    "abs": (abs, dual.absolute),
}
TWO = {
    "add": (lambda x, y: x + np.tanh(y), lambda x, y: dual.add(x, dual.tanh(y))),
    "subtract": (lambda x, y: np.tanh(x) - y, lambda x, y: dual.subtract(dual.tanh(x), y)),
    "multiply": (lambda x, y: np.sin(x) * y, lambda x, y: dual.multiply(dual.sin(x), y)),
    "divide": (
        lambda x, y: x / (2 + np.sin(y)),
        lambda x, y: dual.divide(x, dual.add(dual.constant(2.0), dual.sin(y))),
    ),
    "where": (
        lambda x, y: np.where(x.data > 0, x, y),
        lambda x, y: dual.where(x.value > 0, x, y),
    ),
    "matmul": (
        lambda x, y: np.tanh((matrix(x) @ matrix(y).T) @ matrix(y)),
        lambda x, y: dual.tanh(dual.matmul(dual.matmul(flat(x), dual.transpose(flat(y))), flat(y))),
    ),
}
REDUCE = {  # of the hyperbolic tangent
    "sum": (np.sum, dual.sum),
    "mean": (np.mean, dual.mean),
    "var": (np.var, dual.var),
    "logsumexp": (ag.logsumexp, dual.logsumexp),
}
ALONG = {"softmax": (ag.softmax, dual.softmax)}


def matrix(x):
    """`x` in shape (2, 3), so that any two of them multiply."""
    return np.broadcast_to(x, (2, 3))


def flat(x):
    return dual.Dual(np.broadcast_to(x.value, (2, 3)), np.broadcast_to(x.slope, (2, 3)))


@dataclass(frozen=True)
class Step:
    """One operation: its name, which earlier values it takes, along which axis."""

    name: str
    operands: tuple[int, int]
    axis: int


steps = st.builds(
    Step,
    st.sampled_from([*ONE, *TWO, *REDUCE, *ALONG]),
    st.tuples(st.integers(0, 20), st.integers(0, 20)),
    st.integers(0, 2),
)
programs = st.lists(steps, min_size=1, max_size=12)
leaf_shapes = st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3)
seeds = st.integers(0, 2**32 - 1)


def execute(program, leaves, which):
    """Run `program`: each step takes any two of the leaves and of what came before it."""
    values = list(leaves)
    for step in program:
        x, y = (values[i % len(values)] for i in step.operands)
        if step.name in ONE:
            values.append(ONE[step.name][which](x))
        elif step.name in TWO:
            values.append(TWO[step.name][which](x, y))
        elif which:
            function = (REDUCE | ALONG)[step.name][1]
            values.append(function(dual.tanh(x), axis_of(step, np.ndim(x.value))))
        elif step.name in REDUCE:
            function = REDUCE[step.name][0]
            values.append(function(np.tanh(x), axis=axis_of(step, x.ndim), keepdims=True))
        else:
            values.append(ALONG[step.name][0](np.tanh(x), axis_of(step, x.ndim)))
    return values[-1]


def axis_of(step, ndim):
    """The axis asked for if there are two, else all of them."""
    axis = AXES[step.axis] if ndim == 2 else None
    return tuple(range(ndim)) if axis is None else axis


def draw(shapes, seed):
    rng = np.random.default_rng(seed)
    arrays = [np.asarray(rng.uniform(-2, 2, shape))[()] for shape in shapes]
    directions = [np.asarray(rng.uniform(-1, 1, shape))[()] for shape in shapes]
    return arrays, directions, rng


def agrees(program, shapes, seed):
    arrays, directions, rng = draw(shapes, seed)
    expected = execute(program, map(dual.Dual, arrays, directions), 1)
    leaves = [Tensor(x) for x in arrays]
    out = execute(program, leaves, 0)
    assert out.shape == np.shape(expected.value)
    np.testing.assert_allclose(out.data, expected.value, rtol=TOLERANCE, atol=TOLERANCE)
    cotangent = np.asarray(rng.uniform(-1, 1, out.shape))[()]
    gradients = pull(lambda *_: out, leaves, [cotangent])
    terms = [g * u for g, u in zip(gradients, directions, strict=True)]
    found = sum(np.sum(term) for term in terms)
    scale = sum(np.sum(np.abs(term)) for term in terms)
    assert abs(found - np.sum(cotangent * expected.slope)) <= TOLERANCE * (1 + scale)


@settings(derandomize=True, max_examples=150)
@given(programs, leaf_shapes, seeds)
def test_reverse_agrees_with_forward_mode(program, shapes, seed):
    agrees(program, shapes, seed)


@pytest.mark.slow
@settings(max_examples=2000)
@given(st.lists(steps, min_size=1, max_size=30), leaf_shapes, seeds)
def test_reverse_agrees_with_forward_mode_at_length(program, shapes, seed):
    agrees(program, shapes, seed)


def test_every_operation_alone_agrees_with_forward_mode():
    for name in [*ONE, *TWO, *REDUCE, *ALONG]:
        for axis in range(3):
            agrees([Step(name, (0, 1), axis)], [(2, 3), (3,)], axis)


def test_a_wrong_derivative_disagrees(monkeypatch):
    monkeypatch.setitem(ONE, "sin", (np.sin, lambda x: dual.chain(np.sin(x.value), 1.0, x)))
    with pytest.raises(AssertionError):
        agrees([Step("sin", (0, 0), 0)], [(2, 3)], 0)


# ------------------------------------------------------------------------------ properties


@settings(derandomize=True, max_examples=60)
@given(programs, leaf_shapes, seeds, st.floats(-3, 3), st.floats(-3, 3))
def test_the_gradient_is_linear_in_the_cotangent(program, shapes, seed, a, b):
    arrays, _, rng = draw(shapes, seed)
    leaves = [Tensor(x) for x in arrays]
    out = execute(program, leaves, 0)
    v, w = (np.asarray(rng.uniform(-1, 1, out.shape))[()] for _ in range(2))
    of_v, of_w, of_both = (pull(lambda *_: out, leaves, [c]) for c in (v, w, a * v + b * w))
    for g, h, both in zip(of_v, of_w, of_both, strict=True):
        np.testing.assert_allclose(
            both, a * g + b * h, atol=1e-12 * (1 + np.max(np.abs(g)) + np.max(np.abs(h))) * 10
        )


@settings(derandomize=True, max_examples=60)
@given(st.lists(programs, min_size=2, max_size=4), leaf_shapes, seeds, st.randoms())
def test_gradients_add_up_in_any_order(parts, shapes, seed, random):
    arrays, _, _ = draw(shapes, seed)

    def gradients(order, separately):
        leaves = [Tensor(x) for x in arrays]
        losses = [np.sum(execute(parts[i], leaves, 0)) for i in order]
        if separately:
            for loss in losses:
                loss.backward(retain_graph=True)
        else:
            sum(losses[1:], losses[0]).backward()
        return [np.zeros(t.shape) if t.grad is None else t.grad for t in leaves]

    order = list(range(len(parts)))
    expected = gradients(order, separately=False)
    random.shuffle(order)
    for separately in (False, True):
        for g, right in zip(gradients(order, separately), expected, strict=True):
            np.testing.assert_allclose(g, right, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("doublings", [1, 5, 64])
def test_a_value_used_twice_at_every_step(doublings):
    x = Tensor(1.5)
    y = x
    for _ in range(doublings):
        y = y + y
    y.backward()
    assert x.grad == 2.0**doublings
