"""Using a model without training it: outputs for many rows, and how good they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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


def predict(model: Module, inputs: ArrayLike, *, batch_size: int = BATCH) -> NDArray[Any]:
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

    Examples
    --------
    >>> import numpy as np, nn
    >>> nn.predict(nn.MLP(4, [8], 3), np.zeros((5, 4), np.float32)).shape
    (5, 3)
    """
    rows = np.asarray(inputs)
    with evaluating(model):
        # At least one pass: for no rows, the model says what shape their output would have.
        starts = range(0, max(len(rows), 1), batch_size)
        outputs = [model(rows[start : start + batch_size]) for start in starts]
    return np.concatenate([_array(output) for output in outputs])


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
        Reported as "loss".
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
            result["loss"] = float(loss(Tensor(outputs, False, copy=False), targets))
    for name, metric in (metrics or {}).items():
        result[name] = float(metric(outputs, targets))
    return result


def _array(output: Any) -> NDArray[Any]:
    return np.asarray(output.data if isinstance(output, Tensor) else output)
