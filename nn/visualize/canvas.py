"""A small drawing surface on Pillow: smooth lines, text, markers, and axes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_core as ag

from .axes import Axis

Box = tuple[float, float, float, float]
Point = tuple[float, float]

PAPER, INK, QUIET, LINE, UNKNOWN = "#ffffff", "#1f2933", "#52606d", "#cbd2d9", "#7b8794"
CLASSES = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00",
    "#56b4e9", "#7f7f7f", "#f0e442", "#8c510a", "#5e4fa2",
)  # fmt: skip
CURVES = ("#0072b2", "#c04f00", "#007a5a", "#a9558a", "#8f6200", "#2b7ba8", "#616e7c")

ZOOM = 2


class Canvas:
    """A white page measured in pixels of the final picture; drawn larger, then reduced.

    Examples
    --------
    >>> canvas = Canvas(40, 20)
    >>> canvas.line([(0, 0), (40, 20)], "#000000", 1.5)
    >>> canvas.image().size
    (40, 20)
    """

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self._images = ag.require_extra("PIL.Image", extra="plot")
        self._fonts = ag.require_extra("PIL.ImageFont", extra="plot")
        draw = ag.require_extra("PIL.ImageDraw", extra="plot")
        self._page = self._images.new("RGB", (width * ZOOM, height * ZOOM), PAPER)
        self._pen = draw.Draw(self._page)

    def image(self) -> Any:
        """The picture at its final size."""
        return self._page.resize(self.size, self._images.Resampling.BOX)

    def text(
        self,
        at: Point,
        text: str,
        *,
        size: float = 11,
        colour: str = INK,
        anchor: str = "mm",
        longest: float | None = None,
    ) -> float:
        """Write one line, cut where it would be longer than `longest`; returns its length."""
        font = self._fonts.load_default(size * ZOOM)
        text = " ".join(text.split())
        if longest is not None and font.getlength(text) > longest * ZOOM:
            while text and font.getlength(text + "...") > longest * ZOOM:
                text = text[:-1]
            text += "..."
        self._pen.text(_zoomed(at), text, fill=colour, font=font, anchor=anchor)
        return float(font.getlength(text)) / ZOOM

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        """Join points; a point that is not finite interrupts the line."""
        for start, end in pairwise(points):
            if np.isfinite([*start, *end]).all():
                pair = [_zoomed(start), _zoomed(end)]
                self._pen.line(pair, fill=colour, width=max(1, round(width * ZOOM)))
                radius = width * ZOOM / 2 - 0.5
                if radius >= 1:  # round joints
                    x, y = pair[1]
                    self._pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def marker(self, shape: int, at: Point, size: float, fill: str, edge: str) -> None:
        """A circle, square, triangle or diamond, by class."""
        x, y = _zoomed(at)
        r = size * ZOOM
        width = max(1, round(0.3 * r))
        if shape % 4 == 0:
            self._pen.ellipse((x - r, y - r, x + r, y + r), fill=fill, outline=edge, width=width)
            return
        corners = {
            1: [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            2: [(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)],
            3: [(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)],
        }[shape % 4]
        points = [(x + dx * r, y + dy * r) for dx, dy in corners]
        self._pen.polygon(points, fill=fill, outline=edge, width=width)

    def paste(self, pixels: NDArray[np.uint8], box: Box) -> None:
        """Put an image of shape (rows, columns, 3) into a box."""
        left, top, right, bottom = (round(side * ZOOM) for side in box)
        image = self._images.fromarray(pixels).resize((right - left, bottom - top))
        self._page.paste(image, (left, top))

    def enlarged(self, field: NDArray[Any], side: int) -> NDArray[np.float64]:
        """A field on a grid, rows upwards, as `side` rows of pixels downwards."""
        rows, columns = field.shape
        image = self._images.fromarray(np.ascontiguousarray(field[::-1], np.float32))
        # The first and the last cell stand at the edge, not half a cell within.
        within = (0.5, 0.5, columns - 0.5, rows - 0.5)
        bilinear = self._images.Resampling.BILINEAR
        return np.asarray(image.resize((side, side), bilinear, within), np.float64)

    def axes(self, box: Box, across: Axis, up: Axis, *, lines: bool = True) -> Plot:
        """Write the numbers on two axes and give back where values stand."""
        plot = Plot(box, across, up)
        left, _, right, bottom = box
        for value, label in up.ticks:
            level = plot.y(value)
            if lines:
                self.line([(left, level), (right, level)], LINE, 0.5)
            self.text((left - 4, level), label, size=10, colour=QUIET, anchor="rm")
        for value, label in across.ticks:
            self.text((plot.x(value), bottom + 4), label, size=10, colour=QUIET, anchor="mt")
        return plot


class Plot:
    """Where values stand within a box."""

    def __init__(self, box: Box, across: Axis, up: Axis) -> None:
        self.box, self._across, self._up = box, across, up

    def x(self, value: float) -> float:
        """From the left."""
        left, _, right, _ = self.box
        return left + self._across.place(value) * (right - left)

    def y(self, value: float) -> float:
        """From the top; kept within a little of the box."""
        _, top, _, bottom = self.box
        share = self._up.place(value)
        return bottom - min(1.02, max(-0.02, share)) * (bottom - top)


def rgb(colour: str) -> NDArray[np.float64]:
    """Red, green and blue from 0 to 255.

    Examples
    --------
    >>> rgb("#0072b2")
    array([  0., 114., 178.])
    """
    return np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)], float)


def _zoomed(point: Point) -> Point:
    return point[0] * ZOOM, point[1] * ZOOM
