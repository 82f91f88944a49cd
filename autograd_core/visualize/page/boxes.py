"""How much room each vertex of the page's picture takes, before anything is placed."""

from __future__ import annotations

import unicodedata

from ..format import shorten
from ..view import GraphView, Kind, Vertex

__all__ = ["CARD_HEIGHT", "CHIP_HEIGHT", "sizes", "title_of", "title_width"]

CARD_HEIGHT = 76  # name, value, gradient; in pixels, as everything here
CHIP_HEIGHT = 30  # a constant or a reference: one line
LETTER, BOLD, DIGIT = 7.4, 8.5, 7.9  # wide enough for every system font at the page's sizes
PADDING, CAPTION = 26, 46
NARROWEST, WIDEST = 148, 270
LONGEST_TITLE = 30
SMALLEST = 0.65  # a title too wide for the widest box is set smaller, down to this share
QUIET = {Kind.CONSTANT, Kind.REFERENCE}


def sizes(view: GraphView) -> dict[str, tuple[int, int]]:
    """Return width and height of each vertex, in pixels, by identity.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> sizes(read(ag.Tensor(2.0, name="x") * 3.0))
    {'0': (148, 76), 'c1_1': (36, 30), '1': (148, 76)}
    """
    return {vertex.identity: _size(vertex) for vertex in view.vertices}


def title_of(vertex: Vertex) -> str:
    """Return the first line of a vertex: its name and how it was computed, cut to fit its box.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> title_of(read(ag.Tensor(2.0, name="x") * 3.0).vertices[-1])
    'v1 = x × 3'
    """
    title = vertex.label
    if vertex.expression:
        title = shorten(f"{title} = {vertex.expression}", max(LONGEST_TITLE, len(title)))
    longest = len(title)
    while longest > 1 and title_width(vertex, title) > (WIDEST - PADDING) / SMALLEST:
        longest -= 1
        title = shorten(title, longest)
    return title


def title_width(vertex: Vertex, title: str) -> float:
    """Return the room that a title takes at its full size, its name in bold, in pixels.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> vertex = read(ag.Tensor(2.0, name="x") * 3.0).vertices[-1]
    >>> title_width(vertex, "v1"), title_width(vertex, "v1 = x")
    (17.0, 46.6)
    """
    bold = len(vertex.label)
    return _width(title[:bold], BOLD) + _width(title[bold:], LETTER)


def _size(vertex: Vertex) -> tuple[int, int]:
    if vertex.kind in QUIET:
        return max(36, round(_width(vertex.label, LETTER)) + 18), CHIP_HEIGHT
    numbers = max(len(vertex.value.text), len(vertex.gradient.text)) * DIGIT + CAPTION
    wanted = max(title_width(vertex, title_of(vertex)), numbers) + PADDING
    return min(WIDEST, max(NARROWEST, round(wanted))), CARD_HEIGHT


def _width(text: str, letter: float) -> float:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return (len(text) + wide) * letter
