"""Along one axis: running extremes, the running log-sum-exp, and the k largest elements."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..dispatch import plain
from ..errors import ShapeError, describe
from ..primitive import example, primitive
from .indexing import scatter
from .operands import only_real
from .reduction import canonical_axes

ALONG = [
    example((4,)),
    example((3, 4)),
    example((3, 4), axis=0),
    example((2, 3, 2), axis=-2),
    example((3, 0)),
    example((2, 1)),
]


def _door(x: Any, axis: int = -1) -> Any:
    (axis,) = canonical_axes(axis, np.ndim(x), x)
    return (x,), {"axis": axis}


def _along(shape: tuple[int, ...], axis: int, indices: Any) -> tuple[Any, ...]:
    """An index that reads `indices` along `axis` and every other axis in its place."""
    grid = [np.expand_dims(part, axis) for part in np.ogrid[tuple(map(slice, _rest(shape, axis)))]]
    return (*grid[:axis], indices, *grid[axis:])


def _rest(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return shape[:axis] + shape[axis + 1 :]


def _backwards(x: Any, axis: int) -> Any:
    return x[(slice(None),) * axis + (slice(None, None, -1),)]


# ------------------------------------------------------------------------------ extremes


def _record_x(g: Any, x: Any, out: Any, x_shape: Any, axis: int) -> Any:
    """Each output's gradient goes to the element that set the record: at a tie, to the latest."""
    sets = (x == out) | (x != x)  # noqa: PLR0124 - from the first NaN on, all outputs are NaN
    places = np.arange(x_shape[axis]).reshape((-1,) + (1,) * (len(x_shape) - 1 - axis))
    holder = np.maximum.accumulate(np.where(sets, places, 0), axis=axis)
    return scatter(g, x_shape, _along(x_shape, axis, holder))


def _cummax(x: Any, axis: int = -1) -> Any:
    """Largest element so far along an axis.

    Parameters
    ----------
    x : Tensor or array
    axis : int

    Returns
    -------
    Tensor or array
        Same shape: ``np.maximum.accumulate(x, axis)``. The gradient goes to the element that is
        the largest so far; of several equal ones to the latest (PyTorch's convention).

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([1.0, 3.0, 2.0])
    >>> y = ag.cummax(x)
    >>> y.data
    array([1., 3., 3.])
    >>> y.sum().backward()
    >>> x.grad
    array([1., 2., 0.])
    """
    only_real("cummax", x)
    return np.maximum.accumulate(x, axis=axis)


cummax = primitive(
    _cummax,
    _record_x,
    name="cummax",
    door=_door,
    keywords=["axis"],
    latex=r"\operatorname{{cummax}} {x}",
    domain="distinct",
    examples=ALONG,
)


def _cummin(x: Any, axis: int = -1) -> Any:
    """Smallest element so far along an axis.

    Parameters
    ----------
    x : Tensor or array
    axis : int

    Returns
    -------
    Tensor or array
        Same shape: ``np.minimum.accumulate(x, axis)``. The gradient goes to the element that is
        the smallest so far; of several equal ones to the latest (PyTorch's convention).

    Examples
    --------
    >>> import autograd_core as ag
    >>> ag.cummin(ag.Tensor([[3.0, 1.0], [2.0, 4.0]]), axis=0).data
    array([[3., 1.],
           [2., 1.]])
    """
    only_real("cummin", x)
    return np.minimum.accumulate(x, axis=axis)


cummin = primitive(
    _cummin,
    _record_x,
    name="cummin",
    door=_door,
    keywords=["axis"],
    latex=r"\operatorname{{cummin}} {x}",
    domain="distinct",
    examples=ALONG,
)


# ------------------------------------------------------------------------------ log-sum-exp


def _recurrence(x: Any, decay: Any, axis: int) -> Any:
    """``out[i] = x[i] + decay[i] * out[i - 1]``, counted backwards: from the end of the axis."""
    x, decay = np.moveaxis(x, axis, 0), np.moveaxis(decay, axis, 0)
    out = np.array(x, np.result_type(x, decay))
    for i in range(len(out) - 2, -1, -1):
        out[i] += decay[i] * out[i + 1]
    return np.moveaxis(out, 0, axis)


def _forwards(g: Any, decay: Any, axis: int) -> Any:
    """The transpose: the recurrence from the start, with each factor one place later."""
    later = np.concatenate([_first(decay, axis), _but_last(decay, axis)], axis=axis)
    return _backwards(recurrence(_backwards(g, axis), _backwards(later, axis), axis=axis), axis)


