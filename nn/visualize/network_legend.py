"""What the marks in a network's picture mean, as a row of shapes below it."""

from __future__ import annotations

import numpy as np

from .network_numbers import NetworkNumbers
from .network_scene import Disc, Line, Shape, Words

SIZE = 11.5
Entry = tuple[list[Shape], float, str]  # marks at x = 0, their width, the words


def legend(
    x: float, y: float, width: float, numbers: NetworkNumbers, images: bool
) -> tuple[list[Shape], float]:
    """The legend, in as many lines as it needs, and the height of the last."""
    entries = [*_activations(), *_changes(numbers), *_unknown(numbers)]
    if images:
        entries.append(([], 0.0, "small images: the first layer's weights, blue + and orange −"))
        shown = (numbers.inputs, numbers.layers[0].weight)
        if not all(np.isfinite(array).all() for array in shown):
            entries.append(([], 0.0, "pink pixels: not finite"))
    shapes: list[Shape] = [Line(x, y - 18, x + width, y - 18, "faint", 1.0)]
    at = x
    for marks, room, words in entries:
        length = room + 8 + 0.53 * SIZE * len(words) + 22
        if at > x and at + length > x + width:
            at, y = x, y + 24
        shapes += [_moved(mark, at, y) for mark in marks]
        shapes.append(Words(at + room + (8 if room else 0), y, words, SIZE, "soft", "start"))
        at += length
    return shapes, y


def _activations() -> list[Entry]:
    discs: list[Shape] = [Disc(8 + 19 * i, 0, 7, fill) for i, fill in enumerate((0.0, 0.5, 1.0))]
    return [
        (discs, 53.0, "activation, from 0 to the largest (sigmoid, tanh, softmax: to 1)"),
        ([Disc(8, 0, 7, 0.5, dashed=True)], 19.0, "negative"),
    ]


def _changes(numbers: NetworkNumbers) -> list[Entry]:
    solid = Line(0, 0, 30, 0, "up", 3.0)
    dashed = Line(0, 0, 30, 0, "down", 3.0, dashed=True)
    if numbers.loss is None:
        return [([solid], 30.0, "positive weight"), ([dashed], 30.0, "negative weight")]
    return [
        ([Line(5, 8, 5, -8, "up", 2.4, arrow=True)], 10.0, "the loss wants the neuron higher"),
        ([Line(5, -8, 5, 8, "down", 2.4, arrow=True)], 10.0, "lower"),
        ([solid], 30.0, "the weight larger"),
        ([dashed], 30.0, "smaller"),
        ([], 0.0, "longer, wider: more strongly (per layer)"),
    ]


def _unknown(numbers: NetworkNumbers) -> list[Entry]:
    """What a grey line is, where there is one for a number that has no sign."""
    weights = [x.weight if x.weight_change is None else x.weight_change for x in numbers.layers]
    if not any(np.isnan(array).any() for array in weights):
        return []
    what = "weight" if numbers.loss is None else "gradient"
    return [([Line(0, 0, 30, 0, "soft", 0.7)], 30.0, f"the {what} is nan, or 0")]


def _moved(shape: Shape, dx: float, dy: float) -> Shape:
    if isinstance(shape, Line):
        return Line(
            shape.x1 + dx,
            shape.y1 + dy,
            shape.x2 + dx,
            shape.y2 + dy,
            shape.color,
            shape.width,
            dashed=shape.dashed,
            arrow=shape.arrow,
        )
    assert isinstance(shape, Disc)
    return Disc(shape.x + dx, shape.y + dy, shape.radius, shape.fill, dashed=shape.dashed)
