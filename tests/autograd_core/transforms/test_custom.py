"""``ag.primitive``: an operation of one's own gets all that the engine's own have."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.dispatch import RECORDED
from autograd_core.entry import REGISTRY
from autograd_core.primitive import example
from tests.autograd_core.checking import check_derivatives
from tests.autograd_core.samples import cases


def lambert(x):
    """The principal branch of Lambert's W for x > 0, by Newton's method: w exp(w) = x."""
    w = np.log1p(x)
    for _ in range(30):
        w = w - (w - x * np.exp(-w)) / (1 + w)
    return w


@pytest.fixture
def define():
    """``ag.primitive``, whose entries are gone after the test."""
    before = set(REGISTRY)
    yield ag.primitive
    for name in set(REGISTRY) - before:
        del REGISTRY[name]


@pytest.fixture
def lambertw(define):
    return define(
        lambert,
        lambda g, out, x: g * out / (x * (1 + out)),
        latex=r"W({x})",
        domain=(0.2, 3.0),
    )


def swept(recorder, rng):
    for case in cases(recorder.primitive):
        arrays = case.draw(rng)
        check_derivatives(case.record, arrays, rng, reference=case.compute, label=str(case))


def test_it_is_swept_as_the_engines_own(lambertw, rng):
    swept(lambertw, rng)


def test_on_plain_arrays_it_is_the_function(lambertw):
    assert type(lambertw(np.ones(2))) is np.ndarray
    assert lambertw(1.0) == pytest.approx(0.5671432904097838)


def test_derivatives_of_any_order_and_transforms(lambertw):
    x = 0.8
    assert ag.grad(lambertw)(x) == pytest.approx(1 / (x + np.exp(lambert(x))))
    h = 1e-5
    slope = ag.grad(lambertw)
    assert ag.grad(slope)(x) == pytest.approx((slope(x + h) - slope(x - h)) / (2 * h), rel=1e-8)
    hessian = ag.hessian(lambda x: np.sum(lambertw(x) * x))(np.array([0.5, 0.8]))
    assert hessian.shape == (2, 2)


def test_it_is_in_the_picture_and_in_messages(lambertw):
    x = ag.Tensor(0.8, name="x")
    y = lambertw(x) * 2.0
    assert "lambert" in ag.draw(y).source
    y.backward()
    with pytest.raises(ag.GraphError, match=r"lambert|multiply"):
        y.backward()


def test_several_operands_keywords_and_a_door(define, rng):
    def blend(x, y, *, weight=0.5):
        return weight * x * y + (1 - weight) * y

    def door(x, y, weight=0.5):
        return [x, y], {"weight": float(weight)}

    blended = define(
        blend,
        x=lambda g, y, weight: g * weight * y,
        y=lambda g, x, weight: g * (weight * x + 1 - weight),
        door=door,
        keywords=["weight"],
        examples=[example((3,), (2, 1), weight=0.3), example((), ())],
    )
    swept(blended, rng)
    x = ag.Tensor(2.0)
    blended(x, 5.0, 1).backward()
    assert x.grad == 5.0


def test_several_outputs_and_a_constant_operand(define, rng):
    def polar(x, y):
        return np.hypot(x, y), np.arctan2(y, x)

    def pull_x(g, x, y, out):
        radius = out[0]
        return g[0] * x / radius - g[1] * y / radius**2

    def pull_y(g, x, y, out):
        radius = out[0]
        return g[0] * y / radius + g[1] * x / radius**2

    recorded = define(
        polar, x=pull_x, y=pull_y, multiple=True, domain=(0.5, 2.0), examples=[example((3,), (3,))]
    )
    swept(recorded, rng)
    picked = define(
        lambda table, x: table[np.asarray(x, int)] * x,
        table=None,
        x=lambda g, table, x: g * table[np.asarray(x, int)],
        name="picked",
    )
    assert ag.grad(lambda x: picked(np.array([5.0, 7.0]), x))(1.5) == 7.0


def test_a_ufunc_of_another_package_is_dispatched(define):
    special = pytest.importorskip("scipy.special")
    define(special.spence, lambda g, x: g * np.log(x) / (1 - x), name="spence of this test")
    try:
        slope = ag.grad(lambda x: 2.0 * special.spence(x))(0.5)
    finally:
        del RECORDED[special.spence]
    assert slope == pytest.approx(4 * np.log(0.5))


def test_running_the_definition_again_replaces_it(define):
    old = define(lambert, lambda g: g * 0.0)
    x = ag.Tensor(0.8)
    before = old(x)
    new = define(lambert, lambda g: g * 7.0)
    assert ag.grad(new)(0.8) == 7.0
    before.backward()
    assert x.grad == 0.0


def test_a_wrong_definition_says_so(define):
    with pytest.raises(ValueError, match="There is already a primitive called 'exp'"):
        define(lambert, lambda g: g, name="exp")
    with pytest.raises(ValueError, match="already a primitive called 'sin'"):
        define(np.sin, lambda g: g)
    with pytest.raises(TypeError, match="The rules of primitive 'wrong' take g first"):
        define(lambert, lambda g, z: g * z, name="wrong")
