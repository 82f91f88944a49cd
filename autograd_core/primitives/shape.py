"""Changes of shape: the same numbers, other axes. Each gradient is the change undone."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dispatch import plain
from ..primitive import derived, example, primitive
from .reduction import canonical_axes


def _reshape_door(
    x: Any, /, shape: Any = None, order: Any = "C", *, newshape: Any = None, copy: Any = None
) -> tuple[Any, dict[str, Any]]:
    wanted = newshape if shape is None else shape
    if order == "A":  # settled here: the gradient may lie otherwise in memory than x does
        order = "F" if plain(x).flags.fnc else "C"
    return (x,), {"shape": tuple(np.atleast_1d(wanted).tolist()), "order": order}


reshape = primitive(
    np.reshape,
    lambda g, x_shape, order: np.reshape(g, x_shape, order=order),
    door=_reshape_door,
    keywords=["shape", "order"],
    view=True,
    latex="{x}",
    examples=[
        example((2, 6), shape=(3, 4)),
        example((2, 6), shape=(-1,), order="F"),
        example((), shape=(1, 1)),
        example((0, 3), shape=(3, 0)),
    ],
)


@derived(np.ravel)
def ravel(x: Any, order: Any = "C") -> Any:
    """As ``numpy.ravel``."""
    if order == "K":
        strides = plain(x).strides
        x = transpose(x, sorted(range(len(strides)), key=lambda axis: -abs(strides[axis])))
        order = "C"
    return reshape(x, -1, order=order)


def _transpose_door(x: Any, /, axes: Any = None) -> tuple[Any, dict[str, Any]]:
    ndim = np.ndim(x)
    if axes is None:
        return (x,), {"axes": tuple(range(ndim))[::-1]}
    if len(axes) != ndim:
        raise ValueError(f"axes {axes} do not match {ndim} axes")
    return (x,), {"axes": canonical_axes(tuple(axes), ndim, x)}


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
    precedence=5,
    examples=[example((2, 3)), example((2, 3, 4), axes=(2, 0, -2)), example(())],
)


def _swapaxes_door(x: Any, /, axis1: int, axis2: int) -> tuple[Any, dict[str, Any]]:
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
    precedence=5,
    examples=[example((2, 3, 4), axis1=0, axis2=-1)],
)


@derived(np.matrix_transpose)
def matrix_transpose(x: Any, /) -> Any:
    """As ``numpy.matrix_transpose``."""
    return swapaxes(x, -1, -2)


def _moveaxis_door(x: Any, /, source: Any, destination: Any) -> tuple[Any, dict[str, Any]]:
    axes = (canonical_axes(axis, np.ndim(x), x) for axis in (source, destination))
    return (x,), dict(zip(("source", "destination"), axes, strict=True))


moveaxis = primitive(
    np.moveaxis,
    lambda g, source, destination: np.moveaxis(g, destination, source),
    door=_moveaxis_door,
    keywords=["source", "destination"],
    view=True,
    latex="{x}",
    examples=[
        example((2, 3, 4), source=0, destination=-1),
        example((2, 3, 4), source=(0, 1), destination=(2, 0)),
    ],
)


def _expand_door(x: Any, /, axis: Any) -> tuple[Any, dict[str, Any]]:
    axes = tuple(axis) if isinstance(axis, tuple | list) else (axis,)
    return (x,), {"axis": canonical_axes(axes, np.ndim(x) + len(axes), x)}


expand_dims = primitive(
    np.expand_dims,
    lambda g, x_shape: np.reshape(g, x_shape),
    door=_expand_door,
    keywords=["axis"],
    view=True,
    latex="{x}",
    examples=[example((2, 3), axis=1), example((2, 3), axis=(0, -1)), example((), axis=0)],
)


def _squeeze_door(x: Any, /, axis: Any = None) -> tuple[Any, dict[str, Any]]:
    if axis is None:
        return (x,), {"axis": tuple(i for i, size in enumerate(np.shape(x)) if size == 1)}
    return (x,), {"axis": canonical_axes(axis, np.ndim(x), x)}


squeeze = primitive(
    np.squeeze,
    lambda g, x_shape: np.reshape(g, x_shape),
    compute=lambda x, axis: np.squeeze(x, axis=axis)[()],
    door=_squeeze_door,
    keywords=["axis"],
    view=True,
    latex="{x}",
    examples=[example((2, 1, 3, 1)), example((1, 3), axis=-2), example((1, 1))],
)


def _broadcast_door(x: Any, /, shape: Any, subok: bool = False) -> tuple[Any, dict[str, Any]]:
    return (x,), {"shape": tuple(np.atleast_1d(shape).tolist())}


broadcast_to = primitive(
    np.broadcast_to,
    lambda g: g,
    door=_broadcast_door,
    keywords=["shape"],
    view=True,
    latex="{x}",
    examples=[
        example((3,), shape=(2, 3)),
        example((2, 1, 3), shape=(4, 2, 5, 3)),
        example((), shape=(2,)),
    ],
)
