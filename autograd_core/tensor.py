"""Tensor: a value with a history."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from . import dispatch
from .conversion import DIFFERENTIABLE_KINDS, as_value, no_integer_gradient
from .dispatch import RECORDED
from .errors import DTypeError, GraphError, InPlaceError, ShapeError, describe
from .graph import Node, ancestors, leaf, next_birth
from .history import History
from .methods import Methods
from .operators import Operators
from .unrecorded import CONVERTING

#: Tensor and its subclasses: ``type(x) in TENSORS`` is three times as fast as isinstance.
TENSORS: set[type] = set()


class Tensor(Operators, Methods, History):
    """An array (or a scalar) that records every operation on it.

    Parameters
    ----------
    data : array_like
        Numbers, nested lists, an array, or a Tensor that does not record.
    requires_grad : bool, optional
        Whether to record. By default floating and complex Tensors do; integer and boolean ones
        never can.
    dtype : data type, optional
        Converts on the way in.
    copy : bool
        ``True`` (the default) gives the Tensor an array of its own; ``False`` shares `data`.
    name : str, optional
        Shown in pictures and messages.

    Raises
    ------
    DTypeError
        If `data` is not numeric, is a recording Tensor, or is of integers and
        ``requires_grad=True``.

    Examples
    --------
    >>> from autograd_core import Tensor
    >>> x = Tensor([1.0, 2.0, 3.0], name="x")
    >>> loss = (x * x).sum()
    >>> loss.backward()
    >>> x.grad
    array([2., 4., 6.])
    """

    def __init_subclass__(cls) -> None:
        TENSORS.add(cls)

    __slots__ = ("__weakref__", "_array", "_name", "_node", "_version")

    _array: Any
    _node: Node | None
    _version: list[int] | None  # shared with views; None where nobody can write into the data
    _name: str

    def __init__(
        self,
        data: Any,
        requires_grad: bool | None = None,
        *,
        dtype: Any = None,
        copy: bool = True,
        name: str | None = None,
    ) -> None:
        if type(data) is float and dtype is None:
            value: Any = np.float64(data)
        else:
            value = as_value(data, dtype, copy)
        differentiable = value.dtype.kind in DIFFERENTIABLE_KINDS
        if requires_grad and not differentiable:
            raise no_integer_gradient(value.dtype)
        self._array = value
        # A second entry says that somebody else may have the array too, and write into it.
        self._version = [0] if copy else [0, 1]
        record = differentiable if requires_grad is None else requires_grad
        self._node = leaf(value) if record else None
        if name is not None:
            self.name = name

    # ------------------------------------------------------------------ the value

    @property
    def data(self) -> Any:
        """The array itself (a NumPy scalar for a scalar); read-only unless this is a leaf.

        Assigning to it, ``p.data -= step`` included, is seen by graphs that saved the old value.

        Examples
        --------
        >>> import autograd_core as ag
        >>> ag.Tensor([1.0, 2.0]).data
        array([1., 2.])
        """
        node = self._node
        if node is None or node.op is None:
            return self._array
        value = self._array
        if isinstance(value, np.ndarray):
            value = value.view()
            value.flags.writeable = False
        return value

    @data.setter
    def data(self, value: Any) -> None:
        if value is self._array and self._version is not None:
            self._overwritten()
            return
        node = self._node
        if node is not None and node.op is not None:
            raise InPlaceError(
                f"The value of a result ({node.op.name}) cannot be replaced: its history would no"
                " longer be true. Start a new Tensor from the value, or change the leaves."
            )
        value = as_value(value, self._array.dtype, copy=False)
        if value.shape != self._array.shape:
            raise ShapeError(
                f".data of a Tensor of shape {self._array.shape} cannot become an array of shape"
                f" {value.shape}. Make a new Tensor instead."
            )
        # A step of a scalar assigns it anew even where its gradient is 0.
        same = isinstance(value, np.generic) and value.tobytes() == self._array.tobytes()
        self._array = value
        self._version = [0, 1]
        if node is not None:
            node.value = value
            if not same:
                node.note("replaced", next_birth())

    @property
    def requires_grad(self) -> bool:
        """Whether operations on this Tensor are recorded. Can be set on a leaf.

        Examples
        --------
        >>> import autograd_core as ag
        >>> ag.Tensor([1.0]).requires_grad, ag.Tensor([1]).requires_grad
        (True, False)
        """
        return self._node is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        node = self._node
        if wanted == (node is not None):
            return
        if node is None:
            if self._array.dtype.kind not in DIFFERENTIABLE_KINDS:
                raise no_integer_gradient(self._array.dtype)
            self._node = leaf(self._array)
            if self.name is not None:
                self._node.note("name", self.name)
        elif node.op is None:
            self._node = None
        else:
            raise GraphError(
                f"requires_grad can be switched off on a leaf only; this is a result of"
                f" {node.op.name}. Use .detach() for a Tensor without its history."
            )

    @property
    def is_leaf(self) -> bool:
        """Whether this Tensor was made by the user rather than computed from recording ones.

        Examples
        --------
        >>> import autograd_core as ag
        >>> x = ag.Tensor(1.0)
        >>> x.is_leaf, (x + 1).is_leaf
        (True, False)
        """
        return self._node is None or self._node.op is None

    @property
    def name(self) -> str | None:
        """What pictures and messages call this Tensor.

        Examples
        --------
        >>> import autograd_core as ag
        >>> ag.Tensor(1.0, name="w").name
        'w'
        """
        return getattr(self, "_name", None)

    @name.setter
    def name(self, name: str | None) -> None:
        if name is not None and not isinstance(name, str):
            raise DTypeError(f"A name is text, not {type(name).__name__}: {name!r}.")
        self._name = name  # type: ignore[assignment]
        if self._node is not None:
            self._node.note("name", name)

    @staticmethod
    def _resume(value: Any, node: Node | None) -> Tensor:
        result: Tensor = Tensor.__new__(Tensor)
        result._array, result._node, result._version = value, node, None
        return result

    def detach(self) -> Tensor:
        """The same value, sharing memory, without the history: a constant.

        Examples
        --------
        >>> import autograd_core as ag
        >>> (ag.Tensor(3.0) * 2).detach().requires_grad
        False
        """
        result = self._resume(self.data, None)
        result._version = [0] if self._version is None else self._version
        return result

    def item(self, *index: int) -> Any:
        """One element as a Python number, outside the graph.

        Parameters
        ----------
        *index : int
            Which one, as ``numpy.ndarray.item`` takes it; may be left out where there is only one.

        Raises
        ------
        ShapeError
            If there is more than one element and no index.

        Examples
        --------
        >>> import autograd_core as ag
        >>> ag.Tensor([[2.5]]).item(), ag.Tensor([1.0, 2.0]).item(1)
        (2.5, 2.0)
        """
        if not index and self._array.size != 1:
            raise ShapeError(f".item() needs exactly one element; the shape is {self.shape}.")
        return self._array.item(*index)

    # ------------------------------------------------------------------ NumPy's protocols

    __array_priority__ = 1000.0

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        if not keywords and method == "__call__":  # nearly always; the rest is in dispatch
            record = RECORDED.get(ufunc)
            if record is not None:
                return record(*inputs)
        return dispatch.call_ufunc(ufunc, method, inputs, keywords)

    def __array_function__(self, function: Any, types: Any, args: Any, keywords: Any) -> Any:
        return dispatch.call_function(function, args, keywords)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if self._node is not None:
            caller = sys._getframe(1)
            within = caller.f_globals.get("__name__", "").startswith("numpy.")
            instead = CONVERTING.get(caller.f_code.co_name) if within else None
            raise DTypeError(
                "A Tensor that records was about to be turned into a plain array, which would drop"
                f" its history in silence ({describe(self)}). "
                + (f"Instead of {caller.f_code.co_name} use {instead}. " if instead else "")
                + "Use .data or .detach() if that is meant; to build an array of Tensors use"
                " np.stack([...]) or np.concatenate([...])."
            )
        return np.array(self._array, dtype=dtype, copy=copy)

    # ------------------------------------------------------------------ copying and pickling

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        node = self._node
        history = None if node is None else ancestors(node)
        attributes = getattr(self, "__dict__", None)
        state = (type(self), history, node, self._array, self._version, self.name, attributes)
        return _rebuild, state


TENSORS.add(Tensor)


def _rebuild(
    kind: type[Tensor],
    history: list[Node] | None,
    node: Node | None,
    data: Any,
    version: list[int] | None,
    name: str | None,
    attributes: dict[str, Any] | None,
) -> Tensor:
    """A Tensor from its pickled parts; `history` only had to be loaded before `node`."""
    del history
    result: Tensor = kind.__new__(kind)
    result._array, result._node, result._version = data, node, version
    if name is not None:
        result._name = name
    if attributes:
        result.__dict__.update(attributes)
    return result
