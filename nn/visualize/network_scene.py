"""The shapes a picture is made of, before it is written as SVG or drawn as PNG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

#: What a colour is for, as (light, dark). Blue and vermilion are told apart by everybody.
PALETTE = {
    "paper": ("#ffffff", "#14171c"),
    "ink": ("#1d2733", "#e8ecf1"),
    "soft": ("#5d6b7a", "#9aa7b5"),
    "faint": ("#dfe4ea", "#2b323b"),
    "up": ("#0067b1", "#5cb3f5"),
    "down": ("#c8500a", "#ff9a52"),
}
Attributes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line; `arrow` puts a head at its end."""

    x1: float
    y1: float
    x2: float
    y2: float
    color: str
    width: float = 1.0
    opacity: float = 1.0
    dashed: bool = False
    arrow: bool = False
    title: str = ""
    data: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle (or a square) on paper, filled with ink as strongly as `fill` says: 0 to 1."""

    x: float
    y: float
    radius: float
    fill: float = 0.0
    ring: str = "ink"
    dashed: bool = False
    square: bool = False
    title: str = ""
    data: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """Text; `anchor` is "start", "middle" or "end"; a halo of paper sets it off from lines.

    A `plate` is more: no line is seen between the letters, which would make 1:10 of 1.10.
    """

    x: float
    y: float
    text: str
    size: float = 12.0
    color: str = "ink"
    anchor: str = "middle"
    bold: bool = False
    halo: bool = False
    plate: bool = False


@dataclass(frozen=True, slots=True)
class Raster:
    """An image of RGB bytes, shown with hard pixels in a thin frame."""

    x: float
    y: float
    width: float
    height: float
    pixels: NDArray[Any]
    title: str = ""
    data: Attributes = field(default_factory=dict)


Shape = Line | Disc | Words | Raster


@dataclass(frozen=True, slots=True)
class Scene:
    """Shapes on a sheet, the lowest first.

    Attributes
    ----------
    width, height : float
    shapes : list
    title, description : str
        For those who cannot see it.
    data : mapping
    """

    width: float
    height: float
    shapes: list[Shape]
    title: str
    description: str
    data: Attributes = field(default_factory=dict)
