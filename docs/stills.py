"""Make the stills of pages that README.md and the pages here show: ``make pictures``.

Needs a Chromium, and Playwright and Pillow from the extras ``test`` and ``plot``.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

import autograd_core as ag
import nn
from autograd_core.visualize.page import page

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from pictures import neuron, training  # noqa: E402 - the script beside this one

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
WINDOW = {"width": 1366, "height": 768}
STEP = "steps.findIndex((step) => step.kind === 'pass' && step.id === '9')"

#: Shows the end of a film.
LAST = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }))"


def still(browser: Browser, html: str, script: str, scheme: str) -> Image.Image:
    """What the page looks like after a script, in one of the two colour schemes."""
    context = browser.new_context(
        viewport=WINDOW, color_scheme=scheme, reduced_motion="reduce", offline=True
    )
    window = context.new_page()
    window.set_content(html)
    window.evaluate(script)
    picture = window.screenshot(animations="disabled")
    context.close()
    return Image.open(io.BytesIO(picture)).quantize(128, dither=Image.Dither.NONE)


def main() -> None:
    """Write the step-through of one neuron, light and dark, and the last pictures of a training."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        sys.exit("stills.py: no Chromium here (on Debian and Ubuntu: apt install chromium)")
    steps = page(ag.explain(neuron(), names={}).derivation, title="One neuron, and its target 1")
    model, data, film = training()
    surface = nn.loss_surface(
        model, data, loss=nn.cross_entropy, along="path", path=film, resolution=31
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, chromium_sandbox=False)
        for scheme, name in [("light", "steps.png"), ("dark", "steps_dark.png")]:
            picture = still(browser, steps, f"stepThrough.show(stepThrough.{STEP})", scheme)
            picture.save(HERE / name, optimize=True)
        with tempfile.TemporaryDirectory() as folder:
            for saved, name in [(film, "film"), (surface, "loss_surface")]:
                path = Path(folder, f"{name}.html")
                saved.save(path)
                picture = still(browser, path.read_text("utf-8"), LAST, "light")
                picture.save(HERE / f"{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
