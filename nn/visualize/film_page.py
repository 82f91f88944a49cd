"""The film as a page with a player."""

from __future__ import annotations

from .pages import assemble
from .story import Story

SCRIPTS = ["chart.js", "player.js", "film.js"]
STYLES = ["stage.css", "film.css"]


def page(story: Story) -> str:
    """HTML of the film, complete in itself."""
    return assemble(
        "film.html", title=story.title, data=story.as_json(), styles=STYLES, scripts=SCRIPTS
    )
