"""A scene as SVG: self-contained, light or dark as the reader's screen is, text escaped."""

from __future__ import annotations

import base64
import html
import struct
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .network_scene import PALETTE, Disc, Line, Raster, Scene, Shape, Words

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', Helvetica, sans-serif"


def to_svg(scene: Scene, theme: str = "auto") -> str:
    """Write the scene.

    Parameters
    ----------
    scene : Scene
    theme : {"auto", "light", "dark"}

    Examples
    --------
    >>> scene = Scene(10, 10, [], "<b>", "what it shows")
    >>> "&lt;b&gt;" in to_svg(scene)
    True
    """
    opening = (
        '<svg xmlns="http://www.w3.org/2000/svg" class="autograd-core-network" role="img"'
        f' viewBox="0 0 {scene.width:.0f} {scene.height:.0f}" width="{scene.width:.0f}"'
        f' height="{scene.height:.0f}" style="max-width:100%;height:auto"{_data(scene.data)}>'
    )
    lines = [
        opening,
        f"<title>{_escape(scene.title)}</title>",
        f"<desc>{_escape(scene.description)}</desc>",
        f"<style>{_style(theme)}</style>",
        f'<rect class="sheet" width="{scene.width:.0f}" height="{scene.height:.0f}" rx="10"/>',
        *map(_shape, scene.shapes),
        "</svg>",
    ]
    return "\n".join(lines)


def _style(theme: str) -> str:
    light, dark = (
        ";".join(f"--nn-{name}:{pair[index]}" for name, pair in PALETTE.items()) for index in (0, 1)
    )
    root = ".autograd-core-network"
    rules = [f"{root}{{{dark if theme == 'dark' else light};font-family:{FONT}}}"]
    if theme == "auto":
        rules.append(f"@media (prefers-color-scheme:dark){{{root}{{{dark}}}}}")
    for name in PALETTE:
        rules.append(f"{root} .f-{name}{{fill:var(--nn-{name})}}")
        rules.append(f"{root} .s-{name}{{stroke:var(--nn-{name})}}")
    rules.append(f"{root} .sheet{{fill:var(--nn-paper)}}")
    rules.append(f"{root} image{{image-rendering:pixelated}}")
    rules.append(f"{root} text{{font-variant-numeric:tabular-nums}}")
    return "".join(rules)


def _shape(shape: Shape) -> str:
    if isinstance(shape, Line):
        return _line(shape)
    if isinstance(shape, Disc):
        return _disc(shape)
    if isinstance(shape, Raster):
        return _raster(shape)
    weight = ' font-weight="600"' if shape.bold else ""
    weight += ' paint-order="stroke" stroke-width="6" stroke-linejoin="round"' if shape.halo else ""
    halo = " s-paper" if shape.halo else ""
    return _plate(shape) + (
        f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size:g}"'
        f' text-anchor="{shape.anchor}" dominant-baseline="central"{weight}'
        f' class="f-{shape.color}{halo}">{_escape(shape.text)}</text>'
    )


def _plate(words: Words) -> str:
    """Paper behind a text in the middle of a line, as wide as its letters may be."""
    if not words.plate:
        return ""
    width, height = 0.62 * words.size * len(words.text) + 6, words.size + 5
    return (
        f'<rect x="{words.x - width / 2:.1f}" y="{words.y - height / 2:.1f}" width="{width:.1f}"'
        f' height="{height:.1f}" rx="3" class="f-paper"/>'
    )


def _line(line: Line) -> str:
    dash = ""
    if line.dashed:
        unit = max(2.0, 1.6 * line.width)
        dash = f' stroke-dasharray="{2 * unit:.1f} {unit:.1f}"'
    head = ""
    x2, y2 = line.x2, line.y2
    if line.arrow:
        length = float(np.hypot(line.x2 - line.x1, line.y2 - line.y1)) or 1.0
        ux, uy = (line.x2 - line.x1) / length, (line.y2 - line.y1) / length
        size = min(9.0, max(5.0, length * 0.45))
        bx, by = line.x2 - ux * size, line.y2 - uy * size
        half = size * 0.55
        points = [(line.x2, line.y2), (bx - uy * half, by + ux * half)]
        points.append((bx + uy * half, by - ux * half))
        corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        head = f'<polygon points="{corners}" class="f-{line.color}"/>'
        x2, y2 = bx, by
    stroke = (
        f'<line x1="{line.x1:.1f}" y1="{line.y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        f' class="s-{line.color}" stroke-width="{line.width:.2f}"{dash}/>'
    )
    return _group(stroke + head, line.title, line.data, line.opacity)


def _disc(disc: Disc) -> str:
    def body(rest: str) -> str:
        if disc.square:
            corner, side = disc.radius, 2 * disc.radius
            return (
                f'<rect x="{disc.x - corner:.1f}" y="{disc.y - corner:.1f}" width="{side:.1f}"'
                f' height="{side:.1f}" rx="3" {rest}/>'
            )
        return f'<circle cx="{disc.x:.1f}" cy="{disc.y:.1f}" r="{disc.radius:.1f}" {rest}/>'

    inside = body('class="f-paper"')
    if disc.fill > 0:
        inside += body(f'class="f-ink" fill-opacity="{disc.fill:.3f}"')
    ring = body(f'fill="none" class="s-{disc.ring}" stroke-width="1.6"')
    if disc.dashed:  # outside of the fill, or it would not be seen on ink
        ring += (
            f'<circle cx="{disc.x:.1f}" cy="{disc.y:.1f}" r="{disc.radius + 3.5:.1f}" fill="none"'
            f' class="s-{disc.ring}" stroke-width="1.3" stroke-dasharray="3.5 3"/>'
        )
    return _group(inside + ring, disc.title, disc.data)


def _raster(raster: Raster) -> str:
    place = (
        f'x="{raster.x:.1f}" y="{raster.y:.1f}" width="{raster.width:.1f}"'
        f' height="{raster.height:.1f}"'
    )
    source = base64.b64encode(png_bytes(raster.pixels)).decode("ascii")
    image = f'<image {place} preserveAspectRatio="none" href="data:image/png;base64,{source}"/>'
    frame = f'<rect {place} fill="none" class="s-soft" stroke-width="1"/>'
    return _group(image + frame, raster.title, raster.data)


def _group(inner: str, title: str, data: Mapping[str, Any], opacity: float = 1.0) -> str:
    faded = "" if opacity >= 1 else f' opacity="{opacity:.3f}"'
    words = f"<title>{_escape(title)}</title>" if title else ""
    return f"<g{faded}{_data(data)}>{words}{inner}</g>"


def _data(data: Mapping[str, Any]) -> str:
    return "".join(f' data-{name}="{_escape(str(value))}"' for name, value in data.items())


def _escape(text: str) -> str:
    """Text for XML, which has no place for control characters and lone surrogates."""
    kept = "".join(
        c if (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\x7f\ufffe\uffff") else " "
        for c in text
    )
    return html.escape(kept)


def png_bytes(pixels: NDArray[Any]) -> bytes:
    """An RGB image of bytes, (height, width, 3), as a PNG file.

    Examples
    --------
    >>> png_bytes(np.zeros((2, 2, 3), np.uint8))[1:4]
    b'PNG'
    """
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.tobytes() for row in np.ascontiguousarray(pixels, np.uint8))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
