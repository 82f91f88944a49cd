"""A scene as PNG, through matplotlib."""

from __future__ import annotations

import io
from typing import Any

import autograd_core as ag

from .network_scene import PALETTE, Disc, Line, Raster, Scene, Words

DPI = 100  # one unit of the scene is one pixel at scale 1
ANCHORS = {"start": "left", "middle": "center", "end": "right"}
PICTURED_SCALE = 2.0


def to_png(scene: Scene, *, dark: bool = False, scale: float = PICTURED_SCALE) -> bytes:
    """Draw the scene; needs the extra ``plot``.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> to_png(Scene(20, 20, [Words(5, 5, "x")], "title", "a letter"))[1:4]
    b'PNG'
    """
    figures = ag.require_extra("matplotlib.figure", extra="plot")
    backend = ag.require_extra("matplotlib.backends.backend_agg", extra="plot")
    colors = {name: pair[dark] for name, pair in PALETTE.items()}
    figure = figures.Figure((scene.width / DPI, scene.height / DPI), dpi=DPI * scale)
    backend.FigureCanvasAgg(figure)
    figure.patch.set_facecolor(colors["paper"])
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, scene.width)
    axes.set_ylim(scene.height, 0)
    axes.axis("off")
    for order, shape in enumerate(scene.shapes):
        if isinstance(shape, Line):
            _line(axes, shape, colors, order)
        elif isinstance(shape, Disc):
            _disc(axes, shape, colors, order)
        elif isinstance(shape, Raster):
            extent = (shape.x, shape.x + shape.width, shape.y + shape.height, shape.y)
            axes.imshow(shape.pixels, extent=extent, zorder=order, aspect="auto")
            across, down = (shape.x, shape.x + shape.width), (shape.y, shape.y + shape.height)
            xs = (across[0], across[1], across[1], across[0], across[0])
            ys = (down[0], down[0], down[1], down[1], down[0])
            axes.plot(xs, ys, color=colors["soft"], lw=_points(1.0), zorder=order)
        else:
            _words(axes, shape, colors, order)
    file = io.BytesIO()
    figure.savefig(file, format="png", facecolor=colors["paper"])
    return file.getvalue()


def _points(units: float) -> float:
    return units * 72 / DPI


def _line(axes: Any, line: Line, colors: dict[str, str], order: int) -> None:
    color, width = colors[line.color], _points(line.width)
    if line.arrow:
        head = {"arrowstyle": "-|>", "color": color, "lw": width, "shrinkA": 0, "shrinkB": 0}
        head["mutation_scale"] = 9
        axes.annotate("", (line.x2, line.y2), (line.x1, line.y1), arrowprops=head, zorder=order)
        return
    xs, ys = (line.x1, line.x2), (line.y1, line.y2)
    dash = (0, (3, 1.5)) if line.dashed else "solid"
    axes.plot(xs, ys, color=color, lw=width, ls=dash, alpha=line.opacity, zorder=order)


def _disc(axes: Any, disc: Disc, colors: dict[str, str], order: int) -> None:
    patches = ag.require_extra("matplotlib.patches", extra="plot")
    mixed = ag.require_extra("matplotlib.colors", extra="plot")
    paper, ink = mixed.to_rgb(colors["paper"]), mixed.to_rgb(colors["ink"])
    face = [p + (i - p) * disc.fill for p, i in zip(paper, ink, strict=True)]
    look = {
        "facecolor": face,
        "edgecolor": colors[disc.ring],
        "lw": _points(1.6),
        "zorder": order,
    }
    if disc.square:
        corner, side = (disc.x - disc.radius, disc.y - disc.radius), 2 * disc.radius
        axes.add_patch(patches.Rectangle(corner, side, side, **look))
    else:
        axes.add_patch(patches.Circle((disc.x, disc.y), disc.radius, **look))
    if disc.dashed:
        look |= {"facecolor": "none", "ls": (0, (2.5, 1.8))}
        axes.add_patch(patches.Circle((disc.x, disc.y), disc.radius + 3.5, **look))


def _words(axes: Any, words: Words, colors: dict[str, str], order: int) -> None:
    halo = None
    if words.halo or words.plate:
        pad = 1.8 if words.plate else 0.6
        halo = {"facecolor": colors["paper"], "edgecolor": "none", "pad": pad}
    axes.text(
        words.x,
        words.y,
        words.text,
        fontsize=_points(words.size),
        color=colors[words.color],
        ha=ANCHORS[words.anchor],
        va="center",
        fontweight="bold" if words.bold else "normal",
        bbox=halo,
        zorder=order,
        parse_math=False,
    )
