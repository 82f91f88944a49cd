"""The engine on arrays that are not NumPy's: Dask's, cut into chunks and computed when asked."""

import warnings

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor, backend

dask = pytest.importorskip("dask", reason="the extra `dask` is not installed")
da = pytest.importorskip("dask.array", reason="the extra `dask` is not installed")

X = np.random.default_rng(1).normal(size=(6, 4))
W = np.random.default_rng(2).normal(size=(4, 3))
LABELS = np.array([0, 1, 2, 3, 0, 1])

#: Of a Tensor of shape (6, 4).
CALLS = {
    "x + x": lambda x: x + x,
    "x - 1.0": lambda x: x - 1.0,
    "array * x": lambda x: X * x,
    "1 / x": lambda x: 1.0 / (x * x + 1),
    "x ** 3": lambda x: x**3,
    "-x": lambda x: -x,
    "abs": abs,
    "exp": np.exp,
    "log": lambda x: np.log(x * x + 0.1),
    "sqrt": lambda x: np.sqrt(x * x + 0.1),
    "sin": np.sin,
    "tanh": np.tanh,
    "maximum": lambda x: np.maximum(x, 0.0),
    "relu": ag.relu,
    "sigmoid": ag.sigmoid,
    "softplus": ag.softplus,
    "astype": lambda x: x.astype("f4"),
    "sum": np.sum,
    "sum, axis": lambda x: np.sum(x, 0),
    "sum, keepdims": lambda x: x.sum(axis=1, keepdims=True),
    "mean": lambda x: np.mean(x, axis=(0, 1)),
    "prod": lambda x: np.prod(x, axis=0),
    "max": lambda x: np.max(x, axis=1),
    "min": np.min,
    "var": lambda x: np.var(x, axis=0, ddof=1),
    "std": np.std,
    "average": lambda x: np.average(x, axis=0),
    "logsumexp": lambda x: ag.logsumexp(x, axis=1),
    "softmax": ag.softmax,
    "log_softmax": ag.log_softmax,
    "cumsum": lambda x: np.cumsum(x, axis=0),
    "diff": lambda x: np.diff(x, axis=0),
    "reshape": lambda x: x.reshape(2, 3, 4),
    "ravel": np.ravel,
    "T": lambda x: x.T,
    "swapaxes": lambda x: np.swapaxes(x, 0, 1),
    "moveaxis": lambda x: np.moveaxis(x, 0, -1),
    "expand_dims": lambda x: np.expand_dims(x, 1),
    "squeeze": lambda x: np.squeeze(x[:1]),
    "broadcast_to": lambda x: np.broadcast_to(x, (2, 6, 4)),
    "concatenate": lambda x: np.concatenate([x, X, x]),
    "stack": lambda x: np.stack([x, x], axis=1),
    "tile": lambda x: np.tile(x, 2),
    "repeat": lambda x: np.repeat(x, 2, 0),
    "flip": np.flip,
    "roll": lambda x: np.roll(x, 1, 0),
    "tril": np.tril,
    "trace": np.trace,
    "copy": np.copy,
    "where": lambda x: np.where(x > 0, x, 0.0),
    "where, array": lambda x: np.where(X > 0, x, x * 2),
    "clip": lambda x: np.clip(x, -0.5, 0.5),
    "x[slice]": lambda x: x[1:4],
    "x[:, int]": lambda x: x[:, 1],
    "x[array]": lambda x: x[np.array([0, 2, 0])],
    "take": lambda x: np.take(x, [0, 1], axis=0),
    "index_update": lambda x: ag.index_update(x, 1, 5.0),
    "index_update, x": lambda x: ag.index_update(X, 1, x[0] * x[1]),
    "index_add": lambda x: ag.index_add(x, np.array([0, 0]), x[:2]),
    "x @ w": lambda x: x @ W,
    "w.T @ x.T": lambda x: W.T @ x.T,
    "x @ x.T": lambda x: x @ x.T,
    "x @ vector": lambda x: x @ W[:, 0],
    "dot": lambda x: np.dot(x, W),
    "outer": lambda x: np.outer(x[0], x[1]),
    "tensordot": lambda x: np.tensordot(x, W, 1),
    "einsum": lambda x: np.einsum("ij,kj->ik", x, x),
    "einsum, array": lambda x: np.einsum("ij,jk->ik", x, W),
    "linear": lambda x: ag.linear(x, W.T, np.ones(3)),
    "softmax_cross_entropy": lambda x: ag.softmax_cross_entropy(x, LABELS),
    "squared_error": lambda x: ag.squared_error(x, X + 1),
}


