"""One call of every public function of NumPy's, on a square matrix `t`, or rows and numbers of it.

What a function takes beside `t` is written down here; for a function that is not, ``f(t)`` or
``f(t, t)`` is the call, whichever NumPy takes. The calls are made with a Tensor (to see what comes
of it) and with an array (to see whether that is NumPy's result).
"""

import io
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.polynomial import polynomial

Call = Callable[[Any], Any]

MATRIX = np.array([[2.5, -0.5, 0.5], [0.25, 3.0, -0.75], [0.5, 0.75, 1.75]])
BOOLS = MATRIX > 0.4
INTS = np.array([[0, 2, 1], [1, 0, 2], [2, 1, 0]])
DAYS = np.array(["2024-02-29"], dtype="datetime64[D]")

#: Of integers, or dates: a Tensor of integers does not record, so what comes out has no history.
WHOLE = "bitwise_and bitwise_or bitwise_xor left_shift right_shift bitwise_left_shift"
WHOLE += " bitwise_right_shift gcd lcm"

CALLS: dict[str, Call] = {
    # ---------------------------------------------------------------- two operands and more
    "np.choose": lambda t: np.choose(INTS, [t, t, t]),
    "np.clip": lambda t: np.clip(t, 0.0, t[0]),
    "np.compress": lambda t: np.compress([True, False, True], t, axis=0),
    "np.extract": lambda t: np.extract(BOOLS, t),
    "np.interp": lambda t: np.interp(t[0], [0.0, 1.0, 3.0], t[1]),
    "np.ldexp": lambda t: np.ldexp(t, 2),
    "np.piecewise": lambda t: np.piecewise(t, [BOOLS], [lambda x: x * x, 0.0]),
    "np.select": lambda t: np.select([BOOLS], [t]),
    "np.where": lambda t: np.where(BOOLS, t, t * t),
    "np.block": lambda t: np.block([[t, t], [t, t]]),
    "np.einsum": lambda t: np.einsum("ij,jk->ik", t, t),
    "np.einsum_path": lambda t: np.einsum_path("ij,jk->ik", t, t),
    "np.dot": lambda t: np.dot(t, t),
    "np.tensordot": lambda t: np.tensordot(t, t, 1),
    "np.linalg.tensordot": lambda t: np.linalg.tensordot(t, t, axes=1),
    "np.linalg.outer": lambda t: np.linalg.outer(t[0], t[1]),
    "np.linalg.multi_dot": lambda t: np.linalg.multi_dot([t, t, t]),
    "np.linalg.matrix_power": lambda t: np.linalg.matrix_power(t, 3),
    "np.linalg.tensorinv": lambda t: np.linalg.tensorinv(t, ind=1),
    "np.linalg.tensorsolve": lambda t: np.linalg.tensorsolve(t, t[0]),
    # ---------------------------------------------------------------- one row
    "np.bincount": lambda t: np.bincount([0, 1, 1], t[0]),
    "np.convolve": lambda t: np.convolve(t[0], t[1]),
    "np.correlate": lambda t: np.correlate(t[0], t[1], "full"),
    "np.histogram2d": lambda t: np.histogram2d(MATRIX[0], MATRIX[1], 2, weights=t[0]),
    "np.histogramdd": lambda t: np.histogramdd(MATRIX, 2, weights=t[0]),
    "np.histogram": lambda t: np.histogram(MATRIX, 2, weights=t),
    "np.poly": lambda t: np.poly(t[0]),
    "np.polyadd": lambda t: np.polyadd(t[0], t[1]),
    "np.polyder": lambda t: np.polyder(t[0]),
    "np.polydiv": lambda t: np.polydiv(t[0], t[1]),
    "np.polyfit": lambda t: np.polyfit(t[0], t[1], 1),
    "np.polyint": lambda t: np.polyint(t[0]),
    "np.polymul": lambda t: np.polymul(t[0], t[1]),
    "np.polysub": lambda t: np.polysub(t[0], t[1]),
    "np.polyval": lambda t: np.polyval(t[0], t),
    "np.roots": lambda t: np.roots(t[0]),
    "np.trim_zeros": lambda t: np.trim_zeros(t[0]),
    "np.vander": lambda t: np.vander(t[0]),
    "np.ix_": lambda t: np.ix_(t[0]),
    "np.digitize": lambda t: np.digitize(t, [0.0, 1.0]),
    "np.searchsorted": lambda t: np.searchsorted([0.0, 1.0], t),
    "np.linspace": lambda t: np.linspace(t[0], t[1], 5),
    "np.logspace": lambda t: np.logspace(t[0], t[1], 5),
    "np.geomspace": lambda t: np.geomspace(t[0, 0], t[1, 1], 5),
    # ---------------------------------------------------------------- an axis, a shape, a number
    "np.apply_along_axis": lambda t: np.apply_along_axis(np.sum, 0, t),
    "np.apply_over_axes": lambda t: np.apply_over_axes(np.sum, t, [0]),
    "np.argpartition": lambda t: np.argpartition(t, 1),
    "np.array_split": lambda t: np.array_split(t, 2),
    "np.astype": lambda t: np.astype(t, np.dtype("f4")),
    "np.broadcast_to": lambda t: np.broadcast_to(t, (2, 3, 3)),
    "np.cumulative_prod": lambda t: np.cumulative_prod(t, axis=0),
    "np.cumulative_sum": lambda t: np.cumulative_sum(t, axis=0),
    "np.delete": lambda t: np.delete(t, 1, 0),
    "np.dsplit": lambda t: np.dsplit(t[None], 3),
    "np.expand_dims": lambda t: np.expand_dims(t, 0),
    "np.hsplit": lambda t: np.hsplit(t, 3),
    "np.insert": lambda t: np.insert(t, 1, t[0], 0),
    "np.lib.stride_tricks.sliding_window_view": lambda t: np.lib.stride_tricks.sliding_window_view(
        t, 2, 0
    ),
    "np.moveaxis": lambda t: np.moveaxis(t, 0, 1),
    "np.nanpercentile": lambda t: np.nanpercentile(t, 30),
    "np.nanquantile": lambda t: np.nanquantile(t, 0.3),
    "np.pad": lambda t: np.pad(t, 1, "edge"),
    "np.partition": lambda t: np.partition(t, 1),
    "np.percentile": lambda t: np.percentile(t, 30),
    "np.quantile": lambda t: np.quantile(t, 0.3),
    "np.repeat": lambda t: np.repeat(t, 2, 0),
    "np.reshape": lambda t: np.reshape(t, 9),
    "np.resize": lambda t: np.resize(t, (2, 6)),
    "np.roll": lambda t: np.roll(t, 1),
    "np.rollaxis": lambda t: np.rollaxis(t, 1),
    "np.split": lambda t: np.split(t, 3),
    "np.swapaxes": lambda t: np.swapaxes(t, 0, 1),
    "np.take": lambda t: np.take(t, [2, 0]),
    "np.take_along_axis": lambda t: np.take_along_axis(t, INTS, 0),
    "np.tile": lambda t: np.tile(t, 2),
    "np.vsplit": lambda t: np.vsplit(t, 3),
    # ---------------------------------------------------------------- in place
    "np.copyto": lambda t: np.copyto(np.zeros((3, 3)), t),
    "np.fill_diagonal": lambda t: np.fill_diagonal(t, 0.0),
    "np.place": lambda t: np.place(np.zeros((3, 3)), BOOLS, t),
    "np.put": lambda t: np.put(t, [0], 1.0),
    "np.put_along_axis": lambda t: np.put_along_axis(t, INTS, 0.0, 0),
    "np.putmask": lambda t: np.putmask(np.zeros((3, 3)), BOOLS, t),
    # ---------------------------------------------------------------- integers, text, files
    **{
        f"np.{name}": lambda t, name=name: getattr(np, name)(whole(t), whole(t))
        for name in WHOLE.split()
    },
    "np.bitwise_count": lambda t: np.bitwise_count(whole(t)),
    "np.invert": lambda t: np.invert(whole(t)),
    "np.bitwise_invert": lambda t: np.bitwise_invert(whole(t)),
    "np.bitwise_not": lambda t: np.bitwise_not(whole(t)),
    "np.ravel_multi_index": lambda t: np.ravel_multi_index((whole(t), whole(t)), (9, 9)),
    "np.unravel_index": lambda t: np.unravel_index(whole(t), (9, 9)),
    "np.packbits": lambda t: np.packbits(whole(t)),
    "np.unpackbits": lambda t: np.unpackbits(like(t, whole(t), np.uint8)),
    "np.can_cast": lambda t: np.can_cast(np.float32, t.dtype),
    "np.isnat": lambda _: np.isnat(DAYS),
    "np.busday_count": lambda _: np.busday_count(DAYS, DAYS),
    "np.busday_offset": lambda _: np.busday_offset(DAYS, 1),
    "np.is_busday": lambda _: np.is_busday(DAYS),
    "np.datetime_as_string": lambda _: np.datetime_as_string(DAYS),
    "np.save": lambda t: np.save(io.BytesIO(), t),
    "np.savetxt": lambda t: np.savetxt(io.BytesIO(), t),
    "np.savez": lambda t: np.savez(io.BytesIO(), t),
    "np.savez_compressed": lambda t: np.savez_compressed(io.BytesIO(), t),
    # ---------------------------------------------------------------- np.polynomial.polynomial
    **{
        f"np.polynomial.polynomial.{name}": lambda t, name=name: getattr(polynomial, name)(
            t[0], t[1]
        )
        for name in ("polyadd", "polysub", "polymul", "polydiv")
    },
    **{
        f"np.polynomial.polynomial.{name}": lambda t, name=name: getattr(polynomial, name)(t[0])
        for name in ("polycompanion", "polyder", "polyint", "polymulx", "polyroots")
    },
    "np.polynomial.polynomial.polyfit": lambda t: polynomial.polyfit(t[0], t[1], 1),
    "np.polynomial.polynomial.polyfromroots": lambda t: polynomial.polyfromroots(t[0]),
    "np.polynomial.polynomial.polyline": lambda t: polynomial.polyline(t[0, 0], t[0, 1]),
    "np.polynomial.polynomial.polypow": lambda t: polynomial.polypow(t[0], 2),
    "np.polynomial.polynomial.polytrim": lambda t: polynomial.polytrim(t[0]),
    "np.polynomial.polynomial.polyval": lambda t: polynomial.polyval(t, [1.0, 2.0, 3.0]),
    "np.polynomial.polynomial.polyval2d": lambda t: polynomial.polyval2d(t[0], t[1], t),
    "np.polynomial.polynomial.polyval3d": lambda t: polynomial.polyval3d(
        t[0], t[1], t[2], [[[1.0]]]
    ),
    "np.polynomial.polynomial.polygrid2d": lambda t: polynomial.polygrid2d(t[0], t[1], t),
    "np.polynomial.polynomial.polygrid3d": lambda t: polynomial.polygrid3d(
        t[0], t[1], t[2], [[[1.0]]]
    ),
    "np.polynomial.polynomial.polyvalfromroots": lambda t: polynomial.polyvalfromroots(t, [1.0]),
    "np.polynomial.polynomial.polyvander": lambda t: polynomial.polyvander(t[0], 2),
    "np.polynomial.polynomial.polyvander2d": lambda t: polynomial.polyvander2d(t[0], t[1], [1, 1]),
    "np.polynomial.polynomial.polyvander3d": lambda t: polynomial.polyvander3d(
        t[0], t[1], t[2], [1, 1, 1]
    ),
    # ---------------------------------------------------------------- what NumPy does not dispatch
    "np.arange": lambda t: np.arange(t[0, 0]),
    "np.asmatrix": np.asmatrix,
    "np.bmat": lambda t: np.bmat([[t, t]]),
    "np.eye": lambda t: np.eye(t[0, 0]),
    "np.format_float_positional": lambda t: np.format_float_positional(t[0, 0]),
    "np.format_float_scientific": lambda t: np.format_float_scientific(t[0, 0]),
    "np.frombuffer": np.frombuffer,
    "np.fromfunction": lambda t: np.fromfunction(lambda i: i * t[0, 0], (3,)),
    "np.fromiter": lambda t: np.fromiter(t[0], float),
    "np.frompyfunc": np.frompyfunc(lambda x: x + 1.0, 1, 1),
    "np.full": lambda t: np.full((2,), t[0, 0]),
    "np.kaiser": lambda t: np.kaiser(5, t[0, 0]),
    "np.matrix": np.matrix,
    "np.nditer": np.nditer,
    "np.nested_iters": lambda t: np.nested_iters(t, [[0], [1]]),
    "np.poly1d": lambda t: np.poly1d(t[0])(2.0),
    "np.require": lambda t: np.require(t, requirements="C"),
    "np.vectorize": np.vectorize(lambda x: x + 1.0),
    "np.lib.stride_tricks.as_strided": lambda t: np.lib.stride_tricks.as_strided(t, (2,), (8,)),
    "np.r_": lambda t: np.r_[t[0], t[1]],
    "np.c_": lambda t: np.c_[t[0], t[1]],
    "np.mgrid": lambda t: np.mgrid[0 : t[0, 0] : 3j],
    "np.ogrid": lambda t: np.ogrid[0 : t[0, 0] : 3j],
    "np.array": lambda t: np.array([t[0, 0], t[0, 1]]),
}


def like(t: Any, array: Any, dtype: Any = None) -> Any:
    """`array` as a Tensor where `t` is one."""
    array = np.asarray(array if dtype is None else getattr(array, "data", array), dtype)
    return array if isinstance(t, np.ndarray) else type(t)(array)


def whole(t: Any) -> Any:
    """A Tensor, or an array, of integers."""
    return like(t, INTS)


def call_of(path: str, function: Any) -> Call:
    """How to call `function` on a square matrix; the same for a Tensor and for an array."""
    if path in CALLS:
        return CALLS[path]
    for count in (1, 2):
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                function(*[MATRIX.copy()] * count)
            except (TypeError, ValueError, IndexError):
                continue
        return lambda t: function(*[t] * count)
    raise LookupError(f"{path} takes neither one matrix nor two: write a call in {__name__}.CALLS.")
