"""What a model says over its whole input space: the part of a film that shows its decisions.

Over two inputs that is a field of probabilities (or of values, in a regression) on a grid, over
one input a curve. A view is made once from the data and then looks at the model frame by frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ..activations import Sigmoid, Softmax
from ..errors import suggestion
from ..evaluate import predict
from ..module import Module
from .packing import Bounds, bounds_of, pack, thin, unpack

Kind = Literal["classes", "values", "curve"]
OUTPUTS = ("logits", "probabilities", "values")

# Cells along each side of the grid: fewer for many classes, each of which has a plane of its own.
SIDES = {1: 64, 4: 48, 10: 32}
CURVE = 160  # points of a curve
MOST_CLASSES = 10
MOST_POINTS = 1500  # of the data; more would only cover each other


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the model: planes of whole numbers and what they stand for."""

    packed: NDArray[Any]
    bounds: Bounds

    @property
    def values(self) -> NDArray[np.float64]:
        """The planes as numbers, of shape (planes, rows, columns) or (curves, points)."""
        return unpack(self.packed, self.bounds)


@dataclass(frozen=True, slots=True)
class View:
    """Where to look, how to read the outputs, and the data to show beside them.

    Attributes
    ----------
    kind : {"classes", "values", "curve"}
        Probabilities over two inputs, a value over two inputs, or curves over one.
    outputs : {"logits", "probabilities", "values"}
        How the numbers the model gives are read.
    classes : int
        How many; 0 in a regression.
    planes : int
        Fields or curves a look has. Two classes need one: the probability of the second.
    grid : array of shape (cells, inputs)
        What the model is asked.
    limits : one (low, high) for each input
    x, y : arrays of the data shown
        Rows of inputs; class numbers, or the target values of shape (rows, columns).
    left_out : int
        Rows of the data that are not shown.
    """

    kind: Kind
    outputs: str
    classes: int
    planes: int
    grid: NDArray[Any]
    limits: tuple[Bounds, ...]
    x: NDArray[Any]
    y: NDArray[Any]
    left_out: int

    def look(self, model: Module) -> Look:
        """Ask the model over the grid; it is left as it was."""
        with np.errstate(all="ignore"):
            planes = read_outputs(predict(model, self.grid), self.outputs)
        if self.kind == "curve":
            bounds = bounds_of(planes)
            return Look(pack(planes, bounds, np.uint16), bounds)
        side = round(len(self.grid) ** 0.5)
        # Each look has its own bounds: early, nearly flat fields keep a boundary without steps.
        bounds = bounds_of(planes)
        # A single plane can afford two bytes a cell: a boundary through a nearly level field.
        dtype = np.uint16 if len(planes) == 1 else np.uint8
        return Look(pack(planes.reshape(-1, side, side), bounds, dtype), bounds)

    def guesses(self, look: Look) -> NDArray[np.int64]:
        """The class of each point by the nearest cell; -1 where nothing finite is there."""
        planes = look.values
        side = planes.shape[-1]
        columns, rows = (
            np.rint((values - low) / (high - low) * (side - 1)).astype(int)
            for values, (low, high) in zip(self.x.T, self.limits, strict=True)
        )
        there = planes[:, rows, columns]
        known = np.isfinite(there).all(axis=0)
        classes = there[0] > 0.5 if len(there) == 1 else np.nan_to_num(there).argmax(axis=0)
        return np.where(known, classes, -1).astype(np.int64)


def read_outputs(outputs: NDArray[Any], how: str) -> NDArray[np.float64]:
    """Planes from a model's outputs: probabilities of classes, or the values themselves.

    Examples
    --------
    >>> import numpy as np
    >>> read_outputs(np.array([[0.0], [np.log(3.0)]]), "logits")
    array([[0.5 , 0.75]])
    >>> read_outputs(np.array([[0.0, 0.0, 0.0]]), "logits").shape
    (3, 1)
    """
    columns = outputs.reshape(len(outputs), -1).astype(np.float64).T
    if how == "values":
        return columns
    if how == "logits" and len(columns) == 1:
        columns = 0.5 * (1.0 + np.tanh(0.5 * columns))
    elif how == "logits":
        shares = np.exp(columns - columns.max(axis=0))
        columns = shares / shares.sum(axis=0)
    return columns[1:] if len(columns) == 2 else columns


