"""The layers of a model as a film shows them: gradient norms, and weights as small pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..module import Module
from ..parameter import Parameter
from .packing import thin

# Cells that all pictures of a frame have together at most; the side shrinks until they do.
CELLS = 2500
SIDE = 48


@dataclass(frozen=True, slots=True)
class Picture:
    """A parameter as a table of cells; of a large one, evenly spread rows and columns.

    Attributes
    ----------
    name : str
        Of the parameter, within its layer.
    shape : tuple of int
        Of the parameter.
    rows, columns : arrays of int
        Those shown.
    """

    name: str
    shape: tuple[int, ...]
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]

    def of(self, parameter: Parameter) -> NDArray[Any]:
        """The cells of the parameter's present values."""
        array = np.asarray(parameter.data)
        rows = array.shape[0] if array.ndim else 1
        table = array.reshape(rows, -1)
        return np.array(table[np.ix_(self.rows, self.columns)])


@dataclass(frozen=True, slots=True)
class Layer:
    """A module that has parameters of its own.

    Attributes
    ----------
    name : str
        Dotted name and type, such as "0 Linear".
    parameters : tuple of Parameter
    shown : tuple of Picture
        One for each parameter.
    """

    name: str
    parameters: tuple[Parameter, ...]
    shown: tuple[Picture, ...]

    def gradient_norm(self) -> float | None:
        """Euclidean norm over all its parameters; None where no gradient was computed."""
        gradients = [_plain(p.grad) for p in self.parameters if p.grad is not None]
        if not gradients:
            return None
        with np.errstate(all="ignore"):
            squares = sum(float(np.sum(np.abs(g.astype(np.float64)) ** 2)) for g in gradients)
        return float(np.sqrt(squares))

    def pictures(self) -> list[NDArray[Any]]:
        """The cells of every parameter, as they are now."""
        return [
            picture.of(parameter)
            for picture, parameter in zip(self.shown, self.parameters, strict=True)
        ]


def find_layers(model: Module) -> list[Layer]:
    """Every module with parameters of its own, in definition order.

    Examples
    --------
    >>> import nn
    >>> [layer.name for layer in find_layers(nn.MLP(2, [3], 1))]
    ['0 Linear', '2 Linear']
    """
    modules = dict(model.named_modules())
    groups: dict[str, list[tuple[str, Parameter]]] = {}
    for name, parameter in model.named_parameters():
        owner, own = name.rpartition(".")[::2]
        # A parameter in a list or dict ("weights.0") belongs to the module that holds the list.
        while owner not in modules:
            owner, _, container = owner.rpartition(".")
            own = f"{container}.{own}"
        groups.setdefault(owner, []).append((own, parameter))
    side = _side([p.shape for members in groups.values() for _, p in members])
    return [
        Layer(
            f"{owner} {type(modules[owner]).__name__}".strip(),
            tuple(parameter for _, parameter in members),
            tuple(_picture(own, parameter.shape, side) for own, parameter in members),
        )
        for owner, members in groups.items()
    ]


def _side(shapes: list[tuple[int, ...]]) -> int:
    """The largest side at which all pictures together have at most `CELLS` cells."""
    side = SIDE
    while side > 1 and sum(min(r, side) * min(c, side) for r, c in map(_table, shapes)) > CELLS:
        side -= 1
    return side


def _table(shape: tuple[int, ...]) -> tuple[int, int]:
    rows = shape[0] if shape else 1
    return rows, int(np.prod(shape[1:], dtype=int))


def _picture(name: str, shape: tuple[int, ...], side: int) -> Picture:
    rows, columns = _table(shape)
    return Picture(name, shape, thin(rows, side), thin(columns, side))


def _plain(gradient: Any) -> NDArray[Any]:
    # With create_graph=True a gradient is a Tensor.
    return np.asarray(getattr(gradient, "data", gradient))
