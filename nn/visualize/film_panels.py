"""The panels of a film's GIF: decisions, curves over the input, curves over time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .axes import Axis, linear_axis
from .canvas import CLASSES, CURVES, INK, LINE, PAPER, QUIET, UNKNOWN, Box, Canvas, rgb
from .story import Moment, Story
from .views import View

PIXELS = 540  # of the field, along a side
STRENGTH = 0.5  # of the colours behind the points


def draw_field(canvas: Canvas, panel: Box, story: Story, moment: Moment) -> None:
    """The plane of two inputs, coloured by what the model says, and the data."""
    view = story.view
    assert view is not None
    assert moment.look is not None
    left, top, right, bottom = panel
    side = min(right - left - 34, bottom - top - 22)
    box = (left + 32, top, left + 32 + side, top + side)
    across, up = (linear_axis(*limits) for limits in view.limits)
    plot = canvas.axes(box, across, up, lines=False)
    planes = np.stack([canvas.enlarged(plane, PIXELS) for plane in moment.look.values])
    canvas.paste(field_colours(planes, view, story.value_axis), box)
    guesses = view.guesses(moment.look) if view.classes else None
    size = max(2.0, min(7.0 if len(view.x) <= 20 else 4.5, 24 / np.sqrt(max(8.0, len(view.x) / 4))))
    for row, (x, y) in enumerate(view.x):
        at = (plot.x(x), plot.y(y))
        if guesses is None:
            assert story.value_axis is not None
            share = np.clip(story.value_axis.place(float(view.y[row, 0])), 0.0, 1.0)
            colour = _hex(_ramp(np.asarray(share), 1.0))
            canvas.marker(0, at, size, colour, INK)
        else:
            label = int(view.y[row])
            edge = PAPER if guesses[row] == label else INK
            canvas.marker(label, at, size, CLASSES[label], edge)


def draw_curves(canvas: Canvas, panel: Box, story: Story, moment: Moment) -> None:
    """The model's outputs over its one input, and the data."""
    view = story.view
    assert view is not None
    assert moment.look is not None
    assert story.value_axis is not None
    left, top, right, bottom = panel
    box = (left + 32, top, right, bottom - 22)
    plot = canvas.axes(box, linear_axis(*view.limits[0]), story.value_axis)
    for row, (x,) in enumerate(view.x):
        if view.classes:
            label = int(view.y[row])
            height = float(label) if view.planes == 1 else 1.0
            canvas.marker(label, (plot.x(x), plot.y(height)), 3, CLASSES[label], PAPER)
        else:
            for curve, value in enumerate(view.y[row]):
                colour = _hex(0.6 * rgb(CURVES[curve % len(CURVES)]) + 0.4 * rgb(PAPER))
                canvas.marker(curve, (plot.x(x), plot.y(value)), 3, colour, PAPER)
    colours = CURVES[1:2] if view.planes == 1 else CLASSES if view.classes else CURVES
    inputs = np.linspace(*view.limits[0], moment.look.values.shape[1])
    for curve, values in enumerate(moment.look.values):
        points = [
            (plot.x(x), plot.y(value) if np.isfinite(value) else np.nan)
            for x, value in zip(inputs, values, strict=True)
        ]
        canvas.line(points, colours[curve % len(colours)], 2.2)


def draw_chart(
    canvas: Canvas,
    panel: Box,
    story: Story,
    name: str,
    axis: Axis,
    curves: dict[str, list[float | None]],
    now: int,
) -> None:
    """Curves over time: strong until now, faint after."""
    left, top, right, bottom = panel
    kind = f"{name} (log)" if axis.logarithmic else name
    pen = left + 12 + canvas.text((left, top + 12), kind, size=13, anchor="lm")
    plot = canvas.axes(
        (left + 38, top + 28, right, bottom - 20), linear_axis(0.0, float(story.last)), axis
    )
    for position, (label, values) in enumerate(curves.items()):
        colour = CURVES[position % len(CURVES)]
        points = [
            (plot.x(at), np.nan if value is None else plot.y(value))
            for at, value in zip(story.at, values, strict=True)
        ]
        canvas.line(points[now:], _hex(0.25 * rgb(colour) + 0.75 * rgb(PAPER)), 1.4)
        canvas.line(points[: now + 1], colour, 1.8)
        if np.isfinite(points[now][1]):
            canvas.marker(0, points[now], 3.5, colour, PAPER)
        readable = "training" if label == "loss" else label.removesuffix("_loss").replace("_", " ")
        room = right - pen - 18
        if room > 20:
            canvas.line([(pen, top + 12), (pen + 14, top + 12)], colour, 2)
            written = (pen + 18, top + 12)
            length = canvas.text(
                written, readable, size=11, colour=QUIET, anchor="lm", longest=room
            )
            pen += length + 30
    edge = plot.x(story.at[now])
    canvas.line([(edge, plot.box[1]), (edge, plot.box[3])], LINE, 1)


def field_colours(
    planes: NDArray[np.float64], view: View, value_axis: Axis | None
) -> NDArray[np.uint8]:
    """Pixels from planes of numbers; a dark line where the decision changes."""
    known = np.isfinite(planes).all(axis=0)
    planes = np.nan_to_num(planes)
    if view.kind == "values":
        assert value_axis is not None
        shares = np.clip(
            (planes[0] - value_axis.low) / (value_axis.high - value_axis.low), 0.0, 1.0
        )
        colours = _ramp(shares, 0.85)
        levels = [value_axis.place(value) for value, _ in value_axis.ticks]
        edges = _edges(np.searchsorted(levels, shares), width=1)
    elif len(planes) == 1:
        colours = _ramp(planes[0], STRENGTH)
        edges = _edges((planes[0] > 0.5).astype(int), width=2)
    else:
        ordered = np.sort(planes, axis=0)
        strength = 0.1 + (STRENGTH - 0.1) * (ordered[-1] - ordered[-2])
        best = planes.argmax(axis=0)
        table = np.stack([rgb(colour) for colour in CLASSES])
        colours = rgb(PAPER) + (table[best] - rgb(PAPER)) * strength[..., None]
        edges = _edges(best, width=2)
    colours[edges & known] = rgb(INK)
    colours[~known] = rgb(UNKNOWN)
    return np.rint(colours).astype(np.uint8)


def _ramp(shares: NDArray[np.float64], strength: float) -> NDArray[np.float64]:
    """From the first colour at 0 over paper at a half to the second at 1."""
    sides = np.where((shares < 0.5)[..., None], rgb(CLASSES[0]), rgb(CLASSES[1]))
    share = strength * np.minimum(1.0, np.abs(2 * shares - 1))
    return rgb(PAPER) + (sides - rgb(PAPER)) * share[..., None]


def _edges(regions: NDArray[np.int64], width: int) -> NDArray[np.bool_]:
    """Pixels where one region meets another, widened to all sides alike."""
    edges = np.zeros(regions.shape, bool)
    edges[:, 1:] |= regions[:, 1:] != regions[:, :-1]
    edges[1:] |= regions[1:] != regions[:-1]
    for _ in range(width - 1):
        wider = edges.copy()
        wider[:, 1:] |= edges[:, :-1]
        wider[:, :-1] |= edges[:, 1:]
        wider[1:] |= edges[:-1]
        wider[:-1] |= edges[1:]
        edges = wider
    return edges


def _hex(colour: NDArray[np.float64]) -> str:
    return "#" + "".join(f"{round(float(part)):02x}" for part in colour)