def chunked(array, rows=4):
    """The array in chunks of some rows, the last one smaller, and of two columns."""
    return da.from_array(array, chunks=(rows, *[2] * (array.ndim - 1)))


def loss_of(out):
    weights = np.random.default_rng(3).normal(size=out.shape)
    return (out * weights + out * out).sum()


def lazily(function, *leaves):
    """The loss, as an unevaluated Dask array, with gradients at the leaves."""
    loss = loss_of(function(*leaves))
    loss.backward()
    assert all(backend.is_lazy(part) for part in (loss.data, *[leaf.grad for leaf in leaves]))
    return loss.data


@pytest.mark.parametrize("function", CALLS.values(), ids=CALLS)
def test_values_and_gradients_are_numpys(function):
    t, d = Tensor(X), Tensor(chunked(X))
    loss = loss_of(function(t))
    loss.backward()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Dask's, of what it does not know and computes at once
        lazy = lazily(function, d)
    value, gradient = dask.compute(lazy, d.grad)
    np.testing.assert_allclose(value, loss.data, rtol=1e-12)
    np.testing.assert_allclose(gradient, t.grad, rtol=1e-12, atol=1e-13)
    assert d.grad.dtype == np.float64


def test_single_precision_stays():
    d = Tensor(chunked(X.astype("f4")))
    lazily(lambda x: np.tanh(x * 2.0) @ W.astype("f4"), d)
    assert d.grad.dtype == np.float32


def test_complex_numbers():
    z = X + 1j * X[::-1]
    t, d = Tensor(z), Tensor(chunked(z))
    for x in (t, d):
        np.sum(np.abs(x * x) ** 2).backward()
    np.testing.assert_allclose(d.grad.compute(), t.grad, rtol=1e-12)


def test_second_order():
    t, d = Tensor(X), Tensor(chunked(X))
    for x in (t, d):
        np.sum(np.tanh(x) ** 3).backward(create_graph=True)
        first = x.grad
        x.zero_grad()
        np.sum(first * first).backward()
    np.testing.assert_allclose(d.grad.compute(), t.grad, rtol=1e-12)


@pytest.mark.parametrize(
    "function",
    [
        np.add,
        np.multiply,
        lambda x, y: x - y,
        lambda x, y: x / (y * y + 1),
        lambda x, y: x @ y.T,
        lambda x, y: np.matmul(x.T, y),
        lambda x, y: np.concatenate([x, y]),
        lambda x, y: np.where(np.arange(4) > 1, x, y),
        lambda x, y: np.einsum("ij,ij->i", x, y),
        ag.squared_error,
    ],
)
def test_a_plain_dask_array_is_a_constant_beside_a_tensor(function):
    for x, y in ((X, Tensor(X + 1)), (Tensor(X + 1), X)):
        other = [chunked(a) if a is X else Tensor(X + 1) for a in (x, y)]
        loss, lazy = loss_of(function(x, y)), loss_of(function(*other))
        assert isinstance(lazy, Tensor)
        assert backend.is_lazy(lazy.data)
        loss.backward()
        lazy.backward()
        leaf, twin = (x, other[0]) if isinstance(x, Tensor) else (y, other[1])
        value, gradient = dask.compute(lazy.data, twin.grad)
        np.testing.assert_allclose(value, loss.data, rtol=1e-12)
        np.testing.assert_allclose(gradient, leaf.grad, rtol=1e-12, atol=1e-13)


