"""``draw_network``: a small network as lectures on backpropagation draw it."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt, prod
from pathlib import Path
from typing import Any

import numpy as np

import autograd_core as ag

from .network_layout import lay_out
from .network_numbers import NetworkNumbers, compute
from .network_png import to_png
from .network_scene import Scene
from .network_svg import to_svg

MOST, FEWEST = 12, 5
SMALLEST_IMAGE = 36  # a square number of inputs from here on is drawn as an image
THEMES = ("auto", "light", "dark")


class NetworkDrawing:
    """A picture of a network; shows itself in a notebook and saves as SVG or PNG.

    Attributes
    ----------
    svg : str
        The picture, self-contained. Every neuron and line carries its numbers as
        ``data-value``, ``data-weight`` and ``data-change``.
    numbers : NetworkNumbers
        What is drawn, for programs.

    Examples
    --------
    >>> import numpy as np, nn
    >>> model = nn.MLP(2, [3], 1, activation="tanh", rng=np.random.default_rng(0))
    >>> nn.draw_network(model, [0.0, 1.0], [1.0])
    <NetworkDrawing 2-3-1, squared error 2.2; .save("network.svg") or ".png">
    """

    def __init__(self, numbers: NetworkNumbers, scene: Scene, theme: str) -> None:
        self.numbers = numbers
        self._scene = scene
        self._theme = theme

    @property
    def svg(self) -> str:
        """The picture as SVG text."""
        return to_svg(self._scene, self._theme)

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: str | Path) -> Path:
        """Write the picture in the format that the suffix names.

        Parameters
        ----------
        path : path
            Ends in ``.svg`` or ``.png``; PNG needs the extra ``plot``. A file of that name is
            replaced in one step.

        Raises
        ------
        ValueError
            If the suffix is another.
        MissingExtraError
            If a PNG is asked for and matplotlib is not installed.

        Examples
        --------
        >>> import pathlib, tempfile, nn
        >>> drawing = nn.draw_network(nn.MLP(2, [3], 1), [0.0, 1.0])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     drawing.save(pathlib.Path(folder) / "network.svg").name
        'network.svg'
        """
        path = Path(path)
        suffix = path.suffix.lower()
        if suffix == ".svg":
            content = self.svg.encode()
        elif suffix == ".png":
            content = to_png(self._scene, dark=self._theme == "dark")
        else:
            raise ValueError(
                f"save: {path.name!r} ends in {suffix or 'no suffix'!r}; a network is saved as .svg"
                " or .png."
            )
        ag.write_atomically(path, content)
        return path

    def __repr__(self) -> str:
        numbers = self.numbers
        loss = "" if numbers.loss is None else f", {numbers.loss_name} {numbers.loss:.2g}"
        return f'<NetworkDrawing {_widths(numbers)}{loss}; .save("network.svg") or ".png">'


def draw_network(
    model: Any,
    x: Any,
    target: Any = None,
    *,
    loss: Callable[[Any, Any], Any] | None = None,
    row: int | None = None,
    image_shape: tuple[int, int] | bool | None = None,
    most: int = MOST,
    title: str | None = None,
    theme: str = "auto",
) -> NetworkDrawing:
    """Draw a network of Linear layers and activations on one example.

    Circles are neurons, filled by their activation; lines are weights. With a `target`, an arrow
    at every hidden and output neuron says which way and how strongly the loss wants it to change
    (minus the gradient), and the colour, dash and width of a line the same of its weight. Without
    one, lines show the weights themselves. Nobody's ``.grad`` is touched. What is not finite is
    grey and said in the subtitle.

    Parameters
    ----------
    model : Module
        An MLP, or Sequential (nested too) of Linear layers and activations. Flatten, and Dropout
        in evaluation, are passed over.
    x : array_like
        One example, such as n numbers or an image (height, width); of a batch, `row` says which.
    target : int or array_like, optional
        The right class, or what the outputs should be.
    loss : callable, optional
        ``loss(output, target)`` of the output of shape (1, n). By default cross-entropy for a
        class (an integer, with several outputs), else the squared error.
    row : int, optional
        Which row of a batch `x` (and `target`).
    image_shape : (height, width) or bool, optional
        Draw the input and the weights of the first layer as images. By default where `x` is one,
        or a row of n numbers, where n is a square from 36 on; False never does.
    most : int, default 12
        Neurons drawn in a column, at least 5; the others are counted.
    title : str, optional
    theme : {"auto", "light", "dark"}
        "auto" follows the reader's screen.

    Returns
    -------
    NetworkDrawing

    Raises
    ------
    TypeError
        If the model holds anything else; the message names the layer.
    ShapeError
        If `x` is a batch and `row` is missing, or shapes do not fit.
    ValueError
        If `most` or `theme` is none of the above.

    Examples
    --------
    >>> import numpy as np, nn
    >>> model = nn.MLP(4, [5], 3, activation="sigmoid", rng=np.random.default_rng(0))
    >>> drawing = nn.draw_network(model, [5.1, 3.5, 1.4, 0.2], 0)
    >>> drawing.numbers.layers[-1].value_change.shape
    (3,)
    >>> drawing.svg.count("<circle") > 12
    True
    """
    if theme not in THEMES:
        raise ValueError(f"draw_network: theme is {theme!r}; choose {', '.join(THEMES)}.")
    if most < FEWEST:
        raise ValueError(f"draw_network: most is {most!r}; at least {FEWEST} neurons are drawn.")
    with np.errstate(all="ignore"):  # the picture says what is not finite
        numbers = compute(model, x, target, loss=loss, row=row)
    if title is None:
        title = f"{type(model).__name__} {_widths(numbers)}"
    shape = _image_shape(image_shape, numbers.input_shape)
    return NetworkDrawing(
        numbers, lay_out(numbers, title=title, most=most, image_shape=shape), theme
    )


def _widths(numbers: NetworkNumbers) -> str:
    return "-".join(map(str, [len(numbers.inputs), *(len(x.value) for x in numbers.layers)]))


def _image_shape(wanted: Any, given: tuple[int, ...]) -> tuple[int, int] | None:
    """How the input is drawn as an image, or None for circles; `given` is its own shape."""
    size = prod(given)
    side = isqrt(size)
    row = max(given) == size
    image = (given[0], given[1]) if len(given) == 2 and not row else None
    square = (side, side) if side * side == size else None
    if wanted is False:
        return None
    if wanted is None:
        return square if row and size >= SMALLEST_IMAGE else image
    shape = image or square if wanted is True else tuple(wanted)
    if shape is None or len(shape) != 2 or shape[0] * shape[1] != size:
        raise ag.ShapeError(
            f"draw_network: image_shape {wanted} does not fit {size} inputs: give (height, width)"
            f" with height * width = {size}."
        )
    return shape[0], shape[1]