def make_view(
    model: Module, data: tuple[ArrayLike, ArrayLike], outputs: str | None, dtype: DTypeLike
) -> View:
    """Find out from data and model what can be shown, or say why it cannot."""
    x, y = _checked(data)
    x = x.astype(dtype)
    answers = predict(model, x[:1])
    columns = int(np.prod(answers.shape[1:], dtype=int))
    if outputs is not None and outputs not in OUTPUTS:
        raise ValueError(f"film: outputs={outputs!r}: {suggestion(str(outputs), OUTPUTS)}")
    labels = None if outputs == "values" else class_numbers(y, columns)
    if labels is None:
        outputs, classes = "values", 0
        targets: NDArray[Any] = y.reshape(len(y), -1).astype(np.float64)
        if targets.shape[1] != columns:
            raise ValueError(
                f"film: the model gives {columns} numbers a row and the targets have "
                f"{targets.shape[1]}; they are neither class numbers nor values of the same shape"
            )
        if x.shape[1] == 2 and columns != 1:
            raise ValueError(
                f"film: over two inputs one output can be shown, and this model has {columns}; "
                "leave the data out to film losses, gradients and weights: nn.film(model)"
            )
    else:
        outputs, classes = outputs or _reading(model), max(2, columns)
        targets = labels
        if classes > MOST_CLASSES:
            raise ValueError(
                f"film: {classes} classes are more than the {MOST_CLASSES} that colours can tell "
                "apart; leave the data out to film losses, gradients and weights: nn.film(model)"
            )
    planes = 1 if classes == 2 else columns
    chosen = thin(len(x), MOST_POINTS)
    limits = tuple(_with_margin(bounds_of(column)) for column in x.T)
    kind: Kind = "curve" if x.shape[1] == 1 else "values" if labels is None else "classes"
    return View(
        kind,
        outputs,
        classes,
        planes,
        _grid(limits, planes).astype(dtype),
        limits,
        x[chosen].astype(np.float64),
        targets[chosen],
        len(x) - len(chosen),
    )


def class_numbers(y: NDArray[Any], columns: int) -> NDArray[np.int64] | None:
    """Targets as class numbers, or None where they are values.

    Class numbers are whole numbers for several outputs, one-hot rows, and 0 and 1 (or -1 and 1)
    for a single output.

    Examples
    --------
    >>> import numpy as np
    >>> class_numbers(np.array([-1, 1, 1]), 1), class_numbers(np.eye(3), 3)
    (array([0, 1, 1]), array([0, 1, 2]))
    >>> class_numbers(np.array([0.25, 0.5]), 1) is None
    True
    """
    if y.ndim == 2 and y.shape[1] == columns > 1:
        one_hot = bool(np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all())
        return y.argmax(axis=1).astype(np.int64) if one_hot else None
    flat = y.reshape(len(y), -1)
    if flat.shape[1] != 1:
        return None
    flat = flat[:, 0]
    if columns == 1:
        pairs = ((0, 1), (-1, 1))
        return (flat > 0).astype(np.int64) if any(np.isin(flat, p).all() for p in pairs) else None
    whole = flat.dtype.kind in "iub" and bool(((flat >= 0) & (flat < columns)).all())
    return flat.astype(np.int64) if whole else None


def _checked(data: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise ValueError(f"film: data must be (inputs, targets); got {type(data).__name__}")
    x, y = np.asarray(data[0]), np.asarray(data[1])
    if x.ndim == 1:
        x = x[:, None]
    if x.ndim != 2 or x.shape[1] not in (1, 2):
        inputs = f"{x.shape[1]} columns" if x.ndim == 2 else f"shape {x.shape}"
        raise ValueError(
            f"film: these inputs have {inputs}; a decision boundary is drawn over 2 columns, a "
            "curve over 1. Leave the data out to film losses, gradients and weights: "
            "nn.film(model)"
        )
    if y.ndim == 0 or len(x) != len(y) or not len(x):
        raise ValueError(
            f"film: inputs and targets need as many rows, at least one; got shapes "
            f"{x.shape} and {y.shape}"
        )
    for name, array in (("inputs", x), ("targets", y)):
        if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
            raise ValueError(f"film: the {name} must be finite real numbers")
    return x, y


def _reading(model: Module) -> str:
    last = list(model.modules())[-1]
    return "probabilities" if isinstance(last, Sigmoid | Softmax) else "logits"


def _with_margin(bounds: Bounds, margin: float = 0.12) -> Bounds:
    low, high = bounds
    extra = margin * (high - low) or 1.0
    return low - extra, high + extra


def _grid(limits: tuple[Bounds, ...], planes: int) -> NDArray[np.float64]:
    if len(limits) == 1:
        return np.linspace(*limits[0], CURVE)[:, None]
    side = next(side for most, side in SIDES.items() if planes <= most)
    columns, rows = np.meshgrid(*(np.linspace(*bounds, side) for bounds in limits))
    return np.stack([columns.ravel(), rows.ravel()], axis=1)
