"""Where everything of a network's picture stands: from its numbers to shapes on a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .network_legend import legend
from .network_numbers import LayerNumbers, NetworkNumbers
from .network_scene import PALETTE, Disc, Line, Raster, Scene, Shape, Words

LEFT, TOP = 66.0, 112.0
RIGHT, RIGHT_OF_CLASSES = 120.0, 226.0
BOUNDED = {"Sigmoid", "Tanh", "Softmax"}  # full ink stands for 1
WIDEST_TEXT = 9  # weights of a layer with at most so many are written on their lines
Slot = tuple[int | None, float]  # which neuron (None: a gap) stands at which height

#: Where the weight of a line may stand, as shares of its length, the best first.
MOST_ROOM = 14.0  # more of it between a weight and its neighbours makes nothing clearer
ALONG = tuple(0.14 + 0.04 * step for step in range(16))  # parts of a line, for its weight


def signed(value: float) -> str:
    """A number as it is written beside an arrow or on a line.

    Examples
    --------
    >>> signed(0.5), signed(-12.25), signed(0.00012), signed(0.0)
    ('+0.50', '−12.2', '+1.2e-4', '0')
    """
    text = plain(abs(value))
    return "0" if value == 0 else ("−" if value < 0 else "+") + text


def plain(value: float) -> str:
    """A number in few characters.

    Examples
    --------
    >>> plain(0.123), plain(-1234.5), plain(0.0)
    ('0.12', '−1.2e3', '0.00')
    """
    size = abs(value)
    if not np.isfinite(size):
        text = "nan" if np.isnan(size) else "inf"
    elif size and (size < 0.005 or size >= 1000):
        mantissa, exponent = f"{size:.1e}".split("e")
        text = f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    else:
        text = f"{size:.2f}" if size < 10 else f"{size:.1f}" if size < 100 else f"{size:.0f}"
    return f"−{text}" if value < 0 else text


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


@dataclass(slots=True)
class _Column:
    x: float
    radius: float
    slots: list[Slot]
    total: int

    def at(self) -> list[tuple[int, float]]:
        return [(index, y) for index, y in self.slots if index is not None]


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
        columns.append(_Column(x, min(23.0, pitch * 0.36), slots, count))
    shapes: list[Shape] = []
    foot = TOP + height + 22
    start = 0
    if image_shape is not None:
        start = 1
        shapes += _images(numbers, columns[1], image_shape, TOP + height / 2, pitch)
    for k in range(start, last):
        shapes += _lines(k, numbers.layers[k], columns[k], columns[k + 1], foot)
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
    if numbers.loss is None:
        return "activations and weights on one example"
    target = "" if numbers.label is None else f"target: class {numbers.label} · "
    return f"{target}{numbers.loss_name} {plain(numbers.loss)}"


def _number(value: Any) -> str:
    return repr(float(value))


def _lines(k: int, layer: LayerNumbers, left: _Column, right: _Column, foot: float) -> list[Shape]:
    """The weights between two columns, the strongest on top, and the biases."""
    changes = layer.weight if layer.weight_change is None else layer.weight_change
    bias_changes = layer.bias if layer.weight_change is None else layer.bias_change
    scale = float(np.max(np.abs(changes), initial=0.0)) or 1.0
    if bias_changes is not None:
        scale = max(scale, float(np.max(np.abs(bias_changes), initial=0.0)))
    lines: list[tuple[float, Line]] = []
    written: list[tuple[Line, str]] = []
    few = layer.weight.size <= WIDEST_TEXT
    for to, y2 in right.at():
        ends: list[tuple[int | str, float, float, float]] = [
            (j, y1, layer.weight[to, j], changes[to, j]) for j, y1 in left.at()
        ]
        if layer.bias is not None and bias_changes is not None:
            ends.append(("bias", foot, layer.bias[to], bias_changes[to]))
        for source, y1, weight, change in ends:
            strength = min(1.0, abs(float(change)) / scale) if np.isfinite(change) else 1.0
            words = f"weight {source} → {to}: {plain(float(weight))}"
            if source == "bias":
                words = f"bias of {to}: {plain(float(weight))}"
            data: dict[str, Any] = {"layer": k + 1, "from": source, "to": to}
            data["weight"] = _number(weight)
            if layer.weight_change is not None:
                words += f"; the loss wants it to change by {signed(float(change))}"
                data["change"] = _number(change)
            line = Line(
                left.x + (12 if source == "bias" else left.radius),
                y1,
                right.x - right.radius,
                y2,
                "soft" if change == 0 else "up" if change > 0 else "down",
                0.7 + 4.3 * strength,
                0.22 + 0.68 * strength,
                dashed=bool(change < 0),
                title=words,
                data=data,
            )
            lines.append((strength, line))
            if few and source != "bias":
                written.append((line, plain(float(weight))))
    texts = _on_their_lines(written, [line for _, line in lines])
    lines.sort(key=lambda pair: pair[0])
    return [*(line for _, line in lines), *texts]


def _on_their_lines(written: list[tuple[Line, str]], lines: list[Line]) -> list[Words]:
    """Each weight where its line is furthest from other lines and from weights written before."""
    texts: list[Words] = []
    for line, text in written:
        others = [other for other in lines if other is not line]
        best, place = -1.0, (line.x1, line.y1)
        for along in ALONG:
            x = line.x1 + (line.x2 - line.x1) * along
            y = line.y1 + (line.y2 - line.y1) * along
            room = min(_room(x, y, others, texts), MOST_ROOM) - along  # rather on the left
            if room > best or along == ALONG[0]:
                best, place = room, (x, y)
        texts.append(Words(*place, text, 10.5, "ink", plate=True))
    return texts


def _room(x: float, y: float, lines: list[Line], texts: list[Words]) -> float:
    """How far a text at (x, y) is from lines and from other texts, about; 0 where they touch."""
    free = MOST_ROOM
    for line in lines:
        slope = (line.y2 - line.y1) / (line.x2 - line.x1)
        gaps = [line.y1 + slope * (at - line.x1) - y for at in (x - 16, x + 16)]
        crossed = gaps[0] * gaps[1] < 0
        free = min(free, 0.0 if crossed else min(map(abs, gaps)) - 6)
    for text in texts:
        free = min(free, max(abs(x - text.x) - 34, abs(y - text.y) - 13))
    return free


def _neurons(
    k: int,
    numbers: NetworkNumbers,
    layer: LayerNumbers | None,
    column: _Column,
    pitch: float,
    output: bool,
) -> list[Shape]:
    values = numbers.inputs if layer is None else layer.value
    changes = None if layer is None else layer.value_change
    largest = float(np.max(np.abs(values), initial=0.0)) or 1.0
    if layer is not None and layer.activation in BOUNDED:
        largest = 1.0
    strongest = 0.0 if changes is None else float(np.max(np.abs(changes), initial=0.0))
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
        fill = min(1.0, abs(value) / largest) if np.isfinite(value) else 0.0
        data: dict[str, Any] = {"layer": k, "index": index, "value": _number(value)}
        words = f"neuron {index}: {plain(value)}"
        if changes is not None:
            data["change"] = _number(changes[index])
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
    strength = abs(change) / strongest if strongest and np.isfinite(change) else 0.0
    color = "soft" if change == 0 else "up" if change > 0 else "down"
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
    text = f"class {index}: {100 * float(numbers.probabilities[index]):.1f} %"
    return [Words(x, y, text, 11.5, "up" if right else "soft", "start", bold=right)]


def _images(
    numbers: NetworkNumbers,
    hidden: _Column,
    shape: tuple[int, int],
    middle: float,
    pitch: float,
) -> list[Shape]:
    """The input as an image, and the weights of each drawn neuron of the first layer."""
    layer = numbers.layers[0]
    tall, wide = 132.0 * shape[0] / max(shape), 132.0 * shape[1] / max(shape)
    x, y = LEFT - 12, middle - tall / 2
    data = {"layer": 0, "values": " ".join(map(_number, numbers.inputs))}
    shapes: list[Shape] = []
    scale = float(np.max(np.abs(layer.weight), initial=0.0)) or 1.0
    side = pitch - 6
    small_tall, small_wide = side * shape[0] / max(shape), side * shape[1] / max(shape)
    for index, height in hidden.at():
        left = hidden.x - hidden.radius - 34 - small_wide
        shapes += [
            Line(x + wide, middle, left, height, "faint", 1.2),
            Line(left + small_wide, height, hidden.x - hidden.radius, height, "soft", 1.2),
            Raster(
                left,
                height - small_tall / 2,
                small_wide,
                small_tall,
                diverging(layer.weight[index].reshape(shape) / scale),
                f"weights of neuron {index}: blue is positive, orange negative",
                _of_neuron(layer, index),
            ),
        ]
    shapes.append(Raster(x, y, wide, tall, gray(numbers.inputs.reshape(shape)), "input", data))
    return shapes


def _of_neuron(layer: LayerNumbers, index: int) -> dict[str, Any]:
    data: dict[str, Any] = {"layer": 1, "to": index}
    data["weights"] = " ".join(map(_number, layer.weight[index]))
    if layer.weight_change is not None:
        data["changes"] = " ".join(map(_number, layer.weight_change[index]))
    if layer.bias is not None:
        data["bias"] = _number(layer.bias[index])
    return data


def gray(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Numbers as an image, the smallest white and the largest black.

    Examples
    --------
    >>> gray(np.array([[0.0, 1.0]])).tolist()
    [[[255, 255, 255], [0, 0, 0]]]
    """
    finite = np.nan_to_num(np.asarray(values, np.float64))
    width = float(np.ptp(finite)) or 1.0
    level = 255 - np.rint(255 * (finite - finite.min()) / width)
    return np.repeat(level[..., None], 3, axis=2).astype(np.uint8)


def diverging(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Numbers between -1 and 1 as an image: orange, white, blue.

    Examples
    --------
    >>> diverging(np.array([[0.0]])).tolist()
    [[[255, 255, 255]]]
    """
    finite = np.clip(np.nan_to_num(np.asarray(values, np.float64)), -1, 1)[..., None]
    ends = {name: np.array(list(bytes.fromhex(PALETTE[name][0][1:]))) for name in ("up", "down")}
    end = np.where(finite > 0, ends["up"], ends["down"])
    pixels: NDArray[np.uint8] = np.rint(255 + (end - 255) * np.abs(finite)).astype(np.uint8)
    return pixels
