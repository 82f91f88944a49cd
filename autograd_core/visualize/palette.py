"""The colours of a picture, light and dark, and an SVG that follows the reader's choice.

Hues are from the palette of Okabe and Ito (2008, https://jfly.uni-koeln.de/color/), which
colour-blind readers can tell apart; kinds differ in border and weight too, and signs in line
style, so that a grey print still shows them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from .view import Kind

__all__ = ["AUTO", "DARK", "LIGHT", "THEMES", "Palette", "follow_reader"]

#: ``"auto"`` is drawn light; its SVG turns dark where the reader prefers that.
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Palette:
    """The colour of everything that a picture shows.

    Blue is positive and orange negative, on edges (``positive``, ``negative``) as in numbers
    (``gradient_positive``, ``gradient_negative``: the same hues, with the contrast of text).

    Examples
    --------
    >>> LIGHT.border(Kind.LEAF), DARK.border(Kind.LEAF)
    ('#0072b2', '#56b4e9')
    """

    page: str
    ink: str
    quiet: str
    line: str
    faint: str
    unknown: str
    gradient: str
    gradient_positive: str
    gradient_negative: str
    positive: str
    negative: str
    broken: str
    leaf: str
    leaf_fill: str
    operation: str
    operation_fill: str
    result: str
    result_fill: str
    repeat: str
    repeat_fill: str
    folded: str
    folded_fill: str
    cluster: str
    cluster_fill: str
    inner_fill: str

    def border(self, kind: Kind) -> str:
        """The border colour of a kind of box."""
        return str(getattr(self, kind.value))

    def gradient_of(self, sign: int | None) -> str:
        """The colour of a gradient as text: 1 positive, -1 negative, else neutral.

        Examples
        --------
        >>> LIGHT.gradient_of(-1), LIGHT.gradient_of(None)
        ('#a33c00', '#3e4c59')
        """
        return {1: self.gradient_positive, -1: self.gradient_negative}.get(sign or 0, self.gradient)

    def fill(self, kind: Kind) -> str:
        """The background of a kind of box."""
        return str(getattr(self, f"{kind.value}_fill"))


LIGHT = Palette(
    page="#ffffff",
    ink="#1f2933",
    quiet="#5c6975",
    line="#7b8794",
    faint="#9ba6b1",
    unknown="#74808c",
    gradient="#3e4c59",
    gradient_positive="#00598c",
    gradient_negative="#a33c00",
    positive="#0072b3",
    negative="#d55e00",
    broken="#b0005e",
    leaf="#0072b2",
    leaf_fill="#e3f0f9",
    operation="#9aa5b1",
    operation_fill="#f5f7fa",
    result="#007a5a",
    result_fill="#dff3ec",
    repeat="#7d5a94",
    repeat_fill="#f5effa",
    folded="#616e7c",
    folded_fill="#fefefe",
    cluster="#c3ccd5",
    cluster_fill="#fafbfd",
    inner_fill="#f0f3f7",
)

DARK = Palette(
    page="#15191e",
    ink="#e8ecf0",
    quiet="#a3b0bc",
    line="#8593a0",
    faint="#66737f",
    unknown="#93a0ac",
    gradient="#c5cfd9",
    gradient_positive="#7cc6f3",
    gradient_negative="#ffa866",
    positive="#56b4ea",
    negative="#f08a3c",
    broken="#ff7ab8",
    leaf="#56b4e9",
    leaf_fill="#14304a",
    operation="#5d6a76",
    operation_fill="#242b33",
    result="#35b78d",
    result_fill="#113529",
    repeat="#b48fce",
    repeat_fill="#33283d",
    folded="#94a1ad",
    folded_fill="#161a1f",
    cluster="#434f5b",
    cluster_fill="#1b2027",
    inner_fill="#20262e",
)

#: The class that ``dot`` gives to the whole graph of a picture with the theme ``"auto"``.
AUTO = "autograd_auto"


def follow_reader(svg: str) -> str:
    """Let an SVG with the theme ``"auto"`` turn dark where the reader prefers dark.

    The rules name light colours and give dark ones; CSS goes before the attributes of an SVG.
    A viewer that knows no CSS shows the light picture. Any other SVG is returned as it is.

    Examples
    --------
    >>> svg = '<svg width="1pt"><g class="graph autograd_auto"><path fill="#ffffff"/></g></svg>'
    >>> '.autograd_auto [fill="#ffffff"]{fill:#15191e}' in follow_reader(svg)
    True
    """
    start = svg.find("<svg")
    if start < 0 or f'class="graph {AUTO}"' not in svg:
        return svg
    end = svg.index(">", start) + 1
    return f"{svg[:end]}\n<style>{_rules()}</style>{svg[end:]}"


def _rules() -> str:
    pairs = [(getattr(LIGHT, field.name), getattr(DARK, field.name)) for field in fields(Palette)]
    rules = [
        f'.{AUTO} [{attribute}="{light}"]{{{attribute}:{dark}}}'
        for attribute in ("fill", "stroke")
        for light, dark in pairs
    ]
    default = f".{AUTO} text:not([fill]){{fill:{DARK.ink}}}"
    return "@media (prefers-color-scheme: dark){" + "".join([*rules, default]) + "}"