def _first(x: Any, axis: int) -> Any:
    return x[(slice(None),) * axis + (slice(0, 1),)]


def _but_last(x: Any, axis: int) -> Any:
    return x[(slice(None),) * axis + (slice(0, -1),)]


def _recurrence_decay(g: Any, decay: Any, out: Any, axis: int) -> Any:
    after = out[(slice(None),) * axis + (slice(1, None),)]
    zero = np.zeros_like(plain(_first(out, axis)))
    return _forwards(g, decay, axis) * np.concatenate([after, zero], axis=axis)


recurrence: Any = primitive(
    _recurrence,
    x=_forwards,
    decay=_recurrence_decay,
    name="recurrence",
    keywords=["axis"],
    examples=[
        example((4,), (4,), axis=0),
        example((3, 4), (3, 4), axis=1),
        example((2, 1), (2, 1), axis=1),
    ],
)


def _logcumsumexp(x: Any, axis: int = -1) -> Any:
    """Logarithm of the cumulative sum of exponentials along an axis, without overflow.

    Parameters
    ----------
    x : Tensor or array
    axis : int

    Returns
    -------
    Tensor or array
        Same shape: ``np.logaddexp.accumulate(x, axis)``. The derivative of output j with respect
        to element i up to j is ``exp(x[i] - out[j])``. These are summed from the end, where each
        step multiplies by ``exp(out[i] - out[i + 1])``, which is at most 1: nothing overflows.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([1000.0, 1000.0])
    >>> y = ag.logcumsumexp(x)
    >>> y.data.round(4)
    array([1000.    , 1000.6931])
    >>> y.sum().backward()
    >>> x.grad
    array([1.5, 0.5])
    """
    only_real("logcumsumexp", x)
    return np.logaddexp.accumulate(x, axis=axis)


def _finite(out: Any) -> Any:
    """What may be subtracted: after nothing but -inf, out is -inf too, and the weights are 0."""
    return np.where(np.isfinite(out), out, 0)


def _logcumsumexp_x(g: Any, x: Any, out: Any, axis: int) -> Any:
    following = np.concatenate(
        [out[(slice(None),) * axis + (slice(1, None),)], _last(out, axis)], axis=axis
    )
    decay = np.exp(out - _finite(following))
    return np.exp(x - _finite(out)) * recurrence(g, decay, axis=axis)


def _last(x: Any, axis: int) -> Any:
    return x[(slice(None),) * axis + (slice(-1, None),)]


logcumsumexp = primitive(
    _logcumsumexp,
    _logcumsumexp_x,
    name="logcumsumexp",
    door=_door,
    keywords=["axis"],
    latex=r"\ln \operatorname{{cumsum}} e^{{{x}}}",
    examples=ALONG,
)


# ------------------------------------------------------------------------------ the k largest


class TopK(NamedTuple):
    """The `k` largest or smallest elements, and where they stood."""

    values: Any
    indices: Any


def topk(x: Any, k: int, axis: int = -1, largest: bool = True) -> TopK:
    """The `k` largest elements along an axis, in order, and their places.

    Parameters
    ----------
    x : Tensor or array
    k : int
        At most the size of the axis.
    axis : int
    largest : bool
        False for the smallest ones.

    Returns
    -------
    values : Tensor or array
        The largest first (or the smallest). The gradient goes to the elements chosen.
    indices : array of int
        Of equal elements, the first ones are chosen. NaN counts as larger than any number.

    Raises
    ------
    ShapeError
        If the axis has no `k` elements.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor([1.0, 5.0, 3.0])
    >>> values, indices = ag.topk(x, 2)
    >>> values.data, indices
    (array([5., 3.]), array([1, 2]))
    >>> values.sum().backward()
    >>> x.grad
    array([0., 1., 1.])
    """
    array = np.asarray(plain(x))
    only_real("topk", array)
    (axis,) = canonical_axes(axis, array.ndim, x)
    size = array.shape[axis]
    if not 0 <= k <= size:
        raise ShapeError(
            f"topk: axis {axis} of {describe(x)} has {size} elements, so k goes from 0 to {size};"
            f" it is {k}."
        )
    if largest:  # sorted backwards, so that of equal elements the first come first
        order = size - 1 - np.argsort(_backwards(array, axis), axis=axis, kind="stable")
        order = _backwards(order, axis)
    else:
        order = np.argsort(array, axis=axis, kind="stable")
    indices = order[(slice(None),) * axis + (slice(k),)]
    return TopK((x if x is not array else array)[_along(array.shape, axis, indices)], indices)
