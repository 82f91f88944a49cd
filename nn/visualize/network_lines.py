"""The lines between two columns of neurons, and the weights that are written on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .network_marks import direction, exact, largest_finite, plain, share_of, signed
from .network_numbers import LayerNumbers
from .network_scene import Line, Shape, Words

WIDEST_TEXT = 9  # weights of a layer with at most so many are written on their lines
Slot = tuple[int | None, float]  # which neuron (None: a gap) stands at which height
MOST_ROOM = 14.0  # more of it between a weight and its neighbours makes nothing clearer
ALONG = tuple(0.14 + 0.04 * step for step in range(16))  # parts of a line, for its weight


@dataclass(slots=True)
class Column:
    """The neurons of a layer, one above the other.

    Attributes
    ----------
    x, radius : float
    slots : list of (int or None, float)
        Which neuron stands at which height; None for those left out there.
    total : int
        How many there are.
    """

    x: float
    radius: float
    slots: list[Slot]
    total: int

    def at(self) -> list[tuple[int, float]]:
        """The neurons that are drawn, and their heights."""
        return [(index, y) for index, y in self.slots if index is not None]


def lines(k: int, layer: LayerNumbers, left: Column, right: Column, foot: float) -> list[Shape]:
    """The weights between two columns, the strongest on top, and the biases."""
    changes = layer.weight if layer.weight_change is None else layer.weight_change
    bias_changes = layer.bias if layer.weight_change is None else layer.bias_change
    largest = largest_finite(changes, bias_changes)
    found: list[tuple[float, Line]] = []
    written: list[tuple[Line, str]] = []
    few = layer.weight.size <= WIDEST_TEXT
    for to, y2 in right.at():
        ends: list[tuple[int | str, float, float, float]] = [
            (j, y1, layer.weight[to, j], changes[to, j]) for j, y1 in left.at()
        ]
        if layer.bias is not None and bias_changes is not None:
            ends.append(("bias", foot, layer.bias[to], bias_changes[to]))
        for source, y1, weight, change in ends:
            strength = share_of(float(change), largest)
            words = f"weight {source} → {to}: {plain(float(weight))}"
            if source == "bias":
                words = f"bias of {to}: {plain(float(weight))}"
            data: dict[str, Any] = {"layer": k + 1, "from": source, "to": to}
            data["weight"] = exact(weight)
            if layer.weight_change is not None:
                words += f"; the loss wants it to change by {signed(float(change))}"
                data["change"] = exact(change)
            line = Line(
                left.x + (12 if source == "bias" else left.radius),
                y1,
                right.x - right.radius,
                y2,
                direction(change),
                0.7 + 4.3 * strength,
                0.6 if np.isnan(change) else 0.22 + 0.68 * strength,
                dashed=bool(change < 0),
                title=words,
                data=data,
            )
            found.append((strength, line))
            if few and source != "bias":
                written.append((line, plain(float(weight))))
    texts = _on_their_lines(written, [line for _, line in found])
    found.sort(key=lambda pair: pair[0])
    return [*(line for _, line in found), *texts]


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
