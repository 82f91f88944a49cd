"""Every primitive of the registry: value, derivatives, dtypes, layouts, constants.

Nothing here is listed by hand: a new entry is swept as soon as it is made.
"""

import itertools
import warnings
from functools import partial

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.primitive import OUTPUT, REGISTRY
from tests.autograd_core.checking import (
    as_list,
    check_complex_step,
    check_derivatives,
    check_form,
    plain,
    pull,
    random_like,
    slopes,
)
from tests.autograd_core.samples import LAYOUTS, cases, is_elementwise, primitives

CASES = [case for op in primitives() for case in cases(op)]
every_case = pytest.mark.parametrize("case", CASES, ids=str)
every_primitive = pytest.mark.parametrize("op", primitives(), ids=lambda op: op.name)

# Piecewise constant on the reals: the derivative is 0, there is nothing to see.
# Of one operand only: "primitive.operand".
FLAT = {"sign", "imag", "copysign.y", "heaviside.x"}


def computes(case, arrays):
    """Whether NumPy computes the primitive of these (without losing a part of the numbers)."""
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("error", np.exceptions.ComplexWarning)
            case.compute(*arrays)
    except (TypeError, np.exceptions.ComplexWarning):
        return False
    return True


def in_the_plane(case, rng):
    return case.draw(rng, dtype=complex)


def half_in_the_plane(case, rng, turn):
    """Complex and real operands in turn."""
    return [x if i % 2 == turn else x.real for i, x in enumerate(in_the_plane(case, rng))]


COMPLEX = [case for case in CASES if computes(case, in_the_plane(case, np.random.default_rng(0)))]


def is_holomorphic(case):
    """Whether the derivative along ``i u`` is ``i`` times that along ``u``, by values alone."""
    rng = np.random.default_rng(1)
    arrays = case.draw(rng, dtype=complex)
    direction = [random_like(x, rng) for x in arrays]
    along = slopes(case.compute, arrays, direction)
    across = slopes(case.compute, arrays, [1j * u for u in direction])
    return all(np.allclose(1j * a, b, atol=1e-7) for a, b in zip(along, across, strict=True))


def is_real_on_the_reals(case):
    """Whether real numbers give real ones: else Im f(x) is no difference quotient (an fft)."""
    outs = as_list(case.compute(*case.draw(np.random.default_rng(0))))
    return not any(map(np.iscomplexobj, outs))


HOLOMORPHIC = [case for case in COMPLEX if is_real_on_the_reals(case) and is_holomorphic(case)]


def test_every_primitive_of_the_registry_is_swept():
    assert {case.op.name for case in CASES} == REGISTRY.keys() - {OUTPUT.name}


def test_every_operand_with_a_rule_is_drawn_and_no_other():
    for op in primitives():
        drawn = {slot.name for case in cases(op) for slot in case.slots}
        ruled = {n for n, rule in zip(op.operand_names, op.rules, strict=True) if rule is not None}
        assert drawn == ruled, op.name


