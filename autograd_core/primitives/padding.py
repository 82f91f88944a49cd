"""``numpy.pad`` in all its modes.

Padding with constants is a primitive; the other modes are combinations. They go axis by axis, as
NumPy does, and join what the mode says to the left and right of what is there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from ..dispatch import plain
from ..errors import NotDifferentiable, ShapeError, describe
from ..primitive import derived, example, primitive
from .joining import concatenate
from .shape import as_operand, broadcast_to, reshape

Width = tuple[int, int]


def _pad_constant(x: Any, width: Any, constant_values: Any = 0) -> Any:
    return np.pad(x, width or 0, constant_values=constant_values or 0)


def _unpad(g: Any, width: Any) -> Any:
    return g[tuple(slice(left, -right or None) for left, right in width)]


pad_constant: Any = primitive(
    _pad_constant,
    _unpad,
    name="pad",
    door=lambda x, width, constant_values=0: (
        (x,),
        {"width": width, "constant_values": constant_values},
    ),
    keywords=["width", "constant_values"],
    latex=r"\operatorname{{pad}}({x})",
    examples=[
        example((3,), width=((2, 1),)),
        example((2, 3), width=((0, 1), (2, 0)), constant_values=((1.5, 2), (3, 4))),
        example((0,), width=((1, 1),)),
        example((), width=()),
    ],
)


def pairs(value: Any, ndim: int, what: str) -> Any:
    """`value` as users write it, as one pair an axis (Tensors stay recorded)."""
    if hasattr(value, "_array"):
        if value.size == 1:
            value = reshape(value, ())
        elif value.size == 2 and value.shape != (2, 1):
            value = reshape(value, (2,))
        return [tuple(pair) for pair in broadcast_to(value, (ndim, 2))]
    if isinstance(value, list | tuple) and any(hasattr(leaf, "_array") for leaf in _leaves(value)):
        return pairs(_stacked(value), ndim, what)
    array = np.asarray(value)
    if array.size == 1:
        array = array.reshape(())
    elif array.size == 2 and array.shape != (2, 1):
        array = array.reshape(2)
    try:
        return np.broadcast_to(array, (ndim, 2)).tolist()
    except ValueError as error:
        raise ShapeError(
            f"{what} is a number, a pair, or a pair for each of the {ndim} axes; its shape is"
            f" {array.shape}."
        ) from error


def _leaves(value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        return [value]
    return [leaf for item in value for leaf in _leaves(item)]


def _stacked(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return as_operand(value)
    return np.stack(np.broadcast_arrays(*[_stacked(item) for item in value]))


def _widths(pad_width: Any, x: Any) -> list[Width]:
    if isinstance(pad_width, dict):
        each: list[Any] = [(0, 0)] * x.ndim
        for axis, width in pad_width.items():
            each[axis] = (width, width) if isinstance(width, int) else width
        pad_width = each
    if np.asarray(pad_width).dtype.kind != "i" and np.size(pad_width):
        raise TypeError(f"pad_width is made of integers, not {pad_width}")
    widths = [(int(left), int(right)) for left, right in pairs(pad_width, x.ndim, "pad_width")]
    if any(width < 0 for pair in widths for width in pair):
        raise ShapeError(f"no width may be negative ({pad_width}); x[1:-1] makes an array smaller.")
    return widths


# ------------------------------------------------------------------------------ the modes
# Each gives what to join to the left and to the right of `x` along `axis`: all of `width`, or a
# part of it, and is then asked again. `value` is the option of the mode, `period` the size of the
# axis before anything was joined.


def _piece(x: Any, axis: int, start: int, stop: int) -> Any:
    """``x[start:stop]`` along `axis`."""
    return x[(slice(None),) * axis + (slice(start, stop),)]


def _edges(x: Any, axis: int) -> tuple[Any, Any]:
    return _piece(x, axis, 0, 1), _piece(x, axis, x.shape[axis] - 1, x.shape[axis])


def _spread(x: Any, axis: int, width: Width, values: Any) -> tuple[Any, Any]:
    """Two values, each over the area to pad on its side."""
    left, right = (
        broadcast_to(value, (*x.shape[:axis], count, *x.shape[axis + 1 :]))
        for value, count in zip(values, width, strict=True)
    )
    return left, right


def _constants(x: Any, axis: int, width: Width, value: Any, period: int) -> tuple[Any, Any]:
    return _spread(x, axis, width, [np.astype(as_operand(one), x.dtype) for one in value])


def _edge(x: Any, axis: int, width: Width, value: Any, period: int) -> tuple[Any, Any]:
    return _spread(x, axis, width, _edges(x, axis))


def _ramp(x: Any, axis: int, width: Width, value: Any, period: int) -> tuple[Any, Any]:
    """From the edge in equal steps to `value`, which is reached."""
    ramps = []
    for edge, end, count in zip(_edges(x, axis), value, width, strict=True):
        steps = np.arange(count).reshape((-1,) + (1,) * (x.ndim - axis - 1))
        ramp = steps * ((edge - end) / max(count, 1)) + end
        ramps.append(np.astype(as_operand(ramp), x.dtype))
    return ramps[0], np.flip(ramps[1], axis)


def _statistic(
    function: Any, x: Any, axis: int, width: Width, value: Any, period: int
) -> tuple[Any, Any]:
    left, right = (period if n is None else min(int(n), period) for n in value)
    if not (left and right) and function in (np.max, np.min):
        raise ShapeError("stat_length of 0 yields no value for padding.")
    chunks = _piece(x, axis, 0, left), _piece(x, axis, period - right, period)
    return _spread(x, axis, width, [function(chunk, axis=axis, keepdims=True) for chunk in chunks])


def _reflect(
    edge: int, x: Any, axis: int, width: Width, value: Any, period: int
) -> tuple[Any, Any]:
    """One reflection at both ends; `edge` is 1 where the edge itself is repeated."""
    if period == 1:  # NumPy's legacy: there is nothing to reflect
        return _edge(x, axis, width, value, period)
    size = x.shape[axis]
    whole = period - 1 + edge
    left, right = (min((size - 1 + edge) // whole * whole, count) for count in width)
    before = np.flip(_piece(x, axis, 1 - edge, 1 - edge + left), axis)
    after = np.flip(_piece(x, axis, size - 1 + edge - right, size - 1 + edge), axis)
    if value == "odd":
        first, last = _edges(x, axis)
        return 2 * first - before, 2 * last - after
    return before, after


def _wrap(x: Any, axis: int, width: Width, value: Any, period: int) -> tuple[Any, Any]:
    """One repetition at both ends."""
    size = x.shape[axis]
    longest = size // period * period
    left, right = (min(longest, count) for count in width)
    start = size - longest
    return _piece(x, axis, longest - left, longest), _piece(x, axis, start, start + right)


#: For each mode its pieces, its option, and the option's default.
MODES: dict[str, tuple[Callable[..., tuple[Any, Any]], str, Any]] = {
    "constant": (_constants, "constant_values", 0),
    "empty": (_constants, "", 0),
    "edge": (_edge, "", None),
    "linear_ramp": (_ramp, "end_values", 0),
    "maximum": (partial(_statistic, np.max), "stat_length", None),
    "mean": (partial(_statistic, np.mean), "stat_length", None),
    "median": (partial(_statistic, np.median), "stat_length", None),
    "minimum": (partial(_statistic, np.min), "stat_length", None),
    "reflect": (partial(_reflect, 0), "reflect_type", "even"),
    "symmetric": (partial(_reflect, 1), "reflect_type", "even"),
    "wrap": (_wrap, "", None),
}


def _option(mode: Any, options: dict[str, Any], ndim: int) -> list[Any]:
    """The option of the mode, for each axis."""
    if callable(mode):
        raise NotDifferentiable(
            "np.pad with a function as mode lets it write into the padded array, which cannot be"
            " recorded. Pad with constants, and put the values in with ag.index_update."
        )
    if mode not in MODES:
        raise ValueError(f"mode {mode!r} is not supported; it is one of {', '.join(MODES)}")
    _, name, default = MODES[mode]
    unknown = sorted(set(options) - {name})
    if unknown:
        raise ValueError(f"mode {mode!r} does not take {', '.join(unknown)}")
    value = options.get(name, default)
    if name == "reflect_type":
        return [value] * ndim
    per_axis = [(None, None)] * ndim if value is None else pairs(value, ndim, name)
    if name == "stat_length" and any(n is not None and n < 0 for pair in per_axis for n in pair):
        raise ShapeError(f"no stat_length may be negative ({value}).")
    return list(per_axis)


@derived(np.pad)
def pad(array: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Any:
    """As ``numpy.pad``; the area of mode "empty" is filled with zeros."""
    x = as_operand(array)
    widths = _widths(plain(pad_width), x)
    values = _option(mode, options, x.ndim)
    if x.dtype.kind not in "fc":  # nothing to record, and NumPy rounds
        fixed = {name: plain(value) for name, value in options.items()}
        return type(x)(np.pad(plain(x), widths or 0, mode, **fixed))
    constant = MODES[mode][0] is _constants
    if constant and not any(hasattr(value, "_array") for pair in values for value in pair):
        return pad_constant(x, tuple(widths), tuple(values))
    for axis, (width, value) in enumerate(zip(widths, values, strict=True)):
        x = _padded(x, axis, width, value, mode)
    return x


def _padded(x: Any, axis: int, width: Width, value: Any, mode: str) -> Any:
    pieces = MODES[mode][0]
    period = x.shape[axis]
    if any(width) and not period and pieces is not _constants:
        raise ShapeError(
            f"mode {mode!r} has nothing to fill axis {axis} of {describe(x)} with. Use"
            " mode='constant'."
        )
    left, right = width
    while left or right:
        before, after = pieces(x, axis, (left, right), value, period)
        left, right = left - before.shape[axis], right - after.shape[axis]
        x = concatenate([before, x, after], axis)
    return x
