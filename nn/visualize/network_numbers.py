"""The numbers of a network on one example: activations, weights, and how they should change.

The layers are computed once more on Tensors of their own, so that nobody's ``.grad`` is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_core as ag
from autograd_core import Tensor

from ..activations import ACTIVATIONS, Identity, LogSoftmax, Softmax
from ..containers import Sequential
from ..dropout import Dropout
from ..layers import Linear
from ..losses import cross_entropy, mse_loss
from ..module import Module
from ..pooling import Flatten

Array = NDArray[Any]
PICTURED = (*ACTIVATIONS.values(), Identity)


@dataclass(frozen=True, slots=True)
class LayerNumbers:
    """One Linear layer with what follows it up to the next, on one example.

    Attributes
    ----------
    name : str
        Of the Linear layer in the model, such as ``"0"``.
    activation : str
        The activations after it, such as ``"Sigmoid"``; empty for none.
    weight, bias, value : array
        Of shape (out, in), (out,) or None, (out,): the activations.
    weight_change, bias_change, value_change : array or None
        Minus the gradient of the loss: how the loss wants them to change. None without a loss.
    """

    name: str
    activation: str
    weight: Array
    bias: Array | None
    value: Array
    weight_change: Array | None = None
    bias_change: Array | None = None
    value_change: Array | None = None


@dataclass(frozen=True, slots=True)
class NetworkNumbers:
    """A whole network on one example.

    Attributes
    ----------
    inputs : array of shape (in,)
    input_shape : tuple of int
        As the example was given, without leading axes of length 1: (8, 8) of an image.
    layers : tuple of LayerNumbers
    loss : float or None
    loss_name : str
    label : int or None
        The right class, where the target is one.
    probabilities : array or None
        Of the classes, where the target is one.
    target : array or None
        What the outputs should be, where the target is not a class.
    """

    inputs: Array
    layers: tuple[LayerNumbers, ...]
    loss: float | None = None
    loss_name: str = ""
    label: int | None = None
    probabilities: Array | None = None
    target: Array | None = None
    input_shape: tuple[int, ...] = ()


def linear_layers(model: Any) -> list[tuple[str, Linear, list[Module]]]:
    """Each Linear layer of a model with its name and the activations after it.

    Raises
    ------
    TypeError
        If there is something else in the model; the message names it.

    Examples
    --------
    >>> import nn
    >>> [(name, len(after)) for name, _, after in linear_layers(nn.MLP(2, [3], 1))]
    [('0', 1), ('2', 0)]
    """
    if not isinstance(model, Module):
        raise TypeError(
            f"draw_network: model is {type(model).__name__}, not a Module. Give a network of"
            " Linear layers and activations, such as nn.MLP(2, [3], 1)."
        )
    found: list[tuple[str, Linear, list[Module]]] = []
    for name, module in _flat(model):
        if _changes_nothing(module):
            continue
        if isinstance(module, Linear):
            found.append((name, module, []))
        elif isinstance(module, PICTURED) and found:
            found[-1][2].append(module)
        else:
            called = f"layer {name!r}, " if name else ""
            where = " before the first Linear layer" if isinstance(module, PICTURED) else ""
            if isinstance(module, Dropout):
                where = " in training, where chance decides what it drops; call model.eval()"
            known = ", ".join(sorted({kind.__name__ for kind in PICTURED}))
            raise TypeError(
                f"draw_network: {called}a {type(module).__name__}, cannot be drawn{where}. What"
                f" can be is Linear, each followed by any of {known}, in MLP or Sequential, nested"
                " or not; Flatten and, in evaluation, Dropout are passed over. ag.draw(loss)"
                " draws the graph of any model."
            )
    if not found:
        raise TypeError(f"draw_network: {type(model).__name__} holds no Linear layer to draw.")
    return found


def _flat(model: Module, prefix: str = "") -> Iterator[tuple[str, Module]]:
    if not isinstance(model, Sequential):
        yield prefix, model
        return
    for position, layer in enumerate(model):
        yield from _flat(layer, f"{prefix}.{position}" if prefix else str(position))


def _changes_nothing(module: Module) -> bool:
    """Whether a row of numbers leaves it as it came."""
    if isinstance(module, Flatten):
        return module.start in (0, 1)
    return isinstance(module, Dropout) and (not module.training or module.p == 0)


def one_example(x: Any, features: int, row: int | None) -> Array:
    """One example of `features` numbers, without leading axes of length 1.

    Raises
    ------
    ShapeError
        If there are several and `row` does not say which, or the length does not fit.

    Examples
    --------
    >>> one_example([[1.0, 2.0], [3.0, 4.0]], 2, 1)
    array([3., 4.])
    >>> one_example(np.ones((1, 1, 8, 8)), 64, None).shape
    (8, 8)
    """
    array = np.asarray(x.data if isinstance(x, Tensor) else x)
    if array.dtype.kind not in "fiub":
        raise ag.DTypeError(f"draw_network: x must be real numbers; its dtype is {array.dtype}.")
    batch = array.ndim > 1 and array.shape[0] * features == array.size and len(array) != 1
    if row is not None:
        if not batch and array.ndim < 2:
            raise ag.ShapeError(f"draw_network: row={row}, but x is a single row: {array.shape}.")
        if not -len(array) <= row < len(array):
            raise ag.ShapeError(f"draw_network: row={row}, but x has rows 0 to {len(array) - 1}.")
        array = array[row]
    elif batch:
        raise ag.ShapeError(
            f"draw_network: x is a batch of {len(array)} rows (shape {array.shape}), and a picture"
            f" is of one. Give one, x[0], or say which: row=0 (to {len(array) - 1})."
        )
    if array.size != features:
        raise ag.ShapeError(
            f"draw_network: x has {array.size} numbers (shape {array.shape}), but the first Linear"
            f" layer takes {features}."
        )
    leading = 0
    while leading < array.ndim - 1 and array.shape[leading] == 1:
        leading += 1
    return array.reshape(array.shape[leading:] or (1,))


def compute(
    model: Any,
    x: Any,
    target: Any = None,
    *,
    loss: Callable[[Any, Any], Any] | None = None,
    row: int | None = None,
) -> NetworkNumbers:
    """Compute all the numbers of the picture.

    Examples
    --------
    >>> import nn
    >>> numbers = compute(nn.MLP(2, [3], 1), [0.0, 1.0], [1.0])
    >>> numbers.loss_name, [layer.value.shape for layer in numbers.layers]
    ('squared error', [(3,), (1,)])
    """
    found = linear_layers(model)
    first = found[0][1]
    example = one_example(x, first.in_features, row)
    inputs = example.astype(first.weight.dtype).ravel()
    weights = [Tensor(layer.weight.data) for _, layer, _ in found]
    biases = [None if layer.bias is None else Tensor(layer.bias.data) for _, layer, _ in found]
    values = []
    with ag.enable_grad():
        out: Any = inputs[None, :]
        for (name, layer, after), weight, bias in zip(found, weights, biases, strict=True):
            if out.shape[-1] != layer.in_features:
                raise ag.ShapeError(
                    f"draw_network: layer {name!r} takes {layer.in_features} numbers, but gets"
                    f" {out.shape[-1]} from the one before."
                )
            out = ag.linear(out, weight, bias)
            for module in after:
                out = module(out)
            out.retain_grad()
            values.append(out)
        total, words, label = _loss(out, found[-1][2], target, loss, row)
    if total is not None:
        _backward(total, [p for _, _, after in found for m in after for p in m.parameters()])
    layers = tuple(
        LayerNumbers(
            name,
            " ".join(type(module).__name__ for module in after),
            weight.data,
            None if bias is None else bias.data,
            value.data[0],
            _wanted(weight),
            None if bias is None else _wanted(bias),
            None if total is None else _wanted(value)[0],
        )
        for (name, _, after), weight, bias, value in zip(
            found, weights, biases, values, strict=True
        )
    )
    probabilities = None if label is None else _probabilities(out.data[0], found[-1][2])
    number = None if total is None else float(total.item())
    goal = None if target is None or label is not None else _array(target, row, out.size)
    goal = None if goal is None or goal.size != out.size else goal.ravel()
    return NetworkNumbers(inputs, layers, number, words, label, probabilities, goal, example.shape)


def _backward(total: Any, theirs: list[Any]) -> None:
    """The reverse pass, which leaves the gradients of the activations' own parameters alone."""
    kept = [parameter.grad for parameter in theirs]
    for parameter in theirs:
        parameter.grad = None
    try:
        total.backward()
    finally:
        for parameter, grad in zip(theirs, kept, strict=True):
            parameter.grad = grad


