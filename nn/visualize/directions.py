"""Planes through the space of a model's weights: where a loss surface is cut.

A plane has an origin, the weights of the model, and two directions. Random directions and those
of a path follow Li, Xu, Taylor, Studer and Goldstein, "Visualizing the Loss Landscape of Neural
Nets", NeurIPS 2018 (sections 4 and 7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import suggestion
from ..module import Module

State = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Plane:
    """Weights as a function of two coordinates.

    Attributes
    ----------
    names : tuple of (str, shape)
        The parameters, in order.
    centre : array
        All weights, one after the other, at the coordinates `origin`.
    directions : array of shape (2, weights)
    origin : array of two numbers
    labels : (str, str)
        What the coordinates are called.
    """

    names: tuple[tuple[str, tuple[int, ...]], ...]
    centre: NDArray[np.float64]
    directions: NDArray[np.float64]
    origin: NDArray[np.float64]
    labels: tuple[str, str]

    def weights(self, x: float, y: float) -> NDArray[np.float64]:
        """All weights at a point of the plane."""
        steps = np.array([x, y]) - self.origin
        return self.centre + steps @ self.directions

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Coordinates of the points of the plane nearest to these weights."""
        away = points - self.centre
        found, *_ = np.linalg.lstsq(self.directions.T, away.T, rcond=None)
        return self.origin + found.T


def flatten(state: State, names: tuple[tuple[str, tuple[int, ...]], ...]) -> NDArray[np.float64]:
    """All weights of a state one after the other; a state of another model is refused.

    Examples
    --------
    >>> import numpy as np
    >>> flatten({"w": np.ones((1, 2)), "b": np.zeros(1)}, (("w", (1, 2)), ("b", (1,))))
    array([1., 1., 0.])
    """
    for name, shape in names:
        present = np.shape(state[name]) if name in state else None
        if present != shape:
            found = "is not in it" if present is None else f"has shape {present}"
            raise ValueError(
                f"loss_surface: the path is of another model: {name!r} should have shape {shape} "
                f"and {found}"
            )
    return np.concatenate([np.asarray(state[name], np.float64).ravel() for name, _ in names])


def names_of(model: Module) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Name and shape of every parameter."""
    return tuple((name, p.shape) for name, p in model.named_parameters())


def state_of(model: Module) -> dict[str, NDArray[Any]]:
    """The parameters by name."""
    return {name: np.asarray(p.data) for name, p in model.named_parameters()}


def of_parameters(model: Module, chosen: Sequence[Any]) -> Plane:
    """The plane of two single weights; its coordinates are their values."""
    names = names_of(model)
    centre = flatten(state_of(model), names)
    places = [_place(model, names, choice) for choice in chosen]
    if places[0][0] == places[1][0]:
        raise ValueError(f"loss_surface: both directions are {places[0][1]}; choose two weights")
    directions = np.zeros((2, centre.size))
    for row, (place, _) in enumerate(places):
        directions[row, place] = 1.0
    origin = np.array([centre[place] for place, _ in places])
    return Plane(names, centre, directions, origin, (places[0][1], places[1][1]))


def random_directions(model: Module, rng: np.random.Generator) -> Plane:
    """Two random directions, each filter scaled to the norm of the model's own (section 4).

    A filter is what makes one output: a row of a Linear's weight. Biases and other parameters
    of one dimension are left where they are, as in the paper's own experiments.
    """
    names = names_of(model)
    state = state_of(model)
    centre = flatten(state, names)
    directions = [
        np.concatenate([_like_filters(state[name], rng).ravel() for name, _ in names])
        for _ in range(2)
    ]
    if not np.any(directions):
        raise ValueError(
            "loss_surface: random directions scale with the weights, and all weight matrices of "
            "this model are 0 or missing; choose two parameters with along=(..., ...)"
        )
    labels = ("first random direction", "second random direction")
    return Plane(names, centre, np.stack(directions), np.zeros(2), labels)


def of_path(model: Module, points: NDArray[np.float64]) -> Plane:
    """The two directions that explain most of a path, as seen from the model (section 7.2).

    The first two right singular vectors of the differences between the points and the model's
    weights: of all planes through the model, the one nearest to the path.
    """
    names = names_of(model)
    centre = flatten(state_of(model), names)
    _, sizes, directions = np.linalg.svd(points - centre, full_matrices=False)
    if len(sizes) < 2 or sizes[1] <= 1e-10 * sizes[0] or sizes[0] == 0:
        raise ValueError(
            "loss_surface: the path lies on one line, which spans no plane; give a path of at "
            "least three different points, or other directions"
        )
    shares = sizes**2 / np.sum(sizes**2)
    directions = directions[:2]
    # A singular vector has no sign of its own: the path comes from the left and from below.
    first = (points[0] - centre) @ directions.T
    directions = directions * np.where(first > 0, -1.0, 1.0)[:, None]
    labels = tuple(
        f"{name} direction of the path ({100 * share:.0f} %)"
        for name, share in zip(("first", "second"), shares, strict=False)
    )
    return Plane(names, centre, directions, np.zeros(2), (labels[0], labels[1]))


def _like_filters(weight: NDArray[Any], rng: np.random.Generator) -> NDArray[np.float64]:
    # Drawn for every parameter, so that a bias more or less changes no other direction.
    drawn = rng.standard_normal(weight.shape)
    if weight.ndim < 2:
        return np.zeros(weight.shape)
    axes = tuple(range(1, weight.ndim))
    own = np.sqrt(np.sum(np.square(weight.astype(np.float64)), axis=axes, keepdims=True))
    norms = np.sqrt(np.sum(np.square(drawn), axis=axes, keepdims=True))
    scaled: NDArray[np.float64] = drawn / norms * own
    return scaled


def _place(
    model: Module, names: tuple[tuple[str, tuple[int, ...]], ...], choice: Any
) -> tuple[int, str]:
    """Where a single weight stands among all, and what it is called."""
    named = isinstance(choice, str)
    if not named and not (isinstance(choice, tuple | list) and len(choice) == 2):
        raise ValueError(
            f'loss_surface: {choice!r} names no weight; write ("0.weight", (0, 1)), name and index'
        )
    name, index = (choice, ()) if named else choice
    shapes = dict(names)
    if name not in shapes:
        raise ValueError(
            f"loss_surface: {type(model).__name__} has no parameter {name!r}: "
            f"{suggestion(str(name), shapes)}"
        )
    shape = shapes[name]
    index = tuple(index) if isinstance(index, tuple | list) else (index,)
    if named and int(np.prod(shape)) == 1:
        index = (0,) * len(shape)
    places = np.arange(int(np.prod(shape, dtype=int))).reshape(shape)
    try:
        place = places[index]
    except IndexError:
        place = None
    if place is None or np.ndim(place) or len(index) != len(shape):
        raise ValueError(
            f"loss_surface: {name!r} has shape {shape}, so the index {index} is not one of its "
            f"weights; write for example ({name!r}, {tuple(0 for _ in shape)})"
        )
    before = 0
    for other, its_shape in names:
        if other == name:
            break
        before += int(np.prod(its_shape, dtype=int))
    label = f"{name}[{', '.join(map(str, index))}]" if index else name
    return before + int(place), label