def test_gradients_of_two_losses_add_up():
    w = Tensor(W)
    (w * 2.0).sum().backward()
    (chunked(X) @ w).sum().backward()
    (w * 3.0).sum().backward()
    expected = 5 + X.sum(axis=0)[:, None] * np.ones(3)
    np.testing.assert_allclose(w.grad.compute(), expected, rtol=1e-12)


def test_a_gradient_of_numpys_meets_one_of_dasks_within_one_pass():
    w = Tensor(W)
    (w.sum() + (w * w).sum() + (chunked(X) @ w).sum() + (w * 3.0).sum()).backward()
    expected = 4 + 2 * W + X.sum(axis=0)[:, None] * np.ones(3)
    np.testing.assert_allclose(w.grad.compute(), expected, rtol=1e-12)


# ------------------------------------------------------------------------------ networks


def mlp(x, w1, b1, w2, b2):
    return np.tanh(x @ w1 + b1) @ w2 + b2


def parameters(rng):
    shapes = [(4, 8), (8,), (8, 3), (3,)]
    return [Tensor(rng.normal(size=shape) / 2) for shape in shapes]


def test_a_step_of_an_mlp_on_a_batch_in_chunks(rng):
    leaves = parameters(rng)
    twins = [Tensor(p.data) for p in leaves]
    loss = ag.softmax_cross_entropy(mlp(X, *leaves), LABELS % 3)
    loss.backward()
    lazy = ag.softmax_cross_entropy(mlp(chunked(X, rows=2), *twins), LABELS % 3)
    lazy.backward()
    value, *gradients = dask.compute(lazy.data, *[p.grad for p in twins])
    np.testing.assert_allclose(value, loss.data, rtol=1e-12)
    for gradient, p, twin in zip(gradients, leaves, twins, strict=True):
        np.testing.assert_allclose(gradient, p.grad, rtol=1e-12)
        twin.data -= 0.1 * gradient
        np.testing.assert_allclose(twin.data, p.data - 0.1 * p.grad)


def test_labels_in_chunks():
    x, labels = Tensor(X), da.from_array(LABELS, chunks=2)
    for logits in (x, Tensor(chunked(X))):
        loss = ag.softmax_cross_entropy(logits, labels)
        loss.backward()
        expected = ag.softmax_cross_entropy(X, LABELS)
        np.testing.assert_allclose(loss.data.compute(), expected, rtol=1e-12)
    expected = Tensor(X)
    ag.softmax_cross_entropy(expected, LABELS).backward()
    np.testing.assert_allclose(x.grad.compute(), expected.grad, rtol=1e-12)


def test_layers_and_an_optimiser_of_nn(rng):
    model = nn.Sequential(nn.Linear(4, 8, rng=rng), nn.Tanh(), nn.Linear(8, 1, rng=rng))
    optimiser = nn.SGD(model.parameters(), lr=0.1)
    batch = chunked(X.astype("f4"))
    losses = []
    for _ in range(3):
        optimiser.zero_grad()
        loss = ag.squared_error(model(batch), X[:, :1].astype("f4"))
        loss.backward()
        trained = list(model.parameters())
        value, *gradients = dask.compute(loss.data, *[p.grad for p in trained])
        for p, gradient in zip(trained, gradients, strict=True):
            p.grad = gradient
        optimiser.step()
        losses.append(value)
    assert losses[0] > losses[1] > losses[2]
    assert all(p.data.dtype == np.float32 for p in trained)


def test_a_regression_on_more_rows_than_fit_a_chunk_trains():
    rows, chunk = 50_000, 4_000
    draw = da.random.default_rng(7)
    x = draw.normal(size=(rows, 5), chunks=(chunk, 5))
    truth = np.array([1.0, -2.0, 0.5, 0.0, 3.0])
    y = x @ truth + 0.01 * draw.normal(size=rows, chunks=chunk)
    w = Tensor(np.zeros(5))
    losses = []
    for _ in range(12):
        loss = ag.squared_error(x @ w, y)
        loss.backward()
        value, gradient = dask.compute(loss.data, w.grad)
        losses.append(value)
        w.zero_grad()
        w.data -= 0.4 * gradient
    assert losses[-1] < 1e-3 < losses[0]
    np.testing.assert_allclose(w.data, truth, atol=2e-3)
    largest = max(task_size for task_size in x.chunks[0])
    assert largest <= chunk < rows


