"""Every public operation and transform leaves nothing for the garbage collector."""

import gc
import pickle

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.graph import Node
from tests.autograd_core.checking import as_list, random_like
from tests.autograd_core.samples import cases, primitives


@pytest.fixture(scope="module", autouse=True)
def without_collector():
    """Only reference counting frees anything; what is there already is old."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()
    gc.collect()


def young():
    """Tensors and nodes made since the last collection that are still there."""
    return [x for x in gc.get_objects(generation=0) if type(x) is Node or isinstance(x, Tensor)]


def left_by(action):
    gc.collect(0)
    action()
    return young()


@pytest.mark.parametrize("op", primitives(), ids=lambda op: op.name)
def test_every_primitive_is_freed(op, rng):
    case = cases(op)[0]
    arrays = case.draw(rng)

    def action():
        operands = [Tensor(x) for x in arrays]
        for out in as_list(case.record(*operands)):
            if isinstance(out, Tensor) and out.requires_grad:
                out.backward(random_like(out.data, rng), retain_graph=True)

    action()  # plans are made once and kept
    assert left_by(action) == []


def function(x):
    return np.sum(np.tanh(x) * x**2) + ag.logsumexp(np.concatenate([x, x[::-1]]))


POINT = np.array([0.5, 1.0, 2.0])

TRANSFORMS = {
    "grad": lambda: ag.grad(function)(POINT),
    "value_and_grad": lambda: ag.value_and_grad(function)(POINT),
    "vjp": lambda: ag.vjp(function, POINT)[1](1.0),
    "jvp": lambda: ag.jvp(function, (POINT,), (POINT,)),
    "hvp": lambda: ag.hvp(function, POINT, POINT),
    "jacobian": lambda: ag.jacobian(np.tanh)(POINT),
    "jacobian_rows": lambda: list(ag.jacobian_rows(np.tanh, POINT, chunk=2)),
    "hessian": lambda: ag.hessian(function)(POINT),
    "laplacian": lambda: ag.laplacian(function)(POINT),
    "third order": lambda: ag.grad(ag.grad(ag.grad(lambda x: x**5)))(2.0),
    "in a closure": lambda: ag.grad(lambda w: ag.grad(lambda x: w * x**2)(3.0))(2.0),
    "gradcheck": lambda: ag.gradcheck(function, POINT, order=2),
    "gradcheck fails": lambda: str(ag.gradcheck(lambda x: x * x.detach(), POINT)),
    "pickle": lambda: pickle.loads(pickle.dumps(function(Tensor(POINT)))),
    "draw": lambda: ag.draw(function(Tensor(POINT))),
}


@pytest.mark.parametrize("action", TRANSFORMS.values(), ids=TRANSFORMS)
def test_every_transform_is_freed(action):
    action()
    assert left_by(action) == []


def test_a_cycle_would_be_noticed():
    """The one documented one: the leaf's gradient refers to the leaf."""
    assert left_by(lambda: (Tensor(3.0) ** 3).backward(create_graph=True))


def test_an_anomaly_is_freed_with_its_exception():
    def action():
        with pytest.raises(ag.AnomalyError), ag.detect_anomaly():
            np.sqrt(Tensor([1.0, 0.0])).sum().backward()

    action()
    assert left_by(action) == []
