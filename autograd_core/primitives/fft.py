"""Fourier transforms: the 1-d ones with their derivatives, the others composed of them.

The matrix of ``fft`` is symmetric, so pulling a gradient back through it is the transform itself,
with the same `norm`. A transform that pads its operand with zeros, or cuts it, gives back a
gradient that is cut, or padded with zeros.

``irfft`` reads each frequency but the first (and, for an even `n`, the last) for itself and for
its mirror image: its gradient is the spectrum of `g` with those doubled. ``rfft`` drops the mirror
images: its gradient is an inverse transform with those frequencies halved.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..backend import zeros
from ..errors import ShapeError
from ..primitive import derived, example, primitive
from .reduction import canonical_axes

#: What transforms in the other direction scale by. NumPy itself refuses any other name.
SWAPPED: dict[str, Any] = {"backward": "forward", "ortho": "ortho", "forward": "backward"}

KEYWORDS = ["n", "axis", "norm"]
EXAMPLES = [
    example((5,)),
    example((6,)),
    example((1,)),
    example((4, 3), axis=0, norm="ortho"),
    example((2, 6, 2), n=4, axis=-2, norm="forward"),
    example((3, 4), n=7),
    example((0, 4), n=6, norm="backward"),
]
# The same for a transform whose operand is half a spectrum.
HALF_EXAMPLES = [
    example((4,)),
    example((4,), n=7),
    example((2,)),
    example((1,), n=1),
    example((4, 3), axis=0, norm="ortho"),
    example((2, 6, 2), n=5, axis=-2, norm="forward"),
    example((3, 4), n=12),
    example((0, 4), n=6, norm="backward"),
]


def _door(x: Any, n: Any = None, axis: int = -1, norm: Any = None, half: bool = False) -> Any:
    """Door of the 1-d transforms; `half` where the operand is half a spectrum."""
    (axis,) = canonical_axes(axis, np.ndim(x), x)
    if n is None:
        n = np.shape(x)[axis]
        n = 2 * (n - 1) if half else n
    return (x,), {"n": n, "axis": axis, "norm": "backward" if norm is None else norm}


def _half_door(x: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    return _door(x, n, axis, norm, half=True)


def _resized(g: Any, x_shape: tuple[int, ...], axis: int) -> Any:
    """`g` with the size that the operand has along `axis`: cut, or padded with zeros."""
    have, wanted = g.shape[axis], x_shape[axis]
    if have > wanted:
        return g[(slice(None),) * axis + (slice(wanted),)]
    if have < wanted:
        shape = (*x_shape[:axis], wanted - have, *x_shape[axis + 1 :])
        missing = zeros(shape, g.dtype, like=g)
        return np.concatenate([g, missing], axis=axis)
    return g


def _mirrored(value: float, n: int, axis: int, ndim: int) -> Any:
    """`value` for each frequency of half a spectrum that has a mirror image, 1 for the others."""
    weights = np.full(n // 2 + 1, value, np.float32)  # exact, and narrow: it widens nothing
    weights[0] = 1
    if n % 2 == 0:
        weights[-1] = 1
    return weights.reshape((-1,) + (1,) * (ndim - 1 - axis))


fft = primitive(
    np.fft.fft,
    lambda g, x_shape, axis, norm: _resized(np.fft.fft(g, axis=axis, norm=norm), x_shape, axis),
    door=_door,
    keywords=KEYWORDS,
    latex=r"\mathcal{{F}} {x}",
    precedence=2,
    examples=EXAMPLES,
)
ifft = primitive(
    np.fft.ifft,
    lambda g, x_shape, axis, norm: _resized(np.fft.ifft(g, axis=axis, norm=norm), x_shape, axis),
    door=_door,
    keywords=KEYWORDS,
    latex=r"\mathcal{{F}}^{{-1}} {x}",
    precedence=2,
    examples=EXAMPLES,
)


def _rfft_x(g: Any, x_shape: Any, n: int, axis: int, norm: str) -> Any:
    halved = np.conjugate(g) * _mirrored(0.5, n, axis, len(x_shape))
    return _resized(np.fft.irfft(halved, n, axis, SWAPPED[norm]), x_shape, axis)


def _irfft_x(g: Any, x_shape: Any, n: int, axis: int, norm: str) -> Any:
    spectrum = np.conjugate(np.fft.rfft(g, n, axis, SWAPPED[norm]))
    return _resized(spectrum * _mirrored(2.0, n, axis, len(x_shape)), x_shape, axis)


rfft = primitive(
    np.fft.rfft,
    _rfft_x,
    door=_door,
    keywords=KEYWORDS,
    latex=r"\mathcal{{F}} {x}",
    precedence=2,
    examples=EXAMPLES,
)
irfft = primitive(
    np.fft.irfft,
    _irfft_x,
    door=_half_door,
    keywords=KEYWORDS,
    latex=r"\mathcal{{F}}^{{-1}} {x}",
    precedence=2,
    examples=HALF_EXAMPLES,
)


@derived(np.fft.hfft)
def hfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """As ``numpy.fft.hfft``: of half a Hermitian-symmetric signal, hence with a real spectrum."""
    return irfft(np.conjugate(a), n, axis, SWAPPED.get(norm or "backward", norm))


@derived(np.fft.ihfft)
def ihfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None) -> Any:
    """As ``numpy.fft.ihfft``."""
    return np.conjugate(rfft(a, n, axis, SWAPPED.get(norm or "backward", norm)))


# ------------------------------------------------------------------------------ several axes


def _sizes_and_axes(
    a: Any, s: Any, axes: Any, real: bool = False, half: bool = False
) -> list[tuple[int, int]]:
    """For each axis to transform, the size to transform it at and its number."""
    shape = np.shape(a)
    if s is not None and axes is None:
        warnings.warn(
            "`axes` should not be `None` if `s` is not `None` (Deprecated in NumPy 2.0).",
            DeprecationWarning,
            stacklevel=6,  # past the dispatch, to the user's line
        )
    if axes is None:
        axes = range(-len(shape if s is None else s), 0)
    axes = [canonical_axes(axis, len(shape), a)[0] for axis in axes]
    if real and not axes:
        raise ShapeError("rfftn and irfftn need at least one axis; axes is empty.")
    if s is None:
        sizes = [shape[axis] for axis in axes]
        if half:
            sizes[-1] = 2 * (sizes[-1] - 1)
    else:
        sizes = list(s)
        if len(sizes) != len(axes):
            raise ShapeError(
                f"An n-dimensional transform needs a size for each axis; s={tuple(s)} has"
                f" {len(sizes)} and axes={tuple(axes)} {len(axes)}."
            )
        sizes = [shape[axis] if n == -1 else n for n, axis in zip(sizes, axes, strict=True)]
    return list(zip(sizes, axes, strict=True))


@derived(np.fft.fftn)
def fftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """As ``numpy.fft.fftn``: one axis after the other, the last first."""
    for n, axis in reversed(_sizes_and_axes(a, s, axes)):
        a = fft(a, n, axis, norm)
    return a


@derived(np.fft.ifftn)
def ifftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """As ``numpy.fft.ifftn``: one axis after the other, the last first."""
    for n, axis in reversed(_sizes_and_axes(a, s, axes)):
        a = ifft(a, n, axis, norm)
    return a


@derived(np.fft.rfftn)
def rfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """As ``numpy.fft.rfftn``: the last axis is real, what comes of it is complex."""
    *rest, (n, axis) = _sizes_and_axes(a, s, axes, real=True)
    a = rfft(a, n, axis, norm)
    for n, axis in reversed(rest):
        a = fft(a, n, axis, norm)
    return a


@derived(np.fft.irfftn)
def irfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """As ``numpy.fft.irfftn``: what comes of the last axis is real."""
    *rest, (last, last_axis) = _sizes_and_axes(a, s, axes, real=True, half=True)
    for n, axis in rest:
        a = ifft(a, n, axis, norm)
    return irfft(a, last, last_axis, norm)


@derived(np.fft.fft2)
def fft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None) -> Any:
    """As ``numpy.fft.fft2``."""
    return fftn(a, s, axes, norm)


@derived(np.fft.ifft2)
def ifft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None) -> Any:
    """As ``numpy.fft.ifft2``."""
    return ifftn(a, s, axes, norm)


@derived(np.fft.rfft2)
def rfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None) -> Any:
    """As ``numpy.fft.rfft2``."""
    return rfftn(a, s, axes, norm)


@derived(np.fft.irfft2)
def irfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None) -> Any:
    """As ``numpy.fft.irfft2``."""
    return irfftn(a, s, axes, norm)


# ------------------------------------------------------------------------------ the middle


def _shift_door(x: Any, axes: Any = None) -> Any:
    if isinstance(axes, list | tuple):  # an axis may stand twice: it is then shifted twice
        axes = tuple(canonical_axes(axis, np.ndim(x), x)[0] for axis in axes)
    else:
        axes = canonical_axes(axes, np.ndim(x), x)
    return (x,), {"axes": axes}


SHIFT_EXAMPLES = [
    example((5,)),
    example((3, 4)),
    example((3, 4), axes=0),
    example((3, 4, 5), axes=(-1, 0)),
    example((3, 4), axes=(1, 1)),
]
fftshift = primitive(
    np.fft.fftshift,
    lambda g, axes: np.fft.ifftshift(g, axes),
    door=_shift_door,
    keywords=["axes"],
    latex=r"\operatorname{{fftshift}} {x}",
    examples=SHIFT_EXAMPLES,
)
ifftshift = primitive(
    np.fft.ifftshift,
    lambda g, axes: np.fft.fftshift(g, axes),
    door=_shift_door,
    keywords=["axes"],
    latex=r"\operatorname{{ifftshift}} {x}",
    examples=SHIFT_EXAMPLES,
)
