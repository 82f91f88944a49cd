"""The film as a GIF: for slides and pages that run no script.

Drawn with Pillow at twice the size and reduced, so that lines are smooth; one palette for all
frames, so that colours do not flicker.
"""

from __future__ import annotations

import io
from typing import Any

import autograd_core as ag

from .canvas import CLASSES, CURVES, INK, PAPER, Canvas, rgb
from .film_panels import draw_chart, draw_curves, draw_field
from .packing import thin
from .story import Moment, Story

SIZE = (800, 450)
MOST_FRAMES = 120
TITLES = {
    "classes": "Decision boundary",
    "values": "Output over the two inputs",
    "curve": "Output over the input",
}


def gif(story: Story) -> bytes:
    """The bytes of the GIF; its last frame stands for two seconds, then it begins again."""
    images = ag.require_extra("PIL.Image", extra="plot")
    moments = [story.moments[index] for index in thin(len(story.moments), MOST_FRAMES)]
    palette = _palette(images, [picture(story, moments[k]) for k in thin(len(moments), 4)])
    frames = [
        picture(story, moment).quantize(palette=palette, dither=images.Dither.NONE)
        for moment in moments
    ]
    pause = round(min(250, max(60, 10_000 / len(frames))) / 10) * 10  # GIF counts hundredths
    file = io.BytesIO()
    frames[0].save(
        file,
        format="GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[pause] * (len(frames) - 1) + [2000],
        loop=0,
        disposal=1,
        optimize=False,
    )
    return file.getvalue()


def picture(story: Story, moment: Moment) -> Any:
    """One frame as a Pillow image."""
    canvas = Canvas(*SIZE)
    width, height = SIZE
    now = max(k for k, at in enumerate(story.at) if at <= moment.at)
    canvas.text((20, 24), story.title, size=17, anchor="lm", longest=350)
    canvas.text((width - 20, 24), _status(story, moment, now), size=14, anchor="rm")
    left = 20
    if story.view is not None:
        left = 470 if story.view.kind == "curve" else 432
        panel = (20, 46, left - 14, height - 12)
        canvas.text((panel[0], 58), TITLES[story.view.kind], size=13, anchor="lm")
        draw = draw_curves if story.view.kind == "curve" else draw_field
        draw(canvas, (panel[0], 68, panel[2], panel[3]), story, moment)
    losses = {name: story.values[name] for name in story.losses}
    norms = {layer.name: curve for layer, curve in zip(story.layers, story.norms, strict=True)}
    charts = [("Loss", story.loss_axis, losses), ("Gradient norm", story.norm_axis, norms)]
    charts = [chart for chart in charts if chart[2]]
    tall = (height - 58) / len(charts)
    for position, (name, axis, curves) in enumerate(charts):
        top = 46 + position * tall
        draw_chart(canvas, (left, top, width - 20, top + tall - 8), story, name, axis, curves, now)
    return canvas.image()


def _status(story: Story, moment: Moment, now: int) -> str:
    facts = [f"{story.unit} {moment.at} of {story.last}"]
    for name in story.losses[:2]:
        value = story.values[name][now]
        if value is not None:
            facts.append(f"{name.replace('_', ' ')} {value:.3g}")
    if moment.accuracy is not None:
        facts.append(f"{100 * moment.accuracy:.0f} % right")
    return ", ".join(facts)


def _palette(images: Any, samples: list[Any]) -> Any:
    """256 colours that suit all frames: those of a few of them side by side."""
    width, height = samples[0].size
    sheet = images.new("RGB", (width, height * len(samples)))
    for row, sample in enumerate(samples):
        sheet.paste(sample, (0, row * height))
    own = [PAPER, INK, *CLASSES, *CURVES]
    found = sheet.quantize(256 - len(own), method=images.Quantize.MEDIANCUT)
    colours = (found.getpalette() or [])[: 3 * (256 - len(own))]
    # Points and lines are small, and would be given the colour of something large.
    palette = images.new("P", (1, 1))
    palette.putpalette([int(part) for colour in own for part in rgb(colour)] + colours)
    return palette
