"""Where everything of a network's picture stands: from its numbers to shapes on a sheet."""

from __future__ import annotations

from typing import Any

import numpy as np

from .network_images import images
from .network_legend import legend
from .network_lines import Column, lines
from .network_marks import direction, exact, largest_finite, plain, share_of, signed
from .network_numbers import LayerNumbers, NetworkNumbers
from .network_scene import Disc, Line, Scene, Shape, Words

LEFT, TOP = 66.0, 112.0
RIGHT, RIGHT_OF_CLASSES = 120.0, 226.0
BOUNDED = {"Sigmoid", "Tanh", "Softmax"}  # full ink stands for 1


def shown(count: int, most: int, always: int | None = None) -> list[int | None]:
    """Which neurons of a layer are drawn; None stands for those left out at that place.

    Examples
    --------
    >>> shown(3, 5), shown(10, 5), shown(10, 6, always=7)
    ([0, 1, 2], [0, 1, 2, None, 9], [0, 1, None, 7, None, 9])
    """
    if count <= most:
        return list(range(count))
    kept = list(range(most - 2))
    if always is not None and most - 2 <= always < count - 1:
        kept = [*range(most - 4), always]
    kept.append(count - 1)
    result: list[int | None] = []
    for before, index in zip([-1, *kept], kept, strict=False):
        if index - before > 1:
            result.append(None)
        result.append(index)
    return result


def lay_out(
    numbers: NetworkNumbers, *, title: str, most: int, image_shape: tuple[int, int] | None
) -> Scene:
    """Put the shapes of the picture together.

    Parameters
    ----------
    numbers : NetworkNumbers
    title : str
    most : int
        Neurons drawn in a column.
    image_shape : (height, width) or None
        Draw the input, and the weights of the first layer, as images of this shape.
    """
    counts = [len(numbers.inputs), *(len(layer.value) for layer in numbers.layers)]
    last = len(counts) - 1
    picks = [shown(n, most, numbers.label if k == last else None) for k, n in enumerate(counts)]
    drawn = picks[1:] if image_shape else picks
    rows = max(3, *map(len, drawn))
    pitch = float(np.clip(560 / rows, 50, 96))
    height = max(rows * pitch, 250.0)
    gap = 270.0 if last <= 2 and image_shape is None else 210.0 if last <= 3 else 170.0
    first_gap = 330.0 if image_shape else gap
    columns = []
    for k, (pick, count) in enumerate(zip(picks, counts, strict=True)):
        x = LEFT + (0 if k == 0 else first_gap + (k - 1) * gap)
        top = TOP + (height - len(pick) * pitch) / 2 + pitch / 2
        slots = [(index, top + row * pitch) for row, index in enumerate(pick)]
        columns.append(Column(x, min(23.0, pitch * 0.36), slots, count))
    shapes: list[Shape] = []
    foot = TOP + height + 22
    start = 0
    if image_shape is not None:
        start = 1
        shapes += images(numbers, columns[1], image_shape, TOP + height / 2, pitch)
    for k in range(start, last):
        shapes += lines(k, numbers.layers[k], columns[k], columns[k + 1], foot)
    for k in range(start, last + 1):
        layer = numbers.layers[k - 1] if k else None
        shapes += _neurons(k, numbers, layer, columns[k], pitch, k == last)
    for k in range(start, last):
        if numbers.layers[k].bias is not None:
            shapes.append(Disc(columns[k].x, foot, 12, square=True, title="bias: always 1"))
            shapes.append(Words(columns[k].x, foot, "1", 12))
            shapes.append(Words(columns[k].x, foot + 22, "bias", 11, "soft"))
    bare = numbers.probabilities is None and numbers.target is None
    right = RIGHT if bare else RIGHT_OF_CLASSES
    width = max(columns[-1].x + right, 760.0)
    for k, column in enumerate(columns):
        kind = "input" if k == 0 else "output" if k == last else "hidden"
        x = LEFT + 54 if k == 0 and image_shape else column.x
        shapes.append(Words(x, 76, f"{kind} · {column.total}", 12.5, "ink", bold=True))
        activation = numbers.layers[k - 1].activation if k else ""
        shapes.append(Words(x, 94, activation or ("linear" if k else ""), 11.5, "soft"))
    subtitle = _subtitle(numbers)
    shapes.append(Words(28, 28, title, 17, "ink", "start", bold=True))
    shapes.append(Words(28, 50, subtitle, 12.5, "soft", "start"))
    below, bottom = legend(28, foot + 60, width - 56, numbers, image_shape is not None)
    shapes += below
    data: dict[str, Any] = {"layers": "-".join(map(str, counts))}
    if numbers.loss is not None:
        data["loss"] = repr(numbers.loss)
    description = f"A network of {' - '.join(map(str, counts))} neurons on one example. {subtitle}"
    return Scene(width, bottom + 26, shapes, title, description, data)


