"""Reading and replacing elements by index: ``t[index]``, ``index_update``, ``index_add``.

Every form of index that NumPy has works: slices, newaxis, ellipsis, integer and boolean arrays and
mixtures of them. Where an index names an element twice, its gradients add up.
"""

from __future__ import annotations

from operator import setitem
from typing import Any

import numpy as np

from .. import backend
from ..dispatch import plain
from ..primitive import example, primitive

INDICES: list[Any] = [
    (1,),
    (slice(None, None, -1),),
    (Ellipsis, None, 2),
    (np.array([0, 2, 0]),),
    (slice(None), np.array([[3, 3], [0, 1]])),
    (np.array([[True, False, True, False]] * 3),),
    (np.array([2, 2, 2]), slice(1, 3)),
]


def _canonical(index: Any) -> tuple[Any, ...]:
    """`index` as a tuple; arrays in it are copied, for their owner may change them."""
    index = index if isinstance(index, tuple) else (index,)
    return tuple([_part(plain(part)) for part in index])


def _part(part: Any) -> Any:
    if isinstance(part, np.ndarray):
        return part.copy()
    if isinstance(part, list | tuple):  # an empty one has no dtype of its own
        array = np.array(part)
        return array if array.size else array.astype(np.intp)
    return part


def is_basic(index: tuple[Any, ...]) -> bool:
    """Whether `index` has only slices, ints and the like, so that it names no element twice."""
    return all(
        part is None or part is Ellipsis or isinstance(part, int | slice | np.integer)
        for part in index
    )


def _getitem_door(x: Any, index: Any) -> tuple[Any, dict[str, Any]]:
    return (x,), {"index": _canonical(index)}


def _getitem_x(g: Any, x_shape: Any, index: tuple[Any, ...]) -> Any:
    return scatter(g, x_shape, index)


getitem = primitive(
    lambda x, index: x[index],
    _getitem_x,
    name="getitem",
    door=_getitem_door,
    keywords=["index"],
    view=True,
    symbol="[ ]",
    latex="{{{x}}}_{{{index}}}",
    examples=[example((3, 4), index=index) for index in INDICES],
)


def names_once(index: tuple[Any, ...]) -> bool:
    """Whether `index` cannot name an element twice: it has no array of integers."""
    return is_basic(tuple([p for p in index if getattr(p, "dtype", None) != np.bool_]))


def add_at(array: Any, index: tuple[Any, ...], values: Any) -> None:
    """``array[index] += values`` in which an element named twice is added to twice."""
    if names_once(index):
        array[index] += values
    else:
        backend.add_at(array, index, values)


def _scatter(x: Any, shape: tuple[int, ...], index: tuple[Any, ...]) -> Any:
    """Zeros of `shape` with `x` added at `index`: the transpose of reading at `index`."""
    return backend.written(shape, x, lambda result, x: add_at(result, index, x))


scatter: Any = primitive(
    _scatter,
    lambda g, index: g[index],
    name="scatter",
    door=lambda x, shape, index: ((x,), {"shape": shape, "index": index}),
    keywords=["shape", "index"],
    examples=[example((3,), shape=(2, 3), index=(1,)), example((3,), (4,), (np.array([0, 2, 0]),))],
)


def _update_door(x: Any, index: Any, value: Any) -> tuple[Any, dict[str, Any]]:
    return (x, value), {"index": _canonical(index)}


def _update(x: Any, value: Any, index: tuple[Any, ...]) -> Any:
    return backend.rewritten(
        x, value, lambda result, value: setitem(result, index, value), np.result_type(x, value)
    )


def _index_update(x: Any, index: Any, value: Any) -> Any:
    """A copy of `x` with ``x[index] = value``, recorded; `x` stays as it is.

    Parameters
    ----------
    x : Tensor or array
    index
        Any index that NumPy takes.
    value : Tensor, array or number
        Broadcast to the shape of ``x[index]``. Where `index` names an element twice, the last
        value stays, and it alone gets a gradient.

    Returns
    -------
    Tensor or array
        Shape of `x`.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x, v = ag.Tensor([1.0, 2.0, 3.0]), ag.Tensor(9.0)
    >>> y = ag.index_update(x, 1, v)
    >>> y.data
    array([1., 9., 3.])
    >>> y.sum().backward()
    >>> x.grad, float(v.grad)
    (array([1., 0., 1.]), 1.0)
    """
    return _update(x, value, _canonical(index))


def _update_value(g: Any, x_shape: Any, index: tuple[Any, ...]) -> Any:
    """What was written and still stands: an element named twice keeps its last value only."""
    if names_once(index):
        return g[index]
    writers = np.zeros(x_shape, int)
    wrote = np.arange(writers[index].size).reshape(writers[index].shape)
    writers[index] = wrote
    return np.where(writers[index] == wrote, g[index], 0)


def _zero_at(g: Any, index: tuple[Any, ...]) -> Any:
    return index_update(g, index, 0)


index_update = primitive(
    _index_update,
    x=_zero_at,
    value=_update_value,
    name="index_update",
    compute=_update,
    door=_update_door,
    keywords=["index"],
    examples=[
        example((3, 4), (slice(None), 1), (3,)),
        example((3, 4), (np.array([0, 2, 0]),), (3, 4)),
        example((3, 4), (np.array([[True, False, True, False]] * 3),), ()),
    ],
)


def _index_add(x: Any, index: Any, value: Any) -> Any:
    """A copy of `x` with ``x[index] += value``, recorded; repeated indices add up.

    Parameters
    ----------
    x : Tensor or array
    index
        Any index that NumPy takes.
    value : Tensor, array or number
        Broadcast to the shape of ``x[index]``.

    Returns
    -------
    Tensor or array
        Shape of `x`.

    Examples
    --------
    >>> import numpy as np, autograd_core as ag
    >>> ag.index_add(ag.Tensor([1.0, 2.0]), np.array([0, 0]), 5.0).data
    array([11.,  2.])
    """
    return _add(x, value, _canonical(index))


def _add(x: Any, value: Any, index: tuple[Any, ...]) -> Any:
    return backend.rewritten(
        x, value, lambda result, value: add_at(result, index, value), np.result_type(x, value)
    )


index_add = primitive(
    _index_add,
    x=lambda g: g,
    value=lambda g, index: g[index],
    name="index_add",
    compute=_add,
    door=_update_door,
    keywords=["index"],
    examples=[
        example((3, 4), (slice(None), 1), (3,)),
        example((3, 4), (np.array([0, 2, 0]),), (3, 4)),
        example((3, 4), (1,), ()),
    ],
)
