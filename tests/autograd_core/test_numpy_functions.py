"""A walk through NumPy's everyday functions: each records, is plain, or is refused."""

import re

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.dispatch import PLAIN, RECORDED

MATRIX = np.array([[1.5, -0.5, 2.0], [0.25, 3.0, -1.0], [0.5, 0.75, 1.25]])

#: Everyday calls, by what must come of them. `t` is a square matrix.
RECORDS = {
    "np.exp": np.exp,
    "np.tanh": np.tanh,
    "np.add": lambda t: np.add(t, 1.0),
    "np.multiply": lambda t: np.multiply(np.ones(3), t),
    "np.power": lambda t: np.power(t, 2),
    "np.maximum": lambda t: np.maximum(t, 0.0),
    "np.arctan2": lambda t: np.arctan2(t, 1.0),
    "np.sum": lambda t: np.sum(t, 0),
    "np.mean": lambda t: np.mean(t, axis=1),
    "np.prod": np.prod,
    "np.max": lambda t: np.max(t, axis=0, keepdims=True),
    "np.amin": np.amin,
    "np.var": lambda t: np.var(t, axis=0, ddof=1),
    "np.std": np.std,
    "np.reshape": lambda t: np.reshape(t, (9,)),
    "np.ravel": np.ravel,
    "np.transpose": np.transpose,
    "np.swapaxes": lambda t: np.swapaxes(t, 0, 1),
    "np.moveaxis": lambda t: np.moveaxis(t, 0, -1),
    "np.expand_dims": lambda t: np.expand_dims(t, 1),
    "np.squeeze": lambda t: np.squeeze(t[:1]),
    "np.broadcast_to": lambda t: np.broadcast_to(t, (2, 3, 3)),
    "np.concatenate": lambda t: np.concatenate([t, np.ones((1, 3))]),
    "np.stack": lambda t: np.stack([t, t], axis=-1),
    "np.where": lambda t: np.where(t > 0, t, 0.0),
    "np.clip": lambda t: np.clip(t, 0.0, 1.0),
    "np.dot": lambda t: np.dot(np.ones(3), t),
    "np.matmul": lambda t: np.matmul(t, t),
    "np.copy": np.copy,
    "np.unique": np.unique,
    "np.real": np.real,
    "np.absolute": np.absolute,
    "np.add.reduce": lambda t: np.add.reduce(t, axis=1),
    "np.maximum.reduce": np.maximum.reduce,
    "np.exp, dtype": lambda t: np.exp(t, dtype="f4"),
}
PLAINLY = {
    "np.argmax": lambda t: np.argmax(t, axis=1),
    "np.argsort": np.argsort,
    "np.floor": np.floor,
    "np.round": np.round,
    "np.isnan": np.isnan,
    "np.isfinite": np.isfinite,
    "np.greater": lambda t: np.greater(t, 0.5),
    "np.array_equal": lambda t: np.array_equal(t, t),
    "np.allclose": lambda t: np.allclose(t, t.data),
    "np.any": np.any,
    "np.count_nonzero": np.count_nonzero,
    "np.nonzero": np.nonzero,
    "np.where, one argument": lambda t: np.where(t),  # noqa: PLW0108
    "np.zeros_like": np.zeros_like,
    "np.ones_like": np.ones_like,
    "np.full_like": lambda t: np.full_like(t, 7.0),
    "np.shape": np.shape,
    "np.ndim": np.ndim,
    "np.size": np.size,
    "np.searchsorted": lambda t: np.searchsorted(np.arange(3.0), t),
    "np.result_type": lambda t: np.result_type(t, np.float32),
    "np.histogram": lambda t: np.histogram(t, bins=3),
    "np.floor_divide": lambda t: np.floor_divide(t, 2),
}
#: What has no rule yet may get one: then it records. It may never do anything else.
RECORDS_OR_REFUSES = {
    "np.linalg.svd": np.linalg.svd,
    "np.linalg.inv": np.linalg.inv,
    "np.linalg.norm": np.linalg.norm,
    "np.linalg.solve": lambda t: np.linalg.solve(np.eye(3), t),
    "np.linalg.det": np.linalg.det,
    "np.einsum": lambda t: np.einsum("ij,jk->ik", t, t),
    "np.tensordot": lambda t: np.tensordot(t, t, 1),
    "np.outer": lambda t: np.outer(t[0], t[0]),
    "np.inner": lambda t: np.inner(t, t),
    "np.vdot": lambda t: np.vdot(t, t),
    "np.kron": lambda t: np.kron(t, t),
    "np.cross": lambda t: np.cross(t, t),
    "np.trace": np.trace,
    "np.diag": np.diag,
    "np.diagonal": np.diagonal,
    "np.tril": np.tril,
    "np.cumsum": np.cumsum,
    "np.cumprod": np.cumprod,
    "np.diff": np.diff,
    "np.gradient": np.gradient,
    "np.sort": np.sort,
    "np.partition": lambda t: np.partition(t, 1),
    "np.median": np.median,
    "np.percentile": lambda t: np.percentile(t, 50),
    "np.average": np.average,
    "np.nansum": np.nansum,
    "np.ptp": np.ptp,
    "np.vstack": lambda t: np.vstack([t, t]),
    "np.hstack": lambda t: np.hstack([t, t]),
    "np.column_stack": lambda t: np.column_stack([t, t]),
    "np.append": lambda t: np.append(t, t),
    "np.tile": lambda t: np.tile(t, 2),
    "np.repeat": lambda t: np.repeat(t, 2),
    "np.flip": np.flip,
    "np.roll": lambda t: np.roll(t, 1),
    "np.rot90": np.rot90,
    "np.pad": lambda t: np.pad(t, 1),
    "np.take": lambda t: np.take(t, [0, 2]),
    "np.take_along_axis": lambda t: np.take_along_axis(t, np.zeros((3, 1), int), 1),
    "np.select": lambda t: np.select([t > 0], [t]),
    "np.piecewise": lambda t: np.piecewise(t, [t > 0], [lambda x: x]),
    "np.interp": lambda t: np.interp(t, [0.0, 1.0], [0.0, 1.0]),
    "np.convolve": lambda t: np.convolve(t[0], t[1]),
    "np.polyval": lambda t: np.polyval([1.0, 2.0], t),
    "np.fft.fft": np.fft.fft,
    "np.linspace": lambda t: np.linspace(t[0], 1.0, 5),
    "np.atleast_2d": np.atleast_2d,
    "np.meshgrid": lambda t: np.meshgrid(t[0], t[1]),
    "np.nan_to_num": np.nan_to_num,
    "np.apply_along_axis": lambda t: np.apply_along_axis(np.sum, 0, t),
    "np.insert": lambda t: np.insert(t, 0, 1.0),
    "np.delete": lambda t: np.delete(t, 0),
    "np.cov": np.cov,
    "np.modf": lambda t: np.modf(t)[0],
    "np.frexp": lambda t: np.frexp(t)[0],
    "np.divmod": lambda t: np.divmod(t, 2.0)[1],
    "np.ldexp": lambda t: np.ldexp(t, 2),
    "np.add.accumulate": np.add.accumulate,
    "np.multiply.outer": lambda t: np.multiply.outer(t, t),
    "np.add.at": lambda t: np.add.at(np.zeros(3), [0], t[0]),
    "np.subtract.reduce": np.subtract.reduce,
    "np.copyto": lambda t: np.copyto(np.zeros((3, 3)), t),
    "np.put": lambda t: np.put(np.zeros((3, 3)), [0], t[0, 0]),
    "np.fill_diagonal": lambda t: np.fill_diagonal(t, 0.0),
}


