"""Putting the page together: the template, the styles, the scripts and one derivation's data."""

from __future__ import annotations

import functools
import html
from importlib.resources import files
from string import Template

from ..derivation import Derivation
from ..format import shorten, visible
from ..view import Kind
from .data import data_of, dumps
from .functions import functions_script

__all__ = ["page"]

STYLES = ("page.css", "parts.css", "whatif.css")
BEFORE = (
    *("format.js", "formula.js", "heat.js", "model.js", "labels.js", "pulses.js", "view.js"),
    *("scrolls.js", "panel.js", "steps.js", "player.js"),
)
AFTER = ("compute.js", "whatif.js")  # speaks to the player, and needs the functions of the graph
LONGEST_TITLE = 80


def page(derivation: Derivation, *, title: str | None = None) -> str:
    """Return the HTML document that plays a derivation.

    It is one file that asks for nothing besides itself, for a browser or the ``srcdoc`` of an
    iframe.

    Parameters
    ----------
    derivation : Derivation
    title : str, optional
        The page's heading; by default the result and how it was computed.

    Examples
    --------
    >>> import autograd_core as ag
    >>> x = ag.Tensor(3.0)
    >>> html = page(ag.explain(x * x).derivation, title="<square>")
    >>> html[:15], "<h1>&lt;square&gt;</h1>" in html
    ('<!doctype html>', True)
    """
    heading = shorten(visible(title if title is not None else _title(derivation)), LONGEST_TITLE)
    scripts = [_asset(name) for name in BEFORE]
    scripts += [functions_script(derivation), *(_asset(name) for name in AFTER)]
    return Template(_asset("page.html")).substitute(
        title=html.escape(heading),
        style="\n".join(_asset(name) for name in STYLES),
        data=dumps(data_of(derivation, heading)),
        script="\n".join(scripts),
    )


@functools.cache
def _asset(name: str) -> str:
    """A file of the package, read once."""
    return (files(__package__) / "assets" / name).read_text(encoding="utf-8")


def _title(derivation: Derivation) -> str:
    """The result, in words of the graph."""
    for vertex in derivation.view.vertices:
        if vertex.kind is Kind.RESULT:
            return f"{vertex.label} = {vertex.expression}, step by step"
    return "A graph, step by step"
