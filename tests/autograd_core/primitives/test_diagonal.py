"""diagonal, diag, diagflat, trace, tril, triu over all arguments."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from tests.autograd_core.moving import check_moved

CALLS = {
    **{f"diagonal, {k}": (lambda x, k=k: np.diagonal(x, k), (3, 4)) for k in (-3, -1, 0, 2, 9)},
    "diagonal, axes": (lambda x: np.diagonal(x, 1, -1, 0), (2, 3, 4)),
    "diagonal, method": (lambda x: x.diagonal(offset=-1, axis1=1, axis2=2), (2, 3, 4)),
    **{f"trace, {k}": (lambda x, k=k: np.trace(x, k), (3, 4)) for k in (-3, -1, 0, 2, 9)},
    "trace, axes": (lambda x: np.trace(x, 1, axis1=2, axis2=0), (2, 3, 4)),
    "trace, dtype": (lambda x: x.trace(dtype=np.complex128), (2, 2)),
    **{f"diag, {k}": (lambda x, k=k: np.diag(x, k), (3, 4)) for k in (-1, 0, 2)},
    **{f"diag of a vector, {k}": (lambda x, k=k: np.diag(x, k), (3,)) for k in (-1, 0, 2)},
    "diagflat": (np.diagflat, (2, 2)),
    "diagflat, k": (lambda x: np.diagflat(x, -2), (2,)),
    "diagflat of a number": (lambda x: np.diagflat(x, 1), ()),
    **{f"tril, {k}": (lambda x, k=k: np.tril(x, k), (3, 4)) for k in (-1, 0, 2)},
    **{f"triu, {k}": (lambda x, k=k: np.triu(x, k), (2, 3, 4)) for k in (-1, 0, 2)},
    "tril of a vector": (np.tril, (3,)),
    "triu of a vector": (lambda x: np.triu(x, 1), (3,)),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_it_is_what_numpy_gives(call, rng):
    function, shape = call
    check_moved(function, [shape], rng, exact="trace" not in repr(function))


def test_a_diagonal_shares_the_version_of_its_matrix():
    x = Tensor(np.ones((2, 2)))
    seen = np.diagonal(x)
    loss = (seen * seen).sum()
    with ag.no_grad():
        x *= 2.0
    with pytest.raises(ag.OverwrittenError):
        loss.backward()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: np.diagonal(Tensor([1.0])), ["diagonal", "(1,)", "np.diag(v)"]),
        (lambda: np.diagonal(Tensor([[1.0]]), 0, 0, 0), ["diagonal", "twice"]),
        (lambda: np.trace(Tensor([[1.0]]), axis1=3), ["trace", "axis 3"]),
        (lambda: np.diag(Tensor(np.ones((1, 1, 1)))), ["diag", "axis1=-2"]),
        (lambda: np.tril(Tensor(1.0)), ["tril", "no axes"]),
    ],
)
def test_what_is_wrong_is_said(wrong, words):
    with pytest.raises(ag.ShapeError) as caught:
        wrong()
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(
    "call",
    [
        lambda x, out: np.trace(x, out=out),
        lambda x, out: np.trace(x, 0, 0, 1, None, out),
        lambda x, out: x.trace(out=out),
    ],
)
def test_writing_into_an_array_is_refused(call):
    with pytest.raises(ag.NotDifferentiable, match=r"trace.*out="):
        call(Tensor(np.ones((2, 2))), np.zeros(()))