def parts(result):
    return result if isinstance(result, list | tuple) else (result,)


@pytest.mark.parametrize("function", RECORDS.values(), ids=RECORDS)
def test_it_records_and_gives_numpys_value(function):
    t = Tensor(MATRIX)
    got, expected = function(t), function(MATRIX)
    assert isinstance(got, Tensor)
    assert got.requires_grad
    assert got.dtype == expected.dtype
    np.testing.assert_allclose(got.data, expected, rtol=1e-15)
    got.sum().backward()
    assert t.grad.shape == MATRIX.shape


@pytest.mark.parametrize("function", PLAINLY.values(), ids=PLAINLY)
def test_it_gives_what_numpy_gives_for_the_array(function):
    got, expected = function(Tensor(MATRIX)), function(Tensor(MATRIX).data)
    assert type(got) is type(expected)
    for one, other in zip(parts(got), parts(expected), strict=True):
        assert not isinstance(one, Tensor)
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("function", RECORDS_OR_REFUSES.values(), ids=RECORDS_OR_REFUSES)
def test_it_records_or_is_refused_never_detached_in_silence(function):
    refusal = None
    try:
        results = parts(function(Tensor(MATRIX)))
    except ag.NotDifferentiable as error:
        refusal, results = str(error), ()
    if refusal is not None:
        assert re.search(r"np\.[\w.]+ on a Tensor: .*(Use .* instead|\(x\.data\))", refusal)
    for result in results:
        assert isinstance(result, Tensor)
        assert result.requires_grad
        assert result.dtype != object


def test_the_lists_cover_the_everyday_functions():
    assert len(RECORDS | PLAINLY | RECORDS_OR_REFUSES) > 100
    assert not RECORDED.keys() & PLAIN
