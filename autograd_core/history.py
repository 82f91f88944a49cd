"""The side of a Tensor that looks back: its gradient, ``backward()``, what is kept for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import backend
from .conversion import why_not_recording
from .errors import DTypeError, GraphError, ShapeError
from .graph import Node, next_birth
from .hooks import Hook, HookHandle, add_hook
from .modes import enable_grad
from .reverse import backpropagate, reverse_order

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)


class History:
    """Gradients and the reverse pass of :class:`~autograd_core.tensor.Tensor`."""

    __slots__ = ()

    _array: Any
    _node: Node | None
    _version: list[int] | None
    name: Any

    @property
    def grad(self) -> Any:
        """The gradient that ``backward()`` left here, of this Tensor's shape and dtype, or None.

        Examples
        --------
        >>> import autograd_core as ag
        >>> x = ag.Tensor(3.0)
        >>> print(x.grad)
        None
        >>> (x * x).backward()
        >>> float(x.grad)
        6.0
        """
        node = self._node
        return None if node is None else node.grad

    @grad.setter
    def grad(self, value: Any) -> None:
        node = self._node
        if value is None:
            if node is not None:
                node.grad = None
            return
        if node is None:
            raise GraphError("This Tensor does not record, so it has no gradient to set.")
        value = value if hasattr(value, "_node") else _gradient(value, node.dtype)
        if value.shape != node.shape:
            raise ShapeError(
                f"A gradient has its Tensor's shape: expected {node.shape}, got {value.shape}."
            )
        node.grad = value

    def backward(
        self, gradient: Any = None, *, retain_graph: bool | None = None, create_graph: bool = False
    ) -> None:
        """Add the gradient of this Tensor with respect to every leaf to the leaf's ``.grad``.

        Parameters
        ----------
        gradient : array_like, optional
            The gradient of the final quantity with respect to this Tensor, of its shape. May be
            left out where this Tensor has one element: then it is 1.
        retain_graph : bool
            Keep the saved values for another pass. By default they are released (unless
            `create_graph`).
        create_graph : bool
            Record the pass itself, so that ``.grad`` is a Tensor that can be differentiated. The
            graph then refers to the leaves and they to it: a cycle that only Python's garbage
            collector frees.

        Raises
        ------
        GraphError
            If this Tensor does not record, has more than one element and no `gradient`, or if
            its graph was released.
        OverwrittenError
            If a saved value was changed since.

        Examples
        --------
        >>> import autograd_core as ag
        >>> x = ag.Tensor(3.0)
        >>> (x**3).backward(create_graph=True)
        >>> first = x.grad
        >>> x.zero_grad()
        >>> first.backward()
        >>> float(first), float(x.grad)
        (27.0, 18.0)
        """
        node = self._node
        if node is None:
            raise GraphError(why_not_recording(self))
        seed = self._seed(gradient)
        order = reverse_order(node)
        if create_graph:
            if not hasattr(seed, "_node"):
                seed = self._resume(seed, None)
            with enable_grad():
                results = backpropagate(order, {node: seed}, values=self._revive)
        else:
            results = backpropagate(order, {node: getattr(seed, "_array", seed)})
        # From here on nothing can fail: a pass that raised has changed nothing.
        if not (create_graph if retain_graph is None else retain_graph):
            for passed in order:
                passed.saved = None
        for target, g in results:
            dtype = target.dtype
            if dtype is not FLOAT64 and dtype is not FLOAT32:  # complex numbers, byte orders
                g = (g.conj() if dtype.kind == "c" else g).astype(dtype)
            present = target.grad
            if present is None:
                target.grad = g
            elif type(present) is np.ndarray and type(g) is np.ndarray:
                present += g
            else:
                target.grad = present + g

    def _seed(self, gradient: Any) -> Any:
        """The gradient that the pass starts from, in the convention of the rules."""
        shape, dtype = self._array.shape, self._array.dtype
        if gradient is None:
            if backend.is_foreign(self._array):
                return backend.ones(shape, dtype, self._array)
            if shape == ():
                return dtype.type(1)
            if self._array.size != 1:
                raise GraphError(
                    f"backward() needs a gradient: this Tensor has shape {shape}, and only a single"
                    " number has an unambiguous one. Reduce it first (x.sum().backward()), or pass"
                    " one of its shape (x.backward(np.ones_like(x.data)))."
                )
            return np.ones(shape, dtype)
        if not hasattr(gradient, "_node"):
            gradient = _gradient(gradient, dtype)
        elif gradient.dtype.kind not in _kinds(dtype):
            raise _not_a_gradient(gradient.dtype, dtype)
        if gradient.shape != shape:
            raise ShapeError(
                f"backward(gradient): the gradient must have the Tensor's shape {shape},"
                f" but has {gradient.shape}."
            )
        return gradient.conj() if dtype.kind == "c" else gradient

    def zero_grad(self) -> None:
        """Forget the gradient (``.grad`` is None again: not computed).

        Examples
        --------
        >>> import autograd_core as ag
        >>> x = ag.Tensor(3.0)
        >>> (x * x).backward()
        >>> x.zero_grad()
        >>> print(x.grad)
        None
        """
        if self._node is not None:
            self._node.grad = None

    def retain_grad(self) -> None:
        """Ask ``backward()`` to leave the gradient of this intermediate result in ``.grad``.

        Raises
        ------
        GraphError
            If this Tensor does not record.

        Examples
        --------
        >>> import autograd_core as ag
        >>> x = ag.Tensor(3.0)
        >>> y = x * x
        >>> y.retain_grad()
        >>> (y * 5).backward()
        >>> float(y.grad)
        5.0
        """
        if self._node is None:
            raise GraphError(why_not_recording(self))
        if self._node.op is not None:
            self._node.note("retain", True)

    def register_hook(self, hook: Hook) -> HookHandle:
        """Call `hook` with the gradient of this Tensor whenever a reverse pass comes by.

        Parameters
        ----------
        hook : callable
            Gets the whole gradient of this pass at this Tensor, read-only (a Tensor, in a pass
            that is recorded). What it returns takes the gradient's place on the way back, and in
            ``.grad``; None leaves it. Several hooks run in the order they came.

        Returns
        -------
        HookHandle
            Its ``remove()`` takes the hook off. Copies and pickles of the Tensor have no hooks.

        Raises
        ------
        GraphError
            If this Tensor does not record.

        Notes
        -----
        Transforms and pictures, which make reverse passes of their own, run hooks too. A hook
        that refers to its own Tensor makes a cycle, which the garbage collector must free.

        Examples
        --------
        >>> import numpy as np, autograd_core as ag
        >>> x = ag.Tensor([1.0, 20.0])
        >>> handle = x.register_hook(lambda g: np.clip(g, -5.0, 5.0))
        >>> (x * x).sum().backward()
        >>> x.grad
        array([2., 5.])
        """
        if self._node is None:
            raise GraphError(why_not_recording(self))
        return add_hook(self._node, hook)

    def _overwritten(self) -> None:
        """Note that somebody wrote into the array: for the reverse pass, and for pictures."""
        assert self._version is not None
        self._version[0] += 1
        if self._node is not None:
            self._node.note("overwritten", next_birth())

    @staticmethod
    def _resume(value: Any, node: Node | None) -> Any:
        """A Tensor with this value whose history is `node`."""
        raise NotImplementedError

    def _revive(self, node: Node) -> tuple[Any, ...]:
        """What `node` saved, as Tensors that know where they came from.

        The rules then record themselves, which is what derivatives of higher order are made of.
        """
        assert node.op is not None
        return node.op.revive(node, self._resume)


def _gradient(value: Any, dtype: Any) -> Any:
    """A gradient as users give it, as an array (or scalar) of `dtype`, theirs no longer."""
    if backend.is_foreign(value):
        return value.astype(dtype)
    value = np.asarray(value)
    if value.dtype.kind not in _kinds(dtype):
        raise _not_a_gradient(value.dtype, dtype)
    return np.array(value, dtype)[()]


def _kinds(dtype: Any) -> str:
    return "fciub" if dtype.kind == "c" else "fiub"


def _not_a_gradient(given: Any, dtype: Any) -> DTypeError:
    numbers = "complex or real" if dtype.kind == "c" else "real"
    return DTypeError(
        f"The gradient of a Tensor of {dtype} is of {numbers} numbers; the one given is of {given}."
    )
