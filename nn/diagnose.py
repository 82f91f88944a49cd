"""`diagnose`: one training step on a copy of the model, measured layer by layer."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from .activations import HardSigmoid, Sigmoid, Softsign, Tanh
from .attention import MultiHeadAttention
from .convolution import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d
from .diagnosis import Diagnosis, LayerHealth
from .embedding import Embedding
from .layers import Bilinear, Linear
from .losses import cross_entropy, mse_loss
from .module import Module
from .normalization import BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm, RMSNorm
from .optim import Optimizer
from .rectifiers import ReLU, ReLU6
from .recurrent import RNN, Recurrent
from .watch import all_finite, place_of_non_finite, watch

__all__ = ["diagnose"]

#: Where the units of an output of several axes are, by the layer that it comes from.
UNITS_ON_AXIS_1 = (
    Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d, BatchNorm1d, BatchNorm2d, GroupNorm
)  # fmt: skip
UNITS_LAST = (Linear, Bilinear, Recurrent, Embedding, LayerNorm, RMSNorm, MultiHeadAttention)
#: Units of these are dead where they put out nothing for any row of the batch.
RECTIFIERS = (ReLU, ReLU6)
#: How far from its ends an output may be before its slope is nearly gone (below 1 % of the best).
SATURATED: dict[type[Module], Callable[[Any], Any]] = {
    Sigmoid: lambda y: np.minimum(y, 1 - y) < 0.0025,
    HardSigmoid: lambda y: (y <= 0) | (y >= 1),
    Tanh: lambda y: np.abs(y) > 0.995,
    Softsign: lambda y: np.abs(y) > 0.9,
}


def diagnose(
    model: Module,
    batch: Any,
    *,
    loss: Any = None,
    optimizer: Optimizer | None = None,
) -> Diagnosis:
    """Look for what keeps a network from learning: vanishing gradients, dead units, wrong steps.

    One training step is made on a copy: the model, its gradients, running statistics, random
    state and the optimiser stay as they are.

    Parameters
    ----------
    model : Module
    batch : (inputs, targets)
        Some tens of rows or more: a unit is called dead if it is silent on all of them.
    loss : function of (outputs, targets), optional
        By default `cross_entropy` where the targets are integers, else `mse_loss`.
    optimizer : Optimizer, optional
        The one that trains this model. With it the size of each update is measured, relative to
        the weights.

    Returns
    -------
    Diagnosis
        Prints as a table of the layers, what is wrong with them, and what to try.

    Notes
    -----
    Of outputs of shape (batch, steps, features), mean, spread, gradient and the share of saturated
    outputs are over all rows, steps and features alike, padded steps included; a unit (a feature;
    after a convolution a channel) is dead if it is silent at every step of every row. A layer that
    is called once for each step has one row of the table, over all its calls. A recurrent layer is
    measured by the outputs of its top layer at all steps: what one step does, what its gates do,
    and how the gradient fades from step to step within it, is not seen.

    Raises
    ------
    ValueError
        The batch is not a pair, or the optimiser trains none of the model's parameters.

    Examples
    --------
    >>> import numpy as np, nn
    >>> rng = np.random.default_rng(0)
    >>> model = nn.MLP(20, [30] * 8, 2, activation="sigmoid", rng=rng)
    >>> x, y = rng.standard_normal((64, 20)), rng.integers(0, 2, 64)
    >>> found = nn.diagnose(model, (x, y))
    >>> found.problems[0].kind, found.problems[0].layer
    ('vanishing gradient', '0')
    """
    if not isinstance(batch, tuple | list) or len(batch) != 2:
        raise ValueError(f"diagnose: batch must be (inputs, targets); got {type(batch).__name__}")
    inputs, targets = batch
    if optimizer is not None:
        own = {id(parameter) for parameter in model.parameters()}
        if not any(id(parameter) in own for parameter in optimizer.parameters):
            raise ValueError(
                "diagnose: this optimiser trains none of this model's parameters; give the one "
                "that was made with model.parameters()"
            )
    # One copy of both, so that the copied optimiser moves the copied parameters.
    model, optimizer = copy.deepcopy((model, optimizer))
    dtype = next((p.dtype for p in model.parameters()), np.dtype(np.float32))
    inputs, targets = _cast(inputs, dtype), _cast(targets, dtype)
    if loss is None:
        loss = cross_entropy if np.asarray(targets).dtype.kind in "ui" else mse_loss
    calls: dict[tuple[int, int], _Calls] = {}
    source: Module | None = None

    def report(name: str, module: Module, _given: tuple[Any, ...], output: Any) -> None:
        for part in _arrays(output):
            if isinstance(part, Tensor) and part.requires_grad:
                part.retain_grad()
        nonlocal source
        if isinstance(module, UNITS_ON_AXIS_1 + UNITS_LAST) or _own_weights(module):
            source = module
        # One activation may stand behind several layers; behind the same one it is the next step.
        key = id(module), id(source)
        calls.setdefault(key, _Calls(name, module, source, [])).outputs.append(output)

    model.zero_grad()
    with np.errstate(all="ignore"), ag.enable_grad():
        with watch(model, report):
            value = loss(model(inputs), targets)
        value.backward()
        before = {id(p): np.array(p.data) for p in model.parameters()}
        if optimizer is not None:
            optimizer.step()
    rows = [
        _health(found, before, optimizer is not None)
        for found in calls.values()
        if _own_weights(found.module)
        or not any(child is not found.module for child in found.module.modules())
    ]
    reached = [p.grad is not None for p in model.parameters() if p.requires_grad]
    unreached = [
        name
        for name, p in model.named_parameters()
        if any(reached) and p.requires_grad and p.grad is None
    ]
    stray = next(
        (
            place_of_non_finite(name, values)
            for name, values in (("inputs", inputs), ("targets", targets))
            if not all_finite(values)
        ),
        "",
    )
    return Diagnosis(float(value.data), [row for row in rows if row is not None], unreached, stray)


@dataclass
class _Calls:
    """A module, the layer with weights that was called last before it, and what it put out."""

    name: str
    module: Module
    source: Module | None
    outputs: list[Any]


def _health(calls: _Calls, before: dict[int, Any], stepped: bool) -> LayerHealth | None:
    """What is measured of one layer over all its calls; None where it put out no array."""
    module = calls.module
    several = [parts for output in calls.outputs if (parts := _arrays(output))]
    if not several:
        return None
    # A recurrent layer gives its outputs first, then its states; the loss may come from either.
    firsts = [np.asarray(p[0].data if isinstance(p[0], Tensor) else p[0]) for p in several]
    values = firsts[0] if len(firsts) == 1 else np.concatenate([array.ravel() for array in firsts])
    gradients = [
        p.grad for parts in several for p in parts if isinstance(p, Tensor) and p.grad is not None
    ]
    rectifies = isinstance(module, RECTIFIERS) or (
        isinstance(module, RNN) and module.nonlinearity == "relu"
    )
    with np.errstate(all="ignore"):
        trained = [p for p in _own_weights(module) if p.grad is not None]
        return LayerHealth(
            name=calls.name,
            kind=type(module).__name__,
            mean=float(values.mean()) if values.size else math.nan,
            spread=float(values.std()) if values.size else math.nan,
            finite=bool(np.isfinite(values).all()),
            gradient=_root_mean_square(gradients) if gradients else None,
            weight_gradient=_root_mean_square([p.grad for p in trained]) if trained else None,
            update_ratio=_update_ratio(trained, before) if stepped and trained else None,
            dead=_dead(firsts, calls.source) if rectifies else None,
            saturated=_saturated(module, values),
        )


def _own_weights(module: Module) -> list[Any]:
    """The weights, without the biases, of a module itself; its layers have rows of their own."""
    inside = {
        id(p) for child in module.modules() if child is not module for p in child.parameters()
    }
    return [p for p in module.parameters() if p.ndim > 1 and id(p) not in inside]


def _arrays(output: Any) -> list[Any]:
    """The arrays of an output, which may be nested tuples."""
    if isinstance(output, tuple | list):
        return [part for item in output for part in _arrays(item)]
    return [output] if isinstance(output, Tensor | np.ndarray) else []


def _dead(outputs: list[Any], source: Module | None) -> float:
    """The share of units that are silent on the whole batch, in every call."""
    silent: dict[int, Any] = {}
    for values in outputs:
        if values.ndim < 2 or not values.size:
            continue
        units = _unit_axis(values.ndim, source)
        others = tuple(axis for axis in range(values.ndim) if axis != units)
        mask = (values <= 0).all(axis=others)
        silent[mask.size] = silent.get(mask.size, True) & mask
    return float(np.concatenate([*silent.values()]).mean()) if silent else 0.0


def _unit_axis(axes: int, source: Module | None) -> int:
    if isinstance(source, UNITS_ON_AXIS_1):
        return 1
    # Behind layers of one's own: images have channels on axis 1, sequences features at the end.
    return axes - 1 if isinstance(source, UNITS_LAST) or axes < 4 else 1


def _saturated(module: Module, values: Any) -> float | None:
    """The share of outputs whose slope is nearly gone, for functions that level off."""
    tanh = isinstance(module, RNN) and module.nonlinearity == "tanh"
    ends = SATURATED.get(Tanh if tanh else type(module))
    return None if ends is None or not values.size else float(ends(values).mean())


def _update_ratio(weights: list[Any], before: dict[int, Any]) -> float:
    moved = _root_mean_square([p.data - before[id(p)] for p in weights])
    size = _root_mean_square([before[id(p)] for p in weights])
    return moved / size if size else math.inf


def _root_mean_square(arrays: list[Any]) -> float:
    total = sum(float(np.square(array, dtype=np.float64).sum()) for array in arrays)
    return math.sqrt(total / max(1, sum(array.size for array in arrays)))


def _cast(values: Any, dtype: Any) -> Any:
    array = np.asarray(values)
    return array.astype(dtype) if array.dtype.kind == "f" else array
