"""NumPy's functions that do not record, and why: the counterpart of the registry, as data.

Three cases: no derivative exists, so plain arrays come out; a derivative is refused, because the
function writes into its operand; NumPy does not dispatch the function, so that nothing can be
recorded and all we can do is refuse to become an array in silence.
``docs/coverage.md`` is made from these tables and from the registry.
"""

from __future__ import annotations

from typing import Any

import numpy as np

#: Results carry no derivative: plain arrays come out.
PLAIN: set[Any] = {
    # comparisons, logic, tests
    *(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal),
    *(np.logical_and, np.logical_or, np.logical_xor, np.logical_not),
    *(np.isfinite, np.isinf, np.isnan, np.isnat, np.signbit, np.isposinf, np.isneginf),
    *(np.all, np.any, np.allclose, np.isclose, np.array_equal, np.array_equiv, np.isin),
    *(np.iscomplex, np.isreal, np.iscomplexobj, np.isrealobj),
    # piecewise constant
    *(np.floor, np.ceil, np.rint, np.trunc, np.fix, np.round, np.around, np.floor_divide),
    *(np.spacing, np.nextafter),
    # integers, bits, dates
    *(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.left_shift, np.right_shift),
    *(np.gcd, np.lcm, np.bitwise_count, np.packbits, np.unpackbits),
    *(np.busday_count, np.busday_offset, np.is_busday, np.datetime_as_string),
    # places and counts
    *(np.argmax, np.argmin, np.argsort, np.argwhere, np.argpartition, np.nanargmax, np.nanargmin),
    *(np.nonzero, np.flatnonzero, np.count_nonzero, np.searchsorted, np.digitize, np.lexsort),
    *(np.histogram, np.bincount, np.ix_, np.ravel_multi_index, np.unravel_index),
    *(np.diag_indices_from, np.tril_indices_from, np.triu_indices_from),
    # shapes, dtypes, memory
    *(np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like, np.full_like),
    *(np.result_type, np.can_cast, np.min_scalar_type, np.common_type),
    *(np.shares_memory, np.may_share_memory, np.einsum_path, np.linalg.matrix_rank),
    # text and files
    *(np.array2string, np.array_repr, np.array_str),
    *(np.save, np.savetxt, np.savez, np.savez_compressed),
}

#: Refused, and what to write instead.
INSTEAD: dict[Any, str] = {
    np.copyto: "np.where(condition, values, x), or ag.index_update(x, index, values)",
    np.put: "ag.index_update(x, index, values)",
    np.put_along_axis: "ag.index_update(x, index, values)",
    np.place: "np.where(mask, values, x)",
    np.putmask: "np.where(mask, values, x)",
    np.fill_diagonal: "np.where(np.eye(n, dtype=bool), value, x)",
}

_STACK = "np.stack([...]) of Tensors, or x itself"
_SELF = "x itself"
_JOIN = "np.concatenate([...]), np.stack([...]) or np.column_stack([...])"
_POLYNOMIAL = "np.polyval, np.polyadd and the like, whose coefficients start at the highest power"

#: NumPy does not dispatch these; by name, what to write instead. The message of the exception says
#: it where NumPy's function is a Python function that converts the Tensor itself.
CONVERTING: dict[str, str] = {
    "arange": "start + step * np.arange(n)",
    "array": _STACK,
    "asarray": _SELF,
    "asanyarray": _SELF,
    "asarray_chkfinite": "x itself, after np.isfinite(x).all()",
    "ascontiguousarray": "np.copy(x)",
    "asfortranarray": 'np.copy(x, order="F")',
    "asmatrix": "x itself and @",
    "bmat": "np.block([...])",
    "matrix": "x itself and @",
    "require": _SELF,
    "from_dlpack": _SELF,
    "frombuffer": _SELF,
    "fromiter": "np.stack(list(iterable))",
    "full": "np.broadcast_to(value, shape), or value * np.ones(shape)",
    "eye": "np.eye(n) with a plain n",
    "kaiser": "np.i0(beta * np.sqrt(1 - ((n - alpha) / alpha) ** 2)) / np.i0(beta)",
    "nditer": "NumPy's functions of whole arrays",
    "nested_iters": "NumPy's functions of whole arrays",
    "vectorize": "the function itself on whole Tensors, or np.stack([f(row) for row in x])",
    "frompyfunc": "the function itself on whole Tensors, or np.stack([f(row) for row in x])",
    "format_float_positional": 'f"{x:.3f}"',
    "format_float_scientific": 'f"{x:.3e}"',
    "r_": _JOIN,
    "c_": _JOIN,
    "as_strided": "np.lib.stride_tricks.sliding_window_view, np.broadcast_to or indexing",
    "select": "a last choice with the condition True for a default",  # which it does not look at
    "polyval3d": "sums of np.polynomial.polynomial.polyval2d times powers of z",
    "polygrid3d": "sums of np.polynomial.polynomial.polygrid2d times powers of z",
    "polyvander": "np.vander(x, degree + 1, increasing=True)",
    "polyvander2d": "products of two np.vander(x, n, increasing=True)",
    "polyvander3d": "products of three np.vander(x, n, increasing=True)",
    "polyfit": "np.polyfit(x, y, degree)[::-1]",
    "polyfromroots": "np.poly(roots)[::-1]",
    "polyroots": "np.roots(c[::-1])",
    "polyadd": _POLYNOMIAL,
    "polysub": _POLYNOMIAL,
    "polymul": _POLYNOMIAL,
    "polymulx": _POLYNOMIAL,
    "polydiv": _POLYNOMIAL,
    "polypow": _POLYNOMIAL,
    "polyder": _POLYNOMIAL,
    "polyint": _POLYNOMIAL,
    "polycompanion": "np.roots(c[::-1]) for its eigenvalues",
    "polyline": "np.stack([offset, scale])",
    "polytrim": "c[:n]",
}

#: Attributes and methods of ``numpy.ndarray`` about the place of the numbers in memory; a Tensor
#: has none of them.
OF_THE_ARRAY: dict[str, str] = {
    "flat": "x.ravel(), or x[index]",
    **{
        name: f"x.data.{name}"
        for name in (
            *("base", "byteswap", "ctypes", "device", "dump", "dumps", "flags", "getfield"),
            *("itemsize", "setfield", "setflags", "strides", "to_device", "tobytes", "tofile"),
        )
    },
}
