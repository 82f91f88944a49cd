"""Optimisers against trajectories recorded with PyTorch, and what they refuse."""

import numpy as np
import pytest

import nn
from autograd_core import Tensor

# Recorded with torch 2.13.0 in float64:
#   w = torch.tensor([[1., -2., .5], [.25, 3., -1.]]); b = torch.tensor(.5); opt = make([w, b])
#   for t in range(steps):
#       w.grad = torch.sin(.3 * t + torch.arange(6.).reshape(2, 3)) + .1 * w
#       b.grad = torch.cos(torch.tensor(.2 * t)) + .1 * b
#       opt.step()
# w and b after 3 and after 100 steps, rounded to 12 decimals.
TRAJECTORIES = {
    "sgd": (
        lambda p: nn.SGD(p, lr=0.1),
        [0.884578252201, -2.218420191881, 0.270654306009, 0.28861244606, 3.175140740667,
         -0.730793691273, 0.198006809393],
        [0.256656904154, -0.520621641126, 0.520877933434, 0.245160022906, 0.926272253382,
         -0.705358918207, -0.274312276759],
    ),
    "sgd, weight decay": (
        lambda p: nn.SGD(p, lr=0.1, weight_decay=0.05),
        [0.870098637304, -2.187852710191, 0.264611402324, 0.285016085471, 3.130053190234,
         -0.717529387715, 0.192170655182],
        [0.16515342513, -0.194530189745, 0.4323317325, 0.156448757342, 0.449260951316,
         -0.551605002459, -0.346600546315],
    ),
    "momentum": (
        lambda p: nn.SGD(p, lr=0.05, momentum=0.9),
        [0.915837211749, -2.198636541065, 0.267257194654, 0.26110202195, 3.154529619435,
         -0.732624743144, 0.212569329549],
        [-0.499307788051, -0.021109465964, 0.463590759132, 0.530141269109, 0.097896876824,
         -0.41028200334, -0.16836512973],
    ),
    "momentum, weight decay": (
        lambda p: nn.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.05),
        [0.9019988549, -2.170367118622, 0.260843254869, 0.257680291024, 3.112430909387,
         -0.719307470411, 0.206227626934],
        [-0.528622073336, -0.04962456879, 0.496921364465, 0.572885438791, 0.1414820659,
         -0.443902801225, -0.215204038466],
    ),
    "nesterov": (
        lambda p: nn.SGD(p, lr=0.05, momentum=0.8, nesterov=True),
        [0.877707954549, -2.257774364163, 0.213180685544, 0.279508565903, 3.20352958032,
         -0.667224966477, 0.135088887471],
        [-0.266981811702, 0.081923233393, 0.606404085251, 0.416409791075, 0.064905605393,
         -0.619823844587, -0.577990625913],
    ),
    "nesterov, weight decay": (
        lambda p: nn.SGD(p, lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.05),
        [0.860221658858, -2.221255893111, 0.205669828069, 0.275196847366, 3.149516516213,
         -0.651000214073, 0.127771711248],
        [-0.265722091298, 0.237727734675, 0.571594341065, 0.349298263982, -0.150929544334,
         -0.565799079913, -0.657896327483],
    ),
    "adam": (
        lambda p: nn.Adam(p, lr=0.01),
        [0.972114304091, -2.030039390601, 0.470480939858, 0.244949762423, 3.029969274224,
         -0.970289538899, 0.470039332805],
        [0.770967804759, -1.836551733917, 0.439782985073, 0.305364112857, 2.73825712692,
         -0.867604948377, 0.394118506705],
    ),
    "adam, every option": (
        lambda p: nn.Adam(p, lr=0.02, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
        [0.941744708675, -2.060106860541, 0.44125412088, 0.238342709205, 3.05910699332,
         -0.940764022887, 0.440181985559],
        [0.478683623145, -1.341134503911, 0.348935250416, 0.271771705575, 2.063912268974,
         -0.645002963809, 0.238508261742],
    ),
}  # fmt: skip


def trajectory(make, steps, dtype=np.float64):
    w = Tensor([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]], dtype=dtype)
    b = Tensor(0.5, dtype=dtype)
    optimizer = make([w, b])
    positions = np.arange(6.0).reshape(2, 3)
    for t in range(steps):
        w.grad = np.sin(0.3 * t + positions) + 0.1 * w.data
        b.grad = np.cos(0.2 * t) + 0.1 * b.data
        optimizer.step()
    return w, b


@pytest.mark.parametrize("name", TRAJECTORIES)
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-11), (np.float32, 2e-6)])
def test_updates_equal_pytorch(name, dtype, tolerance):
    make, *expected = TRAJECTORIES[name]
    for steps, values in zip((3, 100), expected, strict=True):
        w, b = trajectory(make, steps, dtype)
        assert w.dtype == b.dtype == dtype
        np.testing.assert_allclose([*w.data.ravel(), b.data], values, rtol=0, atol=tolerance)