# ------------------------------------------------------------------------------ what it rests on


def test_a_gradient_can_be_given_and_set():
    d = Tensor(chunked(X))
    (d * d).backward(chunked(X))
    np.testing.assert_allclose(d.grad.compute(), 2 * X * X)
    d.grad = chunked(X)
    assert backend.is_lazy(d.grad)
    d.grad = X
    np.testing.assert_array_equal(d.grad, X)


def test_what_has_no_derivative_stays_in_chunks():
    d = Tensor(chunked(X))
    for plain in (d > 0, np.floor(d), np.isfinite(d), d.argmax(axis=1)):
        assert backend.is_lazy(plain)


def test_allocation_follows_the_operand():
    for make, number in ((backend.zeros, 0), (backend.ones, 1)):
        for like in (X, np.float64(1), Tensor(X), 1.0):
            array = make((2, 3), np.dtype("f4"), like)
            assert type(array) is np.ndarray
            np.testing.assert_array_equal(array, np.full((2, 3), number, "f4"))
        lazy = make((2, 3), np.dtype("f4"), Tensor(chunked(X)))
        assert backend.is_lazy(lazy)
        np.testing.assert_array_equal(lazy, np.full((2, 3), number, "f4"))


def test_as_an_array():
    lazy = chunked(X)
    assert backend.asarray(lazy) is lazy
    assert backend.asarray(lazy, np.dtype("f4")).dtype == np.float32
    assert backend.asarray([1, 2], float).dtype == np.float64


class Eager(np.lib.mixins.NDArrayOperatorsMixin):
    """A library like CuPy: arrays of its own that can be written into, and never become NumPy's."""

    def __init__(self, value):
        self.value = np.asarray(value)

    def __array__(self, *_, **__):
        raise AssertionError("an array on another device was turned into one of NumPy's")

    def __array_function__(self, function, types, args, keywords):
        return wrap(function(*map(unwrap, args), **{k: unwrap(v) for k, v in keywords.items()}))

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        if any(isinstance(x, Tensor) for x in inputs):
            return NotImplemented
        keywords = {name: unwrap(value) for name, value in keywords.items()}
        return wrap(getattr(ufunc, method)(*map(unwrap, inputs), **keywords))

    def __getitem__(self, index):
        return wrap(self.value[index])

    def __setitem__(self, index, value):
        self.value[index] = unwrap(value)

    def __getattr__(self, name):
        found = getattr(self.value, name)
        if callable(found) and not isinstance(found, type):
            return lambda *a, **k: wrap(found(*map(unwrap, a), **k))
        return wrap(found)


def wrap(value):
    return Eager(value) if isinstance(value, np.ndarray | np.generic) else value


def unwrap(value):
    if isinstance(value, list | tuple):
        return type(value)(map(unwrap, value))
    return value.value if isinstance(value, Eager) else value


@pytest.mark.parametrize(
    "name",
    [
        "exp",
        "sum",
        "x ** 3",
        "where",
        "T",
        "reshape",
        "relu",
        "x[slice]",
        "x[array]",
        "x @ x.T",
        "concatenate",
        "index_update",
        "index_add",
        "trace",
        "var",
        "max",
        "softmax",
        "astype",
        "softmax_cross_entropy",
        "einsum",
        "cumsum",
        "clip",
        "log_softmax",
        "squared_error",
    ],
)
def test_an_array_of_another_device_stays_there(name):
    t, e = Tensor(X), Tensor(Eager(X))
    loss_of(CALLS[name](t)).backward()
    loss = loss_of(CALLS[name](e))
    loss.backward()
    assert isinstance(loss.data, Eager)
    assert isinstance(e.grad, Eager)
    np.testing.assert_allclose(e.grad.value, t.grad, rtol=1e-12, atol=1e-13)
