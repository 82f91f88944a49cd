"""Derivatives over shapes, layouts and indices that nobody chose: Hypothesis draws them.

Each property is checked with a few draws that are always the same, and, marked slow, with many
new ones.
"""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as drawn

import autograd_core as ag
from tests.autograd_core.checking import check_derivatives
from tests.autograd_core.samples import LAYOUTS, case_of, is_elementwise, lay_out, primitives

ELEMENTWISE = [op for op in primitives() if is_elementwise(op)]
REDUCTIONS = [  # of nothing but an array
    op
    for op in primitives()
    if op.keyword_names[:2] == ("axis", "keepdims")
    and any(len(arguments) == 1 and not keywords for arguments, keywords in op.examples)
]

FEW = settings(derandomize=True, max_examples=60)
MANY = settings(max_examples=3000)

seeds = st.integers(0, 2**32 - 1)
layouts = st.sampled_from(LAYOUTS)


def shapes():
    return drawn.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)


# ------------------------------------------------------------------------------ elementwise


@st.composite
def elementwise_calls(draw):
    op = draw(st.sampled_from(ELEMENTWISE))
    count = len(op.operand_names)
    broadcast = drawn.mutually_broadcastable_shapes(
        num_shapes=count, min_side=0, max_side=4, max_dims=4
    )
    case = case_of(op, draw(broadcast).input_shapes)
    return case, draw(layouts), draw(seeds)


def check_call(call):
    case, layout, seed = call
    rng = np.random.default_rng(seed)
    arrays = case.draw(rng, layout)
    check_derivatives(case.record, arrays, rng, reference=case.compute, label=str(case))


@FEW
@given(elementwise_calls())
def test_elementwise(call):
    check_call(call)


@pytest.mark.slow
@MANY
@given(elementwise_calls())
def test_elementwise_at_length(call):
    check_call(call)


# ------------------------------------------------------------------------------ reductions


@st.composite
def reductions(draw):
    op = draw(st.sampled_from(REDUCTIONS))
    shape = draw(shapes())
    several = st.lists(st.integers(-len(shape), len(shape) - 1), unique_by=lambda a: a % len(shape))
    choices = st.none() | several.map(tuple) if shape else st.none()
    keywords = {"axis": draw(choices), "keepdims": draw(st.booleans())}
    case = case_of(op, [shape], keywords)
    assume(is_defined(case))
    return case, draw(layouts), draw(seeds)


def is_defined(case):
    """Whether NumPy has a value for these shapes: of nothing at all there is no largest."""
    try:
        case.compute(*case.draw(np.random.default_rng(0)))
    except (ValueError, RuntimeWarning):
        return False
    return True


@FEW
@given(reductions())
def test_reductions(call):
    check_call(call)


@pytest.mark.slow
@MANY
@given(reductions())
def test_reductions_at_length(call):
    check_call(call)


# ------------------------------------------------------------------------------ products


@st.composite
def products(draw):
    """Operands of matmul: any leading axes that broadcast, either of them a vector."""
    n, k, m = (draw(st.integers(0, 3)) for _ in range(3))
    leading = draw(drawn.mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=3))
    x, y = leading.input_shapes
    left = (k,) if draw(st.booleans()) and not x else (*x, n, k)
    right = (k,) if draw(st.booleans()) and not y else (*y, k, m)
    return left, right, draw(layouts), draw(seeds)


def check_product(call):
    left, right, layout, seed = call
    rng = np.random.default_rng(seed)
    arrays = [lay_out(rng.uniform(-2, 2, shape), layout) for shape in (left, right)]
    check_derivatives(np.matmul, arrays, rng)
    check_derivatives(np.dot, arrays, rng)


@FEW
@given(products())
def test_products(call):
    check_product(call)


@pytest.mark.slow
@MANY
@given(products())
def test_products_at_length(call):
    check_product(call)


# ------------------------------------------------------------------------------ indices


@st.composite
def indices(draw):
    shape = draw(drawn.array_shapes(min_dims=1, max_dims=3, max_side=4))
    basic = drawn.basic_indices(shape, allow_newaxis=True)
    arrays = drawn.integer_array_indices(shape)
    mask = drawn.arrays(bool, shape)
    return shape, draw(basic | arrays | mask), draw(layouts), draw(seeds)


def check_index(call):
    shape, index, layout, seed = call
    rng = np.random.default_rng(seed)
    x = lay_out(rng.uniform(-2, 2, shape), layout)
    np.testing.assert_array_equal(ag.Tensor(x)[index].data, x[index])
    check_derivatives(lambda t: t[index], [x], rng)
    value = np.asarray(rng.uniform(-2, 2, x[index].shape))[()]
    check_derivatives(lambda t, v: ag.index_add(t, index, v), [x, value], rng)
    written = x.copy()
    written[index] = value
    updated = ag.index_update(ag.Tensor(x), index, value)
    np.testing.assert_array_equal(updated.data, written)
    check_derivatives(lambda t, v: ag.index_update(t, index, v), [x, value], rng)


@FEW
@given(indices())
def test_indices(call):
    check_index(call)


@pytest.mark.slow
@MANY
@given(indices())
def test_indices_at_length(call):
    check_index(call)


# ------------------------------------------------------------------------------ shapes


@st.composite
def rearrangements(draw):
    """A function that moves numbers about, and the shape it is for."""
    shape = draw(shapes())
    axes = draw(st.permutations(range(len(shape))))
    order = draw(st.sampled_from("CFAK"))
    wide = draw(drawn.broadcastable_shapes(shape, max_side=4, max_dims=4))
    sides = np.broadcast_shapes(shape, wide)
    functions = [
        lambda x: np.transpose(x, axes),
        lambda x: np.ravel(x, order=order),
        lambda x: np.reshape(x, shape[::-1], order="A" if order == "K" else order),
        lambda x: np.broadcast_to(x, sides),
        lambda x: np.squeeze(np.expand_dims(x, 0)),
        lambda x: np.concatenate([x, np.transpose(x, axes)], axis=None),
        lambda x: np.stack([x, np.sin(x)], axis=-1),
    ]
    return draw(st.sampled_from(functions)), shape, draw(layouts), draw(seeds)


def check_rearrangement(call):
    function, shape, layout, seed = call
    rng = np.random.default_rng(seed)
    x = lay_out(np.asarray(rng.uniform(-2, 2, shape)), layout)
    np.testing.assert_array_equal(function(ag.Tensor(x, copy=False)).data, function(x))
    check_derivatives(function, [x], rng)


@FEW
@given(rearrangements())
def test_rearrangements(call):
    check_rearrangement(call)


@pytest.mark.slow
@MANY
@given(rearrangements())
def test_rearrangements_at_length(call):
    check_rearrangement(call)