@pytest.mark.parametrize("name", TRAJECTORIES)
def test_a_step_works_in_place_and_leaves_the_gradient(name):
    x = Tensor(np.ones(1000))
    optimizer = TRAJECTORIES[name][0]([x])
    array, gradient = x.data, np.full(1000, 0.5)
    x.grad = gradient
    optimizer.step()
    assert x.data is array
    assert (x.grad == 0.5).all()


@pytest.mark.parametrize("name", TRAJECTORIES)
def test_a_step_allocates_no_arrays(name):
    tracemalloc = pytest.importorskip("tracemalloc")
    size = 100_000
    x = Tensor(np.ones(size))
    optimizer = TRAJECTORIES[name][0]([x])
    x.grad = np.ones(size)
    optimizer.step()
    tracemalloc.start()
    try:
        optimizer.step()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < x.data.nbytes / 10


def test_a_parameter_without_gradient_is_left_alone():
    used, unused = Tensor([1.0]), Tensor([1.0])
    for optimizer in (nn.SGD([used, unused], 0.1, momentum=0.9), nn.Adam([used, unused])):
        used.grad = np.array([1.0])
        optimizer.step()
        assert used.data < 1.0
        assert unused.data == 1.0


def test_zero_grad_forgets_and_lr_may_change():
    x = Tensor([1.0])
    optimizer = nn.SGD([x], lr=0.1)
    x.grad = np.array([1.0])
    optimizer.lr = 0.5
    optimizer.step()
    assert x.data == 0.5
    with pytest.raises(ValueError, match="SGD: lr must be a finite number of at least 0; got nan"):
        optimizer.lr = float("nan")
    assert optimizer.lr == 0.5
    optimizer.zero_grad()
    assert x.grad is None


def test_a_parameter_given_twice_moves_once():
    x = Tensor([1.0])
    optimizer = nn.SGD([x, x], lr=0.1)
    x.grad = np.array([1.0])
    optimizer.step()
    assert optimizer.parameters == [x]
    np.testing.assert_allclose(x.data, 0.9)


def test_a_gradient_that_is_a_tensor_is_used():
    x = Tensor([3.0])
    (x * x).sum().backward(create_graph=True)
    nn.SGD([x], lr=0.5).step()
    assert x.data == 0.0
    x.grad = None


def test_a_graph_that_saved_the_old_value_notices_a_step():
    x = Tensor([3.0])
    loss = (x * x).sum()
    x.grad = np.array([1.0])
    nn.SGD([x], lr=0.5).step()
    with pytest.raises(RuntimeError, match="multiply"):
        loss.backward()


X = Tensor([1.0])


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: nn.SGD([X], lr=-1.0), ValueError,
         "SGD: lr must be a finite number of at least 0; got -1.0"),
        (lambda: nn.SGD([X], lr=float("nan")), ValueError,
         "SGD: lr must be a finite number of at least 0; got nan"),
        (lambda: nn.Adam([X], lr=float("inf")), ValueError,
         "Adam: lr must be a finite number of at least 0; got inf"),
        (lambda: nn.SGD([X], lr=1.0, momentum=-0.1), ValueError,
         "SGD: momentum must be a finite number of at least 0; got -0.1"),
        (lambda: nn.SGD([X], lr=1.0, nesterov=True), ValueError,
         "SGD: nesterov=True looks ahead along the momentum; give momentum > 0"),
        (lambda: nn.Adam([X], betas=(0.9, 1.0)), ValueError,
         "Adam: betas[1] must be in [0, 1); got 1.0"),
        (lambda: nn.SGD(X, lr=1.0), TypeError,
         "SGD: give the parameters as a list or as model.parameters(); got one Tensor"),
        (lambda: nn.SGD(nn.Linear(1, 1), lr=1.0), TypeError,
         "SGD: give the parameters as a list or as model.parameters(); got one Linear"),
        (lambda: nn.SGD([np.ones(1)], lr=1.0), TypeError,
         "SGD: parameter 0 is a ndarray, not a Tensor"),
        (lambda: nn.SGD([X, X * 2.0], lr=1.0), ValueError,
         ("SGD: parameter 1 was computed from other Tensors, so moving it would change nothing; "
         "give the Tensors it was computed from")),
        (lambda: nn.Adam(nn.Tanh().parameters()), ValueError,
         ("Adam: no parameters to train. A Module finds Parameters, Modules, and lists, tuples and "
         "dicts of them among its attributes; a plain Tensor is not a Parameter. "
         "(model.parameters() is an iterator: make a new one, once used it is empty)")),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == text


def test_a_subclass_must_say_how_to_update():
    x = Tensor([1.0])
    x.grad = np.ones(1)
    with pytest.raises(NotImplementedError):
        nn.Optimizer([x], 0.1).step()
