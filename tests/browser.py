"""Opening a page in a real browser, offline, and hearing everything it complains about.

Tests ask for the fixture ``open_page`` and are marked ``browser``::

    @pytest.mark.browser
    def test_title(open_page):
        visit = open_page(html)
        assert visit.page.title() == "..."

``visit.page`` is Playwright's page. When the test ends, the fixture fails it if the page logged an
error or a warning, threw, or asked for anything besides itself; a test that expects a complaint
checks ``visit.complaints`` and clears it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
SIZES = {"phone": (390, 844), "laptop": (1366, 768), "projector": (1920, 1080)}
SCHEMES = ("light", "dark")
SCREENSHOTS = Path(__file__).parents[1] / "out" / "screenshots"

#: Addresses that ask nobody for anything.
INLINE = ("data:", "blob:", "about:")


def program() -> str:
    """Where the browser is; without one the test is skipped, but on CI it fails."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    missing = []
    if found is None:
        missing.append("no Chromium on this machine (on Debian and Ubuntu: apt install chromium)")
    if importlib.util.find_spec("playwright") is None:
        missing.append("no Playwright (pip install playwright)")
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("; ".join(missing))
    assert found is not None
    return found


class Visit:
    """One page in a browser of its own profile, and what it complained about.

    Attributes
    ----------
    page : playwright.sync_api.Page
    complaints : list of str
        Errors and warnings of the console, uncaught exceptions, requests; in order.
    """

    def __init__(self, browser: Any, size: str, scheme: str, **options: Any) -> None:
        width, height = SIZES[size]
        self.context = browser.new_context(
            offline=True,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            **options,
        )
        self.context.set_default_timeout(10_000)
        self.size, self.scheme = size, scheme
        self.complaints: list[str] = []
        self.page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console {message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        itself = request.is_navigation_request() and request.frame == self.page.main_frame
        if not itself and not request.url.startswith(INLINE):
            self.complaints.append(f"request: {request.url[:200]}")

    def resize(self, size: str, scheme: str) -> None:
        """Show the page at another of ``SIZES`` and in another of ``SCHEMES``."""
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=scheme)

    def screenshots(self, name: str, *, whole: bool = False) -> list[Path]:
        """Keep the page as it looks at every size, light and dark, in ``out/screenshots``.

        With `whole`, the whole length of the page rather than what the window shows.
        """
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        kept = []
        for size in SIZES:
            for scheme in SCHEMES:
                self.resize(size, scheme)
                path = SCREENSHOTS / f"{name}-{size}-{scheme}.png"
                self.page.screenshot(path=path, full_page=whole, animations="disabled")
                kept.append(path)
        self.resize(self.size, self.scheme)
        return kept


# Of a module, not of the session: while it runs, Playwright's event loop runs in this thread, and
# a test that starts a loop of its own could not.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium, started once a module."""
    executable = program()
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - skipped where missing

    with sync_playwright() as playwright:
        # Root has no sandbox to put it in, nor have most containers; the pages are our own.
        launched = playwright.chromium.launch(executable_path=executable, chromium_sandbox=False)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Open HTML (its text, or the path of a file) as a user does: as a file, without a network.

    Takes ``size``, ``scheme`` and the options of Playwright's contexts, such as
    ``reduced_motion="reduce"`` or ``has_touch=True``.
    """
    visits: list[Visit] = []

    def open_html(
        html: str | Path, *, size: str = "laptop", scheme: str = "light", **options: Any
    ) -> Visit:
        path = html
        if isinstance(html, str):
            path = tmp_path / f"page{len(visits)}.html"
            path.write_text(html, encoding="utf-8")
        visit = Visit(browser, size, scheme, **options)
        visits.append(visit)
        visit.page.goto(Path(path).resolve().as_uri())
        return visit

    yield open_html
    complaints = [complaint for visit in visits for complaint in visit.complaints]
    for visit in visits:
        visit.context.close()
    if complaints:
        pytest.fail("the page complained: " + "; ".join(complaints))