@every_case
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_value_is_numpys(case, dtype, rng):
    check_value(case, case.draw(rng, dtype=dtype), 4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("case", COMPLEX, ids=str)
def test_the_value_is_numpys_in_the_complex_plane(case, rng):
    check_value(case, case.draw(rng, dtype=complex), 1e-15)


def check_value(case, arrays, tolerance):
    outs = as_list(case.record(*map(Tensor, arrays)))
    for out, expected in zip(outs, as_list(case.compute(*arrays)), strict=True):
        assert (out.shape, out.dtype) == (expected.shape, expected.dtype)
        np.testing.assert_allclose(out.data, expected, rtol=tolerance)


@every_case
@pytest.mark.parametrize("layout", LAYOUTS)
def test_derivatives_of_first_and_second_order(case, layout, rng):
    arrays = case.draw(rng, layout)
    check_derivatives(case.record, arrays, rng, reference=case.compute, label=str(case))


@pytest.mark.parametrize("case", COMPLEX, ids=str)
def test_derivatives_in_the_complex_plane(case, rng):
    arrays = case.draw(rng, dtype=complex)
    check_derivatives(case.record, arrays, rng, reference=case.compute, label=str(case))


@pytest.mark.parametrize("case", HOLOMORPHIC, ids=str)
def test_derivatives_by_the_complex_step(case, rng):
    check_complex_step(case.record, case.draw(rng), rng, reference=case.compute)


@every_primitive
def test_every_operand_has_a_slope_to_get_wrong(op, rng):
    steepest = {}
    for case in cases(op):
        arrays = case.draw(rng)
        for moving, slot in enumerate(case.slots):
            direction = [random_like(x, rng) * (i == moving) for i, x in enumerate(arrays)]
            for change in slopes(case.compute, arrays, direction):
                slope = np.max(np.abs(change), initial=0.0)
                steepest[slot.name] = max(slope, steepest.get(slot.name, 0.0))
    for name, slope in steepest.items():
        flat = FLAT & {op.name, f"{op.name}.{name}"}
        assert (slope < 1e-9) if flat else (slope > 0.01), steepest


@every_case
def test_the_recorded_pass_gives_what_the_fast_one_gives(case, rng):
    operands = [Tensor(x) for x in case.draw(rng)]
    cotangents = [random_like(out.data, rng) for out in as_list(case.record(*operands))]
    fast = pull(case.record, operands, cotangents)
    recorded = pull(case.record, operands, cotangents, create_graph=True)
    for a, b in zip(fast, recorded, strict=True):
        np.testing.assert_allclose(plain(b), a, rtol=1e-14, atol=1e-16)


@every_case
def test_single_precision_stays_and_agrees(case, rng):
    arrays = case.draw(rng)
    singles = [x.astype("float32") for x in arrays]
    cotangents = [random_like(out, rng) for out in as_list(case.compute(*arrays))]
    wide = pull(case.record, [Tensor(x) for x in arrays], cotangents)
    gradients = pull(case.record, [Tensor(x) for x in singles], cotangents)
    check_form(gradients, singles, str(case))
    for gradient, expected in zip(gradients, wide, strict=True):
        np.testing.assert_allclose(gradient, expected, rtol=2e-4, atol=2e-5)


@every_case
@pytest.mark.parametrize("constant", [np.asarray, partial(Tensor, requires_grad=False)])
def test_only_what_records_gets_a_gradient_and_always_the_same(case, constant, rng):
    arrays = case.draw(rng)
    cotangents = [random_like(out, rng) for out in as_list(case.compute(*arrays))]
    everything = pull(case.record, [Tensor(x) for x in arrays], cotangents)
    for recording in itertools.product([False, True], repeat=len(arrays)):
        if not any(recording):
            continue
        operands = [Tensor(x) if r else constant(x) for x, r in zip(arrays, recording, strict=True)]
        leaves = [t for t, records in zip(operands, recording, strict=True) if records]
        gradients = pull(lambda *_, all=operands: case.record(*all), leaves, cotangents)
        expected = [g for g, records in zip(everything, recording, strict=True) if records]
        for gradient, right in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(gradient, right, rtol=1e-14, atol=1e-16)


@every_case
def test_where_nothing_records_the_value_is_the_same_without_a_history(case, rng):
    arrays = case.draw(rng)
    expected = as_list(case.compute(*arrays))
    constants = as_list(case.record(*[Tensor(x, requires_grad=False) for x in arrays]))
    for out, value, array in zip(constants, expected, as_list(case.record(*arrays)), strict=True):
        assert isinstance(out, Tensor)
        assert not isinstance(array, Tensor)
        assert not out.requires_grad
        np.testing.assert_array_equal(out.data, array)
        np.testing.assert_allclose(array, value, rtol=1e-15)


@every_primitive
def test_with_no_grad_nothing_is_recorded(op, rng):
    (case, *_) = cases(op)
    operands = [Tensor(x) for x in case.draw(rng)]
    with ag.no_grad():
        assert not any(out.requires_grad for out in as_list(case.record(*operands)))


# ------------------------------------------------------------------------------ mixed dtypes

SEVERAL = [case for case in CASES if len(case.slots) > 1]
PAIRS = [case for case in SEVERAL if is_elementwise(case.op)]


@pytest.mark.parametrize("case", SEVERAL, ids=str)
def test_each_gradient_has_the_dtype_of_its_operand(case, rng):
    first, *rest = case.draw(rng)
    arrays = [first.astype("float32"), *rest]
    outs = [out.astype("float64") for out in as_list(case.compute(*arrays))]
    cotangents = [random_like(out, rng) for out in outs]
    gradients = pull(case.record, [Tensor(x) for x in arrays], cotangents)
    check_form(gradients, arrays, str(case))
    wide = pull(case.record, [Tensor(x, dtype=float) for x in arrays], cotangents)
    for gradient, expected in zip(gradients, wide, strict=True):
        np.testing.assert_allclose(gradient, expected, rtol=2e-4, atol=2e-5)


@pytest.mark.parametrize("case", PAIRS, ids=str)
def test_a_python_number_does_not_widen(case, rng):
    x, y = (a.astype("float32") for a in case.draw(rng))
    number = float(y.flat[0]) if y.size else 1.5
    for arguments, swapped in (((x, number), False), ((number, y), True)):
        if swapped:
            number = float(x.flat[0]) if x.size else 0.5
            arguments = (number, y)
        array = y if swapped else x
        expected = case.op.numpy(*arguments)
        leaf = Tensor(array)
        out = case.op.call(*[leaf if a is array else a for a in arguments])
        assert out.dtype == expected.dtype
        out.backward(np.ones_like(out.data))
        check_form([leaf.grad], [array], str(case))


HALVES = [
    (case, turn)
    for case, turn in itertools.product(SEVERAL, [0, 1])
    if computes(case, half_in_the_plane(case, np.random.default_rng(0), turn))
]


@pytest.mark.parametrize(("case", "turn"), HALVES, ids=str)
def test_a_real_operand_beside_a_complex_one_gets_a_real_gradient(case, turn, rng):
    arrays = half_in_the_plane(case, rng, turn)
    check_derivatives(case.record, arrays, rng, reference=case.compute, label=str(case))
