"""How much room each vertex of the page's picture takes, before anything is placed."""

from __future__ import annotations

import unicodedata

from ..format import shorten
from ..view import GraphView, Kind, Vertex

__all__ = ["CARD_HEIGHT", "CHIP_HEIGHT", "sizes", "title_of"]

CARD_HEIGHT = 76  # name, value, gradient; in pixels, as everything here
CHIP_HEIGHT = 30  # a constant or a reference: one line
LETTER, DIGIT = 7.4, 7.9  # wide enough for every system font at the page's sizes
PADDING, CAPTION = 26, 46
NARROWEST, WIDEST = 148, 270
LONGEST_TITLE = 30
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
    """Return the first line of a vertex: its name and how it was computed.

    Examples
    --------
    >>> import autograd_core as ag
    >>> from autograd_core.visualize import read
    >>> title_of(read(ag.Tensor(2.0, name="x") * 3.0).vertices[-1])
    'v1 = x × 3'
    """
    if not vertex.expression:
        return vertex.label
    return shorten(f"{vertex.label} = {vertex.expression}", max(LONGEST_TITLE, len(vertex.label)))


def _size(vertex: Vertex) -> tuple[int, int]:
    if vertex.kind in QUIET:
        return max(36, round(_width(vertex.label, LETTER)) + 18), CHIP_HEIGHT
    numbers = max(len(vertex.value.text), len(vertex.gradient.text)) * DIGIT + CAPTION
    wanted = max(_width(title_of(vertex), LETTER), numbers) + PADDING
    return min(WIDEST, max(NARROWEST, round(wanted))), CARD_HEIGHT


def _width(text: str, letter: float) -> float:
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return (len(text) + wide) * letter
