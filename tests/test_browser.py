"""The browser harness: it hears what a page does wrong, and skips only where it must."""

import pytest

from tests import browser as harness


@pytest.mark.browser
def test_everything_wrong_with_a_page_is_heard(open_page):
    visit = open_page(
        "<!DOCTYPE html><title>wrong</title>"
        "<script>console.error('first'); console.warn('second'); console.log('fine')</script>"
        "<script>throw new Error('third')</script>"
        "<img src='http://example.com/fourth.png'><link rel=stylesheet href='fifth.css'>"
    )
    heard = "\n".join(visit.complaints)
    for expected in ("error: first", "warning: second", "exception: third", "fourth", "fifth"):
        assert expected in heard
    assert "fine" not in heard
    visit.complaints.clear()


@pytest.mark.browser
def test_a_page_without_fault_has_no_complaints(open_page):
    visit = open_page("<!DOCTYPE html><title>&lt;ok&gt;</title><img src='data:image/gif;base64,'>")
    assert visit.page.title() == "<ok>"
    assert visit.complaints == []


@pytest.mark.browser
def test_screenshots_have_the_sizes(open_page, tmp_path, monkeypatch):
    monkeypatch.setattr(harness, "SCREENSHOTS", tmp_path / "kept")
    paths = open_page("<!DOCTYPE html><title>small</title><p>text").screenshots("small")
    assert len(paths) == len(set(paths)) == 6
    for path in paths:
        size = harness.SIZES[path.stem.split("-")[1]]
        header = path.read_bytes()[16:24]
        assert (int.from_bytes(header[:4]), int.from_bytes(header[4:])) == size


@pytest.mark.parametrize(
    ("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)]
)
def test_without_a_browser_it_skips_but_not_on_ci(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(harness, "PROGRAMS", ("no-such-program",))
    with pytest.raises(outcome, match="no Chromium on this machine"):
        harness.program()