def _subtitle(numbers: NetworkNumbers) -> str:
    note = _not_finite(numbers)
    if numbers.loss is None:
        return f"activations and weights on one example{note}"
    target = "" if numbers.label is None else f"target: class {numbers.label} · "
    return f"{target}{numbers.loss_name} {plain(numbers.loss)}{note}"


def _not_finite(numbers: NetworkNumbers) -> str:
    """What is infinite or no number, of the loss, the values and the gradients the first."""
    layers = numbers.layers
    changes = [(x.weight_change, x.bias_change, x.value_change) for x in layers]
    suspects: list[tuple[str, list[Any]]] = [
        ("the loss is", [numbers.loss]),
        ("some inputs are", [numbers.inputs]),
        ("some weights are", [array for x in layers for array in (x.weight, x.bias)]),
        ("some activations are", [layer.value for layer in layers]),
        ("some gradients are", [array for three in changes for array in three]),
    ]
    for words, arrays in suspects:
        if any(array is not None and not np.isfinite(array).all() for array in arrays):
            return f" · {words} not finite"
    return ""


def _neurons(
    k: int,
    numbers: NetworkNumbers,
    layer: LayerNumbers | None,
    column: Column,
    pitch: float,
    output: bool,
) -> list[Shape]:
    values = numbers.inputs if layer is None else layer.value
    changes = None if layer is None else layer.value_change
    largest = largest_finite(values)
    if layer is not None and layer.activation in BOUNDED:
        largest = 1.0
    strongest = largest_finite(changes)
    shapes: list[Shape] = []
    radius = column.radius
    before = -1
    indices = [index for index, _ in column.slots]
    for position, (index, y) in enumerate(column.slots):
        if index is None:
            following = indices[position + 1]
            assert following is not None
            text = f"{following - before - 1} more"
            shapes += [Disc(column.x, y + dy, 1.8, 1.0) for dy in (-14, -7, 0)]
            shapes.append(Words(column.x, y + 14, text, 11, "soft", halo=True))
            continue
        before = index
        value = float(values[index])
        fill = share_of(value, largest)
        data: dict[str, Any] = {"layer": k, "index": index, "value": exact(value)}
        words = f"neuron {index}: {plain(value)}"
        if changes is not None:
            data["change"] = exact(changes[index])
            words += f"; the loss wants it to change by {signed(float(changes[index]))}"
        right = output and numbers.label == index
        ring = "up" if right else "ink"
        shapes.append(Disc(column.x, y, radius, fill, ring, value < 0, title=words, data=data))
        size = radius * (0.62 if len(plain(value)) < 5 else 0.5)
        color = "paper" if fill > 0.55 else "ink"
        shapes.append(Words(column.x, y, plain(value), size, color))
        if changes is not None:
            change = float(changes[index])
            shapes += _arrow(column.x, y, radius, pitch, change, strongest, output)
        if output:
            shapes += _beside(numbers, index, column.x + radius + 66, y)
    return shapes


def _arrow(
    x: float, y: float, radius: float, pitch: float, change: float, strongest: float, output: bool
) -> list[Shape]:
    """How the loss wants a neuron to change: which way and how strongly."""
    strength = share_of(change, strongest)
    color = direction(change)
    shapes: list[Shape] = []
    at = x + radius + 9
    if strength:
        half = (7 + strength * (pitch - 18)) / 2
        tip = half if change < 0 else -half
        margin = -3 if change > 0 else 3  # paper around it sets it off from the lines of weights
        shapes.append(Line(at + 1, y - tip - margin, at + 1, y + tip + margin, "paper", 11.0))
        shapes.append(Line(at, y - tip, at, y + tip, color, 1.4 + 1.8 * strength, arrow=True))
    if output:
        shapes.append(Words(at + 8, y, signed(change), 11, color, "start", halo=True))
    elif pitch >= 2 * radius + 18:
        shapes.append(Words(x, y + radius + 9, signed(change), 10, color, halo=True))
    return shapes


def _beside(numbers: NetworkNumbers, index: int, x: float, y: float) -> list[Shape]:
    if numbers.target is not None:
        return [Words(x, y, f"target {plain(float(numbers.target[index]))}", 11.5, "soft", "start")]
    if numbers.probabilities is None:
        return []
    right = numbers.label == index
    share = float(numbers.probabilities[index])
    text = f"class {index}: {100 * share:.1f} %" if np.isfinite(share) else f"class {index}: nan"
    return [Words(x, y, text, 11.5, "up" if right else "soft", "start", bold=right)]
