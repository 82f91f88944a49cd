"""Using a model without training it: outputs for many rows, and how good they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

import autograd_core as ag
from autograd_core import Tensor

from . import losses
from .module import Module

Loss = Callable[[Any, Any], Tensor]
Metric = Callable[[Any, Any], float]

# Rows at a time: large enough to be fast, small enough that the layers' outputs stay in cache.
BATCH = 1024


def check_loss(who: str, loss: Any) -> None:
    """Refuse what is no function of outputs and targets, such as the name of one.

    Raises
    ------
    TypeError
        Naming what was given and what to give.

    Examples
    --------
    >>> check_loss("fit", "mse_loss")
    Traceback (most recent call last):
    ...
    TypeError: fit: loss is a function of (outputs, targets); got 'mse_loss'; write loss=nn.mse_loss
    """
    if callable(loss) and not isinstance(loss, type):
        return
    named = isinstance(loss, str) and callable(getattr(losses, loss, None))
    write = f"write loss=nn.{loss}" if named else "give one such as nn.cross_entropy"
    raise TypeError(f"{who}: loss is a function of (outputs, targets); got {loss!r}; {write}")


@contextmanager
def evaluating(model: Module) -> Iterator[None]:
    """Evaluation mode and no recording in the block; every module's own mode comes back after.

    Examples
    --------
    >>> import nn
    >>> model = nn.Identity()
    >>> with evaluating(model):
    ...     model.training
    False
    >>> model.training
    True
    """
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with ag.no_grad():
            yield
    finally:
        for module, mode in modes:
            module.training = mode


def predict(model: Module, inputs: ArrayLike, *, batch_size: int = BATCH) -> NDArray[Any] | Any:
    """Compute the outputs of the model, in evaluation mode and without recording.

    Parameters
    ----------
    model : Module
    inputs : array_like of shape (rows, ...)
    batch_size : int, default 1024
        Rows at a time; changes nothing but the memory needed.

    Returns
    -------
    ndarray of shape (rows, ...)
        Of a model that returns a tuple, list or dict: the same with arrays in it, each over all
        rows. An array has the rows on its first axis; or, as the states of recurrent layers, of
        shape (layers, rows, width), on the second of three.

    Raises
    ------
    ShapeError
        The rows came in several batches, and one of the outputs does not tell which of its axes
        has the rows.
    DTypeError
        The inputs are text.

    Examples
    --------
    >>> import numpy as np, nn
    >>> nn.predict(nn.MLP(4, [8], 3), np.zeros((5, 4), np.float32)).shape
    (5, 3)
    >>> outputs, (hidden, cell) = nn.predict(nn.LSTM(4, 3), np.zeros((5, 7, 4)), batch_size=2)
    >>> outputs.shape, hidden.shape
    ((5, 7, 3), (1, 5, 3))
    """
    rows = np.asarray(inputs)
    refuse_text("predict", rows)
    with evaluating(model):
        # At least one pass: for no rows, the model says what shape their output would have.
        starts = range(0, max(len(rows), 1), batch_size)
        outputs = [model(rows[start : start + batch_size]) for start in starts]
    return _joined(outputs, [len(rows[start : start + batch_size]) for start in starts])


def refuse_text(who: str, inputs: NDArray[Any]) -> None:
    """Refuse inputs of text, such as the cells that `csv.reader` gives.

    Raises
    ------
    DTypeError
        Showing the first of them.

    Examples
    --------
    >>> refuse_text("predict", np.array([["1", "2"]]))
    Traceback (most recent call last):
    ...
    autograd_core.errors.DTypeError: predict: the inputs are text, such as '1' (dtype <U1), not
    numbers. Convert numbers with inputs.astype(np.float32); text columns become numbers by
    nn.TableEncoder
    """
    if inputs.dtype.kind in "UST" and inputs.size:
        raise ag.DTypeError(
            f"{who}: the inputs are text, such as {str(inputs.flat[0])!r} (dtype {inputs.dtype}), "
            "not numbers. Convert numbers with inputs.astype(np.float32); text columns become "
            "numbers by nn.TableEncoder"
        )


def evaluate(
    model: Module,
    inputs: ArrayLike,
    targets: ArrayLike,
    *,
    loss: Loss | None = None,
    metrics: Mapping[str, Metric] | None = None,
) -> dict[str, float]:
    """Loss and metrics over rows the model is not trained on.

    Parameters
    ----------
    model : Module
    inputs, targets : array_like with as many rows
    loss : function of (outputs, targets), optional
        Reported as "loss". Of a model with several outputs it gets them as the model returns them.
    metrics : mapping of name to function of (outputs, targets), optional
        Such as {"accuracy": nn.accuracy}.

    Examples
    --------
    >>> import numpy as np, nn
    >>> x, y = np.zeros((5, 4), np.float32), np.zeros(5, int)
    >>> model = nn.MLP(4, [], 3)
    >>> result = nn.evaluate(model, x, y, loss=nn.cross_entropy, metrics={"accuracy": nn.accuracy})
    >>> round(result["loss"], 4), result["accuracy"]
    (1.0986, 1.0)
    """
    if loss is not None:
        check_loss("evaluate", loss)
    outputs = predict(model, inputs)
    result = {}
    if loss is not None:
        with ag.no_grad():
            result["loss"] = float(loss(_tensors(outputs), targets))
    for name, metric in (metrics or {}).items():
        result[name] = float(metric(outputs, targets))
    return result


def _tensors(outputs: Any) -> Any:
    """The same with Tensors in the place of arrays, as a loss gets them in training."""

    def tensor(values: list[Any], _: str) -> Any:
        return None if values[0] is None else Tensor(values[0], False, copy=False)

    return _in_each([outputs], tensor)


def _joined(outputs: list[Any], sizes: Sequence[int]) -> Any:
    """What the batches gave, as what one batch of all rows would have given."""
    return _in_each(outputs, lambda values, place: _join(values, sizes, place))


def _in_each(outputs: list[Any], make: Callable[[list[Any], str], Any], place: str = "") -> Any:
    """Outputs of one structure, put together: what `make` makes of the values at each place."""
    first = outputs[0]
    if not _holds_arrays(first):
        return make(outputs, place)
    if isinstance(first, Mapping):
        return {
            name: _in_each([output[name] for output in outputs], make, f"{place}[{name!r}]")
            for name in first
        }
    if len({len(output) for output in outputs}) > 1:
        raise ag.ShapeError(
            f"predict: output{place} of the model is a {type(first).__name__} of {len(first)} for "
            f"one batch and of {len(outputs[-1])} for another, so they cannot be joined. Return an "
            "array with the rows on its first axis"
        )
    members = [
        _in_each([output[k] for output in outputs], make, f"{place}[{k}]")
        for k in range(len(first))
    ]
    kind: Any = type(first)
    return kind(*members) if hasattr(first, "_fields") else kind(members)


def _holds_arrays(value: Any) -> bool:
    """Whether it is a tuple, list or dict with arrays in it; a list of numbers is one array."""
    members = value.values() if isinstance(value, Mapping) else value
    return isinstance(value, tuple | list | Mapping) and any(
        isinstance(member, Tensor | np.ndarray) or _holds_arrays(member) for member in members
    )


def _join(values: list[Any], sizes: Sequence[int], place: str) -> Any:
    """One output of all batches, along the axis that has the rows."""
    if all(value is None for value in values):
        return None
    arrays = [np.asarray(v.data if isinstance(v, Tensor) else v) for v in values]
    if len(arrays) == 1:
        return arrays[0]
    axes = [axis for axis in (0, 1) if _has_rows(arrays, sizes, axis)]
    # Two outputs for each row, say, one after the other: a language model's, of every place.
    if not axes and _has_rows(arrays, sizes, 0, several=True):
        axes = [0]
    # What is the only output has its rows first; the states of an LSTM never come alone.
    if axes == [0, 1] and place:
        raise ag.ShapeError(
            f"predict: output{place} of the model has shape {arrays[0].shape} for {sizes[0]} rows: "
            "the first axis or the second may be the rows. Give another batch_size"
        )
    if not axes:
        raise ag.ShapeError(
            f"predict: output{place} of the model has shape {arrays[0].shape} for {sizes[0]} rows, "
            "so the batches cannot be joined: the rows must be the first axis, or the second of "
            f"three as in the state of an LSTM. Or take all rows at once: batch_size={sum(sizes)}"
        )
    return np.concatenate(arrays, axis=axes[0])


def _has_rows(
    arrays: list[NDArray[Any]], sizes: Sequence[int], axis: int, *, several: bool = False
) -> bool:
    """Whether this axis grows with the batch, and all others are of one size."""
    if any(array.ndim <= axis or (axis == 1 and array.ndim != 3) for array in arrays):
        return False
    times = arrays[0].shape[axis] // sizes[0] if several else 1
    rows = all(a.shape[axis] == times * n for a, n in zip(arrays, sizes, strict=True))
    others = {a.shape[:axis] + a.shape[axis + 1 :] for a in arrays}
    return rows and times > 0 and len(others) == 1
