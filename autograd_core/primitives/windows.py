"""Windows that slide over the last axes of an array: what convolution and pooling share.

Arrays are (batch, channels, length) or (batch, channels, height, width). A :class:`Sliding` says
how a window moves over them; the axes are canonical there: one number, or one pair, an axis.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from ..errors import ShapeError, describe

Axes = tuple[int, ...]
Pairs = tuple[tuple[int, int], ...]

#: How the operands of so many spatial axes are laid out, for messages.
LAYOUT = {1: "(batch, channels, length)", 2: "(batch, channels, height, width)"}


@dataclass(frozen=True)
class Sliding:
    """A window's size and how it moves: one entry for each axis it slides along.

    Attributes
    ----------
    window, stride, dilation : tuple of int
        How many elements it looks at, how far it moves, how far apart its elements are.
    padding : tuple of (int, int)
        How many elements are put before and after the axis.
    """

    window: Axes
    stride: Axes
    padding: Pairs
    dilation: Axes

    @property
    def padded(self) -> bool:
        """Whether anything is put before or after."""
        return any(before or after for before, after in self.padding)

    @property
    def spans(self) -> Axes:
        """How many elements each axis of the window reaches over, the gaps included."""
        return tuple(d * (k - 1) + 1 for k, d in zip(self.window, self.dilation, strict=True))

    def room(self, sizes: Axes) -> Axes:
        """The lengths of the axes, padded."""
        return tuple(
            n + before + after for n, (before, after) in zip(sizes, self.padding, strict=True)
        )

    def places(self, sizes: Axes) -> Axes:
        """How many places the window takes along axes of these lengths."""
        return tuple(
            (n - span) // s + 1
            for n, span, s in zip(self.room(sizes), self.spans, self.stride, strict=True)
        )

    def slices(self, places: Axes) -> Iterator[tuple[Axes, tuple[Any, ...]]]:
        """For each element of the window: where it stands in it, and what it sees when sliding."""
        for element in itertools.product(*map(range, self.window)):
            yield (
                element,
                (
                    Ellipsis,
                    *[
                        slice(i * d, i * d + (n - 1) * s + 1, s)
                        for i, d, s, n in zip(
                            element, self.dilation, self.stride, places, strict=True
                        )
                    ],
                ),
            )

    def interior(self, sizes: Axes) -> tuple[Any, ...]:
        """The index that takes the padding away."""
        starts = (before for before, _ in self.padding)
        return (Ellipsis, *[slice(b, b + n) for b, n in zip(starts, sizes, strict=True)])

    def pad(self, x: Any, value: Any = 0) -> Any:
        """`x` with `value` put around it; `x` itself where there is no padding."""
        if not self.padded:
            return x
        axes = len(self.window)
        shape = x.shape[:-axes] + self.room(x.shape[-axes:])
        padded = np.full(shape, value, x.dtype) if value else np.zeros(shape, x.dtype)
        padded[self.interior(x.shape[-axes:])] = x
        return padded

    def view(self, x: Any) -> Any:
        """Every window of `x` (padded already), as a view.

        Shape (batch, channels, *window, *places).
        """
        axes = len(self.window)
        steps = x.strides[-axes:]
        places = tuple(
            (n - span) // s + 1
            for n, span, s in zip(x.shape[-axes:], self.spans, self.stride, strict=True)
        )
        return np.lib.stride_tricks.as_strided(
            x,
            x.shape[:-axes] + self.window + places,
            x.strides[:-axes]
            + tuple(map(operator.mul, steps, self.dilation))
            + tuple(map(operator.mul, steps, self.stride)),
            writeable=False,
        )


# ------------------------------------------------------------------------------ arguments


def per_axis(name: str, what: str, value: Any, axes: int, least: int = 1) -> Axes:
    """An option given as one whole number for all axes, or as one for each."""
    given = tuple(value) if isinstance(value, tuple | list) else (value,) * axes
    fits = len(given) == axes and all(
        isinstance(one, int | np.integer) and not isinstance(one, bool) and one >= least
        for one in given
    )
    if not fits:
        each = "" if axes == 1 else f", or {axes} of them, one an axis"
        raise ShapeError(
            f"{name}: {what} is a whole number of at least {least}{each}; it is {value!r}."
        )
    return tuple(map(int, given))


def check_rank(name: str, x: Any, axes: int) -> None:
    """Refuse operands that are not (batch, channels, ...)."""
    if np.ndim(x) == axes + 2:
        return
    hint = ""
    if np.ndim(x) == axes + 1:
        hint = (
            " Where the batch is missing, add it: x[None]; where the images have one channel only"
            " and no axis for it, add that: x[:, None]."
        )
    raise ShapeError(
        f"{name}: x has shape {LAYOUT[axes]}, so {axes + 2} axes. Given: {describe(x, 'x')}.{hint}"
    )


def check_room(name: str, x: Any, sliding: Sliding) -> None:
    """Refuse a window that is larger than what it slides over."""
    axes = len(sliding.window)
    room = sliding.room(np.shape(x)[-axes:])
    if all(span <= n for span, n in zip(sliding.spans, room, strict=True)):
        return
    too_large(name, x, sliding, room)


def too_large(name: str, x: Any, sliding: Sliding, room: Axes) -> NoReturn:
    """Say that the window does not fit, with all that went into it."""
    dilated = f" (dilation {_show(sliding.dilation)})" if set(sliding.dilation) != {1} else ""
    padded = f" and {_show(room)} with its padding" if sliding.padded else ""
    raise ShapeError(
        f"{name}: a window over {_show(sliding.spans)} elements{dilated} is larger than the input,"
        f" which is {_show(np.shape(x)[-len(room) :])}{padded}. Take a smaller window or more"
        f" padding. Given: {describe(x, 'x')}."
    )


def _show(sizes: Axes) -> str:
    return " x ".join(map(str, sizes))


def symmetric(padding: Axes) -> Pairs:
    """The same before and after each axis."""
    return tuple((p, p) for p in padding)


def blocks(count: int, size: int, limit: int) -> list[slice]:
    """`count` examples of `size` bytes each, in slices of at most `limit` bytes."""
    step = max(1, limit // max(size, 1))
    return [slice(start, start + step) for start in range(0, max(count, 1), step)]


def product(sizes: Axes) -> int:
    """The number of elements."""
    return math.prod(sizes)