def _wanted(tensor: Tensor) -> Any:
    return None if tensor.grad is None else -tensor.grad


def _loss(
    out: Any, after: list[Module], target: Any, loss: Any, row: int | None
) -> tuple[Any, str, int | None]:
    """The loss, what it is called, and the right class where the target is one."""
    if target is None:
        if loss is not None:
            raise TypeError("draw_network: loss= needs a target; give one after x.")
        return None, "", None
    array = _array(target, row, out.size)
    whole = isinstance(target, Integral) or array.dtype.kind in "iu"
    if loss is None and whole and array.size == 1 and out.size > 1:
        label = int(array.reshape(()))
        if not 0 <= label < out.size:
            raise ag.ShapeError(
                f"draw_network: target {label} is no class: there are {out.size} outputs, classes"
                f" 0 to {out.size - 1}."
            )
        if after and isinstance(after[-1], Softmax | LogSoftmax):
            logs = out if isinstance(after[-1], LogSoftmax) else np.log(out)
            return -logs[0, label], "cross-entropy", label
        return cross_entropy(out, np.array([label])), "cross-entropy", label
    if loss is not None:
        given = array.reshape(out.shape) if array.size == out.size else np.reshape(array, (1, -1))
        labels = array.reshape(1) if array.size == 1 else given
        total = loss(out, labels if whole else given)
        if not isinstance(total, Tensor) or total.size != 1 or not total.requires_grad:
            raise ag.GraphError(
                "draw_network: loss(output, target) must return one number that records, a Tensor"
                f" of shape (); got {getattr(total, 'shape', type(total).__name__)}."
            )
        return total.sum(), getattr(loss, "__name__", type(loss).__name__), None
    if array.size != out.size:
        raise ag.ShapeError(
            f"draw_network: target has {array.size} numbers (shape {array.shape}), but the network"
            f" {out.size} outputs. Give one number for each, or the class as an integer."
        )
    return mse_loss(out, array.reshape(out.shape).astype(out.dtype)), "squared error", None


def _array(target: Any, row: int | None, size: int) -> Array:
    array = np.asarray(target.data if isinstance(target, Tensor) else target)
    return array[row] if row is not None and array.ndim and array.size != size else array


def _probabilities(out: Array, after: list[Module]) -> Array:
    if after and isinstance(after[-1], Softmax | LogSoftmax):
        return np.exp(out) if isinstance(after[-1], LogSoftmax) else out
    shifted = np.exp(out - out.max())
    result: Array = shifted / shifted.sum()
    return result
