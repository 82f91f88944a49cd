"""`loss_surface`: the loss over two directions, with the path that gradient descent took."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_core as ag

from ..data import Loader
from ..errors import check_generator, check_whole, suggestion
from ..evaluate import Loss, evaluating
from ..module import Module
from ..parameter import assign
from .directions import Plane, flatten, names_of, of_parameters, of_path, random_directions
from .film import Film
from .packing import Bounds
from .surface import LossSurface

Objective = Callable[[float, float], float]


def loss_surface(
    model: Module | Callable[[Any, Any], Any],
    data: Any = None,
    *,
    loss: Loss | None = None,
    along: str | Sequence[Any] = "random",
    path: Film | Sequence[Any] | NDArray[Any] | None = None,
    limits: tuple[Bounds, Bounds] | None = None,
    resolution: int = 41,
    rng: np.random.Generator | None = None,
) -> LossSurface:
    """Compute the loss on a grid over two directions; the model itself is never touched.

    Parameters
    ----------
    model : Module, or function of two numbers
        A function needs neither data nor directions: its two arguments are the directions.
    data : (inputs, targets), or function of a model
        What the loss is computed on, with `loss`; or a function that is given a copy of the model
        and returns its loss.
    loss : function of (outputs, targets), optional
    along : "random", "path" or two weights, default "random"
        Weights are named as in ``(("0.weight", (0, 1)), ("0.bias", 0))``. Random directions are
        scaled filter by filter; "path" takes the two directions in which the path went furthest
        (both after Li et al. 2018, see `nn.visualize.directions`).
    path : Film, sequence of state dicts, or array_like of shape (points, 2), optional
        The way the training took, drawn on the surface where it comes nearest to it; or plain
        coordinates.
    limits : ((low, high), (low, high)), optional
        Of the two coordinates. Default: around the path and the model.
    resolution : int, default 41
        Points of the grid along each direction.
    rng : numpy.random.Generator, optional
        For random directions. Without it they differ every time.

    Returns
    -------
    LossSurface

    Raises
    ------
    ValueError
        The arguments do not fit together; the message says how.

    Examples
    --------
    >>> import numpy as np, nn
    >>> path = [(1.5, 0.5)]
    >>> for _ in range(10):
    ...     w1, w2 = path[-1]
    ...     slope = 2 * (w1 + w2)
    ...     path.append((w1 - 0.1 * slope, w2 - 0.1 * slope))
    >>> surface = nn.loss_surface(lambda w1, w2: (w1 + w2) ** 2, path=path, resolution=5)
    >>> surface
    LossSurface: 5 × 5 losses from 0.01243 to 7.813 over w1 and w2; a path of 11 points
    >>> model = nn.MLP(2, [4], 1, rng=np.random.default_rng(0))
    >>> x, y = np.eye(2), np.ones((2, 1))
    >>> weights = ("0.weight", (0, 1)), ("2.bias", 0)
    >>> nn.loss_surface(model, (x, y), loss=nn.mse_loss, along=weights).labels
    ('0.weight[0, 1]', '2.bias[0]')
    """
    check_whole("loss_surface", "resolution", resolution, least=2)
    with np.errstate(all="ignore"):
        if isinstance(model, Module):
            return _of_model(model, _objective(model, data, loss), along, path, limits,
                             resolution, rng)  # fmt: skip
        if not callable(model):
            raise TypeError(
                f"loss_surface: give a Module or a function of two numbers; "
                f"got {type(model).__name__}"
            )
        if data is not None or loss is not None or along != "random":
            raise ValueError(
                "loss_surface: a function of two numbers has neither data, loss nor directions; "
                "leave data, loss and along out"
            )
        return _of_function(model, path, limits, resolution)


def _of_function(
    function: Callable[[Any, Any], Any],
    path: Any,
    limits: tuple[Bounds, Bounds] | None,
    resolution: int,
) -> LossSurface:
    def height(x: float, y: float) -> float:
        with ag.no_grad():
            return _number(function(x, y))

    points = None if path is None else _coordinates(path)
    if limits is None:
        if points is None:
            raise ValueError(
                "loss_surface: say where to look at the function, such as "
                "limits=((-2, 2), (-2, 2)), or give a path"
            )
        limits = _around(points, share=0.4)
    heights = None if points is None else np.array([height(x, y) for x, y in points.tolist()])
    surface = _grid(
        height, _checked(limits), resolution, _argument_names(function), points, heights
    )
    return replace(surface, quantity="value")


def _of_model(
    model: Module,
    objective: Callable[[NDArray[np.float64]], float],
    along: str | Sequence[Any],
    path: Any,
    limits: tuple[Bounds, Bounds] | None,
    resolution: int,
    rng: np.random.Generator | None,
) -> LossSurface:
    check_generator("loss_surface", rng)
    weights = _path_weights(model, path)
    plane = _plane(model, along, weights, rng)

    def height(x: float, y: float) -> float:
        return objective(plane.weights(x, y))

    points = heights = None
    if weights is not None:
        points = plane.project(weights)
        heights = np.array([objective(point) for point in weights])
    elif path is not None:
        points = _coordinates(path)
        heights = np.array([height(x, y) for x, y in points.tolist()])
    if limits is None:
        here = plane.origin[None]
        seen = here if points is None else np.concatenate([points, here])
        if along == "random":
            seen = np.concatenate([seen, here - 1.0, here + 1.0])
        limits = _around(seen, share=0.0 if along == "random" else 0.3)
    return _grid(height, _checked(limits), resolution, plane.labels, points, heights)


def _plane(
    model: Module,
    along: str | Sequence[Any],
    weights: NDArray[np.float64] | None,
    rng: np.random.Generator | None,
) -> Plane:
    if along == "random":
        return random_directions(model, np.random.default_rng() if rng is None else rng)
    if along == "path":
        if weights is None:
            raise ValueError(
                'loss_surface: along="path" needs the weights of a path: a film (path=film) or a '
                "list of state dicts"
            )
        return of_path(model, weights)
    if isinstance(along, str) or len(along) != 2:
        known = suggestion(along, ["random", "path"]) if isinstance(along, str) else "two of them"
        raise ValueError(
            f'loss_surface: along is "random", "path" or two weights such as '
            f'(("0.weight", (0, 1)), ("0.bias", 0)); got {along!r} ({known})'
        )
    return of_parameters(model, along)


def _objective(
    model: Module, data: Any, loss: Loss | None
) -> Callable[[NDArray[np.float64]], float]:
    """The loss as a function of all weights, on a copy of the model."""
    twin = copy.deepcopy(model)
    parameters = list(twin.parameters())
    if not parameters:
        raise ValueError(f"loss_surface: {type(model).__name__} has no parameters")
    if callable(data) and loss is None:
        measure = data
    elif isinstance(data, tuple | list) and len(data) == 2 and loss is not None:
        inputs, targets = Loader(*data, dtype=parameters[0].dtype).arrays

        def measure(model: Module) -> Any:
            return loss(model(inputs), targets)

    else:
        raise ValueError(
            "loss_surface: give (inputs, targets) and loss=..., such as nn.mse_loss; or, in "
            "place of both, a function that takes a model and returns its loss"
        )
    ends = np.cumsum([p.size for p in parameters])[:-1]

    def objective(weights: NDArray[np.float64]) -> float:
        for parameter, part in zip(parameters, np.split(weights, ends), strict=True):
            assign(parameter, part.reshape(parameter.shape))
        with evaluating(twin):
            return _number(measure(twin))

    return objective


def _path_weights(model: Module, path: Any) -> NDArray[np.float64] | None:
    """All weights of every point of a path, where it has weights."""
    if isinstance(path, Film):
        path = path.states()
    states = [] if path is None or isinstance(path, np.ndarray) else list(path)
    if not states or not isinstance(states[0], Mapping):
        return None
    names = names_of(model)
    return np.stack([flatten(state, names) for state in states])


def _coordinates(path: Any) -> NDArray[np.float64]:
    try:
        points = np.array([[float(x), float(y)] for x, y in path])
    except (TypeError, ValueError) as error:
        raise ValueError(
            "loss_surface: a path is a film, a list of state dicts, or pairs of numbers such as "
            f"[(1.0, 2.0), (0.9, 1.8)]; got {path!r:.80}"
        ) from error
    if not len(points) or not np.isfinite(points).all():
        raise ValueError("loss_surface: the path needs points, and all of them finite")
    return points


def _grid(
    height: Objective,
    limits: tuple[Bounds, Bounds],
    resolution: int,
    labels: tuple[str, str],
    path: NDArray[np.float64] | None,
    path_losses: NDArray[np.float64] | None,
) -> LossSurface:
    x, y = (np.linspace(*bounds, resolution) for bounds in limits)
    losses = np.array([[height(across, up) for across in x.tolist()] for up in y.tolist()])
    if not np.isfinite(losses).any():
        raise ValueError(
            f"loss_surface: no loss between the limits {limits} is finite; look nearer to the model"
        )
    return LossSurface(x, y, losses, labels, path, path_losses)


def _around(points: NDArray[np.float64], share: float) -> tuple[Bounds, Bounds]:
    low, high = points.min(axis=0), points.max(axis=0)
    width = high - low
    # A direction in which nothing moved is shown as wide as the other.
    width = np.where(width > 0, width, width.max() or 2.0)
    middle = (low + high) / 2
    half = width * (0.5 + share)
    (left, below), (right, above) = (middle - half).tolist(), (middle + half).tolist()
    return (left, right), (below, above)


def _checked(limits: Any) -> tuple[Bounds, Bounds]:
    try:
        (left, right), (below, above) = limits
        ends = [float(end) for end in (left, right, below, above)]
    except (TypeError, ValueError):
        ends = []
    if not ends or not np.isfinite(ends).all() or ends[0] >= ends[1] or ends[2] >= ends[3]:
        raise ValueError(
            f"loss_surface: limits are ((low, high), (low, high)) with low below high; got {limits}"
        )
    return (ends[0], ends[1]), (ends[2], ends[3])


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"loss_surface: the loss must be one number; got {type(value).__name__} of shape "
            f"{np.shape(value)}"
        ) from error


def _argument_names(function: Callable[..., Any]) -> tuple[str, str]:
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        names = []
    return (names[0], names[1]) if len(names) >= 2 else ("first argument", "second argument")
