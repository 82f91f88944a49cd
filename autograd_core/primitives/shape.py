"""Changes of shape: the same numbers, other axes. Each gradient is the change undone."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from ..backend import asarray
from ..dispatch import operation, plain
from ..errors import ShapeError, describe
from ..primitive import derived, example, primitive
from .reduction import canonical_axes


def sizes(shape: Any) -> tuple[int, ...]:
    """A shape as users write it, as a tuple of ints."""
    return tuple(operator.index(size) for size in (shape if np.iterable(shape) else (shape,)))


def _reshape_door(
    x: Any, /, shape: Any, order: Any = "C", *, copy: Any = None
) -> tuple[Any, dict[str, Any]]:
    if order == "A":  # settled here: the gradient may lie otherwise in memory than x does
        order = "F" if plain(x).flags.fnc else "C"
    options = {"order": order, "copy": copy}
    given = {name: value for name, value in options.items() if value not in ("C", None)}
    return (x,), {"shape": sizes(shape), **given}


def _reshape_x(g: Any, x_shape: Any, order: Any) -> Any:
    return np.reshape(g, x_shape) if order is None else np.reshape(g, x_shape, order=order)


reshape = primitive(
    np.reshape,
    _reshape_x,
    door=_reshape_door,
    keywords=["shape", "order", "copy"],
    view=True,
    latex=r"\operatorname{{reshape}}({x})",
    javascript="{x}",
    examples=[
        example((2, 6), shape=(3, 4)),
        example((2, 6), shape=(-1,), order="F"),
        example((2, 3), shape=6, order="A", copy=True),
        example((), shape=(1, 1)),
        example((1, 1), shape=()),
        example((0, 3), shape=(3, 0)),
    ],
)


@derived(np.ravel)
def ravel(x: Any, order: Any = "C") -> Any:
    """As ``numpy.ravel``."""
    if order == "K":  # the axes by how far apart their elements lie in memory
        strides = plain(x).strides
        x = transpose(x, sorted(range(len(strides)), key=lambda axis: -abs(strides[axis])))
        order = "C"
    return reshape(x, -1, order=order)


@derived(name="flatten")
def flatten(x: Any, order: Any = "C") -> Any:
    """As ``numpy.ndarray.flatten``: what ravel gives, never sharing memory with `x`."""
    return operation.copy(ravel(x, order), order="C")


def _transpose_door(x: Any, /, axes: Any = None) -> tuple[Any, dict[str, Any]]:
    ndim = np.ndim(x)
    if axes is None:
        return (x,), {"axes": tuple(range(ndim))[::-1]}
    axes = sizes(axes)
    if len(axes) != ndim:
        raise ValueError(f"axes {axes} do not match {ndim} axes")
    return (x,), {"axes": canonical_axes(axes, ndim, x)}


def _transpose_x(g: Any, axes: tuple[int, ...]) -> Any:
    return np.transpose(g, [axes.index(i) for i in range(len(axes))])


transpose = primitive(
    np.transpose,
    _transpose_x,
    door=_transpose_door,
    also=[np.permute_dims],
    keywords=["axes"],
    view=True,
    symbol="ᵀ",
    latex="{{{x}}}^T",
    javascript="{x}",
    precedence=5,
    examples=[example((2, 3)), example((2, 3, 4), axes=(2, 0, -2)), example(())],
)


def _swapaxes_door(x: Any, axis1: int, axis2: int) -> tuple[Any, dict[str, Any]]:
    first, second = (canonical_axes(axis, np.ndim(x), x)[0] for axis in (axis1, axis2))
    return (x,), {"axis1": first, "axis2": second}


swapaxes = primitive(
    np.swapaxes,
    lambda g, axis1, axis2: np.swapaxes(g, axis1, axis2),
    door=_swapaxes_door,
    keywords=["axis1", "axis2"],
    view=True,
    symbol="ᵀ",
    latex="{{{x}}}^T",
    javascript="{x}",
    precedence=5,
    examples=[example((2, 3, 4), axis1=0, axis2=-1)],
)


@derived(np.matrix_transpose, np.linalg.matrix_transpose)
def matrix_transpose(x: Any, /) -> Any:
    """As ``numpy.matrix_transpose``."""
    if np.ndim(x) < 2:
        raise ShapeError(
            f"it exchanges the last two axes, and {describe(x)} has {np.ndim(x)}. Give it a second"
            " axis, for example with x[:, None]."
        )
    return swapaxes(x, -1, -2)


def _moveaxis_door(x: Any, source: Any, destination: Any) -> tuple[Any, dict[str, Any]]:
    here, there = (canonical_axes(sizes(axes), np.ndim(x), x) for axes in (source, destination))
    if len(here) != len(there):
        raise ShapeError(f"source {source} and destination {destination} name unlike many axes.")
    return (x,), {"source": here, "destination": there}


moveaxis = primitive(
    np.moveaxis,
    lambda g, source, destination: np.moveaxis(g, destination, source),
    door=_moveaxis_door,
    keywords=["source", "destination"],
    view=True,
    latex=r"\operatorname{{moveaxis}}({x})",
    javascript="{x}",
    examples=[
        example((2, 3, 4), source=0, destination=-1),
        example((2, 3, 4), source=(0, 1), destination=(2, 0)),
    ],
)


@derived(np.rollaxis)
def rollaxis(x: Any, axis: int, start: int = 0) -> Any:
    """As ``numpy.rollaxis``: `axis` comes to lie before the axis `start`."""
    ndim = np.ndim(x)
    (axis,) = canonical_axes(axis, ndim, x)
    if not -ndim <= start <= ndim:
        raise ShapeError(f"start goes from {-ndim} to {ndim}; {start} was given ({describe(x)}).")
    start += ndim if start < 0 else 0
    return moveaxis(x, axis, start - (axis < start))


def _expand_door(x: Any, axis: Any) -> tuple[Any, dict[str, Any]]:
    axes = tuple(axis) if isinstance(axis, tuple | list) else (axis,)
    return (x,), {"axis": canonical_axes(axes, np.ndim(x) + len(axes), x)}


expand_dims = primitive(
    np.expand_dims,
    lambda g, x_shape: np.reshape(g, x_shape),
    door=_expand_door,
    keywords=["axis"],
    view=True,
    latex=r"\operatorname{{expand}}({x})",
    javascript="{x}",
    examples=[example((2, 3), axis=1), example((2, 3), axis=(0, -1)), example((), axis=0)],
)


def _squeeze_door(x: Any, axis: Any = None) -> tuple[Any, dict[str, Any]]:
    if axis is None:
        return (x,), {"axis": tuple(i for i, size in enumerate(np.shape(x)) if size == 1)}
    return (x,), {"axis": canonical_axes(axis, np.ndim(x), x)}


squeeze = primitive(
    np.squeeze,
    lambda g, x_shape: np.reshape(g, x_shape),
    door=_squeeze_door,
    keywords=["axis"],
    view=True,
    latex=r"\operatorname{{squeeze}}({x})",
    javascript="{x}",
    examples=[example((2, 1, 3, 1)), example((1, 3), axis=-2), example((1, 1))],
)


def _broadcast_door(x: Any, shape: Any, subok: bool = False) -> tuple[Any, dict[str, Any]]:
    return (x,), {"shape": sizes(shape)}


broadcast_to = primitive(
    np.broadcast_to,
    lambda g: g,
    door=_broadcast_door,
    keywords=["shape"],
    view=True,
    latex=r"\operatorname{{broadcast}}({x})",
    javascript="{x}",
    examples=[
        example((3,), shape=(2, 3)),
        example((2, 1, 3), shape=(4, 2, 5, 3)),
        example((), shape=(2,)),
    ],
)


def as_operand(value: Any) -> Any:
    """A Tensor as it is, anything else as an array."""
    return value if hasattr(value, "_array") else asarray(value)


@derived(np.broadcast_arrays)
def broadcast_arrays(*arrays: Any, subok: bool = False) -> Any:
    """As ``numpy.broadcast_arrays``: a tuple."""
    operands = [as_operand(array) for array in arrays]
    shape = np.broadcast_shapes(*[operand.shape for operand in operands])
    return tuple(
        operand if operand.shape == shape else broadcast_to(operand, shape) for operand in operands
    )


def _one_or_all(results: list[Any]) -> Any:
    return results[0] if len(results) == 1 else tuple(results)


@derived(np.atleast_1d)
def atleast_1d(*arrays: Any) -> Any:
    """As ``numpy.atleast_1d``."""
    operands = map(as_operand, arrays)
    return _one_or_all([x if x.ndim else reshape(x, (1,)) for x in operands])


@derived(np.atleast_2d)
def atleast_2d(*arrays: Any) -> Any:
    """As ``numpy.atleast_2d``."""
    operands = map(as_operand, arrays)
    return _one_or_all([x if x.ndim > 1 else reshape(x, (1, -1)) for x in operands])


@derived(np.atleast_3d)
def atleast_3d(*arrays: Any) -> Any:
    """As ``numpy.atleast_3d``: an axis goes in front of a vector and one behind."""
    operands = map(as_operand, arrays)
    return _one_or_all(
        [x if x.ndim > 2 else expand_dims(atleast_2d(x), -1) for x in operands],
    )
